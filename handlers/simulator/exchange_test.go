package simulator

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/handlers/browsertest"
	"github.com/hearthline/hearthline/handlers/emulator"
)

const (
	testLine    = "+12025550100"
	testAccount = "AC00000000000000000000000000000001"
	testToken   = "token of the tests"
)

// rooms is a telephone line of its own: a caller presses a digit and is in
// that room; 9 mutes them there. A text is answered with itself.
func rooms(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/xml")
	if body := r.FormValue("Body"); body != "" {
		fmt.Fprintf(w, `<Response><Message>You wrote %s.</Message></Response>`, body)
		return
	}
	digit := r.FormValue("Digits")
	if digit == "" {
		fmt.Fprint(w, `<Response><Gather action="/voice" numDigits="1"><Say language="en-US">Welcome. Which room?</Say></Gather></Response>`)
		return
	}
	fmt.Fprintf(w, `<Response><Dial><Conference beep="false" muted="%t" waitUrl="">room</Conference></Dial></Response>`, digit == "9")
}

// exchange makes an emulator whose line is answered by rooms.
func exchange(t *testing.T, clock *emulator.Clock) *emulator.Emulator {
	t.Helper()
	line := httptest.NewServer(http.HandlerFunc(rooms))
	t.Cleanup(line.Close)
	e := emulator.New(emulator.Options{
		AccountSID: testAccount, AuthToken: testToken, Clock: clock,
	})
	e.AddNumber(emulator.Number{E164: testLine, VoiceURL: line.URL + "/voice", SMSURL: line.URL + "/sms"})
	return e
}

// phonesOver is a board over an emulator with a clock that the test moves.
func phonesOver(t *testing.T) (*exchangeBoard, *emulator.Emulator) {
	t.Helper()
	clock := emulator.NewVirtualClock(sceneTime)
	e := exchange(t, clock)
	return newExchangeBoard(t.Context(), Options{Emulator: e, Clock: clock, Line: testLine}), e
}

// await returns the first scene that holds what is asked of it.
func await(t *testing.T, b *exchangeBoard, what string, holds func(scene) bool) scene {
	t.Helper()
	changes, late := b.Changes(t.Context()), time.After(time.Minute)
	for {
		s := b.Scene()
		if holds(s) {
			return s
		}
		select {
		case <-changes:
		case <-late:
			t.Fatalf("%s never held; the phones are %+v", what, s.Phones)
		}
	}
}

func must(t *testing.T, b *exchangeBoard, c command) {
	t.Helper()
	if err := b.Do(c); err != nil {
		t.Fatal(err)
	}
}

func inState(phone int, state string) func(scene) bool {
	return func(s scene) bool { return s.Phones[phone-1].State == state }
}

func TestTwoPhonesInARoom(t *testing.T) {
	t.Parallel()
	b, e := phonesOver(t)
	for i, digit := range []string{"1", "9"} {
		phone := i + 1
		must(t, b, command{Phone: phone, Act: call})
		await(t, b, "talking", inState(phone, talking))
		e.Advance(time.Second) // into the sentence
		must(t, b, command{Phone: phone, Act: press, Text: digit})
		await(t, b, "in the room", func(s scene) bool { return s.Phones[phone-1].Room })
	}
	must(t, b, command{Phone: 1, Act: say, Text: "I am glad you are here"})
	s := await(t, b, "heard", func(s scene) bool {
		ana, ben := s.Phones[0].Captions, s.Phones[1].Captions
		return ana[len(ana)-1].From == "Ana" && ben[len(ben)-1].From == "Ana"
	})
	want := []roomView{{Label: "Room 1", People: []personView{{Name: "Ana", Hears: []string{}}, {Name: "Ben", Muted: true, Hears: []string{"Ana"}}}}}
	if diff := cmp.Diff(want, s.Rooms); diff != "" {
		t.Errorf("rooms (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		"ring : ringing", "say : Welcome. Which room? (cut)", "key : 1", "own Ana: I am glad you are here",
	}, told(s.Phones[0])); diff != "" {
		t.Errorf("at Ana’s phone (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		"ring : ringing", "say : Welcome. Which room? (cut)", "key : 9", "room Ana: I am glad you are here",
	}, told(s.Phones[1])); diff != "" {
		t.Errorf("at Ben’s phone (-want +got):\n%s", diff)
	}
	for _, x := range s.Wire {
		if x.Phone == "" || x.Status != 200 || x.Signature == "" || !strings.Contains(x.Body, "<Response>") || len(x.Params) == 0 {
			t.Errorf("on the wire: %+v", x)
		}
	}
	if len(s.Wire) != 4 || len(s.Faults) != 0 {
		t.Errorf("%d exchanges and faults %v, want 4 and none", len(s.Wire), s.Faults)
	}
}

