package store_test

import (
	"cmp"
	"fmt"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

func (l *lineUnderTest) safeUntil(t *testing.T, n string) string {
	t.Helper()
	return cmp.Or(l.holdings(t, n).Member.SafeUntil, "never")
}

// What of a member's doings shows that it is safe to reach them as they chose. The
// 90 days from noon are over on a Monday.
func TestWhatShowsThatItIsSafe(t *testing.T) {
	t.Parallel()
	const (
		first = "2027-02-22"
		moved = "2027-03-01"
	)
	later := noon.AddDate(0, 0, 7)
	for name, c := range map[string]struct {
		do   func(t *testing.T, l *lineUnderTest) error
		want string
	}{
		"PIN": {func(t *testing.T, l *lineUnderTest) error {
			l.logIn(t, l.login(t, ann, "", "482913", later))
			return nil
		}, moved},
		"a wrong PIN": {func(t *testing.T, l *lineUnderTest) error {
			l.logIn(t, l.login(t, ann, "", "482914", later))
			return nil
		}, first},
		"OK": {func(t *testing.T, l *lineUnderTest) error {
			return l.Confirm(t.Context(), l.event(later), number(t, ann), l.groups)
		}, moved},
		"a text or a key": {func(t *testing.T, l *lineUnderTest) error {
			return l.Seen(t.Context(), l.event(later), number(t, ann))
		}, moved},
		"a late repetition": {func(t *testing.T, l *lineUnderTest) error {
			return l.Seen(t.Context(), l.event(noon.AddDate(0, 0, -30)), number(t, ann))
		}, first},
		"somebody else": {func(t *testing.T, l *lineUnderTest) error {
			return l.Seen(t.Context(), l.event(later), number(t, bea))
		}, first},
		"IN": {func(t *testing.T, l *lineUnderTest) error {
			l.toldOf(t, ann, circle(l.groups[0]), store.Reminder, store.SendAccepted, later)
			return l.Coming(t.Context(), l.event(later), number(t, ann), true, l.groups)
		}, moved},
		"CALL": {func(t *testing.T, l *lineUnderTest) error {
			return l.RingMe(t.Context(), l.event(later), number(t, ann), starts(l.groups[0]))
		}, moved},
		"to be out of reach": {func(t *testing.T, l *lineUnderTest) error {
			return l.Unreachable(t.Context(), l.event(later), number(t, ann), l.groups)
		}, first},
		"a call that enrols the number again": {func(t *testing.T, l *lineUnderTest) error {
			_, err := l.Enrol(t.Context(), store.Enrolment{Event: l.event(later), Number: number(t, ann), PIN: "771100"})
			return err
		}, first},
		"a text that does": {func(t *testing.T, l *lineUnderTest) error {
			_, err := l.Enrol(t.Context(), store.Enrolment{Event: l.event(later), Number: number(t, ann), Confirmed: true})
			return err
		}, moved},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := setUpMembers(t)
			l.byPhone(t, ann, "482913", l.groups[0])
			if got := l.safeUntil(t, ann); got != "never" {
				t.Errorf("before it is confirmed: %s", got)
			}
			l.confirm(t, ann)
			if got := l.safeUntil(t, ann); got != first {
				t.Errorf("confirmed: %s", got)
			}
			if err := c.do(t, l); err != nil {
				t.Fatal(err)
			}
			if got := l.safeUntil(t, ann); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// recheck is the night's work on the nth day from noon.
func (l *lineUnderTest) recheck(t *testing.T, day, asked, stopped int) {
	t.Helper()
	a, s, err := l.Recheck(t.Context(), l.id, noon.AddDate(0, 0, day), l.groups)
	if err != nil || a != asked || s != stopped {
		t.Errorf("on day %d: %d asked, %d stopped, %v; want %d and %d", day, a, s, err, asked, stopped)
	}
}

func (l *lineUnderTest) rechecks(t *testing.T, state string) int {
	t.Helper()
	return l.count(t, `SELECT count(*) FROM outbox WHERE kind = 'recheck' AND member_id IS NOT NULL AND state = $1`, state)
}

// Day 90 is the Monday on which the 90 days of somebody who was there at noon are
// over; day 104 the one until which they may answer.
func TestWhoSaysNothingIsWrittenToNoMore(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byPhone(t, ann, "482913", l.groups[0])
	l.confirm(t, ann)
	do(t, l.look, `DELETE FROM outbox`)
	l.recheck(t, 89, 0, 0)
	l.recheck(t, 90, 1, 0)
	l.recheck(t, 91, 0, 0)
	if n := l.count(t, `
		SELECT count(*) FROM outbox
		WHERE kind = 'recheck' AND due_at BETWEEN $1 AND $1 + interval '6 days' AND expires_at = '2027-03-08T00:00:00Z'`, noon.AddDate(0, 0, 90)); n != 1 {
		t.Fatal("no question, or not in its time")
	}
	do(t, l.look, `UPDATE outbox SET state = 'done', outcome = 'delivered'`)
	l.recheck(t, 103, 0, 0)
	l.recheck(t, 104, 0, 1)
	l.wantStates(t, ann, map[string]string{l.groups[0]: "stopped"})
	if h := l.holdings(t, ann).Member; !h.Stopped || h.StoppedWhy != "silence" {
		t.Errorf("held: stopped %t, why %q", h.Stopped, h.StoppedWhy)
	}
	do(t, l.look, `DELETE FROM outbox`)
	l.recheck(t, 105, 0, 0)
	l.recheck(t, 200, 0, 0) // nobody asks who is stopped
	if err := l.Confirm(t.Context(), l.event(noon.AddDate(0, 0, 201)), number(t, ann), l.groups); err != nil {
		t.Fatal(err)
	}
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active"})
}

// All who are to be asked on one day are not asked in one hour, nor in a quiet one.
func TestQuestionsAreSpreadOverSafeHours(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	// Each has a day and a minute by chance: of so many, that a day stays empty happens
	// once in a billion runs.
	const members = 100
	for i := range members {
		l.byText(t, fmt.Sprintf("+121255502%02d", i), l.groups[0])
	}
	night := time.Date(2027, 2, 22, 3, 0, 0, 0, newYork)
	if asked, _, err := l.Recheck(t.Context(), l.id, night, l.groups); err != nil || asked != members {
		t.Fatal(asked, err)
	}
	var first, last, hours, days int
	if err := l.look.QueryRowContext(t.Context(), `
		WITH due AS (SELECT due_at AT TIME ZONE 'America/New_York' AS at FROM outbox WHERE kind = 'recheck')
		SELECT min(extract(hour FROM at)), max(extract(hour FROM at)), count(DISTINCT date_trunc('hour', at)), count(DISTINCT at::date) FROM due
		WHERE at BETWEEN '2027-02-22' AND '2027-02-27'`).Scan(&first, &last, &hours, &days); err != nil {
		t.Fatal(err)
	}
	if first < flows.DayBegins || last >= flows.DayEnds || hours < 10 || days != 5 {
		t.Errorf("between %d and %d o'clock, in %d hours of %d days", first, last, hours, days)
	}
}

// breakMemberships has every change of a membership fail until it is mended.
func (l *lineUnderTest) breakMemberships(t *testing.T) (mend func()) {
	t.Helper()
	do(t, l.look, `CREATE FUNCTION boom() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'x'; END $$`)
	do(t, l.look, `CREATE TRIGGER boom BEFORE UPDATE ON membership FOR EACH ROW EXECUTE FUNCTION boom()`)
	return func() { do(t, l.look, `DROP TRIGGER boom ON membership`) }
}

// A program that ends in the middle of a stop leaves nobody reminded for good.
func TestAStopThatWasInterruptedIsFinishedAtNight(t *testing.T) {
	t.Parallel()
	l, b := reminded(t)
	l.byText(t, bea, l.groups[0])
	l.confirm(t, bea)
	l.remind(t, l.groups[0], "2026-11-24", "15m", store.Reminder, flows.ByText)
	mend := l.breakMemberships(t)
	if err := l.Stop(t.Context(), l.event(noon), number(t, ann), true, l.groups); err == nil {
		t.Fatal("it was not interrupted")
	}
	mend()
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active", l.groups[2]: "active"})
	for range 2 {
		l.recheck(t, 0, 0, 0)
		l.wantStates(t, ann, map[string]string{l.groups[0]: "stopped", l.groups[2]: "stopped"})
		l.wantStates(t, bea, map[string]string{l.groups[0]: "active"})
	}
	if rows := b.taken(t, flows.ByText, noon); len(rows) != 1 { // bea's
		t.Errorf("%d rows go out", len(rows))
	}
}

func TestWhoAnswersIsAskedAgainIn90Days(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(*lineUnderTest, store.Event) error{
		"by OK": func(l *lineUnderTest, e store.Event) error {
			return l.Confirm(t.Context(), e, number(t, ann), l.groups)
		},
		"by a visit": func(l *lineUnderTest, e store.Event) error { return l.Seen(t.Context(), e, number(t, ann)) },
	} {
		l := setUpMembers(t)
		l.byText(t, ann, l.groups[0])
		l.recheck(t, 90, 1, 0)
		if err := answer(l, l.event(noon.AddDate(0, 0, 91))); err != nil {
			t.Fatal(err)
		}
		if n := l.rechecks(t, "lapsed"); n != 1 {
			t.Errorf("what was answered %s before it was asked is asked still", name)
		}
		do(t, l.look, `DELETE FROM outbox`)
		l.recheck(t, 104, 0, 0)
		l.recheck(t, 180, 0, 0)
		l.recheck(t, 181, 1, 0)
		l.wantStates(t, ann, map[string]string{l.groups[0]: "active"})
	}
}

// Nobody is silent who was not asked.
func TestWhoCouldNotBeAskedIsAskedAgain(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"due", "failed", "lapsed"} {
		l := setUpMembers(t)
		l.byText(t, ann, l.groups[0])
		l.recheck(t, 90, 1, 0)
		do(t, l.look, `UPDATE outbox SET state = $1`, state)
		l.recheck(t, 104, 1, 0)
		if n := l.rechecks(t, "due"); n != 1 {
			t.Errorf("%s: %d questions wait", state, n)
		}
		do(t, l.look, `UPDATE outbox SET state = 'accepted' WHERE state = 'due'`)
		l.recheck(t, 118, 0, 1)
	}
}

// The memberships follow, though the night's work was cut off before they could.
func TestARecheckThatWasInterrupted(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byText(t, ann, l.groups[0])
	l.recheck(t, 90, 1, 0)
	do(t, l.look, `UPDATE outbox SET state = 'accepted'`)
	mend := l.breakMemberships(t)
	if _, _, err := l.Recheck(t.Context(), l.id, noon.AddDate(0, 0, 104), l.groups); err == nil {
		t.Fatal("it was not interrupted")
	}
	mend()
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active"})
	l.recheck(t, 105, 0, 0)
	l.wantStates(t, ann, map[string]string{l.groups[0]: "stopped"})
}

func TestANumberThatCannotBeReached(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	unreachable := func(n string) {
		t.Helper()
		if err := l.Unreachable(t.Context(), l.event(noon), number(t, n), l.groups); err != nil {
			t.Fatal(err)
		}
	}
	l.byPhone(t, ann, "482913", l.groups[0])
	l.confirm(t, ann)
	unreachable(ann)
	unreachable(bea) // nobody
	l.wantStates(t, ann, map[string]string{l.groups[0]: "stopped"})
	if h := l.holdings(t, ann).Member; !h.Stopped || h.StoppedWhy != "unreachable" {
		t.Errorf("held: stopped %t, why %q", h.Stopped, h.StoppedWhy)
	}
	act := l.act(l.member(t, ann, "482913"))
	for _, stop := range []bool{true, false} {
		act.Event = l.event(noon)
		if err := l.StopMember(t.Context(), act, stop, l.groups); err != nil {
			t.Fatal(err)
		}
		if h := l.holdings(t, ann).Member; h.Stopped != stop || h.StoppedWhy != "" {
			t.Errorf("stopped %t, why %q", h.Stopped, h.StoppedWhy)
		}
	}
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active"})

	// Their own word is not taken back by anything but theirs.
	l.stop(t, ann, true)
	unreachable(ann)
	l.confirm(t, ann)
	l.wantStates(t, ann, map[string]string{l.groups[0]: "stopped"})

	l.byPhone(t, cat, "482913", l.groups[0])
	unreachable(cat)
	if n := l.count(t, `SELECT count(*) FROM outbox WHERE state = 'due'`); n != 0 {
		t.Error("who cannot be reached is asked to confirm")
	}
	if err := l.StopMember(t.Context(), l.act("4f9c1a52-63d7-4a7e-9d5b-2f1e8c70bb09"), true, l.groups); err != nil {
		t.Errorf("nobody: %v", err)
	}
}
