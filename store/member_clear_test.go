package store_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// When a member was there tells in which group they are, as people come to a group
// together. So of members who came, showed that they are there, were asked and were
// silent at other times, everything in clear is the same.
func TestWhenAMemberWasThereIsNotInClear(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	for i, n := range []string{ann, bea, cat, "+12025550146"} {
		l.enrol(t, store.Enrolment{
			Event: l.event(noon.AddDate(0, 0, 17*i)), Number: number(t, n), Group: l.groups[0], Confirmed: true, Preferences: english, Consent: agreed,
		})
	}
	seen := func(n string, days int) {
		t.Helper()
		if err := l.Seen(t.Context(), l.event(noon.AddDate(0, 0, days)), number(t, n)); err != nil {
			t.Fatal(err)
		}
	}
	seen(bea, 60)
	seen(cat, 100)
	l.recheck(t, 90, 1, 0) // ann
	do(t, l.look, `UPDATE outbox SET state = 'accepted'`)
	l.recheck(t, 104, 0, 1)
	l.recheck(t, 145, 1, 0) // the last one
	if rows := texts(t, l.look, `
		SELECT DISTINCT (to_jsonb(m) - ARRAY['member_id', 'number_index', 'handle_index', 'number', 'profile', 'pin'])::text
		FROM member m`); len(rows) != 1 {
		t.Errorf("members are told apart by %q", rows)
	}
}

// A second sign in a week leaves nothing, not even the transaction that looked.
func TestMostSignsTouchNothing(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byText(t, ann, l.groups[0])
	row := func() string {
		return texts(t, l.look, `SELECT concat_ws(' ', xmin, xmax, ctid, md5(m::text)) FROM member m`)[0]
	}
	before := row()
	for day := range 8 { // 90 days after noon is a Monday
		e, changes := l.event(noon.AddDate(0, 0, day)), day == 7
		if err := l.Seen(t.Context(), e, number(t, ann)); err != nil {
			t.Fatal(err)
		}
		if got := row(); (got != before) != changes {
			t.Errorf("on %s: %s, before %s", e.At.Format(time.DateOnly), got, before)
		}
	}
}

// Who was a member before a day was sealed with them is not asked in one week with
// all the others, nor forgotten for want of a sign.
func TestMembersOfBeforeAreAskedOverAQuarter(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byText(t, ann, l.groups[0])
	l.byPhone(t, bea, "482913", l.groups[0]) // who was asked, and has not confirmed
	if err := l.Undate(t.Context(), l.id); err != nil {
		t.Fatal(err)
	}
	if n, err := l.Expire(t.Context(), l.id, noon, l.groups); n != 0 || err != nil {
		t.Error(n, err)
	}
	l.recheck(t, 0, 0, 0)
	m := l.holdings(t, ann).Member
	first, last := noon.AddDate(0, 0, 6).Format(time.DateOnly), noon.AddDate(0, 0, 90).Format(time.DateOnly) // Mondays
	if m.SafeUntil < first || m.SafeUntil > last || m.Seen != "2026-11" {
		t.Errorf("until %s, seen in %s", m.SafeUntil, m.Seen)
	}
	l.recheck(t, 1, 0, 0)
	if got := l.holdings(t, ann).Member.SafeUntil; got != m.SafeUntil {
		t.Errorf("the next night moves it from %s to %s", m.SafeUntil, got)
	}
	if got := l.safeUntil(t, bea); got != "never" {
		t.Errorf("who has not confirmed: %s", got)
	}
	l.recheck(t, 90, 1, 0)

	days := store.SpreadDays(1300, noon)
	counts, mondays := slices.Sorted(maps.Values(days)), slices.Sorted(maps.Keys(days))
	if len(days) != 13 || counts[0] < 50 || counts[12] > 160 || mondays[0] != first || mondays[12] != last {
		t.Errorf("so many on each day: %v", days)
	}
}

// A row that does not open keeps the night's work from nobody else.
func TestARowThatDoesNotOpenIsPassedOver(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byText(t, ann, l.groups[0])
	l.byText(t, bea, l.groups[0])
	l.byText(t, cat, l.groups[0])
	do(t, l.look, `UPDATE member SET profile = number WHERE member_id = (SELECT member_id FROM member ORDER BY member_id LIMIT 1)`)
	asked, _, err := l.Recheck(t.Context(), l.id, noon.AddDate(0, 0, 90), l.groups)
	if asked != 2 || !errors.Is(err, vault.ErrNotOpened) {
		t.Errorf("%d asked, error %v", asked, err)
	}
	if n, err := l.Expire(t.Context(), l.id, noon.AddDate(2, 0, 0), l.groups); n != 2 || err != nil {
		t.Errorf("%d erased, error %v", n, err)
	}
}
