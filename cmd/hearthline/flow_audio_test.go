package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
	"github.com/hearthline/hearthline/flows/sound"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// wavOf is a WAV file of a tone of some seconds.
func wavOf(seconds float64) []byte {
	c := make(sound.Clip, int(seconds*sound.Rate))
	for i := range c {
		c[i] = int16(6000 * math.Sin(float64(i)/5))
	}
	return c.WAV()
}

func put(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Recordings are taken in from a folder, wait for approval, are heard, and written out
// again; what cannot be used is told file by file.
func TestRecordingsFromATerminal(t *testing.T) {
	t.Parallel()
	tt := newTerminal(t)
	tt.types(exitOK, "keys", "init")
	tt.types(exitOK, "migrate")
	tt.line()
	mention(t, tt.types(exitOK, "flow", "audio", "list", "--lang", "es"), "main ", "missing", "0 heard, 0 drafts, 0 stale")
	mention(t, tt.types(exitFailed, "flow", "audio", "approve"), "no such draft waits")

	from := t.TempDir()
	mention(t, tt.types(exitFailed, "flow", "audio", "import", from), "holds no audio/LANG/PROMPT.wav")
	put(t, filepath.Join(from, "audio/en/main.wav"), wavOf(2))
	put(t, filepath.Join(from, "audio/es/opt_code@1.wav"), wavOf(27))
	put(t, filepath.Join(from, "audio/en/code.wav"), []byte("ID3 and more"))
	put(t, filepath.Join(from, "audio/en/code_r1.wav"), sound.Clip(make([]int16, 9000)).WAV())
	put(t, filepath.Join(from, "audio/en/welcome.wav"), wavOf(2))
	put(t, filepath.Join(from, "audio/xx/main.wav"), wavOf(2))
	mention(t, tt.types(exitFailed, "flow", "audio", "import", "--dry-run", from), "2 of 6 recordings can be taken in.")
	mention(t, tt.types(exitFailed, "flow", "audio", "import", from), "an MP3 file", "save it as WAV, PCM, 16 bit", "nothing is heard in it",
		`audio/en/welcome.wav: no prompt of that name`, `the flow does not speak "xx"`, "2 of 6 recordings were taken in, as drafts")
	mention(t, tt.types(exitOK, "flow", "audio", "list"), "draft", "27 s long", "0 heard, 2 drafts, 0 stale")
	mention(t, tt.types(exitOK, "flow", "audio", "approve", "main"), "Callers hear 1 more recording within seconds.")
	mention(t, tt.types(exitOK, "flow", "audio", "approve"), "Callers hear 1 more recording")

	var listed []struct {
		Prompt, State, Language string
		Number                  int
		Kept                    struct{ Hash string }
	}
	if err := json.Unmarshal([]byte(tt.types(exitOK, "flow", "audio", "list", "--json", "--lang", "en")), &listed); err != nil {
		t.Fatal(err)
	}
	if len(listed) < 200 || listed[0].Prompt != "main" || listed[0].State != "heard" || listed[0].Number != 101 || len(listed[0].Kept.Hash) != 64 {
		t.Errorf("%d lines, first %+v", len(listed), listed[0])
	}

	to := t.TempDir()
	mention(t, tt.types(exitOK, "flow", "audio", "export", to), "2 recordings were written.")
	wav, err := os.ReadFile(filepath.Join(to, "audio/en/main.wav"))
	if err != nil {
		t.Fatal(err)
	}
	if c, err := sound.Read(wav); err != nil || math.Abs(c.Long().Seconds()-2.45) > 0.02 {
		t.Errorf("what callers hear is %v long, %v", c.Long(), err)
	}
	mention(t, tt.types(exitFailed, "flow", "audio", "export", to), "is there already, and is not overwritten")
	mention(t, tt.types(exitOK, "flow", "audio", "remove", "en", "main"), "Destroyed.")
	mention(t, tt.types(exitFailed, "flow", "audio", "remove", "en", "main"), "there is no such recording")
	mention(t, tt.types(exitOK, "audit", "list"), "recorded a prompt ", "had callers hear a recorded prompt ", "deleted a recorded prompt ")
}

// A line that callers hear another flow on has the script of that one; a folder's flow
// has its own.
func TestRecordingsAreOfWhatCallersHear(t *testing.T) {
	t.Parallel()
	tt := newTerminal(t)
	tt.types(exitOK, "keys", "init")
	tt.types(exitOK, "migrate")
	tt.line()
	from := t.TempDir()
	put(t, filepath.Join(from, "audio/en/main.wav"), wavOf(2))
	tt.types(exitOK, "flow", "audio", "import", from)
	tt.types(exitOK, "flow", "audio", "approve")
	mention(t, tt.types(exitOK, "flow", "audio", "list", "--lang", "en"), "1 heard, 0 drafts, 0 stale")

	own := t.TempDir()
	put(t, filepath.Join(own, "main.yaml"), []byte("extends: built-in\n"))
	put(t, filepath.Join(own, "prompts/en.yaml"), []byte("main: \"These are your choices.\"\n"))
	mention(t, tt.types(exitOK, "flow", "audio", "list", "--lang", "en", "--flow", own), "stale", "0 heard, 0 drafts, 1 stale")

	builtIn, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range builtIn { // of a program that had less to say
		builtIn[path] = regexp.MustCompile(`(?m)^_unheard_r1: .*\n`).ReplaceAllString(text, "")
	}
	whole := flows.Bundle{"main.yaml": "extends: built-in\n", "prompts/en.yaml": "main: \"These are your choices.\"\n"}.Over(builtIn)
	keys, err := vault.Load(tt.env["HEARTHLINE_KEYSET_FILE"])
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Options{URL: tt.env["DATABASE_URL"]})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	line, err := db.FirstLine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	archive := store.NewFlowArchive(db, t.TempDir())
	if err := store.NewFlowVersions(db, keys, archive).Publish(t.Context(), line.ID, store.By{Actor: "ada", At: time.Now()}, store.FlowVersion{Hash: whole.Hash(), Content: whole.Encode()}); err != nil {
		t.Fatal(err)
	}
	mention(t, tt.types(exitOK, "flow", "audio", "list", "--lang", "en"), "0 heard, 0 drafts, 1 stale")
	tt.types(exitOK, "flow", "audio", "import", from) // it is spoken anew
	mention(t, tt.types(exitOK, "flow", "audio", "approve", "--lang", "en"), "Callers hear 1 more recording")
	mention(t, tt.types(exitOK, "flow", "audio", "list", "--lang", "en"), "1 heard, 0 drafts, 0 stale")
}

// The sheet has a number, the words and the name of each, and says how to record by it.
func TestTheScriptIsPrinted(t *testing.T) {
	t.Parallel()
	tt := newTerminal(t)
	mention(t, tt.types(exitOK, "flow", "script", "--lang", "es"), "101  Menú principal.\n     (main)\n", "press 7,", "Para buscar un grupo, oprima 3.")
	mention(t, tt.types(exitUsage, "flow", "script", "--lang", "xx"), "it speaks en, es")
}
