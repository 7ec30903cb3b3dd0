package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/store/storetest"
)

// secretTables are those whose rows must not tell when they came, by their keys.
var secretTables = map[string]string{"member": "member_id", "membership": "pseudonym", "keys.member": "member_id", "keys.membership": "pseudonym"}

// rewritten are those, what is counted of numbers, and what is sent.
func rewritten() map[string]string {
	all := maps.Clone(secretTables)
	all["attempt"], all["outbox"] = "counter", "outbox_id"
	return all
}

// peopled is a line with fifty members, made one after the other.
func peopled(t *testing.T) (p *paths, look *sql.DB) {
	t.Helper()
	p = newPaths(t, storetest.URL(t))
	look = p.look
	for table := range rewritten() {
		do(t, look, `ALTER TABLE `+table+` SET (autovacuum_enabled = false)`) // the test says when
	}
	fifty(t, p)
	for range 50 {
		plantAttempt(t, look, p.id)
		plantSend(t, look, p.id)
	}
	return p, look
}

func plantAttempt(t testing.TB, look *sql.DB, line string) {
	t.Helper()
	do(t, look, `INSERT INTO attempt SELECT $1, uuid_send(gen_random_uuid()), 0, 1, '2026-11-23', '2026-11-30'`, line)
}

func plantSend(t testing.TB, look *sql.DB, line string) {
	t.Helper()
	do(t, look, `
		INSERT INTO outbox (line_id, outbox_id, kind, channel, member_id, state, due_at, expires_at, attempts)
		SELECT $1, gen_random_uuid(), 'recheck', 'text', gen_random_uuid(), 'due', '2026-11-23', '2026-11-30', 0`, line)
}

// texts is the one column that a query gives.
func texts(t *testing.T, db *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query, args...)
	return allTexts(t, rows, err)
}

func allTexts(t *testing.T, rows *sql.Rows, err error) []string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestRewriteLevelsWhatTellsTheOrder(t *testing.T) {
	t.Parallel()
	p, look := peopled(t)
	do(t, look, `INSERT INTO line (line_id, ordinal, name, zone, languages, code_length, crisis_name, keysets)
		SELECT gen_random_uuid(), 2, name, zone, languages, code_length, crisis_name, keysets FROM line`)
	other := texts(t, look, `SELECT line_id FROM line WHERE ordinal = 2`)[0]
	plant := func(table string) string {
		return texts(t, look, `SELECT string_agg(x::text, E'\n' ORDER BY x::text) FROM `+table+` x`)[0]
	}
	contents := map[string]string{}
	for table := range rewritten() {
		contents[table] = plant(table)
		if n := count(t, look, `SELECT count(DISTINCT xmin::text) FROM `+table); n < 50 {
			t.Fatalf("%s was written in %d transactions: the test would prove nothing", table, n)
		}
	}
	do(t, look, `INSERT INTO keys.member VALUES ($1, gen_random_uuid(), '', '')`, other)
	untouched := texts(t, look, `SELECT xmin::text || ctid::text FROM keys.member WHERE line_id = $1`, other)

	if err := p.db.Rewrite(t.Context(), p.id); err != nil {
		t.Fatal(err)
	}
	transactions := map[string]bool{}
	for table, key := range rewritten() {
		xmins := texts(t, look, `SELECT DISTINCT xmin::text FROM `+table+` WHERE line_id = $1`, p.id)
		if len(xmins) != 1 || transactions[xmins[0]] {
			t.Errorf("%s: transactions %v: want one, and no other table's", table, xmins)
		}
		transactions[xmins[0]] = true
		keys := texts(t, look, `SELECT `+key+`::text FROM `+table+` WHERE line_id = $1 ORDER BY ctid`, p.id)
		if !slices.IsSorted(keys) || len(keys) != 50 {
			t.Errorf("%s: the rows lie in another order than that of their keys", table)
		}
	}
	if again := texts(t, look, `SELECT xmin::text || ctid::text FROM keys.member WHERE line_id = $1`, other); !slices.Equal(again, untouched) {
		t.Error("another line's row was written")
	}
	do(t, look, `DELETE FROM keys.member WHERE line_id = $1`, other)
	for table, want := range contents {
		if diff := cmp.Diff(want, plant(table)); diff != "" {
			t.Errorf("%s says something else (-want +got):\n%s", table, diff)
		}
	}
}

// Night after night the rows move into the space that the night before last left,
// from wherever Postgres begins to look: in key order, but for the turns.
func TestRewriteAfterManyNights(t *testing.T) {
	t.Parallel()
	p, look := peopled(t)
	for night := range 6 {
		for range 10 {
			plantMember(t, look, p.id)
			plantAttempt(t, look, p.id)
			plantSend(t, look, p.id)
		}
		for table, key := range rewritten() {
			// Somebody leaves in the middle.
			do(t, look, fmt.Sprintf(`DELETE FROM %s WHERE %s = (SELECT %s FROM %s ORDER BY ctid OFFSET 7 LIMIT 1)`, table, key, key, table))
		}
		if err := p.db.Rewrite(t.Context(), p.id); err != nil {
			t.Fatal(err)
		}
		for table, key := range rewritten() {
			keys := texts(t, look, `SELECT `+key+`::text FROM `+table+` ORDER BY ctid`)
			turns := 0
			for i := range keys[1:] {
				if keys[i+1] < keys[i] {
					turns++
				}
			}
			t.Logf("night %d: %s: %d rows, %d turns", night, table, len(keys), turns)
			if turns > 3 {
				t.Errorf("night %d: %s: %d turns among %d rows", night, table, turns, len(keys))
			}
			do(t, look, `VACUUM `+table)
		}
	}
}

