// Package simulator is the phones page of demo mode: up to six telephones in
// a browser, over the emulator. Each has a keypad, captions that advance with
// the emulator's clock, and a voice where the browser has one of its own;
// people in one room hear what the others type. Each has its texts too. How texts
// to a phone fare, and who picks it up, a visitor chooses. A wire panel shows every
// webhook.
//
// The server holds the truth. A page opens one stream of server-sent events,
// which begins with everything there is to draw and goes on with what has
// changed; whatever a visitor does is a small POST. So a page that lost its
// connection, or was opened late, shows the same as any other.
package simulator

import (
	"context"
	"embed"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// Options are what a page of phones needs. All but Zone, Tries, Texts, Passed
// and Flow are required.
type Options struct {
	Emulator *emulator.Emulator
	Clock    *emulator.Clock
	Line     string // the number that the phones call, E.164
	LineName string
	Zone     *time.Location // of the clock that is shown; nil is the machine's
	Tries    []Try          // to call
	Texts    []Try          // to text
	// Testers are the numbers, E.164, of phones that hear the flow's draft.
	Testers []string
	// Passed is told, while the clock is wound, that time has passed: the program
	// then does what has fallen due.
	Passed func()
	// Flow brings what has become of the line's own flow; nil where it has none.
	Flow <-chan FlowNews
}

// Try is a suggestion to a newcomer: keys to press once the line answers, or
// what to text it.
type Try struct {
	Label string // "Calls happening now"
	Keys  string // "2", "1 482105", "NOW"
}

// Pages serves the phones page. It is safe for concurrent use.
type Pages struct {
	board board
	view  pageView
	ctx   context.Context // of the streams, from New to Close
	close context.CancelFunc
}

// New returns the pages over a running emulator. It makes the six phones,
// which from then on wait for a person to answer when they are rung. The
// caller closes the pages.
func New(o Options) *Pages {
	p := newPages(nil, o)
	p.board = newExchangeBoard(p.ctx, o)
	return p
}

func newPages(b board, o Options) *Pages {
	ctx, cancel := context.WithCancel(context.Background())
	return &Pages{
		board: b,
		view:  pageView{LineName: o.LineName, Line: spaced(o.Line), Tries: o.Tries, Texts: o.Texts, testers: spacedAll(o.Testers)},
		ctx:   ctx,
		close: cancel,
	}
}

// Close ends every stream, so that a server can shut down without waiting for
// their readers. Streams opened later end at once.
func (p *Pages) Close() { p.close() }

//go:embed static templates
var files embed.FS

// Mount adds the page and what it needs under /phones.
func (p *Pages) Mount(e *echo.Echo) {
	e.GET("/", func(c echo.Context) error { return c.Redirect(http.StatusFound, "/phones") })
	g := e.Group("/phones", p.guard)
	g.GET("", p.page)
	g.GET("/phones.css", asset("static/phones.css", "text/css; charset=utf-8"))
	g.GET("/phones.js", asset("static/phones.js", "text/javascript; charset=utf-8"))
	g.GET("/events", p.events)
	g.POST("/clock", p.windClock)
	g.POST("/:phone/call", p.command(call))
	g.POST("/:phone/answer", p.command(answer))
	g.POST("/:phone/hangup", p.command(hangup))
	g.POST("/:phone/press", p.command(press))
	g.POST("/:phone/say", p.command(say))
	g.POST("/:phone/text", p.command(text))
	g.POST("/:phone/delivery", p.command(deliver))
	g.POST("/:phone/pickup", p.command(pickUp))
}

func asset(name, kind string) echo.HandlerFunc {
	return func(c echo.Context) error {
		b, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		c.Response().Header().Set("Cache-Control", "no-cache")
		return c.Blob(http.StatusOK, kind, b)
	}
}
