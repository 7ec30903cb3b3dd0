package console

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/studio"
	"github.com/hearthline/hearthline/store"
)

// promptView is one line of the script.
type promptView struct {
	studio.Listed
	Text string // as it is written, "" for as it is spoken
	// KeptStale and DraftStale say that the words have changed since.
	KeptStale, DraftStale bool
	Locale                string // for a browser's own voice
	Rings                 bool   // the line can call whoever asks for it
	Otherwise             bool   // the draft says it in other words, which cannot be recorded yet
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
				v.Otherwise, err = p.isOtherwise(lang, one)
			}
		}
		return v, err
	}
	return promptView{}, missing
}

// isOtherwise says whether the draft, if there is one, has a voice say a prompt in other words.
func (p *page) isOtherwise(lang string, heard flows.Prompt) (bool, error) {
	now, _, draft, err := p.changing()
	if draft == "" || err != nil {
		return false, err
	}
	for _, one := range now.Bundle.Prompts(lang) {
		if one.Name == heard.Name {
			return !same(flows.Prompt{Voice: one.Voice}, flows.Prompt{Voice: heard.Voice}), nil
		}
	}
	return false, nil
}

// InMonth is a month such as 2026-11 in words.
func (p *page) InMonth(month string) string {
	at, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return schedule.Month(p.lang, at)
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
