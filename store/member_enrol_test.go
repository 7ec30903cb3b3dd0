package store_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

var handleShape = regexp.MustCompile(`^[1-9][0-9]{5}$`)

func TestEnrolByPhone(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	told := l.byPhone(t, ann, "482913", l.groups[0])
	if !handleShape.MatchString(told.Handle) || told.Code != "" || !told.Ask {
		t.Errorf("told %+v", told)
	}
	l.wantStates(t, ann, map[string]string{l.groups[0]: "asked"})
	want := store.HeldMember{
		Enrolled: "2026-11", Seen: "2026-11", State: "asked", ErasedOn: "2026-12-01", Handle: told.Handle, PIN: "set",
		Consent:     flows.Consent{Wording: agreed.Wording, Channel: flows.ByCall, Month: "2026-11"},
		Preferences: english.Complete(),
	}
	h := l.holdings(t, ann)
	if diff := cmp.Diff(&want, h.Member); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]store.HeldSend{{Kind: "confirmation", Channel: "text", State: "due"}}, h.Outbox); diff != "" {
		t.Errorf("the outbox (-want +got):\n%s", diff)
	}

	l.confirm(t, ann)
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active"})
	if h := l.holdings(t, ann); h.Member.State != "confirmed" || h.Member.ErasedOn != "" || h.Outbox[0].State != "lapsed" {
		t.Errorf("confirmed: %+v", h)
	}
	if n := l.count(t, `SELECT coalesce(sum(count), 0) FROM daily_count WHERE day = '2026-11-24' AND name IN ('enrolled', 'confirmed')`); n != 2 {
		t.Errorf("counted %d", n)
	}
}

func TestTheConfirmationIsPutIntoTheOutbox(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	for n, channel := range map[string]flows.Channel{ann: flows.ByText, bea: flows.ByCall} {
		e := store.Enrolment{Event: l.event(noon), Number: number(t, n), PIN: "482913", Preferences: english, Consent: agreed}
		e.Preferences.Channel = channel
		l.enrol(t, e)
	}
	if n := l.count(t, `
		SELECT count(*) FROM outbox
		WHERE kind = 'confirmation' AND state = 'due' AND attempts = 0 AND expires_at = $1
		  AND due_at = CASE channel WHEN 'text' THEN $2::timestamptz ELSE $3 END`,
		noon.Add(24*time.Hour), noon, noon.Add(2*time.Minute)); n != 2 {
		t.Errorf("%d of two are as they should be", n)
	}
	l.byPhone(t, ann, "111222", l.groups[0]) // asked again, while the first is live
	if n := l.count(t, `SELECT count(*) FROM outbox`); n != 2 {
		t.Errorf("%d rows for two numbers", n)
	}
}

func TestEnrolByText(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	told := l.byText(t, ann, l.groups[0])
	if told.Handle != "" || !handleShape.MatchString(told.Code) || told.Ask {
		t.Errorf("told %+v", told)
	}
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active"})
	if h := l.holdings(t, ann); h.Member.State != "confirmed" || h.Member.PIN != "code" || len(h.Outbox) != 0 {
		t.Errorf("held: %+v", h.Member)
	}
	if in := l.logIn(t, l.login(t, ann, "", told.Code, noon.Add(24*time.Hour))); in.Result != store.LoginRefused {
		t.Errorf("a code after 24 hours is %s", in.Result)
	}
	in := l.logIn(t, l.login(t, ann, "", told.Code, noon.Add(24*time.Hour-time.Second)))
	if in.Result != store.LoginFirst {
		t.Fatalf("the code is %s", in.Result)
	}
	handle, err := l.SetPIN(t.Context(), l.act(in.Member), "482913")
	if err != nil || !handleShape.MatchString(handle) {
		t.Fatalf("the member number is %q, %v", handle, err)
	}
	if in := l.logIn(t, l.login(t, ann, "", told.Code, noon)); in.Result != store.LoginRefused {
		t.Errorf("a code that was used is %s", in.Result)
	}
	if again := l.logIn(t, l.login(t, bea, handle, "482913", noon)); again.Result != store.LoginOK || again.Member != in.Member {
		t.Errorf("the PIN from another phone: %+v", again)
	}
	if handle, err = l.SetPIN(t.Context(), l.act(in.Member), "5829130"); err != nil || handle != "" {
		t.Errorf("the member number is told again: %q, %v", handle, err)
	}
	if in := l.logIn(t, l.login(t, ann, "", "5829130", noon)); in.Result != store.LoginOK {
		t.Errorf("the new PIN is %s", in.Result)
	}
}

