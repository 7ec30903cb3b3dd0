package store

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"slices"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

const maskedDial = "bridge:•"

// maxKeys is how many keys and pauses follow a bridge's number at most.
const maxKeys = 64

var dialSyntax = regexp.MustCompile(`^(\+[1-9][0-9]{6,14})(,[,0-9#*]{0,63})?$`)

var errNotDial = errors.New("not a bridge: an E.164 number, then ',' for each pause, digits, '#' and '*'")

// Dial says how a bridge outside is reached. Like a vault.Number it cannot
// print itself: its keys open somebody's room. The zero Dial reaches nothing.
type Dial struct {
	number vault.Number
	keys   *string
}

// ParseDial reads "+12155550123,,4821#". Its error never repeats s.
func ParseDial(s string) (Dial, error) {
	m := dialSyntax.FindStringSubmatch(s)
	if m == nil {
		return Dial{}, errNotDial
	}
	number, err := vault.ParseNumber(m[1])
	if err != nil {
		return Dial{}, errNotDial
	}
	return Dial{number: number, keys: &m[2]}, nil
}

// OwnNumber is a number of a flow's own, in E.164, as a line dials it, or why it does not.
// countries are those that may be called, none for any.
func OwnNumber(e164 string, countries []string) (Dial, flows.Undialled) {
	d, err := ParseDial(e164)
	if err != nil {
		return Dial{}, flows.UndialledShape
	}
	return d, undialled(d.number, countries)
}

// undialled says why a line, which pays for the call, must not dial a number.
func undialled(n vault.Number, countries []string) flows.Undialled {
	switch {
	case n.Premium():
		return flows.UndialledDear
	case len(countries) > 0 && n.Country() == "":
		return flows.UndialledUnused
	case len(countries) > 0 && !slices.Contains(countries, n.Country()):
		return flows.UndialledAfield
	}
	return ""
}

// IsZero reports whether there is nothing to dial.
func (d Dial) IsZero() bool { return d.number.IsZero() }

// Number returns the bridge's number.
func (d Dial) Number() vault.Number { return d.number }

// Keys returns what is pressed once the bridge has answered: digits, '#', '*',
// and ',' for a pause. It is secret.
func (d Dial) Keys() string {
	if d.keys == nil {
		return ""
	}
	return *d.keys
}

// equal reports whether both reach the same room.
func (d Dial) equal(e Dial) bool {
	return d.IsZero() == e.IsZero() && (d.IsZero() || d.number.Equal(e.number)) && d.Keys() == e.Keys()
}

// Format writes a mask, whatever the verb.
func (d Dial) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, maskedDial) }

// LogValue is a mask.
func (d Dial) LogValue() slog.Value { return slog.StringValue(maskedDial) }

// MarshalText is a mask, in JSON too.
func (d Dial) MarshalText() ([]byte, error) { return []byte(maskedDial), nil }
