package phone

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// ofSessions says whether a function is one of sessions.
func ofSessions(function string) bool { return strings.HasPrefix(function, "session.") }

// verbs are what a session is asked by each of a flow's functions.
var verbs = map[string]session.Verb{
	"session.admit_seat": session.Admit,
	"session.backup":     session.Backup,
	"session.close":      session.Close,
	"session.closing":    session.Closing,
	"session.crisis":     session.Crisis,
	"session.done":       session.Done,
	"session.extend":     session.Extend,
	"session.hand":       session.Hand,
	"session.hand_over":  session.HandOver,
	"session.leave":      session.Leave,
	"session.lock":       session.Lock,
	"session.look":       session.Look,
	"session.mode":       session.SetMode,
	"session.mute":       session.MuteSelf,
	"session.mute_seat":  session.MuteSeat,
	"session.next":       session.Next,
	"session.pairs":      session.Pairs,
	"session.quiet":      session.Quiet,
	"session.rejoin":     session.Rejoin,
	"session.remove":     session.Remove,
	"session.screen":     session.Screen,
	"session.talk":       session.Talk,
	"session.tell":       session.Tell,
	"session.to_wait":    session.ToWait,
	"session.together":   session.Together,
	"session.unlock":     session.Unlock,
	"session.unscreen":   session.Unscreen,
}

// nearest are the outcomes of a function that say what a session answered, the
// best first.
var nearest = map[session.Outcome][]string{
	session.OK:         {done},
	session.Already:    {done},
	session.On:         {"on", done},
	session.Off:        {"off", done},
	session.Nobody:     {"nobody", "gone", "not_now"},
	session.NotNow:     {"not_now", "nobody"},
	session.NotAllowed: {"refused", "not_now"},
	session.Gone:       {"gone", "nobody"},
	session.Held:       {"held", "not_now"},
}

// session runs what a flow asks of the session that the caller is in, or that a
// text names.
func (c *Calls) session(ctx context.Context, in call, r flows.Request) flows.Answer {
	switch r.Function {
	case "session.admit":
		return c.admit(ctx, in, r.State)
	case "session.stepped":
		return c.stepped(ctx, in, r.State)
	case "session.sign_in":
		return c.signIn(ctx, in, r.State)
	}
	asked := c.request(in, r)
	if asked.Verb == session.MuteSeat && c.isMuted(ctx, in, asked.Seat) {
		asked.Verb = session.UnmuteSeat
	}
	var (
		came  session.Outcome
		seen  *flows.Session
		group = r.State.Group
		fits  = true
		err   error
	)
	if in.view.Text {
		group, came, seen, fits, err = c.byKey(ctx, in, r.State, asked)
	} else {
		came, seen, err = c.Rooms.Do(ctx, in.flow, in.view, group, in.hook.CallSID(), r.State.Lang, asked)
	}
	switch {
	case asked.Verb == session.Leave:
		return flows.Answer{Result: done} // whatever became of it, they are out
	case err != nil:
		c.Log.ErrorContext(ctx, "what somebody asked of a session could not be done", "function", in.named(r), "error", err)
		return flows.Answer{Result: later}
	case !fits:
		return flows.Answer{Result: refused}
	}
	return flows.Answer{Result: result(r.Function, asked, came, seen), Set: map[string]string{"group": group}, Session: seen}
}

// refused is what a key, a code or a PIN comes to that does not fit.
const refused = "refused"

// request is what a function asks for, with what the caller has chosen. The turn
// names it: what is asked again in it was done.
func (c *Calls) request(in call, r flows.Request) session.Request {
	vars := r.State.Vars
	asked := session.Request{
		ID:     c.Keys.Label(in.event(), strconv.Itoa(r.State.Turn)+" "+r.Function),
		Verb:   verbs[r.Function],
		Mode:   session.Mode(vars["mode"]),
		Signal: session.Signal(vars["signal"]),
	}
	asked.Seat, _ = strconv.Atoi(vars["seat"]) // none: nobody, or everybody
	asked.Minutes, _ = strconv.Atoi(vars["minutes"])
	return asked
}

