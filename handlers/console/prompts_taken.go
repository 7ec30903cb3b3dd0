package console

import (
	"errors"
	"slices"
	"unicode/utf8"

	"github.com/hearthline/hearthline/flows"
)

// takenView is what became of a file of words that came back, where the draft had other
// words meanwhile.
type takenView struct {
	Lang, Draft string // Draft is its hash, "" where it has not changed
	// Kept are names of which the draft's words stay, since it has changed them too; Over
	// those of the draft's own changes that the file's words took the place of.
	Kept, Over []takenName
	Unknown    bool // of which version the file was taken out
}

// takenName is a prompt, or a setting, which has no page.
type takenName struct {
	Name string
	Page bool
}

// takeIn makes a draft of the words of a language that were sent, as YAML or as a
// table: of the draft that there is, so that one language after another can be taken in,
// or of what everybody hears. It takes what differs from the version that the file was taken out of.
func (p *page) takeIn() error {
	heard, _, lang, err := p.inLanguage()
	if err != nil {
		return err
	}
	text, err := p.fileSent("catalogue")
	if err != nil {
		return err
	}
	if len(text) == 0 || !utf8.Valid(text) {
		return p.wrongCatalogue("prompts.fault_file", nil, nil)
	}
	base, _, draft, err := p.changing()
	if err != nil {
		return err
	}
	since, err := p.since(string(text))
	if err != nil {
		return err
	}
	sent := sentWords{lang: lang, text: string(text), since: since, wanted: p.FormValue("theirs") != ""}
	bundle, both, err := p.withSent(base, &sent)
	switch {
	case len(sent.faults) > 0:
		return p.wrongCatalogue("prompts.fault_table", nil, sent.faults)
	case len(sent.problems) > 0:
		return p.wrongCatalogue("prompts.fault_words", sent.problems, nil)
	case errors.Is(err, flows.ErrNoCatalogue):
		return p.wrongCatalogue("prompts.fault_unread", nil, nil)
	case err != nil:
		return err
	}
	one := version{ID: bundle.Hash(), Hash: bundle.Hash(), Bundle: bundle}
	flow, problems, err := p.compile(one)
	if err != nil {
		return err
	}
	if flow == nil {
		return p.wrongCatalogue("prompts.fault_words", flows.Errors(problems), nil)
	}
	v := takenView{Lang: lang, Unknown: since == nil}
	if one.Hash != base.Hash {
		if err := p.redraft(draft, bundle, ""); err != nil {
			return err
		}
		v.Draft = one.Hash
	}
	if since == nil {
		both = overwritten(wordsIn(heard.Bundle, lang), wordsIn(base.Bundle, lang), wordsIn(bundle, lang))
	}
	names := p.takenNames(both, base.Bundle, lang)
	if sent.wanted || since == nil {
		v.Over = names
	} else {
		v.Kept = names
	}
	switch {
	case len(names) > 0:
		return p.show("prompts_taken", "prompts.taken_title", v)
	case v.Draft == "":
		return p.done(promptsPath+"/"+lang, "prompts.is_same_file")
	}
	return p.done(flowsPath+"/"+v.Draft, "prompts.is_taken")
}

// sentWords is a file of the words of a language, and why it is not taken in.
type sentWords struct {
	lang, text string
	since      *version // that it was taken out of, nil where nobody knows
	wanted     bool     // its words are, where the draft has changed them too
	faults     []csvFault
	problems   []flows.Problem
}

// withSent is a version with the words of a file, and the names under which both have
// changed something; all of the file where nobody knows what it was taken out of. What is
// wrong with the file is in sent.
func (p *page) withSent(base version, sent *sentWords) (b flows.Bundle, both []string, err error) {
	_, isTable := isTable(sent.text)
	if sent.since == nil {
		if !isTable {
			return base.Bundle.WithCatalogue(sent.lang, stampLine.ReplaceAllString(sent.text, "")), nil, nil
		}
		var changes []flows.Prompt
		if changes, sent.faults = readTable(sent.text, sent.lang, base.Bundle.Wanted(sent.lang)); len(sent.faults) > 0 {
			return nil, nil, nil
		}
		b, err = base.Bundle.WithPrompts(sent.lang, changes)
		return b, nil, err
	}
	since, mine := wordsIn(sent.since.Bundle, sent.lang), wordsIn(base.Bundle, sent.lang)
	theirs := wordsIn(flows.Bundle{}.WithCatalogue(sent.lang, sent.text), sent.lang)
	if isTable {
		theirs = wordsIn(sent.since.Bundle, sent.lang)
		var changes []flows.Prompt
		if changes, sent.faults = readTable(sent.text, sent.lang, wantedOfBoth(sent.since.Bundle, base.Bundle, sent.lang)); len(sent.faults) > 0 {
			return nil, nil, nil
		}
		for _, one := range changes {
			theirs.prompts[one.Name] = one
		}
	} else if err := p.holds(sent, len(theirs.prompts) > 0); err != nil || len(sent.problems) > 0 {
		return nil, nil, err
	}
	return merged(base.Bundle, sent.lang, since, mine, theirs, sent.wanted)
}

// holds looks whether a file of YAML is in order, by the lines that who sent it sees, as
// far as the version is that it was taken out of; read says that some of it could be read.
func (p *page) holds(sent *sentWords, read bool) error {
	flow, _, err := p.compile(*sent.since)
	if err != nil {
		return err
	}
	bundle := sent.since.Bundle.WithCatalogue(sent.lang, sent.text)
	now, problems, err := p.compile(version{Hash: bundle.Hash(), Bundle: bundle})
	if err != nil {
		return err
	}
	if now == nil && (flow != nil || !read) {
		sent.problems = flows.Errors(problems)
	}
	return nil
}

// wantedOfBoth is what a language says in one version, or is to say in another.
func wantedOfBoth(since, base flows.Bundle, lang string) []flows.Prompt {
	all := since.Wanted(lang)
	for _, one := range base.Wanted(lang) {
		if !slices.ContainsFunc(all, func(p flows.Prompt) bool { return p.Name == one.Name }) {
			all = append(all, one)
		}
	}
	return all
}

// overwritten are the names under which a draft said something else than what is heard,
// and says something else again now.
func overwritten(heard, was, is catalogueWords) (names []string) {
	for _, name := range was.names(heard) {
		if !was.same(heard, name) && !is.same(was, name) {
			names = append(names, name)
		}
	}
	return names
}

// takenNames are names of a draft as a page lists them.
func (p *page) takenNames(names []string, b flows.Bundle, lang string) (all []takenName) {
	has := b.Wanted(lang)
	for _, name := range names {
		page := slices.ContainsFunc(has, func(one flows.Prompt) bool { return one.Name == flows.BaseName(name) })
		all = append(all, takenName{name, page})
	}
	return all
}
