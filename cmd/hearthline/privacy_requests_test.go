package main

import (
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A request that starts a text or a call tells these things, each of which is one
// of few, or is meant for a person, or is a token that is never used again.
var (
	ofFew   = []string{"From", "MachineDetection", "MachineDetectionTimeout", "Method", "TimeLimit", "Timeout"}
	ofTimes = []string{"ValidityPeriod"} // a number of seconds
	ofOnce  = map[string]*regexp.Regexp{
		"StatusCallback": regexp.MustCompile(`^https://line\.example\.org/twilio/sent\?r=([A-Za-z0-9_-]+)#rc=5&rp=all$`),
		"Url":            regexp.MustCompile(`^https://line\.example\.org/twilio/voice\?c=([A-Za-z0-9_-]+)#rc=2&rp=ct,5xx$`),
	}
	forPeople = []string{"Body", "To"}
)

// mostOfFew is how many values there may be of what is one of few, over all kinds of
// texts and calls.
const mostOfFew = 2

// requestFaults returns what the requests that start texts and calls tell besides,
// and what is said in calls that we place before their key.
func (w *watch) requestFaults() []string {
	w.t.Helper()
	faults := map[string]bool{}
	values, tokens, lengths := map[string]map[string]bool{}, map[string]bool{}, map[string]map[int]bool{}
	for _, a := range w.starts() {
		for name, all := range a.params {
			value := strings.Join(all, "\n")
			once := ofOnce[name]
			switch {
			case once != nil:
				token := once.FindStringSubmatch(value)
				if token == nil {
					faults[name+" is more than a token"] = true
					continue
				}
				if tokens[token[1]] {
					faults[name+" has a token that was used before"] = true
				}
				tokens[token[1]] = true
				if lengths[name] == nil {
					lengths[name] = map[int]bool{}
				}
				lengths[name][len(token[1])] = true
			case slices.Contains(ofFew, name):
				if values[name] == nil {
					values[name] = map[string]bool{}
				}
				values[name][value] = true
			case slices.Contains(ofTimes, name):
				if strings.Trim(value, "0123456789") != "" {
					faults[name+" is no number"] = true
				}
			case !slices.Contains(forPeople, name):
				faults[name+" is told"] = true
			}
		}
	}
	for name, all := range values {
		if len(all) > mostOfFew {
			faults[fmt.Sprintf("%s is one of %d", name, len(all))] = true
		}
	}
	for name, all := range lengths {
		if len(all) > 1 {
			faults[fmt.Sprintf("%s tells a kind by its length: %v", name, slices.Sorted(maps.Keys(all)))] = true
		}
	}
	for _, words := range w.beforeTheKey() {
		if !slices.Contains(neutral, words) {
			faults[fmt.Sprintf("before the key is said %q", words)] = true
		}
	}
	return slices.Sorted(maps.Keys(faults))
}

// starts are the requests that start texts and calls.
func (w *watch) starts() []ask {
	w.rest.mu.Lock()
	defer w.rest.mu.Unlock()
	var all []ask
	for _, a := range w.rest.asks {
		if a.method == http.MethodPost && (strings.HasSuffix(a.path, "/Messages.json") || strings.HasSuffix(a.path, "/Calls.json")) {
			all = append(all, a)
		}
	}
	return all
}

// neutral is all that may be said before a key in a call that we place.
var neutral = []string{
	"", // to a machine, and while it is not known what has answered
	"Hello. This is an automated call that was asked for. If you expected it, press 1. To stop these calls, press 9. Otherwise, please hang up.",
	"Hello. This is an automated call that was asked for. There is nothing to do. Hello. This is an automated call that was asked for. There is nothing to do.",
	"Thank you. Goodbye.",
	"Hola. Esta es una llamada automática solicitada. Si la esperaba, oprima 1. Para no recibir más llamadas como esta, oprima 9. En otro caso, cuelgue por favor.",
	"Hola. Esta es una llamada automática solicitada. No tiene que hacer nada. Hola. Esta es una llamada automática solicitada. No tiene que hacer nada.",
	"Gracias. Adiós.",
}

// beforeTheKey is what was said in calls that we placed, up to their first key.
func (w *watch) beforeTheKey() []string {
	w.t.Helper()
	pressed, found := map[string]bool{}, map[string]bool{}
	for _, x := range w.carrier.Exchanges() {
		if x.Params.Get("Direction") != "outbound-api" {
			continue
		}
		if x.Params.Get("Digits") != "" {
			pressed[x.Call] = true
		}
		if !pressed[x.Call] && x.Body != "" {
			found[wordsOf(w.t, x.Body)] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// wordsOf are the words of a document.
func wordsOf(t testing.TB, document string) string {
	t.Helper()
	var all []string
	d := xml.NewDecoder(strings.NewReader(document))
	for {
		token, err := d.Token()
		if err != nil {
			return strings.Join(all, " ")
		}
		if text, ok := token.(xml.CharData); ok && strings.TrimSpace(string(text)) != "" {
			all = append(all, strings.TrimSpace(string(text)))
		}
	}
}

func TestTheRequestScanIsRedForEachControlThatIsTakenAway(t *testing.T) {
	t.Parallel()
	w := newWatch(t, nil)
	w.outside()
	const sent, voice = "https://line.example.org/twilio/sent?r=", "https://line.example.org/twilio/voice?c="
	text := func(callback string, more ...string) {
		form := url.Values{"From": {lineNumber}, "To": {sam}, "Body": {"Hello."}, "StatusCallback": {callback}}
		for _, name := range more {
			form.Set(name, "3")
		}
		w.ask("/Messages.json", form)
	}
	text(sent+"AAAA#rc=5&rp=all", "ValidityPeriod")
	if got := w.requestFaults(); len(got) != 0 {
		t.Fatalf("of one text: %q", got)
	}
	text(sent + "AAAA#rc=5&rp=all")
	text(sent + "AAAAAA#rc=5&rp=all")
	text(sent + "BBBB&group=5#rc=5&rp=all")
	text(sent+"CCCC#rc=5&rp=all", "RiskCheck")
	w.carrier.Phone(sam).Behave(human)
	w.mutant(`<Response><Say>Your circle begins.</Say></Response>`, func() {
		for _, limit := range []string{"60", "120", "180"} {
			w.ask("/Calls.json", url.Values{"From": {lineNumber}, "To": {sam}, "TimeLimit": {limit}, "Url": {voice + limit + "#rc=2&rp=ct,5xx"}})
			w.carrier.Advance(time.Minute)
		}
	})
	want := []string{
		"RiskCheck is told", "StatusCallback has a token that was used before", "StatusCallback is more than a token",
		"StatusCallback tells a kind by its length: [4 6]", "TimeLimit is one of 3", "Url tells a kind by its length: [2 3]",
		`before the key is said "Your circle begins."`,
	}
	if diff := cmp.Diff(want, w.requestFaults()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
