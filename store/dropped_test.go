package store_test

import (
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

func TestAConnectionThatClosesMidWriteDoesNotDouble(t *testing.T) {
	t.Parallel()
	dsn := storetest.URL(t)
	proxy, through := newCutter(t, dsn)
	db := openURL(t, through)
	line := ensureLine(t, db, storetest.Keyring(t))
	look := raw(t, dsn)
	const query = `SELECT coalesce(sum(count), 0) FROM daily_count`

	// What the driver does to a bare statement, which is why we have none.
	proxy.cutAt(1)
	if err := db.BareCount(t.Context(), line, day.String()); err != nil {
		t.Logf("a bare statement: %v", err)
	}
	bare := count(t, look, query)
	if proxy.cut() != 1 || bare == 0 {
		t.Fatalf("%d connections were cut, and the count is %d: the proxy does not do its work", proxy.cut(), bare)
	}
	t.Logf("a bare statement that was cut counted %d for 1", bare)

	proxy.cutAt(2) // the first answers BEGIN
	one := map[store.Count]int{store.CodeWrong: 1}
	if err := db.AddCounts(t.Context(), line, day, one); !errors.Is(err, store.ErrUnreachable) {
		t.Errorf("a write that was cut: %v", err)
	}
	if proxy.cut() != 2 {
		t.Fatal("the write was not cut")
	}
	if got := count(t, look, query); got != bare {
		t.Errorf("a write that failed counted %d", got-bare)
	}
	if err := db.AddCounts(t.Context(), line, day, one); err != nil {
		t.Fatal(err)
	}
	if got := count(t, look, query); got != bare+1 {
		t.Errorf("one write counted %d", got-bare)
	}
}

// every is the answers at which a path is cut: each of the first twenty, and
// then ever fewer, until the path is through before its connection is cut.
func every(k int) int { return k + 1 + max(0, k-20)/4 }

// Whatever the moment at which a connection closes, a path that is taken again
// leaves the rows that one leaves whose connection holds.
func TestConnectionsThatCloseChangeNoRow(t *testing.T) {
	t.Parallel()
	for _, path := range writePaths {
		t.Run(path.name, func(t *testing.T) {
			t.Parallel()
			dsn := storetest.URL(t)
			b := bench{look: raw(t, dsn)}
			b.proxy, b.through = newCutter(t, dsn)
			before, _ := b.take(t, path, -1)
			whole, _ := b.take(t, path, 0)
			cuts := 0
			for k := 1; ; k = every(k) {
				rows, cut := b.take(t, path, k)
				if !cut {
					break
				}
				cuts++
				if path.once && cmp.Equal(rows, before) {
					continue
				}
				if diff := cmp.Diff(whole, rows); diff != "" {
					t.Errorf("cut at answer %d (-want +got):\n%s", k, diff)
				}
			}
			if cuts < 3 { // BEGIN, a statement, COMMIT
				t.Errorf("it was cut %d times: the sweep does not reach it", cuts)
			}
		})
	}
}

// bench is a database on which one path is taken again and again.
type bench struct {
	proxy   *cutter
	through string // by the proxy
	look    *sql.DB
}

// take takes a path from an empty database on. Its connection is cut at the k-th
// answer, and it is taken again if it failed; 0 does not cut, and with less it is
// not taken at all. It returns the rows there are then.
func (b bench) take(t *testing.T, path writePath, k int) (rows []string, cut bool) {
	t.Helper()
	b.empty(t)
	p := newPaths(t, b.through)
	defer func() { _ = p.db.Close() }()
	if path.before != nil {
		path.before(t, p, b.look)
	}
	if k >= 0 {
		cuts := b.proxy.cut()
		b.proxy.cutAt(k)
		err := path.do(t.Context(), p)
		b.proxy.cutAt(0)
		cut = b.proxy.cut() > cuts
		if err != nil && !cut {
			t.Fatal(err)
		}
		if err != nil && !path.once {
			if err := path.do(t.Context(), p); err != nil {
				t.Fatalf("again: %v", err)
			}
		}
	}
	return allRows(t, b.look), cut
}

// empty takes every row out, also those that triggers keep.
func (b bench) empty(t *testing.T) {
	t.Helper()
	deletes := texts(t, b.look, `
		SELECT format('DELETE FROM %s', c.oid::regclass)
		FROM pg_class c
		WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'keys'::regnamespace) AND c.relname <> 'goose_db_version'`)
	do(t, b.look, `SET session_replication_role = replica; `+strings.Join(deletes, "; ")+`; SET session_replication_role = origin`)
}

// allRows is every row of every table, without what differs from one database to
// the next: ids, what is sealed, codes that were made up.
func allRows(t *testing.T, look *sql.DB) []string {
	t.Helper()
	var query string
	if err := look.QueryRowContext(t.Context(), `
		SELECT string_agg(format('SELECT %L || (to_jsonb(x) - %L::text[])::text FROM %s x', c.oid::regclass || ' ', a.random, c.oid::regclass), ' UNION ALL ') || ' ORDER BY 1'
		FROM pg_class c
		JOIN (
			SELECT attrelid, array_agg(attname::text) FILTER (WHERE atttypid IN ('uuid'::regtype, 'bytea'::regtype) OR attname IN ('code', 'keysets', 'pin_hash')) AS random
			FROM pg_attribute
			WHERE attnum > 0
			GROUP BY attrelid
		) a ON a.attrelid = c.oid
		WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'keys'::regnamespace) AND c.relname <> 'goose_db_version'`).Scan(&query); err != nil {
		t.Fatal(err)
	}
	return texts(t, look, query)
}
