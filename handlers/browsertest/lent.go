package browsertest

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"
)

// lent are windows that are used again and again, for opening one takes longer than
// loading a page: as many as processors have any use for. A nil one is yet to be
// opened.
var lent = func() chan context.Context {
	all := make(chan context.Context, 3)
	for range cap(all) {
		all <- nil
	}
	return all
}()

// Lent opens address in a window that other tests have used and will use, each alone
// for as long as it runs: for pages that leave nothing behind in a browser. Of what
// was changed there, only a [Look] is put right.
func Lent(t *testing.T, address string, l Look) context.Context {
	t.Helper()
	shared := chromium.start(t)
	var tab context.Context
	select {
	case tab = <-lent:
	case <-t.Context().Done():
		t.Fatal("no window is free")
	}
	fresh := tab == nil
	if fresh {
		var err error
		if tab, _, err = window(shared); err == nil {
			err = chromedp.Run(tab) // is of the window, and outlasts this test
		}
		if err != nil {
			lent <- nil
			t.Fatal(err)
		}
	}
	limited, cancel := context.WithTimeout(tab, patienceOfTests)
	t.Cleanup(func() {
		// The page goes, with what it has open at a server that is about to close.
		if chromedp.Run(limited, chromedp.Navigate("about:blank")) != nil {
			tab = nil
		}
		cancel()
		lent <- tab
	})
	load(t, limited, address, l)
	return limited
}
