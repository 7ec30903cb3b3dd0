package console

import (
	"errors"
	"math"
	"net/url"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
)

// wordsPath is where what one prompt says is changed, in one language.
const wordsPath = promptPath + "/words"

// inPlace are what a prompt's name has after it that is said in its place once nobody has
// answered, or not with one of the choices.
var inPlace = []string{"", "_r1", "_r2"}

// mostWords is how many bytes may be said at once.
const mostWords = 4000

// wordsView is what a prompt says in a language and, where an answer is awaited, what is
// said in its place after a silence.
type wordsView struct {
	Lang, Name string
	Note       string // its author's, for who translates
	Draft      string // the hash of the draft that it is of, "" where there is none
	Older      bool   // as of the version
	List       bool   // it is a list of what people may write
	Parts      []wordsPart
	// Problems are in other places, and come of what was typed.
	Problems []flows.Problem
	Others   []string // languages in which it does not fit any more
	Locale   string   // for a browser's own voice
}

// wordsPart is a prompt as it is being changed.
type wordsPart struct {
	Suffix string // of its name, and of its fields'
	flows.Prompt
	Was      string        // names what it says now, for who sends the form
	Fault    string        // a key of the catalogue, "" for none
	Theirs   *flows.Prompt // what somebody else has made of it meanwhile, nil for nothing
	Sounding *flows.Sounding
	Problems []flows.Problem
}

// Typed are the words of a list, a line each.
func (w wordsPart) Typed() string { return strings.Join(w.Words, "\n") }

// Title is what the part is called, a key of the catalogue.
func (w wordsPart) Title() string { return "prompts.part" + w.Suffix }

// stamp names what a prompt says, so that a form knows if it has changed since.
func stamp(p flows.Prompt) string {
	return flows.TextHash(strings.Join(append([]string{p.Voice, "", p.Text, ""}, p.Words...), "\n"))
}

// wording is the version that a change is made in, and what its prompt says.
func (p *page) wording() (of version, v wordsView, err error) {
	of, _, draft, err := p.changing()
	if err == nil {
		v, err = p.wordsView(of, draft)
	}
	return of, v, err
}

// words is what a prompt says, and the form that changes it.
func (p *page) words() error {
	of, v, err := p.wording()
	if err != nil {
		return err
	}
	flow, problems, err := p.compile(of)
	if err != nil {
		return err
	}
	v.look(of.Bundle, flow, problems, p.lineNow(), false)
	v.Problems = nil // of what was not typed here
	return p.show("prompt_words", "prompts.words_title", v)
}

// wordsView is a prompt of a version; missing for one that no language has.
func (p *page) wordsView(of version, draft string) (wordsView, error) {
	v := wordsView{Lang: p.Param("lang"), Name: p.Param("prompt"), Draft: draft, Older: of.Older}
	if !slices.Contains(of.Bundle.Languages(), v.Lang) {
		return v, missing
	}
	if flows.BaseName(v.Name) != v.Name {
		return v, missing // it is on the page of the other
	}
	wanted := map[string]flows.Prompt{}
	for _, one := range of.Bundle.Wanted(v.Lang) {
		wanted[one.Name] = one
	}
	one, there := wanted[v.Name]
	if !there {
		return v, missing
	}
	v.List = len(one.Words) > 0
	asks := of.Bundle.Asks(v.Name)
	for _, suffix := range inPlace {
		part := wordsPart{Suffix: suffix, Prompt: flows.Prompt{Name: v.Name + suffix}}
		if one, there := wanted[part.Name]; there {
			part.Prompt = one
			v.Note = strings.TrimSpace(v.Note + " " + one.Note)
		}
		if part.Was = stamp(part.Prompt); suffix != "" && !asks && part.Voice == "" && part.Text == "" {
			continue // nobody is silent where nothing is asked
		}
		v.Parts = append(v.Parts, part)
		if v.List || strings.HasPrefix(v.Name, "_") {
			break // nothing is said in its place
		}
	}
	return v, nil
}

