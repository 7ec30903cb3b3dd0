package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"testing"
)

func TestSign(t *testing.T) {
	t.Parallel()
	const target = "https://mycompany.com/myapp.php?foo=1&bar=2"
	sum := sha256.Sum256([]byte(`{"property": "value", "boolean": true}`))
	hash := hex.EncodeToString(sum[:])
	same(t, "body hash", hash, "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620")
	form := url.Values{
		"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"}, "From": {"+14158675309"}, "To": {"+18005551212"},
	}
	// The vector of twilio-go's own tests: keys that begin alike sort bytewise.
	longer := url.Values{"ReasonConferenceEnded": {"test"}, "Reason": {"Participant"}}
	for k, v := range form {
		longer[k] = v
	}
	repeated := url.Values{"A": {"2", "1", "2"}}
	tests := map[string]struct {
		target string
		form   url.Values
		want   string
	}{
		"form":                  {target, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		"prefixed keys":         {target, longer, "vOEb5UThFn24KEfnOFLQY2AE5FY="},
		"json":                  {target + "&bodySHA256=" + hash, nil, "a9nBmqA0ju/hNViExpshrM61xv4="},
		"repeated keys, sorted": {target, repeated, Sign(token, target+"A1A2", nil)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			same(t, "signature", Sign(token, tt.target, tt.form), tt.want)
		})
	}
}
