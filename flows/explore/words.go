package explore

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
)

// words are what is known of the words of a flow, and what was already looked at.
type words struct {
	source     string // the language that the others are translated from
	vocabulary map[string]map[string]int
	seed       maphash.Seed
	seen       map[uint64]bool
}

func newWords(f *flows.Flow, languages []string) words {
	w := words{source: f.Languages()[0], vocabulary: map[string]map[string]int{}, seed: maphash.MakeSeed(), seen: map[uint64]bool{}}
	for _, lang := range append([]string{w.source}, languages...) {
		w.vocabulary[lang] = f.Vocabulary(lang)
	}
	return w
}

// What words are looked at as: by themselves, or those that make a text together.
const (
	alone    = 'a'
	together = 't'
	written  = 'w'
)

// isNew says whether such words were never looked at, and takes them in.
func (w *words) isNew(as byte, said ...flows.Utterance) bool {
	var h maphash.Hash
	h.SetSeed(w.seed)
	h.WriteByte(as)
	for _, u := range said {
		h.WriteString(u.Prompt)
		h.WriteByte(0)
		h.WriteString(u.Lang)
		h.WriteByte(0)
		for _, p := range u.Parts {
			h.WriteString(p.Text)
		}
		h.WriteByte(0)
	}
	sum := h.Sum64()
	if w.seen[sum] {
		return false
	}
	w.seen[sum] = true
	return true
}

// mostSegments is what no text may take more of.
const mostSegments = 3

// checkWords holds what a turn says: something in every sentence, in the caller's
// language, and of a text within its segments. It says whether the words are new.
func (w *walk) checkWords(r result) bool {
	isNew := false
	for _, u := range r.Said {
		if !w.words.isNew(alone, u) {
			continue
		}
		isNew = true
		text := u.Text()
		w.counts.prompts[[2]string{u.Lang, u.Prompt}] = true
		if strings.TrimSpace(text) == "" && u.Sound == "" {
			w.faultAt(r.State.Node, faultWords, fmt.Sprintf("%s says nothing in %s", u.Prompt, u.Lang))
		}
		if leak := w.words.leak(u.Lang, text); leak != "" {
			w.faultAt(r.State.Node, faultWords, fmt.Sprintf("%s says %q in %s", u.Prompt, leak, u.Lang))
		}
	}
	for _, u := range r.Said {
		if u.Lang != r.State.Lang && !w.foreign(r, u) {
			w.faultAt(r.State.Node, faultWords, fmt.Sprintf("%s is said in %s to who hears %s", u.Prompt, u.Lang, r.State.Lang))
		}
	}
	if !w.world.Text || len(r.Said) == 0 {
		return isNew
	}
	if !w.words.isNew(together, r.Said...) {
		return isNew
	}
	message := r.Message()
	if !w.words.isNew(written, flows.Utterance{Parts: []flows.Part{{Text: message}}}) {
		return isNew
	}
	cost := flows.CountSegments(message)
	if w.counts.Segments[cost.Count]++; cost.Count > mostSegments {
		w.faultAt(r.State.Node, faultSegment, fmt.Sprintf("the text takes %d segments in %s", cost.Count, r.State.Lang))
	}
	return true
}

// checkOthers has what was just said for the first time said in each other language, to
// who does the same.
func (w *walk) checkOthers(p place, in flows.Input, r result) {
	if p.state.Lang != w.world.lead[0] {
		return
	}
	for _, lang := range w.world.lead[1:] {
		s := p.state
		s.Lang = lang
		w.turn(s, in, func(same result) {
			if slices.Equal(same.asked, r.asked) {
				w.checkWords(same)
			}
		})
	}
}

// foreign says whether a sentence may be in another language: an option that is spoken
// to who does not understand the caller's, or a language by its own name.
func (w *walk) foreign(r result, u flows.Utterance) bool {
	for _, name := range r.nodes {
		if step := w.steps[name]; step.Foreign == u.Prompt || step.Kind == "pick" {
			return true
		}
	}
	step := w.steps[r.State.Node]
	return step.Foreign == u.Prompt || step.Kind == "pick"
}

// leak finds two words beside each other that the source's prompts have, and those of
// the language do not, but for a single one that may be untranslated; "" for none.
func (w *words) leak(lang, text string) string {
	if lang == w.source {
		return ""
	}
	from, own := w.vocabulary[w.source], w.vocabulary[lang]
	before := ""
	for _, word := range flows.PlainWords(text) {
		if from[word] == 0 || own[word] > 1 || strings.Trim(word, "0123456789") == "" {
			before = ""
			continue
		}
		if before != "" {
			return before + " " + word
		}
		before = word
	}
	return ""
}
