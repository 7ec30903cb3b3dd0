package console

import (
	"cmp"
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
	// Remarks are what somebody has written into the file for people, which is not kept.
	Remarks []flows.Remark
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
	base, _, draft, err := p.changing()
	if err != nil {
		return err
	}
	sent, bundle, both, err := p.sentOver(base, lang)
	if fault := (*wordsFault)(nil); errors.As(err, &fault) {
		return p.wrongCatalogue(fault)
	}
	if err != nil {
		return err
	}
	v := takenView{Lang: lang, Unknown: sent.since == nil, Remarks: sent.remarks}
	if hash := bundle.Hash(); hash != base.Hash {
		if err := p.redraft(draft, bundle, ""); err != nil {
			return err
		}
		v.Draft = hash
	}
	if v.Unknown {
		both = overwritten(wordsIn(heard.Bundle, lang), wordsIn(base.Bundle, lang), wordsIn(bundle, lang))
	}
	names := p.takenNames(both, base.Bundle, lang)
	if sent.wanted || v.Unknown {
		v.Over = names
	} else {
		v.Kept = names
	}
	switch {
	case len(names) > 0, len(v.Remarks) > 0:
		return p.show("prompts_taken", "prompts.taken_title", v)
	case v.Draft == "":
		return p.done(promptsPath+"/"+lang, "prompts.is_same_file")
	}
	return p.done(flowsPath+"/"+v.Draft, "prompts.is_taken")
}

// sentWords is a file of the words of a language.
type sentWords struct {
	lang, text string
	since      *version       // that it was taken out of, nil where nobody knows
	wanted     bool           // its words are, where the draft has changed them too
	remarks    []flows.Remark // that somebody has put into it since
}

// sentOver is the file that was sent, a version with its words, and the names under which
// both have changed something. It is a *wordsFault if the file cannot be taken in.
func (p *page) sentOver(base version, lang string) (sent sentWords, b flows.Bundle, both []string, err error) {
	file, err := p.fileSent("catalogue")
	if err != nil {
		return sent, nil, nil, err
	}
	if len(file) == 0 || !utf8.Valid(file) {
		return sent, nil, nil, &wordsFault{says: "prompts.fault_file"}
	}
	sent = sentWords{lang: lang, text: string(file), wanted: p.FormValue("theirs") != ""}
	of := originIn(sent.text)
	if fault := ofAnother(base.Bundle, of, lang, sent.text); fault != nil {
		return sent, nil, nil, fault
	}
	if sent.since, err = p.since(of); err != nil {
		return sent, nil, nil, err
	}
	b, both, err = p.withSent(base, &sent)
	if errors.Is(err, flows.ErrUnreadable) {
		return sent, nil, nil, &wordsFault{says: "prompts.fault_unread"}
	}
	if err != nil {
		return sent, nil, nil, err
	}
	flow, problems, err := p.compile(version{Hash: b.Hash(), Bundle: b})
	if err == nil && flow == nil {
		err = &wordsFault{says: "prompts.fault_words", problems: flows.Errors(problems)}
	}
	return sent, b, both, err
}

// withSent is a version with the words of a file, and the names under which both have
// changed something; all of the file where nobody knows what it was taken out of.
func (p *page) withSent(base version, sent *sentWords) (b flows.Bundle, both []string, err error) {
	_, isTable := isTable(sent.text)
	if sent.since == nil && !isTable {
		return base.Bundle.WithCatalogue(sent.lang, originLine.ReplaceAllString(sent.text, "")), nil, nil
	}
	from := cmp.Or(sent.since, &base).Bundle
	since, mine, theirs := wordsIn(from, sent.lang), wordsIn(base.Bundle, sent.lang), wordsIn(from, sent.lang)
	if isTable {
		read, err := readTable(sent.text, sent.lang, wantedOfBoth(from, base.Bundle, sent.lang))
		if err != nil {
			return nil, nil, err
		}
		for _, one := range read.changes {
			theirs.prompts[one.Name] = one
		}
		sent.remarks = freshRemarks(read.notes, notesIn(from))
	} else {
		theirs = wordsIn(flows.Bundle{}.WithCatalogue(sent.lang, sent.text), sent.lang)
		if err := p.holds(sent, len(theirs.prompts) > 0); err != nil {
			return nil, nil, err
		}
		sent.remarks = freshRemarks(flows.Remarks(originLine.ReplaceAllString(sent.text, "")), flows.Remarks(from.Catalogue(sent.lang)))
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
	if err == nil && now == nil && (flow != nil || !read) {
		err = &wordsFault{says: "prompts.fault_words", problems: flows.Errors(problems)}
	}
	return err
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

// mostRemarks is how many of them a page shows, and longestRemark how many letters of each.
const (
	mostRemarks   = 60
	longestRemark = 300
)

// freshRemarks are the first remarks of a file that are not among those that it went out with.
func freshRemarks(all, out []flows.Remark) (some []flows.Remark) {
	known := map[string]bool{}
	for _, r := range out {
		known[r.Says] = true
	}
	for _, r := range all {
		if !known[r.Says] && len(some) < mostRemarks {
			known[r.Says] = true
			some = append(some, flows.Remark{Name: cutShort(r.Name, longestNamed), Says: cutShort(r.Says, longestRemark)})
		}
	}
	return some
}