func told(p phoneView) []string {
	var lines []string
	for _, c := range p.Captions {
		line := c.Kind + " " + c.From + ": " + c.Text
		if c.Cut {
			line += " (cut)"
		}
		lines = append(lines, line)
	}
	return lines
}

func TestLostKeyIsSaidToBeLost(t *testing.T) {
	t.Parallel()
	b, e := phonesOver(t)
	must(t, b, command{Phone: 1, Act: call})
	await(t, b, "talking", inState(1, talking))
	must(t, b, command{Phone: 1, Act: press, Text: "1"})
	await(t, b, "in the room", func(s scene) bool { return s.Phones[0].Room })
	must(t, b, command{Phone: 1, Act: press, Text: "5"})
	e.Settle()
	s := await(t, b, "pressed", func(s scene) bool { c := s.Phones[0].Captions; return c[len(c)-1].Text == "5" })
	if got := told(s.Phones[0]); got[len(got)-1] != "lost : 5" {
		t.Errorf("the last caption is %q", got[len(got)-1])
	}
}

func TestANewCallBeginsWithAnEmptyScreen(t *testing.T) {
	t.Parallel()
	b, e := phonesOver(t)
	must(t, b, command{Phone: 1, Act: call})
	await(t, b, "talking", inState(1, talking))
	must(t, b, command{Phone: 1, Act: press, Text: "1"})
	must(t, b, command{Phone: 1, Act: hangup})
	ended := await(t, b, "idle", inState(1, idle))
	if len(ended.Phones[0].Captions) == 0 {
		t.Error("the captions went with the call")
	}
	e.Advance(time.Second)
	must(t, b, command{Phone: 1, Act: call})
	want := []string{"ring : ringing", "say : Welcome. Which room?"}
	await(t, b, "a screen with the new call alone", func(s scene) bool { return cmp.Equal(want, told(s.Phones[0])) })
}

// A newcomer's phone is like most: its carrier signs its calls, by which staff prove
// that a number is theirs. It signs none that shows no number.
func TestCallsAreSigned(t *testing.T) {
	t.Parallel()
	for withheld, want := range map[bool]bool{false: true, true: false} {
		b, _ := phonesOver(t)
		must(t, b, command{Phone: 1, Act: call, Withheld: withheld})
		s := await(t, b, "talking", inState(1, talking))
		if got := slices.Contains(s.Wire[0].Params, [2]string{"StirVerstat", emulator.PassedA}); got != want {
			t.Errorf("withheld %t: the line is told %q; that the carrier vouches for it: want %t", withheld, s.Wire[0].Params, want)
		}
	}
}

func TestWithheldNumber(t *testing.T) {
	t.Parallel()
	b, _ := phonesOver(t)
	must(t, b, command{Phone: 1, Act: call, Withheld: true})
	s := await(t, b, "talking", inState(1, talking))
	if params := s.Wire[0].Params; !slices.Contains(params, [2]string{"From", "anonymous"}) {
		t.Errorf("the line is told %q, want From=anonymous", params)
	}
}

