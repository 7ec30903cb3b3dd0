package console

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// What a form is refused for, besides what its status says.
var (
	errOtherSite = echo.NewHTTPError(http.StatusForbidden) // another site sent it
	errNobody    = echo.NewHTTPError(http.StatusForbidden) // nobody is signed in any more
	errOldForm   = echo.NewHTTPError(http.StatusForbidden) // it is of an earlier sign-in
	errLargeFile = echo.NewHTTPError(http.StatusRequestEntityTooLarge)
	errBusy      = echo.NewHTTPError(http.StatusServiceUnavailable) // others' flows are compiled first
)

// refusedFor are the words of those, by their key.
var refusedFor = map[*echo.HTTPError]string{errOtherSite: "other_site", errNobody: "signed_out", errOldForm: "old_form", errLargeFile: "large_file", errBusy: "busy"}

// refusedWith are the statuses that have words of their own.
var refusedWith = map[int]string{
	http.StatusForbidden: "forbidden", http.StatusNotFound: "missing", http.StatusMethodNotAllowed: "missing",
	http.StatusRequestEntityTooLarge: "too_long", http.StatusTooManyRequests: "too_often", http.StatusServiceUnavailable: "not_ready",
}

// refusal is a page that says why somebody does not get what they asked for.
type refusal struct {
	What string // a key of the catalogue
	// Again says that the same may work soon, at the same address.
	Again bool
	// SignIn says that they have to sign in first.
	SignIn bool
}

// Refuse answers a request for a page of the desk that came to an error, with a page:
// what happened, and where to go on. It is false for what is no such request, or where
// no page can be drawn, and has then written nothing.
func (d *Pages) Refuse(c echo.Context, err error) bool {
	r := c.Request()
	if !strings.HasPrefix(r.URL.Path+"/", "/console/") || !strings.Contains(r.Header.Get(echo.HeaderAccept), echo.MIMETextHTML) {
		return false
	}
	status, why := http.StatusInternalServerError, "failed"
	if he := (*echo.HTTPError)(nil); errors.As(err, &he) {
		status = he.Code
		switch {
		case refusedFor[he] != "":
			why = refusedFor[he]
		case refusedWith[status] != "":
			why = refusedWith[status]
		case status < http.StatusInternalServerError:
			why = "unread"
		}
	}
	said := refusal{What: "refused.what_" + why, SignIn: why == "signed_out"}
	said.Again = r.Method == get && slices.Contains([]string{"too_often", "not_ready", "busy", "failed"}, why)
	p := d.pageOf(c)
	return p.draw(status, "refused", view{page: p, Title: "refused.title_" + why, Data: said}) == nil
}

// pageOf is the page that a request has got so far; of a group, and of
// where it is, it says nothing, for what is not there and what is not for somebody are alike.
func (d *Pages) pageOf(c echo.Context) *page {
	p, _ := c.Get(pageKept).(*page)
	if p == nil {
		nonce, _ := c.Get("nonce").(string)
		p = &page{Context: c, desk: d, nonce: nonce, now: d.Now()}
	}
	p.group, p.placeless = nil, true
	if p.lang == "" {
		p.lang = d.words.match(p.who, c)
	}
	return p
}

// pageKept is where a request keeps its page, for what becomes of it.
const pageKept = "page"

// nowhere is what is at no address of the table.
func (p *page) nowhere() error { return missing }
