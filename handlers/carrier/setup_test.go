package carrier

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"
)

const (
	testNumberSID  = "PN00000000000000000000000000000007"
	testServiceSID = "MG00000000000000000000000000000008"
)

// readSetupAPI is [readOpenAPI] of what setting a number up asks for:
// testdata/twilio_setup.json is cut from twilio_api_v2010.json, twilio_messaging_v1.json
// and twilio_monitor_v1.json of the same package, in the same way.
func readSetupAPI(t *testing.T) (api openAPI, hosts map[string]string) {
	t.Helper()
	data, err := os.ReadFile("testdata/twilio_setup.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &api); err != nil {
		t.Fatal(err)
	}
	hosts = map[string]string{}
	for template, methods := range api.Paths {
		var servers []struct{ URL string }
		if err := json.Unmarshal(methods["servers"], &servers); err != nil {
			t.Fatal(err)
		}
		delete(methods, "servers")
		u, err := url.Parse(servers[0].URL)
		if err != nil {
			t.Fatal(err)
		}
		hosts[template] = u.Host
	}
	return api, hosts
}

// Every request that sets a number up is one that Twilio describes, at the host that
// it names.
func TestSetupRequestsConform(t *testing.T) {
	t.Parallel()
	api, hosts := readSetupAPI(t)
	operations := map[string]func(context.Context, *Client) error{
		"GET /2010-04-01/Accounts/{Sid}.json":                             func(ctx context.Context, c *Client) error { _, err := c.Account(ctx); return err },
		"GET /2010-04-01/Accounts/{AccountSid}/Balance.json":              func(ctx context.Context, c *Client) error { _, _, err := c.Balance(ctx); return err },
		"GET /2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers.json": func(ctx context.Context, c *Client) error { _, err := c.Setups(ctx); return err },
		"POST /2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers/{Sid}.json": func(ctx context.Context, c *Client) error {
			return c.SetUp(ctx, testNumberSID, map[Field]string{
				VoiceURL: testPublic + "/twilio/voice#rc=2", VoiceMethod: "POST", VoiceFallbackURL: "https://twimlets.com/echo?Twiml=x", VoiceFallbackMethod: "GET",
				StatusCallback: testPublic + "/twilio/ended", StatusCallbackMethod: "POST", SMSURL: testPublic + "/twilio/sms", SMSMethod: "POST",
				VoiceApplication: "AP00000000000000000000000000000009", SMSApplication: "AP00000000000000000000000000000009", Trunk: "TK00000000000000000000000000000009",
			})
		},
		"GET /v1/Services":          func(ctx context.Context, c *Client) error { _, err := c.Services(ctx); return err },
		"POST /v1/Services":         func(ctx context.Context, c *Client) error { _, err := c.MakeService(ctx); return err },
		"POST /v1/Services/{Sid}":   func(ctx context.Context, c *Client) error { return c.DeferTexts(ctx, testServiceSID, true) },
		"DELETE /v1/Services/{Sid}": func(ctx context.Context, c *Client) error { return c.DeleteService(ctx, testServiceSID) },
		"GET /v1/Services/{ServiceSid}/PhoneNumbers": func(ctx context.Context, c *Client) error {
			_, err := c.ServiceNumbers(ctx, testServiceSID)
			return err
		},
		"POST /v1/Services/{ServiceSid}/PhoneNumbers": func(ctx context.Context, c *Client) error { return c.AddToService(ctx, testServiceSID, testNumberSID) },
		"DELETE /v1/Services/{ServiceSid}/PhoneNumbers/{Sid}": func(ctx context.Context, c *Client) error {
			return c.TakeFromService(ctx, testServiceSID, testNumberSID)
		},
		"GET /v1/Services/{MessagingServiceSid}/Compliance/Usa2p": func(ctx context.Context, c *Client) error {
			_, err := c.Campaign(ctx, testServiceSID)
			return err
		},
		"GET /v1/Tollfree/Verifications": func(ctx context.Context, c *Client) error { _, err := c.TollFree(ctx, testNumberSID); return err },
		"GET /v1/Alerts":                 func(ctx context.Context, c *Client) error { _, err := c.Alerts(ctx, testDay); return err },
	}
	for name, do := range operations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			method, template, _ := strings.Cut(name, " ")
			asked := 0
			c := newClient(t, ClientOptions{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				asked++
				if _, ok := match(template, r.URL.Path); !ok || r.Method != method {
					t.Errorf("%s %s", r.Method, r.URL.Path)
				}
				if r.URL.Host != hosts[template] {
					t.Errorf("host = %s, want %s", r.URL.Host, hosts[template])
				}
				for _, fault := range api.check(r, readForm(t, r)) {
					t.Error(fault)
				}
				return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"sid": "` + testServiceSID + `", "balance": "1"}`))}, nil
			})})
			if err := do(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			if asked != 1 {
				t.Errorf("asked %d times", asked)
			}
		})
	}
	if len(operations) != func() (n int) {
		for _, methods := range api.Paths {
			n += len(methods)
		}
		return n
	}() {
		t.Error("the description has operations that nothing asks for")
	}
}

func TestSetups(t *testing.T) {
	t.Parallel()
	pages := 0
	c := twilio(t, func(w http.ResponseWriter, r *http.Request) {
		pages++
		if strings.Contains(r.URL.RawQuery, "2025550") {
			t.Error("a number stands in the address")
		}
		if r.URL.Query().Get("PageToken") == "t1" {
			answer(http.StatusOK, `{"incoming_phone_numbers": [], "next_page_uri": null}`)(w, r)
			return
		}
		answer(http.StatusOK, `{"incoming_phone_numbers": [{"sid": "`+testNumberSID+`", "phone_number": "`+testLine+`", "capabilities": {"voice": true, "sms": false},
			"voice_url": "https://other.example/a", "voice_method": "GET", "trunk_sid": null, "sms_url": ""}], "next_page_uri": "`+r.URL.Path+`?Page=1&PageToken=t1"}`)(w, r)
	})
	got, err := c.Setups(t.Context())
	if err != nil || len(got) != 1 || pages != 2 {
		t.Fatalf("%d setups in %d pages, %v", len(got), pages, err)
	}
	s := got[0]
	if s.SID != testNumberSID || !s.Voice || s.Texts || s.Number.IsZero() {
		t.Errorf("setup = %+v", s)
	}
	want := map[Field]string{VoiceURL: "https://other.example/a", VoiceMethod: "GET"}
	for field := range fieldNames {
		if s.Fields[field] != want[field] {
			t.Errorf("%s = %q", field, s.Fields[field])
		}
	}
	if err := c.SetUp(t.Context(), "PN1/../x", map[Field]string{VoiceURL: ""}); ClassOf(err) != Ours {
		t.Errorf("a SID that is none: %v", err)
	}
	if err := c.SetUp(t.Context(), testNumberSID, map[Field]string{"FriendlyName": "x"}); ClassOf(err) != Ours {
		t.Errorf("a field that is none: %v", err)
	}
}

func TestRegistrations(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]Registration{
		`{"compliance": []}`: Unregistered,
		`{"compliance": [{"campaign_status": "IN_PROGRESS"}]}`:                                    Pending,
		`{"compliance": [{"campaign_status": "FAILED"}]}`:                                         Refused,
		`{"compliance": [{"campaign_status": "FAILED"}, {"campaign_status": "VERIFIED"}]}`:        Verified,
		`{"compliance": [{"campaign_status": "FAILED"}, {"campaign_status": "NEW_STATE_OF_IT"}]}`: Pending,
	} {
		got, err := twilio(t, answer(http.StatusOK, body)).Campaign(t.Context(), testServiceSID)
		if err != nil || got != want {
			t.Errorf("%s: %s, %v", body, got, err)
		}
	}
	for body, want := range map[string]Registration{
		`{"verifications": []}`:                                                             Unregistered,
		`{"verifications": [{"status": "IN_REVIEW"}]}`:                                      Pending,
		`{"verifications": [{"status": "TWILIO_REJECTED"}]}`:                                Refused,
		`{"verifications": [{"status": "TWILIO_REJECTED"}, {"status": "TWILIO_APPROVED"}]}`: Verified,
	} {
		got, err := twilio(t, answer(http.StatusOK, body)).TollFree(t.Context(), testNumberSID)
		if err != nil || got != want {
			t.Errorf("%s: %s, %v", body, got, err)
		}
	}
}

func TestAccount(t *testing.T) {
	t.Parallel()
	c := twilio(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", testDay.UTC().Format(http.TimeFormat))
		answer(http.StatusOK, `{"status": "suspended", "type": "Trial"}`)(w, r)
	})
	got, err := c.Account(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Account{Status: "suspended", Trial: true, At: testDay.UTC().Truncate(time.Second)}, got); diff != "" {
		t.Error(diff)
	}
	if _, _, err := twilio(t, answer(http.StatusOK, `{"balance": "much"}`)).Balance(t.Context()); ClassOf(err) != Temporary {
		t.Errorf("a balance that is no number: %v", err)
	}
}

// A probe is accepted by this deployment's guard, with proof; and refused when what
// is between changes it, when its address is another, and when the tokens differ.
func TestProbe(t *testing.T) {
	t.Parallel()
	e := echo.New()
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	guard, err := NewGuard(GuardOptions{PublicURL: server.URL, AccountSID: testAccount, AuthTokens: []string{"other", testToken}})
	if err != nil {
		t.Fatal(err)
	}
	e.POST(ProbePath, guard.Echo, guard.Middleware)
	e.POST("/twilio/voice", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) }, guard.Middleware)
	e.POST("/imitated", func(c echo.Context) error { return c.String(http.StatusOK, "yes\n") })
	address := server.URL + ProbePath
	c := newClient(t, ClientOptions{})
	rewriting := roundTripper(func(r *http.Request) (*http.Response, error) {
		r.URL.RawQuery = r.URL.Query().Encode()
		return http.DefaultTransport.RoundTrip(r)
	})
	tests := []struct {
		name   string
		carry  http.RoundTripper
		o      ProbeOptions
		status int
		proven bool
	}{
		{"whole", http.DefaultTransport, ProbeOptions{Address: address}, 200, true},
		{"plain", http.DefaultTransport, ProbeOptions{Address: address, Plain: true}, 200, true},
		{"rewritten", rewriting, ProbeOptions{Address: address}, 403, false},
		{"rewritten, plain", rewriting, ProbeOptions{Address: address, Plain: true}, 200, true},
		{"signed for another address", http.DefaultTransport, ProbeOptions{Address: address, Signed: "https://example.org" + ProbePath}, 403, false},
		{"imitated", http.DefaultTransport, ProbeOptions{Address: server.URL + "/imitated"}, 200, false},
	}
	for _, tt := range tests {
		got, err := c.Probe(t.Context(), tt.carry, tt.o)
		if err != nil || got.Status != tt.status || got.Proven != tt.proven {
			t.Errorf("%s: %+v, %v", tt.name, got, err)
		}
	}
	if h := guard.Drain(); h.Calls || h.Refused != 2 {
		t.Errorf("heard %+v of probes", h)
	}
	form := url.Values{"AccountSid": {testAccount}, "OptOutType": {"STOP"}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/twilio/voice", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set(signatureHeader, signatureOf(testToken, server.URL+"/twilio/voice", form))
	answered, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || answered.StatusCode != http.StatusNoContent {
		t.Fatalf("%v, %v", answered, err)
	}
	_ = answered.Body.Close()
	if h := guard.Drain(); !h.Calls || !h.Advanced || h.Refused != 0 {
		t.Errorf("heard %+v", h)
	}
}
