package console

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// Whoever sends a form that does not come is not waited for: neither by what reads it,
// nor by the server, which reads what was refused before it answers.
func TestASlowFormIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	d := newEmptyRig(t).nobody()
	d.pages.slowest = 50 * time.Millisecond
	for name, c := range map[string]struct {
		method, path, kind string
		status             int
	}{
		"a form":               {http.MethodPost, "/console/sign-in", "application/x-www-form-urlencoded", http.StatusBadRequest},
		"what is no form":      {http.MethodPost, "/console/sign-in", "application/json", http.StatusUnsupportedMediaType},
		"a page with a body":   {http.MethodGet, "/console/sign-in", "text/plain", http.StatusUnsupportedMediaType},
		"a page with a form":   {http.MethodGet, "/console/sign-in", "application/x-www-form-urlencoded", http.StatusOK},
		"from somewhere else":  {http.MethodPost, "/console/sign-in", "application/x-www-form-urlencoded\r\nSec-Fetch-Site: cross-site", http.StatusForbidden},
		"a file with contents": {http.MethodGet, "/console/static/console.css", "text/plain", http.StatusUnsupportedMediaType},
	} {
		t.Run(name, func(t *testing.T) {
			connection, err := (&net.Dialer{}).DialContext(d.ctx(), "tcp", d.server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = connection.Close() }()
			_ = connection.SetReadDeadline(time.Now().Add(slowestForm / 2)) // far more than it takes
			if _, err := fmt.Fprintf(connection, "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: 100\r\n\r\nemail=a", c.method, c.path, c.kind); err != nil {
				t.Fatal(err)
			}
			answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
			if err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode != c.status {
				t.Errorf("answered %d, want %d", answer.StatusCode, c.status)
			}
			if _, err := io.Copy(io.Discard, connection); err != nil {
				t.Errorf("the connection is kept: %v", err)
			}
		})
	}
}
