package console

import (
	"go/ast"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store"
)

// browser keeps cookies as a browser does, and is known by nothing else.
type browser struct {
	*desk
	cookies map[string]*http.Cookie
	last    http.Header
	from    string // the address a proxy says it has
}

// browser opens the desk as it is in use: whoever comes must sign in.
func (r *rig) browser() *browser {
	r.t.Helper()
	d := r.desk(nil)
	d.pages.identify = d.pages.whoIs
	return d.another()
}

// another is another browser at the same desk.
func (d *desk) another() *browser { return &browser{desk: d, cookies: map[string]*http.Cookie{}} }

func (b *browser) get(path string) (int, string) {
	b.t.Helper()
	return b.do(http.MethodGet, path, nil)
}

var tokenField = regexp.MustCompile(`name="token" value="([^"]+)"`)

// post sends a form, with the token of a page that it has seen.
func (b *browser) post(path string, form url.Values) (int, string) {
	b.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	if !form.Has("token") && b.cookies[sessionCookie] != nil {
		_, body := b.get("/console/me")
		if m := tokenField.FindStringSubmatch(body); m != nil {
			form.Set("token", m[1])
		}
	}
	return b.do(http.MethodPost, path, form)
}

func (b *browser) do(method, path string, form url.Values) (int, string) {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.ctx(), method, b.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	request.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
	if b.from != "" {
		request.Header.Set("X-Forwarded-For", b.from)
	}
	for _, c := range b.cookies {
		request.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.last = answer.Header
	for _, c := range answer.Cookies() {
		if b.cookies[c.Name] = c; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	if to := answer.Header.Get("Location"); to != "" {
		return answer.StatusCode, to
	}
	return answer.StatusCode, string(body)
}

// signsIn signs somebody in with everything that is right.
func (b *browser) signsIn(s somebody) {
	b.t.Helper()
	if code, to := b.tries(s, s.password, s.code(b.rig)); code != http.StatusSeeOther {
		b.t.Fatalf("signing in: %d %.200s", code, to)
	}
}

func (b *browser) tries(s somebody, password, code string) (int, string) {
	b.t.Helper()
	return b.do(http.MethodPost, "/console/sign-in", url.Values{"email": {s.Email}, "password": {password}, "code": {code}})
}

// isIn says whether the browser is signed in.
func (b *browser) isIn() bool {
	b.t.Helper()
	code, _ := b.get("/console/me")
	return code == http.StatusOK
}

// begins has a browser be signed in, without what takes long.
func (b *browser) begins(a store.Account) {
	b.t.Helper()
	b.cookies[sessionCookie] = &http.Cookie{Name: sessionCookie, Value: "token of " + b.url + a.ID + strings.Repeat("x", len(b.cookies))}
	if err := b.accounts().PutSession(b.ctx(), b.line, store.DeskSession{
		Hash: hashOf(b.cookies[sessionCookie].Value), Account: a.ID, Agent: "Firefox, Linux", MadeAt: b.time(), SeenAt: b.time(), ExpiresAt: b.time().Add(signedIn),
		Data: []byte(`{"account":"` + a.ID + `","token":"form","proven":"` + b.time().UTC().Format("2006-01-02T15:04:05Z07:00") + `"}`),
	}, nil); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) header(t *testing.T, name, want string) {
	t.Helper()
	if got := b.last.Get(name); got != want {
		t.Errorf("%s: %q, not %q", name, got, want)
	}
}

// functions are the names of a file's functions.
func functions(file *ast.File) []string {
	var names []string
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
			names = append(names, f.Name.Name)
		}
	}
	return names
}
