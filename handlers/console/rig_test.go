package console

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/handlers/browsertest"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

func TestMain(m *testing.M) {
	code := storetest.Main(m)
	browsertest.Close()
	os.Exit(code)
}

// monday is noon in New York, the day before the groups meet.
var monday = time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)

const (
	lineNumber  = "+12025550100"
	griefCode   = "482105"
	illnessCode = "719204"
	// crisisNumber is for everybody to see.
	crisisNumber = "+18002738255"
)

const groupsFile = `groups:
  - code: "482105"
    name: {en: Evening grief circle, es: Círculo de duelo}
    discreet_name: Tuesday call
    topics: [grief]
    languages: [en, es]
    format: peer-led
    access: open
    host: none
    capacity: 12
    reminders: [24h, 15m]
    meetings: [{start: "2026-11-24T19:00", timezone: America/New_York, rrule: "FREQ=WEEKLY;BYDAY=TU", minutes: 60}]
    facilitators:
      - {alias: Rose, phone: "+12125550111", pin: "73914626"}
  - code: "719204"
    name: Living with illness
    discreet_name: Thursday call
    topics: [living-with-illness]
    languages: [en]
    format: professional-led
    access: approval
    host: required
    capacity: 8
    meetings: [{start: "2026-11-26T18:00", timezone: America/New_York, rrule: "FREQ=MONTHLY;BYDAY=4TH", minutes: 90}]
    facilitators:
      - {alias: Sam, phone: "+12125550112", pin: "50391827"}
`

// rig is a desk over a database of its own, at a time of its own.
type rig struct {
	t         *testing.T
	db        *store.DB
	deskDB    *store.DB // what the desk works with: under the console's role where each page is held
	keys      *vault.Keyring
	line      string
	snapshots *store.Snapshots
	log       storetest.Log
	doctor    Doctor
	demo      bool
	rooms     *fakeRooms
	callMe    func(context.Context, StudioCall) error

	mu  sync.Mutex
	now time.Time
}

// newRig returns a desk of a line with two groups; newEmptyRig, one without.
func newRig(t *testing.T) *rig {
	t.Helper()
	r := newEmptyRig(t)
	groups, faults := store.ParseGroups("groups.yaml", strings.NewReader(groupsFile), store.ParseOptions{CodeLength: 6, Languages: []string{"en", "es"}, Countries: []string{"US"}})
	for _, f := range faults {
		if !f.Warning {
			t.Fatal(f)
		}
	}
	if _, err := r.db.ImportGroups(r.ctx(), r.keys, r.line, groups); err != nil {
		t.Fatal(err)
	}
	r.refresh()
	return r
}

func newEmptyRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, keys: storetest.Keyring(t), now: monday, rooms: &fakeRooms{}}
	if strings.HasPrefix(t.Name(), "TestPages") {
		r.db, r.deskDB = storetest.NewConsole(t)
	} else {
		r.db = storetest.New(t)
		r.deskDB = r.db
	}
	number, err := vault.ParseNumber(lineNumber)
	if err != nil {
		t.Fatal(err)
	}
	r.line, err = r.db.EnsureLine(r.ctx(), r.keys, store.LineConfig{
		Name: "The support line", Zone: "America/New_York", Languages: []string{"en", "es"}, CodeLength: 6, CrisisName: "988", Numbers: []vault.Number{number},
	})
	if err != nil {
		t.Fatal(err)
	}
	r.snapshots = store.NewSnapshots(store.SnapshotsOptions{DB: r.db, Keyring: func() *vault.Keyring { return r.keys }, StateDir: t.TempDir(), Now: r.time})
	r.refresh()
	return r
}

// unchanged are rigs that pages share which change nothing: to make one takes longer
// than to draw a page.
type unchanged struct{ full, empty *rig }

var shared unchanged

// stillRig and stillEmptyRig are like newRig and newEmptyRig, for a state of the gallery
// that writes nothing.
func stillRig(t *testing.T) *rig      { return shared.full.of(t) }
func stillEmptyRig(t *testing.T) *rig { return shared.empty.of(t) }

// of is the same line for another test, with a clock and rooms of its own.
func (r *rig) of(t *testing.T) *rig {
	return &rig{t: t, db: r.db, deskDB: r.deskDB, keys: r.keys, line: r.line, snapshots: r.snapshots, now: monday, rooms: &fakeRooms{}}
}

func (r *rig) ctx() context.Context { return r.t.Context() }

func (r *rig) time() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *rig) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

// refresh has the directory be what the database says.
func (r *rig) refresh() {
	r.t.Helper()
	if err := r.snapshots.Load(r.ctx()); err != nil {
		r.t.Fatal(err)
	}
}

// groupID is the id of the group of a code.
func (r *rig) groupID(code string) string {
	r.t.Helper()
	groups, err := r.db.Groups(r.ctx(), r.line)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, g := range groups {
		if g.Code == code {
			return g.ID
		}
	}
	r.t.Fatalf("no group %s", code)
	return ""
}

