package simulator

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/handlers/browsertest"
)

// focused describes the element that has the focus: its phone, if it is in
// one, and its text or name.
const focused = `(() => {
	const e = document.activeElement, phone = e.closest("[data-phone]");
	const name = e.id || e.getAttribute("aria-label") || e.textContent.trim();
	return (phone ? phone.dataset.phone + ":" : "") + name;
})()`

// TestKeyboardWalk goes through the page with Tab alone: every control comes
// once, in the order of the document, seen, and none holds the focus.
func TestKeyboardWalk(t *testing.T) {
	for _, l := range []struct {
		width int64
		tab   string
		least int
	}{{1280, "calls", 70}, {320, "calls", 70}, {1280, "texts", 40}, {320, "texts", 40}} {
		ctx := browsertest.Tab(t, serve(t, newFakeBoard(busy())).URL+"/phones", browsertest.Look{Width: l.width, Height: 900, Scheme: "light"})
		openTabs(t, ctx, l.tab)
		all := browsertest.Value[int](t, ctx, `(window.stops = [...document.querySelectorAll("a[href], button, input, textarea, select, summary, [tabindex='0']")]
			.filter(e => e.checkVisibility() && e.tabIndex >= 0)).length`)
		if all < l.least {
			t.Fatalf("only %d controls are on the page", all)
		}
		for i := range all {
			browsertest.Do(t, ctx, chromedp.KeyEvent(kb.Tab))
			problem := browsertest.Value[string](t, ctx, `(() => {
				const want = window.stops[`+strconv.Itoa(i)+`], e = document.activeElement, box = e.getBoundingClientRect();
				if (e !== want) return "focus is on " + e.outerHTML + ", want " + want.outerHTML;
				if (getComputedStyle(e).outlineStyle === "none") return "focus does not show on " + e.outerHTML;
				const x = box.left + box.width / 2, y = box.top + box.height / 2;
				const top = document.elementFromPoint(x, y);
				if (!top || !(e.contains(top) || top.contains(e))) return "covered or out of sight: " + e.outerHTML;
				return "";
			})()`)
			if problem != "" {
				t.Fatalf("%s at %d px, Tab %d: %s", l.tab, l.width, i+1, problem)
			}
		}
	}
}

func TestTargetsAreLarge(t *testing.T) {
	ctx := browsertest.Tab(t, serve(t, newFakeBoard(busy())).URL+"/phones", browsertest.Look{Width: 320, Height: 900, Scheme: "light"})
	for _, tab := range []string{"calls", "texts"} {
		openTabs(t, ctx, tab)
		small := browsertest.Value[[]string](t, ctx, `[...document.querySelectorAll("button, summary, select, [name=text]")]
		.filter(e => e.checkVisibility() && (e.offsetHeight < 44 || e.offsetWidth < 44)).map(e => e.outerHTML)`)
		if len(small) > 0 {
			t.Errorf("smaller than 44 px: %s", strings.Join(small, "\n"))
		}
	}
}

// TestKeyboardAlone calls, presses, speaks and hangs up without a mouse.
func TestKeyboardAlone(t *testing.T) {
	b := newFakeBoard(quiet())
	ctx := browsertest.Tab(t, serve(t, b).URL+"/phones", browsertest.Desktop)
	browsertest.Do(t, ctx, chromedp.Focus("#phone-2 .go", chromedp.ByQuery), chromedp.KeyEvent(kb.Enter))
	expect(t, b, command{Phone: 2, Act: call})

	s := quiet()
	s.Phones[1].State, s.Phones[1].Since = talking, s.Clock.Now
	b.change(s)
	browsertest.Eventually(t, ctx, `document.querySelector("#phone-2").dataset.state === "talking"`)
	if at := browsertest.Value[string](t, ctx, focused); at != "2:Call" {
		t.Errorf("the answer moved the focus to %s", at)
	}
	browsertest.Do(t, ctx, chromedp.KeyEvent("2"), chromedp.KeyEvent("*"), chromedp.KeyEvent("#"))
	for _, key := range []string{"2", "*", "#"} {
		expect(t, b, command{Phone: 2, Act: press, Text: key})
	}
	browsertest.Do(t, ctx, chromedp.Focus("#say-2", chromedp.ByQuery), chromedp.KeyEvent("I am 40"+kb.Enter))
	expect(t, b, command{Phone: 2, Act: say, Text: "I am 40"})
	browsertest.Do(t, ctx, chromedp.Focus("#phone-2 .end", chromedp.ByQuery), chromedp.KeyEvent(" "))
	expect(t, b, command{Phone: 2, Act: hangup})
}

