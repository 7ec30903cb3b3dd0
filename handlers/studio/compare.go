package studio

import (
	"fmt"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// State is how a line of the script is said.
type State string

// The states of a line of the script.
const (
	Heard   State = "heard"   // in somebody's voice
	Draft   State = "draft"   // by the carrier's, and somebody's waits for approval
	Stale   State = "stale"   // by the carrier's: the words have changed since
	Missing State = "missing" // by the carrier's
)

// Listed is a line of the script with what is recorded of it.
type Listed struct {
	flows.ScriptLine
	Lang  string `json:"language"`
	State State  `json:"state"`
	// Kept and Draft are its recordings, nil where there is none; either may be stale.
	Kept    *store.Recording `json:"kept,omitempty"`
	Draft   *store.Recording `json:"draft,omitempty"`
	Remarks []string         `json:"remarks,omitempty"` // what whoever listens should look for
}

// Waits says that there is a draft of these words, which waits for approval.
func (l Listed) Waits() bool { return l.Draft != nil && l.Draft.TextHash == l.Hash }

// What is worth a second hearing, of a recording that is heard (F021).
const (
	longSeconds = 25
	longSilence = 700 * time.Millisecond
	clipped     = -0.1 // dBFS
)

// Compare lists the script of a language with what of the recordings of a line is of it.
func Compare(f *flows.Flow, lang string, all []store.Recording) []Listed {
	byWords, byPrompt := map[string]*store.Recording{}, map[string]*store.Recording{}
	for i := range all {
		if r := &all[i]; r.Lang == lang {
			byWords[string(r.State)+" "+r.TextHash] = r
			byPrompt[string(r.State)+" "+r.Prompt] = r
		}
	}
	find := func(state store.RecordingState, l flows.ScriptLine) *store.Recording {
		if r := byWords[string(state)+" "+l.Hash]; r != nil {
			return r
		}
		return byPrompt[string(state)+" "+l.Prompt]
	}
	var listed []Listed
	for _, l := range f.Script(lang) {
		one := Listed{ScriptLine: l, Lang: lang, Kept: find(store.RecordingKept, l), Draft: find(store.RecordingDraft, l)}
		fits := func(r *store.Recording) bool { return r != nil && r.TextHash == l.Hash }
		switch {
		case fits(one.Kept):
			one.State = Heard
			one.Remarks = remarks(*one.Kept)
			if fits(one.Draft) {
				one.Remarks = append(one.Remarks, "a new draft waits")
			}
		case fits(one.Draft):
			one.State = Draft
			one.Remarks = remarks(*one.Draft)
		case one.Kept != nil || one.Draft != nil:
			one.State = Stale
		default:
			one.State = Missing
		}
		listed = append(listed, one)
	}
	return listed
}

// Long says that a recording is longer than anybody keeps in mind.
func Long(r store.Recording) bool { return r.Seconds > longSeconds }

// Halting says that there is a silence in it that sounds like the end.
func Halting(r store.Recording) bool { return r.Silence > longSilence }

// Clipped says that it was louder than it could be taken down.
func Clipped(r store.Recording) bool { return r.Peak > clipped }

func remarks(r store.Recording) (all []string) {
	if Long(r) {
		all = append(all, fmt.Sprintf("%.0f s long", r.Seconds))
	}
	if Halting(r) {
		all = append(all, fmt.Sprintf("a silence of %.1f s", r.Silence.Seconds()))
	}
	if Clipped(r) {
		all = append(all, "clipped")
	}
	return all
}
