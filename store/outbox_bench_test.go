package store_test

import (
	"context"
	"database/sql"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// BenchmarkDispatch measures how many reminders a second are claimed, opened,
// intended and settled when the carrier takes no time, and how many a bare queue
// claims in one transaction and updates in another, as any must that sends in
// between; by as many goroutines, in turns.
func BenchmarkDispatch(b *testing.B) {
	const rows, workers, turns = 2000, 16, 5
	l, box := reminded(b)
	sql := raw(b, l.url+"&binary_parameters=yes")
	sql.SetMaxOpenConns(workers)
	sql.SetMaxIdleConns(workers)
	if err := l.PlantMemberships(b.Context(), l.id, l.groups[1], number(b, ann), rows); err != nil {
		b.Fatal(err)
	}
	do(b, l.look, `ANALYZE membership, keys.membership`)
	var ours, bare []float64
	for b.Loop() {
		for turn := range turns {
			for i, way := range []func(*lineUnderTest) int{
				func(l *lineUnderTest) int { return dispatch(b, l, box, workers) },
				func(l *lineUnderTest) int { return claimAndUpdate(b, l, sql, workers) },
			} {
				do(b, l.look, `DELETE FROM outbox`)
				do(b, l.look, `DELETE FROM firing; DELETE FROM sent_mark`)
				l.remind(b, l.groups[1], "2026-11-24", "1h", store.Reminder, flows.ByText)
				do(b, l.look, `VACUUM ANALYZE outbox, firing, sent_mark`)
				start := time.Now()
				if n := way(l); n != rows {
					b.Fatalf("turn %d: %d rows are sent", turn, n)
				}
				rate := rows / time.Since(start).Seconds()
				if i == 0 {
					ours = append(ours, rate)
				} else {
					bare = append(bare, rate)
				}
			}
		}
	}
	slices.Sort(ours)
	slices.Sort(bare)
	mine, theirs := ours[len(ours)/2], bare[len(bare)/2]
	b.ReportMetric(mine, "rows/s")
	b.ReportMetric(theirs, "bare-rows/s")
	b.ReportMetric(mine/theirs, "ratio")
}

func dispatch(b *testing.B, l *lineUnderTest, box box, workers int) (sent int) {
	ctx := context.Background()
	limits := store.Limits{Barred: 5, PerMeeting: 2, CallsAWeek: 3}
	type ready struct {
		x  store.Outgoing
		to vault.Number
	}
	rows := make(chan ready)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for r := range rows {
				if p, err := box.Intend(ctx, noon, &r.x, r.to, limits); err != nil || p != store.Permitted {
					b.Error(p, err)
				}
				if _, err := box.Settle(ctx, noon, r.x, store.Settled{To: store.SendAccepted, SID: "SM" + r.x.ID}, limits); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for {
		claimed, err := box.Claim(ctx, noon, l.id, flows.ByText, store.Sender{Name: "text", PerSecond: 1e6, Burst: 1e6}, 4*workers)
		if err != nil {
			b.Fatal(err)
		}
		if len(claimed) == 0 {
			break
		}
		whom, err := l.Recipients(ctx, claimed)
		if err != nil || len(whom) != len(claimed) {
			b.Fatal(len(whom), err)
		}
		for _, x := range claimed {
			rows <- ready{x, whom[x.ID].Number}
		}
		sent += len(claimed)
	}
	close(rows)
	all.Wait()
	return sent
}

func claimAndUpdate(b *testing.B, l *lineUnderTest, db *sql.DB, workers int) (sent int) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for {
				id := ""
				inTx(b, db, func(tx *sql.Tx) error {
					return tx.QueryRow(`
						WITH next AS MATERIALIZED (
							SELECT line_id, outbox_id FROM outbox
							WHERE line_id = $1 AND channel = 'text' AND state = 'due' AND due_at <= $2 AND (lease_until IS NULL OR lease_until <= $2)
							ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
						UPDATE outbox o SET lease_until = $3 FROM next
						WHERE o.line_id = next.line_id AND o.outbox_id = next.outbox_id
						RETURNING o.outbox_id`, l.id, noon, noon.Add(time.Minute)).Scan(&id)
				})
				if id == "" {
					return
				}
				inTx(b, db, func(tx *sql.Tx) error {
					_, err := tx.Exec(`UPDATE outbox SET state = 'accepted', lease_until = NULL WHERE line_id = $1 AND outbox_id = $2`, l.id, id)
					return err
				})
				mu.Lock()
				sent++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return sent
}

// inTx commits what fn does; that there is no row is its end.
func inTx(b *testing.B, db *sql.DB, fn func(*sql.Tx) error) {
	tx, err := db.Begin()
	if err != nil {
		b.Error(err)
		return
	}
	defer func() { _ = tx.Rollback() }()
	if err := fn(tx); err == sql.ErrNoRows {
		return
	} else if err != nil {
		b.Error(err)
		return
	}
	if err := tx.Commit(); err != nil {
		b.Error(err)
	}
}
