package browsertest

import (
	"context"
	_ "embed"
	"testing"

	"github.com/chromedp/chromedp"
)

//go:embed axe/axe.min.js
var axe string

// audit runs axe-core with the page's own policy in force and everything on it
// unfolded, and returns a line for each element that fails. What it unfolds it folds.
const audit = `(async () => {
	const folded = [...document.querySelectorAll("details:not([open])")];
	for (const d of folded) d.open = true;
	const r = await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"]});
	for (const d of folded) d.open = false;
	return r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target + ": " + n.failureSummary));
})()`

// Axe is what axe-core finds wrong with a page (WCAG 2.2 A and AA, and best
// practice), a line for each element that fails, with everything on it unfolded.
func Axe(t *testing.T, ctx context.Context) []string {
	t.Helper()
	if !Value[bool](t, ctx, `"axe" in window`) {
		Do(t, ctx, chromedp.Evaluate(axe, nil))
	}
	var faults []string
	Do(t, ctx, chromedp.Evaluate(audit, &faults, awaited))
	return faults
}
