package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

func (l *lineUnderTest) invitation(t testing.TB, n, group string) store.Invitation {
	return store.Invitation{
		Line: l.id, Number: number(t, n), Group: group, Preferences: english, Stated: "Asked at the desk.", At: noon,
	}
}

func TestInvite(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	if err := l.Invite(t.Context(), l.invitation(t, ann, l.groups[1])); err != nil {
		t.Fatal(err)
	}
	h := l.holdings(t, ann)
	want := flows.Consent{Wording: "stated: Asked at the desk.", Channel: flows.ByText, Month: "2026-11"}
	if h.Member.State != "asked" || h.Member.ErasedOn != "2026-12-01" || h.Member.PIN != "none" || h.Member.Consent != want {
		t.Errorf("held: %+v", h.Member)
	}
	if diff := cmp.Diff([]store.HeldSend{{Kind: "confirmation", Channel: "text", State: "due"}}, h.Outbox); diff != "" {
		t.Errorf("the outbox (-want +got):\n%s", diff)
	}
	l.wantStates(t, ann, map[string]string{l.groups[1]: "asked"})
	l.confirm(t, ann)
	l.wantStates(t, ann, map[string]string{l.groups[1]: "active"})
	before := l.holdings(t, ann)

	again := l.invitation(t, ann, l.groups[0])
	again.Preferences.Language, again.Stated = "es", "By letter."
	if err := l.Invite(t.Context(), again); err != nil {
		t.Errorf("inviting an enrolled number: %v", err)
	}
	if diff := cmp.Diff(before.Member, l.holdings(t, ann).Member); diff != "" {
		t.Errorf("the identity changed (-before +after):\n%s", diff)
	}
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active", l.groups[1]: "active"})
	if n := l.count(t, `SELECT count(*) FROM outbox WHERE state = 'due'`); n != 0 {
		t.Error("who is a member is asked to confirm")
	}

	long := l.invitation(t, bea, "")
	long.Stated = strings.Repeat("a", 300)
	if err := l.Invite(t.Context(), long); !errors.Is(err, store.ErrStatedTooLong) {
		t.Errorf("a long statement: %v", err)
	}
}

func TestTheLongestWordsFit(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	i := l.invitation(t, ann, l.groups[0])
	i.Stated = strings.Repeat("a", 198)
	i.Preferences = flows.Preferences{
		Channel: flows.ByCall, Language: "zh-Hans", Zone: "America/Argentina/ComodRivadavia",
		Days: flows.Weekdays, Hours: flows.Afternoons, Machine: flows.MachineNeutral,
	}
	if err := l.Invite(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	l.byText(t, ann, "")
	in := l.logIn(t, l.login(t, ann, "", l.byText(t, ann, "").Code, noon))
	if err := l.SetQuick(t.Context(), l.act(in.Member), l.groups[0]); err != nil {
		t.Error(err)
	}
}

func TestExpire(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	if err := l.Invite(t.Context(), l.invitation(t, ann, l.groups[0])); err != nil {
		t.Fatal(err)
	}
	l.byPhone(t, bea, "482913", l.groups[0])
	l.confirm(t, bea)
	expire := func(at time.Time, want, left, inGroups int) {
		t.Helper()
		if n, err := l.Expire(t.Context(), l.id, at, l.groups); err != nil || n != want {
			t.Errorf("at %s %d expired, %v", at.Format(time.DateOnly), n, err)
		}
		for table, left := range map[string]int{"member": left, "keys.member": left, "membership": inGroups, "keys.membership": inGroups} {
			if n := l.count(t, `SELECT count(*) FROM `+table); n != left {
				t.Errorf("at %s there are %d in %s", at.Format(time.DateOnly), n, table)
			}
		}
	}
	expire(noon.AddDate(0, 0, 6), 0, 2, 1)
	expire(noon.AddDate(0, 0, 7), 1, 1, 1)
	if !l.holdings(t, ann).Empty() {
		t.Error("something is held of who did not answer")
	}
	seen := noon.AddDate(0, 3, 0) // in February
	if in := l.logIn(t, l.login(t, bea, "", "482913", seen)); in.Result != store.LoginOK {
		t.Fatal(in)
	}
	expire(time.Date(2028, time.February, 29, 23, 0, 0, 0, time.UTC), 0, 1, 1)
	expire(time.Date(2028, time.March, 1, 3, 0, 0, 0, time.UTC), 1, 0, 0)
}
