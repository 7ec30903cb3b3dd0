package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

func TestSurvey(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	quarter := midday.Add(-15 * time.Minute)
	for i, row := range []struct {
		is  string
		due time.Time
	}{
		{`state = 'due'`, midday.Add(time.Hour)},
		{`state = 'due', reason = 'throttled'`, midday},
		{`state = 'due'`, midday.Add(-time.Minute)},
		{`state = 'due'`, quarter},
		{`state = 'intent', intent_at = due_at`, midday},
		{`state = 'unknown', intent_at = due_at`, quarter},
		{`state = 'accepted'`, quarter},
		{`state = 'done', outcome = 'delivered'`, midday},
		{`state = 'done', outcome = 'delivered'`, midday},
		{`state = 'done', outcome = 'machine', channel = 'call'`, midday},
		{`state = 'lapsed', reason = 'nobody knows'`, midday},
	} {
		id := b.put(t, i, row.due)
		do(t, b.sql, `UPDATE outbox SET `+row.is+` WHERE outbox_id = $1`, id)
	}
	got, err := b.Survey(t.Context(), midday, b.line)
	if err != nil {
		t.Fatal(err)
	}
	fate := func(s store.SendState, o store.Outcome, reason string, rows int) store.Fate {
		return store.Fate{Kind: store.Confirmation, Channel: flows.ByText, State: s, Outcome: o, Reason: reason, Rows: rows}
	}
	call := fate(store.SendDone, store.Machine, "", 1)
	call.Channel = flows.ByCall
	want := store.Survey{
		Backlogs: []store.Backlog{{Kind: store.Confirmation, Channel: flows.ByText, Waiting: 1, Due: 3, Late: 2, Stuck: 2, Oldest: quarter}},
		Fates: []store.Fate{
			call, fate(store.SendAccepted, "", "", 1), fate(store.SendDone, store.Delivered, "", 2), fate(store.SendDue, "", "throttled", 1),
			fate(store.SendIntent, "", "", 1), fate(store.SendLapsed, "", "nobody knows", 1), fate(store.SendUnknown, "", "", 1),
		},
		Left: map[string]float64{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if other, err := b.Survey(t.Context(), midday, "00000000-0000-4000-8000-0000000000ff"); err != nil || cmp.Diff(store.Survey{Backlogs: []store.Backlog{}, Fates: []store.Fate{}, Left: map[string]float64{}}, other) != "" {
		t.Errorf("another line: %+v, %v", other, err)
	}
}

func TestWhoIsExpected(t *testing.T) {
	t.Parallel()
	l, b := reminded(t)
	for _, who := range []string{bea, cat} {
		l.byText(t, who, l.groups[0])
	}
	for _, purpose := range []string{"24h", "15m"} {
		l.remind(t, l.groups[0], "2026-11-24", purpose, store.Reminder, flows.ByText)
	}
	l.remind(t, l.groups[0], "2026-12-01", "24h", store.Reminder, flows.ByText)
	// Everybody comes, a day before; one of them does not, a quarter of an hour before.
	do(t, l.look, `UPDATE outbox SET answer = 'in', due_at = due_at - interval '1 day' WHERE firing_id IN (SELECT firing_id FROM firing WHERE purpose = '24h')`)
	do(t, l.look, `UPDATE outbox SET answer = 'out' WHERE outbox_id = (
		SELECT outbox_id FROM outbox JOIN firing USING (line_id, firing_id) WHERE purpose = '15m' LIMIT 1)`)
	in, out, err := b.Expected(t.Context(), l.id, l.groups[0], meetingID, schedule.Date{Year: 2026, Month: 11, Day: 24})
	if err != nil || in != 2 || out != 1 {
		t.Errorf("%d come and %d do not, %v", in, out, err)
	}
}
