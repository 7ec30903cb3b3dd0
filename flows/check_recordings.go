package flows

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Recording is what is known of a sound that is played instead of a prompt's words.
type Recording struct {
	Lang string
	// Prompt is its name in the catalogue; an option's has the key after it that is said
	// with it, "opt_code@1".
	Prompt string
	// TextHash names the words it was made of, see there; "" if nobody said which: then
	// they are those that the prompt has.
	TextHash string
	Length   time.Duration
	// Peak is the loudest sample, of 1; LongestSilence is within it, not around it.
	Peak           float64
	LongestSilence time.Duration
}

// What a recording may be.
const (
	longestRecording = 25 * time.Second
	longestPause     = 700 * time.Millisecond
	clipped          = 0.999
)

// CheckRecordings is F021: a recording says what its prompt says, in every language of
// the flow that can be recorded, and is neither clipped, nor too long, nor silent for
// long. Its problems are warnings: what is not played is spoken.
func CheckRecordings(f *Flow, recordings []Recording) []Problem {
	var ps problems
	fixed := map[string]map[string]string{} // by language and name
	for _, lang := range f.languages {
		fixed[lang] = f.Recordable(lang)
	}
	recorded, have := map[string]bool{}, map[[2]string]bool{}
	for _, r := range recordings {
		at := top("audio/" + r.Lang + "/" + r.Prompt + ".wav")
		words, ok := fixed[r.Lang][r.Prompt]
		switch {
		case !ok:
			ps.warn("F021", at, "remove it: what has a slot is spoken", "no prompt of %s is said in the same words as %q each time", tongue(r.Lang), r.Prompt)
			continue
		case r.TextHash != "" && r.TextHash != TextHash(words):
			ps.warn("F021", at, "record it again: until then the words are spoken", "the words of %q have changed since it was recorded in %s", r.Prompt, tongue(r.Lang))
		}
		recorded[r.Prompt], have[[2]string{r.Lang, r.Prompt}] = true, true
		if r.Length > longestRecording {
			ps.warn("F021", at, "say it faster, or shorten the prompt", "the recording of %q takes %.0f seconds", r.Prompt, r.Length.Seconds())
		}
		if r.Peak >= clipped {
			ps.warn("F021", at, "record it again, further from the microphone", "the recording of %q is clipped", r.Prompt)
		}
		if r.LongestSilence > longestPause {
			ps.warn("F021", at, "record it again, or take the pause out", "the recording of %q is silent for %d ms", r.Prompt, r.LongestSilence.Milliseconds())
		}
	}
	for _, lang := range f.languages {
		for _, name := range slices.Sorted(maps.Keys(recorded)) {
			if fixed[lang][name] != "" && !have[[2]string{lang, name}] {
				ps.warn("F021", top("audio/"+lang+"/"+name+".wav"), "record it too, or remove the others", "%q is recorded in another language, and a synthetic voice speaks it in %s", name, tongue(lang))
			}
		}
	}
	return ps.sorted()
}

// Recordable is what a language says in the same words each time, and a recording may say
// in their place, by the name that it has: in more names than there are lines of the
// script, where two prompts have the same words.
func (f *Flow) Recordable(lang string) map[string]string {
	script := map[string]bool{}
	for _, l := range f.script[lang] {
		script[l.Text] = true
	}
	all, cat := map[string]string{}, f.catalogues[lang]
	add := func(name string, t template) {
		if text := strings.Join(strings.Fields((Utterance{Parts: t.fixed}).Text()), " "); script[text] {
			all[name] = text
		}
	}
	if cat == nil {
		return all
	}
	for name, t := range cat.prompts {
		add(name, t)
	}
	for o, offered := range cat.offers {
		add(o.prompt+"@"+keyName(o.key), offered.sentence)
	}
	return all
}
