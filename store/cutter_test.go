package store_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// cutter is a proxy in front of Postgres. It can close a connection after the
// server has done what it was asked and before its answer arrives, and it can be
// taken down.
type cutter struct {
	upstream string

	mu   sync.Mutex
	left int // answers until one is kept back, that one included; 0: none is
	cuts int
	seen int // answers that came, kept back or not
	down bool
	open map[net.Conn]bool
}

// cutAt keeps back the k-th answer from now, on whichever connection it comes,
// and closes that connection. An answer is all that comes before the server is
// ready for the next request. 0 lets every answer pass.
func (c *cutter) cutAt(k int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left = k
}

// cut says how many connections were cut.
func (c *cutter) cut() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cuts
}

// answers says how many came.
func (c *cutter) answers() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen
}

// takes says whether the answer at hand is the one to keep back.
func (c *cutter) takes() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen++
	if c.left == 0 {
		return false
	}
	c.left--
	if c.left > 0 {
		return false
	}
	c.cuts++
	return true
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
	// A socket's path has 107 characters at most (unix(7)): a test's own folder
	// may have more.
	dir, err := os.MkdirTemp("", "cut")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
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
	go func() {
		defer func() { _ = server.Close() }()
		_, _ = io.Copy(server, client)
	}()
	answers := bufio.NewReader(server)
	for {
		answer, err := readAnswer(answers)
		if err == nil && c.takes() {
			return
		}
		if _, werr := client.Write(answer); err != nil || werr != nil {
			return
		}
	}
}

// The messages after which the server waits for the client: ready for a query,
// and a question during the start of a connection.
const (
	readyForQuery  = 'Z'
	authentication = 'R'
)

// readAnswer reads the server's messages up to one after which it waits. Each is
// a letter, its length but for the letter, and so many bytes.
// Source: https://www.postgresql.org/docs/15/protocol-message-formats.html
func readAnswer(r *bufio.Reader) ([]byte, error) {
	var answer bytes.Buffer
	for {
		var head [5]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return answer.Bytes(), err
		}
		answer.Write(head[:])
		if _, err := io.CopyN(&answer, r, int64(binary.BigEndian.Uint32(head[1:]))-4); err != nil {
			return answer.Bytes(), err
		}
		if head[0] == readyForQuery || head[0] == authentication {
			return answer.Bytes(), nil
		}
	}
}
