package emulator

import (
	"fmt"
	"strings"
	"time"
)

// heard is an utterance at a phone that may still be going on.
type heard struct {
	c    *Call
	u    Utterance
	open bool // how long it lasts is not known yet
}

func (c *Call) hear(u Utterance) *heard {
	u.At = c.e.clock.Now()
	h := &heard{c: c, u: u}
	c.phone.heard = append(c.phone.heard, h)
	c.log = append(c.log, entry{at: u.At, heard: h})
	c.e.emit(Event{Kind: u.Kind, Phone: c.phone.number, Call: c.sid, Text: u.Text, Utterance: &u})
	return h
}

// hearOpen is for what goes on until it is closed.
func (c *Call) hearOpen(u Utterance) *heard {
	h := c.hear(u)
	h.open = true
	return h
}

// close ends what is open.
func (h *heard) close() {
	if h != nil && h.open {
		h.u = h.now()
		h.open = false
	}
}

// cut ends what is not over.
func (h *heard) cut() {
	last := h.c.e.clock.Now().Sub(h.u.At)
	if last >= h.u.Duration {
		return
	}
	h.u.Duration, h.u.Cut = last, true
	u := h.u
	h.c.e.emit(Event{Kind: EventCut, Phone: h.c.phone.number, Call: h.c.sid, Text: u.Text, Utterance: &u})
}

func (h *heard) now() Utterance {
	u := h.u
	if h.open {
		u.Duration = h.c.e.clock.Now().Sub(u.At)
	}
	return u
}

// entry is a line of a call's transcript.
type entry struct {
	at    time.Time
	text  string
	heard *heard
}

func (c *Call) note(text string) {
	c.log = append(c.log, entry{at: c.e.clock.Now(), text: text})
}

// Transcript returns what happened at the phone during the call, a line each
// that begins with the seconds since the call was made. It holds no SIDs and
// no tokens, so that it compares with a golden file. A recording is told by
// its URL's path.
func (c *Call) Transcript() string {
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	var b strings.Builder
	for _, n := range c.log {
		text := n.text
		if n.heard != nil {
			text = n.heard.line()
		}
		fmt.Fprintf(&b, "%8.2f  %s\n", n.at.Sub(c.created).Seconds(), text)
	}
	return b.String()
}

func (h *heard) line() string {
	u := h.now()
	who := u.Kind
	switch {
	case u.Kind == KindSay:
		who = ""
	case u.Kind == KindRoom:
		who = u.From
	case u.From != "":
		who = u.Kind + " of " + u.From
	}
	text := u.Text
	if u.Kind == KindPlay && strings.Contains(text, "://") {
		text = pathOf(text)
	}
	line := strings.TrimSpace("heard "+who) + ": " + text
	if u.Language != "" && u.Language != "en-US" {
		line += " [" + u.Language + "]"
	}
	if u.Duration > 0 {
		line += fmt.Sprintf(" (%.2f s)", u.Duration.Seconds())
	}
	if u.Cut {
		line += " cut"
	}
	return line
}

// pathOf returns the path of an absolute URL.
func pathOf(address string) string {
	_, path, _ := strings.Cut(address, "://")
	_, path, _ = strings.Cut(path, "/")
	path, _, _ = strings.Cut("/"+path, "?")
	return path
}
