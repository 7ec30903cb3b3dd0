package console

import (
	"errors"
	"slices"
	"sync"
	"time"

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
	by := p.by()
	if !p.desk.rung.may(c.Account, by.Event, by.At) {
		return p.done(back, "prompts.too_often")
	}
	fresh, err := p.desk.Versions.Recordings.Rings(p.ctx(), p.line, by, c.Lang, c.Prompt)
	if err == nil && fresh {
		if err = p.desk.CallMe(p.ctx(), c); err == nil {
			p.desk.rung.add(c.Account, by.Event, by.At)
		}
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

// How often the line rings one account to record: a call costs, and a phone that rings on
// and on is a nuisance to whoever it is with.
const (
	mostRung   = 6 // in rungWithin
	rungWithin = time.Hour
	rungApart  = time.Minute // by then one that was not taken has ended
)

// rings are the calls of the last hour that accounts asked for, as far as this program
// placed them: another one that serves the same desk grants as many.
type rings struct {
	mu sync.Mutex
	of map[string][]rung
}

type rung struct {
	at    time.Time
	event string // of the form that asked
}

// may says whether an account may be rung now. A form that has been answered is answered
// as before.
func (r *rings) may(account, event string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	last := slices.DeleteFunc(r.of[account], func(one rung) bool { return now.Sub(one.at) >= rungWithin })
	if len(last) == 0 {
		delete(r.of, account)
		return true
	}
	r.of[account] = last
	again := event != "" && slices.ContainsFunc(last, func(one rung) bool { return one.event == event })
	return again || len(last) < mostRung && now.Sub(last[len(last)-1].at) >= rungApart
}

func (r *rings) add(account, event string, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.of == nil {
		r.of = map[string][]rung{}
	}
	r.of[account] = append(r.of[account], rung{now, event})
}
