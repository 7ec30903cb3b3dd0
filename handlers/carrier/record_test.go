package carrier

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"
)

const testRecording = "RE00000000000000000000000000000007"

func TestVoicemailVerb(t *testing.T) {
	t.Parallel()
	v := Voicemail{Action: "https://line.example/v?s=1", Most: 2 * time.Minute, Silence: 8 * time.Second, Callback: "https://line.example/r?v=2"}
	doc, err := Response{v}.Encode()
	const want = `<Record action="https://line.example/v?s=1" method="POST" timeout="8" finishOnKey="#" maxLength="120" playBeep="true" ` +
		`trim="trim-silence" recordingStatusCallback="https://line.example/r?v=2" recordingStatusCallbackMethod="POST" recordingStatusCallbackEvent="completed absent"/>`
	if err != nil || !strings.Contains(string(doc), want) {
		t.Errorf("%s, %v", doc, err)
	}
	for _, bad := range []Voicemail{{}, {Action: "/", Callback: "/", Silence: time.Second}, {Action: "/", Most: time.Second, Silence: time.Second}} {
		if _, err := (Response{bad}).Encode(); err == nil {
			t.Errorf("%+v is encoded", bad)
		}
	}
}

func TestRecorded(t *testing.T) {
	t.Parallel()
	read := func(params map[string]string) (Recorded, bool) { return newWebhook(params).Recorded() }
	if r, ok := read(map[string]string{"RecordingSid": testRecording, "RecordingDuration": "17"}); !ok || r != (Recorded{SID: testRecording, Seconds: 17}) {
		t.Errorf("%+v, %t", r, ok)
	}
	if r, ok := read(map[string]string{"RecordingSid": testRecording, "RecordingStatus": "absent", "RecordingDuration": "-1"}); !ok || !r.Absent || r.Seconds != 0 {
		t.Errorf("%+v, %t", r, ok)
	}
	for _, sid := range []string{"", "RE1", "CA00000000000000000000000000000007", testRecording + "/"} {
		if _, ok := read(map[string]string{"RecordingSid": sid}); ok {
			t.Errorf("%q is believed", sid)
		}
	}
}

// A SID becomes part of a path: what has another shape is refused before anything is
// sent.
func TestRecordingSIDs(t *testing.T) {
	t.Parallel()
	c := newClient(t, ClientOptions{Transport: roundTripper(nil)})
	for _, sid := range []string{"", "../Calls", testRecording + ".json"} {
		_, fetched := c.Recording(t.Context(), sid)
		for _, err := range []error{fetched, c.DeleteRecording(t.Context(), sid)} {
			if fault := (*Error)(nil); !errors.As(err, &fault) || fault.Class != Ours {
				t.Errorf("%q: %v", sid, err)
			}
		}
	}
}

func FuzzRecordToken(f *testing.F) {
	keys := newKeyring(f)
	good := RecordToken{Line: "l", For: "message", Lang: "en"}
	_, query, _ := strings.Cut(strings.TrimSuffix(good.Address(keys, "https://line.example/r"), insistence), "?v=")
	f.Add(query)
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		got, ok := Webhook{}.RecordToken(keys, url.Values{recordKey: {token}})
		if ok && (got.Line == "" || token != query && got == good) {
			t.Errorf("%q opens as %+v", token, got)
		}
	})
}
