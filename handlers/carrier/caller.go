package carrier

import "github.com/hearthline/hearthline/store/vault"

// Caller is who rings or texts, as far as the carrier shows it: a hint, never a
// proof of who is there.
type Caller struct {
	// Number is zero when the caller withheld it, or when what came instead was
	// no telephone number.
	Number vault.Number
}

// Withheld reports whether there is no number to ring back, to text or to know
// the caller by.
func (c Caller) Withheld() bool { return c.Number.IsZero() }

// ParseCaller reads the From of a webhook. Only E.164 as Twilio sends it is a
// number. Everything else is a withheld caller: words ("anonymous"), their
// keypad spellings with a plus before them (+266696687, which [vault.ParseNumber]
// refuses before it looks for a country), SIP and client addresses, short codes,
// nothing at all.
// Source: https://www.twilio.com/docs/voice/twiml#request-parameters
func ParseCaller(from string) Caller {
	if !isE164(from) {
		return Caller{}
	}
	n, err := vault.ParseNumber(from)
	if err != nil {
		return Caller{}
	}
	return Caller{Number: n}
}

// isE164 reports whether s is a plus and 7 to 15 digits, the first not 0.
func isE164(s string) bool {
	if len(s) < 8 || len(s) > 16 || s[0] != '+' || s[1] == '0' {
		return false
	}
	for _, c := range []byte(s[1:]) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// Written is a line's own number as a text says it: as people write those of North
// America, else in E.164.
func Written(n vault.Number) string {
	e164 := n.Reveal(vault.ForWords)
	if len(e164) == len("+12025550100") && e164[:2] == "+1" {
		return "(" + e164[2:5] + ") " + e164[5:8] + "-" + e164[8:]
	}
	return e164
}
