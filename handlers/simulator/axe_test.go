package simulator

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/hearthline/hearthline/handlers/simulator/browsertest"
)

// audit runs axe-core with the page's own policy in force, and returns a line
// for each element that fails.
const audit = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
	.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target + ": " + n.failureSummary)))`

func TestAxeFindsNothing(t *testing.T) {
	axe, err := os.ReadFile("testdata/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
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
					var faults []string
					browsertest.Do(t, ctx,
						chromedp.Evaluate(`document.querySelectorAll("details").forEach(d => { d.open = true })`, nil),
						chromedp.Evaluate(string(axe), nil),
						chromedp.Evaluate(audit, &faults, awaited),
					)
					for _, f := range faults {
						t.Error(f)
					}
				})
			}
		}
	}
}

// TestAxeIsAwake holds the audit itself: it must find what is wrong.
func TestAxeIsAwake(t *testing.T) {
	axe, err := os.ReadFile("testdata/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	ctx := browsertest.Tab(t, serve(t, newFakeBoard(quiet())).URL+"/phones", browsertest.Desktop)
	var faults []string
	browsertest.Do(t, ctx,
		chromedp.Evaluate(`document.querySelector(".go").textContent = ""; document.querySelector("html").lang = ""`, nil),
		chromedp.Evaluate(string(axe), nil),
		chromedp.Evaluate(audit, &faults, awaited),
	)
	if len(faults) < 2 {
		t.Errorf("a page without a language and with a button without a name gave %q", faults)
	}
}

func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