func TestMouse(t *testing.T) {
	b := newFakeBoard(busy())
	ctx := browsertest.Tab(t, serve(t, b).URL+"/phones", browsertest.Desktop)
	browsertest.Do(t, ctx, chromedp.Click(`#phone-3 [data-key="5"]`, chromedp.ByQuery))
	expect(t, b, command{Phone: 3, Act: press, Text: "5"})
	browsertest.Do(t, ctx, chromedp.Click("#phone-4 .go", chromedp.ByQuery))
	expect(t, b, command{Phone: 4, Act: answer})
	browsertest.Do(t, ctx, chromedp.Click("#add", chromedp.ByQuery))
	if at := browsertest.Value[string](t, ctx, focused+` + location.search`); at != "5:Call?phones=5" {
		t.Errorf("after adding a phone the focus and address are %s", at)
	}
	browsertest.Do(t, ctx, chromedp.Click("#phone-5 .withheld", chromedp.ByQuery), chromedp.Click("#phone-5 .go", chromedp.ByQuery))
	expect(t, b, command{Phone: 5, Act: call, Withheld: true})
	browsertest.Do(t, ctx, chromedp.Click(`[data-forward="60"]`, chromedp.ByQuery))
	if w := <-b.winds; w != (wind{Speed: -1, Forward: time.Minute}) {
		t.Errorf("the clock was wound by %+v", w)
	}
}

func TestKeyBeforeCallSaysWhatToDo(t *testing.T) {
	b := newFakeBoard(quiet())
	ctx := browsertest.Tab(t, serve(t, b).URL+"/phones", browsertest.Desktop)
	browsertest.Do(t, ctx, chromedp.Click(`#phone-1 [data-key="2"]`, chromedp.ByQuery))
	browsertest.Eventually(t, ctx, `document.querySelector("#trouble").textContent === "Ana is not in a call: press Call first."`)
}

func TestReasonOfARefusalIsShown(t *testing.T) {
	b := newFakeBoard(quiet())
	b.refuse = &refusal{"Ana is in a call already: hang up first."}
	ctx := browsertest.Tab(t, serve(t, b).URL+"/phones", browsertest.Desktop)
	browsertest.Do(t, ctx, chromedp.Click("#phone-1 .go", chromedp.ByQuery))
	browsertest.Eventually(t, ctx, `document.querySelector("#trouble").textContent.startsWith("Ana is in a call already")`)
}

// TestCaptionsFollowTheClock sets the clock of a paused scene forward and
// looks at how much of the sentence has been said.
func TestCaptionsFollowTheClock(t *testing.T) {
	s := quiet()
	s.Clock.Speed = 0
	s.Phones[0].State, s.Phones[0].Since = talking, s.Clock.Now
	s.Phones[0].Captions = []captionView{{
		ID: "heard0", Kind: "say", At: s.Clock.Now, Lasts: 10_000, Text: "one two three four five six seven eight nine ten",
	}}
	b := newFakeBoard(s)
	ctx := browsertest.Tab(t, serve(t, b).URL+"/phones", browsertest.Desktop)
	said := `document.querySelector("#phone-1 .said").textContent`
	if got := browsertest.Value[string](t, ctx, said); got != "" {
		t.Errorf("before the first moment %q was said", got)
	}
	for _, tt := range []struct {
		after time.Duration
		want  string
	}{{4 * time.Second, "one two three four five"}, {9 * time.Second, "one two three four five six seven eight nine"}, {time.Minute, s.Phones[0].Captions[0].Text}} {
		s.Clock.Now = s.Phones[0].Since + tt.after.Milliseconds()
		b.change(s)
		browsertest.Eventually(t, ctx, said+` === "`+tt.want+`"`)
	}
	if rest := browsertest.Value[string](t, ctx, `document.querySelector("#phone-1 .coming").textContent`); rest != "" {
		t.Errorf("%q is still to come after the end", rest)
	}
}

// TestAnnouncements holds that a screen reader hears each caption of the
// phone at the ear once and whole, and nothing of the others or of the past.
func TestAnnouncements(t *testing.T) {
	s := busy()
	b := newFakeBoard(s)
	ctx := browsertest.Tab(t, serve(t, b).URL+"/phones", browsertest.Desktop)
	browsertest.Do(t, ctx, chromedp.Evaluate(`window.heard = [];
		new MutationObserver(() => heard.push(document.querySelector("#announce").textContent))
			.observe(document.querySelector("#announce"), {childList: true, characterData: true, subtree: true})`, nil))
	more := func(id, kind, from, text string) captionView {
		return captionView{ID: id, Kind: kind, At: s.Clock.Now, Lasts: 5000, From: from, Text: text}
	}
	s = busy()
	s.Phones[0].Captions = append(s.Phones[0].Captions, more("heard7", "room", "Ben", "Thank you for coming."))
	s.Phones[1].Captions = append(s.Phones[1].Captions, more("did9", "own", "Ben", "Thank you for coming."))
	s.Phones[2].Captions = append(s.Phones[2].Captions, more("heard9", "say", "", "Sorry, I did not get that."))
	b.change(s)
	browsertest.Eventually(t, ctx, `document.querySelector("#phone-3 .captions").textContent.includes("Sorry")`)
	if diff := cmp.Diff([]string{"Ben: Thank you for coming."}, browsertest.Value[[]string](t, ctx, `heard`)); diff != "" {
		t.Errorf("read aloud (-want +got):\n%s", diff)
	}
}

