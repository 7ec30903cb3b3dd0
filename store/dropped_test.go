package store_test

import (
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lib/pq"

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

// cutsOf is the answers, of n, at which a path is cut: the first three, the last three,
// among which is the commit's, and between them each, or ever fewer of a long path; under
// the race detector, which makes each many times as dear, every third of those.
func cutsOf(n int) []int {
	step := 1 + n/24
	if slack > 1 {
		step *= 3
	}
	var at []int
	for k := 1; k <= n; k++ {
		if k <= 3 || k > n-3 || k%step == 0 {
			at = append(at, k)
		}
	}
	return at
}

// Whatever the moment at which a connection closes, a path that is taken again
// leaves the rows that one leaves whose connection holds.
func TestConnectionsThatCloseChangeNoRow(t *testing.T) {
	t.Parallel()
	for _, path := range writePaths {
		t.Run(path.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, path)
			whole, _ := b.take(t, 0)
			if cmp.Equal(whole, b.before) != path.still {
				t.Fatalf("it changes a value: %t", path.still)
			}
			cuts := 0
			for _, k := range cutsOf(b.answers) {
				rows, cut := b.take(t, k)
				if !cut {
					break
				}
				cuts++
				if path.once && cmp.Equal(rows, b.before) {
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
	*paths
	path    writePath
	proxy   *cutter
	before  []string // the rows that the path begins with
	answers int      // that it has when nothing is cut

	restore string    // statements that bring them back
	rows    *sql.Stmt // queryOfRows
}

func newBench(t *testing.T, path writePath) *bench {
	t.Helper()
	dsn := storetest.URL(t)
	b := &bench{paths: newPaths(t, dsn), path: path}
	if path.before != nil {
		path.before(t, b.paths)
	}
	var err error
	if b.rows, err = b.look.PrepareContext(t.Context(), queryOfRows(t, b.look)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.rows.Close() })
	b.before = b.all(t)
	do(t, b.look, `CREATE SCHEMA kept`)
	withoutTriggers(t, b.look, `CREATE TABLE kept.%2$I AS TABLE %1$s`)
	var through string
	b.proxy, through = newCutter(t, dsn)
	b.by(t, through)
	return b
}

// back brings the rows back that the path begins with, once it was taken: of the
// tables that had rows or have them. Rows that a cut leaves in another are no path's.
func (b *bench) back(t *testing.T) {
	t.Helper()
	if b.restore == "" {
		ofThem := func(statement string) string { return eachTable(statement) + ` AND c.oid::regclass::text = ANY ($1)` }
		filled := texts(t, b.look, strings.Join(texts(t, b.look, eachTable(`
			SELECT %1$L WHERE EXISTS (SELECT FROM %1$s) OR EXISTS (SELECT FROM kept.%2$I)`)), ` UNION ALL `))
		b.restore = withTriggersOff(append(
			texts(t, b.look, ofThem(`DELETE FROM %1$s`), pq.Array(filled)),
			texts(t, b.look, ofThem(`INSERT INTO %1$s SELECT * FROM kept.%2$I`), pq.Array(filled))...))
	}
	do(t, b.look, b.restore)
}

// take takes the path from its beginning on. Its connection is cut at the k-th
// answer, or not for 0, and it is taken again if it failed. It returns the rows
// there are then.
func (b *bench) take(t *testing.T, k int) (rows []string, cut bool) {
	t.Helper()
	if k > 0 {
		b.back(t)
	}
	if _, err := b.db.FirstLine(t.Context()); err != nil { // so that there is a connection
		t.Fatal(err)
	}
	cuts, answers := b.proxy.cut(), b.proxy.answers()
	b.proxy.cutAt(k)
	err := b.path.do(t.Context(), b.paths)
	b.proxy.cutAt(0)
	if k == 0 {
		b.answers = b.proxy.answers() - answers
	}
	cut = b.proxy.cut() > cuts
	if err != nil && !cut {
		t.Fatal(err)
	}
	if err != nil && !b.path.once {
		b.untilSeen(t)
		if err := b.path.do(t.Context(), b.paths); err != nil {
			t.Fatalf("cut at answer %d: again: %v", k, err)
		}
	}
	return b.all(t), cut
}

// all is the rows there are.
func (b *bench) all(t *testing.T) []string {
	t.Helper()
	rows, err := b.rows.QueryContext(t.Context())
	return allTexts(t, rows, err)
}

// untilSeen waits until the server has seen that a connection was cut: what passes
// over rows that are locked would miss those of a transaction that has not ended yet.
func (b *bench) untilSeen(t *testing.T) {
	t.Helper()
	for count(t, b.look, `
		SELECT count(*)
		FROM pg_stat_activity
		WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND xact_start IS NOT NULL`) > 0 {
	}
}

// eachTable is a query for a statement for each table: %1$s is its name, %2$I the
// same as one word.
func eachTable(statement string) string {
	return `
		SELECT format('` + statement + `', c.oid::regclass, c.oid::regclass)
		FROM pg_class c
		WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'keys'::regnamespace) AND c.relname <> 'goose_db_version'`
}

// withoutTriggers does something of each table, one statement after the other, with
// nothing that keeps a row from going or coming.
func withoutTriggers(t *testing.T, look *sql.DB, statements ...string) {
	t.Helper()
	var all []string
	for _, s := range statements {
		all = append(all, texts(t, look, eachTable(s))...)
	}
	do(t, look, withTriggersOff(all))
}

func withTriggersOff(statements []string) string {
	return `SET session_replication_role = replica; ` + strings.Join(statements, "; ") + `; SET session_replication_role = origin`
}

// queryOfRows is for every row of every table, without what differs from one time to the
// next: ids, times of the server's, codes that were made up. Of bytes there is the
// length.
func queryOfRows(t *testing.T, look *sql.DB) (query string) {
	t.Helper()
	if err := look.QueryRowContext(t.Context(), `
		SELECT string_agg(format('SELECT %1$L || (to_jsonb(x) - %2$L::text[] || jsonb_build_object(%3$s))::text FROM %4$s x',
			c.oid::regclass || ' ', a.random, a.lengths, c.oid::regclass), ' UNION ALL ') || ' ORDER BY 1'
		FROM pg_class c
		JOIN (
			SELECT attrelid, array_agg(attname::text) FILTER (WHERE atttypid = 'uuid'::regtype OR attname IN ('code', 'pin_hash', 'password', 'handle', 'seen_at', 'waiting')) AS random,
				string_agg(format('%1$L, octet_length(%1$I)', attname), ', ') FILTER (WHERE atttypid = 'bytea'::regtype) AS lengths
			FROM pg_attribute
			WHERE attnum > 0
			GROUP BY attrelid
		) a ON a.attrelid = c.oid
		WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'keys'::regnamespace) AND c.relname <> 'goose_db_version'`).Scan(&query); err != nil {
		t.Fatal(err)
	}
	return query
}
