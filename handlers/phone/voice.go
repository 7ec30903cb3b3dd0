package phone

import (
	"cmp"
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/store"
)

// voice is a turn of a call.
func (c *Calls) voice(ctx context.Context, w carrier.Webhook, query url.Values) (carrier.Response, error) {
	s, ok := c.tokens.openFor(turnPurpose, query.Get(stateKey), w.CallSID())
	in, err := c.openState(ctx, w, s, ok)
	if err != nil {
		return nil, err
	}
	if r, told := w.Recorded(); told && in.flow.Records(in.state) != "" {
		in.state = c.left(ctx, in, r) // also of who hung up when they had spoken
	}
	switch {
	case w.CallStatus().Over(), w.QueueResult() == carrier.QueueHungUp:
		c.hungUp(ctx, in)
		return carrier.Response{carrier.Hangup{}}, nil
	case w.QueueResult() == carrier.QueueRedirected:
		return nil, nil // it has gone elsewhere already
	case w.QueueResult() == carrier.QueueLeft && in.state.Group != "":
		// They are at the menus now, for as long as they like: nobody fetches them.
		c.Rooms.Stepped(ctx, in.view, in.state.Group, w.CallSID(), false)
	}
	did := input(w, in.state, query)
	switch {
	case did.Event != flows.Started:
	case w.Direction() == carrier.OutboundAPI:
		// Whoever answers a call of ours is told nothing that its token does not
		// say, though it be one that cannot be opened any more.
		if in.state, did, ok = c.begin(in, query); !ok {
			return carrier.Response{carrier.Hangup{}}, nil
		}
	default:
		in.state.Attested = w.Verified()
		if query.Has(stateKey) {
			in.state.Turn = anew(in.view.Now)
		}
	}
	return c.turn(ctx, in, did)
}

// anew is the turn from which a call goes on whose own is not known: later than
// those that it has had, and than those it has had since it was last asked for,
// for what is done at a turn is done once, and no two ways into a room may have
// the same label.
func anew(now time.Time) int {
	return lastTurn + int(now.UnixMilli()%day.Milliseconds()*turnsADay/day.Milliseconds())
}

// A caller takes fewer turns than lastTurn before any of them is forgotten, and
// none in less than the tenth of a second that turnsADay gives it. A day's have room
// in a state.
const (
	lastTurn  = 1 << 16
	turnsADay = 10 * 24 * 60 * 60
	day       = 24 * time.Hour
)

// input reads what the caller did from what the carrier says of it.
func input(w carrier.Webhook, s flows.State, query url.Values) flows.Input {
	digits, gathered := w.Digits()
	switch {
	case s.Node == "":
		return flows.Input{Event: flows.Started}
	case w.QueueResult() == carrier.QueueLeft, query.Has(leftKey) && !gathered:
		return flows.Input{Event: flows.Pressed, Keys: cmp.Or(query.Get(leftKey), anyKey)}
	case ended(w, query) != "":
		return flows.Input{Event: flows.Returned, Result: ended(w, query)}
	case w.Speech() != "":
		return flows.Input{Event: flows.Heard, Keys: w.Speech(), Unsure: w.SpeechUnsure()}
	case query.Has(againKey) && !gathered:
		return flows.Input{Event: flows.Again}
	case digits != "":
		return flows.Input{Event: flows.Pressed, Keys: digits}
	}
	return flows.Input{Event: flows.Silent}
}

// ended is how a room, its queue or a dialled number ended, as flows call it; ""
// when none did.
func ended(w carrier.Webhook, query url.Values) string {
	if _, told := w.Recorded(); told {
		return flows.ResultRecorded
	}
	switch w.DialCallStatus() {
	case "":
		if w.QueueResult() != "" {
			return "failed" // it is full, or out of order
		}
		return query.Get(endedKey)
	case carrier.Completed, carrier.Answered:
		return "answered"
	}
	return "failed"
}

// turn runs one exchange and renders it.
func (c *Calls) turn(ctx context.Context, in call, did flows.Input) (carrier.Response, error) {
	in.view.Member, in.view.Desk = c.signedIn(ctx, in), c.lookedAfter(ctx, in)
	if in.flow.Sits(in.state) {
		in.view.Session = c.seen(ctx, in)
	}
	out := flows.Run(in.flow, in.view, in.state, did, c.host(ctx, in))
	c.Stops.turn(in.view.Directory.Line.ID, in.flow, in.state, did, out)
	action := c.tokens.action(in.address, out.State, in.hook.CallSID())
	if !in.hook.Ours() { // who answers a call of ours may know the voice
		out.Said = c.voiced(in.view.Directory.Line.ID, out.Said)
	}
	said := carrier.Verbs(carrier.Spoken(in.flow, out.Said))
	switch then := out.Then.(type) {
	case flows.Await:
		return carrier.Response{carrier.Ask(in.flow, out.Said, then, action, c.PublicURL+tonePath)}, nil
	case flows.Join:
		return c.join(ctx, in, out)
	case flows.Dial:
		if then.Caller {
			return said, nil // the end of the document connects the two
		}
		if then.Applicant != "" {
			them, err := c.through(ctx, in, then.Applicant, out.State, action)
			return append(said, them), err
		}
		if then.Number != "" {
			return append(said, c.dialOwn(in, then, out.State, action)), nil
		}
		return append(said, c.dial(in, then, action)), nil
	case flows.Record:
		return append(said, c.record(in, then, out.State, action)...), nil
	}
	return append(said, carrier.Hangup{}), nil
}

