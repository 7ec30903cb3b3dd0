package phone

import (
	"context"
	"errors"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// What the functions of members come to, beside what each has of its own.
const (
	done        = "ok"
	later       = "later"
	withheld    = "withheld"
	unreachable = "unreachable"
)

// memberships is one turn's dealings with members.
type memberships struct {
	*Calls
	in call
	s  flows.State
}

// member runs what a flow asks of members. What Postgres does not do in time is
// left for later, and the caller is told so.
func (c *Calls) member(ctx context.Context, in call, r flows.Request) flows.Answer {
	if in.adrift {
		return flows.Answer{Result: later}
	}
	m := memberships{Calls: c, in: in, s: r.State}
	var (
		a   flows.Answer
		err error
	)
	switch r.Function {
	case "member.enrol":
		a, err = m.enrol(ctx)
	case "member.log_in":
		a, err = m.logIn(ctx)
	case "member.quick":
		return m.quick(ctx)
	case "member.set_pin":
		a, err = m.setPIN(ctx)
	case "member.prefer":
		err = m.prefer(ctx)
	case "member.join":
		g, _ := in.view.Directory.Group(m.s.Group)
		joins := m.act()
		joins.MayCall = m.s.Vars["may_call"] == "yes"
		err = c.Members.Join(ctx, joins, g.ID, g.Access)
	case "member.leave":
		err = m.leave(ctx)
	case "member.set_quick":
		err = c.Members.SetQuick(ctx, m.act(), m.s.Group)
	case "member.confirm":
		a, err = m.confirm(ctx)
	case "member.stop":
		err = m.stop(ctx)
	case "member.resume":
		err = c.Members.StopMember(ctx, m.act(), false, m.groups())
	case "member.coming":
		err = m.coming(ctx, true)
	case "member.not_coming":
		err = m.coming(ctx, false)
	case "member.ring":
		err = m.ring(ctx)
	case "member.remind_when":
		err = m.remindWhen(ctx)
	case "member.erase":
		return m.erase(ctx)
	}
	if err == nil && a.Result == "" {
		a.Result = done
	}
	if err == nil && a.Result == done && a.Member == nil && m.s.Member != "" {
		a.Member, err = m.load(ctx, m.s.Member)
	}
	if err != nil {
		c.Log.ErrorContext(ctx, "a member's wish could not be met", "function", m.in.named(r), "error", err)
		return flows.Answer{Result: later}
	}
	return a
}

// event names this turn, so that its repetition does nothing more.
func (m memberships) event() store.Event {
	return store.Event{Line: m.in.view.Directory.Line.ID, SID: m.in.event(), Turn: m.s.Turn, At: m.Now()}
}

func (m memberships) act() store.Act { return store.Act{Event: m.event(), Member: m.s.Member} }

// caller is the number at the other end, zero when it is withheld.
func (m memberships) caller() vault.Number { return m.in.hook.Caller().Number }

// groups are the ids of the line's groups, in the directory's order.
func (m memberships) groups() []string { return m.in.view.Directory.IDs() }

func (m memberships) load(ctx context.Context, member string) (*flows.Member, error) {
	who, err := m.Members.Load(ctx, m.in.view.Directory.Line.ID, member, m.groups())
	if err != nil {
		return nil, err
	}
	return &who, nil
}

// enrol keeps the number that calls or texts. Who texts has confirmed by that.
func (m memberships) enrol(ctx context.Context) (flows.Answer, error) {
	n := m.caller()
	switch {
	case n.IsZero():
		return flows.Answer{Result: withheld}, nil
	case !n.Within(m.Countries):
		return flows.Answer{Result: unreachable}, nil
	case !m.in.view.Text && !m.Spending.Asks(Sent{Line: m.event().Line, To: m.in.hook.Param("From"), Message: m.in.event()}):
		return flows.Answer{Result: later}, nil
	}
	channel, by, wording := flows.Channel(m.s.Vars["channel"]), flows.ByCall, flows.ConsentSpoken
	if m.in.view.Text {
		channel, by, wording = flows.ByText, flows.ByText, flows.ConsentWritten
	}
	done, err := m.Members.Enrol(ctx, store.Enrolment{
		Event: m.event(), Number: n, Group: m.s.Group, PIN: m.s.Vars["pin"], Confirmed: m.in.view.Text,
		MayCall: m.s.Vars["may_call"] == "yes",
		Preferences: flows.Preferences{
			Channel: channel, Language: m.s.Lang, Zone: m.s.Vars["zone"],
			Late: m.s.Vars["late"] == "yes", Ring: m.s.Vars["ring"] == "yes", Slow: m.s.Slow,
		}.Complete(),
		Consent: flows.Consent{Wording: m.s.Flow + " " + wording, Channel: by, Month: m.Now().UTC().Format("2006-01")},
	})
	if errors.Is(err, store.ErrJoin) {
		// They are enrolled, and must hear by what; the group they can join again.
		m.Log.ErrorContext(ctx, "somebody who enrolled is not in the group", "error", err)
		err = nil
	}
	return flows.Answer{Set: map[string]string{"told": done.Handle, "code": done.Code}}, err
}

func (m memberships) logIn(ctx context.Context) (flows.Answer, error) {
	in, err := m.Members.LogIn(ctx, store.Login{
		Event: m.event(), Caller: m.caller(), Verified: m.s.Attested,
		Handle: m.s.Vars["handle"], PIN: m.s.Vars["pin"],
	})
	if err != nil || in.Member == "" {
		return flows.Answer{Result: in.Result}, err
	}
	who, err := m.load(ctx, in.Member)
	return flows.Answer{Result: in.Result, Set: map[string]string{"member": in.Member}, Member: who}, err
}

func (m memberships) setPIN(ctx context.Context) (flows.Answer, error) {
	handle, err := m.Members.SetPIN(ctx, m.act(), m.s.Vars["pin"])
	return flows.Answer{Set: map[string]string{"told": handle}}, err
}

// prefer changes what the caller has just chosen, and nothing else.
func (m memberships) prefer(ctx context.Context) error {
	who, err := m.load(ctx, m.s.Member)
	if err != nil {
		return err
	}
	p := who.Preferences
	for name, set := range map[string]func(string){
		"channel": func(v string) { p.Channel = flows.Channel(v) },
		"clear":   func(v string) { p.Clear = v == "yes" },
		"days":    func(v string) { p.Days = flows.Days(v) },
		"hours":   func(v string) { p.Hours = flows.Hours(v) },
		"late":    func(v string) { p.Late = v == "yes" },
		"machine": func(v string) { p.Machine = flows.Machine(v) },
		"pace":    func(v string) { p.Slow = v == "slow" },
		"ring":    func(v string) { p.Ring = v == "yes" },
		"zone":    func(v string) { p.Zone = v },
	} {
		if v, chosen := m.s.Vars[name]; chosen {
			set(v)
		}
	}
	p.Language = m.s.Lang
	return m.Members.Prefer(ctx, m.act(), p, m.groups())
}

// confirm keeps that the number is willing. Who was invited has no PIN, and is
// given a code to choose one by; everybody else is given one that opens nothing.
func (m memberships) confirm(ctx context.Context) (flows.Answer, error) {
	if err := m.Members.Confirm(ctx, m.event(), m.caller(), m.groups()); err != nil {
		return flows.Answer{}, err
	}
	code, err := m.Members.Code(ctx, m.event(), m.caller())
	return flows.Answer{Set: map[string]string{"code": code}}, err
}

// leave takes who signed in out of a group, or the number that texts.
func (m memberships) leave(ctx context.Context) error {
	if m.in.view.Text {
		return m.Members.LeaveNumber(ctx, m.event(), m.caller(), m.s.Group)
	}
	return m.Members.Leave(ctx, m.act(), m.s.Group)
}

// quick finds where key 5 leads. To everybody who has not chosen it, and
// whenever it cannot be known, it is a wrong key.
func (m memberships) quick(ctx context.Context) flows.Answer {
	ctx, cancel := context.WithTimeout(ctx, m.quickly)
	defer cancel()
	group, err := m.Members.Quick(ctx, m.in.view.Directory.Line.ID, m.caller())
	if err != nil {
		m.Log.WarnContext(ctx, "a quick join could not be looked up", "error", err)
	}
	if _, there := m.in.view.Directory.Group(group); err != nil || !there {
		return flows.Answer{Result: "none"}
	}
	return flows.Answer{Result: "found", Set: map[string]string{"group": group}}
}

// erase forgets who signed in, or the number that texts.
func (m memberships) erase(ctx context.Context) flows.Answer {
	var err error
	if m.in.view.Text {
		err = m.Members.EraseNumber(ctx, m.event(), m.caller(), m.groups())
	} else {
		err = m.Members.Erase(ctx, m.act(), m.groups())
	}
	if err != nil {
		m.Log.ErrorContext(ctx, "a member could not be forgotten", "error", err)
		return flows.Answer{Result: later}
	}
	m.Erased()
	return flows.Answer{Result: done}
}

// ofMembers says whether a function is one of members.
func ofMembers(function string) bool { return strings.HasPrefix(function, "member.") }
