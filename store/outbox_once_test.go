package store_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// Whatever replicas do and leave undone, in any order and at any time, a row goes
// to the carrier at most once without proof that it did not before.
func TestNoRowIsSentTwice(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		id := b.put(t, n, midday)
		now := midday
		was := store.SendDue
		type hand struct {
			x    store.Outgoing
			sent bool // it asked the carrier, or was about to and is not sure
		}
		var hands []hand
		told := 0 // times that the carrier may have it
		look := func(did string) {
			is := b.state(t, id)
			if is != was && !slices.Contains(was.Leads(), is) && !slices.ContainsFunc(was.Leads(), func(s store.SendState) bool { return slices.Contains(s.Leads(), is) }) {
				r.Fatalf("%s took it from %s to %s", did, was, is)
			}
			was = is
		}
		for range 25 {
			did := rapid.SampledFrom([]string{"claim", "intend", "settle", "not sent", "heard", "clear", "tidy", "wait"}).Draw(r, "does")
			var h *hand
			if len(hands) > 0 {
				h = &hands[rapid.IntRange(0, len(hands)-1).Draw(r, "who")]
			}
			switch did {
			case "claim":
				for _, x := range b.claimAll(t, now, 1) {
					hands = append(hands, hand{x: x})
				}
			case "intend":
				if h == nil || h.sent {
					continue
				}
				if b.intend(t, now, &h.x, generous) == store.Permitted {
					h.sent = true
					told++
				}
			case "settle":
				if h == nil || !h.sent {
					continue
				}
				to := rapid.SampledFrom([]store.SendState{store.SendAccepted, store.SendUnknown, store.SendFailed}).Draw(r, "to")
				if _, err := b.Settle(context.Background(), now, h.x, store.Settled{To: to}, generous); err != nil && !errors.Is(err, store.ErrNotFound) {
					t.Fatal(err)
				}
			case "not sent":
				if h == nil {
					continue
				}
				_, err := b.Settle(context.Background(), now, h.x, store.Settled{To: store.SendDue, Again: now}, generous)
				if err == nil && h.sent {
					h.sent = false
					told--
				}
			case "heard":
				if h == nil || !h.sent {
					continue
				}
				to := rapid.SampledFrom([]store.SendState{store.SendAccepted, store.SendDone, store.SendFailed}).Draw(r, "told")
				if _, err := b.Heard(context.Background(), now, store.Heard{Line: b.line, Row: id, Attempt: h.x.Attempts, Settled: store.Settled{To: to}}); err != nil {
					t.Fatal(err)
				}
			case "clear": // what is not in the list is due again only if nothing was sent
				all, err := b.Unknowns(context.Background(), now, b.line)
				if err != nil {
					t.Fatal(err)
				}
				for _, u := range all {
					if told > 0 {
						err = b.Resolve(context.Background(), now, u, store.Settled{To: store.SendAccepted})
					} else {
						err = b.Resolve(context.Background(), now, u, store.Settled{To: store.SendDue, Again: now})
					}
					if err != nil {
						t.Fatal(err)
					}
				}
			case "tidy":
				if _, err := b.Tidy(context.Background(), now); err != nil {
					t.Fatal(err)
				}
			case "wait":
				now = now.Add(time.Duration(rapid.IntRange(1, 90).Draw(r, "s")) * time.Second)
			}
			look(did)
			if told > 1 {
				r.Fatalf("%s: the carrier may have it %d times", did, told)
			}
		}
		if _, err := b.sql.ExecContext(context.Background(), `DELETE FROM outbox`); err != nil {
			t.Fatal(err)
		}
	})
}

// Whoever has locked one row holds up that one, and none of those that are sent with
// it; and it not for long.
func TestOneWhoIsBusyHoldsUpNobody(t *testing.T) {
	t.Parallel()
	l := setUpPlanned(t)
	l.belongs(t, l.groups[0], 20, `NULL`)
	b := box{Outbox: l.box, db: l.db, sql: l.look, line: l.id}
	l.plan(t, l.firing("15m"))
	rows := b.taken(t, flows.ByText, noon)
	hold := func() *sql.Tx {
		t.Helper()
		tx, err := l.look.Begin()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(`SELECT FROM outbox WHERE outbox_id = $1 FOR UPDATE`, rows[3].ID); err != nil {
			t.Fatal(err)
		}
		return tx
	}
	// all does something with all rows at once, and returns once those that are not
	// held are done.
	all := func(do func(x *store.Outgoing) error) (held chan error) {
		held = make(chan error, 1)
		var others sync.WaitGroup
		for i := range rows {
			if i == 3 {
				go func() { held <- do(&rows[i]) }()
				continue
			}
			others.Go(func() {
				if err := do(&rows[i]); err != nil {
					t.Error(err)
				}
			})
		}
		others.Wait()
		return held
	}
	intend := func(x *store.Outgoing) error {
		p, err := b.Intend(context.Background(), noon, x, number(t, ann), careful)
		if err == nil && p != store.Permitted {
			err = errors.New(string(p))
		}
		return err
	}
	tx := hold()
	held := all(intend)
	if n := l.count(t, `SELECT count(*) FROM outbox WHERE state = 'intent'`); n != len(rows)-1 {
		t.Errorf("%d of %d are about to be sent", n, len(rows))
	}
	if err := <-held; err == nil || !strings.Contains(err.Error(), "55P03") {
		t.Errorf("the one that is held: %v", err)
	}
	_ = tx.Rollback()
	if err := intend(&rows[3]); err != nil {
		t.Errorf("and tried again: %v", err)
	}

	tx = hold()
	held = all(func(x *store.Outgoing) error {
		_, err := b.Settle(context.Background(), noon, *x, store.Settled{To: store.SendAccepted, SID: "SM" + x.ID}, careful)
		return err
	})
	if n := l.count(t, `SELECT count(*) FROM outbox WHERE state = 'accepted'`); n != len(rows)-1 {
		t.Errorf("%d of %d are settled", n, len(rows))
	}
	_ = tx.Rollback()
	if err := <-held; err != nil {
		t.Errorf("the one that was held: %v", err)
	}
	if n := l.count(t, `SELECT count(*) FROM outbox WHERE state = 'accepted'`); n != len(rows) {
		t.Errorf("%d of %d are settled in the end", n, len(rows))
	}
}
