package emulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

const recordDoc = `<Record action="/done" maxLength="20" timeout="4" finishOnKey="#" recordingStatusCallback="/told"/><Say>nothing</Say>`

// recorded are the values of the requests of a kind that came to a path.
func (b *bench) recorded(path string) (all []url.Values) {
	for _, x := range b.Exchanges() {
		if u, err := url.Parse(x.URL); err == nil && u.Path == path {
			all = append(all, x.Params)
		}
	}
	return all
}

// A Record ends by a key, by silence, by its length and by hanging up, and goes on at
// its action with what was recorded. Where nothing was said the next verb runs.
func TestRecord(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		do     func(b *bench, c *Call)
		digits string
		length string
	}{
		"a key":     {func(b *bench, c *Call) { c.Say("one two three"); b.Advance(2 * time.Second); c.Press("1#") }, "#", "2"},
		"silence":   {func(b *bench, c *Call) { c.Say("one two three"); b.Advance(10 * time.Second) }, "", "2"},
		"hangup":    {func(b *bench, c *Call) { c.Say("one two three"); b.Advance(2 * time.Second); c.Hangup() }, "hangup", "2"},
		"too long":  {func(b *bench, c *Call) { c.Say(strings.Repeat("word ", 200)); b.Advance(25 * time.Second) }, "", "20"},
		"no speech": {func(b *bench, c *Call) { b.Advance(10 * time.Second) }, "-", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, map[string]string{"/voice": recordDoc, "/done": `<Say>thanks</Say>`})
			c := b.Phone(anna).Call(line)
			b.Advance(beep)
			tt.do(b, c)
			b.Advance(5 * time.Second)
			done := b.recorded("/done")
			if tt.digits == "-" {
				if len(done) != 0 || len(b.Recordings()) != 0 {
					t.Errorf("silence was recorded: %v", done)
				}
				return
			}
			if len(done) != 1 || done[0].Get("Digits") != tt.digits || done[0].Get("RecordingDuration") != tt.length || len(b.Recordings()) != 1 {
				t.Fatalf("%v, %+v", done, b.Recordings())
			}
			if told := b.recorded("/told"); len(told) != 1 || told[0].Get("RecordingStatus") != "completed" || told[0].Get("RecordingSid") != done[0].Get("RecordingSid") {
				t.Errorf("the callback: %v", told)
			}
			if tt.digits == "hangup" && done[0].Get("CallStatus") != "completed" {
				t.Errorf("who hung up is %s", done[0].Get("CallStatus"))
			}
			path := "Recordings/" + b.Recordings()[0].SID
			if status, _ := b.api("DELETE", path+".json", nil); status != http.StatusNoContent || len(b.Recordings()) != 0 {
				t.Errorf("it is not deleted: %d", status)
			}
			if status, _ := b.api("GET", path+".json", nil); status != http.StatusNotFound {
				t.Errorf("and is there still: %d", status)
			}
		})
	}
}

// What is not a message's is refused as it ever was.
func TestRecordIsStrict(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		`<Record transcribe="true"/>`, `<Record transcribeCallback="/x"/>`, `<Record maxLength="0"/>`, `<Record recordingTrack="both"/>`,
		`<Gather><Record/></Gather>`, `<Dial><Record/></Dial>`,
	} {
		b := newBench(t, map[string]string{"/voice": doc})
		b.Phone(anna).Call(line)
		if !slices.ContainsFunc(b.Problems(), func(p Problem) bool { return p.Recording }) && !strings.Contains(doc, "maxLength") || len(b.Problems()) == 0 {
			t.Errorf("%s: %+v", doc, b.Problems())
		}
	}
}
