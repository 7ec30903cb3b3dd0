package simulator

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/hearthline/hearthline/handlers/browsertest"
)

func TestAxeFindsNothing(t *testing.T) {
	for name, s := range map[string]scene{"idle": quiet(), "busy": busy(), "texts": busy()} {
		server := serve(t, newFakeBoard(s))
		tab := "calls"
		if name == "texts" {
			tab = "texts"
		}
		for _, width := range []int64{1280, 320} {
			for _, l := range []browsertest.Look{{Scheme: "light"}, {Scheme: "dark"}, {Scheme: "light", Forced: true}} {
				l.Width, l.Height = width, 900
				t.Run(fmt.Sprintf("%s/%d/%s/forced=%t", name, width, l.Scheme, l.Forced), func(t *testing.T) {
					ctx := browsertest.Tab(t, server.URL+"/phones", l)
					openTabs(t, ctx, tab)
					if overflow := browsertest.Value[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); overflow > 0 {
						t.Errorf("the page scrolls sideways by %d px", overflow)
					}
					for _, f := range browsertest.Axe(t, ctx) {
						t.Error(f)
					}
				})
			}
		}
	}
}

// TestAxeIsAwake holds the audit itself: it must find what is wrong.
func TestAxeIsAwake(t *testing.T) {
	ctx := browsertest.Tab(t, serve(t, newFakeBoard(quiet())).URL+"/phones", browsertest.Desktop)
	browsertest.Do(t, ctx,
		chromedp.Evaluate(`document.querySelector(".go").textContent = ""; document.querySelector("html").lang = ""`, nil))
	if faults := browsertest.Axe(t, ctx); len(faults) < 2 {
		t.Errorf("a page without a language and with a button without a name gave %q", faults)
	}
}