func TestImpossibleActsAreRefused(t *testing.T) {
	t.Parallel()
	b, _ := phonesOver(t)
	acts := map[act]string{call: "call", answer: "answer", hangup: "hangup", press: "press", say: "say"}
	refused := func(when string, want ...act) {
		t.Helper()
		for _, a := range want {
			err := b.Do(command{Phone: 1, Act: a, Text: "1"})
			if err == nil || !strings.HasPrefix(err.Error(), "Ana") {
				t.Errorf("%s while %s: %v, want a refusal that names Ana", acts[a], when, err)
			}
		}
	}
	refused(idle, answer, hangup, press, say)
	must(t, b, command{Phone: 1, Act: call})
	await(t, b, "talking", inState(1, talking))
	refused(talking, call, answer)
}

// TestRung rings a phone through the REST API: it can be answered, and it can
// be declined.
func TestRung(t *testing.T) {
	t.Parallel()
	for a, want := range map[act]string{answer: talking, hangup: idle} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			b, e := phonesOver(t)
			ring(t, e, "+12025550174")
			await(t, b, "ringing", inState(4, incoming))
			must(t, b, command{Phone: 4, Act: a})
			await(t, b, want, inState(4, want))
		})
	}
}

// A call of the line's that asks for a key, and first finds out whether a person
// answered, is answered at the page and its key pressed there.
func TestRungAndAsked(t *testing.T) {
	t.Parallel()
	b, e := phonesOver(t)
	line := httptest.NewServer(http.HandlerFunc(rooms))
	t.Cleanup(line.Close)
	ring(t, e, "+12025550174", "Twiml", "", "Url", line.URL+"/voice", "MachineDetection", "Enable")
	await(t, b, "ringing", inState(4, incoming))
	must(t, b, command{Phone: 4, Act: answer})
	await(t, b, "picked up", inState(4, talking))
	e.Advance(5 * time.Second) // the carrier listens for four
	await(t, b, "asked", func(s scene) bool {
		c := s.Phones[3].Captions
		return c[len(c)-1].Text == "Welcome. Which room?"
	})
	must(t, b, command{Phone: 4, Act: press, Text: "1"})
	want := []string{"ring (202) 555-0100: ringing", "say : Welcome. Which room? (cut)", "key : 1"}
	await(t, b, "in the room by that key", func(s scene) bool { // captions follow events, rooms are read as they are
		return s.Phones[3].Room && cmp.Equal(want, told(s.Phones[3]))
	})
}

func TestARingAtAPhoneInACallChangesNothing(t *testing.T) {
	t.Parallel()
	b, e := phonesOver(t)
	must(t, b, command{Phone: 4, Act: call})
	await(t, b, "talking", inState(4, talking))
	ring(t, e, "+12025550174")
	must(t, b, command{Phone: 4, Act: say, Text: "Still here."})
	s := await(t, b, "said", func(s scene) bool { c := s.Phones[3].Captions; return c[len(c)-1].Kind == ownWords })
	if s.Phones[3].State != talking {
		t.Errorf("the phone is %s, want %s", s.Phones[3].State, talking)
	}
}

// ring has the program call a phone, with more parameters if they are given: a name
// and a value in turn.
func ring(t *testing.T, e *emulator.Emulator, number string, more ...string) {
	t.Helper()
	ask(t, e, "Calls", append([]string{"From", testLine, "To", number, "Twiml", "<Response><Say>Hello.</Say></Response>"}, more...)...)
}

