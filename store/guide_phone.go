package store

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// reason says what is wrong with a value without repeating it, and how to mend
// it. The zero reason is that nothing is.
type reason struct{ what, mend string }

var (
	dialLetters = reason{"it holds letters, which a telephone cannot dial",
		"give the pass-code in digits, with only + , * and # beside them"}
	dialSigns = reason{"it holds a sign that no telephone has",
		`write only digits and + , * #, like "+12155550123,,4821#"`}
	dialNotNumber = reason{"it does not begin with a telephone number",
		`begin with + and the number with its country, like "+12155550123,,4821#"`}
	dialNoID = reason{"the meeting's id is empty, so that a caller would be asked for it",
		`put the id before the first #, like "+12155550123,,4821#"`}
	dialShared = reason{"other rows reach the same number with a meeting's id, and this one has none",
		`add the id, like "+12155550123,,4821#"`}
	dialTooLong = reason{"there are more keys to press than fit",
		"leave out what is not needed to get in"}
)

var (
	doublePrefix = regexp.MustCompile(`\+[0-9]{0,3}\+`)
	dialParts    = regexp.MustCompile(`^(\+?[0-9]+)([,*#][0-9,*#]*)?$`)
)

// parseConferencePhone reads a conference_phone as feeds have it, and counts
// its numbers. Of several it gives the first that can be dialled, or another
// that leads to the same meeting and has more of its keys: the pass-code is
// often with the second.
func parseConferencePhone(text string, countries []string) (d Dial, numbers int, why reason) {
	if strings.ContainsFunc(text, unicode.IsLetter) {
		return Dial{}, 0, dialLetters
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case r == ';':
			return ','
		case r == '|':
			return '/'
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), strings.ContainsRune(".()", r):
			return -1
		}
		return r
	}, text)
	for doublePrefix.MatchString(text) {
		text = doublePrefix.ReplaceAllString(text, "+")
	}
	if strings.Trim(text, "0123456789+,*#/") != "" {
		return Dial{}, 0, dialSigns
	}
	why = dialNotNumber
	first := true
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "+", "/+"), "/") {
		if part == "" {
			continue
		}
		numbers++
		one, bad := parseOneDial(part, countries)
		switch {
		case bad == (reason{}) && (d.IsZero() || one.extends(d)):
			d = one
		case first:
			why = bad
		}
		first = false
	}
	if !d.IsZero() {
		why = reason{}
	}
	return d, numbers, why
}

// parseOneDial reads one number with its keys.
func parseOneDial(text string, countries []string) (Dial, reason) {
	m := dialParts.FindStringSubmatch(text)
	if m == nil {
		return Dial{}, dialNotNumber
	}
	number, bad := feedNumber(m[1], countries)
	if bad != (reason{}) {
		return Dial{}, bad
	}
	keys := strings.TrimRight(m[2], ",")
	switch {
	case strings.HasPrefix(strings.TrimLeft(keys, ","), "#"):
		return Dial{}, dialNoID
	case keys != "" && keys[0] != ',':
		keys = ",," + keys // time for the other side to answer
	}
	if len(keys) > maxKeys {
		return Dial{}, dialTooLong
	}
	return Dial{number: number, keys: &keys}, reason{}
}

// extends reports whether d presses what e does, and then more.
func (d Dial) extends(e Dial) bool {
	return e.Keys() != "" && len(d.Keys()) > len(e.Keys()) && strings.HasPrefix(d.Keys(), e.Keys())
}

// feedNumber reads a number as it is written or, if that can be nobody's, as
// one whose country code was forgotten: +3015550123 is Maryland, not Greece.
func feedNumber(text string, countries []string) (vault.Number, reason) {
	digits := strings.TrimPrefix(text, "+")
	bad := dialNotNumber
	for _, spelling := range []string{text, "+" + digits, digits} {
		n, err := vault.ParseNumber(spelling)
		if err != nil {
			continue
		}
		why := bridgeFault(n, countries)
		if why == (reason{}) {
			return n, why
		}
		if bad == dialNotNumber {
			bad = why
		}
		if n.Country() != "" {
			break
		}
	}
	return vault.Number{}, bad
}

// bridgeFault says why the line, which pays for the call, must not dial a
// bridge's number.
func bridgeFault(n vault.Number, countries []string) reason {
	switch undialled(n, countries) {
	case flows.UndialledDear:
		return reason{"it is a premium-rate number, which the line would pay for", "use an ordinary number"}
	case flows.UndialledUnused:
		return reason{"its number is in no range that is in use", "check the country and the area code"}
	case flows.UndialledAfield:
		return reason{"its number is in none of the countries that may be called: " + strings.Join(countries, ", "),
			"use a number in one of them, or add its country to ALLOWED_COUNTRIES"}
	}
	return reason{}
}

// checkSharedNumbers takes the groups back whose bridge other rows reach with a
// meeting's id, and theirs without: their callers would be asked for it.
func (p *guideParser) checkSharedNumbers() {
	shared := map[string]bool{}
	for _, g := range p.feed.Groups {
		if g.BridgeDial.Keys() != "" {
			shared[g.BridgeDial.Number().Reveal(vault.ForDial)] = true
		}
	}
	kept := p.feed.Groups[:0]
	for _, g := range p.feed.Groups {
		if g.Bridge && g.BridgeDial.Keys() == "" && shared[g.BridgeDial.Number().Reveal(vault.ForDial)] && !p.becomesPlace(&g) {
			p.feed.Held = append(p.feed.Held, g.Slug)
			continue
		}
		kept = append(kept, g)
	}
	p.feed.Groups = kept
}

// becomesPlace reports a bridge that cannot be dialled, and makes a place of its
// group if the row has an address too; false if it has none.
func (p *guideParser) becomesPlace(g *Group) bool {
	p.row, p.slug = p.slugs[g.Slug], ""
	if repeatable.MatchString(g.Slug) {
		p.slug = g.Slug
	}
	place, why := p.places[g.Slug], dialShared
	if place == "" {
		p.add("conference_phone", why, false)
		return false
	}
	why.what += "; the group is imported as a place"
	p.add("conference_phone", why, true)
	g.Bridge, g.BridgeDial, g.Place = false, Dial{}, place
	return true
}
