package phone

import (
	"net/url"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
)

// fewApologies is how often a caller is asked again before they are sent away
// with the crisis line's number.
const fewApologies = 3

// apology covers for an answer that did not come: a short neutral sentence,
// and the same question again.
func (c *Calls) apology(w carrier.Webhook, path string, query url.Values) carrier.Response {
	address, times := c.tokens.again(path, query, ended(w, query))
	ours := w.Ours() || path == maskedThemPath
	switch {
	case path == waitPath || path == queuePath: // in a room or at its door, where nothing may hang up
		var said carrier.Response
		if !ours {
			said, _ = c.apologise(w, query, flows.OneMoment)
		}
		return append(said, carrier.Pause{Length: quiet}, carrier.Redirect{URL: address, Method: carrier.POST})
	case ours:
		return unsaid(address, times)
	}
	prompt := flows.OneMoment
	if times >= fewApologies {
		prompt = flows.TryLater
	}
	said, ok := c.apologise(w, query, prompt)
	if !ok {
		return append(callAgain(), carrier.Hangup{})
	}
	if prompt == flows.TryLater {
		return append(said, carrier.Hangup{})
	}
	return append(said, carrier.Redirect{URL: address, Method: carrier.POST})
}

// callAgain is said when no line is known, and so no flow either.
func callAgain() (r carrier.Response) {
	for _, words := range flows.LastResort() {
		r = append(r, carrier.Say{Voice: words.Voice.Name, Language: words.Voice.Locale, Parts: []carrier.Part{carrier.Text(words.Again)}})
	}
	return r
}

// cannotSay answers a text then.
func cannotSay() string {
	var all []string
	for _, words := range flows.LastResort() {
		all = append(all, words.Instead)
	}
	return strings.Join(all, " / ")
}

// apologise speaks in the caller's language when the line is known at all.
func (c *Calls) apologise(w carrier.Webhook, query url.Values, prompt string) (carrier.Response, bool) {
	snap, ok := c.Directories.For(w.Line())
	if !ok {
		return nil, false
	}
	f := c.Flows.Current(snap.Directory.Line.ID)
	s := flows.State{Lang: snap.Directory.Line.Languages[0]}
	for _, purpose := range []string{turnPurpose, waitPurpose, queuePurpose, keptPurpose} {
		if known, ok := c.tokens.openFor(purpose, query.Get(stateKey), w.CallSID()); ok {
			s = known
		}
	}
	said := c.voiced(snap.Directory.Line.ID, []flows.Utterance{f.Say(c.viewOf(w, snap), s, prompt)})
	return carrier.Verbs(carrier.Spoken(f, said)), true
}
