package console

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/hearthline/hearthline/handlers/browsertest"
)

// shown is a page in a state that it has.
type shown struct {
	name string // "groups, full"
	// full says that it is the state in which there is most to see.
	full bool
	// open brings the desk into the state, and returns the page's path; or, of a
	// page that a form gives, the form as well.
	open func(*testing.T) (d *desk, path string, form url.Values)
}

// gallery is every page in each state that it has: empty, full, and with a fault.
func gallery() []shown {
	return slices.Concat(
		homeShown,
		gateShown,
		liveShown,
		statisticsShown,
		printShown,
		firstShown,
		auditShown,
		requestsShown,
		groupsShown,
		rosterShown,
		wordsShown,
		healthShown,
	)
}

// see returns what a page in a state looks like, and where a browser finds it.
func (s shown) see(t *testing.T, lang string) (body, address string) {
	t.Helper()
	d, path, form := s.open(t)
	if d.who != nil {
		d.who.Lang = lang
	} else {
		path += "?lang=" + lang
	}
	if form == nil {
		status, body := d.get(path)
		if status != 200 {
			t.Fatalf("%s: answered %d %.300s", path, status, body)
		}
		return body, d.url + path
	}
	status, body := d.post(path, form)
	if status != 422 && status != 200 {
		t.Fatalf("%s: answered %d %.300s", path, status, body)
	}
	d.seen.Store("1", body)
	return body, d.url + "/seen/1"
}

// heaviest is how many bytes a page may have.
const heaviest = 60_000

// phoneLike is what could be dialled: the line's own number and the crisis line's are
// for everybody to see.
var phoneLike = regexp.MustCompile(`\+?1?[ (.-]{0,2}[2-9][0-9]{2}[ ).-]{0,2}[2-9][0-9]{2}[ .-]?[0-9]{4}\b`)

var public = []string{crisisNumber, lineNumber, "2025550100", "(202) 555-0100", "202-555-0100", "+1 202 555 0100"}

// ids are of rows, in addresses and forms; of what is random, some looks like a number.
var ids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// TestPagesAreWhole reads every page in each of its states and in each language.
func TestPagesAreWhole(t *testing.T) {
	for _, s := range gallery() {
		for _, lang := range languages {
			t.Run(s.name+"/"+lang, func(t *testing.T) {
				t.Parallel()
				body, _ := s.see(t, lang)
				if len(body) > heaviest {
					t.Errorf("the page has %d bytes, and may have %d", len(body), heaviest)
				}
				for _, n := range phoneLike.FindAllString(ids.ReplaceAllString(body, "id"), -1) {
					if !slices.ContainsFunc(public, func(p string) bool { return strings.Contains(n, p) || strings.Contains(p, strings.TrimSpace(n)) }) {
						t.Errorf("the page has what looks like a number")
					}
				}
				for _, fault := range markupFaults(t, body, lang) {
					t.Error(fault)
				}
			})
		}
	}
}

// markupFaults is what is wrong with a page's markup that a browser would forgive.
func markupFaults(t *testing.T, body, lang string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var faults []string
	found, labelled := map[string]int{}, map[string]bool{}
	var controls []*html.Node
	headings := 0
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
				faults = append(faults, fmt.Sprintf("<%s> has %s, which the policy forbids", n.Data, a.Key))
			case a.Key == "id":
				found[a.Val]++
			case a.Key == "for":
				labelled[a.Val] = true
			}
		}
		switch n.Data {
		case "h1":
			headings++
		case "html":
			if attr(n, "lang") != lang {
				faults = append(faults, "the page does not say that it is in "+lang)
			}
		case "input", "select", "textarea":
			if kind := attr(n, "type"); kind != "hidden" && kind != "submit" {
				controls = append(controls, n)
			}
		case "form":
			// Who is not signed in has none: what another site sends is refused all the same.
			if signedIn := strings.Contains(body, `action="/console/sign-out"`); signedIn && attr(n, "method") == "post" && !strings.Contains(text(n), `name="token"`) {
				faults = append(faults, "a form has no token")
			}
		}
	}
	for id, n := range found {
		if n > 1 {
			faults = append(faults, "the id "+id+" is there more than once")
		}
	}
	for _, c := range controls {
		if !labelled[attr(c, "id")] && attr(c, "aria-label") == "" && attr(c, "aria-labelledby") == "" && !within(c, "label") {
			faults = append(faults, "the field "+attr(c, "name")+" has no label")
		}
	}
	if headings != 1 {
		faults = append(faults, fmt.Sprintf("the page has %d first headings", headings))
	}
	return faults
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	_ = html.Render(&b, n)
	return b.String()
}

func within(n *html.Node, element string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == element {
			return true
		}
	}
	return false
}

// TestAxe has every page in each of its states looked at (WCAG 2.2 AA): in light at
// 1280 px, and where there is most to see, in the dark and at 320 px too.
func TestAxe(t *testing.T) {
	for _, s := range gallery() {
		looks := []browsertest.Look{browsertest.Desktop}
		if s.full {
			looks = append(looks,
				browsertest.Look{Width: 1280, Height: 900, Scheme: "dark"},
				browsertest.Look{Width: 320, Height: 900, Scheme: "light"})
		}
		t.Run(s.name, func(t *testing.T) {
			_, address := s.see(t, "en")
			for _, l := range looks {
				ctx := browsertest.Tab(t, address, l)
				if overflow := browsertest.Value[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); overflow > 0 {
					t.Errorf("%d px, %s: the page scrolls sideways by %d px", l.Width, l.Scheme, overflow)
				}
				for _, fault := range browsertest.Axe(t, ctx) {
					t.Errorf("%d px, %s: %s", l.Width, l.Scheme, fault)
				}
			}
		})
	}
}
