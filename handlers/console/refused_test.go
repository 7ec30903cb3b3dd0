package console

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/store"
)

// nothingAt is an address of the desk where nothing is.
const nothingAt = "/console/nothing"

var refusedShown = []shown{
	{"refused, missing", true, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleViewer, griefCode), nothingAt, nil
	}},
}

// Whatever is refused is told by a page of the desk: in the language of who reads it,
// with what happened and a way on.
func TestWhatIsRefusedIsAPage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	grief := "/console/groups/" + r.groupID(griefCode)
	for name, tt := range map[string]struct {
		role   store.Role // "" for nobody
		method string
		path   string
		form   url.Values
		header [2]string
		status int
		says   string // in Spanish
		way    string
	}{
		"no address":     {role: store.RoleOwner, method: get, path: nothingAt, status: 404, says: "Aquí no hay nada", way: `href="/console"`},
		"nobody's":       {method: get, path: nothingAt, status: 404, says: "Aquí no hay nada", way: `href="/console"`},
		"another's":      {role: store.RoleViewer, method: get, path: grief + "/schedule", status: 404, says: "Aquí no hay nada", way: `href="/console"`},
		"no such verb":   {role: store.RoleOwner, method: http.MethodPut, path: "/console/groups", status: 404, says: "Aquí no hay nada", way: `href="/console"`},
		"another site":   {role: store.RoleOwner, method: post, path: "/console/groups", form: url.Values{}, header: [2]string{"Sec-Fetch-Site", "cross-site"}, status: 403, says: "no viene de aquí", way: `href="/console"`},
		"an old form":    {role: store.RoleOwner, method: post, path: "/console/groups", form: url.Values{"token": {"old"}}, status: 403, says: "sesión anterior", way: `href="/console"`},
		"signed out":     {method: post, path: "/console/groups", form: url.Values{}, status: 403, says: "ya no está abierta", way: `href="/console/sign-in"`},
		"far too long":   {role: store.RoleOwner, method: post, path: "/console/groups", form: url.Values{"name_en": {strings.Repeat("a", longestForm)}}, status: 413, says: "demasiado", way: `href="/console"`},
		"no form at all": {role: store.RoleOwner, method: post, path: "/console/groups", form: url.Values{"a": {"b"}}, header: [2]string{"Content-Type", "text/plain"}, status: 415, says: "No pudimos leer", way: `href="/console"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := r.of(t).nobody()
			if tt.role != "" {
				d = r.of(t).as(tt.role)
				d.who.Lang = "es"
			}
			status, body := d.sent(tt.method, tt.path, tt.form, [2]string{"Accept", "text/html"}, [2]string{"Accept-Language", "es"}, tt.header)
			if status != tt.status {
				t.Fatalf("answered %d %.200s", status, body)
			}
			contains(t, body, tt.says, tt.way)
			for _, fault := range pageFaults(t, body, "es") {
				t.Error(fault)
			}
		})
	}
}

// What fails, and what is asked for too often, says that it may work soon.
func TestWhatMayWorkSoon(t *testing.T) {
	t.Parallel()
	r := newEmptyRig(t)
	d := r.as(store.RoleOwner)
	for err, says := range map[error]string{
		errors.New("the database of 212 555 0143 is away"): "Something went wrong here",
		echo.NewHTTPError(http.StatusTooManyRequests):      "Too many at once",
		echo.NewHTTPError(http.StatusServiceUnavailable):   "just starting",
		errBusy: "The desk is busy",
	} {
		answer := httptest.NewRecorder()
		request := httptest.NewRequestWithContext(t.Context(), get, "/console/groups", nil)
		request.Header.Set("Accept", "text/html")
		if !d.pages.Refuse(echo.New().NewContext(request, answer), err) {
			t.Fatal("no page")
		}
		contains(t, answer.Body.String(), says, `<a class="button" href="/console/groups">Try again</a>`)
		for _, fault := range pageFaults(t, answer.Body.String(), "en") {
			t.Error(fault)
		}
	}
}

// Who sees nothing of a group is told the same of it as of one that is not there, and
// of a message of another group as of none.
func TestForeignIsLikeMissing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.as(store.RoleCoordinator, griefCode)
	const none = "00000000-0000-4000-8000-00000000ffff"
	illness, grief := "/console/groups/"+r.groupID(illnessCode), "/console/groups/"+r.groupID(griefCode)
	for _, paths := range [][2]string{
		{illness, "/console/groups/" + none},
		{illness + "/live", "/console/groups/" + none + "/live"},
		{grief + "/messages/" + none, nothingAt},
		{"/console/people", nothingAt},
	} {
		status, one := d.get(paths[0])
		other, two := d.get(paths[1])
		alike := func(body string) string { return nonces.ReplaceAllString(onces.ReplaceAllString(body, ""), "") }
		if status != 404 || other != 404 || alike(one) != alike(two) {
			t.Errorf("%s and %s: %d and %d, and not alike", paths[0], paths[1], status, other)
		}
	}
}

// What no reader of pages asked for stays a line of text: a stream, a script's request.
func TestARefusalForAMachineIsNoPage(t *testing.T) {
	t.Parallel()
	d := newEmptyRig(t).nobody()
	for _, accept := range []string{"text/event-stream", "*/*", "application/json"} {
		if status, body := d.sent(get, nothingAt, nil, [2]string{"Accept", accept}); status != 404 || strings.Contains(body, "<html") {
			t.Errorf("%s: %d %.100s", accept, status, body)
		}
	}
}
