// Package browsertest opens pages in a real Chromium, for tests alone.
package browsertest

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// How long a browser test may take, and how long something on its page, so that one that
// waits for what never comes fails by name. A page is drawn in a tenth of a second, and
// in many when all packages are tested at once on a small machine.
const (
	patienceOfTests = 5 * time.Minute
	patienceOfPages = 2 * time.Minute
)

// chromium is shared by the tests, since a browser takes longer to start than
// a page, and is started by the first that needs one.
var chromium = &browser{}

type browser struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

// Close ends the browser, if a test has started it. A package that opens pages
// calls it when its tests have run.
func Close() {
	if chromium.stop != nil {
		chromium.stop()
	}
}

func (b *browser) start(t *testing.T) context.Context {
	t.Helper()
	b.once.Do(func() { b.err = b.run() })
	if b.err != nil {
		t.Fatal(b.err)
	}
	return b.ctx
}

func (b *browser) run() error {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return errors.New("pages are tested in a real browser, and there is none: apt-get install chromium")
	}
	profile, err := os.MkdirTemp("", "pages-chromium-*")
	if err != nil {
		return err
	}
	allocator, free := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.CombinedOutput(io.Discard),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		// Our pages ask for a process each, which takes longer to start than they do.
		chromedp.Flag("process-per-site", true), chromedp.Flag("disable-features", "SpareRendererForSitePerProcess"),
	)
	ctx, cancel := chromedp.NewContext(allocator)
	b.ctx = ctx
	b.stop = func() {
		_ = chromedp.Cancel(ctx) // waits until the browser has closed
		cancel()
		free()
		_ = os.RemoveAll(profile)
	}
	return chromedp.Run(ctx)
}

// Look is how a page is looked at.
type Look struct {
	Width, Height int64
	Scheme        string // light, dark
	Forced        bool   // forced colours
	NoScript      bool   // as in a browser that runs no script of the page's
}

// Desktop is a usual window.
var Desktop = Look{Width: 1280, Height: 900, Scheme: "light"}

// Tab opens address in a window of its own, so that it is drawn like one in
// use, and waits until the page has caught up.
func Tab(t *testing.T, address string, l Look) context.Context {
	t.Helper()
	shared := chromium.start(t)
	limited, cancel := context.WithTimeout(shared, patienceOfTests)
	t.Cleanup(cancel)
	ctx, closeTab, err := window(limited)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closeTab)
	load(t, ctx, address, l)
	return ctx
}

// window opens one.
func window(shared context.Context) (ctx context.Context, closeTab context.CancelFunc, err error) {
	id, err := target.CreateTarget("about:blank").WithNewWindow(true).
		Do(cdp.WithExecutor(shared, chromedp.FromContext(shared).Browser))
	if err != nil {
		return nil, nil, err
	}
	ctx, closeTab = chromedp.NewContext(shared, chromedp.WithTargetID(id))
	return ctx, closeTab, nil
}

func load(t *testing.T, ctx context.Context, address string, l Look) {
	t.Helper()
	Do(t, ctx, l.emulated(), emulation.SetScriptExecutionDisabled(l.NoScript), chromedp.Navigate(address))
	if !l.NoScript {
		Do(t, ctx, chromedp.WaitReady("html[data-ready=yes]", chromedp.ByQuery))
	}
}

// Turn looks at the page of a tab in another way, without loading it again: NoScript
// stays as it is.
func Turn(t *testing.T, ctx context.Context, l Look) {
	t.Helper()
	Do(t, ctx, l.emulated(), chromedp.Evaluate(
		`new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(() => drawn(0))))`, nil, awaited))
}

func (l Look) emulated() chromedp.Tasks {
	forced := "none"
	if l.Forced {
		forced = "active"
	}
	return chromedp.Tasks{
		chromedp.EmulateViewport(l.Width, l.Height),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: l.Scheme},
			{Name: "forced-colors", Value: forced},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		}),
	}
}

func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// Do runs actions on a page.
func Do(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// Eventually waits until the JavaScript condition holds, and fails with what
// else it was told to show.
func Eventually(t *testing.T, ctx context.Context, condition string) {
	t.Helper()
	if err := chromedp.Run(ctx, chromedp.Poll(condition, nil, chromedp.WithPollingTimeout(patienceOfPages))); err != nil {
		var page string
		_ = chromedp.Run(ctx, chromedp.Evaluate(`document.querySelector("main").innerText`, &page))
		t.Fatalf("%s never held: %v\nthe page says:\n%s", condition, err, page)
	}
}

// Value evaluates a JavaScript expression.
func Value[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	var v T
	Do(t, ctx, chromedp.Evaluate(expression, &v))
	return v
}
