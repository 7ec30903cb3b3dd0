package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/sound"
	"github.com/hearthline/hearthline/handlers/browsertest"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// A flow's folder is checked with its recordings, and its numbers against where the line
// may call.
func TestFlowCheckOfAFolder(t *testing.T) {
	t.Parallel()
	tt := terminalTest{t: t}
	dir := folder(t, "extends: built-in\nlanguages: [en, es]\n")
	put(t, filepath.Join(dir, "audio/en/main.wav"), wavOf(2))
	put(t, filepath.Join(dir, "audio/es/main.wav"), wavOf(2))
	put(t, filepath.Join(dir, "audio/es/main.txt"), []byte("  Menú\nprincipal.\n"))
	mention(t, tt.types(exitOK, "flow", "check", "--strict", dir), "No problems.")
	put(t, filepath.Join(dir, "audio/es/main.txt"), []byte("Otro menú.\n"))
	put(t, filepath.Join(dir, "audio/en/opt_code@1.wav"), wavOf(27))
	put(t, filepath.Join(dir, "audio/en/code.wav"), []byte("ID3 and more"))
	put(t, filepath.Join(dir, "audio/en/code_r1.wav"), sound.Clip(make([]int16, 9000)).WAV())
	put(t, filepath.Join(dir, "audio/en/welcome.wav"), wavOf(2))
	said := tt.types(exitFailed, "flow", "check", "--strict", dir)
	mention(t, said,
		`audio/es/main.wav:1:1: F021 warning: the words of "main" have changed since it was recorded in Spanish`,
		"takes 27 seconds", "an MP3 file", "nothing is heard in it", `in the same words as "welcome" each time`,
		`audio/es/opt_code@1.wav:1:1: F021 warning: "opt_code@1" is recorded in another language`,
	)
	mention(t, tt.types(exitOK, "flow", "check", dir), "F021")
	mention(t, tt.types(exitOK, "flow", "check", "--sarif", dir), "audio/en/code.wav")

	mention(t, tt.types(exitOK, "flow", "check", prayerLine), "No problems.")
	far := tt.types(exitFailed, "flow", "check", "--allowed-countries", "CA", prayerLine)
	mention(t, far, "main.yaml:4:19: F005 error", "is not dialled")
	tt.types(exitUsage, "flow", "check", "--allowed-countries", "Canada", prayerLine)
}

// Callers hear the recordings of the line's folder for their words, and what was approved
// at the desk before them.
func TestAFoldersRecordingsAreHeard(t *testing.T) {
	t.Parallel()
	dir := folder(t, "extends: built-in\nlanguages: [en, es]\n")
	put(t, filepath.Join(dir, "audio/en/main.wav"), wavOf(2))
	put(t, filepath.Join(dir, "audio/en/opt_code@1.wav"), wavOf(3))
	put(t, filepath.Join(dir, "audio/en/opt_code@1.txt"), []byte("Something else."))
	put(t, filepath.Join(dir, "audio/en/confirm_call.wav"), wavOf(4))
	s := newStage(t, func(o *stageOptions) { o.settings = func(c *config) { c.flowDir = dir } })
	a := s.replica.app
	hears := func() string {
		c := s.caller(ida).dials("*")
		defer c.Hangup()
		s.carrier.Advance(12 * time.Second)
		return c.Transcript()
	}
	if strings.Contains(hears(), "/audio/") {
		t.Error("something is played before it was read")
	}
	a.playFolder()
	mastered := func(seconds float64) string {
		raw, err := sound.Read(wavOf(seconds))
		if err != nil {
			t.Fatal(err)
		}
		clip, _, err := sound.Master(raw)
		if err != nil {
			t.Fatal(err)
		}
		return store.SoundHash(clip.WAV())
	}
	of := mastered(2)
	said := hears()
	mention(t, said, "/audio/"+of+".wav", "To enter a group code, press 1.")
	if strings.Contains(said, "Main menu.") || strings.Count(said, "/audio/") != 1 {
		t.Errorf("who calls hears\n%s", said)
	}
	mention(t, s.log.String(), "opt_code@1", "confirm_call")

	r := store.NewRecordings(a.db, a.keys)
	by := store.By{Actor: "owner", At: s.clock.Now()}
	raw := []byte("RIFF approved at the desk")
	if err := r.Draft(t.Context(), a.line, by, store.Recording{Lang: "en", Prompt: "main", TextHash: flows.TextHash("Main menu."), Seconds: 1}, raw); err != nil {
		t.Fatal(err)
	}
	if err := r.Approve(t.Context(), a.line, by, "en", "main", store.SoundHash(raw)); err != nil {
		t.Fatal(err)
	}
	if err := a.studio.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	mention(t, hears(), "/audio/"+store.SoundHash(raw)+".wav")
	if err := r.Remove(t.Context(), a.line, by, "en", "main", store.RecordingKept); err != nil {
		t.Fatal(err)
	}
	if err := a.studio.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	mention(t, hears(), "/audio/"+of+".wav")
	s.strict()
}

// Whoever records beside the demo hears it from the next call on, and one of its phones
// hears a draft.
func TestTheDemoPlaysRecordingsAndDrafts(t *testing.T) {
	dir := folder(t, "extends: built-in\n")
	look := make(chan time.Time)
	d := openDemo(t, func(d *demo) { d.app.config.flowDir, d.look = dir, look })
	page := browsertest.Tab(t, d.app.config.publicURL+"/phones", browsertest.Desktop)
	put(t, filepath.Join(dir, "audio/en/main.wav"), wavOf(2))
	put(t, filepath.Join(dir, "audio/en/code.wav"), []byte("ID3 and more"))
	look <- time.Time{}
	browsertest.Eventually(t, page, newsOf("calls begin on version"))
	browsertest.Eventually(t, page, newsOf("audio/en/code.wav"))
	u := d.app.shelf.Own().Say(flows.View{}, flows.State{Lang: "en"}, "main")
	if d.app.studio.Recorded(d.app.deskLine(), u) == "" {
		t.Error("the recording is not heard")
	}

	keys, err := vault.Load(d.app.config.keysetFile)
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := readFlow(prayerLine)
	if err != nil {
		t.Fatal(err)
	}
	versions := store.NewFlowVersions(d.app.db, keys, d.app.archive)
	if err := versions.Draft(t.Context(), d.app.deskLine(), store.By{Actor: "ada", At: d.clock.Now()}, store.FlowVersion{Hash: bundle.Hash(), Content: bundle.Encode()}); err != nil {
		t.Fatal(err)
	}
	d.app.refreshFlows(t.Context())
	for number, draft := range map[string]bool{ownerPhone: true, "+12025550171": false} {
		n, err := vault.ParseNumber(number)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.app.shelf.For(d.app.deskLine(), n).Hash == bundle.Hash(); got != draft {
			t.Errorf("one phone hears the draft: %v, want %v", got, draft)
		}
	}
	if marked := browsertest.Value[[]string](t, page, `[...document.querySelectorAll(".phone:has(.tester) h2")].map(name => name.innerText)`); len(marked) != 1 || marked[0] != ownerName {
		t.Errorf("the page says of %v that they hear drafts", marked)
	}
}
