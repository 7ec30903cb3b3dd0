package console

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/store"
)

// who is signed in.
type who struct {
	Account string     // its id
	Name    string     // as the audit log knows them
	Role    store.Role // what they may do in their groups
	Groups  []string   // ids of the groups that are theirs; an owner has all
	Lang    string
	// Proven is when they last proved who they are.
	Proven time.Time
	// Token is what each of their forms carries (ASVS 3.5.1).
	Token string
}

// may says whether somebody can do what is needed, in a group or, if group is "",
// anywhere.
func (w *who) may(n need, group string) bool {
	switch {
	case n == anybody:
		return true
	case w == nil || has[w.Role] < n:
		return false
	}
	return group == "" || w.all() || slices.Contains(w.Groups, group)
}

// all says whether every group of the line is theirs.
func (w *who) all() bool { return w != nil && w.Role == store.RoleOwner }

// page is one request to the desk: by whom, about what, in which language. Its
// exported methods are what templates may call.
type page struct {
	echo.Context
	desk  *Pages
	who   *who // nil on pages for anybody
	line  string
	group *store.Group // of a route with :group
	lang  string
	nonce string // of this answer's scripts
	now   time.Time
	// placeless says that it is the page of what is not there, or not for who asks.
	placeless bool
	// seen are the versions that the page has looked at, each once, in the order of the last look.
	seen []version
}

// ctx ends with the request.
func (p *page) ctx() context.Context { return p.Request().Context() }

// view is what a template draws: the page's methods, and Data.
type view struct {
	*page
	// Title is a key of the catalogue.
	Title string
	// Faults are what is wrong with a form, by field: keys of the catalogue.
	Faults map[string]string
	Data   any
}

// show answers with a page.
func (p *page) show(template, title string, data any) error {
	return p.draw(http.StatusOK, template, view{page: p, Title: title, Data: data})
}

// wrong answers with a form as it was sent, and what is wrong with it by field.
func (p *page) wrong(template, title string, faults map[string]string, data any) error {
	return p.draw(http.StatusUnprocessableEntity, template, view{page: p, Title: title, Faults: faults, Data: data})
}

func (p *page) draw(status int, template string, v view) error {
	var b bytes.Buffer
	if err := p.desk.templates.draw(&b, template, v); err != nil {
		return err
	}
	return p.HTMLBlob(status, b.Bytes())
}

// done leads to another page after a form did what it should (303, so that a reload
// does not do it again); said is a key of the catalogue, "" for nothing to say.
func (p *page) done(path, said string) error {
	if said != "" {
		path += "?done=" + said
	}
	return p.Redirect(http.StatusSeeOther, path)
}

// missing is what anybody gets who asks for what is not there or not for them: the
// two are alike.
var missing = echo.NewHTTPError(http.StatusNotFound)

// T is a text of the catalogue; the pairs are its slots' names and values.
func (p *page) T(key string, pairs ...any) (string, error) {
	return p.desk.words.text(p.lang, key, pairs)
}

// N is T for a text that depends on a number, which fills its slot {n}.
func (p *page) N(key string, n int, pairs ...any) (string, error) {
	return p.desk.words.count(p.lang, key, n, pairs)
}

// Lang is the language that the page is in.
func (p *page) Lang() string { return p.lang }

// Nonce is what the page's own scripts carry.
func (p *page) Nonce() string { return p.nonce }

// Who is who is signed in, nil for nobody.
func (p *page) Who() *who { return p.who }

// Asset is the address of a static file, which changes with what is in it.
func (p *page) Asset(name string) string {
	return "/console/static/" + name + "?v=" + p.desk.assets[name].hash
}

// Here is the path of the page.
func (p *page) Here() string { return p.Request().URL.Path }

// Group is the group that the page is about, nil for none.
func (p *page) Group() *store.Group { return p.group }

// Can says whether a route is for who is signed in, so that a page shows no way to
// what would be refused. The path is the route's own, with :group in it.
func (p *page) Can(method, path string) bool {
	group := ""
	if p.group != nil {
		group = p.group.ID
	}
	for _, r := range p.desk.routes {
		if r.method == method && r.path == path {
			return p.who.may(r.need, group) && (r.also&wide == 0 || p.who.all())
		}
	}
	return false
}

// Done is what the form before this page has done, as a text; "" for nothing.
func (p *page) Done() string {
	said, err := p.T(p.QueryParam("done"))
	if err != nil {
		return "" // somebody's own address
	}
	return said
}

// shownFault is what is wrong with a field, in words.
type shownFault struct{ Field, Words string }

// Fault is what is wrong with a field, nil for nothing. The part "fault" draws it, with
// an id that aria-describedby names.
func (v view) Fault(field string) (*shownFault, error) {
	key, ok := v.Faults[field]
	if !ok {
		return nil, nil
	}
	words, err := v.T(key)
	return &shownFault{field, words}, err
}
