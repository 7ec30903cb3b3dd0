package main

import (
	"fmt"
	"html"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

// topics are the words that tell what a group is about, and what names it: of
// the dictionary, and each group's own.
type topics struct{ words, phrases map[string]bool }

// topics of the stage's groups.
func (w *watch) topics() topics {
	w.t.Helper()
	t := topics{words: map[string]bool{}, phrases: map[string]bool{}}
	text, err := os.ReadFile("testdata/topics.txt")
	if err != nil {
		w.t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if word := strings.TrimSpace(line); !strings.HasPrefix(word, "#") {
			t.words[word] = true
		}
	}
	if len(t.words) < 300 {
		w.t.Errorf("the dictionary has %d words", len(t.words))
	}
	groups, _, err := demoGroups(w.clock.Now(), w.config.zone)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, g := range groups {
		t.words[g.Code] = true
		for _, topic := range g.Topics {
			t.words[topic] = true
		}
		for _, name := range g.Name {
			t.phrases[strings.ToLower(name)] = true
			t.phrases[strings.ToLower(unaccented.Replace(name))] = true
		}
	}
	return t
}

// unaccented is how a text of one segment spells names that have letters of which
// its alphabet lacks some.
var unaccented = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u")

// longWord is one that no person wrote: a token or an id. Pieces of it say
// nothing, even if they spell a word.
const longWord = 24

// in returns what of the topics a text says.
func (t topics) in(text string) []string {
	text = strings.ToLower(text)
	found := map[string]bool{}
	for phrase := range t.phrases {
		if strings.Contains(text, phrase) {
			found[phrase] = true
		}
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' }) {
		parts := []string{word}
		if len(word) < longWord {
			parts = append(parts, strings.FieldsFunc(word, func(r rune) bool { return r == '-' || r == '_' })...)
		}
		for _, part := range parts {
			if t.words[part] {
				found[part] = true
			}
		}
	}
	var all []string
	for f := range found {
		all = append(all, f)
	}
	slices.Sort(all)
	return all
}

// started is everything that we start, or that the carrier keeps without being
// asked: addresses, names, labels, requests, texts that answer nothing, and what
// is said on calls that we place.
func (w *watch) started() []piece {
	w.t.Helper()
	told := w.told()
	all := slices.Concat(told.addresses, told.names, told.requests)
	for _, t := range w.outbound("outbound-api", w.clear) {
		all = append(all, piece{where: "a text", text: []byte(t.Body)})
	}
	for _, x := range w.carrier.Exchanges() {
		if x.Params.Get("Direction") == "outbound-api" && !w.clear[x.Params.Get("To")] {
			all = append(all, piece{where: "a call that we placed", text: []byte(html.UnescapeString(x.Body))})
		}
	}
	return all
}

// told returns the topics that are in what we start, each with where.
func (t topics) told(pieces []piece) []string {
	found := map[string]bool{}
	for _, p := range pieces {
		for _, topic := range t.in(string(p.text)) {
			found[fmt.Sprint(topic, " ", p.where)] = true
		}
	}
	var all []string
	for f := range found {
		all = append(all, strings.TrimSpace(f))
	}
	slices.Sort(all)
	return all
}

func TestTheTopicScanIsRedForEachControlThatIsTakenAway(t *testing.T) {
	t.Parallel()
	w := newWatch(t, nil)
	w.outside()
	topics := w.topics()
	w.visit(visits[0], sam)
	if got := topics.told(w.started()); len(got) != 0 {
		t.Errorf("of a call and two texts, the carrier is told %q", got)
	}
	w.answered(`<Response><Dial><Conference statusCallback="https://line.example.org/twilio/room" statusCallbackEvent="join">One day at a time</Conference></Dial></Response>`)
	w.answered(`<Response><Dial><Conference participantLabel="Grief-2" statusCallback="https://line.example.org/twilio/room?g=482105" statusCallbackEvent="join">r</Conference></Dial></Response>`)
	w.ask("/Messages.json", url.Values{"From": {lineNumber}, "To": {bridgeLine}, "Body": {"Your Recovery meeting begins."}})
	w.ask("/Calls.json", url.Values{"From": {lineNumber}, "To": {crisisLine}, "Url": {"https://line.example.org/twilio/voice?topic=sobriedad"}})
	want := []string{"482105", "grief label", "one day at a time room", "recovery Body", "recovery a text", "sobriedad", "sobriedad Url"}
	if diff := cmp.Diff(want, topics.told(w.started())); diff != "" {
		t.Errorf("what the carrier is told (-want +got):\n%s", diff)
	}
}
