package leakscan

import "strings"

// phone is a number as its encodings read it.
type phone struct {
	e164     string // "+12125550143"
	digits   string // "12125550143"
	national string // "2125550143"
	area     string // "212"
	exchange string // "555"
	line     string // "0143"
}

func parse(e164 string) phone {
	if len(e164) != 12 || e164[:2] != "+1" || strings.Trim(e164[1:], "0123456789") != "" {
		panic("leakscan: not a number of the North American plan")
	}
	return phone{e164: e164, digits: e164[1:], national: e164[2:], area: e164[2:5], exchange: e164[5:8], line: e164[8:]}
}

// grouped writes the number as people read it, with a separator.
func (p phone) grouped(sep string) string {
	return strings.Join([]string{p.area, p.exchange, p.line}, sep)
}

// parens writes the number as the North American plan prints it.
func (p phone) parens() string { return "(" + p.area + ") " + p.exchange + "-" + p.line }

// apart writes the number digit by digit.
func (p phone) apart(sep string) string { return strings.Join(strings.Split(p.national, ""), sep) }

// spelled are the ways to write a number that hide in each deeper encoding.
func (p phone) spelled() []spelling {
	return []spelling{
		{"E.164", p.e164}, {"digits", p.digits}, {"national digits", p.national},
		{"dashes", p.grouped("-")}, {"parentheses", p.parens()},
		{"E.164 and a line end", p.e164 + "\n"}, {"national digits and a line end", p.national + "\n"},
	}
}

// spelling is a number under the name of how it is written.
type spelling struct{ name, text string }
