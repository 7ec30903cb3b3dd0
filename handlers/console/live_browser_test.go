package console

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/hearthline/hearthline/handlers/browsertest"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// watching is a browser at the page of a session, whose stream has begun.
func watching(t *testing.T, d *desk, path string) context.Context {
	t.Helper()
	ctx := browsertest.Lent(t, d.url+path, browsertest.Desktop)
	browsertest.Eventually(t, ctx, `document.querySelector("[data-follows] #seat2")`)
	return ctx
}

// Whatever changes, the focus, what is unfolded and what was chosen stay.
func TestAnUpdateTakesNothingAway(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	group := r.groupID(griefCode)
	d, path := r.live(crowded)
	ctx := watching(t, d, path)
	browsertest.Do(t, ctx,
		chromedp.Evaluate(`document.querySelector("#live_more").open = true; document.querySelector("#more3").open = true;
			document.querySelector("#live_minutes").value = "15"; scrollTo(0, 700); window.mine = document.querySelector("#seat3 summary"); mine.focus(); 0`, nil))
	before := browsertest.Value[int](t, ctx, `Math.round(mine.getBoundingClientRect().top)`)
	r.rooms.is(group, func(w *rooms.Watched) {
		w.People[2].Hand, w.People[2].Speaks, w.Speaker = 0, true, "Red Fox"
		w.People[5].Waits, w.People[5].Place = false, session.Main
		w.People = append(w.People, rooms.Watching{Seat: 21, Alias: "Wild Goose", At: session.AtRoom})
	})
	browsertest.Eventually(t, ctx, `document.querySelector("#seat21")`)
	if got := browsertest.Value[bool](t, ctx, `document.activeElement === mine && mine.isConnected`); !got {
		t.Error("the focus is lost")
	}
	if got := browsertest.Value[bool](t, ctx, `document.querySelector("#live_more").open && document.querySelector("#more3").open && !document.querySelector("#more2").open`); !got {
		t.Error("what was unfolded is not")
	}
	if got := browsertest.Value[string](t, ctx, `document.querySelector("#live_minutes").value`); got != "15" {
		t.Errorf("what was chosen is %q", got)
	}
	if after := browsertest.Value[int](t, ctx, `Math.round(mine.getBoundingClientRect().top)`); after != before {
		t.Errorf("the row moved from %d to %d", before, after)
	}
	order := `[...document.querySelectorAll("tbody tr")].map(r => r.id.slice(4)).join(" ")`
	if got := browsertest.Value[string](t, ctx, order); got != "1 2 3 4 5 6 7 15 8 9 10 11 12 13 14 21" {
		t.Errorf("the rows are %s", got)
	}
	r.rooms.is(group, func(w *rooms.Watched) { w.People = append(w.People[:2:2], w.People[3:]...) })
	browsertest.Eventually(t, ctx, `!document.querySelector("#seat3")`)
	if got := browsertest.Value[bool](t, ctx, `document.activeElement !== document.body`); !got {
		t.Error("the focus is nowhere once its row is gone")
	}
}

// What is asked by a button is told where it is, and the focus is on what took its
// place; it is not shown as done before it is.
func TestAButtonAsksWithoutLeaving(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	group := r.groupID(griefCode)
	d, path := r.live(func(*rooms.Watched) {})
	ctx := watching(t, d, path)
	// What the page waits for comes sooner; what waits for the page does not.
	browsertest.Do(t, ctx, chromedp.Evaluate(`const wait = setTimeout; window.setTimeout = (f, ms, ...of) => wait(f, ms > 10_000 ? ms : ms / 50, ...of); 0`, nil))
	r.rooms.is(group, func(w *rooms.Watched) { w.People[1].Doing = session.DoingAsked })
	browsertest.Do(t, ctx, chromedp.Evaluate(`window.here = true; const b = document.querySelector("#seat2 [data-key=m]"); b.focus(); b.click(); 0`, nil))
	browsertest.Eventually(t, ctx, `document.querySelector("#live_note.note")?.textContent.startsWith("Asked: Mute Blue Heron.")`)
	if got := browsertest.Value[bool](t, ctx, `window.here && document.activeElement.matches("#seat2 [data-key=m]") && !document.querySelector("#seat2").innerText.includes("muted")`); !got {
		t.Error("the page was left, the focus lost, or what was asked is shown as done")
	}
	r.rooms.is(group, func(w *rooms.Watched) { w.People[1].Muted, w.People[1].Doing = true, session.DoingAsked })
	browsertest.Eventually(t, ctx, `document.querySelector("#seat2").innerText.includes("being muted")`)
	if got := browsertest.Value[bool](t, ctx, `document.activeElement.matches("#seat2 [data-key=u]")`); !got {
		t.Error("the focus is not on the button that took the other's place")
	}
	r.rooms.is(group, func(w *rooms.Watched) { w.People[1].Doing = session.DoingFailed })
	browsertest.Eventually(t, ctx, `document.querySelector("#seat2").innerText.includes("could not be done")`)
	browsertest.Eventually(t, ctx, `document.querySelector("#live_note.bad").textContent.startsWith("Not done yet")`)
	browsertest.Do(t, ctx, chromedp.Evaluate(`new MutationObserver(() => window.done ||= document.querySelector("#live_note.done")?.textContent).observe(document.querySelector("main"), {subtree: true, childList: true, attributes: true}); 0`, nil))
	r.rooms.is(group, func(w *rooms.Watched) { w.People[1].Doing = session.DoingNothing })
	browsertest.Eventually(t, ctx, `window.done === "Done: Mute Blue Heron." && !document.querySelector("#live_note")`)
}

