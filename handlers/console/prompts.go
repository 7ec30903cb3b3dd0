package console

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/studio"
)

const (
	promptsPath  = "/console/prompts"
	languagePath = promptsPath + "/:lang"
	promptPath   = languagePath + "/:prompt"
)

// heardNow is the version that everybody hears and its flow: the line's own where what
// is published cannot be.
func (p *page) heardNow() (version, *flows.Flow, error) {
	heard, err := p.desk.Versions.Store.Heard(p.ctx(), p.line)
	if err != nil {
		return version{}, nil, err
	}
	for _, id := range []string{heard.Live, ownVersion} {
		v, err := p.versionOf(id)
		if errors.Is(err, missing) {
			continue
		}
		if err != nil {
			return version{}, nil, err
		}
		if flow, _, err := p.compile(v); flow != nil || err != nil {
			return v, flow, err
		}
	}
	return version{}, nil, missing
}

// inLanguage is what is heard now, for a page about a language that it speaks.
func (p *page) inLanguage() (v version, f *flows.Flow, lang string, err error) {
	v, f, err = p.heardNow()
	if lang = p.Param("lang"); err == nil && !slices.Contains(f.Languages(), lang) {
		err = missing
	}
	return v, f, lang, err
}

// languageShown is how much of a language is in people's voices.
type languageShown struct {
	Lang                         string
	All                          int
	Heard, Drafts, Stale, Absent int
}

// prompts is the languages of the line.
func (p *page) prompts() error {
	_, flow, err := p.heardNow()
	if err != nil {
		return err
	}
	all, err := p.desk.Versions.Recordings.List(p.ctx(), p.line)
	if err != nil {
		return err
	}
	var shown []languageShown
	for _, lang := range flow.Languages() {
		one := languageShown{Lang: lang}
		for _, l := range studio.Compare(flow, lang, all) {
			one.All++
			if l.Waits() {
				one.Drafts++
			}
			switch l.State {
			case studio.Heard:
				one.Heard++
			case studio.Stale:
				one.Stale++
			case studio.Missing:
				one.Absent++
			}
		}
		shown = append(shown, one)
	}
	return p.show("prompts", "prompts.title", shown)
}

// promptShown is a prompt as it is listed, with what of it can be recorded.
type promptShown struct {
	flows.Prompt
	Spoken string // with values in its slots
	Lines  []studio.Listed
}

// has says whether a prompt is the one that is looked for: by its name, or by words that
// are said or written, with examples in its slots or without.
func (s promptShown) has(words string) bool {
	all := append([]string{s.Name, s.Voice, s.Spoken, s.Text}, s.Words...)
	return s.Name == words || slices.ContainsFunc(all, func(text string) bool { return found(text, words) })
}

// general is 1 for what belongs to no step of the flow: it stands after all that does,
// for who reads the list looks for what they heard.
func (s promptShown) general() int {
	if strings.HasPrefix(s.Name, "_") {
		return 1
	}
	return 0
}

// languageView is the prompts of a language.
type languageView struct {
	Lang         string
	State        string // that is looked for, "" for any
	Find         string // words or a name that are looked for, "" for any
	States       []string
	Prompts      []promptShown
	Found        int
	Page         int // from 1
	Before, Next string
	// Problems, Faults of a table, or that it is of the language Sent, are why a file that
	// was sent cannot be taken.
	Problems []flows.Problem
	Faults   []csvFault
	Sent     string
	Locale   string // for a browser's own voice
	Rings    bool   // the line can call whoever asks for it
	Theirs   bool   // the file's words are wanted where the draft has others
}

// promptsOnAPage is how many prompts are listed at once, and mostProblems why a file
// cannot be taken.
const (
	promptsOnAPage = 30
	mostProblems   = 20
)

// promptStates are what prompts can be looked for by.
var promptStates = []string{string(studio.Missing), string(studio.Stale), string(studio.Draft), string(studio.Heard)}

// promptsOf lists the prompts of a language.
func (p *page) promptsOf() error {
	v, err := p.languageView()
	if err != nil {
		return err
	}
	return p.show("prompts_lang", "prompts.lang_title", v)
}

func (p *page) languageView() (languageView, error) {
	heard, flow, lang, err := p.inLanguage()
	if err != nil {
		return languageView{}, err
	}
	all, err := p.desk.Versions.Recordings.List(p.ctx(), p.line)
	if err != nil {
		return languageView{}, err
	}
	v := languageView{Lang: lang, States: promptStates, Locale: flow.Voice(lang).Locale, Rings: p.desk.CallMe != nil, Find: strings.TrimSpace(p.QueryParam("find")), Theirs: p.FormValue("theirs") != ""}
	if state := p.QueryParam("state"); slices.Contains(promptStates, state) {
		v.State = state
	}
	line, lines := p.lineNow(), map[string][]studio.Listed{}
	for _, l := range studio.Compare(flow, lang, all) {
		if name, _, _ := strings.Cut(l.Prompt, "@"); v.State == "" || string(l.State) == v.State || v.State == string(studio.Draft) && l.Waits() {
			lines[name] = append(lines[name], l)
		}
	}
	var listed []promptShown
	for _, one := range heard.Bundle.Prompts(lang) {
		sounds, _ := flow.Sounding(lang, one.Name, line)
		shown := promptShown{one, sounds.Spoken, lines[one.Name]}
		if (v.State == "" || len(shown.Lines) > 0) && (v.Find == "" || shown.has(v.Find)) {
			listed = append(listed, shown)
		}
	}
	slices.SortStableFunc(listed, func(a, b promptShown) int { return cmp.Compare(a.general(), b.general()) })
	v.Found = len(listed)
	v.Page, _ = strconv.Atoi(p.QueryParam("page"))
	v.Page = max(1, min(v.Page, (v.Found+promptsOnAPage-1)/promptsOnAPage))
	from := (v.Page - 1) * promptsOnAPage
	v.Prompts = listed[from:min(from+promptsOnAPage, v.Found)]
	if v.Page > 1 {
		v.Before = v.at(v.Page - 1)
	}
	if from+promptsOnAPage < v.Found {
		v.Next = v.at(v.Page + 1)
	}
	return v, nil
}

func (v languageView) at(page int) string {
	q := url.Values{"page": {strconv.Itoa(page)}}
	if v.State != "" {
		q.Set("state", v.State)
	}
	if v.Find != "" {
		q.Set("find", v.Find)
	}
	return promptsPath + "/" + v.Lang + "?" + q.Encode()
}
