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
const audit = `(async rules => {
	const folded = [...document.querySelectorAll("details:not([open])")];
	for (const d of folded) { d.removeAttribute("name"); d.open = true; }
	const r = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
	for (const d of folded) d.open = false;
	return r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target + ": " + n.failureSummary));
})`

const (
	allRules = `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`
	// ofColours are those of them that ask what colour something is.
	ofColours = `{type: "rule", values: ["color-contrast", "link-in-text-block"]}`
)

// Axe is what axe-core finds wrong with a page (WCAG 2.2 A and AA, and best
// practice), a line for each element that fails, with everything on it unfolded.
func Axe(t *testing.T, ctx context.Context) []string {
	t.Helper()
	return audited(t, ctx, allRules)
}

// AxeColours is Axe for a page that has passed it, and of which nothing but the colours
// has changed since.
func AxeColours(t *testing.T, ctx context.Context) []string {
	t.Helper()
	return audited(t, ctx, ofColours)
}

func audited(t *testing.T, ctx context.Context, rules string) []string {
	t.Helper()
	if !Value[bool](t, ctx, `"axe" in window`) {
		Do(t, ctx, chromedp.Evaluate(axe, nil))
	}
	var faults []string
	Do(t, ctx, chromedp.Evaluate(audit+"("+rules+")", &faults, awaited))
	return faults
}
