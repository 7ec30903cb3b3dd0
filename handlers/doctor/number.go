package doctor

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/hearthline/hearthline/handlers/carrier"
)

// number looks at how a number is set up.
func (d *Doctor) number(s carrier.Setup) []Finding {
	number := which(s.Number)
	capabilities := "both"
	switch {
	case !s.Voice:
		capabilities = "no_voice"
	case !s.Texts:
		capabilities = "no_texts"
	}
	all := []Finding{
		found("number.capabilities", capabilities, "which", number),
		d.address("number.voice", number, s, carrier.VoiceURL, carrier.VoiceMethod, d.VoicePath, carrier.VoiceApplication),
		d.fallback(number, s),
	}
	if s.Texts {
		all = append(all, d.address("number.texts", number, s, carrier.SMSURL, carrier.SMSMethod, d.TextPath, carrier.SMSApplication))
	}
	return all
}

// address says where a number's calls or texts go.
func (d *Doctor) address(check, number string, s carrier.Setup, field, method carrier.Field, path string, application carrier.Field) Finding {
	is := s.Fields[field]
	outcome := "foreign"
	switch {
	case field == carrier.VoiceURL && s.Fields[carrier.Trunk] != "":
		outcome = "trunk"
	case s.Fields[application] != "":
		outcome = "application"
	case unset(is):
		outcome = "empty"
	case withoutOverrides(is) == d.base()+path && strings.EqualFold(s.Fields[method], http.MethodGet):
		outcome = "method"
	case withoutOverrides(is) == d.base()+path:
		outcome = "ours"
	case hostOf(is) == hostOf(d.PublicURL):
		outcome = "other"
	}
	return found(check, outcome, "which", number, "host", hostOf(is))
}

// fallback says what callers hear while this machine is down.
func (d *Doctor) fallback(number string, s carrier.Setup) Finding {
	is := s.Fields[carrier.VoiceFallbackURL]
	outcome := "foreign"
	switch {
	case unset(is):
		outcome = "empty"
	case is == d.Fallback():
		outcome = "hosted"
	case hostOf(is) == hostOf(d.PublicURL):
		outcome = "ours"
	case isEcho(is):
		outcome = "stale"
	}
	return found("number.fallback", outcome, "which", number, "host", hostOf(is))
}

func (d *Doctor) base() string { return strings.TrimRight(d.PublicURL, "/") }

// withoutOverrides is an address without what tells the carrier how often to try,
// which it neither sends nor signs.
func withoutOverrides(address string) string {
	address, _, _ = strings.Cut(address, "#")
	return address
}

// unset says whether nobody has chosen an address: a new number has the carrier's own
// greeting.
func unset(address string) bool { return address == "" || hostOf(address) == "demo.twilio.com" }

// hostOf is the host of an address, with its port: all that is shown of one that is
// not ours.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "?"
	}
	return u.Host
}
