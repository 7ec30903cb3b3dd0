package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/hearthline/hearthline/flows/sound"
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
	mention(t, tt.types(exitOK, "audit", "list"), "recording.draft", "recording.approve", "recording.remove")
}

// The sheet has a number, the words and the name of each, and says how to record by it.
func TestTheScriptIsPrinted(t *testing.T) {
	t.Parallel()
	tt := newTerminal(t)
	mention(t, tt.types(exitOK, "flow", "script", "--lang", "es"), "101  Menú principal.\n     (main)\n", "press 7,", "Para buscar un grupo, oprima 3.")
	mention(t, tt.types(exitUsage, "flow", "script", "--lang", "xx"), "it speaks en, es")
}
