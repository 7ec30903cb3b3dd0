package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

// BenchmarkChange measures how long a change of one of 50 rooms takes, whose state is
// 4 KiB, when 8 clients make one after the other without a pause; and how long the
// statements that it takes do by themselves, of bytes of the same length. The two take
// turns.
func BenchmarkChange(b *testing.B) {
	const rooms, clients, changes, turns = 50, 8, 4000, 5
	l := setUpSessions(b)
	state := bytes.Repeat([]byte("seat"), 1000)
	bare := raw(b, l.url+"&binary_parameters=yes")
	bare.SetMaxOpenConns(clients)
	bare.SetMaxIdleConns(clients)
	ids := make([]store.SessionID, rooms)
	for i := range ids {
		ids[i] = l.ID(l.id, fmt.Sprint("room ", i))
		l.change(b, fmt.Sprint("room ", i), to(string(state)))
	}
	do(b, l.look, `CREATE TABLE bare (LIKE keys.session INCLUDING ALL); INSERT INTO bare SELECT * FROM keys.session`)
	sealed := column(b, l.look, `SELECT state FROM keys.session LIMIT 1`)[0]
	ways := []func(int) error{
		func(i int) error {
			return l.Change(b.Context(), ids[i%rooms], func([]byte) (store.SessionChange, error) {
				return store.SessionChange{State: state, Wake: noon.Add(time.Duration(i) * time.Second), Gone: noon.Add(time.Hour)}, nil
			})
		},
		func(i int) error {
			return bareChange(b.Context(), bare, ids[i%rooms], sealed, noon.Add(time.Duration(i)*time.Second))
		},
	}
	took := make([][]time.Duration, len(ways))
	spent := make([]time.Duration, len(ways))
	for b.Loop() {
		for range turns {
			for w, way := range ways {
				start := time.Now()
				took[w] = append(took[w], inTurns(b, clients, changes/turns, way)...)
				spent[w] += time.Since(start)
			}
		}
	}
	for w, name := range []string{"", "bare-"} {
		slices.Sort(took[w])
		n := len(took[w])
		b.ReportMetric(float64(n)/spent[w].Seconds(), name+"changes/s")
		b.ReportMetric(float64(took[w][n/2])/1e6, name+"p50-ms")
		b.ReportMetric(float64(took[w][n*95/100])/1e6, name+"p95-ms")
	}
	b.ReportMetric(float64(spent[0])/float64(spent[1]), "ratio")
}

// inTurns does n things by so many clients, and returns how long each took.
func inTurns(b *testing.B, clients, n int, do func(i int) error) []time.Duration {
	took := make([]time.Duration, n)
	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			for i := c; i < n; i += clients {
				start := time.Now()
				if err := do(i); err != nil {
					b.Error(err)
				}
				took[i] = time.Since(start)
			}
		})
	}
	all.Wait()
	return took
}

func bareChange(ctx context.Context, db *sql.DB, id store.SessionID, state []byte, wake time.Time) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	var before []byte
	if err := tx.QueryRowContext(ctx, `SELECT state FROM bare WHERE line_id = $1 AND mark = $2 FOR UPDATE`, id.Line, id.Mark).Scan(&before); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE bare SET state = $3, wake_at = $4 WHERE line_id = $1 AND mark = $2`, id.Line, id.Mark, state, wake); err != nil {
		return err
	}
	return tx.Commit()
}
