package console

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/studio"
	"github.com/hearthline/hearthline/store"
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
		if flow, _ := p.compile(v); flow != nil {
			return v, flow, nil
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
			switch l.State {
			case studio.Heard:
				one.Heard++
			case studio.Draft:
				one.Drafts++
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

// languageView is the prompts of a language.
type languageView struct {
	Lang         string
	State        string // that is looked for, "" for any
	States       []string
	Prompts      []promptShown
	Found        int
	Page         int // from 1
	Before, Next string
	// Problems, or Faults of a table, are why a file that was sent cannot be taken.
	Problems []flows.Problem
	Faults   []csvFault
	Locale   string // for a browser's own voice
	Rings    bool   // the line can call whoever asks for it
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
	v := languageView{Lang: lang, States: promptStates, Locale: flow.Voice(lang).Locale, Rings: p.desk.CallMe != nil}
	if state := p.QueryParam("state"); slices.Contains(promptStates, state) {
		v.State = state
	}
	lines := map[string][]studio.Listed{}
	for _, l := range studio.Compare(flow, lang, all) {
		if name, _, _ := strings.Cut(l.Prompt, "@"); v.State == "" || string(l.State) == v.State {
			lines[name] = append(lines[name], l)
		}
	}
	var found []promptShown
	for _, one := range heard.Bundle.Prompts(lang) {
		if of := lines[one.Name]; v.State == "" || len(of) > 0 {
			sounds, _ := flow.Sounding(lang, one.Name)
			found = append(found, promptShown{one, sounds.Spoken, of})
		}
	}
	v.Found = len(found)
	v.Page, _ = strconv.Atoi(p.QueryParam("page"))
	v.Page = max(1, min(v.Page, (v.Found+promptsOnAPage-1)/promptsOnAPage))
	from := (v.Page - 1) * promptsOnAPage
	v.Prompts = found[from:min(from+promptsOnAPage, v.Found)]
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
	return promptsPath + "/" + v.Lang + "?" + q.Encode()
}

// promptView is one line of the script.
type promptView struct {
	studio.Listed
	Text string // as it is written, "" for as it is spoken
	// KeptStale and DraftStale say that the words have changed since.
	KeptStale, DraftStale bool
	Locale                string // for a browser's own voice
	Rings                 bool   // the line can call whoever asks for it
}

// Name is what its words stand under, for the page that changes them.
func (v promptView) Name() string {
	name, _, _ := strings.Cut(v.Prompt, "@")
	return flows.BaseName(name)
}

// Remarks are what whoever listens to a recording should look for, as keys of the
// catalogue.
func (promptView) Remarks(r *store.Recording) (all []string) {
	for key, is := range map[string]func(store.Recording) bool{
		"prompts.remark_long": studio.Long, "prompts.remark_halting": studio.Halting, "prompts.remark_clipped": studio.Clipped,
	} {
		if is(*r) {
			all = append(all, key)
		}
	}
	slices.Sort(all)
	return all
}

// prompt is one thing that is said, and its recordings.
func (p *page) prompt() error {
	v, err := p.promptView()
	if err != nil {
		return err
	}
	return p.show("prompt", "prompts.prompt_title", v)
}

func (p *page) promptView() (promptView, error) {
	heard, flow, lang, err := p.inLanguage()
	if err != nil {
		return promptView{}, err
	}
	all, err := p.desk.Versions.Recordings.List(p.ctx(), p.line)
	if err != nil {
		return promptView{}, err
	}
	for _, l := range studio.Compare(flow, lang, all) {
		if l.Prompt != p.Param("prompt") {
			continue
		}
		v := promptView{Listed: l, Locale: flow.Voice(lang).Locale, Rings: p.desk.CallMe != nil}
		v.KeptStale = l.Kept != nil && l.Kept.TextHash != l.Hash
		v.DraftStale = l.Draft != nil && l.Draft.TextHash != l.Hash
		name, _, _ := strings.Cut(l.Prompt, "@")
		for _, one := range heard.Bundle.Prompts(lang) {
			if one.Name == name {
				v.Text = one.Text
			}
		}
		return v, nil
	}
	return promptView{}, missing
}

// keptSound and draftSound are a recording for a browser to play.
func (p *page) keptSound() error { return p.promptSound(store.RecordingKept) }

func (p *page) draftSound() error { return p.promptSound(store.RecordingDraft) }

func (p *page) promptSound(state store.RecordingState) error {
	v, err := p.promptView()
	if err != nil {
		return err
	}
	of := map[store.RecordingState]*store.Recording{store.RecordingKept: v.Kept, store.RecordingDraft: v.Draft}[state]
	if of == nil {
		return missing
	}
	wav, err := p.desk.Versions.Recordings.Sound(p.ctx(), p.line, of.Hash, state)
	if errors.Is(err, store.ErrNotFound) {
		return missing
	}
	if err != nil {
		return err
	}
	return p.Blob(http.StatusOK, "audio/wav", wav)
}

func (p *page) promptAt() string {
	return promptsPath + "/" + p.Param("lang") + "/" + url.PathEscape(p.Param("prompt"))
}

// recordPrompt takes a sound in as a draft.
func (p *page) recordPrompt() error {
	v, err := p.promptView()
	if err != nil {
		return err
	}
	wav, err := p.fileSent("sound")
	if err != nil {
		return err
	}
	r, mastered, err := studio.Master(v.Lang, v.ScriptLine, wav)
	if errors.Is(err, studio.ErrUnclear) {
		return p.wrong("prompt", "prompts.prompt_title", map[string]string{"sound": "prompts.sound_" + studio.Why(err)}, v)
	}
	if err != nil {
		return err
	}
	r.Account = p.who.Account
	if err := p.desk.Versions.Recordings.Draft(p.ctx(), p.line, p.by(), r, mastered); err != nil {
		return err
	}
	return p.done(p.promptAt(), "prompts.is_drafted")
}

// approvePrompt has callers hear a draft, if it is the one that was listened to.
func (p *page) approvePrompt() error {
	v, err := p.promptView()
	if err != nil {
		return err
	}
	if v.Draft == nil {
		return p.done(p.promptAt(), "prompts.gone")
	}
	err = p.desk.Versions.Recordings.Approve(p.ctx(), p.line, p.by(), v.Lang, v.Draft.Prompt, p.FormValue("hash"))
	if errors.Is(err, store.ErrNotFound) {
		return p.done(p.promptAt(), "prompts.gone")
	}
	if err != nil {
		return err
	}
	return p.done(p.promptAt(), "prompts.is_heard")
}

// removePrompt destroys a recording.
func (p *page) removePrompt() error {
	v, err := p.promptView()
	if err != nil {
		return err
	}
	of, state := v.Draft, store.RecordingDraft
	if p.FormValue("state") == string(store.RecordingKept) {
		of, state = v.Kept, store.RecordingKept
	}
	if of == nil {
		return p.done(p.promptAt(), "prompts.gone")
	}
	err = p.desk.Versions.Recordings.Remove(p.ctx(), p.line, p.by(), v.Lang, of.Prompt, state)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return p.done(p.promptAt(), "prompts.is_removed")
}
