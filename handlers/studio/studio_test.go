package studio_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/flows/sound"
	"github.com/hearthline/hearthline/handlers/studio"
	"github.com/hearthline/hearthline/store"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

var errDown = errors.New("down")

// shelf is a store of recordings.
type shelf struct {
	all    []store.Recording
	sounds map[string][]byte
	down   bool
	asked  int
}

func (s *shelf) List(_ context.Context, line string) ([]store.Recording, error) {
	switch {
	case s.down:
		return nil, errDown
	case line != "line":
		return nil, nil
	}
	return s.all, nil
}

func (s *shelf) Sound(_ context.Context, line, hash string, state store.RecordingState) ([]byte, error) {
	s.asked++
	if s.down {
		return nil, errDown
	}
	for _, r := range s.all {
		if line == "line" && r.Hash == hash && r.State == state && s.sounds[hash] != nil {
			return s.sounds[hash], nil
		}
	}
	return nil, store.ErrNotFound
}

func (s *shelf) Draft(_ context.Context, _ string, _ store.By, of store.Recording, sound []byte) error {
	of.State = store.RecordingDraft
	s.add(of, sound)
	return nil
}

func (s *shelf) add(r store.Recording, sound []byte) {
	r.Hash = store.SoundHash(sound)
	if s.sounds == nil {
		s.sounds = map[string][]byte{}
	}
	s.all, s.sounds[r.Hash] = append(s.all, r), sound
}

func kept(lang, text string) store.Recording {
	return store.Recording{Lang: lang, Prompt: "p", State: store.RecordingKept, TextHash: flows.TextHash(text)}
}

func library(t *testing.T, s *shelf, dir string, now *time.Time) *studio.Library {
	t.Helper()
	return studio.New(studio.Options{
		Store: s, Dir: dir, Served: func() []string { return []string{"line", "other"} }, PublicURL: "https://line.example.org",
		Now: func() time.Time { return *now }, Log: slog.New(slog.DiscardHandler),
	})
}

func said(lang, text string) flows.Utterance {
	return flows.Utterance{Prompt: "p", Lang: lang, Parts: []flows.Part{{Text: text}}}
}

// A recording is played for its words, in its language and on its line, and for no
// others: what is stale, a draft or without a sound is spoken.
func TestARecordingIsPlayedForItsWordsAlone(t *testing.T) {
	t.Parallel()
	now := noon
	s := &shelf{}
	s.add(kept("en", "Main menu."), []byte("RIFF main"))
	s.add(store.Recording{Lang: "en", Prompt: "d", State: store.RecordingDraft, TextHash: flows.TextHash("A draft.")}, []byte("RIFF draft"))
	s.add(kept("en", "Lost."), []byte("RIFF lost"))
	delete(s.sounds, store.SoundHash([]byte("RIFF lost")))
	l := library(t, s, filepath.Join(t.TempDir(), "audio"), &now)
	if l.Recorded("line", said("en", "Main menu.")) != "" {
		t.Error("something is played before it is known")
	}
	if err := l.Load(t.Context()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a sound that is missing is not told of: %v", err)
	}
	want := "https://line.example.org/audio/" + store.SoundHash([]byte("RIFF main")) + ".wav"
	if got := l.Recorded("line", said("en", "Main  menu.")); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for name, got := range map[string]string{
		"stale": l.Recorded("line", said("en", "The main menu.")), "another language": l.Recorded("line", said("es", "Main menu.")),
		"another line": l.Recorded("other", said("en", "Main menu.")), "a line that is not ours": l.Recorded("x", said("en", "Main menu.")),
		"a draft": l.Recorded("line", said("en", "A draft.")), "without a sound": l.Recorded("line", said("en", "Lost.")),
		"slowly":  l.Recorded("line", flows.Utterance{Lang: "en", Parts: []flows.Part{{Text: "Main menu."}}, Slow: true}),
		"a sound": l.Recorded("line", flows.Utterance{Lang: "en", Sound: "https://x"}),
	} {
		if got != "" {
			t.Errorf("%s is played: %s", name, got)
		}
	}
}

// Calls ask while what was approved is looked for anew, with a folder's recordings beside it.
func TestRecordingsAreAskedForWhileTheyAreTakenIn(t *testing.T) {
	t.Parallel()
	now, s := noon, &shelf{}
	s.add(kept("en", "Main menu."), []byte("RIFF main"))
	l := library(t, s, filepath.Join(t.TempDir(), "audio"), &now)
	folder := l.NewFolder()
	if err := errors.Join(l.Load(t.Context()), folder.Take(kept("en", "Welcome."), []byte("RIFF welcome"))); err != nil {
		t.Fatal(err)
	}
	l.SetFolder(folder)
	for range 20 {
		taken := make(chan error)
		go func() { taken <- l.Load(t.Context()) }()
		for loading := true; loading; {
			select {
			case err := <-taken:
				if loading = false; err != nil {
					t.Fatal(err)
				}
			default:
				for _, text := range []string{"Main menu.", "Welcome."} {
					if l.Recorded("line", said("en", text)) == "" {
						t.Fatalf("%q is spoken for a moment", text)
					}
				}
			}
		}
	}
}

