package carrier

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/store/vault"
)

func TestWebhookLine(t *testing.T) {
	t.Parallel()
	const ours, theirs = "+12025550100", "+12025550143"
	tests := []struct{ direction, from, to, line, caller string }{
		{"inbound", theirs, ours, ours, theirs},
		{"inbound", "anonymous", ours, ours, ""},
		{"inbound", "+266696687", ours, ours, ""},
		{"outbound-api", ours, theirs, ours, theirs},
		{"outbound-dial", theirs, ours, ours, theirs},
		{"", theirs, ours, ours, theirs}, // a text has no direction
		{"inbound", theirs, "sip:line@example.org", "", theirs},
	}
	for _, tt := range tests {
		w := newWebhook(map[string]string{"Direction": tt.direction, "From": tt.from, "To": tt.to})
		got := [2]string{w.Line().Reveal(vault.ForDial), w.Caller().Number.Reveal(vault.ForDial)}
		if want := [2]string{tt.line, tt.caller}; got != want {
			t.Errorf("%+v: line and caller = %q", tt, got)
		}
	}
}

func TestWebhookParams(t *testing.T) {
	t.Parallel()
	type facts struct {
		Call, Conference, Room, Label, Event, Speech, Digits string
		Gathered, Sequenced                                  bool
		Status, Dial                                         CallStatus
		Direction                                            Direction
		Sequence                                             int
	}
	read := func(w Webhook) facts {
		f := facts{
			Call: w.CallSID(), Conference: w.ConferenceSID(), Room: w.Room(), Label: w.Label(), Event: w.Event(),
			Speech: w.Speech(), Status: w.CallStatus(), Dial: w.DialCallStatus(), Direction: w.Direction(),
		}
		f.Digits, f.Gathered = w.Digits()
		f.Sequence, f.Sequenced = w.Sequence()
		return f
	}
	tests := []struct {
		name string
		give Webhook
		want facts
	}{
		{"none", Webhook{}, facts{}},
		{
			"keys after a conference",
			newWebhook(map[string]string{"CallSid": "CA1", "CallStatus": "in-progress", "Direction": "inbound", "Digits": "4", "DialCallStatus": "answered"}),
			facts{Call: "CA1", Status: InProgress, Direction: Inbound, Digits: "4", Gathered: true, Dial: Answered},
		},
		{"silence", newWebhook(map[string]string{"Digits": ""}), facts{Gathered: true}},
		{"speech", newWebhook(map[string]string{"SpeechResult": "grief"}), facts{Speech: "grief"}},
		{
			"a conference event",
			newWebhook(map[string]string{"ConferenceSid": "CF1", "FriendlyName": "room", "ParticipantLabel": "l", "StatusCallbackEvent": "participant-join", "SequenceNumber": "3"}),
			facts{Conference: "CF1", Room: "room", Label: "l", Event: "participant-join", Sequence: 3, Sequenced: true},
		},
		{"a bad sequence", newWebhook(map[string]string{"SequenceNumber": "x"}), facts{}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, read(tt.give)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestCallStatusOver(t *testing.T) {
	t.Parallel()
	for status, want := range map[CallStatus]bool{
		Queued: false, Initiated: false, Ringing: false, InProgress: false, Answered: false, "": false,
		Completed: true, CallBusy: true, Failed: true, NoAnswer: true, Canceled: true,
	} {
		if got := status.Over(); got != want {
			t.Errorf("%q.Over() = %t", status, got)
		}
	}
}

func TestWebhookCannotPrintItself(t *testing.T) {
	t.Parallel()
	w := newWebhook(map[string]string{"From": "+12025550143", "Digits": "73914626", "CallSid": "CA1234"})
	var said strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&said, verb+verb+verb, w, &w, struct{ w Webhook }{w})
	}
	slog.New(slog.NewTextHandler(&said, nil)).Info("x", "w", w)
	slog.New(slog.NewJSONHandler(&said, nil)).Info("x", "w", w)
	//lint:ignore SA9005 that nothing comes out is what is tested
	encoded, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	said.Write(encoded)
	for _, secret := range []string{"5550143", "73914626", "CA1234"} {
		if strings.Contains(said.String(), secret) || strings.Contains(said.String(), fmt.Sprintf("%x", secret)) {
			t.Errorf("%q is printed", secret)
		}
	}
}

func TestWebhookOfWithoutGuard(t *testing.T) {
	t.Parallel()
	c := echo.New().NewContext(httptest.NewRequest(http.MethodPost, "/", nil), httptest.NewRecorder())
	if _, ok := WebhookOf(c); ok {
		t.Error("a request without a guard is a webhook")
	}
}

func TestWebhookOutbound(t *testing.T) {
	t.Parallel()
	for answered, want := range map[string]bool{"human": true, "": false, "unknown": false, "machine_start": false, "fax": false, "Human": false} {
		if got := newWebhook(map[string]string{"AnsweredBy": answered}).AnsweredByHuman(); got != want {
			t.Errorf("AnsweredBy=%q: AnsweredByHuman = %t", answered, got)
		}
	}
	for verdict, want := range map[string]bool{
		"TN-Validation-Passed-A": true, "": false, "TN-Validation-Passed-A-Diverted": false, "TN-Validation-Passed-A-Passthrough": false,
		"TN-Validation-Passed-B": false, "TN-Validation-Failed-A": false, "No-TN-Validation": false,
	} {
		if got := newWebhook(map[string]string{"StirVerstat": verdict}).Verified(); got != want {
			t.Errorf("StirVerstat=%q: Verified = %t", verdict, got)
		}
	}
	for media, want := range map[string]int{"2": 2, "0": 0, "": 0, "many": 0, "-1": 0} {
		if got := newWebhook(map[string]string{"NumMedia": media}).Media(); got != want {
			t.Errorf("NumMedia=%q: Media = %d", media, got)
		}
	}
	for code, want := range map[string]Class{"": "", "30003": Temporary, "21610": OptedOut, "30006": Permanent, "1": Unknown, "x": Unknown} {
		if got := newWebhook(map[string]string{"ErrorCode": code}).Fault(); got != want {
			t.Errorf("ErrorCode=%q: Fault = %q", code, got)
		}
	}
	if w := (Webhook{}); w.AnsweredByHuman() || w.Verified() || w.Media() != 0 || w.Fault() != "" {
		t.Error("a request without parameters says something")
	}
}

// What the carrier is in doubt about may have been anything; what it gives no figure for
// is taken as it is.
func TestSpeechThatIsInDoubt(t *testing.T) {
	t.Parallel()
	for confidence, want := range map[string]bool{"": false, "0.9128386": false, "0.4": false, "0.39": true, "0": true, "0.0": true, "much": true, "NaN": true} {
		if got := newWebhook(map[string]string{"SpeechResult": "grief", "Confidence": confidence}).SpeechUnsure(); got != want {
			t.Errorf("%q is in doubt: %t", confidence, got)
		}
	}
}
