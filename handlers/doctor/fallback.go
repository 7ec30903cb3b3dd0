package doctor

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store/vault"
)

// twimlet is the carrier's own service that answers with the document in its address:
// what stands there is heard whatever has happened to this machine. Of TwiML Bins,
// which are the same, there is no API.
// Source: https://www.twilio.com/labs/twimlets/echo
const twimlet = "https://twimlets.com/echo"

// comeBack is how long a caller is asked to wait until the line is tried again: a
// restart takes less.
const comeBack = 5 * time.Second

// Fallback is the address that the carrier asks when the line does not answer: its
// document lies in the address itself.
func (d *Doctor) Fallback() string {
	document, err := d.FallbackDocument()
	if err != nil {
		return "" // of verbs that are complete; nothing is set then
	}
	return twimlet + "?" + url.Values{"Twiml": {string(document)}}.Encode()
}

// FallbackDocument is what the carrier does when the line does not answer. It says the
// crisis number, waits, and leads to the line's beginning, so that a restart costs the
// place and not the call.
func (d *Doctor) FallbackDocument() ([]byte, error) {
	said := d.Said()
	var r carrier.Response
	all := flows.LastResort()
	for _, lang := range said.Languages {
		i := slices.IndexFunc(all, func(w flows.LastWords) bool { return w.Lang == lang })
		if i < 0 {
			continue
		}
		v := d.Voice(lang)
		r = append(r, carrier.Say{Voice: v.Name, Language: v.Locale, Parts: []carrier.Part{carrier.Text(strings.ReplaceAll(all[i].Down, "{crisis}", said.crisis()))}})
	}
	r = append(r, carrier.Pause{Length: comeBack}, carrier.Redirect{URL: d.base() + d.VoicePath, Method: carrier.POST})
	return r.Encode()
}

func isEcho(address string) bool { return withoutQuery(address) == twimlet }

func withoutQuery(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return address
}

// crisis is how the crisis line is dialled, digit by digit.
func (s Said) crisis() string {
	name := s.CrisisName
	if name != "" && strings.Trim(name, "0123456789") == "" {
		return spaced(name)
	}
	digits := strings.TrimPrefix(s.Crisis.Reveal(vault.ForWords), "+")
	return name + ", " + spaced(digits)
}

func spaced(digits string) string { return strings.Join(strings.Split(digits, ""), " ") }