// look has a view show how it sounds on a line, and what is wrong with it; typed says that all that
// is wrong comes of what was typed.
func (v *wordsView) look(b flows.Bundle, f *flows.Flow, problems []flows.Problem, line flows.Line, typed bool) {
	for i := range v.Parts {
		part := &v.Parts[i]
		part.Problems = nil
		if f == nil {
			continue
		}
		v.Locale = f.Voice(v.Lang).Locale
		if s, ok := f.Sounding(v.Lang, part.Name, line); ok {
			part.Sounding = &s
		}
	}
	v.Problems, v.Others = nil, nil
	promptAt := b.PromptsAt()
	for _, problem := range problems {
		lang, name := promptAt(problem.Place)
		at := slices.IndexFunc(v.Parts, func(part wordsPart) bool { return part.Name == name })
		switch {
		case at >= 0 && lang == v.Lang:
			v.Parts[at].Problems = append(v.Parts[at].Problems, problem)
		case lang == "" || lang == v.Lang:
			v.Problems = append(v.Problems, problem)
		case !problem.Warning && !slices.Contains(v.Others, lang) && (at >= 0 || typed):
			v.Others = append(v.Others, lang)
		}
	}
}

// wordDraft shows how what was typed would sound, or has testers hear it: what is typed
// goes into the draft, which is what everybody hears and this where there was none.
func (p *page) wordDraft() error {
	of, v, err := p.wording()
	if err != nil {
		return err
	}
	changes, faulty := p.typed(&v)
	if faulty {
		return p.wrongWords(v)
	}
	bundle, err := of.Bundle.WithPrompts(v.Lang, changes)
	if errors.Is(err, flows.ErrUnreadable) {
		v.Parts[0].Fault = "prompts.fault_unread"
		return p.wrongWords(v)
	}
	if err != nil {
		return err
	}
	_, before, err := p.compile(of)
	if err != nil {
		return err
	}
	one := version{ID: bundle.Hash(), Hash: bundle.Hash(), Bundle: bundle}
	flow, problems, err := p.compile(one)
	if err != nil {
		return err
	}
	fresh := slices.DeleteFunc(slices.Clone(problems), func(now flows.Problem) bool {
		return slices.ContainsFunc(before, func(was flows.Problem) bool {
			return was.Code == now.Code && was.What == now.What && was.File == now.File
		})
	})
	v.look(bundle, flow, fresh, p.lineNow(), true)
	wrong := len(flows.Errors(v.Problems)) > 0
	for i, part := range v.Parts {
		if len(flows.Errors(part.Problems)) > 0 {
			v.Parts[i].Fault, wrong = "prompts.fault_said", true
		}
	}
	if wrong {
		v.Problems = flows.Errors(v.Problems) // what else is found follows from those
		return p.wrongWords(v)
	}
	if p.FormValue("do") == "look" {
		return p.show("prompt_words", "prompts.words_title", v)
	}
	path := promptsPath + "/" + v.Lang + "/" + url.PathEscape(v.Name) + "/words"
	if one.Hash == of.Hash {
		return p.done(path, "prompts.is_same")
	}
	if err := p.redraft(v.Draft, bundle, ""); err != nil {
		return err
	}
	if len(v.Others) > 0 { // all of them cannot be changed at once
		return p.done(path, "prompts.is_worded_half")
	}
	return p.done(path, "prompts.is_worded")
}

// aloudView is words beside a way to hear them in the browser's own voice.
type aloudView struct{ Words, Lang, Locale, Hear, Voiceless string }

// Aloud is words of a language for the part "aloud".
func (p *page) Aloud(words, lang, locale string) (aloudView, error) {
	hear, err := p.T("prompts.hear")
	if err != nil {
		return aloudView{}, err
	}
	voiceless, err := p.T("prompts.voiceless")
	return aloudView{words, lang, locale, hear, voiceless}, err
}

// Base is the name of the prompt on whose page another is.
func (p *page) Base(name string) string { return flows.BaseName(name) }

// Whole is a length in seconds, and never none.
func (p *page) Whole(seconds float64) int { return max(1, int(math.Round(seconds))) }
