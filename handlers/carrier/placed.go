package carrier

import (
	"bytes"
	"encoding/json"
	"net/url"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// placedKey is the key in the address that a call of ours begins at, and
// placedPurpose what its token is sealed for.
const (
	placedKey     = "c"
	placedPurpose = "placed"
)

// Retries, at the end of an address, has the carrier ask again when no connection
// was had, or a proxy answered for us: while a program is replaced there is nobody
// to.
// Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
const Retries = "#rc=2&rp=ct,5xx"

// Placed is a call that we place: what the address of its first webhook tells
// us, and nobody else.
type Placed struct {
	Line string `json:"line"`
	// Row is one of the outbox, and Attempt how often it was tried before, so that no
	// two addresses are alike.
	Row     string `json:"row"`
	Attempt int    `json:"attempt,omitempty"`
	Lang    string `json:"lang"`
	// Slow says that they wish to be spoken to more slowly.
	Slow bool   `json:"slow,omitempty"`
	Kind string `json:"kind"` // what the flow begins it with: "confirm"
	// Neutral says that a machine may be told that there was a call, and nothing
	// of what.
	Neutral bool `json:"neutral,omitempty"`
	// About is the occurrence that the call tells of, zero for none. Its row is
	// this one.
	About flows.About `json:"about,omitzero"`
	// Script is the number of the line of the script that somebody asked to record, 0 for
	// none.
	Script int `json:"script,omitempty"`
	// Applicant is whom who answers is to be connected with, as a flow's variable of that
	// name has it, "" for nobody.
	Applicant string `json:"applicant,omitempty"`
	// Until is when it must have been answered, in Unix seconds; 0 for whenever.
	Until int64 `json:"until,omitempty"`
}

// placedLength is what every address's token is filled up to, in bytes, before it
// is sealed: a confirmation and a reminder look alike to who sees addresses. It is
// 1 short of a multiple of what sealing fills up to.
const placedLength = 319

// Address is where the carrier asks what to say, under the address of a line's
// calls.
func (p Placed) Address(k *vault.Keyring, voice string) (string, error) {
	p.About.Row = "" // told already
	text, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	if filling := placedLength - len(text); filling > 0 {
		text = append(text, bytes.Repeat([]byte{' '}, filling)...)
	}
	return voice + "?" + placedKey + "=" + k.SealToken(placedPurpose, text, nil) + Retries, nil
}

// Placed reads what the address of a call of ours tells; false for a call that
// somebody made to us, and for one whose token is not ours.
func (w Webhook) Placed(k *vault.Keyring, query url.Values) (Placed, bool) {
	var p Placed
	if w.Direction() != OutboundAPI {
		return p, false
	}
	text, err := k.OpenToken(placedPurpose, query.Get(placedKey), nil)
	if err != nil || json.Unmarshal(text, &p) != nil {
		return Placed{}, false
	}
	if p.About != (flows.About{}) {
		p.About.Row = p.Row
	}
	return p, true
}