// How long somebody else's number rings, and the least that is granted on a
// bridge however near the meeting's end is.
const (
	ringing     = 25 * time.Second
	shortBridge = 10 * time.Minute
	overtime    = 15 * time.Minute
	crisisTime  = 4 * time.Hour
	longestCall = 24 * time.Hour // that Twilio allows
)

// dial connects the caller outside. Whoever is dialled sees the line's own
// number, so that another bridge never learns who called.
func (c *Calls) dial(in call, then flows.Dial, action string) carrier.Dial {
	d := carrier.Dial{Action: action, Timeout: ringing, TimeLimit: crisisTime, CallerID: in.hook.Line()}
	if then.Crisis {
		d.To = carrier.Number{Number: c.Crisis(in.view.Directory.Line.ID)}
		return d
	}
	bridge, _ := in.snap.Bridge(then.Group)
	d.To = carrier.Number{Number: bridge.Number(), SendDigits: strings.ReplaceAll(bridge.Keys(), ",", "ww")}
	d.TimeLimit = shortBridge
	if o, live := in.view.Directory.Live(then.Group, in.view.Now); live {
		d.TimeLimit = min(longestCall, max(shortBridge, o.End.Sub(in.view.Now)+overtime))
	}
	return d
}

// dialOwn connects the caller with a number of the flow's own. One that is not to be
// dialled from here, and one of ours, fails as if nobody answered.
func (c *Calls) dialOwn(in call, then flows.Dial, s flows.State, action string) carrier.Verb {
	d, why := store.OwnNumber(in.flow.Numbers()[then.Number].E164, c.Countries)
	if _, ours := c.Directories.For(d.Number()); ours || why != "" {
		c.Log.Error("a number of the flow's own may not be dialled", "name", then.Number)
		return carrier.Redirect{URL: c.tokens.ended(s, in.hook.CallSID(), "failed"), Method: carrier.POST}
	}
	return carrier.Dial{
		Action: action, Timeout: ringing, TimeLimit: crisisTime, CallerID: in.hook.Line(), To: carrier.Number{Number: d.Number()},
	}
}

// host runs the functions that a flow asks the edge for.
func (c *Calls) host(ctx context.Context, in call) flows.HostFunc {
	return func(r flows.Request) flows.Answer {
		switch {
		case r.Function == "groups.by_code":
			return c.byCode(in, r.State)
		case r.Function == "message.read":
			return c.message(ctx, in, r.State)
		case r.Function == "message.newest":
			return c.newest(ctx, in, r.State)
		case ofSessions(r.Function):
			return c.session(ctx, in, r)
		case ofDesks(r.Function):
			return c.atDesk(ctx, in, r)
		case ofMembers(r.Function):
			a := c.member(ctx, in, r)
			if a.Member != nil {
				in.view.Member = a.Member
			}
			return a
		}
		return flows.Answer{}
	}
}

// admit lets the caller in, or says why not.
func (c *Calls) admit(ctx context.Context, in call, s flows.State) flows.Answer {
	if s.About.Row != "" { // a call of ours, in which a key was pressed
		in.view.Guest = in.flow.Guest(s)
		memberships{Calls: c, in: in, s: s}.joins(ctx)
	}
	who := rooms.Caller{Call: in.hook.CallSID(), Number: in.hook.Caller().Number, Lang: s.Lang, Slow: s.Slow, Facilitator: facilitator(s)}
	came := c.Rooms.Admit(ctx, in.flow, in.view, s.Group, who)
	if came != done {
		return flows.Answer{Result: came}
	}
	in.state = s
	return flows.Answer{Result: came, Session: c.seen(ctx, in)}
}

// signedIn is what a member may hear of themselves, nil for who has not signed
// in, or is forgotten since, or when Postgres does not tell in time.
func (c *Calls) signedIn(ctx context.Context, in call) *flows.Member {
	if in.state.Member == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.quickly)
	defer cancel()
	m := memberships{Calls: c, in: in, s: in.state}
	who, err := m.load(ctx, in.state.Member)
	if err != nil {
		c.Log.WarnContext(ctx, "a member's groups cannot be told now", "error", err)
	}
	return who
}

// byCode looks a code up. Who has no attempts left is told what a wrong code
// is told, so that nobody learns more by trying on.
func (c *Calls) byCode(in call, s flows.State) flows.Answer {
	g, found := in.view.Directory.ByCode(s.Code)
	a := c.attempt(in, s)
	a.Right, a.Open = found, g.Access == flows.AccessOpen
	if !c.Attempts.Allow(a) || !found {
		return flows.Answer{Result: "unknown"}
	}
	return flows.Answer{Result: "found", Set: map[string]string{"group": g.ID}}
}

// attempt names a try at a code or a key.
func (c *Calls) attempt(in call, s flows.State) Attempt {
	line := in.view.Directory.Line.ID
	a := Attempt{Line: line, Event: in.event(), Turn: s.Turn}
	if caller := in.hook.Caller(); !caller.Withheld() {
		a.Caller = c.Keys.Index(line, caller.Number)
	}
	return a
}
