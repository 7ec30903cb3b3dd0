package browsertest

import (
	"context"
	_ "embed"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed axe/axe.min.js
var axe string

// audit runs axe-core with the page's own policy in force, and returns a line
// for each element that fails.
const audit = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
	.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target + ": " + n.failureSummary)))`

// Axe is what axe-core finds wrong with a page (WCAG 2.2 A and AA, and best
// practice), a line for each element that fails, with everything on it unfolded.
func Axe(t *testing.T, ctx context.Context) []string {
	t.Helper()
	var faults []string
	Do(t, ctx,
		chromedp.Evaluate(`document.querySelectorAll("details").forEach(d => { d.open = true })`, nil),
		chromedp.Evaluate(axe, nil),
		chromedp.Evaluate(audit, &faults, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }),
	)
	return faults
}
