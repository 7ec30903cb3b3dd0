package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/sound"
	"github.com/hearthline/hearthline/handlers/browsertest"
	"github.com/hearthline/hearthline/store"
)

const mainWords = promptsPath + "/en/main/words"

// worded is a form that changes what the main menu says in English.
func worded(voice, text string) url.Values {
	return url.Values{"voice": {voice}, "text": {text}, "do": {"save"}}
}

// draftSays is what a prompt of the draft says.
func (d *desk) draftSays(lang, name string) (p flows.Prompt) {
	d.t.Helper()
	for _, one := range d.draftBundle().Prompts(lang) {
		if one.Name == name {
			p = one
		}
	}
	return p
}

// What a prompt says is looked at, and then saved as a draft over the draft that there
// is; what is wrong with it is told beside it, changes nothing and loses nothing.
func TestOnePromptIsSaidOtherwise(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d, coordinator := r.as(store.RoleOwner), r.as(store.RoleCoordinator, griefCode)
	own := ownPrompt(t, "main")
	look := worded("Here are the [slow]choices[/slow].", "{line.name}: choices")
	look.Set("do", "look")
	status, body := d.post(mainWords, look)
	if status != http.StatusOK || d.heard().Draft != "" {
		t.Fatalf("to look at it: answered %d, the draft is %q", status, d.heard().Draft)
	}
	for _, want := range []string{"Here are the choices.</span>", "1 message", "Here are the [slow]choices[/slow].</textarea>"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if to := d.sure(mainWords, worded("These are the choices.", own.Text)); !strings.HasSuffix(to, "prompts.is_worded") {
		t.Fatalf("led to %s", to)
	}
	if got := d.draftSays("en", "main"); got.Voice != "These are the choices." || got.Text != own.Text {
		t.Errorf("the draft says %+v", got)
	}
	d.sure(promptsPath+"/es/main/words", worded("Estas son las opciones.", d.draftSays("es", "main").Text))
	if d.draftSays("en", "main").Voice != "These are the choices." || d.draftSays("es", "main").Voice != "Estas son las opciones." {
		t.Error("one language takes the other's place")
	}
	if _, body := d.get(promptsPath + "/en/main"); !strings.Contains(body, "The draft has other words here.") {
		t.Error("who records it is not told that its words are about to change")
	}
	withRepeat := worded("These are the choices.", own.Text)
	withRepeat.Set("voice_r1", "Still here.")
	d.sure(mainWords, withRepeat)
	if d.draftSays("en", "main_r1").Voice != "Still here." {
		t.Error("what is said after a silence is not kept")
	}
	d.sure(mainWords, worded("These are the choices.", own.Text))
	if got := d.draftSays("en", "main_r1"); got.Voice != "" {
		t.Errorf("what is left empty is %+v", got)
	}
	if to := d.sure(mainWords, worded("These are the choices.", own.Text)); !strings.HasSuffix(to, "prompts.is_same") {
		t.Errorf("the same once more: led to %s", to)
	}
	if to := d.sure(promptsPath+"/en/welcome/words", worded("Hello. No group sees your number.", "")); !strings.HasSuffix(to, "prompts.is_worded_half") {
		t.Errorf("with another slot: led to %s", to)
	}
	if _, body := d.get(promptsPath + "/en/welcome/words"); !strings.Contains(body, `href="/console/prompts/es/welcome/words"`) {
		t.Error("the other languages that have to follow are not named")
	}
	d.sure(promptsPath+"/en/welcome/words", worded(ownPrompt(t, "welcome").Voice, ""))
	draft := d.heard().Draft
	old := worded("Mine.", own.Text)
	old.Set("was", "what it said long ago")
	for name, c := range map[string]struct {
		form url.Values
		says string
	}{
		"a slot of none":       {worded("Hello {line.shoe}", own.Text), "line.shoe"},
		"a mark that is open":  {worded("[slow]Hello", own.Text), "[slow] is never closed"},
		"nothing":              {worded("", ""), "It cannot be empty here."},
		"a text alone":         {worded("", "Menu"), "Write what a voice says, too."},
		"too much":             {worded(strings.Repeat("word ", 900), own.Text), "Nobody listens for so long"},
		"somebody was quicker": {old, "It says now:</p><p><span class=\"soft\">Spoken:</span> <span lang=\"en\">These are the choices."},
	} {
		status, body := d.post(mainWords, c.form)
		if strings.Contains(body, "F030") {
			t.Errorf("%s: what follows from it is told too", name)
		}
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, c.says) || !strings.Contains(body, strings.TrimSpace(c.form.Get("voice"))+"</textarea>") {
			t.Errorf("%s: answered %d, which does not say %q, or loses what was typed", name, status, c.says)
		}
	}
	if d.heard().Draft != draft {
		t.Error("what is refused is the draft")
	}
	if status, body := coordinator.get(mainWords); status != http.StatusOK || strings.Contains(body, `name="do"`) || !strings.Contains(body, "These are the choices.") {
		t.Errorf("a coordinator: answered %d, with a form or without the words", status)
	}
	if status, _ := coordinator.post(mainWords, worded("Mine.", "")); status != http.StatusNotFound {
		t.Errorf("a coordinator saves: answered %d", status)
	}
	for _, path := range []string{"/en/nothing/words", "/tlh/main/words", "/en/main_r1/words", "/en/main%00/words"} {
		if status, _ := d.get(promptsPath + path); status != http.StatusNotFound {
			t.Errorf("%s: answered %d", path, status)
		}
	}
}

