package emulator

import (
	"fmt"
	"slices"
	"strings"
)

// Texts returns every text of the phone's, in the order they were written:
// its own, and those to it, whatever became of them.
func (p *Phone) Texts() []Text {
	p.e.mu.Lock()
	defer p.e.mu.Unlock()
	return textsOf(p.texts)
}

// Thread returns the phone's texts, a line each that begins with the seconds
// since the first; further lines of a text stand under its first, and of a
// picture it gives the path. It holds no
// SIDs, and no numbers unless the phone writes with more than one, so that it
// compares with a golden file. How a text to the phone fares is said where it
// will not arrive.
func (p *Phone) Thread() string {
	var b strings.Builder
	all := p.Texts()
	several := slices.ContainsFunc(all, func(t Text) bool { return t.other() != all[0].other() })
	for _, t := range all {
		fmt.Fprintf(&b, "%8.2f  %s\n", t.At.Sub(all[0].At).Seconds(), t.line(several))
	}
	return b.String()
}

// other is the number at the far end from the phone.
func (t Text) other() string {
	if t.Direction == inbound {
		return t.To
	}
	return t.From
}

func (t Text) line(several bool) string {
	what := "received"
	switch {
	case t.Direction == inbound && t.Status == statusFailed:
		what = "could not text"
	case t.Direction == inbound:
		what = "texted"
	case t.Status == statusFailed || t.Status == statusUndelivered || t.Status == statusCanceled:
		what = "missed"
	}
	if several {
		what += " (" + t.other() + ")"
	}
	body := t.Body
	for _, address := range t.Media {
		body += " [picture " + pathOf(address) + "]"
	}
	line := what + ": " + strings.ReplaceAll(strings.TrimSpace(body), "\n", "\n"+strings.Repeat(" ", 12))
	if t.Direction == inbound {
		return line
	}
	line += fmt.Sprintf(" (%s, %s, %s", t.Encoding, plural(t.Units, "character"), plural(t.Segments, "segment"))
	if t.Canned {
		line += ", from the carrier itself"
	}
	if what == "missed" || strings.HasPrefix(what, "missed ") {
		line += ", " + t.Status
		if t.Error != 0 {
			line += fmt.Sprintf(" %d", t.Error)
		}
	}
	return line + ")"
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
