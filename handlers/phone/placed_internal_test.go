package phone

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows"
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
	const base, account, token = "https://line.example.org", "AC00000000000000000000000000000001", "00000000000000000000000000000001"
	keys, err := vault.Create(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	guard, err := carrier.NewGuard(carrier.GuardOptions{PublicURL: base, AccountSID: account, AuthTokens: []string{token}})
	if err != nil {
		t.Fatal(err)
	}
	c, _, view := newTold(t)
	c.Keys = keys
	about := flows.About{Row: "row", Group: "live", Start: 29_700_000, Named: true}
	reminder := carrier.Placed{Line: "line", Row: "row", Lang: "es", Kind: "reminder", About: about}
	neutral, confirm, foreign := reminder, carrier.Placed{Line: "line", Row: "row", Lang: "es", Kind: "confirm"}, reminder
	neutral.Neutral, foreign.Line = true, "another"
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
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, err := x.placed.Address(keys, base+VoicePath)
			if err != nil {
				t.Fatal(err)
			}
			address, _, _ = strings.Cut(address, "#")
			form := url.Values{"CallSid": {"CA1"}, "AccountSid": {account}, "From": {"+12025550100"}, "To": {"+12025550143"}, "Direction": {"outbound-api"}}
			if x.by != "" {
				form.Set("AnsweredBy", x.by)
			}
			var got begun
			e := echo.New()
			e.POST(VoicePath, func(e echo.Context) error {
				w, _ := carrier.WebhookOf(e)
				got.State, got.Input, got.Goes = c.begin(call{hook: w, view: view}, e.QueryParams())
				return nil
			}, guard.Middleware)
			r := httptest.NewRequest(http.MethodPost, strings.TrimPrefix(address, base), strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("X-Twilio-Signature", emulator.Sign(token, address, form))
			w := httptest.NewRecorder()
			if e.ServeHTTP(w, r); w.Code != http.StatusOK {
				t.Fatalf("answered with %d", w.Code)
			}
			if diff := cmp.Diff(x.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
