package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/hearthline/hearthline/handlers/simulator/browsertest"
)

// openDemo runs `hearthline demo` and returns it once it answers calls.
func openDemo(t *testing.T) *demo {
	t.Helper()
	var out bytes.Buffer
	d, err := newDemo(t.Context(), settings{
		Listen: "127.0.0.1:0", StateDir: t.TempDir(), LineName: "The support line", LineTimezone: "America/New_York",
		LineLanguages: "en,es", LineCodeLength: "6", CrisisNumber: crisisLine, CrisisName: "988", AllowedCountries: "US,CA",
	}, console{Out: &out, Err: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	greeted := make(chan struct{})
	d.greeted = func() { close(greeted) }
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		d.close()
	})
	select {
	case <-greeted:
	case err := <-done:
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), d.app.config.publicURL+"/phones") {
		t.Errorf("a newcomer is not told where the phones are:\n%s", out.String())
	}
	return d
}

func TestTheDemoIsReadyInTenSeconds(t *testing.T) {
	began := time.Now()
	openDemo(t)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the demo took %s to start", took)
	}
}

// A newcomer's first minutes: two phones find the same group and hear each
// other.
func TestTwoPhonesOfThePageMeetInAGroup(t *testing.T) {
	d := openDemo(t)
	page := browsertest.Tab(t, d.app.config.publicURL+"/phones", browsertest.Desktop)
	for _, phone := range []string{"#phone-1", "#phone-2"} {
		browsertest.Do(t, page, chromedp.Click(phone+" .go"))
		browsertest.Eventually(t, page, says(phone, "No group sees your number"))
		browsertest.Do(t, page, chromedp.Click(phone+" [data-key='2']"))
		browsertest.Eventually(t, page, says(phone, "These calls are open now"))
		browsertest.Do(t, page, chromedp.Click(phone+" [data-key='1']"))
		browsertest.Eventually(t, page, says(phone, "What is said here stays here"))
		browsertest.Do(t, page, chromedp.Click(phone+" [data-key='1']"))
	}
	browsertest.Eventually(t, page, `document.querySelector("#room-list").innerText.includes("hears")`)
	browsertest.Do(t, page,
		chromedp.SendKeys("#say-1", "I nearly did not call tonight.\r"),
	)
	browsertest.Eventually(t, page, says("#phone-2", "I nearly did not call tonight."))
	browsertest.Do(t, page, chromedp.SendKeys("#say-2", "I am glad you did.\r"))
	browsertest.Eventually(t, page, says("#phone-1", "I am glad you did."))
	browsertest.Do(t, page,
		chromedp.Click("#phone-1 [data-show=texts]"),
		chromedp.SendKeys("#write-1", "FIND grief\r"),
	)
	browsertest.Eventually(t, page, `document.querySelector("#phone-1").innerText.includes("1 Evening grief circle")`)
	browsertest.Do(t, page, chromedp.Click("#phone-1 [data-show=calls]"))
	for _, p := range d.carrier.Problems() {
		t.Errorf("the carrier objects: %+v", p)
	}
	if *update {
		picture(t, page)
	}
}

func says(phone, words string) string {
	return `document.querySelector("` + phone + ` .captions").innerText.includes("` + words + `")`
}

// picture is the README's: two people in a room, and a third who has just rung.
func picture(t *testing.T, page context.Context) {
	t.Helper()
	var png []byte
	browsertest.Do(t, page, chromedp.Click("#add"), chromedp.Click("#phone-3 .go"))
	browsertest.Eventually(t, page, says("#phone-3", "For help"))
	browsertest.Do(t, page,
		chromedp.Evaluate(`document.querySelector("#exchanges details").open = true; scrollTo(0, 0); document.activeElement.blur()`, nil),
		chromedp.CaptureScreenshot(&png),
	)
	if err := os.WriteFile(filepath.Join("..", "..", "deploy", "phones.png"), png, 0o644); err != nil {
		t.Fatal(err)
	}
}
