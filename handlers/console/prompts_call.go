package console

import (
	"errors"

	"github.com/hearthline/hearthline/store"
)

// StudioCall is one on which an account records a prompt of a line, or with "" all that
// are missing in a language.
type StudioCall struct{ Line, Account, Lang, Prompt string }

// ErrNothingToRecord says that what is heard now has no such line that can be recorded by
// phone, or no such call.
var ErrNothingToRecord = errors.New("there is nothing to record by phone")

// callMe has the line ring who asks for it, for one prompt.
func (p *page) callMe() error {
	v, err := p.promptView()
	if err != nil {
		return err
	}
	return p.studioCall(StudioCall{Lang: v.Lang, Prompt: v.Prompt}, p.promptAt())
}

// callMeForAll has the line ring who asks for it, for all that is missing.
func (p *page) callMeForAll() error {
	_, _, lang, err := p.inLanguage()
	if err != nil {
		return err
	}
	return p.studioCall(StudioCall{Lang: lang}, promptsPath+"/"+lang)
}

// studioCall is entered before it rings, and a form that is sent twice rings once.
func (p *page) studioCall(c StudioCall, back string) error {
	if p.desk.CallMe == nil {
		return missing
	}
	c.Line, c.Account = p.line, p.who.Account
	fresh, err := p.desk.Versions.Recordings.Rings(p.ctx(), p.line, p.by(), c.Lang, c.Prompt)
	if err == nil && fresh {
		err = p.desk.CallMe(p.ctx(), c)
	}
	said := "prompts.is_ringing"
	switch {
	case errors.Is(err, store.ErrNotFound):
		said = "prompts.no_number"
	case errors.Is(err, ErrNothingToRecord):
		said = "prompts.no_call"
	case err != nil:
		return err
	}
	return p.done(back, said)
}