// What is played is fetched by whoever asks, and may be kept for ever; nothing else is.
func TestSoundsAreServedByTheirHash(t *testing.T) {
	t.Parallel()
	now, s := noon, &shelf{}
	s.add(kept("en", "Main menu."), []byte("RIFF main"))
	s.add(store.Recording{State: store.RecordingDraft}, []byte("RIFF draft"))
	l := library(t, s, filepath.Join(t.TempDir(), "audio"), &now)
	e := echo.New()
	l.Mount(e)
	get := func(path string) *httptest.ResponseRecorder {
		answer := httptest.NewRecorder()
		e.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		return answer
	}
	main := "/audio/" + store.SoundHash([]byte("RIFF main")) + ".wav"
	if a := get(main); a.Code != http.StatusOK || a.Body.String() != "RIFF main" { // another replica has it approved
		t.Fatalf("before it is known here: %d %q", a.Code, a.Body)
	}
	if err := l.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.down = true
	a := get(main)
	if a.Code != http.StatusOK || a.Body.String() != "RIFF main" || a.Header().Get("Content-Type") != "audio/wav" ||
		a.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || !strings.Contains(a.Header().Get("ETag"), store.SoundHash([]byte("RIFF main"))) {
		t.Errorf("without Postgres: %d %q %v", a.Code, a.Body, a.Header())
	}
	s.down = false
	for _, path := range []string{
		"/audio/" + store.SoundHash([]byte("RIFF draft")) + ".wav", "/audio/" + strings.Repeat("0", 64) + ".wav", "/audio/index.json", "/audio/..%2findex.json",
		strings.TrimSuffix(main, ".wav"), strings.ToUpper(main),
	} {
		if a := get(path); a.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
}

// A start without Postgres plays what the folder has; a file that is damaged is not
// played, and is had anew.
func TestAStartWithoutPostgres(t *testing.T) {
	t.Parallel()
	now, s, dir := noon, &shelf{}, filepath.Join(t.TempDir(), "audio")
	s.add(kept("en", "One."), []byte("RIFF one"))
	s.add(kept("en", "Two."), []byte("RIFF two"))
	if err := library(t, s, dir, &now).Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, store.SoundHash([]byte("RIFF two"))), []byte("RIFF tw"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.down = true
	l := library(t, s, dir, &now)
	if err := l.Load(t.Context()); !errors.Is(err, errDown) {
		t.Errorf("it is not told: %v", err)
	}
	if l.Recorded("line", said("en", "One.")) == "" || l.Recorded("line", said("en", "Two.")) != "" {
		t.Error("what is whole is not played, or what is damaged is")
	}
	s.down = false
	if err := l.Load(t.Context()); err != nil || l.Recorded("line", said("en", "Two.")) == "" {
		t.Errorf("once Postgres is there again: %v", err)
	}
}

// A sound that nobody hears any more stays for a day, for the calls that were told of it.
func TestASoundStaysForTheCallsThatWereToldOfIt(t *testing.T) {
	t.Parallel()
	now, s, dir := noon, &shelf{}, filepath.Join(t.TempDir(), "audio")
	s.add(kept("en", "One."), []byte("RIFF one"))
	l := library(t, s, dir, &now)
	load := func(after time.Duration, change func()) bool {
		now = now.Add(after)
		change()
		if err := l.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := os.Stat(filepath.Join(dir, store.SoundHash([]byte("RIFF one"))))
		return err == nil
	}
	if !load(0, func() {}) {
		t.Fatal("it is not in the folder")
	}
	if !load(90*24*time.Hour, func() { s.all = nil; s.add(kept("en", "Two."), []byte("RIFF two")) }) {
		t.Error("it is gone at once")
	}
	if load(25*time.Hour, func() {}) {
		t.Error("it is there a day later, and fetched by who knows its address")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("%d files are left of a sound and an index: %v", len(left), err)
	}
}

// Who asks for sounds that there never were does not keep Postgres busy.
func TestGuessingAtSoundsIsBounded(t *testing.T) {
	t.Parallel()
	now, s := noon, &shelf{}
	l := library(t, s, filepath.Join(t.TempDir(), "audio"), &now)
	e := echo.New()
	l.Mount(e)
	get := func(hash string) int {
		answer := httptest.NewRecorder()
		e.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/audio/"+hash+".wav", http.NoBody))
		return answer.Code
	}
	for i := range 200 {
		if got := get(fmt.Sprintf("%064x", i)); got != http.StatusNotFound {
			t.Fatalf("answered %d", got)
		}
	}
	if most := 10 * len(l.Served()); s.asked > most {
		t.Errorf("Postgres is asked %d times in a second", s.asked)
	}
	now = now.Add(time.Second)
	s.add(kept("en", "One."), []byte("RIFF one"))
	if got := get(store.SoundHash([]byte("RIFF one"))); got != http.StatusOK {
		t.Errorf("what was approved elsewhere since: %d", got)
	}
}

// hum is a WAV file of a tone of that length.
func hum(long time.Duration) []byte {
	c := make(sound.Clip, int(long*sound.Rate/time.Second))
	for i := range c {
		c[i] = int16(3000 * math.Sin(float64(i)/5))
	}
	return c.WAV()
}

// Whoever records goes from one line of the script to the next, and round to what they
// left out; what they record is a draft that is made good first.
func TestRecordingAWholeScript(t *testing.T) {
	t.Parallel()
	f := flowstest.BuiltIn()
	script := f.Script("es")
	now, s := noon, &shelf{}
	l := library(t, s, filepath.Join(t.TempDir(), "audio"), &now)
	by := store.By{Actor: "ada", At: noon}
	next := func(after int) (flows.ScriptLine, bool) {
		of, ok, err := l.Next(t.Context(), "line", f, "es", after)
		if err != nil {
			t.Fatal(err)
		}
		return of, ok
	}
	if of, ok := next(script[0].Number); !ok || of != script[1] {
		t.Errorf("after the first comes %+v", of)
	}
	for _, bad := range [][]byte{[]byte("ID3"), sound.Clip(make([]int16, 8000)).WAV(), hum(50 * time.Second)} {
		if err := l.Draft(t.Context(), "line", by, "me", "es", script[1], bad); !errors.Is(err, studio.ErrUnclear) {
			t.Errorf("%v", err)
		}
	}
	after := 0
	for i := 0; ; i++ {
		of, ok := next(after)
		if !ok {
			break
		}
		if after = of.Number; i == 0 {
			continue // it is left out at first
		}
		if err := l.Draft(t.Context(), "line", by, "me", "es", of, hum(time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.all) != len(script) || s.all[0].Prompt != script[1].Prompt || s.all[len(script)-1].Prompt != script[0].Prompt {
		t.Errorf("%d of %d lines were recorded, from %+v to %+v", len(s.all), len(script), s.all[0], s.all[len(s.all)-1])
	}
	if r := s.all[0]; r.State != store.RecordingDraft || r.Account != "me" || r.Lang != "es" || r.TextHash != script[1].Hash || math.Abs(r.Seconds-1.45) > 0.02 {
		t.Errorf("%+v", r)
	}
	s.down = true
	if _, _, err := l.Next(t.Context(), "line", f, "es", 0); !errors.Is(err, errDown) {
		t.Errorf("without Postgres: %v", err)
	}
}

// Each line of the script is heard, a draft, stale or missing, and what is worth a second
// hearing is said of it.
func TestCompare(t *testing.T) {
	t.Parallel()
	f := flowstest.BuiltIn()
	script := f.Script("en")
	of := func(i int, state store.RecordingState, change func(*store.Recording)) store.Recording {
		r := store.Recording{Lang: "en", Prompt: script[i].Prompt, State: state, TextHash: script[i].Hash, Peak: -6, Seconds: 2}
		change(&r)
		return r
	}
	good := func(*store.Recording) {}
	stale := func(r *store.Recording) { r.TextHash = flows.TextHash("other words") }
	listed := studio.Compare(f, "en", []store.Recording{
		of(0, store.RecordingKept, good),
		of(1, store.RecordingDraft, good),
		of(2, store.RecordingKept, stale),
		of(3, store.RecordingKept, stale), of(3, store.RecordingDraft, good),
		of(4, store.RecordingKept, good), of(4, store.RecordingDraft, func(r *store.Recording) { r.Hash = "new" }),
		of(5, store.RecordingKept, func(r *store.Recording) { r.Seconds, r.Peak, r.Silence = 26.2, 0, 900*time.Millisecond }),
		of(6, store.RecordingKept, func(r *store.Recording) { r.Prompt = "renamed" }),
		of(7, store.RecordingKept, func(r *store.Recording) { r.Lang = "es" }),
	})
	for i, want := range []struct {
		state   studio.State
		remarks string
	}{
		{studio.Heard, ""},
		{studio.Draft, ""},
		{studio.Stale, ""},
		{studio.Draft, ""},
		{studio.Heard, "a new draft waits"},
		{studio.Heard, "26 s long; a silence of 0.9 s; clipped"},
		{studio.Heard, ""},
		{studio.Missing, ""},
	} {
		if l := listed[i]; l.State != want.state || strings.Join(l.Remarks, "; ") != want.remarks || l.ScriptLine != script[i] {
			t.Errorf("line %d is %s (%s), want %s (%s)", i, l.State, strings.Join(l.Remarks, "; "), want.state, want.remarks)
		}
	}
	if len(listed) != len(script) {
		t.Errorf("%d of %d lines", len(listed), len(script))
	}
}
