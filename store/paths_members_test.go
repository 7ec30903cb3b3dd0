package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

var errToldOtherwise = errors.New("the caller is told something else")

var memberPaths = []writePath{
	{name: "Answer", covers: "Dialogues.Answer", web: true, do: func(ctx context.Context, p *paths) error {
		return p.answer(ctx, "m1", store.Answer{Reply: "1 or 2?", State: []byte("asked")})
	}},
	{name: "Answer who is forgotten", covers: "Dialogues.Answer", web: true, before: askedByText, do: func(ctx context.Context, p *paths) error {
		return p.answer(ctx, "m2", store.Answer{Reply: "Done.", Forget: true})
	}},
	{name: "Enrol by phone", covers: "Members.Enrol", web: true, before: withGroups, do: func(ctx context.Context, p *paths) error {
		told, err := p.Enrol(ctx, store.Enrolment{Event: p.came, Number: p.ann, Group: p.groups[0], PIN: annPIN, Preferences: english, Consent: agreed})
		return toldIf(err, handleShape.MatchString(told.Handle))
	}},
	{name: "Enrol by text", covers: "Members.Enrol", web: true, before: withGroups, do: func(ctx context.Context, p *paths) error {
		told, err := p.Enrol(ctx, store.Enrolment{Event: p.came, Number: p.ann, Group: p.groups[0], Confirmed: true, Preferences: english, Consent: agreed})
		return toldIf(err, handleShape.MatchString(told.Code))
	}},
	{name: "Enrol by text after a call", covers: "Members.Enrol", web: true, before: asked, do: func(ctx context.Context, p *paths) error {
		told, err := p.Enrol(ctx, store.Enrolment{Event: p.came, Number: p.ann, Group: p.groups[2], Confirmed: true, Preferences: english, Consent: agreed})
		return toldIf(err, handleShape.MatchString(told.Code))
	}},
	{name: "LogIn", covers: "Members.LogIn", web: true, before: member, do: func(ctx context.Context, p *paths) error {
		in, err := p.LogIn(ctx, store.Login{Event: p.came, Caller: p.ann, Verified: true, PIN: annPIN})
		return toldIf(err, in == store.LoggedIn{Result: store.LoginOK, Member: p.mine.Member})
	}},
	{name: "LogIn with a wrong PIN", covers: "Members.LogIn", web: true, before: member, do: func(ctx context.Context, p *paths) error {
		in, err := p.LogIn(ctx, store.Login{Event: p.came, Caller: p.bea, Handle: "100000", PIN: annPIN})
		return toldIf(err, in.Result == store.LoginRefused)
	}},
	{name: "SetPIN", covers: "Members.SetPIN", web: true, before: memberByText, do: func(ctx context.Context, p *paths) error {
		handle, err := p.SetPIN(ctx, p.mine, annPIN)
		return toldIf(err, handleShape.MatchString(handle))
	}},
	{name: "Code", covers: "Members.Code", web: true, before: memberByText, do: func(ctx context.Context, p *paths) error {
		code, err := p.Code(ctx, p.came, p.ann)
		return toldIf(err, handleShape.MatchString(code))
	}},
	{name: "Prefer", covers: "Members.Prefer", web: true, before: member, do: func(ctx context.Context, p *paths) error {
		return p.Prefer(ctx, p.mine, flows.Preferences{Channel: flows.ByCall, Language: "es"}, p.groups)
	}},
	{name: "Join", covers: "Members.Join", web: true, before: member, do: func(ctx context.Context, p *paths) error {
		return p.Join(ctx, p.mine, p.groups[2], flows.AccessOpen)
	}},
	{name: "Leave", covers: "Members.Leave", web: true, before: member, do: func(ctx context.Context, p *paths) error {
		return p.Leave(ctx, p.mine, p.groups[0])
	}},
	{name: "LeaveNumber", covers: "Members.LeaveNumber", web: true, before: member, do: func(ctx context.Context, p *paths) error {
		return p.LeaveNumber(ctx, p.came, p.ann, p.groups[0])
	}},
	{name: "SetQuick", covers: "Members.SetQuick", web: true, before: member, do: func(ctx context.Context, p *paths) error {
		return p.SetQuick(ctx, p.mine, p.groups[0])
	}},
	{name: "Confirm", covers: "Members.Confirm", web: true, before: asked, do: func(ctx context.Context, p *paths) error {
		return p.Confirm(ctx, p.came, p.ann, p.groups)
	}},
	{name: "Stop", covers: "Members.Stop", web: true, before: member, do: func(ctx context.Context, p *paths) error {
		return p.Stop(ctx, p.came, p.ann, true, p.groups)
	}},
	{name: "Stop by who signed in", covers: "Members.StopMember", web: true, before: member, do: func(ctx context.Context, p *paths) error {
		return p.StopMember(ctx, p.mine, true, p.groups)
	}},
	{name: "Unreachable", covers: "Members.Unreachable", before: member, do: func(ctx context.Context, p *paths) error {
		return p.Unreachable(ctx, p.came, p.ann, p.groups)
	}},
	{name: "Seen", covers: "Members.Seen", web: true, before: questioned, do: func(ctx context.Context, p *paths) error {
		return p.Seen(ctx, store.Event{Line: p.id, At: noon.AddDate(0, 0, 91)}, p.ann)
	}},
	{name: "Recheck", covers: "Members.Recheck", before: member, do: func(ctx context.Context, p *paths) error {
		_, _, err := p.Recheck(ctx, p.id, noon.AddDate(0, 0, 90), p.groups)
		return err
	}},
	{name: "Recheck of who said nothing", covers: "Members.Recheck", before: silentMember, do: func(ctx context.Context, p *paths) error {
		_, _, err := p.Recheck(ctx, p.id, noon.AddDate(0, 0, 104), p.groups)
		return err
	}},
	{name: "Coming", covers: "Members.Coming", web: true, before: answerable, do: func(ctx context.Context, p *paths) error {
		return p.Coming(ctx, store.Event{Line: p.id, SID: p.came.SID, Turn: 3, At: noon.Add(time.Hour)}, p.ann, false, p.groups)
	}},
	{name: "ComingRow", covers: "Members.ComingRow", web: true, before: answerable, do: func(ctx context.Context, p *paths) error {
		return p.ComingRow(ctx, p.came, p.row, true)
	}},
	{name: "RingMe", covers: "Members.RingMe", web: true, before: rung, do: func(ctx context.Context, p *paths) error {
		return p.RingMe(ctx, p.came, p.ann, starts(p.groups[3]))
	}},
	{name: "RingMember", covers: "Members.RingMember", web: true, before: member, do: func(ctx context.Context, p *paths) error {
		return p.RingMember(ctx, p.mine, starts(p.groups[3]))
	}},
	{name: "RingRow", covers: "Members.RingRow", web: true, before: answerable, do: func(ctx context.Context, p *paths) error {
		return p.RingRow(ctx, p.came, p.row, starts(p.groups[3]))
	}},
	{name: "SetOffsets", covers: "Members.SetOffsets", web: true, before: member, do: func(ctx context.Context, p *paths) error {
		return p.SetOffsets(ctx, p.mine, p.groups[0], []string{"1h"})
	}},
	{name: "Erase", covers: "Members.Erase", web: true, before: manyTraces, do: func(ctx context.Context, p *paths) error {
		return p.Erase(ctx, p.mine, p.groups)
	}},
	{name: "EraseNumber", covers: "Members.EraseNumber", web: true, before: manyTraces, do: func(ctx context.Context, p *paths) error {
		return p.EraseNumber(ctx, p.came, p.ann, p.groups)
	}},
	{name: "EraseNumber of a stranger", covers: "Members.EraseNumber", web: true, before: askedByText, do: func(ctx context.Context, p *paths) error {
		return p.EraseNumber(ctx, p.came, p.ann, p.groups)
	}},
	{name: "Invite", covers: "Members.Invite", before: withGroups, do: func(ctx context.Context, p *paths) error {
		return p.Invite(ctx, store.Invitation{Line: p.id, Number: p.ann, Group: p.groups[0], Preferences: english, Stated: "Asked at the desk.", At: noon})
	}},
	{name: "Expire", covers: "Members.Expire", before: asked, do: func(ctx context.Context, p *paths) error {
		_, err := p.Expire(ctx, p.id, noon.AddDate(0, 0, 8), p.groups)
		return err
	}},
}

