package console

import (
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/store"
)

// atSignIn is a browser after a page.
func atSignIn(t *testing.T) *browser {
	t.Helper()
	b := newEmptyRig(t).browser()
	if code, _ := b.get("/console/sign-in"); code != http.StatusOK {
		t.Fatal(code)
	}
	return b
}

func TestASVS_29_3_4_3_NothingRunsButOurScripts(t *testing.T) {
	t.Parallel()
	b := atSignIn(t)
	first := b.last.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'nonce-", "base-uri 'none'", "object-src 'none'", "form-action 'self'"} {
		if !strings.Contains(first, part) {
			t.Errorf("the policy lacks %s", part)
		}
	}
	if strings.Contains(first, "unsafe") {
		t.Error("the policy allows what is unsafe")
	}
	if b.get("/console/sign-in"); b.last.Get("Content-Security-Policy") == first {
		t.Error("a nonce is used twice")
	}
}

func TestASVS_30_3_4_6_NobodyFramesUs(t *testing.T) {
	t.Parallel()
	if b := atSignIn(t); !strings.Contains(b.last.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Error("a page can be framed")
	}
}

func TestASVS_31_3_4_1_OnlyOverTLS(t *testing.T) {
	t.Parallel()
	atSignIn(t).header(t, "Strict-Transport-Security", "max-age=31536000; includeSubDomains")
}

func TestASVS_32_3_4_4_HeadersOfEveryAnswer(t *testing.T) {
	t.Parallel()
	b := atSignIn(t)
	for _, path := range []string{"/console/sign-in", "/console", "/console/nowhere-at-all", "/console/static/console.css"} {
		b.get(path)
		if path == "/console/nowhere-at-all" {
			continue // is another's to answer
		}
		b.header(t, "X-Content-Type-Options", "nosniff")
		b.header(t, "Referrer-Policy", "no-referrer")
		b.header(t, "Cross-Origin-Opener-Policy", "same-origin")
		b.header(t, "Cross-Origin-Resource-Policy", "same-origin")
	}
}

