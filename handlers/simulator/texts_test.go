package simulator

import (
	"context"
	"fmt"
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

// openTabs turns every phone to its calls or its texts.
func openTabs(t *testing.T, ctx context.Context, tab string) {
	t.Helper()
	browsertest.Do(t, ctx, chromedp.Evaluate(`document.querySelectorAll("[data-show=`+tab+`]").forEach(b => b.click())`, nil))
}

func fates(p phoneView) []string {
	var lines []string
	for _, x := range p.Texts {
		who := "line"
		if x.Own {
			who = p.Name
		}
		lines = append(lines, fmt.Sprintf("%s %s: %s (%s; %s; %t)", x.At, who, x.Text, x.Fate, x.Size, x.Failed))
	}
	return lines
}

func TestTextsOfAPhone(t *testing.T) {
	t.Parallel()
	b, e := phonesOver(t)
	write := func(body string, after time.Duration) {
		t.Helper()
		must(t, b, command{Phone: 1, Act: text, Text: body})
		e.Advance(after)
	}
	write("NOW", time.Hour)
	must(t, b, command{Phone: 1, Act: deliver, Text: "off"})
	write("¿Sí?", time.Hour)
	must(t, b, command{Phone: 1, Act: deliver, Text: "blocked"})
	write(strings.Repeat("a", 160), time.Hour)
	must(t, b, command{Phone: 1, Act: deliver, Text: "delivered"})
	write("stop", 0)
	s := b.Scene()
	zone := func(hours int) string {
		return sceneTime.Add(time.Duration(hours) * time.Hour).In(b.zone).Format("3:04 pm")
	}
	want := []string{
		zone(0) + " Ana: NOW (sent; ; false)", zone(0) + " line: You wrote NOW. (delivered; 1 segment; false)",
		zone(1) + " Ana: ¿Sí? (sent; ; false)", zone(1) + " line: You wrote ¿Sí?. (not delivered: the phone is off (30003); UCS-2, 1 segment; true)",
		zone(2) + " Ana: " + strings.Repeat("a", 160) + " (sent; ; false)",
		zone(2) + " line: You wrote " + strings.Repeat("a", 160) + ". (not delivered: the carrier blocked it (30007); 2 segments; true)",
		zone(3) + " Ana: stop (sent; ; false)",
		zone(3) + " line: You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe. (on its way; ; false)",
		zone(3) + " line: You wrote stop. (on its way; 1 segment; false)",
	}
	if diff := cmp.Diff(want, fates(s.Phones[0])); diff != "" {
		t.Errorf("Ana’s texts (-want +got):\n%s", diff)
	}
	e.Advance(time.Minute)
	got := fates(b.Scene().Phones[0])
	if !strings.Contains(got[7], "(from the carrier itself;") || !strings.Contains(got[8], "(not delivered: stopped by STOP (21610);") {
		t.Errorf("in the end: %s", strings.Join(got[7:], "\n"))
	}
	await(t, b, "an owner of each exchange", func(s scene) bool {
		for _, x := range s.Wire {
			if x.Phone != "Ana" {
				return false
			}
		}
		return len(s.Wire) == 4
	})
	if s.Phones[1].Texts == nil || len(s.Phones[1].Texts) != 0 || s.Phones[1].Delivery != "delivered" {
		t.Errorf("Ben’s phone is %+v", s.Phones[1])
	}
}

func TestALandlineCannotText(t *testing.T) {
	t.Parallel()
	b, e := phonesOver(t)
	must(t, b, command{Phone: 2, Act: deliver, Text: landline})
	err := b.Do(command{Phone: 2, Act: text, Text: "NOW"})
	if err == nil || err.Error() != "Ben has a landline, which cannot text." {
		t.Errorf("writing from a landline: %v", err)
	}
	if got := b.Scene().Phones[1]; got.Delivery != landline || len(got.Texts) != 0 {
		t.Errorf("Ben’s phone is %+v", got)
	}
	must(t, b, command{Phone: 2, Act: deliver, Text: "delivered"})
	must(t, b, command{Phone: 2, Act: text, Text: "NOW"})
	e.Advance(time.Second)
	if got := fates(b.Scene().Phones[1]); len(got) != 2 {
		t.Errorf("texts after it got a mobile: %q", got)
	}
}

// TestEveryFateHasWords holds that no status of the carrier's is shown in its
// own words, and that each failure that a visitor can choose is explained.
func TestEveryFateHasWords(t *testing.T) {
	t.Parallel()
	for status, bad := range map[string]bool{
		"received": false, "accepted": false, "queued": false, "scheduled": false, "sent": false, "delivered": false, "canceled": true, "undelivered": true, "failed": true,
	} {
		words, failed := fateOf(emulator.Text{Status: status})
		if words == "" || failed != bad || strings.Contains(words, "(0)") {
			t.Errorf("%s: %q, failed %t", status, words, failed)
		}
	}
	for _, d := range deliveries[1:] {
		code := d.behaviour.Code
		if d.Key == landline {
			code = 21614
		}
		words, _ := fateOf(emulator.Text{Status: "failed", Error: code})
		if strings.Contains(words, "not taken") || !strings.Contains(words, fmt.Sprint(code)) || !strings.Contains(d.Words, fmt.Sprint(code)) {
			t.Errorf("%s: %q, chosen as %q", d.Key, words, d.Words)
		}
	}
}

// TestCounterCountsAsTheCarrier holds the page's counter against the
// emulator's for texts at every edge.
func TestCounterCountsAsTheCarrier(t *testing.T) {
	ctx := browsertest.Tab(t, serve(t, newFakeBoard(quiet())).URL+"/phones", browsertest.Desktop)
	openTabs(t, ctx, "texts")
	many := func(n int, what string) string {
		if n == 1 {
			return "1 " + what
		}
		return fmt.Sprintf("%d %ss", n, what)
	}
	texts := []string{"", "a", "NOW", "á", "ñandú", "€", "\n", "😀", "欢迎", "~^{}[]\\|", "ΔΦΓΛΩΠΨΣΘΞÆæßÉ¡¿§¤", "a`b", "a\tb"}
	for _, n := range []int{1, 35, 36, 66, 67, 70, 71, 134, 135, 153, 160, 161, 306, 307, 400} {
		for _, unit := range []string{"a", "€", "é", "á", "😀"} {
			texts = append(texts, strings.Repeat(unit, n), strings.Repeat("a", 152)+strings.Repeat(unit, n))
		}
	}
	for _, body := range texts {
		var got string
		browsertest.Do(t, ctx, chromedp.Evaluate(fmt.Sprintf(`(() => {
			const body = document.querySelector("#write-1");
			body.value = %q;
			body.dispatchEvent(new Event("input"));
			return document.querySelector("#size-1").textContent;
		})()`, body), &got))
		encoding, units, segments := emulator.CountSegments(body)
		if want := encoding + ", " + many(units, "character") + ", " + many(segments, "segment"); got != want {
			t.Errorf("%.20q…: the page says %q, the carrier counts %q", body, got, want)
		}
	}
}

// TestTextingByKeyboard writes a text and chooses how texts fare without a
// mouse, and holds that the focus stays where it was.
func TestTextingByKeyboard(t *testing.T) {
	b := newFakeBoard(quiet())
	ctx := browsertest.Tab(t, serve(t, b).URL+"/phones", browsertest.Desktop)
	browsertest.Do(t, ctx, chromedp.Focus(`#phone-2 [data-show="texts"]`, chromedp.ByQuery), chromedp.KeyEvent(" "))
	if at := browsertest.Value[string](t, ctx, focused); at != "2:Texts" {
		t.Errorf("opening the texts moved the focus to %s", at)
	}
	browsertest.Do(t, ctx, chromedp.Focus("#write-2", chromedp.ByQuery), chromedp.KeyEvent("NEXT 482105"))
	if got := browsertest.Value[string](t, ctx, `document.querySelector("#size-2").textContent`); got != "GSM-7, 11 characters, 1 segment" {
		t.Errorf("the counter says %q", got)
	}
	browsertest.Do(t, ctx, chromedp.KeyEvent(kb.Enter))
	expect(t, b, command{Phone: 2, Act: text, Text: "NEXT 482105"})
	s := quiet()
	s.Phones[1].Texts = []textView{{ID: "SM1", Own: true, At: "7:04 pm", Text: "NEXT 482105", Fate: "sent"}}
	b.change(s)
	browsertest.Eventually(t, ctx, `document.querySelector("#phone-2 .thread").innerText.includes("NEXT 482105")`)
	browsertest.Eventually(t, ctx, `document.querySelector("#write-2").value === "" && document.querySelector("#size-2").textContent.includes(" 0 characters")`)
	if at := browsertest.Value[string](t, ctx, focused); at != "2:write-2" {
		t.Errorf("the answer moved the focus to %s", at)
	}
	browsertest.Do(t, ctx, chromedp.Focus("#fare-2", chromedp.ByQuery), chromedp.KeyEvent(kb.ArrowDown))
	expect(t, b, command{Phone: 2, Act: deliver, Text: "off"})
	browsertest.Do(t, ctx, chromedp.Focus(`#phone-2 [data-show="calls"]`, chromedp.ByQuery), chromedp.KeyEvent(kb.Enter))
	if !browsertest.Value[bool](t, ctx, `document.querySelector("#phone-2 .pad").checkVisibility()`) {
		t.Error("the keys did not come back")
	}
}

// TestNewTextsAreToldOnce holds what a screen reader hears of texts: those
// that arrive at the phone at the ear, once, and nothing of the past, of what
// its holder wrote, or of how they fare. What is unread is counted.
func TestNewTextsAreToldOnce(t *testing.T) {
	s := busy()
	b := newFakeBoard(s)
	ctx := browsertest.Tab(t, serve(t, b).URL+"/phones", browsertest.Desktop)
	browsertest.Do(t, ctx, chromedp.Evaluate(`window.heard = [];
		new MutationObserver(() => heard.push(document.querySelector("#announce").textContent))
			.observe(document.querySelector("#announce"), {childList: true, characterData: true, subtree: true})`, nil))
	label := `document.querySelector("#phone-%d [data-show=texts]").textContent`
	if got := browsertest.Value[string](t, ctx, fmt.Sprintf(label, 1)); got != "Texts" {
		t.Errorf("before anything came the tab says %q", got)
	}
	s = busy()
	s.Phones[0].Texts = append(s.Phones[0].Texts,
		textView{ID: "SM7", Own: true, At: "7:05 pm", Text: "NOW", Fate: "sent"}, textView{ID: "SM8", At: "7:05 pm", Text: "Nothing is open now.", Fate: "on its way"})
	s.Phones[1].Texts = append(s.Phones[1].Texts, textView{ID: "SM9", At: "7:05 pm", Text: "For Ben alone.", Fate: "on its way"})
	b.change(s)
	browsertest.Eventually(t, ctx, fmt.Sprintf(label, 1)+` === "Texts · 1 new" && `+fmt.Sprintf(label, 2)+` === "Texts · 1 new"`)
	s.Phones = slices.Clone(s.Phones)
	s.Phones[0].Texts = slices.Clone(s.Phones[0].Texts)
	s.Phones[0].Texts[5].Fate = "delivered"
	b.change(s)
	browsertest.Eventually(t, ctx, `document.querySelector("#phone-1 .thread").lastChild.textContent.includes("delivered")`)
	if diff := cmp.Diff([]string{"Text to Ana: Nothing is open now."}, browsertest.Value[[]string](t, ctx, `heard`)); diff != "" {
		t.Errorf("read aloud (-want +got):\n%s", diff)
	}
	openTabs(t, ctx, "texts")
	if got := browsertest.Value[string](t, ctx, fmt.Sprintf(label, 1)); got != "Texts" {
		t.Errorf("once read the tab says %q", got)
	}
	if !browsertest.Value[bool](t, ctx, `(() => { const e = document.querySelector("#phone-1 .thread"); return e.scrollHeight - e.scrollTop - e.clientHeight < 2; })()`) {
		t.Error("the thread does not show its newest text")
	}
}

// TestTextAndAnswer does in a browser what a newcomer would: a text, its
// answer, and the carrier's own answer to STOP.
func TestTextAndAnswer(t *testing.T) {
	clock := emulator.NewClock()
	p := New(Options{Emulator: exchange(t, clock), Clock: clock, Line: testLine, LineName: "The test line"})
	ctx := browsertest.Tab(t, mount(t, p).URL+"/phones", browsertest.Desktop)
	browsertest.Do(t, ctx, chromedp.Click(`#phone-1 [data-show="texts"]`, chromedp.ByQuery))
	thread := `document.querySelector("#phone-1 .thread").innerText`
	for _, step := range []struct{ body, answer, fate string }{
		{"NOW", "You wrote NOW.", "delivered · 1 segment"},
		{"Stop", "You have successfully been unsubscribed.", "stopped by STOP (21610)"},
	} {
		browsertest.Do(t, ctx, chromedp.SendKeys("#write-1", step.body, chromedp.ByQuery), chromedp.Click("#phone-1 .write button", chromedp.ByQuery))
		browsertest.Eventually(t, ctx, thread+`.includes("`+step.answer+`")`)
		browsertest.Eventually(t, ctx, thread+`.includes("`+step.fate+`")`)
	}
	browsertest.Do(t, ctx, chromedp.SetValue("#fare-1", landline, chromedp.ByQuery),
		chromedp.Evaluate(`document.querySelector("#fare-1").dispatchEvent(new Event("change"))`, nil),
		chromedp.SendKeys("#write-1", "START", chromedp.ByQuery), chromedp.Click("#phone-1 .write button", chromedp.ByQuery))
	browsertest.Eventually(t, ctx, `document.querySelector("#trouble").textContent === "Ana has a landline, which cannot text."`)
	if got := browsertest.Value[string](t, ctx, `document.querySelector("#write-1").value`); got != "START" {
		t.Errorf("a text that was refused is %q in the box", got)
	}
}
