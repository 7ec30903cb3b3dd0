package vault

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// masked is all that a Number shows of itself.
const masked = "phone:•"

// homeRegion is where a number without a country is taken to be: the North
// American plan, whose national form is the same in the US and Canada.
const homeRegion = "US"

// northAmerica is the country code of the North American Numbering Plan.
const northAmerica = 1

// ErrNotNumber says that a text is not a telephone number. It never carries
// the text, which may be a number with a slip in it.
var ErrNotNumber = errors.New(
	"not a telephone number: write it in full with its country code, as in +12025550143")

// errNumberToSQL refuses a Number as a bind parameter: Postgres writes bind
// parameters to its log and into its error messages.
var errNumberToSQL = errors.New(
	"a telephone number never crosses to Postgres in clear: send Keyring.Index or Keyring.SealNumber of it")

// errNoNumber refuses to seal the zero Number.
var errNoNumber = errors.New("seal number: there is no number")

// Number is a telephone number that cannot print itself. The zero Number is no
// number at all.
//
// A masking String method alone would not do: fmt reads the fields of a struct
// by reflection and calls no method on a Number in an unexported field. The
// digits therefore lie behind a pointer, of which fmt prints the address at most.
//
// Numbers are compared with [Number.Equal]; == does not compile, because it
// would compare addresses.
type Number struct {
	_    [0]func()
	e164 *string
}

// Purpose is a reason for which a number may be shown in clear.
type Purpose string

// The purposes of [Number.Reveal]; the set is closed.
const (
	ForDial  Purpose = "dial"  // the carrier is told to ring or connect it
	ForSend  Purpose = "send"  // the carrier is told to text it
	ForWords Purpose = "words" // a public number (the line's own, the crisis line) is told to a caller
)

// ParseNumber reads a telephone number in E.164, or as it is dialled in the US
// and Canada, with the usual separators. A trailing ";ext=" (RFC 3966 §5.3) is
// dropped. Short codes, numbers of an impossible length or shape, and the
// keypad spellings that carriers send for a withheld caller ID ("ANONYMOUS" is
// 266696687) are [ErrNotNumber].
//
// A number need not be in service: ranges open faster than tables of them
// follow, and a caller must not be turned away for it.
func ParseNumber(s string) (Number, error) {
	s = strings.TrimSpace(strings.Map(dropInvisible, s))
	if body, extension, found := strings.Cut(s, ";ext="); found && isDigits(extension) {
		s = body
	}
	if strings.ContainsFunc(s, isForeign) || isWithheld(digitsOf(s)) {
		return Number{}, ErrNotNumber
	}
	parsed, err := phonenumbers.Parse(s, homeRegion)
	if err != nil {
		// The library's errors quote their input.
		return Number{}, ErrNotNumber
	}
	if phonenumbers.IsPossibleNumberWithReason(parsed) != phonenumbers.IS_POSSIBLE {
		return Number{}, ErrNotNumber
	}
	if parsed.GetCountryCode() == northAmerica && !isNorthAmerican(parsed.GetNationalNumber()) {
		return Number{}, ErrNotNumber
	}
	e164 := phonenumbers.Format(parsed, phonenumbers.E164)
	return Number{e164: &e164}, nil
}

// isForeign reports whether r has no place in a dialled number. Letters are
// refused so that words in place of a caller ID ("anonymous") and vanity
// spellings never become digits; commas, so that the keys to press after a
// connection are not taken for a part of the number.
func isForeign(r rune) bool {
	switch {
	case '0' <= r && r <= '9', strings.ContainsRune("+-.()/", r):
		return false
	}
	return !unicode.IsSpace(r) && !unicode.Is(unicode.Pd, r)
}

// dropInvisible removes the marks of writing direction that come along when a
// number is copied from a page or an address book.
func dropInvisible(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// isDigits reports whether s is digits and visual separators only, and not empty.
func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789-.()") == ""
}

// digitsOf returns the ASCII digits of s.
func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// isWithheld reports whether digits, with or without a country code of 1, are
// how a carrier spells a withheld caller ID on a keypad. Some would parse as
// numbers of Texas, Uganda or China.
// Source: https://www.twilio.com/docs/voice/twiml#request-parameters and
// payloads captured in public.
func isWithheld(digits string) bool {
	switch strings.TrimPrefix(digits, "1") {
	case "266696687", // ANONYMOUS
		"7378742833",  // RESTRICTED
		"2562533",     // BLOCKED
		"8656696",     // UNKNOWN
		"86282452253", // UNAVAILABLE
		"862825",      // UNAVAIL
		"7748433":     // PRIVATE
		return true
	}
	return false
}

