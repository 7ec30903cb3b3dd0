package console

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/store"
)

// provenFor is how long a proof of who somebody is serves for what is not to be
// undone (ASVS 7.5.1).
const provenFor = 5 * time.Minute

// guard sets the headers of every answer (ASVS 3.4) and refuses what another site
// sends (3.5).
func (d *Pages) guard(next echo.HandlerFunc) echo.HandlerFunc {
	crossOrigin := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		nonce := rand.Text()
		c.Set("nonce", nonce)
		h := c.Response().Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-"+nonce+"'; style-src 'self'; img-src 'self' data:; "+
			"media-src 'self'; connect-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'")
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if r := c.Request(); r.Body != nil && r.Body != http.NoBody {
			_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(d.slowest)) // what serves tests may have none
		}
		if err := crossOrigin.Check(c.Request()); err != nil {
			return errOtherSite
		}
		if err := readForm(c); err != nil {
			return err
		}
		return next(c)
	}
}

// What a form may be: the longest is a message in several languages.
const (
	longestForm = 64 << 10 // bytes
	slowestForm = 10 * time.Second
	// A file is a prompt in somebody's voice, as a good microphone makes it, or the words
	// of a language.
	longestFile = 5 << 20
	slowestFile = time.Minute
)

// readForm reads the form of a request, before it is asked who it is from: nothing is
// waited for after that. None is kept in a file (ASVS 5.2.1). What is refused keeps its
// deadline, for the server reads on before it answers.
func readForm(c echo.Context) error {
	r := c.Request()
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	if err == nil && kind == echo.MIMEMultipartForm && takesFile(r.Method, c.Path()) {
		return nil // once it is known who sends it
	}
	if err != nil || kind != echo.MIMEApplicationForm {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	r.Body = http.MaxBytesReader(c.Response(), r.Body, longestForm)
	if err := r.ParseForm(); err != nil {
		return unreadable(err)
	}
	if r.Method == post { // nothing reads any other's
		_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Time{})
	}
	return nil
}

// takesFile says whether a route's form may have a file in it.
func takesFile(method, path string) bool {
	return method == post && slices.Contains(filePaths, path)
}

// readFile reads a form that has a file in it, for who may send one. All of it stays in
// memory. What is refused keeps its deadline, as in readForm.
func (p *page) readFile() error {
	r := p.Request()
	if r.Form != nil || r.Body == nil || r.Body == http.NoBody {
		return nil // it has none, and was read
	}
	control := http.NewResponseController(p.Response())
	_ = control.SetReadDeadline(time.Now().Add(slowestFile))
	r.Body = http.MaxBytesReader(p.Response(), r.Body, longestFile)
	var long *http.MaxBytesError
	if err := r.ParseMultipartForm(longestFile); errors.As(err, &long) {
		return errLargeFile
	} else if err != nil {
		return unreadable(err)
	}
	_ = control.SetReadDeadline(time.Time{})
	return nil
}

// unreadable is how a form is refused that could not be read.
func unreadable(err error) error {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return echo.NewHTTPError(http.StatusRequestEntityTooLarge)
	}
	return echo.NewHTTPError(http.StatusBadRequest)
}

// handle serves a route to who may have it.
func (d *Pages) handle(r route) echo.HandlerFunc {
	return func(c echo.Context) error {
		nonce, _ := c.Get("nonce").(string)
		p := &page{Context: c, desk: d, line: d.Line(), nonce: nonce, now: d.Now()}
		c.Set(pageKept, p)
		if p.line == "" {
			return echo.NewHTTPError(http.StatusServiceUnavailable)
		}
		// Who it is from is not known yet, and nothing of anybody in a group.
		d.scope(c, store.Scope{Line: p.line})
		err := d.sessions.open(c)
		if err != nil {
			return err
		}
		if p.who, err = d.identify(c); err != nil {
			return err
		}
		if p.who != nil {
			d.scope(c, store.Scope{Line: p.line, Groups: p.who.Groups, All: p.who.all()})
		}
		p.lang = d.words.match(p.who, c)
		if p.who == nil && r.need != anybody {
			why, _ := c.Get(whyOut).(string)
			if r.method == get || why != "" {
				return p.done("/console/sign-in", why)
			}
			return errNobody
		}
		if err := p.permit(r); err != nil {
			return err
		}
		if takesFile(r.method, r.path) {
			if err := p.readFile(); err != nil {
				return err
			}
		}
		if r.method == post && p.who != nil && !p.own() {
			return errOldForm
		}
		if r.also&fresh != 0 && p.now.Sub(p.who.Proven) > provenFor {
			return p.Redirect(http.StatusSeeOther, "/console/again?to="+url.QueryEscape(p.before()))
		}
		if err := r.page(p); !errors.Is(err, errSignedOut) {
			return err
		}
		c.SetCookie(cookie(sessionCookie, "", -time.Second))
		return p.done("/console/sign-in", "")
	}
}

// scope holds what is read and written for a request to what is for who it is from.
func (d *Pages) scope(c echo.Context, s store.Scope) {
	c.SetRequest(c.Request().WithContext(store.Within(c.Request().Context(), s)))
}

// permit finds the group of a route and answers as if there were nothing where
// somebody may not go.
func (p *page) permit(r route) error {
	id := p.Param("group")
	if !p.who.may(r.need, id) || r.also&wide != 0 && !p.who.all() {
		return missing
	}
	if !strings.Contains(r.path, "/:group") {
		return nil
	}
	var err error
	p.group, err = p.desk.DB.Group(p.ctx(), p.line, id)
	if errors.Is(err, store.ErrNotFound) {
		return missing
	}
	return err
}

// own says whether a form is one of this sign-in's pages (ASVS 3.5.1).
func (p *page) own() bool {
	return subtle.ConstantTimeCompare([]byte(p.FormValue("token")), []byte(p.who.Token)) == 1
}