// What is said after a silence is asked for where an answer is awaited, and nowhere else.
func TestWhatIsOnlyAnnouncedIsNotRepeated(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	for name, asks := range map[string]bool{"main": true, "closing": true, "welcome": false, "opt_now": false} {
		if _, body := d.get(promptsPath + "/en/" + name + "/words"); strings.Contains(body, `name="voice_r1"`) != asks {
			t.Errorf("%s: what is said after a silence is asked for: %v", name, !asks)
		}
	}
}

// ownPrompt is what a prompt says in English where nothing was changed.
func ownPrompt(t *testing.T, name string) flows.Prompt {
	t.Helper()
	for _, one := range ownBundle().Prompts("en") {
		if one.Name == name {
			return one
		}
	}
	t.Fatalf("there is no %s", name)
	return flows.Prompt{}
}

// A sound that is refused is told why, in the reader's language.
func TestARefusedSoundIsToldWhy(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	stereo := aTake()
	six := slices.Clone(stereo)
	six[22] = 6
	compressed := slices.Clone(stereo)
	compressed[20] = 17
	odd := slices.Clone(stereo)
	odd[24] = 1
	for name, c := range map[string]struct {
		file []byte
		says string
	}{
		"an MP3":     {[]byte("ID3\x04 and more"), "It is an MP3 file"},
		"an Ogg":     {[]byte("OggS and more of it"), "a sound of another kind"},
		"no sound":   {[]byte("%PDF-1.7 and more of it"), "It is no WAV file."},
		"silence":    {make(sound.Clip, sound.Rate).WAV(), "No voice is heard"},
		"too long":   {slices.Repeat(sound.Clip{900, -900}, 26*sound.Rate).WAV(), "longer than 45 seconds"},
		"cut off":    {stereo[:len(stereo)-900], "It ends too early"},
		"six":        {six, "more than two channels"},
		"compressed": {compressed, "whose sound is compressed"},
		"odd":        {odd, "unusual number of samples"},
	} {
		if status, body := d.upload(aPrompt("en"), "sound", c.file); status != http.StatusUnprocessableEntity || !strings.Contains(body, c.says) {
			t.Errorf("%s: answered %d, which does not say %q", name, status, c.says)
		}
	}
	if status, body := d.upload(aPrompt("en"), "sound", make([]byte, longestFile)); status != http.StatusRequestEntityTooLarge || strings.Contains(body, "up to 5 MB") != strings.Contains(body, "<html") {
		t.Errorf("too large: answered %d %.200s", status, body)
	}
	d.who.Lang = "es"
	if _, body := d.upload(aPrompt("en"), "sound", []byte("ID3\x04 and more")); !strings.Contains(body, "Es un archivo MP3") {
		t.Error("in Spanish it is not told")
	}
	for _, cause := range sound.Causes {
		for _, lang := range languages {
			if d.pages.words[lang]["prompts.sound_"+string(cause)] == "" {
				t.Errorf("%s has no words for %s", lang, cause)
			}
		}
	}
	d.who.Lang = "en"
	loud := sound.Clip{}
	for i := range sound.Rate {
		loud = append(loud, int16(32767-65534*(i/20%2)))
	}
	d.upload(aPrompt("en"), "sound", loud.WAV())
	if _, body := d.get(aPrompt("en")); !strings.Contains(body, "recorded too loud") {
		t.Error("that it is clipped is not told")
	}
}

