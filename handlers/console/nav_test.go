package console

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/hearthline/hearthline/handlers/browsertest"
	"github.com/hearthline/hearthline/store"
)

// Where one can go is all there in a wide window; in a narrow one it unfolds, by a key
// as well.
func TestWaysUnfoldInNarrowWindows(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.as(store.RoleOwner)
	tab := browsertest.Lent(t, d.url+"/console/groups/"+r.groupID(griefCode), browsertest.Desktop)
	visible := func(fold string) string { return `document.querySelector("` + fold + ` nav a").checkVisibility()` }
	shows := func(fold string) bool { return browsertest.Value[bool](t, tab, visible(fold)) }
	for _, fold := range []string{".bar .fold", ".about.fold"} {
		browsertest.Turn(t, tab, browsertest.Desktop)
		if !shows(fold) {
			t.Errorf("%s: folded in a wide window", fold)
		}
		browsertest.Turn(t, tab, browsertest.Look{Width: 320, Height: 900, Scheme: "light"})
		if shows(fold) {
			t.Errorf("%s: unfolded in a narrow window", fold)
		}
		browsertest.Do(t, tab, chromedp.Focus(fold+" > summary"), chromedp.KeyEvent("\r"))
		browsertest.Eventually(t, tab, visible(fold))
	}
}

// The menus mark where one is, on the pages below a place too, and only that.
func TestTheMenuMarksWhereOneIs(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d, group := r.as(store.RoleOwner), "/console/groups/"+r.groupID(griefCode)
	marks := regexp.MustCompile(`<a href="([^"]+)" aria-current="(page|true)"`)
	for path, want := range map[string][]string{
		"/console":                    {"/console page"},
		"/console/groups":             {"/console/groups page"},
		"/console/groups/new":         {"/console/groups true"},
		group:                         {"/console/groups true", group + " page"},
		group + "/edit":               {"/console/groups true", group + " true"},
		group + "/messages":           {"/console/groups true", group + "/messages page"},
		flowsPath + "/own/steps/main": {flowsPath + " true"},
		mainWords:                     {promptsPath + " true"},
		"/console/first/name":         nil,
	} {
		_, body := d.get(path)
		var got []string
		for _, m := range marks.FindAllStringSubmatch(body, -1) {
			got = append(got, m[1]+" "+m[2])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: marked are %q, not %q", path, got, want)
		}
	}
}

// Whoever is signed in finds the line's own crisis line on each page.
func TestEveryPageHasTheCrisisLine(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	n := 0
	for _, r := range routes {
		if r.method != get || strings.Contains(r.path, ":") {
			continue
		}
		status, body := d.get(r.path)
		_, foot, ok := strings.Cut(body, `<footer class="foot">`)
		if status != 200 || !ok {
			continue // a file, a sheet to print, or on to another page
		}
		if n++; !strings.Contains(foot, "the crisis line yourself, 988 (&#43;18002738255)") {
			t.Errorf("%s ends with %s", r.path, foot)
		}
	}
	if n < 10 {
		t.Errorf("only %d pages were looked at", n)
	}
}
