package leakscan

import (
	"slices"
	"strings"
)

// separators stand between the parts of a number, or between its digits.
var separators = []struct{ name, text string }{
	{"dashes", "-"}, {"dots", "."}, {"spaces", " "}, {"slashes", "/"}, {"underscores", "_"}, {"colons", ":"}, {"bars", "|"},
	{"commas", ","}, {"commas and spaces", ", "}, {"dots and spaces", ". "}, {"tabs", "\t"}, {"lines", "\n"},
	{"no-break spaces", "\u00a0"}, {"thin spaces", "\u2009"}, {"no-break hyphens", "\u2011"}, {"en dashes", "\u2013"},
	{"plus signs", "+"}, {"escaped spaces", "%20"}, {"semicolons", ";"}, {"quotes and commas", `","`},
}

// writings are how people and programs write a number in digits.
func writings() []encoding {
	all := []encoding{
		one("national digits", func(p phone) string { return p.national }), // and so E.164, with any prefix
		one("parentheses", phone.parens),
		one("parentheses, close", func(p phone) string { return "(" + p.area + ")" + p.exchange + "-" + p.line }),
		one("parentheses and spaces", func(p phone) string { return "(" + p.area + ") " + p.exchange + " " + p.line }),
		one("parentheses and dots", func(p phone) string { return "(" + p.area + ") " + p.exchange + "." + p.line }),
		one("slash and dash", func(p phone) string { return p.area + "/" + p.exchange + "-" + p.line }),
		one("space and dash", func(p phone) string { return p.area + " " + p.exchange + "-" + p.line }),
		one("dash and local digits", func(p phone) string { return p.area + "-" + p.exchange + p.line }),
		one("space and local digits", func(p phone) string { return p.area + " " + p.exchange + p.line }),
		one("backwards", func(p phone) string { return backwards(p.national) }),
		one("backwards in dashes", func(p phone) string { return backwards(p.grouped("-")) }),
		one("pairs swapped", func(p phone) string { return swapped(p.digits + "f")[:len(p.digits)-1] }),
	}
	for _, sep := range separators {
		all = append(all,
			one("groups in "+sep.name, func(p phone) string { return p.grouped(sep.text) }),
			one("single digits in "+sep.name, func(p phone) string { return p.apart(sep.text) }))
	}
	for _, sep := range []struct{ name, text string }{{"spaces", " "}, {"dashes", "-"}, {"dots", "."}} {
		all = append(all,
			one("pairs in "+sep.name, func(p phone) string { return every(2, p.national, sep.text) }),
			one("E.164 by pairs in "+sep.name, func(p phone) string { return every(2, p.digits, sep.text) }),
			one("triples in "+sep.name, func(p phone) string { return every(3, p.national, sep.text) }))
	}
	for _, sep := range []struct{ name, text string }{
		{"commas", ","}, {"dots", "."}, {"spaces", " "}, {"apostrophes", "'"}, {"underscores", "_"}, {"narrow spaces", "\u202f"},
	} {
		all = append(all,
			one("thousands in "+sep.name, func(p phone) string { return thousands(p.national, sep.text) }),
			one("E.164 as thousands in "+sep.name, func(p phone) string { return thousands(p.digits, sep.text) }))
	}
	return all
}

// digitScripts are digits of other scripts than ours.
func digitScripts() []encoding {
	var all []encoding
	for _, script := range []struct {
		name string
		zero rune
	}{
		{"fullwidth digits", '０'}, {"Arabic digits", '٠'}, {"Persian digits", '۰'}, {"Devanagari digits", '०'}, {"Bengali digits", '০'},
		{"bold digits", '𝟎'}, {"monospaced digits", '𝟶'}, {"subscript digits", '₀'},
	} {
		all = append(all, one(script.name, func(p phone) string {
			return strings.Map(func(r rune) rune { return script.zero + r - '0' }, p.national)
		}))
	}
	return append(all, one("keycap digits", func(p phone) string { return p.apart("\ufe0f\u20e3") }))
}

func backwards(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

// swapped exchanges the two of each pair, as telephone signalling does.
func swapped(s string) string {
	b := []byte(s)
	for i := 0; i+1 < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(b)
}

// every puts sep after each n bytes.
func every(n int, s, sep string) string {
	var parts []string
	for part := range slices.Chunk([]byte(s), n) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, sep)
}

// thousands groups digits by three from the right.
func thousands(s, sep string) string {
	head := len(s) % 3
	if head == 0 {
		return every(3, s, sep)
	}
	return s[:head] + sep + every(3, s[head:], sep)
}
