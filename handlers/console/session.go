package console

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/store"
)

// How long somebody is signed in (ASVS 7.3): without doing anything, without doing
// anything while a session is live that is theirs to hold, and at all.
const (
	idleFor    = 15 * time.Minute
	holdingFor = time.Hour
	signedIn   = 8 * time.Hour
	// aboutTo is how long somebody may take to sign in, or to join.
	aboutTo = time.Hour
	// seenEvery is how exactly it is known when a session was last used.
	seenEvery = time.Minute
)

// Browsers take a cookie with this prefix only when it is secure, of this host alone
// and of every path (ASVS 3.3.1); they take http://localhost for secure.
const (
	sessionCookie = "__Host-hearthline"
	deviceCookie  = "__Host-hearthline-device"
	deviceCookies = 90 * 24 * time.Hour
)

// What a session holds.
const (
	ofAccount   = "account"   // id of who is signed in
	ofToken     = "token"     // of their forms
	ofProven    = "proven"    // when they last proved who they are
	ofChallenge = "challenge" // of a passkey that is being asked for
	ofLink      = "link"      // the token with which somebody is joining
	ofSecret    = "secret"    // of an app that is being set up
	ofCodes     = "codes"     // recovery codes, to be shown once
	ofInvited   = "invited"   // a link for somebody else, to be shown once
)

// sessions keeps browsers signed in. Tokens have 256 random bits, of which SHA-256 is
// stored (ASVS 7.2.4).
type sessions struct {
	*scs.SessionManager
	in sessionStore
}

func newSessions(o Options) *sessions {
	s := &sessions{SessionManager: scs.New(), in: sessionStore{accounts: o.Accounts, line: o.Line, now: o.Now}}
	s.Store, s.Codec, s.Lifetime = s.in, jsonCodec{}, signedIn
	return s
}

// sessionStore is where sessions are kept, by the desk's own clock.
type sessionStore struct {
	accounts *store.Accounts
	line     func() string
	now      func() time.Time
}

// jsonCodec writes what a session holds, all of it text.
type jsonCodec struct{}

func (jsonCodec) Encode(_ time.Time, values map[string]any) ([]byte, error) {
	return json.Marshal(values)
}

// Decode leaves the deadline to identify, which goes by the desk's own clock.
func (jsonCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	values := map[string]any{}
	return time.Time{}, values, json.Unmarshal(b, &values)
}

type storedKey struct{}

// storedSession is the row of a request's session, which FindCtx fills in.
type storedSession struct {
	store.DeskSession
	seen bool // it has said once who the request is from
}

func stored(ctx context.Context) *storedSession {
	row, _ := ctx.Value(storedKey{}).(*storedSession)
	return row
}

func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// FindCtx implements [scs.CtxStore].
func (s sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	return s.find(ctx, hashOf(token))
}

func (s sessionStore) find(ctx context.Context, hash []byte) ([]byte, bool, error) {
	row, err := s.accounts.Session(ctx, s.line(), hash)
	if errors.Is(err, store.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	stored(ctx).DeskSession = row
	return row.Data, true, nil
}

// CommitCtx implements [scs.CtxStore].
func (s sessionStore) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	row := stored(ctx)
	was, now := row.Hash, s.now()
	_, values, err := jsonCodec{}.Decode(data)
	if err != nil {
		return err
	}
	account, _ := values[ofAccount].(string)
	if was == nil || row.Account != account {
		// Who signs in begins a session of its own; that of before is over.
		if was != nil {
			if err := s.accounts.EndSession(ctx, s.line(), was); err != nil {
				return err
			}
		}
		was, row.MadeAt = nil, now
	}
	life := signedIn
	if account == "" {
		life = aboutTo
	}
	row.Hash, row.Account, row.Data, row.SeenAt, row.ExpiresAt = hashOf(token), account, data, now, row.MadeAt.Add(life)
	err = s.accounts.PutSession(ctx, s.line(), row.DeskSession, was)
	if errors.Is(err, store.ErrNotFound) {
		return errSignedOut
	}
	return err
}

// errSignedOut says that a session has ended since the request came.
var errSignedOut = errors.New("the session is over")

// DeleteCtx implements [scs.CtxStore]. A token that is renewed goes when the session is
// written, in the same transaction; a session that ends goes in end.
func (s sessionStore) DeleteCtx(context.Context, string) error { return nil }

// Find, Commit and Delete implement [scs.Store], and are never called.
func (sessionStore) Find(string) ([]byte, bool, error)      { return nil, false, errNoContext }
func (sessionStore) Commit(string, []byte, time.Time) error { return errNoContext }
func (sessionStore) Delete(string) error                    { return errNoContext }

var errNoContext = errors.New("a session is kept with a context")