// result is a function's outcome for what a session answered.
func result(function string, asked session.Request, came session.Outcome, now *flows.Session) string {
	declared := flows.Outcomes(function)
	if (came == session.OK || came == session.Already) && !slices.Contains(declared, done) {
		came = session.Off
		if now != nil && on(asked, *now) {
			came = session.On
		}
	}
	for _, r := range nearest[came] {
		if slices.Contains(declared, r) {
			return r
		}
	}
	return later
}

// on says whether what a verb turns on and off is on.
func on(asked session.Request, now flows.Session) bool {
	switch asked.Verb {
	case session.MuteSelf:
		return now.Muted
	case session.Hand:
		return now.Hand > 0
	case session.MuteSeat, session.UnmuteSeat:
		return mutedIn(now, asked.Seat)
	}
	return false
}

func mutedIn(now flows.Session, seat int) bool {
	id := strconv.Itoa(seat)
	return slices.ContainsFunc(now.People, func(p flows.Person) bool { return p.ID == id && p.Muted })
}

// isMuted says whether somebody's microphone is closed, as the caller was told: a key
// does what its words were then.
func (c *Calls) isMuted(ctx context.Context, in call, seat int) bool {
	now := in.view.Session
	if now == nil {
		now = c.seen(ctx, in)
	}
	return now != nil && mutedIn(*now, seat)
}

// byKey does what a text asks for whose sender has the code of a group and its
// facilitators' key. A wrong code and a wrong key are told alike, and who has tried
// too many is refused whatever they send.
func (c *Calls) byKey(ctx context.Context, in call, s flows.State, r session.Request) (group string, came session.Outcome, seen *flows.Session, fits bool, err error) {
	try := c.attempt(in, s)
	if !c.Attempts.Left(try) {
		return "", "", nil, false, nil
	}
	g, found := in.view.Directory.ByCode(s.Code)
	if found {
		came, seen, fits, err = c.Rooms.DoByKey(ctx, in.flow, in.view, g.ID, s.Vars["key"], s.Lang, r)
	}
	if err == nil && !fits {
		c.Attempts.Allow(try)
	}
	return g.ID, came, seen, fits, err
}

// signIn finds which facilitator of the group in hand has the PIN that was typed.
func (c *Calls) signIn(ctx context.Context, in call, s flows.State) flows.Answer {
	id, fits, err := c.Rooms.SignIn(ctx, in.view, s.Group, s.Vars["pin"], s.Turn, s.Attested, in.hook)
	switch {
	case err != nil:
		c.Log.ErrorContext(ctx, "a facilitator could not be signed in", "error", err)
		return flows.Answer{Result: later}
	case !fits:
		return flows.Answer{Result: refused}
	}
	return flows.Answer{Result: done, Set: map[string]string{"facilitator": s.Group + ":" + id}}
}

// facilitator is who has shown their PIN for the group in hand, "" for nobody. One
// that was shown for another group says nothing of this one.
func facilitator(s flows.State) string {
	group, id, _ := strings.Cut(s.Vars["facilitator"], ":")
	if group != s.Group {
		return ""
	}
	return id
}

// stepped asks where a caller goes on who has come out of a room, and what they
// may hear of it.
func (c *Calls) stepped(ctx context.Context, in call, s flows.State) flows.Answer {
	where := c.Rooms.Stepped(ctx, in.view, s.Group, in.hook.CallSID(), false)
	in.state = s
	return flows.Answer{Result: where, Session: c.seen(ctx, in)}
}

// seen is what the caller may hear of the session that they sit in, nil when it
// cannot be had in time.
func (c *Calls) seen(ctx context.Context, in call) *flows.Session {
	ctx, cancel := context.WithTimeout(ctx, c.quickly)
	defer cancel()
	s, err := c.Rooms.Look(ctx, in.flow, in.view, in.state.Group, in.hook.CallSID(), in.state.Lang)
	if err != nil {
		c.Log.WarnContext(ctx, "a session cannot be told of now", "error", err)
		return nil
	}
	return s
}
