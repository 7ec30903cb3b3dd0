package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"
)

const (
	// keysBackupKept is how long a backup of keys may outlive an erasure.
	keysBackupKept = 7 * 24 * time.Hour

	keysBackupPrefix = "hearthline-keys-"
	keysBackupSuffix = ".dump"
	keysBackupTime   = "20060102T150405Z" // UTC
)

// ErrNoPgDump says that Postgres's backup program is not on this machine.
var ErrNoPgDump = errors.New("pg_dump is not installed: run `apt-get install postgresql-client`" +
	" (or your system's equivalent), or set PG_BIN to the folder that holds it")

// KeysBackup is what BackupKeys did.
type KeysBackup struct {
	File    string   // what it wrote
	Removed []string // earlier ones, older than seven days
}

// RestoreKeysOptions are those of pg_restore for a file of BackupKeys: it replaces
// the keys that are there, or changes nothing. The database's other tables are
// restored before.
func RestoreKeysOptions() []string {
	return []string{"--clean", "--if-exists", "--single-transaction", "--exit-on-error"}
}

// BackupKeys writes the schema keys but for live sessions, and nothing else of the
// database, to a file
// of its own in dir, mode 0400, in pg_dump's custom format, and removes those of
// its files there that are older than seven days. The keys in it are sealed under
// the keyset. now is for the name, and for what is old.
func (db *DB) BackupKeys(ctx context.Context, dir string, now time.Time) (KeysBackup, error) {
	path := filepath.Join(dir, keysBackupPrefix+now.UTC().Format(keysBackupTime)+keysBackupSuffix)
	if err := db.dumpKeys(ctx, path); err != nil {
		return KeysBackup{}, fmt.Errorf("back keys up: %w", err)
	}
	removed, err := removeOldKeys(dir, now)
	if err != nil {
		return KeysBackup{}, fmt.Errorf("remove old backups of keys: %w", err)
	}
	return KeysBackup{File: path, Removed: removed}, nil
}

// dumpKeys writes a whole file or none.
func (db *DB) dumpKeys(ctx context.Context, path string) error {
	program, err := findPgDump()
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".partial-*") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	var said bytes.Buffer
	dump := exec.CommandContext(ctx, program, "--format=custom", "--schema=keys", "--exclude-table-data=keys.session", "--no-password")
	dump.Env, dump.Stdout, dump.Stderr = append(os.Environ(), pgEnvironment(db.direct.config)...), temp, &said
	runErr := dump.Run()
	if runErr != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(said.String()), "\n")
		runErr = fmt.Errorf("pg_dump: %w: %s", runErr, strings.TrimPrefix(first, "pg_dump: "))
	}
	if err := errors.Join(runErr, temp.Chmod(0o400), temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err := os.Link(temp.Name(), path); err != nil { // unlike a rename, it never overwrites
		return err
	}
	return syncDir(filepath.Dir(path))
}

// pgEnvironment says where the database is, in the variables that Postgres's own
// programs read: arguments would show a password to whoever lists processes.
func pgEnvironment(c pq.Config) []string {
	port := ""
	if c.Port != 0 {
		port = strconv.Itoa(int(c.Port))
	}
	address := ""
	if c.Hostaddr.IsValid() {
		address = c.Hostaddr.String()
	}
	var env []string
	for _, v := range [][2]string{
		{"PGHOST", c.Host}, {"PGHOSTADDR", address}, {"PGPORT", port}, {"PGDATABASE", c.Database}, {"PGUSER", c.User}, {"PGPASSWORD", c.Password},
		{"PGPASSFILE", c.Passfile}, {"PGSSLMODE", string(c.SSLMode)}, {"PGSSLROOTCERT", c.SSLRootCert}, {"PGSSLCERT", c.SSLCert}, {"PGSSLKEY", c.SSLKey},
		{"PGAPPNAME", c.ApplicationName},
	} {
		if v[1] != "" {
			env = append(env, v[0]+"="+v[1])
		}
	}
	return env
}

// removeOldKeys goes by the time in a file's name, which copying does not change.
func removeOldKeys(dir string, now time.Time) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var removed []string
	for _, e := range entries {
		name, isOurs := strings.CutPrefix(e.Name(), keysBackupPrefix)
		name, isDump := strings.CutSuffix(name, keysBackupSuffix)
		made, err := time.Parse(keysBackupTime, name)
		if !isOurs || !isDump || err != nil || now.Sub(made) <= keysBackupKept {
			continue
		}
		path := filepath.Join(dir, e.Name())
		if err := os.Remove(path); err != nil {
			return removed, err
		}
		removed = append(removed, path)
	}
	return removed, nil
}

// findPgDump returns the newest pg_dump, which reads servers of its own version
// and older: Debian's is not in PATH for a server without its client.
func findPgDump() (string, error) {
	if dir := os.Getenv("PG_BIN"); dir != "" {
		return pgDumpIn(dir)
	}
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.SortFunc(dirs, func(a, b string) int { return pgVersion(b) - pgVersion(a) })
	for _, dir := range dirs {
		if program, err := pgDumpIn(dir); err == nil {
			return program, nil
		}
	}
	program, err := exec.LookPath("pg_dump")
	if err != nil {
		return "", ErrNoPgDump
	}
	return program, nil
}

func pgDumpIn(dir string) (string, error) {
	program, err := exec.LookPath(filepath.Join(dir, "pg_dump"))
	if err != nil {
		return "", ErrNoPgDump
	}
	return program, nil
}

// pgVersion is the major version in a path of Debian's.
func pgVersion(bin string) int {
	version, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	return version
}
