package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// At an address that is a number the line serves, and its desk says why it takes no
// passkeys.
func TestAnAddressThatIsANumber(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"https://192.0.2.7", "https://[2001:db8::7]:8443"} {
		s := newStage(t, func(o *stageOptions) { o.settings = func(c *config) { c.publicURL = address } })
		if call := s.caller(ida).dials("0"); !heard(s.carrier.Phone(ida), "The crisis line is free") {
			t.Errorf("%s: who calls hears\n%s", address, call.Transcript())
		}
		get := func(method, path string) (int, string) {
			r, err := http.NewRequestWithContext(t.Context(), method, address+path, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			answer, err := s.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = answer.Body.Close() }()
			body, err := io.ReadAll(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			return answer.StatusCode, string(body)
		}
		code, page := get(http.MethodGet, "/console/sign-in")
		if code != http.StatusOK || !strings.Contains(page, "Passkeys cannot be used here") || strings.Contains(page, `data-passkey="get"`) {
			t.Errorf("%s: %d\n%s", address, code, page)
		}
		if code, _ := get(http.MethodPost, "/console/sign-in/passkey/begin"); code < 400 || code >= 500 {
			t.Errorf("%s: a passkey is asked for: %d", address, code)
		}
		s.strict()
	}
}
