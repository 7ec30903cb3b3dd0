package handlers

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

func TestABodyThatDoesNotComeEndsTheConnection(t *testing.T) {
	t.Parallel()
	e := echo.New()
	e.Use(hurried(50 * time.Millisecond))
	e.GET("/healthz", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })
	server := httptest.NewServer(e)
	defer server.Close()
	for _, path := range []string{"/healthz", "/nowhere"} {
		connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = connection.Close() }()
		_ = connection.SetReadDeadline(time.Now().Add(slowest / 2)) // far more than it takes
		if _, err := fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\na", path); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, connection); err != nil {
			t.Errorf("%s: the connection is kept: %v", path, err)
		}
	}
}