// options are what the desk works with. An area adds what its pages need.
func (r *rig) options() Options {
	return Options{
		PublicURL: "http://localhost:8080", DB: r.deskDB, Line: func() string { return r.line }, Directories: r.snapshots,
		Messages: store.NewMessages(r.deskDB, r.keys), Audience: store.NewMembers(r.db, r.keys).Audience, Voicemail: store.NewVoicemail(r.db, r.keys),
		Numbers: func() []PublicNumber {
			return []PublicNumber{{Written: "(202) 555-0100", Dialled: lineNumber}}
		},
		Accounts: store.NewAccounts(r.deskDB, r.keys, r.time), Demo: r.demo,
		Rooms: r.rooms, Flow: builtIn, Roster: store.NewRoster(r.db, r.keys, r.time),
		Keys: r.keys, Audit: store.NewAudit(r.deskDB, r.keys), Subjects: (*subjects)(r), Spoken: []string{"en", "es"},
		Crisis:   func(string) vault.Number { return r.number(crisisNumber) },
		Setup:    r.setup(),
		MayAsk:   func(n vault.Number) bool { return n.Within([]string{"US", "CA"}) && !n.Equal(r.number(crisisNumber)) },
		Versions: r.versions(), CallMe: r.callMe,
		Doctor: r.doctor, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Now: r.time, Log: slog.New(slog.NewTextHandler(&r.log, nil)),
	}
}

// desk is a desk at which whoever comes is who is signed in, for as long as the test
// runs.
type desk struct {
	*rig
	pages  *Pages
	who    *who
	url    string
	server *httptest.Server
	cookie *http.Cookie // what every browser has, nil for nothing
	seen   sync.Map     // path → answer: pages that a form gave, for a browser to look at
}

// as returns the desk as somebody of a role has it, who has the groups of those codes.
func (r *rig) as(role store.Role, codes ...string) *desk {
	r.t.Helper()
	w := &who{Account: "00000000-0000-4000-8000-000000000001", Name: "Ada", Role: role, Lang: "en", Proven: r.time(), Token: "form-token"}
	for _, code := range codes {
		w.Groups = append(w.Groups, r.groupID(code))
	}
	return r.desk(w)
}

// nobody is the desk as somebody has it who is not signed in.
func (r *rig) nobody() *desk { return r.desk(nil) }

func (r *rig) desk(w *who) *desk {
	r.t.Helper()
	pages, err := New(r.options())
	if err != nil {
		r.t.Fatal(err)
	}
	d := &desk{rig: r, pages: pages, who: w}
	pages.identify = func(echo.Context) (*who, error) { return d.who, nil }
	e := echo.New()
	e.Logger.SetOutput(io.Discard)
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		if he := (*echo.HTTPError)(nil); !errors.As(err, &he) {
			r.t.Logf("%s: %v", c.Path(), err)
		}
		if !pages.Refuse(c, err) {
			e.DefaultHTTPErrorHandler(err, c)
		}
	}
	e.Pre(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if d.cookie != nil {
				c.Request().AddCookie(d.cookie)
			}
			return next(c)
		}
	})
	pages.Mount(e)
	e.GET("/seen/:n", func(c echo.Context) error {
		body, _ := d.seen.Load(c.Param("n"))
		text, _ := body.(string)
		// Its scripts run under this answer's policy.
		nonce, _ := c.Get("nonce").(string)
		return c.HTML(http.StatusOK, nonces.ReplaceAllString(text, `nonce="`+nonce+`"`))
	}, pages.guard)
	server := httptest.NewServer(e)
	r.t.Cleanup(server.Close)
	r.t.Cleanup(pages.Close)
	d.url, d.server = server.URL, server
	return d
}

var (
	nonces = regexp.MustCompile(`nonce="[^"]*"`)
	onces  = regexp.MustCompile(`name="once" value="[^"]*"`)
)

// get asks for a page.
func (d *desk) get(path string) (status int, body string) {
	d.t.Helper()
	return d.do(http.MethodGet, path, nil)
}

// post sends a form as one of the desk's own pages would, and returns what it is
// answered, or where it is led.
func (d *desk) post(path string, form url.Values) (status int, body string) {
	d.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	if d.who != nil && !form.Has("token") {
		form.Set("token", d.who.Token)
	}
	return d.do(http.MethodPost, path, form)
}

func (d *desk) do(method, path string, form url.Values) (int, string) {
	d.t.Helper()
	return d.sent(method, path, form, [2]string{"Accept", "text/html"})
}

// sent is do with headers of its own.
func (d *desk) sent(method, path string, form url.Values, headers ...[2]string) (int, string) {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.ctx(), method, d.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		d.t.Fatal(err)
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, h := range headers {
		if h[0] != "" {
			request.Header.Set(h[0], h[1])
		}
	}
	return d.answered(request)
}

// answered is what a request is answered, or where it leads.
func (d *desk) answered(request *http.Request) (int, string) {
	d.t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	if to := answer.Header.Get("Location"); to != "" {
		return answer.StatusCode, to
	}
	return answer.StatusCode, string(body)
}
