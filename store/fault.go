package store

import (
	"fmt"
	"regexp"
	"strings"
)

// Fault is one thing wrong with a file, with its place: the line of a groups
// file, the row of a feed. It never repeats a telephone number, a PIN or a
// bridge, and of a feed's row nothing but its slug.
type Fault struct {
	File  string
	Line  int    // 1 and on; 0 when the fault is the whole file's
	Row   int    // of a feed, 1 and on: the array's index plus one; 0 when the fault is the whole file's
	Slug  string // of the row; "" when it has none that can be repeated
	Group string // its code, or "#2" for the second group when it has no good code; "" outside a group
	Field string // as in "meetings[0].rrule"; "" when it is the whole group's
	What  string
	Mend  string
	// Warning says that the file can be imported all the same.
	Warning bool
}

// Error is one line: where, what, and how to mend it. A row is named by its
// index, counted from 0 as in JSON.
func (f Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
	}
	if f.Row > 0 {
		fmt.Fprintf(&b, "[%d]", f.Row-1)
	}
	if f.Slug != "" {
		b.WriteString(" " + f.Slug)
	}
	b.WriteString(": ")
	if f.Warning {
		b.WriteString("warning: ")
	}
	if f.Group != "" {
		b.WriteString("group " + f.Group + ": ")
	}
	if f.Field != "" {
		b.WriteString(f.Field + ": ")
	}
	b.WriteString(f.What)
	if f.Mend != "" {
		b.WriteString("; " + f.Mend)
	}
	return b.String()
}

// digitRun finds six digits or more, however they are spaced or dotted: a
// number, a PIN or a bridge that somebody typed into another field.
var (
	digitRun = regexp.MustCompile(`\+?\p{Nd}(?:[\s().,/_#*–-]*\p{Nd}){5,}`)
	isoDate  = regexp.MustCompile(`^(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]$`)
)

// longestEcho is how much of a file a fault repeats, in bytes.
const longestEcho = 200

// withoutNumbers is text that came from the file, fit to be repeated.
func withoutNumbers(text string) string {
	text = digitRun.ReplaceAllStringFunc(text, func(run string) string {
		if isoDate.MatchString(run) {
			return run
		}
		return "•"
	})
	if len(text) > longestEcho {
		text = strings.ToValidUTF8(text[:longestEcho], "") + "…"
	}
	return text
}

// nearest returns which of known is meant by text, or "".
func nearest(text string, known []string) string {
	text = strings.ToLower(strings.NewReplacer("_", "-", " ", "-").Replace(text))
	best, at := "", 3
	for _, k := range known {
		if len(text) > 2*len(k) {
			continue
		}
		if d := editDistance(text, strings.ReplaceAll(k, "_", "-")); d < at && d < len(k) {
			best, at = k, d
		}
	}
	return best
}

// editDistance counts the letters to insert, delete or replace (Levenshtein).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := before
			if a[i] != b[j] {
				replaced++
			}
			before = row[j+1]
			row[j+1] = min(replaced, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