func TestASVS_33_3_5_1_FormsOfOthersAreRefused(t *testing.T) {
	t.Parallel()
	d := newEmptyRig(t).asOwner()
	for name, c := range map[string]struct {
		token, site string
		status      int
	}{
		"our own form":                   {"form-token", "same-origin", http.StatusSeeOther},
		"without its token":              {"", "same-origin", http.StatusForbidden},
		"with another's token":           {"another", "same-origin", http.StatusForbidden},
		"from another site, token known": {"form-token", "cross-site", http.StatusForbidden},
	} {
		request, err := http.NewRequestWithContext(d.ctx(), http.MethodPost, d.url+"/console/me/phone/remove", strings.NewReader(url.Values{"token": {c.token}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", c.site)
		answer, err := (&http.Transport{}).RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != c.status {
			t.Errorf("%s: %d", name, answer.StatusCode)
		}
	}
}

func TestASVS_34_14_3_2_NothingIsKeptByBrowsers(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	b := r.browser()
	b.begins(r.key("Ada", store.RoleOwner))
	b.get("/console/me")
	b.header(t, "Cache-Control", "no-store")
	b.post("/console/sign-out", nil)
	b.header(t, "Clear-Site-Data", `"cache", "storage"`)
}

func TestASVS_35_3_4_2_NoOtherOriginReads(t *testing.T) {
	t.Parallel()
	b := atSignIn(t)
	for name := range b.last {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("a page has %s", name)
		}
	}
}

// filled is a path with what stands where it has a name.
func filled(path string, of map[string]string) string {
	return regexp.MustCompile(`:[a-z]+`).ReplaceAllStringFunc(path, func(name string) string {
		if id, ok := of[name]; ok {
			return id
		}
		return "00000000-0000-4000-8000-00000000dead"
	})
}

// TestASVS_36_8_2_1_ForeignThingsAreNotThere asks each route, as each role, for what is
// another group's: the matrix is made of the table of routes, which is all that the
// router serves.
func TestASVS_36_8_2_1_ForeignThingsAreNotThere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	foreign := map[string]string{":group": r.groupID(illnessCode)}
	for _, role := range append(slices.Clone(store.Roles), "") {
		d := r.nobody()
		if role != "" {
			d = r.as(role, griefCode)
		}
		for _, route := range routes {
			path := filled(route.path, foreign)
			if route.need == anybody || d.who.all() && d.who.may(route.need, "") {
				continue // is for them, whatever it is about
			}
			status, to := d.do(route.method, path, url.Values{"token": {"form-token"}})
			switch mine := d.who.may(route.need, ""); {
			case d.who == nil && route.need != anybody:
				if !(status == http.StatusForbidden || status == http.StatusSeeOther && to == "/console/sign-in") {
					t.Errorf("nobody: %s %s: %d", route.method, path, status)
				}
			case !mine, strings.Contains(route.path, "/:group"), route.also&wide != 0:
				if status != http.StatusNotFound {
					t.Errorf("%s: %s %s: %d %.100s", role, route.method, path, status, to)
				}
			}
		}
	}
}

func TestEveryServedPathIsInTheTable(t *testing.T) {
	t.Parallel()
	d := newEmptyRig(t).nobody()
	e := echo.New()
	e.Logger.SetOutput(io.Discard)
	d.pages.Mount(e)
	listed := map[string]bool{}
	for _, r := range routes {
		if key := r.method + " " + r.path; listed[key] {
			t.Errorf("%s is in the table twice", key)
		} else {
			listed[key] = true
		}
	}
	for _, r := range e.Routes() {
		if key := r.Method + " " + r.Path; !listed[key] && !strings.HasPrefix(r.Path, "/console/static/") && r.Method != echo.RouteNotFound {
			t.Errorf("%s is served, and not in the table", key)
		}
	}
}

func TestASVS_37_8_2_3_OnlyWhatAFormHasIsTaken(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	r.key("Ada", store.RoleOwner)
	bea := r.key("Bea", store.RoleViewer)
	d := r.asSomebody(bea)
	if status, _ := d.post("/console/me", url.Values{"name": {"Beatrice"}, "lang": {"es"}, "role": {"owner"}, "state": {"disabled"}, "group": {"x"}, "email": {"x@example.org"}, "handle": {"1"}}); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	got, err := r.accounts().Get(r.ctx(), r.line, bea.ID)
	if err != nil {
		t.Fatal(err)
	}
	if bea.Name, bea.Lang = "Beatrice", "es"; fmt.Sprint(got) != fmt.Sprint(bea) {
		t.Errorf("the form has changed more than it asks for:\n%+v\n%+v", got, bea)
	}
}

// fieldsInAddresses looks for a form that is sent with GET, which puts its fields there.
func fieldsInAddresses(t *testing.T) {
	t.Helper()
	secret := regexp.MustCompile(`name="(email|password|code|number|pin|alias|phone|note)"`)
	forms := regexp.MustCompile(`(?s)<form[^>]*>.*?</form>`)
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		page, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range forms.FindAllString(string(page), -1) {
			if !strings.Contains(form, `method="post"`) && secret.MatchString(form) {
				t.Errorf("%s: a form puts %s in the address", name, secret.FindString(form))
			}
		}
	}
}

// TestEveryItemHasItsTest finds a test for each of the 42 items, wherever it is, and
// the same in deploy/asvs.md.
func TestEveryItemHasItsTest(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile("../../deploy/asvs.md")
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`^TestASVS_([0-9]{2})_[0-9_]+_[A-Z]\w+$`)
	found := map[int]int{}
	err = filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, f := range functions(file) {
			if m := name.FindStringSubmatch(f); m != nil {
				n, _ := strconv.Atoi(m[1])
				if found[n]++; !strings.Contains(string(list), f) {
					t.Errorf("deploy/asvs.md does not name %s", f)
				}
			} else if strings.HasPrefix(f, "TestASVS") {
				t.Errorf("%s is of no item", f)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for item := 1; item <= 42; item++ {
		if found[item] != 1 {
			t.Errorf("item %d has %d tests", item, found[item])
		}
	}
}
