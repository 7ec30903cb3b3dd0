package carrier

import (
	"encoding/json"
	"net/url"

	"github.com/hearthline/hearthline/store/vault"
)

// sentKey is the key in the address of a status callback, and sentPurpose what its
// token is sealed for.
const (
	sentKey     = "r"
	sentPurpose = "sent"
)

// insistence, at the end of an address, has the carrier tell it again, up to five
// times, whenever we did not take it.
// Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
const insistence = "#rc=5&rp=all"

// SentToken is which attempt at which row of the outbox a status callback is
// about: what its address tells us, and nobody else.
type SentToken struct {
	Line    string `json:"line"`
	Row     string `json:"row"`
	Attempt int    `json:"attempt"`
}

// Address is what the carrier is to tell of the attempt, where base is the address
// of all such callbacks.
func (t SentToken) Address(k *vault.Keyring, base string) string {
	text, err := json.Marshal(t)
	if err != nil {
		return "" // a struct of strings and numbers always has a text
	}
	return base + "?" + sentKey + "=" + k.SealToken(sentPurpose, text, nil) + insistence
}

// SentToken reads what the address of a status callback tells; false when its
// token is not ours.
func (w Webhook) SentToken(k *vault.Keyring, query url.Values) (SentToken, bool) {
	var t SentToken
	text, err := k.OpenToken(sentPurpose, query.Get(sentKey), nil)
	if err != nil || json.Unmarshal(text, &t) != nil {
		return SentToken{}, false
	}
	return t, t.Line != "" && t.Row != ""
}
