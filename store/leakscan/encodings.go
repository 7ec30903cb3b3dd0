package leakscan

import "slices"

// encoding is a way to write a number. Its needles are the strings of bytes
// that are there whenever a number was written so, at any place of a longer
// text.
type encoding struct {
	name    string
	needles func(phone) []string
	alone   bool // the needles are short: they count as words of their own only
}

var encodings = slices.Concat(writings(), digitScripts(), wordings(), escapes(), transports(), integers(), binaries(), hashes())

// Encodings returns the names of all ways in which numbers are looked for.
func Encodings() []string {
	names := make([]string, len(encodings))
	for i, e := range encodings {
		names[i] = e.name
	}
	return names
}

// one makes an encoding of a single needle.
func one(name string, write func(phone) string) encoding {
	return encoding{name: name, needles: func(p phone) []string { return []string{write(p)} }}
}

// word makes an encoding that is looked for as a word of its own.
func word(name string, write ...func(phone) string) encoding {
	return encoding{name: name, alone: true, needles: func(p phone) []string {
		var all []string
		for _, w := range write {
			all = append(all, w(p))
		}
		return all
	}}
}