// Who is to be removed can be kept, by the button that takes the other's place.
func TestARemovalIsTakenBackByAButton(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	group := r.groupID(griefCode)
	d, path := r.live(func(*rooms.Watched) {})
	ctx := watching(t, d, path)
	browsertest.Do(t, ctx, chromedp.Evaluate(`document.querySelector("#more2").open = document.querySelector("#out2").open = true; const out = document.querySelector("#seat2 .danger[value=remove_soon]"); out.focus(); out.click(); 0`, nil))
	browsertest.Eventually(t, ctx, `document.querySelector("#live_note")`)
	r.rooms.is(group, func(w *rooms.Watched) { w.People[1].Goes, w.People[1].Muted = true, true })
	browsertest.Eventually(t, ctx, `document.activeElement.matches("#seat2 button[value=keep]")`)
	browsertest.Do(t, ctx, chromedp.Evaluate(`document.activeElement.click(); 0`, nil))
	browsertest.Eventually(t, ctx, `document.querySelector("#live_note.done")?.textContent === "Done: Keep Blue Heron."`)
	if got := r.rooms.orders; len(got) != 2 || got[0].Verb != session.RemoveSoon || got[1].Verb != session.Keep || got[1].Seat != 2 {
		t.Errorf("orders: %+v", got)
	}
}

// Single keys do nothing until they are turned on, and nothing while somebody types.
func TestShortcuts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d, path := r.live(func(*rooms.Watched) {})
	ctx := watching(t, d, path)
	browsertest.Do(t, ctx, chromedp.Evaluate(`document.querySelector("main").focus(); 0`, nil), chromedp.KeyEvent("l"),
		chromedp.Evaluate(`document.querySelector("[data-keys]").open = true; document.querySelector("[data-keys-on]").click(); document.querySelector("#seat3 button").focus(); 0`, nil),
		chromedp.KeyEvent("u"))
	browsertest.Eventually(t, ctx, `document.querySelector("#live_note")`)
	browsertest.Do(t, ctx, chromedp.Evaluate(`document.querySelector("#live_more").open = true; document.querySelector("#live_minutes").focus(); 0`, nil), chromedp.KeyEvent("n"),
		chromedp.Evaluate(`document.querySelector("#live_note").remove(); document.querySelector("main").focus(); 0`, nil), chromedp.KeyEvent("l"))
	browsertest.Eventually(t, ctx, `document.querySelector("#live_note")`)
	if got := r.rooms.orders; len(got) != 2 || got[0].Verb != session.UnmuteSeat || got[0].Seat != 3 || got[1].Verb != session.Lock {
		t.Errorf("orders: %+v", got)
	}
}

// A page whose stream is cut says so, and catches up by itself.
func TestACutStreamIsToldAndMended(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d, path := r.live(func(*rooms.Watched) {})
	ctx := watching(t, d, path)
	browsertest.Do(t, ctx, chromedp.Evaluate(`window.told = 0; new MutationObserver(() => told++).observe(document.querySelector("#live_lost"), {attributes: true}); 0`, nil))
	d.server.CloseClientConnections()
	browsertest.Eventually(t, ctx, `told > 0`)
	browsertest.Eventually(t, ctx, `document.querySelector("#live_lost").hidden`)
}