// What has no recording is heard in the browser's own voice; where it has none for a
// language, it says so.
func TestABrowserWithoutAVoiceSaysSo(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	tab := browsertest.Lent(t, d.url+mainWords, browsertest.Desktop)
	browsertest.Eventually(t, tab, `!document.querySelector("[data-say]").hidden`)
	if browsertest.Value[bool](t, tab, `document.querySelector("[data-voiceless]").checkVisibility()`) {
		t.Error("it says so before anybody asked")
	}
	browsertest.Do(t, tab, chromedp.Evaluate(`speechSynthesis.getVoices = () => [{lang: "de-DE", localService: true}, {lang: "en-US", localService: false}]`, nil), chromedp.Click("[data-say]"))
	browsertest.Eventually(t, tab, `document.querySelector("[data-voiceless]").checkVisibility()`)
}

// The line rings who asks for it, once for a form, and says why it does not.
func TestCallMe(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var calls []StudioCall
	var fails error
	r.callMe = func(_ context.Context, c StudioCall) error {
		calls = append(calls, c)
		return fails
	}
	d := r.as(store.RoleCoordinator, griefCode)
	if _, body := d.get(aPrompt("en")); !strings.Contains(body, "Call me to hear and record it") {
		t.Error("the page does not offer it")
	}
	form := url.Values{"once": {"a form"}}
	for range 2 {
		if to := d.sure(aPrompt("en")+"/call", form); !strings.HasSuffix(to, "prompts.is_ringing") {
			t.Errorf("led to %s", to)
		}
	}
	if to := d.sure(promptsPath+"/es/call", nil); !strings.HasSuffix(to, "prompts.too_often") {
		t.Errorf("while the phone rings: led to %s", to)
	}
	r.pass(time.Minute)
	d.sure(promptsPath+"/es/call", nil)
	prompt := builtIn().Script("en")[0].Prompt
	want := []StudioCall{{Line: d.line, Account: d.who.Account, Lang: "en", Prompt: prompt}, {Line: d.line, Account: d.who.Account, Lang: "es"}}
	if !slices.Equal(calls, want) {
		t.Errorf("rang %+v", calls)
	}
	for err, said := range map[error]string{store.ErrNotFound: "prompts.no_number", ErrNothingToRecord: "prompts.no_call"} {
		fails = err
		r.pass(time.Minute)
		if to := d.sure(promptsPath+"/en/call", nil); !strings.HasSuffix(to, said) {
			t.Errorf("%v: led to %s", err, to)
		}
	}
	fails = nil
	for i := range 6 {
		r.pass(2 * time.Minute)
		if to := d.sure(promptsPath+"/en/call", nil); strings.HasSuffix(to, "prompts.too_often") != (i > 3) {
			t.Errorf("call %d of an hour: led to %s", 3+i, to)
		}
	}
	r.pass(time.Hour)
	fails = errors.New("down")
	if status, _ := d.post(promptsPath+"/en/call", nil); status != http.StatusInternalServerError {
		t.Errorf("answered %d", status)
	}
	for _, path := range []string{promptsPath + "/tlh/call", promptsPath + "/en/welcome/call"} {
		if status, _ := d.post(path, nil); status != http.StatusNotFound {
			t.Errorf("%s: answered %d", path, status)
		}
	}
}

// The sheet has each line with its number, and only what nobody has recorded if that is
// asked for.
func TestTheScriptIsPrinted(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	script := builtIn().Script("es")
	if status, to := d.upload(aPrompt("es"), "sound", aTake()); status != http.StatusSeeOther {
		t.Fatalf("answered %d %.200s", status, to)
	}
	row := func(l flows.ScriptLine) string { return `<th scope="row">` + strconv.Itoa(l.Number) + `</th>` }
	_, all := d.get(promptsPath + "/es/sheet")
	_, missing := d.get(promptsPath + "/es/sheet?which=missing&size=a4")
	if strings.Count(all, "<tr><th") != len(script)+1 || !strings.Contains(all, row(script[0])) || !strings.Contains(all, "(202) 555-0100") {
		t.Error("the sheet does not have all")
	}
	if strings.Count(missing, "<tr><th") != len(script) || strings.Contains(missing, row(script[0])) || !strings.Contains(missing, `<body class="a4 script">`) {
		t.Error("the sheet of what is missing has something else")
	}
	if status, _ := d.get(promptsPath + "/tlh/sheet"); status != http.StatusNotFound {
		t.Errorf("of no language: answered %d", status)
	}
}
