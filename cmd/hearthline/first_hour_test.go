package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"image/png"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/hearthline/hearthline/handlers/browsertest"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
)

// hour is a newcomer at the desk of a line on which nothing is set up.
type hour struct {
	*testing.T
	*demo
	page  context.Context
	group string // the path of its page
}

// A newcomer's first hour: the line is set up, a group made and its dates looked at;
// two people ask to be reminded and five come; the session is held from the page, a
// message sent, the figures looked at and a poster printed.
func TestANewcomersFirstHour(t *testing.T) {
	d := openDemo(t, func(d *demo) {
		d.bare = true
		d.asConsole(t)
		d.app.config.open, d.app.config.openCrisis = store.LineFields{Name: true, Zone: true, Languages: true, CrisisName: true}, true
	})
	h := &hour{T: t, demo: d, page: browsertest.Tab(t, d.app.config.publicURL+"/console", browsertest.Desktop)}
	h.press("Look around", "What is the line called?")
	h.setUp()
	code := h.makeGroup()
	h.enrol(code, 2)
	calls := h.gather(code, 5)
	h.hold(calls)
	h.write()
	h.goTo("/console/statistics")
	h.sees("Statistics")
	h.goTo(h.group + "/print/sheet")
	h.sees("(202) 555-0100")
	h.sees("ress 1")
	for _, p := range d.carrier.Problems() {
		t.Errorf("the carrier objects: %+v", p)
	}
}

