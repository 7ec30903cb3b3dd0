package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/storetest"
)

// withRoles is a database whose roles are applied.
func withRoles(t testing.TB) (dsn string) {
	t.Helper()
	dsn = storetest.URL(t)
	if err := openURL(t, dsn).ApplyRoles(t.Context()); err != nil {
		t.Fatal(err)
	}
	return dsn
}

// login makes a login that is a member of roles and has the attributes, and
// returns how it connects. Its name is the database's, which is the test's own.
func login(t testing.TB, dsn, attributes string, roles ...string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/") + "_" + strings.ReplaceAll(strings.Join(roles, "_"), "hearthline_", "")
	statement := `CREATE ROLE ` + pq.QuoteIdentifier(name) + ` LOGIN ` + attributes
	if len(roles) > 0 {
		statement += ` IN ROLE ` + strings.Join(roles, ", ")
	}
	do(t, raw(t, dsn), statement)
	q := u.Query()
	q.Set("user", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func do(t testing.TB, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// The golden file is every right that anybody but the owner has. A table that is
// not in it has no rights decided.
func TestRolesMatrix(t *testing.T) {
	t.Parallel()
	dsn := withRoles(t)
	look := raw(t, dsn)
	got := matrix(t, look)
	golden := filepath.Join("testdata", "roles.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the rights are not those of %s (-want +got); go test -update writes it anew:\n%s", golden, diff)
	}

	// The matrix sees a table that nobody has thought of.
	do(t, look, `CREATE TABLE unforeseen (line_id uuid PRIMARY KEY)`)
	if !strings.Contains(matrix(t, look), "public.unforeseen") {
		t.Error("a new table is not in the matrix")
	}

	// What was granted besides is taken away, and the new table handed over.
	do(t, look, `GRANT ALL ON keys.member, audit TO hearthline_console, PUBLIC; GRANT SELECT (number) ON member TO hearthline_console; DROP TABLE unforeseen`)
	if matrix(t, look) == got {
		t.Error("the matrix does not see a right that was added")
	}
	if err := openURL(t, dsn).ApplyRoles(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, matrix(t, look)); diff != "" {
		t.Errorf("applied again (-want +got):\n%s", diff)
	}
}

// matrix is, for every table, schema and function, who may do what: a verb alone
// on the whole table, with columns on those only.
func matrix(t *testing.T, db *sql.DB) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `
		WITH roles AS (
			SELECT unnest(ARRAY['hearthline_web', 'hearthline_jobs', 'hearthline_console', 'hearthline_backup', 'public']) AS role
		), schemas AS (
			SELECT oid, nspname, nspowner FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
		), things AS (
			SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relowner::regrole::text AS owner
			FROM pg_class c JOIN schemas n ON n.oid = c.relnamespace
			WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
		), verbs AS (
			SELECT t.oid, t.name, t.owner, r.role, v.n AS verb_no, v.verb,
				has_table_privilege(r.role, t.oid, v.verb) AS whole,
				(SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) FROM pg_attribute a
				 WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
				   AND v.verb IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND has_column_privilege(r.role, t.oid, a.attnum, v.verb)) AS columns
			FROM things t, roles r,
				unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) WITH ORDINALITY AS v (verb, n)
		)
		SELECT * FROM (SELECT name, owner, role, coalesce(string_agg(CASE WHEN whole THEN verb ELSE verb || ' (' || columns || ')' END, ', ' ORDER BY verb_no)
			FILTER (WHERE whole OR columns IS NOT NULL), '-')
		FROM verbs
		GROUP BY name, owner, role
		UNION ALL
		SELECT 'schema ' || nspname, nspowner::regrole::text, role,
			coalesce(nullif(concat_ws(', ', CASE WHEN has_schema_privilege(role, oid, 'USAGE') THEN 'USAGE' END, CASE WHEN has_schema_privilege(role, oid, 'CREATE') THEN 'CREATE' END), ''), '-')
		FROM schemas, roles
		UNION ALL
		SELECT 'function ' || p.oid::regprocedure, p.proowner::regrole::text, role, CASE WHEN has_function_privilege(role, p.oid, 'EXECUTE') THEN 'EXECUTE' ELSE '-' END
		FROM pg_proc p JOIN schemas n ON n.oid = p.pronamespace, roles) AS all_rights
		ORDER BY name COLLATE "C", role COLLATE "C"`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var b strings.Builder
	last := ""
	for rows.Next() {
		var name, owner, role, rights string
		if err := rows.Scan(&name, &owner, &role, &rights); err != nil {
			t.Fatal(err)
		}
		if name != last {
			fmt.Fprintf(&b, "%s of %s\n", name, owner)
		}
		if last = name; role != "public" || rights != "-" {
			fmt.Fprintf(&b, "  %-8s %s\n", strings.TrimPrefix(role, "hearthline_"), rights)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRolesAreHeldTo(t *testing.T) {
	t.Parallel()
	dsn := withRoles(t)
	for _, c := range []struct {
		role, statement string
		allowed         bool
	}{
		{"hearthline_console", `SELECT count(*) FROM member WHERE state = 'confirmed'`, true},
		{"hearthline_console", `SELECT number FROM member`, false},
		{"hearthline_console", `SELECT * FROM member`, false},
		{"hearthline_console", `SELECT number_index FROM member`, false},
		{"hearthline_console", `SELECT pseudonym, state FROM membership`, true},
		{"hearthline_console", `UPDATE membership SET state = 'active'`, true},
		{"hearthline_console", `SELECT number FROM membership`, false},
		{"hearthline_console", `SELECT FROM keys.member`, false},
		{"hearthline_console", `SELECT number FROM facilitator`, false},
		{"hearthline_console", `SELECT pin_hash FROM facilitator`, false},
		{"hearthline_console", `SELECT FROM dialogue`, false},
		{"hearthline_console", `UPDATE audit SET act = 'x'`, false},
		{"hearthline_console", `DELETE FROM audit`, false},
		{"hearthline_console", `SELECT has_number FROM account`, true},
		{"hearthline_console", `SELECT number FROM account`, false},
		{"hearthline_console", `SELECT pin_hash FROM account`, false},
		{"hearthline_web", `SELECT number, pin_hash FROM account`, true},
		{"hearthline_web", `SELECT password FROM account`, false},
		{"hearthline_web", `SELECT FROM desk_session`, false},
		{"hearthline_backup", `SELECT count(*) FROM member`, true},
		{"hearthline_backup", `SELECT FROM keys.member`, false},
		{"hearthline_backup", `DELETE FROM dialogue`, false},
		{"hearthline_web", `SELECT count(*) FROM keys.member`, true},
		{"hearthline_web", `UPDATE keys.member SET data_key = ''`, false},
		{"hearthline_web", `UPDATE sending SET sent = 0`, false},
		{"hearthline_web", `SELECT actor FROM audit`, false},
		{"hearthline_web", `UPDATE audit SET act = 'x'`, false},
		{"hearthline_web", `UPDATE keys.session SET wake_at = now()`, true},
		{"hearthline_backup", `SELECT FROM keys.session`, false},
		{"hearthline_console", `SELECT FROM keys.session`, false},
		{"hearthline_console", `SELECT ordinal FROM facilitator`, true},
		{"hearthline_web", `SELECT FROM traffic`, false},
		{"hearthline_web", `DELETE FROM groups`, false},
		{"hearthline_web", `CREATE TABLE mine (x int)`, false},
		{"hearthline_web", `SELECT audit_retire(gen_random_uuid(), now())`, false},
		{"hearthline_jobs", `SELECT audit_retire(gen_random_uuid(), now())`, true},
		{"hearthline_jobs", `DELETE FROM audit`, false},
		{"hearthline_jobs", `UPDATE audit_anchor SET seq = 1`, false},
		{"hearthline_jobs", `TRUNCATE effect`, false},
	} {
		err := as(t, raw(t, dsn), c.role, c.statement)
		var refused *pq.Error
		switch {
		case c.allowed && err != nil:
			t.Errorf("%s: %s: %v", c.role, c.statement, err)
		case !c.allowed && (!errors.As(err, &refused) || refused.Code != "42501"):
			t.Errorf("%s may %s (%v)", c.role, c.statement, err)
		}
	}
}

// as does something in a role, and undoes it.
func as(t *testing.T, db *sql.DB, role, statement string) error {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), `SET LOCAL ROLE `+role); err != nil {
		t.Fatal(err)
	}
	_, err = tx.ExecContext(t.Context(), statement)
	return err
}

// A line begins with the rights of web alone.
func TestEnsureLineWorksAsWeb(t *testing.T) {
	t.Parallel()
	db := openURL(t, login(t, withRoles(t), "", "hearthline_web"))
	k := storetest.Keyring(t)
	c := lineConfig(t)
	for range 2 {
		if _, err := db.EnsureLine(t.Context(), k, c); err != nil {
			t.Fatal(err)
		}
		c.Name, c.Numbers[0] = "Another", number(t, otherNumber)
	}
}

func TestMigrateAsALoginThatOwnsNothing(t *testing.T) {
	t.Parallel()
	dsn := withRoles(t)
	db := openURL(t, login(t, dsn, "", "hearthline_web", "hearthline_jobs"))
	do(t, raw(t, dsn), `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`)
	if err := db.Migrate(t.Context()); err == nil || !contains(err, "run `hearthline migrate`") {
		t.Errorf("with a migration pending: %v", err)
	}
	stranger := openURL(t, login(t, storetest.URL(t), ""))
	if err := stranger.Migrate(t.Context()); err == nil || !contains(err, "run `hearthline migrate`") {
		t.Errorf("without any right: %v", err)
	}
	if err := stranger.ApplyRoles(t.Context()); err == nil || !contains(err, "superuser") {
		t.Errorf("roles by somebody who may not: %v", err)
	}
}

// An owner who is no superuser migrates, hands over, and goes on migrating.
func TestAnOwnerAppliesRoles(t *testing.T) {
	t.Parallel()
	dsn := storetest.EmptyURL(t)
	own := login(t, dsn, "CREATEROLE")
	u, err := url.Parse(own)
	if err != nil {
		t.Fatal(err)
	}
	do(t, raw(t, dsn), fmt.Sprintf(`ALTER DATABASE %s OWNER TO %s`,
		pq.QuoteIdentifier(strings.TrimPrefix(u.Path, "/")), pq.QuoteIdentifier(u.Query().Get("user"))))
	db := openURL(t, own)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := db.ApplyRoles(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, raw(t, dsn), `SELECT count(*) FROM pg_class WHERE relnamespace IN ('public'::regnamespace, 'keys'::regnamespace)
		AND relkind IN ('r', 'S') AND relowner <> 'hearthline_owner'::regrole`); n != 0 {
		t.Errorf("%d tables and sequences were not handed over", n)
	}
	do(t, raw(t, dsn), `DELETE FROM goose_db_version WHERE version_id >= 5;
		DROP SCHEMA keys CASCADE; DROP FUNCTION audit_keep, audit_anchor_holds, audit_retire CASCADE;
		DO $$ DECLARE name text; BEGIN
			FOR name IN SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
				AND relname NOT IN ('goose_db_version', 'line', 'line_number', 'groups', 'meeting', 'facilitator', 'flow_version', 'daily_count', 'dialogue') LOOP
				EXECUTE 'DROP TABLE ' || name || ' CASCADE';
			END LOOP;
		END $$;
		ALTER TABLE line DROP COLUMN probe, DROP COLUMN speech, DROP COLUMN emergency;
		ALTER TABLE facilitator DROP COLUMN ordinal;
		ALTER TABLE flow_version DROP COLUMN idle_since, DROP COLUMN draft_only`)
	if err := db.Migrate(t.Context()); err != nil {
		t.Errorf("migrate after the tables were handed over: %v", err)
	}
	if err := db.ApplyRoles(t.Context()); err != nil {
		t.Error(err)
	}
}

// The shipped way to a logical backup is open to its role, and holds no key.
func TestBackupDumpsAllButKeys(t *testing.T) {
	t.Parallel()
	dump, err := findPgDump()
	if err != nil {
		t.Fatal(err)
	}
	dsn := withRoles(t)
	ensureLine(t, openURL(t, dsn), storetest.Keyring(t))
	as := login(t, dsn, "", "hearthline_backup")
	out, err := exec.CommandContext(t.Context(), dump, "--enable-row-security", "--exclude-schema=keys", "--dbname", as).Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), "COPY public.member ") || strings.Contains(string(out), "link_secret") {
		t.Error("the dump lacks members, or holds keys")
	}
	if err := exec.CommandContext(t.Context(), dump, "--dbname", as).Run(); err == nil {
		t.Error("a dump with keys is open to the role")
	}
}