// open has the request's context hold what its session does, which is empty for a
// browser without one.
func (s *sessions) open(c echo.Context) error {
	token := ""
	if cookie, err := c.Cookie(sessionCookie); err == nil {
		token = cookie.Value
	}
	row := &storedSession{DeskSession: store.DeskSession{Agent: agent(c.Request().UserAgent())}}
	ctx, err := s.Load(context.WithValue(c.Request().Context(), storedKey{}, row), token)
	if err != nil {
		return err
	}
	c.SetRequest(c.Request().WithContext(ctx))
	return nil
}

// save writes what the session holds; its token goes to the browser.
func (s *sessions) save(c echo.Context) error {
	token, _, err := s.SessionManager.Commit(c.Request().Context())
	if err == nil {
		c.SetCookie(cookie(sessionCookie, token, 0))
	}
	return err
}

// cookie lasts as long as the browser is open, or for a time.
func cookie(name, value string, life time.Duration) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: int(life / time.Second), Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode}
}

// signIn begins a session of its own, under a new token (ASVS 7.2.4), and says in the
// browser that it is known from now on.
func (s *sessions) signIn(c echo.Context, account string) error {
	ctx := c.Request().Context()
	if err := s.Clear(ctx); err != nil {
		return err
	}
	s.Put(ctx, ofAccount, account)
	s.Put(ctx, ofToken, rand.Text())
	if err := s.proven(c); err != nil {
		return err
	}
	device := s.device(c)
	if device == "" {
		device = rand.Text()
	}
	c.SetCookie(cookie(deviceCookie, device, deviceCookies))
	return s.in.accounts.KnowDevice(ctx, s.in.line(), account, device, s.in.now())
}

// proven writes down that somebody has just proved who they are, under a new token.
func (s *sessions) proven(c echo.Context) error {
	ctx := c.Request().Context()
	s.Put(ctx, ofProven, s.in.now().UTC().Format(time.RFC3339))
	if err := s.RenewToken(ctx); err != nil {
		return err
	}
	return s.save(c)
}

func (s *sessions) device(c echo.Context) string {
	if known, err := c.Cookie(deviceCookie); err == nil {
		return known.Value
	}
	return ""
}

// end signs a browser out (ASVS 7.4.1).
func (s *sessions) end(c echo.Context) error {
	c.SetCookie(cookie(sessionCookie, "", -time.Second))
	ctx := c.Request().Context()
	if err := s.in.accounts.EndSession(ctx, s.in.line(), stored(ctx).Hash); err != nil {
		return err
	}
	return s.Destroy(ctx)
}

// whoIs says who a request is from, nil for nobody. Asked again, as a page that streams
// does, it says who it is from by now.
func (d *Pages) whoIs(c echo.Context) (*who, error) {
	ctx := c.Request().Context()
	row := stored(ctx)
	if row.Account == "" {
		return nil, nil
	}
	if row.seen {
		if _, found, err := d.sessions.in.find(ctx, row.Hash); err != nil || !found {
			return nil, err
		}
	}
	row.seen = true
	account, err := d.Accounts.Get(ctx, d.Line(), row.Account)
	if err != nil {
		return nil, err
	}
	over := d.isOver(ctx, row)
	if account.State != store.AccountActive {
		over = "gate.signed_out"
	}
	if over != "" {
		c.Set(whyOut, over)
		return nil, d.sessions.end(c)
	}
	// A stream that a page has open does not mean that somebody is there.
	streams := strings.Contains(c.Request().Header.Get("Accept"), "text/event-stream")
	if now := d.Now(); !streams && now.Sub(row.SeenAt) >= seenEvery {
		if err := d.Accounts.SawSession(ctx, d.Line(), row.Hash, now); err != nil {
			return nil, err
		}
	}
	proven, _ := time.Parse(time.RFC3339, d.sessions.GetString(ctx, ofProven))
	return &who{
		Account: account.ID, Name: account.Name, Role: account.Role, Groups: account.Groups, Lang: account.Lang,
		Proven: proven, Token: d.sessions.GetString(ctx, ofToken),
	}, nil
}

// whyOut is what a request is told, as a key of the catalogue, whose session is over.
const whyOut = "why_out"

// isOver says why a session is over, as a key of the catalogue: it was left alone for
// too long, or has lasted too long. For one that goes on it is "".
func (d *Pages) isOver(ctx context.Context, s *storedSession) string {
	now := d.Now()
	idle := now.Sub(s.SeenAt)
	switch {
	case now.Sub(s.MadeAt) >= signedIn:
		return "gate.out_long"
	case idle < idleFor, idle < holdingFor && d.Holding != nil && d.Holding(ctx, s.Account):
		return ""
	}
	return "gate.out_idle"
}

// agent names a browser as its user would.
func agent(header string) string {
	name := "?"
	for _, b := range [][2]string{{"Edg/", "Edge"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}} {
		if strings.Contains(header, b[0]) {
			name = b[1]
			break
		}
	}
	for _, s := range [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Macintosh", "Mac"}, {"Linux", "Linux"}} {
		if strings.Contains(header, s[0]) {
			return name + ", " + s[1]
		}
	}
	return name
}
