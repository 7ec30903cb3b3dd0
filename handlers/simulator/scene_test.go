package simulator

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIndented(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"nested", `<?xml version="1.0"?><Response><Gather finishOnKey=""><Say>Hello.</Say></Gather></Response>`,
			"<Response>\n  <Gather finishOnKey=\"\">\n    <Say>Hello.</Say>\n  </Gather>\n</Response>"},
		{"not XML", "<Response><Say>", "<Response><Say>"},
		{"nothing", "", ""},
		{"plain text", "gateway timeout", "gateway timeout"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, indented(tt.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A recording is told in words, and had where the page may fetch it.
func TestSoundOf(t *testing.T) {
	t.Parallel()
	for address, want := range map[string][2]string{
		"hold music": {"hold music", ""},
		"http://127.0.0.1:8080/twilio/sound/tone.wav":            {"tone", "/twilio/sound/tone.wav"},
		"https://line.example.org/audio/255b79d92d.wav":          {"a recording", "/audio/255b79d92d.wav"},
		"http://localhost:8080/twilio/spoken/sound.wav?v=AeN4Ts": {"a recording", "/twilio/spoken/sound.wav?v=AeN4Ts"},
	} {
		if words, at := soundOf(address); words != want[0] || at != want[1] {
			t.Errorf("%s: %q, at %q", address, words, at)
		}
	}
}

// FuzzIndented feeds what a webhook may answer: anything.
func FuzzIndented(f *testing.F) {
	f.Add(`<Response><Say language="en">Hello <break time="1s"/> you &amp; me.</Say></Response>`)
	f.Add("<a:b xmlns:a='c'><!-- --></a:b>")
	f.Add("]]>")
	f.Fuzz(func(t *testing.T, doc string) {
		if doc != "" && indented(doc) == "" {
			t.Errorf("the answer %q is shown as nothing", doc)
		}
	})
}
