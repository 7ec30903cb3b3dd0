package store_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

// cutter is a proxy in front of Postgres. It can close one connection after the
// server has executed a statement and before its answer arrives, and it can be
// taken down.
type cutter struct {
	upstream string
	armed    atomic.Bool // the next insert is cut
	cuts     atomic.Int64

	mu   sync.Mutex
	down bool
	open map[net.Conn]bool
}

// setDown closes every connection and refuses others, until it is set up again.
func (c *cutter) setDown(down bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down = down
	for conn := range c.open {
		_ = conn.Close()
	}
}

// admit reports whether a connection may be served.
func (c *cutter) admit(conn net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[conn] = true
	return !c.down
}

func (c *cutter) leave(conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, conn)
	_ = conn.Close()
}

// newCutter returns a proxy and the connection string that leads through it.
func newCutter(t *testing.T, dsn string) (*cutter, string) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	c := &cutter{open: map[net.Conn]bool{}, upstream: filepath.Join(q.Get("host"), ".s.PGSQL."+q.Get("port"))}
	dir := t.TempDir()
	listener, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL."+q.Get("port")))
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	t.Cleanup(func() {
		_ = listener.Close()
		c.setDown(true)
		serving.Wait()
	})
	serving.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { c.serve(client) })
		}
	})
	q.Set("host", dir)
	u.RawQuery = q.Encode()
	return c, u.String()
}

func (c *cutter) serve(client net.Conn) {
	defer c.leave(client)
	if !c.admit(client) {
		return
	}
	server, err := net.Dial("unix", c.upstream)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	var cutting atomic.Bool
	go func() {
		defer func() { _ = server.Close() }()
		buffer := make([]byte, 64<<10)
		for {
			n, err := client.Read(buffer)
			if bytes.Contains(buffer[:n], []byte("INSERT INTO daily_count")) && c.armed.CompareAndSwap(true, false) {
				cutting.Store(true)
			}
			if _, werr := server.Write(buffer[:n]); err != nil || werr != nil {
				return
			}
		}
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := server.Read(buffer)
		// 'C' is CommandComplete: the statement has run.
		if cutting.Load() && bytes.Contains(buffer[:n], []byte("INSERT 0 1")) {
			c.cuts.Add(1)
			return
		}
		if _, werr := io.Copy(client, bytes.NewReader(buffer[:n])); err != nil || werr != nil {
			return
		}
	}
}

func TestAConnectionThatClosesMidWriteDoesNotDouble(t *testing.T) {
	t.Parallel()
	dsn := storetest.URL(t)
	proxy, through := newCutter(t, dsn)
	db := openURL(t, through)
	line := ensureLine(t, db, storetest.Keyring(t))
	look := raw(t, dsn)
	const query = `SELECT coalesce(sum(count), 0) FROM daily_count`

	// What the driver does to a bare statement, which is why we have none.
	proxy.armed.Store(true)
	if err := db.BareCount(t.Context(), line, day.String()); err != nil {
		t.Logf("a bare statement: %v", err)
	}
	if proxy.cuts.Load() != 1 || count(t, look, query) == 0 {
		t.Fatalf("%d connections were cut, and the count is %d: the proxy does not do its work", proxy.cuts.Load(), count(t, look, query))
	}
	bare := count(t, look, query)
	t.Logf("a bare statement that was cut counted %d for 1", bare)

	proxy.armed.Store(true)
	one := map[store.Count]int{store.CodeWrong: 1}
	if err := db.AddCounts(t.Context(), line, day, one); !errors.Is(err, store.ErrUnreachable) {
		t.Errorf("a write that was cut: %v", err)
	}
	if proxy.cuts.Load() != 2 {
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