const annPIN = "482913"

// toldIf is err, and an error when a caller is told what must not be.
func toldIf(err error, right bool) error {
	if err == nil && !right {
		return errToldOtherwise
	}
	return err
}

// answer answers a text of ann's.
func (p *paths) answer(ctx context.Context, message string, a store.Answer) error {
	told, err := p.dialogues.Answer(ctx, store.Text{Line: p.id, Caller: p.keys.Index(p.id, p.ann), Message: []byte(message), At: noon},
		func([]byte) store.Answer { return a })
	return toldIf(err, told == a.Reply)
}

func askedByText(t *testing.T, p *paths) {
	t.Helper()
	if err := p.answer(t.Context(), "m1", store.Answer{Reply: "Forget you?", State: []byte("asked")}); err != nil {
		t.Fatal(err)
	}
}

// asked is ann, in two groups as soon as she confirms.
func asked(t *testing.T, p *paths) {
	t.Helper()
	withGroups(t, p)
	p.byPhone(t, ann, annPIN, p.groups[0])
	p.isMember(t)
	if err := p.Join(t.Context(), p.act(p.mine.Member), p.groups[3], flows.AccessOpen); err != nil {
		t.Fatal(err)
	}
}

func member(t *testing.T, p *paths) {
	t.Helper()
	asked(t, p)
	p.confirm(t, ann)
}

