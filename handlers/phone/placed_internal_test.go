package phone

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store/vault"
)

// begun is what a call of ours begins with, by what the carrier says of who took it.
type begun struct {
	State flows.State
	Input flows.Input
	Goes  bool
}

func TestHowACallOfOursBegins(t *testing.T) {
	t.Parallel()
	keys, err := vault.Create(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	c, _, view := newTold(t)
	c.Keys = keys
	about := flows.About{Row: "row", Group: "live", Start: 29_700_000, Named: true}
	reminder := carrier.Placed{Line: "line", Row: "row", Lang: "es", Kind: "reminder", About: about}
	neutral, confirm, foreign := reminder, carrier.Placed{Line: "line", Row: "row", Lang: "es", Kind: "confirm"}, reminder
	neutral.Neutral, foreign.Line = true, "another"
	masked := carrier.Placed{Line: "line", Lang: "es", Kind: "masked", Applicant: "group:key", Until: c.Now().Unix()}
	late := masked
	late.Until--
	silence := begun{}
	asReminder := begun{flows.State{Lang: "es", About: about}, flows.Input{Event: flows.Placed, Result: "reminder"}, true}
	toAMachine := begun{flows.State{Lang: "es"}, flows.Input{Event: flows.Placed, Result: "machine"}, true}
	for name, x := range map[string]struct {
		placed carrier.Placed
		by     string
		want   begun
	}{
		"a person":                         {reminder, "human", asReminder},
		"a person who lets machines hear":  {neutral, "human", asReminder},
		"a machine":                        {reminder, "machine_start", silence},
		"who cannot be told from one":      {reminder, "unknown", silence},
		"nothing said of who it was":       {reminder, "", silence},
		"a machine that may hear":          {neutral, "machine_start", toAMachine},
		"whoever it was, which may hear":   {neutral, "unknown", toAMachine},
		"a person who is asked to confirm": {confirm, "human", begun{flows.State{Lang: "es"}, flows.Input{Event: flows.Placed, Result: "confirm"}, true}},
		"another line":                     {foreign, "human", silence},
		"who is to be connected":           {masked, "human", begun{flows.State{Lang: "es", Vars: map[string]string{"applicant": "group:key"}}, flows.Input{Event: flows.Placed, Result: "masked"}, true}},
		"who is, and answers too late":     {late, "human", silence},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, err := x.placed.Address(keys, webhookBase+VoicePath)
			if err != nil {
				t.Fatal(err)
			}
			address, _, _ = strings.Cut(address, "#")
			var got begun
			asked(t, address, "outbound-api", x.by, nil, func(w carrier.Webhook, query url.Values) {
				got.State, got.Input, got.Goes = c.begin(call{hook: w, view: view}, query)
			})
			if diff := cmp.Diff(x.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

const webhookBase = "https://line.example.org"

// asked has the carrier ask at an address about a call, answered by whom it says, with more that it tells.
func asked(t *testing.T, address, direction, by string, more url.Values, do func(carrier.Webhook, url.Values)) {
	t.Helper()
	const account, token = "AC00000000000000000000000000000001", "00000000000000000000000000000001"
	guard, err := carrier.NewGuard(carrier.GuardOptions{PublicURL: webhookBase, AccountSID: account, AuthTokens: []string{token}})
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"CallSid": {"CA1"}, "AccountSid": {account}, "From": {"+12025550100"}, "To": {"+12025550143"}, "Direction": {direction}}
	if by != "" {
		form.Set("AnsweredBy", by)
	}
	maps.Copy(form, more)
	e := echo.New()
	e.POST(VoicePath, func(e echo.Context) error {
		w, _ := carrier.WebhookOf(e)
		do(w, e.QueryParams())
		return nil
	}, guard.Middleware)
	r := httptest.NewRequest(http.MethodPost, strings.TrimPrefix(address, webhookBase), strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", emulator.Sign(token, address, form))
	w := httptest.NewRecorder()
	if e.ServeHTTP(w, r); w.Code != http.StatusOK {
		t.Fatalf("answered with %d", w.Code)
	}
}

// Who answers a call of ours may know the voice of whoever recorded a prompt: it is spoken
// there, and played to who calls.
func TestACallOfOursIsSpoken(t *testing.T) {
	t.Parallel()
	keys, err := vault.Create(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	flow, _ := flowstest.Compiled()
	c, _, view := newTold(t)
	c.Keys, c.tokens.keys, c.Recorded = keys, keys, func(string, flows.Utterance) string { return "https://line.example.org/take.wav" }
	for direction, plays := range map[string]bool{"inbound": true, "outbound-api": false, "outbound-dial": false} {
		asked(t, webhookBase+VoicePath, direction, "human", nil, func(w carrier.Webhook, _ url.Values) {
			r, err := c.turn(t.Context(), call{hook: w, view: view, flow: flow}, flows.Input{Event: flows.Placed, Result: flows.PlacedThem})
			if err != nil {
				t.Fatal(err)
			}
			if document, err := r.Encode(); err != nil || strings.Contains(string(document), "take.wav") != plays {
				t.Errorf("%s: %v\n%s", direction, err, document)
			}
		})
	}
}
