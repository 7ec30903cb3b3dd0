package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// words are what somebody was told by the line, the last first, as far as one asks.
func (g *gathering) lastHeard(name string) []string {
	g.t.Helper()
	var all []string
	for _, u := range g.people[name].Heard() {
		all = append([]string{u.Text}, all...)
	}
	return all
}

// keyFor is the key that the words about somebody or something were last told with,
// "" if none was.
func (g *gathering) keyFor(name, what string) string {
	g.t.Helper()
	told := regexp.MustCompile(`(?i)` + regexp.QuoteMeta(what) + `[^.]*, press (\d)`)
	for i, words := range g.lastHeard(name) {
		if m := told.FindStringSubmatch(words); m != nil {
			return m[1]
		}
		if i == 2 {
			break
		}
	}
	return ""
}

// picks has a facilitator find somebody in a list that is read four at a time.
func (g *gathering) picks(name, alias string) {
	g.t.Helper()
	call := g.people[name].Current()
	for range 5 {
		if key := g.keyFor(name, alias); key != "" {
			call.Press(key)
			return
		}
		more := g.keyFor(name, "more")
		if more == "" {
			break
		}
		call.Press(more)
	}
	g.t.Fatalf("%s does not find %s:\n%s", name, alias, call.Transcript())
}

// show is what staff see of the session.
func (g *gathering) show() shownSession {
	g.t.Helper()
	var now shownSession
	if err := json.Unmarshal([]byte(g.types("", "session", "show", heldCode, "--json")), &now); err != nil {
		g.t.Fatal(err)
	}
	return now
}

// meets says who has which alias: aliases are drawn, so that a transcript has
// names in their place. Names are given in the order of seats.
func (g *gathering) meets(names ...string) {
	g.t.Helper()
	now := g.show()
	if len(now.People) != len(names) {
		g.t.Fatalf("%d are there, want %d: %+v", len(now.People), len(names), now.People)
	}
	for i, p := range now.People {
		g.aliases[names[i]] = p.Alias
	}
}

var keyForTexts = regexp.MustCompile(`\b\d, \d, \d, \d\b`)

// brief is a transcript without what is heard again and again while one waits.
func brief(transcript string) string {
	lines := strings.SplitAfter(transcript, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.Contains(l, "still wait") }), "")
}

// told is a transcript with the people's own names in place of aliases, and
// without the key for texts.
func (g *gathering) told(transcript string) string {
	for _, name := range g.names {
		if alias := g.aliases[name]; alias != "" {
			transcript = strings.ReplaceAll(transcript, alias, "<"+name+">")
		}
		transcript = strings.ReplaceAll(transcript, g.people[name].Number(), "<"+name+">")
	}
	return keyForTexts.ReplaceAllString(micFirst(transcript), "#, #, #, #")
}

// micFirst puts a microphone that is opened or closed before the note that is begun
// at the same moment: they are two requests at once, whose order is nobody's.
func micFirst(transcript string) string {
	lines := strings.SplitAfter(transcript, "\n")
	for i := range len(lines) - 1 {
		at, _, said := strings.Cut(lines[i], "  heard: ")
		if said && (lines[i+1] == at+"  unmuted\n" || lines[i+1] == at+"  muted\n") {
			lines[i], lines[i+1] = lines[i+1], lines[i]
		}
	}
	return strings.Join(lines, "")
}
