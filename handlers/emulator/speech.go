package emulator

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

const (
	// perWord is one word at 150 a minute.
	perWord = time.Minute / 150
	// perHan is one character of a script that writes without spaces, at the
	// usual 240 or so a minute.
	perHan = 250 * time.Millisecond
	// longestBreak is what SSML allows.
	longestBreak = 10 * time.Second
)

// speech is what a Say comes to: the words as heard and how long they last.
type speech struct {
	text string
	last time.Duration
}

// speechOf reads a Say with its SSML.
func speechOf(n *node) speech {
	var s speech
	var words []string
	s.read(n, 1, &words)
	s.text = strings.Join(words, " ")
	s.last = s.last.Round(time.Millisecond)
	return s
}

func (s *speech) read(n *node, rate float64, words *[]string) {
	switch n.name {
	case "break":
		s.last += breakOf(n)
		return
	case "prosody":
		rate *= rateOf(n.str("rate", "medium"))
	case "sub":
		if alias, ok := n.lookup("alias"); ok {
			s.speak(alias, rate, words)
			return
		}
	case "say-as":
		switch n.str("interpret-as", "") {
		case "digits", "characters", "spell-out", "telephone":
			s.speak(strings.Join(strings.Split(strings.Join(strings.Fields(n.text()), ""), ""), " "), rate, words)
			return
		}
	}
	for _, p := range n.parts {
		if p.node != nil {
			s.read(p.node, rate, words)
		} else {
			s.speak(p.text, rate, words)
		}
	}
	if n.name == "p" {
		s.last += breakLengths["strong"]
	}
}

func (s *speech) speak(text string, rate float64, words *[]string) {
	fields := strings.Fields(text)
	s.last += time.Duration(float64(lengthOf(fields)) / rate)
	// A mark that follows an element belongs to the word before it.
	if before := len(*words) - 1; before >= 0 && len(fields) > 0 && strings.HasPrefix(text, fields[0]) && lengthOf(fields[:1]) == 0 {
		(*words)[before] += fields[0]
		fields = fields[1:]
	}
	*words = append(*words, fields...)
}

// lengthOf is how long words take to say.
func lengthOf(words []string) time.Duration {
	var d time.Duration
	for _, w := range words {
		han, other := 0, false
		for _, r := range w {
			if unicode.Is(unicode.Han, r) {
				han++
			} else if unicode.IsLetter(r) || unicode.IsDigit(r) {
				other = true
			}
		}
		d += time.Duration(han) * perHan
		if other {
			d += perWord
		}
	}
	return d
}

var breakLengths = map[string]time.Duration{
	"none": 0, "x-weak": 0, "weak": 250 * time.Millisecond, "medium": 500 * time.Millisecond,
	"strong": 750 * time.Millisecond, "x-strong": time.Second,
}

func breakOf(n *node) time.Duration {
	if d, ok := breakLength(n.str("time", "")); ok {
		return min(d, longestBreak)
	}
	if d, ok := breakLengths[n.str("strength", "medium")]; ok {
		return d
	}
	return breakLengths["medium"]
}

func breakLength(s string) (time.Duration, bool) {
	m := breakTime.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	v, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0, false
	}
	if m[3] == "ms" {
		v /= 1000
	}
	return time.Duration(min(v, 1e6) * float64(time.Second)), true
}

func rateOf(s string) float64 {
	named := map[string]float64{"x-slow": 0.5, "slow": 0.75, "fast": 1.25, "x-fast": 1.5}
	if r, ok := named[s]; ok {
		return r
	}
	if percent, ok := strings.CutSuffix(s, "%"); ok {
		if v, err := strconv.ParseFloat(percent, 64); err == nil && v > 0 {
			return v / 100
		}
	}
	return 1
}
