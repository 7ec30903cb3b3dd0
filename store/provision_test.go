package store_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/store"
)

// What stood at the carrier is sealed, can be had back, the last first, and is in the
// log twice: when it was changed and when it was put back.
func TestProvisions(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	p := store.NewProvisions(l.db, l.keys)
	if _, err := p.Last(t.Context(), l.id); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("last of none: %v", err)
	}
	second := []store.Setting{{Kind: "service", Subject: "MG1", Field: "defers", Before: "false", After: "true"}}
	for i, c := range [][]store.Setting{changes, changes, second} { // the second one is a form that was sent twice
		by := entered
		by.At = noon.Add(time.Duration(i) * time.Minute)
		if i == 2 {
			by.Event = "another"
		}
		if err := p.Save(t.Context(), l.id, by, c); err != nil {
			t.Fatal(err)
		}
	}
	var sealed []byte
	if err := l.look.QueryRowContext(t.Context(), `SELECT changes FROM provision ORDER BY at LIMIT 1`).Scan(&sealed); err != nil || bytes.Contains(sealed, []byte("canary")) {
		t.Errorf("%q, %v", sealed, err)
	}
	for _, want := range [][]store.Setting{second, changes} {
		last, err := p.Last(t.Context(), l.id)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, last.Changes); diff != "" {
			t.Errorf("last (-want +got):\n%s", diff)
		}
		if err := p.Undone(t.Context(), l.id, store.By{Actor: "Ann Owner", At: noon}, last.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.Last(t.Context(), l.id); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("last when all is back: %v", err)
	}
	var acts int
	if err := l.look.QueryRowContext(t.Context(), `SELECT count(*) FROM audit WHERE act IN ('number.provision', 'number.restore')`).Scan(&acts); err != nil || acts != 4 {
		t.Errorf("%d acts in the log, %v", acts, err)
	}
}

func TestContact(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	if got, err := l.db.Contact(t.Context(), l.id, noon); err != nil || got != (store.Contact{}) {
		t.Errorf("contact = %+v, %v", got, err)
	}
	day := 24 * time.Hour
	for _, step := range []struct {
		after   time.Duration
		c       store.Contact
		refused int // today and yesterday, then
	}{
		{0, store.Contact{Refused: 2}, 2},
		{time.Hour, store.Contact{Hour: noon.Add(75 * time.Minute), Advanced: true, Refused: 1}, 3},
		{day, store.Contact{Refused: 4}, 7},
		{2 * day, store.Contact{Refused: 1}, 5},
		{5 * day, store.Contact{}, 0},
	} {
		now := noon.Add(step.after)
		if err := l.db.KeepContact(t.Context(), l.id, now, step.c); err != nil {
			t.Fatal(err)
		}
		got, err := l.db.Contact(t.Context(), l.id, now)
		if err != nil || got.Refused != step.refused {
			t.Errorf("after %s: %+v, %v, want %d refused", step.after, got, err, step.refused)
		}
	}
	got, err := l.db.Contact(t.Context(), l.id, noon.Add(7*day))
	if want := (store.Contact{Hour: noon.Add(time.Hour).UTC(), Advanced: true}); err != nil || got != want {
		t.Errorf("contact = %+v, %v, want %+v", got, err, want)
	}
}
