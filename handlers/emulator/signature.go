package emulator

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"maps"
	"net/url"
	"slices"
)

// Sign returns the X-Twilio-Signature of a request: HMAC-SHA1 over the URL,
// then each form key and value by key. Of a repeated key each distinct value
// counts once, in order, as Twilio's own helper libraries read it. A request
// without a form passes nil, and so does a JSON body, whose hash is in the
// URL. See https://www.twilio.com/docs/usage/security.
func Sign(token, target string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	io.WriteString(mac, target)
	for _, key := range slices.Sorted(maps.Keys(form)) {
		for _, value := range slices.Compact(slices.Sorted(slices.Values(form[key]))) {
			io.WriteString(mac, key+value)
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
