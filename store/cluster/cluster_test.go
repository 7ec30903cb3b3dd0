package cluster_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/lib/pq"

	"github.com/hearthline/hearthline/store/cluster"
)

func start(t *testing.T, opts cluster.Options) *cluster.Cluster {
	t.Helper()
	c, err := cluster.Start(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop() })
	return c
}

// openDir makes a folder that every account can reach, which t.TempDir is not.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "hl-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func connect(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// inhabitants returns the processes whose working directory is below dir, where
// every process of Postgres has its own.
func inhabitants(t *testing.T, dir string) []string {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, link := range links {
		if cwd, err := os.Readlink(link); err == nil && strings.HasPrefix(cwd, dir+"/") {
			found = append(found, filepath.Dir(link))
		}
	}
	return found
}

func assertEmpty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Errorf("%s was left behind", e.Name())
	}
	for _, p := range inhabitants(t, dir) {
		t.Errorf("process %s was left behind", p)
	}
}

func TestCluster(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	var log bytes.Buffer
	c := start(t, cluster.Options{Dir: dir, Log: &log, Settings: map[string]string{"max_connections": "17"}})
	db := connect(t, c.URL("postgres"))

	settings := map[string]string{
		"max_connections":                   "17",
		"listen_addresses":                  "",
		"fsync":                             "off",
		"log_error_verbosity":               "terse",
		"log_min_error_statement":           "panic",
		"log_parameter_max_length":          "0",
		"log_parameter_max_length_on_error": "0",
		"log_statement":                     "none",
		"server_encoding":                   "UTF8",
		"timezone":                          "UTC",
	}
	for name, want := range settings {
		var got string
		if err := db.QueryRow("SELECT current_setting($1)", name).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %q (%v), want %q", name, got, err, want)
		}
	}

	if _, err := db.Exec("CREATE DATABASE another"); err != nil {
		t.Fatal(err)
	}
	var name string
	if err := connect(t, c.URL("another")).QueryRow("SELECT current_database()").Scan(&name); err != nil || name != "another" {
		t.Errorf("URL leads to %q (%v), want another", name, err)
	}

	if _, err := db.Exec("CREATE TABLE t (c text UNIQUE)"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err := db.Exec("INSERT INTO t VALUES ($1)", "canary")
		if _, again := db.Exec("SELECT 1"); again != nil {
			t.Fatal(err, again)
		}
	}
	if len(inhabitants(t, dir)) == 0 {
		t.Error("no process lives in the cluster's folder: the check below would prove nothing")
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := c.Stop(); err != nil {
		t.Errorf("second Stop: %v", err)
	}
	assertEmpty(t, dir)
	if err := db.Ping(); err == nil {
		t.Error("a stopped cluster still answers")
	}
	if !strings.Contains(log.String(), "duplicate key") {
		t.Error("the log does not hold the violation that might have leaked")
	}
	if strings.Contains(log.String(), "canary") {
		t.Errorf("the log holds a parameter:\n%s", log.String())
	}
}

func TestStartFails(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	tests := map[string]struct {
		ctx      context.Context
		settings map[string]string
		want     string
	}{
		"a wrong setting quotes the log":       {t.Context(), map[string]string{"no_such_setting": "1"}, `unrecognized configuration parameter "no_such_setting"`},
		"the cluster's own settings stand":     {t.Context(), map[string]string{"listen_addresses": "*"}, "listen_addresses is the cluster's own: leave it out"},
		"a start that is called off is undone": {cancelled, nil, context.Canceled.Error()},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := openDir(t)
			_, err := cluster.Start(test.ctx, cluster.Options{Dir: dir, Settings: test.settings})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q in it", err, test.want)
			}
			assertEmpty(t, dir)
		})
	}
}

func TestSocketOfLongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openDir(t), strings.Repeat("long", 30))
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	c := start(t, cluster.Options{Dir: dir})
	if err := connect(t, c.URL("postgres")).Ping(); err != nil {
		t.Fatal(err)
	}
	if len(inhabitants(t, dir)) == 0 {
		t.Error("the data is not below Dir")
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	assertEmpty(t, dir)
}

func TestDirOutOfReach(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root runs Postgres as another account")
	}
	private := filepath.Join(openDir(t), "private")
	if err := os.Mkdir(private, 0o700); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	c := start(t, cluster.Options{Dir: filepath.Join(private, "state"), Log: &log})
	if err := connect(t, c.URL("postgres")).Ping(); err != nil {
		t.Error(err)
	}
	if err := c.Stop(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "cannot reach "+private) {
		t.Errorf("the log does not say where the files went:\n%s", log.String())
	}
}

func TestProgramsNotFound(t *testing.T) {
	t.Setenv("PG_BIN", t.TempDir())
	_, err := cluster.Start(t.Context(), cluster.Options{Dir: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "PG_BIN") || errors.Is(err, cluster.ErrNotInstalled) {
		t.Errorf("error %v, want one that says what PG_BIN is for", err)
	}
}
