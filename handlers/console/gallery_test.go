package console

import (
	"fmt"
	"maps"
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
		flowsShown,
		stepsShown,
		promptsShown,
		refusedShown,
	)
}

// see returns what a page in a state looks like, and where a browser finds it.
func (d *desk) see(path string, form url.Values, lang string) (body, address string) {
	d.t.Helper()
	if d.who != nil {
		d.who.Lang = lang
	} else if at, err := url.Parse(path); err == nil {
		q := at.Query()
		q.Set("lang", lang)
		at.RawQuery = q.Encode()
		path = at.String()
	}
	if form == nil {
		status, body := d.get(path)
		if status != 200 && path != nothingAt {
			d.t.Fatalf("%s: answered %d %.300s", path, status, body)
		}
		return body, d.url + path
	}
	var status int
	if file := form.Get("catalogue"); file != "" {
		status, body = d.upload(path, "catalogue", []byte(file))
	} else {
		status, body = d.post(path, maps.Clone(form))
	}
	if status != 422 && status != 200 {
		d.t.Fatalf("%s: answered %d %.300s", path, status, body)
	}
	d.seen.Store(lang, body)
	return body, d.url + "/seen/" + lang
}

// TestPages holds every page in each of its states: it is drawn with no more than the
// rights of the console's role, in the scope of who is signed in (ASVS 8.4.1, 13.2.2);
// it is whole in each language; and it is looked at (WCAG 2.2 AA), in light at 1280 px
// and, where there is most to see, in the dark and at 320 px too. A state is made
// once, for that takes longest.
func TestPages(t *testing.T) {
	shared = unchanged{full: newRig(t), empty: newEmptyRig(t)}
	for _, s := range gallery() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			d, path, form := s.open(t)
			var address string
			for _, lang := range []string{"es", "en"} { // a browser then finds the last
				var body string
				body, address = d.see(path, form, lang)
				for _, fault := range pageFaults(t, body, lang) {
					t.Errorf("%s: %s", lang, fault)
				}
				if ofGroup := aGroups.MatchString(path) && !strings.Contains(path, "/sheet"); strings.Count(body, `class="fold about"`) != map[bool]int{true: 1}[ofGroup] {
					t.Error("a group's pages, and no others, say which group they are of and where its others are, once")
				}
			}
			looks := []browsertest.Look{browsertest.Desktop}
			if s.full {
				looks = append(looks,
					browsertest.Look{Width: 1280, Height: 900, Scheme: "dark"},
					browsertest.Look{Width: 320, Height: 900, Scheme: "light"})
			}
			tab := browsertest.Lent(t, address, looks[0])
			for i, l := range looks {
				audit := browsertest.Axe
				if i > 0 {
					browsertest.Turn(t, tab, l)
				}
				if l.Scheme == "dark" { // light was the same but for its colours
					audit = browsertest.AxeColours
				}
				if overflow := browsertest.Value[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); overflow > 0 {
					t.Errorf("%d px, %s: the page scrolls sideways by %d px", l.Width, l.Scheme, overflow)
				}
				for _, fault := range audit(t, tab) {
					t.Errorf("%d px, %s: %s", l.Width, l.Scheme, fault)
				}
			}
		})
	}
}

// aGroups is the path of a page of one group; a copy of one is no group yet.
var aGroups = regexp.MustCompile(`^/console/groups/[0-9a-f-]{36}(/[^c]|$)`)

// heaviest is how many bytes a page may have.
const heaviest = 60_000

// pageFaults is what is wrong with a page in a language.
func pageFaults(t *testing.T, body, lang string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	faults := markupFaults(root, lang)
	if len(body) > heaviest {
		faults = append(faults, fmt.Sprintf("the page has %d bytes, and may have %d", len(body), heaviest))
	}
	if numbers := numbersIn(root); len(numbers) > 0 {
		faults = append(faults, fmt.Sprintf("the page has %d times what looks like a number", len(numbers)))
	}
	return faults
}

// phoneLike is what could be dialled: the line's own number and the crisis line's are
// for everybody to see.
var phoneLike = regexp.MustCompile(`\+?1?[ (.-]{0,2}[2-9][0-9]{2}[ ).-]{0,2}[2-9][0-9]{2}[ .-]?[0-9]{4}\b`)

var public = []string{crisisNumber, prayerNumber, secondNumber, lineNumber, "2025550100", "(202) 555-0100", "202-555-0100", "+1 202 555 0100"}

// ids are of rows and people, in addresses and forms: of what is random, some looks
// like a number. No number that can be dialled has 16 digits.
var ids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}`)

// numbersIn is what looks like a number on a page: in what is read, in attributes, and
// in comments. Ids are known only in attributes.
func numbersIn(root *html.Node) []string {
	var found []string
	look := func(text string) {
		for _, n := range phoneLike.FindAllString(text, -1) {
			if !slices.ContainsFunc(public, func(p string) bool { return strings.Contains(n, p) || strings.Contains(p, strings.TrimSpace(n)) }) {
				found = append(found, n)
			}
		}
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			look(n.Data)
		}
		for _, a := range n.Attr {
			look(ids.ReplaceAllString(a.Val, "id"))
		}
	}
	return found
}

// A number is found wherever it is, and an id is none.
func TestNumbersAreFound(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]int{
		`<p>Ring 212 555 0143.</p>`:                                        1,
		`<p>+12125550143</p>`:                                              1,
		`<input value="(212) 555-0143">`:                                   1,
		`<a href="tel:+12125550143">them</a>`:                              1,
		`<input value="a12125550143"><!-- 2125550143 -->`:                  2,
		`<p>00ff2125550143</p>`:                                            1, // what is read is no id
		`<input value="00ff2125550143">`:                                   1, // nor is what is short
		`<input value="00ffaabbccdd2125550143">`:                           0,
		`<a href="/console/x/00000000-0000-4000-8000-212555014321">x</a>`:  0,
		`<p>Ring (202) 555-0100, or ` + crisisNumber + ` in a crisis.</p>`: 0,
	} {
		root, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if got := numbersIn(root); len(got) != want {
			t.Errorf("%s: found %q, want %d", body, got, want)
		}
	}
}

// markupFaults is what is wrong with a page's markup that a browser would forgive.
func markupFaults(root *html.Node, lang string) []string {
	var faults []string
	found, labelled := map[string]int{}, map[string]bool{}
	var controls []*html.Node
	headings, whole := 0, text(root)
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
			if signedIn := strings.Contains(whole, `action="/console/sign-out"`); signedIn && attr(n, "method") == "post" && !strings.Contains(text(n), `name="token"`) {
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
