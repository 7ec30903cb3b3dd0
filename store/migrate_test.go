package store_test

import (
	"errors"
	"io/fs"
	"strconv"
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

// lastMigration is the number of the newest.
func lastMigration(t *testing.T) int64 {
	t.Helper()
	files, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	n, err := strconv.ParseInt(files[len(files)-1][:4], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
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
	if err := db.Migrate(t.Context()); !errors.As(err, &newer) || newer.Database != 9000 || newer.Program != lastMigration(t) {
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
