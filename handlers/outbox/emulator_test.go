package outbox_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/outbox"
)

const (
	account = "AC00000000000000000000000000000001"
	token   = "00000000000000000000000000000001"
)

// program answers the first webhook of a call, and keeps its address.
type program struct{ asked []string }

func (p *program) RoundTrip(r *http.Request) (*http.Response, error) {
	p.asked = append(p.asked, r.URL.String())
	body := `<?xml version="1.0"?><Response><Hangup/></Response>`
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/xml"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// Whatever becomes of a request, the carrier has what it asks for once at most;
// and it has it, unless nobody can tell.
func TestTheCarrierHasEachTextOnce(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault emulator.Fault
		texts int
		state string
	}{
		"nothing goes wrong":       {emulator.Fault{On: emulator.OnREST, Match: "nowhere", Status: 500}, 1, "accepted"},
		"throttled":                {emulator.Fault{On: emulator.OnREST, Times: 5, Status: 429}, 1, "accepted"},
		"no connection":            {emulator.Fault{On: emulator.OnREST, Times: 1, Refuse: true}, 0, "lapsed"}, // once the request was read
		"failed, and not done":     {emulator.Fault{On: emulator.OnREST, Times: 1, Status: 500}, 0, "lapsed"},
		"done, and its reply lost": {emulator.Fault{On: emulator.OnREST, Times: 1, LoseReply: true}, 1, "lapsed"},
	} {
		r := newRig(t)
		p := &program{}
		twilio := emulator.New(emulator.Options{AccountSID: account, AuthToken: token, Clock: emulator.NewVirtualClock(afternoon), Transport: p})
		twilio.AddNumber(emulator.Number{E164: lineFrom})
		server := httptest.NewServer(twilio)
		t.Cleanup(server.Close)
		client, err := carrier.NewClient(carrier.ClientOptions{AccountSID: account, AuthToken: token, APIURL: server.URL})
		if err != nil {
			t.Fatal(err)
		}
		r.o.Carrier = client
		o := outbox.New(r.o)
		twilio.Phone(ida).Behave(emulator.Behaviour{Kind: emulator.Answer})
		twilio.Inject(tt.fault)
		id := r.put(1, flows.ByText, asked(t, ida))
		for range 24 * 8 {
			r.pass(o)
			r.clock.add(time.Hour)
		}
		if state, reason, _ := r.row(id); state != tt.state || len(twilio.Kept().Texts) != tt.texts {
			t.Errorf("%s: the row is %s, %q, and the carrier has %d texts", name, state, reason, len(twilio.Kept().Texts))
		}
		r.put(2, flows.ByCall, asked(t, ida))
		for range 24 {
			r.pass(o)
			twilio.Advance(time.Minute)
			r.clock.add(time.Hour)
		}
		if len(p.asked) != 1 || !strings.HasPrefix(p.asked[0], publicURL+"/twilio/voice?c=") {
			t.Errorf("%s: a call asks at %v", name, p.asked)
		}
		for _, trouble := range twilio.Problems() {
			t.Errorf("%s: the carrier objects: %+v", name, trouble)
		}
		if strings.Contains(r.log.String(), "2125550143") {
			t.Errorf("%s: the log holds a number", name)
		}
	}
}