// voices gives the page two voices, of which one is on somebody's server, and
// remembers what is said.
const voices = `
	window.spoken = [];
	window.SpeechSynthesisUtterance = function (text) { this.text = text; };
	Object.defineProperty(window, "speechSynthesis", {value: {
		getVoices: () => [{lang: "en-US", name: "remote", localService: false}, {lang: "es-MX", name: "local", localService: true}],
		speak: (u) => window.spoken.push(u.voice.name + " " + u.lang + ": " + u.text),
		cancel: () => window.spoken.push("(hush)"),
		addEventListener: () => {},
	}});`

func TestSpeechUsesLocalVoicesOnly(t *testing.T) {
	b := newFakeBoard(quiet())
	server := serve(t, b)
	ctx := browsertest.Tab(t, server.URL+"/phones", browsertest.Desktop)
	browsertest.Do(t, ctx,
		chromedp.ActionFunc(func(ctx context.Context) error {
			_, err := page.AddScriptToEvaluateOnNewDocument(voices).Do(ctx)
			return err
		}),
		chromedp.Reload(), chromedp.WaitVisible("html[data-ready=yes]", chromedp.ByQuery),
	)
	s := quiet()
	s.Phones[0].State, s.Phones[0].Since = talking, s.Clock.Now
	s.Phones[0].Captions = []captionView{
		{ID: "heard0", Kind: "say", At: s.Clock.Now, Lasts: 5000, Lang: "en-US", Text: "Welcome."},
		{ID: "heard1", Kind: "say", At: s.Clock.Now, Lasts: 5000, Lang: "es-US", Text: "Bienvenido."},
	}
	s.Phones[1].State, s.Phones[1].Captions = talking, s.Phones[0].Captions
	b.change(s)
	browsertest.Eventually(t, ctx, `document.querySelector("#phone-2").dataset.state === "talking"`)
	got := slices.DeleteFunc(browsertest.Value[[]string](t, ctx, `window.spoken`), func(s string) bool { return s == "(hush)" })
	if diff := cmp.Diff([]string{"local es-MX: Bienvenido."}, got); diff != "" {
		t.Errorf("spoken (-want +got):\n%s", diff)
	}
	s.Phones = slices.Clone(s.Phones)
	s.Phones[0].Captions = slices.Clone(s.Phones[0].Captions)
	s.Phones[0].Captions[1].Cut = true
	browsertest.Do(t, ctx, chromedp.Evaluate(`window.spoken.length = 0`, nil))
	b.change(s)
	browsertest.Eventually(t, ctx, `window.spoken.includes("(hush)")`)
}

// TestTonesAreDTMF holds the frequencies of every key (ITU-T Q.23).
func TestTonesAreDTMF(t *testing.T) {
	b := newFakeBoard(busy())
	ctx := browsertest.Tab(t, serve(t, b).URL+"/phones", browsertest.Desktop)
	browsertest.Do(t, ctx, chromedp.Evaluate(`window.tones = [];
		const start = OscillatorNode.prototype.start;
		OscillatorNode.prototype.start = function () { tones.push(this.frequency.value); return start.call(this); };`, nil))
	want := map[string][]float64{
		"1": {697, 1209}, "2": {697, 1336}, "3": {697, 1477}, "4": {770, 1209}, "5": {770, 1336}, "6": {770, 1477},
		"7": {852, 1209}, "8": {852, 1336}, "9": {852, 1477}, "*": {941, 1209}, "0": {941, 1336}, "#": {941, 1477},
	}
	for key, tones := range want {
		browsertest.Do(t, ctx, chromedp.Click(`#phone-1 [data-key="`+key+`"]`, chromedp.ByQuery))
		if diff := cmp.Diff(tones, browsertest.Value[[]float64](t, ctx, `tones.splice(0)`)); diff != "" {
			t.Errorf("key %s (-want +got):\n%s", key, diff)
		}
	}
}

// TestReconnect cuts every stream and holds that the page comes back by
// itself and draws nothing twice.
func TestReconnect(t *testing.T) {
	p := newPages(newFakeBoard(busy()), Options{Line: "+12025550100"})
	server := mount(t, p)
	ctx := browsertest.Tab(t, server.URL+"/phones", browsertest.Desktop)
	drawn := `[...document.querySelectorAll(".captions, #room-list, #exchanges")].map(e => e.innerText).join("\n")`
	before := browsertest.Value[string](t, ctx, drawn)
	browsertest.Do(t, ctx, chromedp.Evaluate(`delete document.documentElement.dataset.ready`, nil))
	server.CloseClientConnections()
	browsertest.Eventually(t, ctx, `document.documentElement.dataset.ready === "yes"`)
	if diff := cmp.Diff(before, browsertest.Value[string](t, ctx, drawn)); diff != "" {
		t.Errorf("after coming back (-before +after):\n%s", diff)
	}
}

func expect(t *testing.T, b *fakeBoard, want command) {
	t.Helper()
	select {
	case got := <-b.commands:
		if got != want {
			t.Errorf("the page sent %+v, want %+v", got, want)
		}
	case <-time.After(time.Minute):
		t.Fatalf("the page never sent %+v", want)
	}
}