// No write is lost to a rewrite, whether it waits for one or one for it, and
// nobody who reads misses a row.
func TestRewriteAmongWriters(t *testing.T) {
	t.Parallel()
	p, look := peopled(t)
	ids := texts(t, look, `SELECT member_id::text FROM member ORDER BY 1`)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var all sync.WaitGroup
	var raised, added, removed, reads atomic.Int64
	until := func(do func(i int) error) {
		all.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				// Without ctx: what is begun is finished, so that the test knows.
				if err := do(i); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	inTx := func(statements ...string) error {
		tx, err := look.BeginTx(context.WithoutCancel(ctx), nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		for _, s := range statements {
			if _, err := tx.Exec(s); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return tx.Commit()
	}
	until(func(i int) error { // a row is read and locked, then written
		id := ids[i%len(ids)]
		var found int
		tx, err := look.BeginTx(context.WithoutCancel(ctx), nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		if err := tx.QueryRow(`SELECT count(*) FROM (SELECT FROM member WHERE member_id = $1 FOR UPDATE) x`, id).Scan(&found); err != nil {
			return err
		}
		if found != 1 {
			return fmt.Errorf("a member is not there")
		}
		if _, err := tx.Exec(`UPDATE member SET index_key = index_key + 1 WHERE member_id = $1`, id); err != nil {
			return err
		}
		raised.Add(1)
		return tx.Commit()
	})
	until(func(i int) error {
		defer raised.Add(1)
		return inTx(`UPDATE member SET index_key = index_key + 1 WHERE member_id = '` + ids[(i*7)%len(ids)] + `'`)
	})
	until(func(int) error {
		defer added.Add(1)
		return inTx(`INSERT INTO keys.member SELECT line_id, gen_random_uuid(), '\x01', '' FROM line`)
	})
	until(func(int) error {
		defer removed.Add(1)
		if err := inTx(`INSERT INTO keys.membership SELECT line_id, decode('01' || repeat('00', 15), 'hex'), '' FROM line`); err != nil {
			return err
		}
		return inTx(`DELETE FROM keys.membership WHERE pseudonym = decode('01' || repeat('00', 15), 'hex')`)
	})
	until(func(int) error {
		defer reads.Add(1)
		var n int
		if err := look.QueryRow(`SELECT count(*) FROM member`).Scan(&n); err != nil || n != len(ids) {
			return fmt.Errorf("who reads sees %d members, %w", n, err)
		}
		return nil
	})
	rewrites := 0
	done := func() int64 { return min(raised.Load(), added.Load(), removed.Load(), reads.Load()) }
	for began := time.Now(); !t.Failed() && ctx.Err() == nil && (min(int64(rewrites), done()) < 5 || time.Since(began) < 2*time.Second); {
		switch err := p.db.Rewrite(t.Context(), p.id); {
		case err == nil:
			rewrites++
		case !contains(err, "55P03"): // on a busy machine it gives way to the writers
			t.Error(err)
		}
	}
	stop()
	all.Wait()
	t.Logf("%d rewrites among %d updates, %d inserts, %d deletes, %d reads", rewrites, raised.Load(), added.Load(), removed.Load(), reads.Load())
	for query, want := range map[string]int{
		`SELECT sum(index_key) - count(*) FROM member`:     int(raised.Load()),
		`SELECT count(*) - 50 FROM keys.member`:            int(added.Load()),
		`SELECT count(*) - 50 FROM keys.membership`:        0,
		`SELECT count(*) - 50 FROM member`:                 0,
		`SELECT count(DISTINCT member_id) FROM member`:     50,
		`SELECT count(DISTINCT pseudonym) FROM membership`: 50,
	} {
		if got := count(t, look, query); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
}

// Somebody who writes for long is not waited for.
func TestRewriteGivesWay(t *testing.T) {
	t.Parallel()
	p, look := peopled(t)
	tx, err := look.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), `UPDATE membership SET state = 'active'`); err != nil {
		t.Fatal(err)
	}
	if err := p.db.Rewrite(t.Context(), p.id); err == nil || !contains(err, "55P03") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v", err)
	}
	if n := count(t, look, `SELECT count(DISTINCT xmin::text) FROM keys.membership`); n != 1 {
		t.Error("the other tables were not written")
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := p.db.Rewrite(t.Context(), p.id); err != nil {
		t.Error(err)
	}
}
