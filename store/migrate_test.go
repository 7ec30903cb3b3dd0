package store_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/migrations"
	"github.com/hearthline/hearthline/store/storetest"
)

// migrationCount is how many this program has: they are numbered from 1.
func migrationCount(t *testing.T) int {
	t.Helper()
	files, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	return len(files)
}

func TestMigrateByFourReplicasAtOnce(t *testing.T) {
	t.Parallel()
	url := storetest.EmptyURL(t)
	var all sync.WaitGroup
	for range 4 {
		db := openURL(t, url)
		all.Go(func() {
			if err := db.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := count(t, raw(t, url), `SELECT count(*) FROM goose_db_version WHERE version_id > 0`); n != migrationCount(t) {
		t.Errorf("%d migrations were applied, want %d", n, migrationCount(t))
	}
	ensureLine(t, openURL(t, url), storetest.Keyring(t))
}

func TestMigrateRefusesANewerDatabase(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	db := openURL(t, url)
	if _, err := raw(t, url).ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, true)`); err != nil {
		t.Fatal(err)
	}
	var newer *store.NewerDatabaseError
	if err := db.Migrate(t.Context()); !errors.As(err, &newer) || newer.Database != 9000 || newer.Program != int64(migrationCount(t)) {
		t.Errorf("error %v", err)
	}
}

func TestMigrateLeavesABrokenMigrationUndone(t *testing.T) {
	t.Parallel()
	url := storetest.EmptyURL(t)
	err := openURL(t, url).MigrateFrom(t.Context(), fstest.MapFS{"0001_broken.sql": &fstest.MapFile{
		Data: []byte("-- +goose Up\nCREATE TABLE half (line_id uuid PRIMARY KEY);\nCREATE TABLE broken (x no_such_type);\n"),
	}})
	if err == nil || !contains(err, "42704") {
		t.Errorf("error %v", err)
	}
	if n := count(t, raw(t, url), `SELECT count(*) FROM pg_class WHERE relname = 'half'`); n != 0 {
		t.Error("half of a migration stayed")
	}
}

// Sharding by line rests on it.
func TestEveryPrimaryKeyStartsWithTheLine(t *testing.T) {
	t.Parallel()
	rows, err := raw(t, storetest.URL(t)).QueryContext(t.Context(), `
		SELECT c.relname, coalesce(i.indexrelid::regclass::text, ''), coalesce(a.attname, '')
		FROM pg_class c
		JOIN pg_namespace n ON n.oid = c.relnamespace
		LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
		LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
		WHERE c.relkind IN ('r', 'p')
		  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
		ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	tables := map[string]bool{}
	for rows.Next() {
		var table, index, column string
		if err := rows.Scan(&table, &index, &column); err != nil {
			t.Fatal(err)
		}
		if table == "goose_db_version" { // the migrations' own
			continue
		}
		tables[table] = true
		if column != "line_id" {
			t.Errorf("table %s: primary key %q starts with %q", table, index, column)
		}
	}
	for _, table := range strings.Fields("line line_number groups meeting facilitator flow_version daily_count") {
		if !tables[table] {
			t.Errorf("there is no table %s", table)
		}
	}
}

// Who was a member before anybody was asked whether it is still safe is not asked in
// one week with all the others.
func TestMembersOfBeforeAreAskedOverAQuarter(t *testing.T) {
	t.Parallel()
	url := storetest.EmptyURL(t)
	db, look := openURL(t, url), raw(t, url)
	before := fstest.MapFS{}
	for n := 1; n < 6; n++ {
		names, err := fs.Glob(migrations.Files, fmt.Sprintf("%04d_*.sql", n))
		if err != nil || len(names) != 1 {
			t.Fatal(names, err)
		}
		before[names[0]] = &fstest.MapFile{Data: must(fs.ReadFile(migrations.Files, names[0]))}
	}
	if err := db.MigrateFrom(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	do(t, look, `INSERT INTO line (line_id, ordinal, name, zone, languages, code_length, crisis_name, keysets) VALUES (gen_random_uuid(), 1, 'x', 'UTC', '{en}', 6, 'x', '{x}')`)
	do(t, look, `
		INSERT INTO member (line_id, member_id, number_index, handle_index, index_key, number, profile, pin, state, expires_on, seen_month)
		SELECT line_id, gen_random_uuid(), uuid_send(gen_random_uuid()), uuid_send(gen_random_uuid()), 1, '', '', '',
			CASE WHEN i = 1 THEN 'asked' ELSE 'confirmed' END, CASE WHEN i = 1 THEN '2026-11-30'::date END, '2026-11-01'
		FROM line, generate_series(1, 1301) i`)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	var weeks, most, least int
	if err := look.QueryRowContext(t.Context(), `
		SELECT count(*), max(n), min(n)
		FROM (SELECT count(*) AS n FROM member WHERE safe_until BETWEEN current_date AND current_date + 92 GROUP BY safe_until) AS week`).Scan(&weeks, &most, &least); err != nil {
		t.Fatal(err)
	}
	if weeks != 13 || most > 160 || least < 50 {
		t.Errorf("in %d weeks, from %d to %d of them", weeks, least, most)
	}
	if n := count(t, look, `SELECT count(*) FROM member WHERE (safe_until IS NULL) <> (state = 'asked')`); n != 0 {
		t.Errorf("%d are asked who are not members, or the other way round", n)
	}
}
