package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store/cluster"
)

// privacySettings are those of the shipped file.
func privacySettings(t *testing.T) map[string]string {
	t.Helper()
	f, err := os.Open("../deploy/postgresql-privacy.conf")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	all := map[string]string{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line, _, _ := strings.Cut(lines.Text(), "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			t.Fatalf("not a setting: %q", line)
		}
		all[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// loggingCluster is a server whose log the test reads.
func loggingCluster(t *testing.T, settings map[string]string) (db *sql.DB, log *safeLog) {
	t.Helper()
	log = &safeLog{}
	c, err := cluster.Start(t.Context(), cluster.Options{Log: log, Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop() })
	db = raw(t, c.URL("postgres")+"&binary_parameters=yes")
	do(t, db, `CREATE TABLE secret (line int PRIMARY KEY, number text UNIQUE)`)
	do(t, db, `INSERT INTO secret VALUES (0, NULL), (1, NULL)`)
	return db, log
}

// leak is an error that is provoked, with a value that somebody could find in
// the log. Each value begins with the leak's number, since all share one log.
type leak struct {
	name    string
	provoke func(ctx context.Context, conn *sql.Conn, value string) error
}

func execOn(ctx context.Context, conn *sql.Conn, statement string, args ...any) error {
	_, err := conn.ExecContext(ctx, statement, args...)
	return err
}

var leaks = []leak{
	{"a key that is there", func(ctx context.Context, conn *sql.Conn, value string) error {
		const insert = `INSERT INTO secret SELECT max(line) + 1, $1::text FROM secret`
		if err := execOn(ctx, conn, insert, value); err != nil {
			return nil
		}
		return execOn(ctx, conn, insert, value)
	}},
	{"a literal in a statement that fails", func(ctx context.Context, conn *sql.Conn, value string) error {
		return execOn(ctx, conn, `SELECT 1/(line*0) FROM secret WHERE '`+value+`' <> ''`)
	}},
	{"a parameter of a statement that fails", func(ctx context.Context, conn *sql.Conn, value string) error {
		return execOn(ctx, conn, `SELECT 1/(line*0) FROM secret WHERE $1 <> ''`, value)
	}},
	{"a slip in a statement", func(ctx context.Context, conn *sql.Conn, value string) error {
		return execOn(ctx, conn, `SELECT FROM WHERE '`+value+`'`)
	}},
	{"a statement that is cancelled", func(ctx context.Context, conn *sql.Conn, value string) error {
		if err := execOn(ctx, conn, `SET statement_timeout = 20`); err != nil {
			return nil
		}
		defer func() { _ = execOn(ctx, conn, `RESET statement_timeout`) }()
		return execOn(ctx, conn, `SELECT pg_sleep(60) WHERE $1 <> '' AND '`+value+`' <> ''`, value)
	}},
}

// well are statements that succeed.
var well = leak{"a statement that succeeds", func(ctx context.Context, conn *sql.Conn, value string) error {
	if err := execOn(ctx, conn, `SELECT '`+value+`' || line FROM secret`); err != nil {
		return err
	}
	return execOn(ctx, conn, `SELECT $1 || '`+value+`' || line FROM secret`, value)
}}

// planted provokes a leak after the settings were changed on a connection, and
// says how often its value is in the log.
func planted(t *testing.T, db *sql.DB, log *safeLog, l leak, value string, settings ...string) int {
	t.Helper()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	for _, s := range settings {
		if err := execOn(t.Context(), conn, `SET `+s); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.provoke(t.Context(), conn, value); (err == nil) != (l.name == well.name) {
		t.Errorf("%s: %v", l.name, err)
	}
	flushed(t, db, log)
	_ = execOn(t.Context(), conn, `RESET ALL`)
	return strings.Count(log.String(), value)
}

// flushed waits until what was logged has come through: the log is written in
// order, and so a mark that is found comes after it.
func flushed(t *testing.T, db *sql.DB, log *safeLog) {
	t.Helper()
	mark := fmt.Sprintf("mark-%d", len(log.String()))
	do(t, db, `DO $$ BEGIN RAISE WARNING '`+mark+`'; END $$`)
	for t.Context().Err() == nil && !strings.Contains(log.String(), mark) {
		do(t, db, `SELECT pg_sleep(0.001)`)
	}
}

func TestTheShippedSettingsKeepValuesOutOfTheLog(t *testing.T) {
	t.Parallel()
	settings := privacySettings(t)
	db, log := loggingCluster(t, settings)
	for name, want := range settings {
		if got := texts(t, db, `SELECT current_setting($1)`, name)[0]; got != want {
			t.Errorf("%s is %s, not %s", name, got, want)
		}
	}
	for i, l := range append([]leak{well, deadlock(t, db)}, leaks...) {
		if n := planted(t, db, log, l, fmt.Sprintf("canary-%d-2025550143", i)); n != 0 {
			t.Errorf("%s: its value is in the log %d times", l.name, n)
		}
	}
	if logged := log.String(); !strings.Contains(logged, "duplicate key") || !strings.Contains(logged, "deadlock detected") {
		t.Errorf("the errors are not in the log:\n%s", logged)
	}

	// What no setting takes away but to have no errors: said in the file.
	cast := leak{"a parameter of the wrong type", func(ctx context.Context, conn *sql.Conn, value string) error {
		return execOn(ctx, conn, `SELECT $1::text::uuid`, value)
	}}
	if n := planted(t, db, log, cast, "canary-cast-2025550143"); n == 0 {
		t.Error("an error no longer repeats a value in its words: the file says that it does")
	}
	if n := planted(t, db, log, cast, "canary-quiet-2025550143", `log_min_messages = log`); n != 0 {
		t.Error("log_min_messages = log does not take errors out of the log: the file says that it does")
	}

	bound := leak{well.name, func(ctx context.Context, conn *sql.Conn, value string) error {
		return execOn(ctx, conn, `SELECT $1::text`, value)
	}}
	// Each line of the file is there for something: turned round, a value comes
	// out, if need be with others turned round that let nothing out by themselves.
	const verbose = `log_error_verbosity = verbose`
	for name, c := range map[string]struct {
		leak  leak
		turns []string // the line's own first
	}{
		"log_error_verbosity":               {leaks[0], []string{verbose}},
		"log_min_error_statement":           {leaks[1], []string{`log_min_error_statement = error`}},
		"log_statement":                     {well, []string{`log_statement = 'all'`}},
		"log_parameter_max_length":          {bound, []string{`log_parameter_max_length = -1`, `log_statement = 'all'`, verbose}},
		"log_parameter_max_length_on_error": {leaks[2], []string{`log_parameter_max_length_on_error = -1`, verbose}},
		"log_min_duration_statement":        {well, []string{`log_min_duration_statement = 0`}},
		"log_min_duration_sample":           {well, []string{`log_min_duration_sample = 0`, `log_statement_sample_rate = 1`}},
		"log_transaction_sample_rate":       {well, []string{`log_transaction_sample_rate = 1`}},
		"log_min_messages":                  {well, []string{`log_min_messages = debug2`}},
		"debug_print_parse":                 {well, []string{`debug_print_parse = on`, verbose}},
		"debug_print_rewritten":             {well, []string{`debug_print_rewritten = on`, verbose}},
		"debug_print_plan":                  {well, []string{`debug_print_plan = on`, verbose}},
	} {
		if _, ok := settings[name]; !ok { // the cluster of tests has it of its own
			t.Errorf("the file does not set %s", name)
		}
		value := "canary-" + name + "-2025550143"
		if n := planted(t, db, log, c.leak, "but-"+value, c.turns[1:]...); n != 0 {
			t.Errorf("%s: the value is in the log by other settings", name)
		}
		before := len(log.String())
		if n := planted(t, db, log, c.leak, value, c.turns...); n == 0 && !holdsTree(log.String()[before:], value) {
			t.Errorf("%s does nothing: without it, the value is not in the log either", name)
		}
		delete(settings, name)
	}
	for name := range maps.Keys(settings) {
		t.Errorf("nothing shows what %s is for", name)
	}
}

// holdsTree says whether a constant is in a printed tree: byte by byte in decimal,
// broken into lines in the middle of a byte.
func holdsTree(logged, value string) bool {
	var b strings.Builder
	for _, c := range []byte(value) {
		fmt.Fprint(&b, c)
	}
	return strings.Contains(strings.Join(strings.Fields(logged), ""), b.String())
}

// deadlock has two connections wait for each other; its statement holds the value.
func deadlock(t *testing.T, db *sql.DB) leak {
	return leak{"a deadlock", func(ctx context.Context, conn *sql.Conn, value string) error {
		other, err := db.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = other.Rollback() }()
		if _, err := other.ExecContext(ctx, `SET LOCAL deadlock_timeout = '1h'; UPDATE secret SET number = NULL WHERE line = 0`); err != nil {
			t.Fatal(err)
		}
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = tx.Rollback() }()
		if _, err := tx.ExecContext(ctx, `SET LOCAL deadlock_timeout = '50ms'; UPDATE secret SET number = NULL WHERE line = 1`); err != nil {
			t.Fatal(err)
		}
		waiting := make(chan error, 1)
		go func() {
			_, err := other.ExecContext(ctx, `UPDATE secret SET number = NULL WHERE line = 1 AND '`+value+`' <> ''`)
			waiting <- err
		}()
		_, err = tx.ExecContext(ctx, `UPDATE secret SET number = NULL WHERE line = 0 AND $1 <> '' AND '`+value+`' <> ''`, value)
		_ = tx.Rollback()
		if second := <-waiting; err == nil {
			return second // whoever came second found it
		}
		return err
	}}
}

// The same errors at a server as Postgres sets it up, so that the test above can
// fail.
func TestWithoutTheShippedSettingsValuesAreInTheLog(t *testing.T) {
	t.Parallel()
	db, log := loggingCluster(t, map[string]string{
		"log_error_verbosity": "default", "log_min_error_statement": "error",
		"log_parameter_max_length": "-1", "log_parameter_max_length_on_error": "0", "log_statement": "none",
	})
	for i, l := range append([]leak{deadlock(t, db)}, leaks...) {
		n := planted(t, db, log, l, fmt.Sprintf("canary-%d-2025550143", i))
		if found := n > 0; found == (l.name == "a parameter of a statement that fails") { // not even Postgres does that
			t.Errorf("%s: its value is in the log %d times", l.name, n)
		}
	}
}
