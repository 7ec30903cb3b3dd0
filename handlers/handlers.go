// Package handlers puts the leaves together into one web server: their order,
// what every request passes through, and the one table of errors.
package handlers

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/ops"
	"github.com/hearthline/hearthline/handlers/phone"
)

// Options are the leaves that New mounts.
type Options struct {
	Guard  *carrier.Guard
	Calls  *phone.Calls
	Health *ops.Health
	Log    *slog.Logger
	// Pages are mounted beside the webhooks: the desk, the demo's phones.
	Pages []Pages
}

// Pages are web pages that mount themselves.
type Pages interface{ Mount(*echo.Echo) }

// Refuser are pages that tell of an error themselves, to who asked for one of them. It
// is false, and nothing is written, where they do not.
type Refuser interface {
	Refuse(echo.Context, error) bool
}

// New returns the web server of LISTEN.
//
// A webhook passes the guard before anything else is done with it. The log has
// a line for each request, with its route and never its address, for a query
// string carries a call's state.
func New(o Options) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(discard{})
	e.IPExtractor = echo.ExtractIPDirect()
	e.HTTPErrorHandler = answerError(o.Log, o.Pages)
	e.Use(hurried(slowest), logged(o.Log), middleware.RecoverWithConfig(middleware.RecoverConfig{LogErrorFunc: recovered(o.Log)}))
	o.Health.Mount(e)
	o.Calls.Mount(e, o.Guard.Middleware)
	e.POST(carrier.ProbePath, o.Guard.Echo, o.Guard.Middleware)
	for _, pages := range o.Pages {
		pages.Mount(e)
	}
	return e
}

// slowest is what the body of a request may take to come.
const slowest = 10 * time.Second

// hurried has nobody hold a connection by a body that does not come, whatever is
// answered: the server reads to its end what nothing else has read. A server's own limit
// would end pages that stream. Who reads a body to its end takes the limit away.
func hurried(slowest time.Duration) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if r := c.Request(); r.Body != nil && r.Body != http.NoBody {
				_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(slowest))
			}
			return next(c)
		}
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// recovered keeps a panic's text out of the log: it may hold what was being
// worked on.
func recovered(log *slog.Logger) middleware.LogErrorFunc {
	return func(c echo.Context, _ error, stack []byte) error {
		log.Error("a handler panicked", "route", c.Path(), "stack", string(stack))
		return echo.ErrInternalServerError
	}
}

func logged(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			began := time.Now()
			err := next(c)
			if err != nil {
				c.Error(err)
			}
			log.Debug("request", "method", c.Request().Method, "route", c.Path(), "status", c.Response().Status, "took", time.Since(began))
			return nil
		}
	}
}

// answerError is the table of errors: what the other side is told, in a
// sentence that gives nothing away. Who is at a page is told by a page.
func answerError(log *slog.Logger, all []Pages) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		if c.Response().Committed {
			return
		}
		status := http.StatusInternalServerError
		if he := (*echo.HTTPError)(nil); errors.As(err, &he) {
			status = he.Code
		}
		if status >= http.StatusInternalServerError {
			log.Error("a request failed", "route", c.Path(), "status", status, "error", err)
		}
		for _, pages := range all {
			if r, ok := pages.(Refuser); ok && r.Refuse(c, err) {
				return
			}
		}
		if err := c.String(status, http.StatusText(status)+"\n"); err != nil {
			log.Debug("an answer could not be written", "route", c.Path())
		}
	}
}
