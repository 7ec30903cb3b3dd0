// Package ops tells whoever runs a line how it is: alive, and able to answer
// calls.
package ops

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/store"
)

// Directory is where callers' menus come from.
type Directory interface{ Status() store.Status }

// Health answers the two questions that a load balancer asks.
type Health struct{ directory Directory }

// New returns the health of a program that answers from d.
func New(d Directory) *Health { return &Health{directory: d} }

// Mount registers /healthz and /readyz. Neither tells anything of a caller or
// a group.
func (h *Health) Mount(e *echo.Echo) {
	e.GET("/healthz", h.alive)
	e.GET("/readyz", h.ready)
}

func (h *Health) alive(c echo.Context) error {
	return c.JSON(http.StatusOK, state{Status: "alive"})
}

// state is the body of both answers.
type state struct {
	// Status is "alive", "ready", "degraded" (calls are answered from what is
	// in memory, for Postgres is out of reach) or "starting".
	Status string `json:"status"`
	// Age is how old the directory is, in seconds.
	Age int `json:"directory_age_seconds,omitempty"`
}

// ready is 200 whenever a directory is loaded: without Postgres calls are
// still answered, so traffic must still come.
func (h *Health) ready(c echo.Context) error {
	s := h.directory.Status()
	switch {
	case !s.Loaded:
		return c.JSON(http.StatusServiceUnavailable, state{Status: "starting"})
	case s.Degraded:
		return c.JSON(http.StatusOK, state{Status: "degraded", Age: int(s.Age.Seconds())})
	}
	return c.JSON(http.StatusOK, state{Status: "ready", Age: int(s.Age.Seconds())})
}