// asConsole has the desk come to the database by a login of its own, as an operator is
// told to set it up: one that sees no number, and what each request is about.
func (d *demo) asConsole(t *testing.T) {
	t.Helper()
	db, err := d.app.config.openDB(t.Context(), d.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := errors.Join(db.Migrate(t.Context()), db.ApplyRoles(t.Context())); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("postgres", d.cluster.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	if _, err := raw.ExecContext(t.Context(), `CREATE ROLE line_console LOGIN IN ROLE hearthline_console`); err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(d.cluster.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	query := at.Query()
	query.Set("user", "line_console")
	at.RawQuery = query.Encode()
	d.app.config.deskURL = at.String()
}

func (h *hour) do(actions ...chromedp.Action) { h.Helper(); browsertest.Do(h.T, h.page, actions...) }

// press sends the form of the first button that is so called, and waits for what the
// next page shows.
func (h *hour) press(button, then string) {
	h.Helper()
	h.do(chromedp.Click(fmt.Sprintf(`//main//button[contains(normalize-space(.), %q)]`, button), chromedp.BySearch))
	h.sees(then)
}

// open follows the first link that is so called.
func (h *hour) open(link, selector string) {
	h.Helper()
	h.do(chromedp.Click(fmt.Sprintf(`//a[normalize-space(.)=%q]`, link), chromedp.BySearch), chromedp.WaitVisible(selector, chromedp.ByQuery))
	h.ready()
}

func (h *hour) goTo(path string) {
	h.Helper()
	h.do(chromedp.Navigate(h.app.config.publicURL + path))
	h.ready()
}

func (h *hour) ready() {
	h.Helper()
	h.do(chromedp.WaitVisible("html[data-ready=yes]", chromedp.ByQuery))
}

// sees waits for words on the page, or on the one that it leads to.
func (h *hour) sees(words string) {
	h.Helper()
	within, cancel := context.WithTimeout(h.page, longest)
	defer cancel()
	if err := chromedp.Run(within, chromedp.WaitVisible(fmt.Sprintf(`//main[contains(normalize-space(.), %q)]`, words), chromedp.BySearch)); err != nil {
		h.Fatalf("the page never says %q: %v; it says:\n%s", words, err, browsertest.Value[string](h.T, h.page, `document.body.innerText`))
	}
	h.ready()
}

func (h *hour) fill(selector, text string) {
	h.Helper()
	h.do(chromedp.Evaluate(fmt.Sprintf(`document.querySelector(%q).value = ""`, selector), nil), chromedp.SendKeys(selector, text, chromedp.ByQuery))
}

func (h *hour) setUp() {
	h.Helper()
	h.fill("#name", "Harbour line")
	h.press("Save and go on", "Where does the telephone company reach it?")
	h.sees("set by whoever runs the machine")
	h.press("Save and go on", "What time is it where you are?")
	h.press("Save and go on", "Which languages does it speak?")
	h.press("Save and go on", "May callers also speak?")
	h.press("Save and go on", "Who helps when somebody is in danger?")
	h.press("Save and go on", "Try it before anybody calls")
	h.press("Finish", "The line is set up.")
}

// makeGroup makes one that meets in a moment, every week, and returns its code.
func (h *hour) makeGroup() string {
	h.Helper()
	h.open("Make the first group", "#when")
	zone, err := time.LoadLocation(h.app.config.zone)
	if err != nil {
		h.Fatal(err)
	}
	start := h.clock.Now().In(zone).Add(5 * time.Minute)
	h.fill("#name_en", "Evening grief circle")
	h.fill("#name_es", "Círculo de duelo")
	h.fill("#discreet_en", "Evening call")
	h.fill("#discreet_es", "Llamada de la tarde")
	h.fill("#when", "every "+strings.ToLower(start.Weekday().String())+" "+start.Format("3:04 pm"))
	code := browsertest.Value[string](h.T, h.page, `document.querySelector("input[name=code]").value`)
	h.press("Make the group", "Evening grief circle")
	h.open("Schedule", "h1")
	h.press("Open Evening grief circle", "Pause")
	h.group = strings.TrimSuffix(browsertest.Value[string](h.T, h.page, `document.querySelector('nav a[href$="/schedule"]').pathname`), "/schedule")
	h.goTo(h.group + "/schedule")
	h.shot("desk-schedule")
	return code
}

// enrol has some people ask by text to be reminded.
func (h *hour) enrol(code string, people int) {
	h.Helper()
	for i := range people {
		phone := h.carrier.Phone(fmt.Sprintf("+1202555016%d", i))
		for _, step := range [][2]string{{"REMIND " + code, "OK"}, {"OK", "Thank you"}} {
			phone.Text(demoNumber, step[0])
			h.waits("a text is answered", func() bool { return strings.Contains(phone.Thread(), step[1]) })
		}
	}
	h.goTo(h.group + "/roster")
	browsertest.Eventually(h.T, h.page, fmt.Sprintf(`document.querySelectorAll("main tbody tr").length === %d`, people))
}

// longest is how long something may take that the program does in its own time.
const longest = 2 * time.Minute

// waits until something holds of the phones: it looks whenever one has heard, done or
// got something.
func (h *hour) waits(what string, holds func() bool) {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), longest)
	defer cancel()
	for range h.carrier.Subscribe(ctx) {
		if holds() {
			return
		}
	}
	h.Fatalf("never happened: %s; the page says:\n%s", what, browsertest.Value[string](h.T, h.page, `document.body.innerText`))
}

// gather has some people ring, and come in by the code.
func (h *hour) gather(code string, people int) []*emulator.Call {
	h.Helper()
	var calls []*emulator.Call
	for i := range people {
		calls = append(calls, h.carrier.Phone(fmt.Sprintf("+1202555016%d", i)).Call(demoNumber))
	}
	for _, step := range [][2]string{{"No group sees your number", "1"}, {"Enter", code}, {"What is said here stays here", "1"}} {
		for _, call := range calls {
			h.waits("somebody hears: "+step[0], func() bool { return strings.Contains(call.Transcript(), step[0]) })
			call.Press(step[1])
		}
	}
	return calls
}

// hold sees everybody on the live page, mutes one and locks the door.
func (h *hour) hold(calls []*emulator.Call) {
	h.Helper()
	h.goTo(h.group + "/live")
	browsertest.Eventually(h.T, h.page, fmt.Sprintf(`document.querySelectorAll("#live_people tbody tr").length === %d`, len(calls)))
	h.clock.Jump(15 * time.Second) // until they have heard by what name they go
	browsertest.Eventually(h.T, h.page, `!document.querySelector("#live_people").innerText.includes("at the menu")`)
	h.shot("desk-live")
	h.do(chromedp.Click(`//button[starts-with(normalize-space(.), "Mute ")]`, chromedp.BySearch))
	h.waits("one of them hears that they are muted", func() bool {
		for _, c := range calls {
			if strings.Contains(c.Transcript(), "muted") {
				return true
			}
		}
		return false
	})
	h.do(chromedp.Click(`button[value=lock]`, chromedp.ByQuery))
	browsertest.Eventually(h.T, h.page, `!!document.querySelector("button[value=unlock]")`)
	for _, c := range calls {
		c.Hangup()
	}
}

// write sends a message to the group, which can be taken back for a minute, and arrives.
func (h *hour) write() {
	h.Helper()
	h.goTo(h.group + "/messages")
	for _, field := range browsertest.Value[[]string](h.T, h.page, `[...document.querySelectorAll("main textarea")].map(t => "#" + t.id)`) {
		h.fill(field, "We meet again next week. Bring tea.")
	}
	h.do(chromedp.KeyEvent(kb.Tab))
	h.do(chromedp.Click(`main form button`, chromedp.ByQuery))
	h.sees("2 people")
	h.shot("desk-message")
	h.do(chromedp.Click(`form[action$="/messages/send"] button`, chromedp.ByQuery))
	h.sees("It goes in one minute.")
	h.clock.Jump(time.Minute)
	h.passed(h.Context())
	h.waits("the message arrives", func() bool { return strings.Contains(h.carrier.Phone("+12025550160").Thread(), "Bring tea.") })
}

// heaviestPicture is what a picture of the README may have.
const heaviestPicture = 150_000

// shot keeps the README's pictures, when they are to be made anew.
func (h *hour) shot(name string) {
	h.Helper()
	if !*update {
		return
	}
	var picture []byte
	h.do(chromedp.Evaluate(`document.activeElement.blur(); scrollTo(0, 0)`, nil), chromedp.CaptureScreenshot(&picture))
	if _, err := png.DecodeConfig(bytes.NewReader(picture)); err != nil || len(picture) > heaviestPicture {
		h.Errorf("%s has %d bytes, and may have %d (%v)", name, len(picture), heaviestPicture, err)
	}
	if err := os.WriteFile(filepath.Join("..", "..", "deploy", name+".png"), picture, 0o644); err != nil {
		h.Fatal(err)
	}
}