// ask has the program make a call or a text: names and values in turn, of which the
// last of a name counts.
func ask(t *testing.T, e *emulator.Emulator, what string, params ...string) {
	t.Helper()
	api := httptest.NewServer(e)
	t.Cleanup(api.Close)
	form := url.Values{}
	for i := 0; i < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	req, err := http.NewRequestWithContext(t.Context(), "POST",
		api.URL+"/2010-04-01/Accounts/"+testAccount+"/"+what+".json", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(testAccount, testToken)
	res, err := api.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusCreated {
		t.Fatalf("creating one of the %s answered %d", what, res.StatusCode)
	}
	e.Settle()
}

// TestTwoPhonesHearEachOther does in a browser what a newcomer would: two
// phones call, press the same key, and hear each other's words.
func TestTwoPhonesHearEachOther(t *testing.T) {
	clock := emulator.NewClock()
	p := New(Options{Emulator: exchange(t, clock), Clock: clock, Line: testLine, LineName: "The test line"})
	ctx := browsertest.Tab(t, mount(t, p).URL+"/phones", browsertest.Desktop)
	for _, phone := range []string{"#phone-1", "#phone-2"} {
		browsertest.Do(t, ctx, chromedp.Click(phone+" .go", chromedp.ByQuery))
		browsertest.Eventually(t, ctx, `document.querySelector("`+phone+` .captions").innerText.includes("Welcome. Which room?")`)
		browsertest.Do(t, ctx, chromedp.Click(phone+` [data-key="4"]`, chromedp.ByQuery))
		browsertest.Eventually(t, ctx, `document.querySelector("`+phone+` .company").textContent !== ""`)
	}
	browsertest.Eventually(t, ctx, `document.querySelector("#phone-1 .company").textContent === "Hears Ben"`)
	browsertest.Eventually(t, ctx, `document.querySelector("#phone-2 .company").textContent === "Hears Ana"`)
	for _, line := range []struct{ from, to, name, words string }{
		{"1", "2", "Ana", "Is somebody there?"}, {"2", "1", "Ben", "Yes. I am here."},
	} {
		browsertest.Do(t, ctx, chromedp.SendKeys("#say-"+line.from, line.words+kb.Enter, chromedp.ByQuery))
		browsertest.Eventually(t, ctx, `document.querySelector("#phone-`+line.to+` .captions").lastChild?.textContent === "`+line.name+": "+line.words+`"`)
		browsertest.Eventually(t, ctx, `document.querySelector("#say-`+line.from+`").value === ""`)
	}
	if got := browsertest.Value[int](t, ctx, `document.querySelectorAll("#exchanges > li").length`); got != 4 {
		t.Errorf("%d webhooks are on the wire, want 4", got)
	}
	browsertest.Do(t, ctx, chromedp.Click("#phone-2 .end", chromedp.ByQuery))
	browsertest.Eventually(t, ctx, `document.querySelector("#phone-1 .company").textContent === "Alone in the room"`)
	browsertest.Eventually(t, ctx, `document.querySelector("#phone-2 .state").textContent === "Call ended"`)
}

func TestClockIsWound(t *testing.T) {
	clock := emulator.NewClock()
	p := New(Options{Emulator: exchange(t, clock), Clock: clock, Line: testLine})
	ctx := browsertest.Tab(t, mount(t, p).URL+"/phones", browsertest.Desktop)
	pressed := `document.querySelector("[data-speed][aria-pressed=true]").textContent`
	if got := browsertest.Value[string](t, ctx, pressed); got != "Speed ×1" {
		t.Errorf("at first the clock is at %q", got)
	}
	browsertest.Do(t, ctx, chromedp.Click(`[data-speed="0"]`, chromedp.ByQuery))
	browsertest.Eventually(t, ctx, pressed+` === "Pause"`)
	stopped := clock.Now()
	browsertest.Do(t, ctx, chromedp.Click(`[data-forward="600"]`, chromedp.ByQuery))
	want := stopped.Add(10 * time.Minute)
	browsertest.Eventually(t, ctx, `document.querySelector("#time").textContent === "`+want.Format("3:04:05 pm")+`"`)
	if !clock.Now().Equal(want) {
		t.Errorf("the clock stands at %v, want %v", clock.Now(), want)
	}
}
