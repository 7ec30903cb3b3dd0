package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// circle is an occurrence of a group, the day after noon.
func circle(group string) store.Firing {
	return store.Firing{
		Group: group, Meeting: "4f9c1a52-63d7-4a7e-9d5b-2f1e8c70bb01", Date: schedule.Date{Year: 2026, Month: time.November, Day: 25},
		Purpose: "24h", Start: noon.Add(24 * time.Hour), Expires: noon.Add(24 * time.Hour),
	}
}

// toldOf puts a row about f into the outbox, for n's membership, as if it had come
// to a state at a time. It returns the row.
func (l *lineUnderTest) toldOf(t *testing.T, n string, f store.Firing, kind store.Kind, state store.SendState, at time.Time) string {
	t.Helper()
	pseudonym, err := l.Pseudonym(t.Context(), l.id, number(t, n), f.Group)
	if err != nil {
		t.Fatal(err)
	}
	do(t, l.look, `
		INSERT INTO firing (line_id, firing_id, group_id, meeting_id, date, purpose, start_at, expires_at)
		VALUES ($1, gen_random_uuid(), $2, $3, $4, $5, $6, $7)
		ON CONFLICT DO NOTHING`, l.id, f.Group, f.Meeting, f.Date.String(), string(f.Purpose), f.Start, f.Expires)
	return texts(t, l.look, `
		INSERT INTO outbox (line_id, outbox_id, kind, channel, pseudonym, firing_id, state, due_at, expires_at, attempts, intent_at)
		SELECT line_id, gen_random_uuid(), $2, 'text', $3, firing_id, $4, $5, expires_at, 1, $5
		FROM firing
		WHERE line_id = $1 AND group_id = $6 AND meeting_id = $7 AND date = $8 AND purpose = $9
		RETURNING outbox_id`, l.id, string(kind), pseudonym, string(state), at, f.Group, f.Meeting, f.Date.String(), string(f.Purpose))[0]
}

// row is what came of a row of the outbox: its state, and the answer.
func (l *lineUnderTest) row(t *testing.T, id string) string {
	t.Helper()
	return texts(t, l.look, `SELECT concat_ws(' ', state, reason, answer) FROM outbox WHERE outbox_id = $1`, id)[0]
}

func (l *lineUnderTest) says(t testing.TB, n string, coming bool, at time.Time) {
	t.Helper()
	if err := l.Coming(t.Context(), l.event(at), number(t, n), coming, l.groups); err != nil {
		t.Fatal(err)
	}
}

func TestInAndOutAnswerTheNewestReminder(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	first, second := l.groups[0], l.groups[2]
	for _, group := range []string{first, second} {
		l.byText(t, ann, group)
		l.byText(t, bea, group)
	}
	soon := circle(first)
	soon.Purpose = "15m"
	ring := circle(first)
	ring.Purpose = store.Starting
	rows := map[string]string{
		"another group, before": l.toldOf(t, ann, circle(second), store.Reminder, store.SendAccepted, noon.Add(-time.Hour)),
		"the newest":            l.toldOf(t, ann, circle(first), store.Reminder, store.SendDone, noon.Add(-time.Minute)),
		"the next":              l.toldOf(t, ann, soon, store.Reminder, store.SendDue, noon.Add(23*time.Hour)),
		"call me":               l.toldOf(t, ann, ring, store.CallMe, store.SendDue, noon.Add(24*time.Hour)),
		"somebody else's":       l.toldOf(t, bea, soon, store.Reminder, store.SendDue, noon.Add(23*time.Hour)),
	}
	want := map[string]string{
		"another group, before": "accepted", "the newest": "done", "the next": "due", "call me": "due", "somebody else's": "due",
	}
	check := func(what string) {
		t.Helper()
		got := map[string]string{}
		for name, id := range rows {
			got[name] = l.row(t, id)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	f, found, err := l.Newest(t.Context(), l.id, number(t, ann), l.groups, noon)
	if wanted := circle(first); err != nil || !found || f.Group != first || f.Meeting != wanted.Meeting || f.Date != wanted.Date || f.Purpose != "24h" || !f.Start.Equal(wanted.Start) {
		t.Errorf("the newest is %+v, %t, %v", f, found, err)
	}

	l.says(t, ann, true, noon)
	want["the newest"] = "done in"
	check("in")
	if held := l.holdings(t, ann).Outbox; !slices.ContainsFunc(held, func(s store.HeldSend) bool { return s.Answer == "in" }) {
		t.Errorf("the answer is not told: %+v", held)
	}
	out := l.event(noon)
	for range 2 {
		if err := l.Coming(t.Context(), out, number(t, ann), false, l.groups); err != nil {
			t.Fatal(err)
		}
	}
	want["the newest"], want["the next"], want["call me"] = "done out", "lapsed not coming", "lapsed not coming"
	check("out")
	if coming, not := l.counted(t, "coming"), l.counted(t, "not_coming"); coming != 1 || not != 1 {
		t.Errorf("counted %d and %d", coming, not)
	}

	// A late repetition undoes nothing; the answer is on one row alone.
	rows["later"] = l.toldOf(t, ann, soon, store.Reminder, store.SendUnknown, noon.Add(time.Hour))
	l.says(t, ann, true, noon.Add(2*time.Hour))
	if err := l.Coming(t.Context(), out, number(t, ann), false, l.groups); err != nil {
		t.Fatal(err)
	}
	want["later"], want["the newest"] = "unknown in", "done"
	check("in after all")
	if err := l.ComingRow(t.Context(), l.event(noon), rows["somebody else's"], true); err != nil {
		t.Fatal(err)
	}
	want["somebody else's"] = "due in"
	check("by a key in a call")
}

func (l *lineUnderTest) counted(t testing.TB, name string) int {
	t.Helper()
	return l.count(t, `SELECT coalesce(sum(count), 0) FROM daily_count WHERE name = $1`, name)
}

func TestInWithNothingToAnswer(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byText(t, ann, l.groups[0])
	old := l.toldOf(t, ann, circle(l.groups[0]), store.Reminder, store.SendAccepted, noon.Add(-36*time.Hour))
	waits := circle(l.groups[0])
	waits.Purpose = "15m"
	due := l.toldOf(t, ann, waits, store.Reminder, store.SendDue, noon)
	for _, n := range []string{ann, bea} {
		l.says(t, n, false, noon)
		if _, found, err := l.Newest(t.Context(), l.id, number(t, n), l.groups, noon); found || err != nil {
			t.Errorf("something is there to be answered: %v", err)
		}
	}
	if a, b := l.row(t, old), l.row(t, due); a != "accepted" || b != "due" {
		t.Errorf("answered: %s, %s", a, b)
	}
	const gone = "4f9c1a52-63d7-4a7e-9d5b-2f1e8c70bb09"
	if err := l.ComingRow(t.Context(), l.event(noon), gone, true); err != nil {
		t.Errorf("a row that is gone: %v", err)
	}
	if _, err := l.RowFiring(t.Context(), l.id, gone); !isNotFound(err) {
		t.Errorf("what a row that is gone tells of: %v", err)
	}
	if n := l.counted(t, "coming") + l.counted(t, "not_coming"); n != 0 {
		t.Errorf("counted %d", n)
	}
}