func TestEnrollingAConfirmedNumber(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	first := l.byPhone(t, ann, "482913", l.groups[0])
	l.confirm(t, ann)
	before := l.holdings(t, ann)

	byPhone := l.enrol(t, store.Enrolment{
		Event: l.event(noon), Number: number(t, ann), Group: l.groups[2], PIN: "771100",
		Preferences: flows.Preferences{Channel: flows.ByCall, Language: "es"}, Consent: agreed,
	})
	if !handleShape.MatchString(byPhone.Handle) || byPhone.Handle == first.Handle || byPhone.Code != "" || !byPhone.Ask {
		t.Errorf("told by phone: %+v", byPhone)
	}
	byText := l.byText(t, ann, l.groups[3])
	if byText.Handle != "" || !handleShape.MatchString(byText.Code) || byText.Ask {
		t.Errorf("told by text: %+v", byText)
	}
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active", l.groups[3]: "active"})
	if diff := cmp.Diff(before.Member, l.holdings(t, ann).Member); diff != "" {
		t.Errorf("the identity changed (-before +after):\n%s", diff)
	}
	for name, x := range map[string]store.Login{
		"the other PIN":      l.login(t, ann, "", "771100", noon),
		"the other handle":   l.login(t, bea, byPhone.Handle, "771100", noon),
		"both, from my own":  l.login(t, ann, byPhone.Handle, "482913", noon),
		"a code, with a PIN": l.login(t, ann, "", byText.Code, noon),
	} {
		if in := l.logIn(t, x); in.Result != store.LoginRefused || in.Member != "" {
			t.Errorf("%s: %+v", name, in)
		}
	}
	if n := l.count(t, `SELECT count(*) FROM member`); n != 1 {
		t.Errorf("there are %d members", n)
	}
	l.confirm(t, ann)
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active", l.groups[3]: "active"})
	if n := l.count(t, `SELECT count(*) FROM outbox WHERE state = 'due'`); n != 0 {
		t.Error("who is a member is asked to confirm")
	}
}

func TestWhoHasNoPINGetsANewCode(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	old := l.byText(t, ann, l.groups[0])
	told := l.byText(t, ann, l.groups[0])
	if old.Code == told.Code {
		t.Skip("one in 900,000: the same code was drawn twice")
	}
	if in := l.logIn(t, l.login(t, ann, "", old.Code, noon)); in.Result != store.LoginRefused {
		t.Errorf("the old code is %s", in.Result)
	}
	if in := l.logIn(t, l.login(t, ann, "", told.Code, noon)); in.Result != store.LoginFirst {
		t.Errorf("the new code is %s", in.Result)
	}
}

// Somebody enrols another's number, which they can fake, with a PIN that they know.
func TestWhoTextsIsNotBoundByACallInTheirName(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	faked := l.byPhone(t, ann, "482913", l.groups[2])
	told := l.byText(t, ann, l.groups[0])
	for name, x := range map[string]store.Login{
		"by number": l.login(t, ann, "", "482913", noon), "by handle": l.login(t, bea, faked.Handle, "482913", noon),
	} {
		if in := l.logIn(t, x); in.Result != store.LoginRefused {
			t.Errorf("the PIN of whoever called is %s %s", in.Result, name)
		}
	}
	if in := l.logIn(t, l.login(t, ann, "", told.Code, noon)); in.Result != store.LoginFirst {
		t.Errorf("the code is %s", in.Result)
	}
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active"})
}
