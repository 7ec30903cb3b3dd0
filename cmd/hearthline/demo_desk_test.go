package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/hearthline/hearthline/handlers/browsertest"
	"github.com/hearthline/hearthline/handlers/emulator"
)

// A stranger who looks around at the demo's desk finds something on every page, is led
// on where a proof is asked for, and is connected with who waits, on phones of the page.
func TestTheDemosDeskIsAlive(t *testing.T) {
	d := openDemo(t)
	h := &hour{T: t, demo: d, page: browsertest.Tab(t, d.app.config.publicURL+"/console", browsertest.Desktop)}
	h.press("Look around", "What needs you today")
	for _, waits := range []string{"3 people ask to be let in", "1 voice message to hear", "1 person has asked for their data"} {
		h.sees(waits)
	}
	h.shot("desk-home")
	h.goTo("/console/statistics")
	if shown := browsertest.Value[[]int](t, h.page, `["rect:not(.unshown)", "rect.unshown"].map(bars => document.querySelectorAll("main svg " + bars).length)`); shown[0] < 8 || shown[1] == 0 {
		t.Errorf("the chart shows %d weeks, and has %d that are too few to show", shown[0], shown[1])
	}
	h.sees("not shown")
	h.goTo("/console/people/new")
	h.sees("E-mail")
	d.clock.Jump(6 * time.Minute) // a proof serves for five
	h.goTo("/console/people/new")
	h.press("Yes, go on", "E-mail")
	h.goTo("/console/inbox")
	h.do(chromedp.Evaluate(`document.querySelector("audio").load()`, nil))
	browsertest.Eventually(t, h.page, `document.querySelector("audio").duration === 9`)
	h.do(chromedp.WaitVisible(`//button[contains(., "Ring them back")]`, chromedp.BySearch))
	h.goTo("/console")
	h.do(chromedp.Click(`//main//a[contains(@href, "/roster")]`, chromedp.BySearch))
	h.do(chromedp.WaitVisible(`//button[contains(., "through the line")]`, chromedp.BySearch))
	h.press("through the line", "Your own phone rings")
	h.connected(demoApplicants[0])
	h.commands()
	for _, p := range d.carrier.Problems() {
		t.Errorf("the carrier objects: %+v", p)
	}
}

// connected has the owner and another pick up on the page, press 1 and hear each other.
func (h *hour) connected(number string) {
	h.Helper()
	owner, other := h.carrier.Phone(ownerPhone), h.carrier.Phone(number)
	for _, p := range []struct {
		*emulator.Phone
		hears string
	}{{owner, "To be connected, press 1"}, {other, "To talk with them, press 1"}} {
		h.waits("a phone rings", func() bool { return p.Current() != nil })
		p.Answer()
		h.clock.Jump(15 * time.Second) // until it is sure that no machine answers
		call := p.Current()
		h.waits("who answers is asked", func() bool { return strings.Contains(call.Transcript(), p.hears) })
		call.Press("1")
	}
	hers, theirs := owner.Current(), other.Current()
	h.waits("they are connected", func() bool { return strings.Contains(hers.Transcript(), "connected to") })
	hers.Say("Hello there.")
	h.waits("the other hears", func() bool { return strings.Contains(theirs.Transcript(), "Hello there.") })
	theirs.Hangup()
}

// commands has the owner's phone do what newcomers are told to try on it.
func (h *hour) commands() {
	h.Helper()
	phone := h.carrier.Phone(ownerPhone)
	h.waits("the call is over", func() bool { return phone.Current() == nil })
	phone.Text(demoNumber, "STATUS")
	h.waits("what waits is told", func() bool { return strings.Contains(phone.Thread(), "3 people wait for approval") })
	call := phone.Call(demoNumber)
	for _, step := range [][2]string{{"No group sees your number", "7"}, {"If this is your own phone", "1"}, {"Then wait a moment", ownerPIN}, {"Your desk", ""}} {
		h.waits("the owner hears: "+step[0], func() bool { return strings.Contains(call.Transcript(), step[0]) })
		if step[1] != "" {
			call.Press(step[1])
		}
	}
	call.Hangup()
}
