package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// A message goes a minute after it was written, to those who are in the group then,
// by the way that each has chosen, once.
func TestAMessageGoesToTheGroupOnce(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	l.belongs(t, l.groups[0], 3, `NULL`) // one of them by call
	m := store.NewMessages(l.db, l.keys)
	by := store.By{Actor: "ada", Event: "form", At: noon}
	said := store.Said{Words: flows.Words{"en": "The hall is closed.", "es": "El salón está cerrado."}}
	var one store.Message
	for range 2 { // the form is sent twice
		var err error
		if one, err = m.Write(t.Context(), l.id, by, l.groups[0], "482105", said); err != nil {
			t.Fatal(err)
		}
	}
	plan := func(at time.Time, want int) {
		t.Helper()
		if rows, err := l.box.PlanMessages(t.Context(), at, l.id); err != nil || rows != want {
			t.Fatalf("%d rows, want %d: %v", rows, want, err)
		}
	}
	plan(noon.Add(59*time.Second), 0)
	plan(noon.Add(time.Minute), 3)
	plan(noon.Add(time.Minute), 0)
	if n := l.count(t, `SELECT count(*) FROM audit WHERE act = 'message.send'`); n != 1 {
		t.Errorf("%d entries", n)
	}
	if intime, err := m.TakeBack(t.Context(), l.id, store.By{Actor: "ada", At: noon.Add(time.Minute)}, one.ID, "482105"); err != nil || intime {
		t.Errorf("it was taken back too late: %t, %v", intime, err)
	}
	all, err := m.List(t.Context(), l.id, []string{l.groups[0]})
	want := store.Message{ID: one.ID, Group: l.groups[0], Said: said, State: store.MessageSent, GoesAt: noon.Add(time.Minute), Recipients: 3}
	if diff := cmp.Diff([]store.Message{want}, all, cmp.Comparer(time.Time.Equal)); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if none, err := m.List(t.Context(), l.id, []string{l.groups[1]}); err != nil || len(none) != 0 {
		t.Errorf("another group's: %v, %v", none, err)
	}
	if n := l.count(t, `SELECT count(*) FROM message WHERE encode(words, 'escape') LIKE '%hall%'`); n != 0 {
		t.Error("the words are in clear")
	}
	x := (box{Outbox: l.box, db: l.db, sql: l.look, line: l.id}).taken(t, flows.ByCall, noon.Add(time.Minute))
	if len(x) != 1 || x[0].Firing.Purpose != store.Broadcast || x[0].Kind != store.ToGroup || x[0].Firing.Meeting != one.ID {
		t.Fatalf("%+v", x)
	}
	if got, err := l.SaidTo(t.Context(), l.id, x[0].ID); err != nil || !cmp.Equal(got, said) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := l.SaidTo(t.Context(), l.id, one.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of no row: %v", err)
	}
}

func TestAMessageIsTakenBack(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	l.belongs(t, l.groups[0], 2, `NULL`)
	m := store.NewMessages(l.db, l.keys)
	by := store.By{Actor: "ada", At: noon}
	one, err := m.Write(t.Context(), l.id, by, l.groups[0], "482105", store.Said{Words: flows.Words{"en": "Hello"}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if intime, err := m.TakeBack(t.Context(), l.id, by, one.ID, "482105"); err != nil || !intime {
			t.Errorf("%t, %v", intime, err)
		}
	}
	if rows, err := l.box.PlanMessages(t.Context(), noon.Add(time.Hour), l.id); err != nil || rows != 0 {
		t.Errorf("%d rows, %v", rows, err)
	}
	if _, err := m.TakeBack(t.Context(), l.id, by, "no such message", ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of none: %v", err)
	}
	if _, err := m.Write(t.Context(), l.id, by, l.groups[0], "482105", store.Said{}); err == nil {
		t.Error("a message that says nothing")
	}
}

// What became of a group's rows is told by count, and each way to end apart.
func TestOutcomesOfAGroup(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	l.belongs(t, l.groups[0], 3, `NULL`)
	m := store.NewMessages(l.db, l.keys)
	if _, err := m.Write(t.Context(), l.id, store.By{Actor: "ada", At: noon}, l.groups[0], "482105", store.Said{Words: flows.Words{"en": "Hello"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.box.PlanMessages(t.Context(), noon.Add(time.Minute), l.id); err != nil {
		t.Fatal(err)
	}
	do(t, l.look, `UPDATE outbox SET state = 'failed', reason = 'permanent 30003', outcome = 'not delivered' WHERE outbox_id = (SELECT min(outbox_id::text)::uuid FROM outbox WHERE channel = 'text')`)
	got, err := m.Outcomes(t.Context(), l.id, l.groups[0], noon)
	if err != nil || len(got) != 1 || got[0].Purpose != store.Broadcast {
		t.Fatalf("%+v, %v", got, err)
	}
	want := []store.FiringFate{
		{Kind: store.ToGroup, Channel: flows.ByCall, State: store.SendDue, Rows: 1},
		{Kind: store.ToGroup, Channel: flows.ByText, State: store.SendDue, Rows: 1},
		{Kind: store.ToGroup, Channel: flows.ByText, State: store.SendFailed, Outcome: store.NotDelivered, Reason: "permanent 30003", Rows: 1},
	}
	if diff := cmp.Diff(want, got[0].Fates); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if other, err := m.Outcomes(t.Context(), l.id, l.groups[1], noon); err != nil || len(other) != 0 {
		t.Errorf("of another group: %v, %v", other, err)
	}
}

// Whom a message would reach is told by how they are reached, and never whom.
func TestAudience(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byText(t, ann, l.groups[0])
	l.byText(t, bea, l.groups[0])
	l.byText(t, cat, l.groups[1])
	got, err := l.Audience(t.Context(), l.id, l.groups[0])
	want := store.Audience{Reaches: []store.Reach{{Lang: "en", Channel: flows.ByText, Country: "US", People: 2}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	do(t, l.look, `UPDATE membership SET state = 'stopped'`)
	if got, err = l.Audience(t.Context(), l.id, l.groups[0]); err != nil || got.People() != 0 || got.Stopped != 2 {
		t.Errorf("%+v, %v", got, err)
	}
}
