// Package cluster runs a private Postgres from the system's own binaries: a
// fresh data directory, one unix socket, no network; gone, with all that it
// held, when it is stopped or when the program that started it dies.
//
// It is for demonstrations and tests. Nothing survives it, so it does not wait
// for the disk either.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"sync"
)

// superuser is the cluster's one role. It has no password: who may connect is
// decided by the socket's folder, which only the cluster's own account and root
// can enter.
const superuser = "postgres"

// port is a part of the socket's name; no TCP port is opened.
const port = "5432"

// Options say where a cluster lives and how it is set.
type Options struct {
	// Dir is the folder below which the cluster makes its own; "" means
	// os.TempDir(). When the account that runs Postgres cannot reach it, a folder
	// below os.TempDir() is used, and Log is told so.
	Dir string
	// Log receives what Postgres logs and our own remarks, from one goroutine at
	// a time; nil discards them.
	Log io.Writer
	// Settings are Postgres settings (fsync, max_connections, …). They win over
	// this package's own, but for those that say where Postgres listens and logs.
	Settings map[string]string
}

// Cluster is a running Postgres. Its methods are safe for concurrent use.
type Cluster struct {
	home *home
	proc *process
	stop func() error
}

// Start makes a cluster and returns when it accepts connections. ctx bounds the
// start only: if it ends first, everything is removed and its error returned.
// The caller owns the cluster and must Stop it.
func Start(ctx context.Context, opts Options) (*Cluster, error) {
	if opts.Log == nil {
		opts.Log = io.Discard
	}
	if err := checkSettings(opts.Settings); err != nil {
		return nil, err
	}
	bin, err := findBinaries(systemBinaries)
	if err != nil {
		return nil, err
	}
	who, err := runAs()
	if err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	h, err := makeHome(opts.Dir, who, opts.Log)
	if err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	c := &Cluster{home: h}
	c.stop = sync.OnceValue(c.shutDown)
	if err := c.start(ctx, bin, opts); err != nil {
		return nil, errors.Join(fmt.Errorf("start postgres: %w", err), h.remove())
	}
	return c, nil
}

// start makes the data directory and brings Postgres up. On an error no process
// is left.
func (c *Cluster) start(ctx context.Context, bin binaries, opts Options) error {
	if err := initialise(ctx, bin, c.home); err != nil {
		return err
	}
	proc, err := launch(bin.postgres, serverArgs(c.home, opts.Settings), c.home, opts.Log)
	if err != nil {
		return err
	}
	c.proc = proc
	select {
	case <-proc.ready:
		return nil
	case <-proc.exited:
		return fmt.Errorf("it ended before it was ready, with this at the end of its log:\n%s", proc.log())
	case <-ctx.Done():
		_ = proc.end()
		return ctx.Err()
	}
}

// initialise makes the data directory.
func initialise(ctx context.Context, bin binaries, h *home) error {
	proc, err := launch(bin.initdb, []string{
		"--pgdata=" + h.data, "--username=" + superuser, "--auth=trust",
		"--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions",
	}, h, io.Discard)
	if err != nil {
		return err
	}
	select {
	case <-proc.exited:
	case <-ctx.Done():
		_ = proc.end()
		return ctx.Err()
	}
	if proc.status != nil {
		return fmt.Errorf("initdb: %w, with this at the end of its log:\n%s", proc.status, proc.log())
	}
	return nil
}

// URL returns a connection string for database, which need not exist yet;
// "postgres" always does. Nothing in it is left to PG* environment variables.
func (c *Cluster) URL(database string) string {
	q := url.Values{
		"host":    {c.home.socketDir},
		"port":    {port},
		"user":    {superuser},
		"sslmode": {"disable"},
	}
	u := url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: q.Encode()}
	return u.String()
}

// Stop ends every connection, waits until no process of the cluster is left and
// removes its files. It may be called more than once, and gives the same answer.
func (c *Cluster) Stop() error { return c.stop() }

func (c *Cluster) shutDown() error {
	err := c.proc.end()
	if err != nil {
		err = fmt.Errorf("stop postgres: %w", err)
	}
	return errors.Join(err, c.home.remove())
}
