package store_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

func TestAGroupThatNeedsApproval(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	group := l.groups[1]
	l.byText(t, ann, group)
	l.wantStates(t, ann, map[string]string{group: "applied"})
	l.byPhone(t, bea, "482913", group)
	member := l.member(t, bea, "482913")
	want := func(state string, admitted bool) {
		t.Helper()
		l.wantStates(t, bea, map[string]string{group: state})
		if in, err := l.Belongs(t.Context(), l.id, member, group); err != nil || in != admitted {
			t.Errorf("%s: belongs %t, %v", state, in, err)
		}
		if theirs := l.load(t, member).Groups; slices.Contains(theirs, group) != admitted {
			t.Errorf("%s: theirs are %v", state, theirs)
		}
	}
	want("asked", false)
	l.confirm(t, bea)
	want("applied", false)
	if err := l.Invite(t.Context(), l.invitation(t, bea, group)); err != nil {
		t.Fatal(err)
	}
	want("active", true)
	if in, err := l.Belongs(t.Context(), l.id, member, l.groups[0]); err != nil || in {
		t.Errorf("to a group that they are not in: %t, %v", in, err)
	}
}

func TestLoadJoinLeaveAndQuick(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byPhone(t, ann, "482913", l.groups[2])
	l.confirm(t, ann)
	member := l.member(t, ann, "482913")
	if err := l.Join(t.Context(), l.act(member), l.groups[0], flows.AccessOpen); err != nil {
		t.Fatal(err)
	}
	if err := l.SetQuick(t.Context(), l.act(member), l.groups[2]); err != nil {
		t.Fatal(err)
	}
	want := flows.Member{
		Preferences: english.Complete(), Enrolled: "2026-11", Groups: []string{l.groups[0], l.groups[2]}, Quick: l.groups[2],
		Consent: flows.Consent{Wording: agreed.Wording, Channel: flows.ByCall, Month: "2026-11"},
	}
	if diff := cmp.Diff(want, l.load(t, member)); diff != "" {
		t.Errorf("loaded (-want +got):\n%s", diff)
	}
	quick := func(n, want string) {
		t.Helper()
		if got, err := l.Quick(t.Context(), l.id, number(t, n)); err != nil || got != want {
			t.Errorf("quick: %q, %v", got, err)
		}
	}
	quick(ann, l.groups[2])
	quick(bea, "")
	if got, err := l.Quick(t.Context(), l.id, vault.Number{}); err != nil || got != "" {
		t.Errorf("quick of a withheld number: %q, %v", got, err)
	}
	if err := l.Leave(t.Context(), l.act(member), l.groups[2]); err != nil {
		t.Fatal(err)
	}
	quick(ann, "")
	if got := l.load(t, member).Groups; !slices.Equal(got, l.groups[:1]) {
		t.Errorf("after leaving: %v", got)
	}
	for _, n := range []string{ann, bea} {
		if err := l.LeaveNumber(t.Context(), l.event(noon), number(t, n), l.groups[0]); err != nil {
			t.Error(err)
		}
	}
	if rows, keys := l.count(t, `SELECT count(*) FROM membership`), l.count(t, `SELECT count(*) FROM keys.membership`); rows+keys != 0 {
		t.Errorf("%d memberships and %d keys stay", rows, keys)
	}
	if _, err := l.Load(t.Context(), l.id, "00000000-0000-4000-8000-000000000000", l.groups); !isNotFound(err) {
		t.Errorf("load nobody: %v", err)
	}
	if err := l.Join(t.Context(), l.act(member), "00000000-0000-4000-8000-000000000000", flows.AccessOpen); !isNotFound(err) {
		t.Errorf("join no group: %v", err)
	}
	if n := l.count(t, `SELECT count(*) FROM keys.membership`); n != 0 {
		t.Error("a key was left of a membership that could not be made")
	}
}

func TestPreferencesReachTheMemberships(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byPhone(t, ann, "482913", l.groups[0])
	l.confirm(t, ann)
	member := l.member(t, ann, "482913")
	if err := l.Prefer(t.Context(), l.act(member), flows.Preferences{Channel: flows.ByCall, Days: flows.Weekends, Clear: true}, l.groups); err != nil {
		t.Fatal(err)
	}
	want := flows.Preferences{Channel: flows.ByCall, Days: flows.Weekends, Clear: true, Language: "en", Zone: "America/New_York"}.Complete()
	if diff := cmp.Diff(want, l.load(t, member).Preferences); diff != "" {
		t.Errorf("of the identity (-want +got):\n%s", diff)
	}
	got, err := l.MembershipPreferences(t.Context(), l.id, l.pseudonyms(t)[0])
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("of the membership: %v (-want +got):\n%s", err, diff)
	}
	if n := l.count(t, `SELECT count(*) FROM membership WHERE channel = 'call'`); n != 1 {
		t.Error("the channel of the membership stayed")
	}
}

func (l *lineUnderTest) pseudonyms(t testing.TB) [][]byte {
	t.Helper()
	return column(t, l.look, `SELECT pseudonym FROM membership`)
}

func TestStopAndStart(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byPhone(t, ann, "482913", l.groups[0])
	l.confirm(t, ann)
	stop := func(n string, stop bool) {
		t.Helper()
		if err := l.Stop(t.Context(), l.event(noon), number(t, n), stop, l.groups); err != nil {
			t.Fatal(err)
		}
	}
	stop(ann, true)
	l.wantStates(t, ann, map[string]string{l.groups[0]: "stopped"})
	if err := l.Invite(t.Context(), l.invitation(t, ann, l.groups[2])); err != nil {
		t.Fatal(err)
	}
	member := l.member(t, ann, "482913")
	if !l.load(t, member).Stopped {
		t.Error("they are not told that they are stopped")
	}
	l.byText(t, ann, l.groups[3])
	l.byPhone(t, ann, "482913", l.groups[3])
	if err := l.Join(t.Context(), l.act(member), l.groups[0], flows.AccessOpen); err != nil {
		t.Fatal(err)
	}
	l.wantStates(t, ann, map[string]string{l.groups[0]: "stopped", l.groups[2]: "stopped", l.groups[3]: "stopped"})
	if in, err := l.Belongs(t.Context(), l.id, member, l.groups[0]); err != nil || !in {
		t.Errorf("who is stopped does not belong: %v", err)
	}
	stop(ann, false)
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active", l.groups[2]: "active", l.groups[3]: "active"})
	stop(bea, true)
	if n := l.count(t, `SELECT count(*) FROM member`); n != 1 {
		t.Error("who is nobody left a row by saying stop")
	}
	l.byPhone(t, cat, "482913", l.groups[0])
	stop(cat, true)
	if n := l.count(t, `SELECT count(*) FROM outbox WHERE state = 'due'`); n != 0 {
		t.Error("who wants nothing is asked to confirm")
	}
	l.confirm(t, cat)
	l.wantStates(t, cat, map[string]string{l.groups[0]: "stopped"})
}
