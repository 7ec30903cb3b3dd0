// Package storetest gives each test a migrated Postgres database of its own, on
// a private cluster that the test binary starts when first asked and stops at
// its end.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/cluster"
	"github.com/hearthline/hearthline/store/vault"
)

// template is the database that tests' databases are cloned from.
const template = "storetest_template"

// startWithin bounds the start of the cluster, which shares the machine with
// other packages' tests.
const startWithin = 2 * time.Minute

// shared is the test binary's cluster.
var shared struct {
	hasMain atomic.Bool
	once    sync.Once
	cluster *cluster.Cluster
	err     error
	clones  atomic.Int64
}

// Main runs the tests and then stops the cluster, if any test has started it. A
// package that uses New calls it in TestMain: os.Exit(storetest.Main(m)).
func Main(m *testing.M) int {
	shared.hasMain.Store(true)
	code := m.Run()
	if shared.cluster == nil {
		return code
	}
	if err := shared.cluster.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "storetest:", err)
		return max(code, 1)
	}
	return code
}

// New returns a database that no other test sees, migrated and empty. It is
// closed and dropped when the test ends.
func New(t testing.TB) *store.DB {
	t.Helper()
	return open(t, URL(t))
}

// URL returns the connection string of a database like that of New, which is
// dropped when the test ends.
func URL(t testing.TB) string {
	t.Helper()
	return clone(t, template)
}

// EmptyURL returns the connection string of a database that is not migrated.
func EmptyURL(t testing.TB) string {
	t.Helper()
	return clone(t, "template0")
}

// Keyring returns keys that belong to the test.
func Keyring(t testing.TB) *vault.Keyring {
	t.Helper()
	k, err := vault.Create(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func clone(t testing.TB, from string) string {
	t.Helper()
	if !shared.hasMain.Load() {
		t.Fatal("storetest: the package's TestMain must be os.Exit(storetest.Main(m)), which stops the cluster")
	}
	shared.once.Do(func() { shared.cluster, shared.err = start() })
	if shared.err != nil {
		t.Fatalf("storetest: %v", shared.err)
	}
	name := fmt.Sprintf("test_%d", shared.clones.Add(1))
	if err := admin(context.Background(), `CREATE DATABASE `+pq.QuoteIdentifier(name)+` TEMPLATE `+from); err != nil {
		t.Fatalf("storetest: %v", err)
	}
	t.Cleanup(func() {
		// The test's own context has ended by now.
		if err := admin(context.Background(), `DROP DATABASE `+pq.QuoteIdentifier(name)+` WITH (FORCE)`); err != nil {
			t.Errorf("storetest: %v", err)
		}
	})
	return shared.cluster.URL(name)
}

func start() (*cluster.Cluster, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startWithin)
	defer cancel()
	c, err := cluster.Start(ctx, cluster.Options{Settings: map[string]string{"max_connections": "200"}})
	if err != nil {
		return nil, err
	}
	shared.cluster = c // Main stops it, whatever comes next
	if err := admin(ctx, `CREATE DATABASE `+template); err != nil {
		return c, err
	}
	db, err := store.Open(ctx, store.Options{URL: c.URL(template)})
	if err != nil {
		return c, err
	}
	if err := db.Migrate(ctx); err != nil {
		return c, err
	}
	return c, db.Close() // a database with connections cannot be a template
}

func admin(ctx context.Context, statement string) error {
	db, err := sql.Open("postgres", shared.cluster.URL("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(ctx, statement)
	return err
}
