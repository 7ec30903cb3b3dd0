// Package console is the coordinators' desk in a browser: pages in which groups
// are set up and looked after, made on the server and complete without any script.
//
// A page is a row of the table of routes, a method of [page] and a template. What a
// row says of permission is all there is: the method is reached by nobody else. No
// page holds a telephone number, for no type that a template is given does.
package console

import (
	"context"
	"embed"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Options are what the pages work with.
type Options struct {
	// PublicURL is where browsers reach the pages; its scheme and host are what
	// passkeys are bound to.
	PublicURL string
	// DB is a pool under the console's own role of the database.
	DB *store.DB
	// Line is the id of the line whose desk this is; "" until it is known.
	Line     func() string
	Accounts *store.Accounts
	// Holding says whether a session is live that an account may hold: then nobody
	// is signed out for having their hands full. Nil for nobody.
	Holding func(ctx context.Context, account string) bool
	// Demo has whoever comes sign in as Accounts' first owner, without a password.
	Demo        bool
	Directories Directories
	// Messages are what staff say to their groups, Audience whom that would reach, and
	// Voicemail what callers have left.
	Messages  *store.Messages
	Audience  func(ctx context.Context, line, group string) (store.Audience, error)
	Voicemail *store.Voicemail
	// Numbers are the line's own, the first one first; nil for none.
	Numbers func() []PublicNumber
	// Rooms are the live sessions, Flow what callers hear by now, which has the names of
	// their people, and Roster who is in a group.
	Rooms  Rooms
	Flow   func() *flows.Flow
	Roster Roster
	// Ring rings an account's own phone, and connects it with who waits, or left a
	// message; nil where that cannot be. store.ErrNotFound says that the account has no
	// number, or that the other is gone; [ErrNotNow] that it is night where they are,
	// [ErrNoSuchCall] that the flow begins none.
	Ring func(context.Context, Ringing) error
	// CallMe rings an account's own phone, which then leads to recording; nil where that
	// cannot be. store.ErrNotFound says that the account has no number that is proven;
	// [ErrNothingToRecord] that there is nothing of the kind.
	CallMe func(context.Context, StudioCall) error
	// Keys seal what a page keeps, and Audit has what staff did.
	Keys  *vault.Keyring
	Audit *store.Audit
	// Given is what of the line the operator's environment sets, Spoken the languages
	// that it has words for, and Crisis the number of its crisis line, which is public.
	Given  Given
	Spoken []string
	Crisis func(line string) vault.Number
	// Phones is where simulated phones are, "" for none.
	Phones string
	// Subjects are those who ask for their data.
	Subjects Subjects
	// Setup is what groups are set up with.
	Setup Setup
	// Proxies are those whose word counts for where a request comes from; none by default.
	Proxies []netip.Prefix
	// MayAsk says whether a number may be asked to join, nil for any.
	MayAsk func(vault.Number) bool
	// Doctor looks at the line's number; nil where there is none to look at.
	Doctor Doctor
	// Versions are those of the line's flow.
	Versions Versions
	Now      func() time.Time
	Log      *slog.Logger
}

// Directories find what there is on a line.
type Directories interface {
	Line(id string) (*store.Snapshot, bool)
}

// Pages serves the desk. It is safe for concurrent use.
type Pages struct {
	Options
	routes    []route // the table, which routes' own pages cannot name
	templates templates
	words     catalogue
	sentences catalogue // of package flows, by their English patterns
	assets    map[string]asset
	sessions  *sessions
	passkeys  *webauthn.WebAuthn
	addresses echo.IPExtractor
	// identify says who a request is from, nil for nobody.
	identify func(echo.Context) (*who, error)
	streams  streams
	workshop *workshop
	rung     rings
	slowest  time.Duration   // what a form may take to come
	ctx      context.Context // of the streams, from New to Close
	close    context.CancelFunc
}

//go:embed sentences static templates words
var files embed.FS

// What is built in is read once, and shared by all pages.
var (
	ownWords     = sync.OnceValues(func() (catalogue, error) { return readCatalogue(files) })
	ownSentences = sync.OnceValues(func() (catalogue, error) { return readSentences(files) })
	ownAssets    = sync.OnceValues(func() (map[string]asset, error) { return readAssets(files) })
	ownTemplates = sync.OnceValues(func() (templates, error) { return readTemplates(files) })
)

// New returns the pages. The caller closes them.
func New(o Options) (*Pages, error) {
	d := &Pages{Options: o, routes: routes, slowest: slowestForm, workshop: newWorkshop()}
	var err error
	if d.words, err = ownWords(); err != nil {
		return nil, fmt.Errorf("the console's words: %w", err)
	}
	if d.sentences, err = ownSentences(); err != nil {
		return nil, fmt.Errorf("the console's sentences: %w", err)
	}
	if d.assets, err = ownAssets(); err != nil {
		return nil, fmt.Errorf("the console's files: %w", err)
	}
	if d.templates, err = ownTemplates(); err != nil {
		return nil, fmt.Errorf("the console's pages: %w", err)
	}
	if d.passkeys, err = newPasskeys(o.PublicURL); err != nil {
		return nil, fmt.Errorf("the console's passkeys: %w", err)
	}
	d.sessions, d.identify = newSessions(o), d.whoIs
	d.addresses = addressesBehind(o.Proxies)
	d.ctx, d.close = context.WithCancel(context.Background())
	return d, nil
}

// Close ends every stream, so that a server can shut down without waiting for
// their readers. Streams opened later end at once.
func (d *Pages) Close() { d.close() }

// Mount adds the table of routes, and the files that pages load.
func (d *Pages) Mount(e *echo.Echo) {
	desk := e.Group("/console", d.guard)
	for name := range d.assets {
		desk.GET("/static/"+name, d.serveAsset)
	}
	nowhere := d.handle(route{get, "", anybody, (*page).nowhere, 0})
	desk.RouteNotFound("", nowhere)
	desk.RouteNotFound("/*", nowhere)
	for _, r := range routes {
		e.Add(r.method, r.path, d.handle(r), d.guard)
	}
}