// isNorthAmerican reports whether national has the shape NXX-NXX-XXXX, N being
// 2 to 9: neither an area code nor an exchange begins with 0 or 1, which belong
// to operators and long distance.
func isNorthAmerican(national uint64) bool {
	areaCode, exchange := national/10_000_000, national/10_000%1_000
	return areaCode >= 200 && areaCode <= 999 && exchange >= 200
}

// IsZero reports whether n is no number.
func (n Number) IsZero() bool { return n.e164 == nil }

// Equal reports whether n and other are the same number. Two zero Numbers are equal.
func (n Number) Equal(other Number) bool { return n.clear() == other.clear() }

// Ends reports whether n's last digits are those: a PIN should not be.
func (n Number) Ends(digits string) bool { return digits != "" && strings.HasSuffix(n.clear(), digits) }

// Country returns the ISO 3166 region of n ("US", "CA"), or "" when it is in no
// known range: the North American plan holds 25 countries, some of them
// expensive to ring, so an unknown range is not taken for a known country.
func (n Number) Country() string {
	parsed, err := phonenumbers.Parse(n.clear(), "")
	if err != nil {
		return ""
	}
	return phonenumbers.GetRegionCodeForNumber(parsed)
}

// Zones returns the IANA zones of the area that n belongs to; nil for a number of no
// area, such as one that is free to call. Whoever took their number along when they
// moved is elsewhere.
func (n Number) Zones() []string {
	parsed, err := phonenumbers.Parse(n.clear(), "")
	if err != nil {
		return nil
	}
	zones, err := phonenumbers.GetTimezonesForNumber(parsed)
	if err != nil || slices.Contains(zones, phonenumbers.UNKNOWN_TIMEZONE) {
		return nil
	}
	if whole, _ := phonenumbers.GetTimezonesForPrefix(strconv.Itoa(northAmerica)); slices.Equal(zones, whole) {
		return nil // from Guam to Newfoundland
	}
	return slices.Clone(zones)
}

// Premium reports whether a call to n costs more than its country's ordinary
// calls do: premium-rate and shared-cost ranges.
func (n Number) Premium() bool {
	parsed, err := phonenumbers.Parse(n.clear(), "")
	if err != nil {
		return false
	}
	t := phonenumbers.GetNumberType(parsed)
	return t == phonenumbers.PREMIUM_RATE || t == phonenumbers.SHARED_COST
}

// TollFree reports whether whoever is called pays: such a number sends texts
// faster than a local one.
func (n Number) TollFree() bool {
	parsed, err := phonenumbers.Parse(n.clear(), "")
	return err == nil && phonenumbers.GetNumberType(parsed) == phonenumbers.TOLL_FREE
}

// Within reports whether n is in one of countries, ISO 3166 codes, and no dearer
// there than others: whether it may be called or texted at all.
func (n Number) Within(countries []string) bool {
	country := n.Country()
	return country != "" && slices.Contains(countries, country) && !n.Premium()
}

// Reveal returns n in E.164 for one of the known purposes, and "" for any other
// purpose or for the zero Number. What it returns must go to the carrier or to
// the caller, and nowhere else.
func (n Number) Reveal(p Purpose) string {
	switch p {
	case ForDial, ForSend, ForWords:
		return n.clear()
	}
	return ""
}

// clear returns n in E.164, "" for the zero Number.
func (n Number) clear() string {
	if n.e164 == nil {
		return ""
	}
	return *n.e164
}

// Format implements [fmt.Formatter]: a mask, whatever the verb.
func (n Number) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, masked) }

// String returns a mask, for whoever asks for a [fmt.Stringer] without fmt.
func (n Number) String() string { return masked }

// GoString returns a mask.
func (n Number) GoString() string { return masked }

// LogValue implements [slog.LogValuer] with a mask.
func (n Number) LogValue() slog.Value { return slog.StringValue(masked) }

// MarshalJSON implements [encoding/json.Marshaler] with a mask.
func (n Number) MarshalJSON() ([]byte, error) { return []byte(`"` + masked + `"`), nil }

// MarshalText implements [encoding.TextMarshaler] with a mask; XML and YAML use it.
func (n Number) MarshalText() ([]byte, error) { return []byte(masked), nil }

// Value implements [driver.Valuer] and always refuses: a number must not become
// a bind parameter.
func (n Number) Value() (driver.Value, error) { return nil, errNumberToSQL }