// questioned is ann, who is about to be asked whether it is still safe to reach her.
func questioned(t *testing.T, p *paths) {
	t.Helper()
	member(t, p)
	p.recheck(t, 90, 1, 0)
}

// silentMember is ann, who was.
func silentMember(t *testing.T, p *paths) {
	t.Helper()
	questioned(t, p)
	do(t, p.look, `UPDATE outbox SET state = 'accepted' WHERE kind = 'recheck'`)
}

// answerable is ann, who got a reminder, with another that waits.
func answerable(t *testing.T, p *paths) {
	t.Helper()
	member(t, p)
	p.row = p.toldOf(t, ann, circle(p.groups[3]), store.Reminder, store.SendAccepted, noon)
	soon := circle(p.groups[3])
	soon.Purpose = "15m"
	p.toldOf(t, ann, soon, store.Reminder, store.SendDue, noon.Add(23*time.Hour))
}

// rung is ann, who lets us ring her.
func rung(t *testing.T, p *paths) {
	t.Helper()
	member(t, p)
	if err := p.Prefer(t.Context(), p.act(p.mine.Member), flows.Preferences{Ring: true}, p.groups); err != nil {
		t.Fatal(err)
	}
}

// memberByText is ann, with a code in place of a PIN.
func memberByText(t *testing.T, p *paths) {
	t.Helper()
	withGroups(t, p)
	p.byText(t, ann, p.groups[0])
	p.isMember(t)
}

// isMember has ann act from now on.
func (p *paths) isMember(t *testing.T) {
	t.Helper()
	p.mine = store.Act{Event: p.came, Member: texts(t, p.look, `SELECT member_id FROM member`)[0]}
}

// manyTraces are all that there can be of ann.
func manyTraces(t *testing.T, p *paths) {
	t.Helper()
	askedByText(t, p)
	member(t, p)
	p.attempts(t, 1, p.login(t, ann, "", "000000", noon.Add(-time.Hour)))
}
