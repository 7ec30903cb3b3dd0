package main

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// wire stands between the program and Postgres and keeps every byte that goes
// either way. The connections are not encrypted: a socket's folder guards them.
type wire struct {
	server string // the socket of Postgres
	folder string // with our own
	mu     sync.Mutex
	kept   []*tap
}

// tap is what one side of one connection said.
type tap struct {
	to string // "Postgres" or "the program"
	mu sync.Mutex
	b  bytes.Buffer
}

func (t *tap) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.Write(p)
}

// newWire listens for connections to the Postgres of a connection string.
func newWire(t testing.TB, server string) *wire {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	// The name of a socket may be no longer than 107 bytes.
	folder, err := os.MkdirTemp("", "wire")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	socket := ".s.PGSQL." + u.Query().Get("port")
	w := &wire{server: filepath.Join(u.Query().Get("host"), socket), folder: folder}
	l, err := net.Listen("unix", filepath.Join(folder, socket))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed
			}
			go w.carry(c)
		}
	}()
	return w
}

// through is a connection string that leads through the wire.
func (w *wire) through(t testing.TB, server string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("host", w.folder)
	u.RawQuery = q.Encode()
	return u.String()
}

// carry brings two sides together until one of them hangs up.
func (w *wire) carry(program net.Conn) {
	defer func() { _ = program.Close() }()
	server, err := net.Dial("unix", w.server)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	sent, answered := &tap{to: "Postgres"}, &tap{to: "the program"}
	w.mu.Lock()
	w.kept = append(w.kept, sent, answered)
	w.mu.Unlock()
	ended := make(chan struct{}, 2)
	for _, way := range []struct {
		from, to net.Conn
		tap      *tap
	}{{program, server, sent}, {server, program, answered}} {
		go func() {
			_, _ = io.Copy(way.to, io.TeeReader(way.from, way.tap))
			ended <- struct{}{}
		}()
	}
	<-ended
}

// pieces are what went by so far, by connection and direction.
func (w *wire) pieces(to string) []piece {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []piece
	for _, t := range w.kept {
		if t.to == to {
			t.mu.Lock()
			all = append(all, piece{text: bytes.Clone(t.b.Bytes())})
			t.mu.Unlock()
		}
	}
	return all
}
