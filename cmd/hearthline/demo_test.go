package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/hearthline/hearthline/handlers/browsertest"
)

// openDemo runs `hearthline demo` and returns it once it answers calls.
func openDemo(t *testing.T, change ...func(*demo)) *demo {
	t.Helper()
	var out bytes.Buffer
	d, err := newDemo(t.Context(), settings{
		Listen: "127.0.0.1:0", StateDir: t.TempDir(), LineName: "The support line", LineTimezone: "America/New_York",
		LineLanguages: "en,es", LineCodeLength: "6", CrisisNumber: crisisLine, CrisisName: "988", AllowedCountries: "US,CA",
	}, stdio{Out: &out, Err: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range change {
		c(d)
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
	if list, err := exec.CommandContext(t.Context(), "sh", "-c", `. "$0" && test -f "$HEARTHLINE_KEYSET_FILE" && echo "$DATABASE_URL"`, d.env).Output(); err != nil ||
		strings.TrimSpace(string(list)) != d.app.config.databaseURL || !strings.Contains(out.String(), d.env) {
		t.Errorf("a terminal does not find the line: %q, %v", list, err)
	}
	if !strings.Contains(out.String(), d.app.config.publicURL+"/phones") {
		t.Errorf("a newcomer is not told where the phones are:\n%s", out.String())
	}
	return d
}

// Ten seconds are held to by `make bench`, as for the pages of a large line.
func TestTheDemoIsReadyInTenSeconds(t *testing.T) {
	limit := 100 * time.Second
	if os.Getenv("HEARTHLINE_MEASURE") != "" {
		limit = 10 * time.Second
	}
	began := time.Now()
	openDemo(t)
	if took := time.Since(began); took > limit {
		t.Errorf("the demo took %s to start, and may take %s", took, limit)
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
	browsertest.Eventually(t, page, `/hears (?!nobody)/.test(document.querySelector("#room-list").innerText)`)
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

// Whatever the hour, who enrols at once is reminded of the group that meets later.
func TestTheDemoBeginsByDay(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2026-11-24 00:00": "2026-11-24 09:00", "2026-11-24 08:59": "2026-11-24 09:00", "2026-11-24 09:00": "2026-11-24 09:00",
		"2026-11-24 15:59": "2026-11-24 15:59", "2026-11-24 16:00": "2026-11-25 09:00", "2026-12-31 23:59": "2027-01-01 09:00",
		"2027-03-13 22:00": "2027-03-14 09:00", // the night on which the clock is set forward
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", now, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := at.Add(untilDay(at)).Format("2006-01-02 15:04"); got != want {
			t.Errorf("at %s the demo begins at %s, want %s", now, got, want)
		}
	}
}

// A reminder by text, as the page and the terminal tell a newcomer to try it.
func TestAReminderComesToThePage(t *testing.T) {
	d := openDemo(t)
	page := browsertest.Tab(t, d.app.config.publicURL+"/phones", browsertest.Desktop)
	write := func(body, answer string) {
		t.Helper()
		browsertest.Do(t, page, chromedp.SendKeys("#write-1", body+"\r"))
		browsertest.Eventually(t, page, texted(answer))
	}
	browsertest.Do(t, page, chromedp.Click("#phone-1 [data-show=texts]"))
	write("REMIND 836254", "Reply OK to agree")
	write("OK", "Thank you. To set a PIN")
	began := d.clock.Now()
	wind(t, page, 4)
	browsertest.Eventually(t, page, texted("Soon: Evening call, today "))
	if ahead := d.clock.Now().Sub(began); ahead < 220*time.Minute || ahead > 233*time.Minute {
		t.Errorf("winding stopped after %s, want about a quarter of an hour before the group meets", ahead)
	}
	write("IN", "Thank you. When it is time")
	for _, p := range d.carrier.Problems() {
		t.Errorf("the carrier objects: %+v", p)
	}
}

// A reminder by call: the call that asks, the one that reminds, and the one that
// brings in.
func TestACallRemindsOnThePage(t *testing.T) {
	d := openDemo(t)
	page := browsertest.Tab(t, d.app.config.publicURL+"/phones", browsertest.Desktop)
	press := func(keys string) {
		t.Helper()
		for _, key := range strings.Split(keys, "") {
			browsertest.Do(t, page, chromedp.Click("#phone-1 [data-key='"+key+"']"))
		}
	}
	answer := func() {
		t.Helper()
		browsertest.Eventually(t, page, `document.querySelector("#phone-1").dataset.state === "incoming"`)
		browsertest.Do(t, page, chromedp.Click("#phone-1 .go"))
		browsertest.Eventually(t, page, says("#phone-1", "This is an automated call"))
		press("1")
	}
	hangUp := func() {
		t.Helper()
		browsertest.Do(t, page, chromedp.Click("#phone-1 .end"))
		browsertest.Eventually(t, page, `document.querySelector("#phone-1").dataset.state === "idle"`)
	}
	browsertest.Do(t, page, chromedp.Click("#phone-1 .go"))
	browsertest.Eventually(t, page, says("#phone-1", "No group sees your number"))
	for _, step := range []struct{ keys, says string }{
		{"1", "Enter"}, {"836254", "To be reminded of this group"}, {"3", "To agree and get calls"}, {"2", "Choose a pin"},
		{"739146", "once more"}, {"739146", "Your member number"},
	} {
		press(step.keys)
		browsertest.Eventually(t, page, says("#phone-1", step.says))
	}
	hangUp()
	wind(t, page, 1) // the question whether the phone is theirs
	answer()
	browsertest.Eventually(t, page, says("#phone-1", "enter this code"))
	hangUp()
	wind(t, page, 4) // the reminder
	answer()
	browsertest.Eventually(t, page, says("#phone-1", "Evening call"))
	press("3")
	browsertest.Eventually(t, page, says("#phone-1", "We will call you when it starts"))
	hangUp()
	wind(t, page, 1) // the start
	answer()
	browsertest.Eventually(t, page, says("#phone-1", "You are the first one here"))
	for _, p := range d.carrier.Problems() {
		t.Errorf("the carrier objects: %+v", p)
	}
}

// wind winds the clock by hours, as somebody who does not look where it stops.
func wind(t *testing.T, page context.Context, hours int) {
	t.Helper()
	for range hours {
		browsertest.Do(t, page, chromedp.Click("[data-forward='3600']"))
	}
}

func texted(words string) string {
	return `document.querySelector("#phone-1 .thread").innerText.includes("` + words + `")`
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
