package console

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/store"
)

// voiceShown is a voice message as it is listed.
type voiceShown struct {
	store.VoiceMessage
	When, Length, State string
}

// inboxView is what the inbox shows.
type inboxView struct {
	Messages []voiceShown
	Rings    bool // who allowed it can be rung back
}

// inbox is what callers have left by voice.
func (p *page) inbox() error {
	all, err := p.desk.Voicemail.List(p.ctx(), p.line)
	if err != nil {
		return err
	}
	shown := make([]voiceShown, len(all))
	for i, v := range all {
		shown[i] = p.voiceShown(v)
	}
	return p.show("inbox", "inbox.title", inboxView{shown, p.desk.Ring != nil})
}

func (p *page) voiceShown(v store.VoiceMessage) voiceShown {
	return voiceShown{v, p.written(v.At), fmt.Sprintf("%d:%02d", v.Seconds/60, v.Seconds%60), "inbox.state_" + string(v.State)}
}

// voice is one message's sound, for a browser to play and to keep nothing of.
func (p *page) voice() error {
	sound, err := p.desk.Voicemail.Sound(p.ctx(), p.line, p.Param("voice"), store.LeftForStaff)
	if errors.Is(err, store.ErrNotFound) {
		return missing
	}
	if err != nil {
		return err
	}
	if err := p.looked("voicemail.play", p.Param("voice"), ""); err != nil {
		return err
	}
	p.Response().Header().Set(echo.HeaderContentType, "audio/wav")
	http.ServeContent(p.Response(), p.Request(), "", time.Time{}, bytes.NewReader(sound))
	return nil
}

func (p *page) voiceHeard() error {
	if err := p.desk.Voicemail.Heard(p.ctx(), p.line, p.by(), p.Param("voice")); err != nil {
		return err
	}
	return p.done("/console/inbox", "inbox.was_heard")
}

// voiceDelete asks whether a message is to be destroyed.
func (p *page) voiceDelete() error {
	all, err := p.desk.Voicemail.List(p.ctx(), p.line)
	if err != nil {
		return err
	}
	for _, v := range all {
		if v.ID == p.Param("voice") {
			return p.show("inbox_delete", "inbox.delete_title", p.voiceShown(v))
		}
	}
	return missing
}

func (p *page) voiceDeleted() error {
	err := p.desk.Voicemail.Delete(p.ctx(), p.line, p.by(), p.Param("voice"))
	if errors.Is(err, store.ErrNotFound) {
		return missing
	}
	if err != nil {
		return err
	}
	return p.done("/console/inbox", "inbox.was_deleted")
}

// voiceRing has the line ring who asks for it, and then who left a message and allowed
// that: neither sees the other's number. It is entered before, and a form that is sent
// twice rings once.
func (p *page) voiceRing() error {
	if p.desk.Ring == nil {
		return missing
	}
	voice := p.Param("voice")
	fresh, err := p.desk.Voicemail.RingsBack(p.ctx(), p.line, p.by(), voice)
	if err == nil && fresh {
		err = p.desk.Ring(p.ctx(), Ringing{Line: p.line, Account: p.who.Account, Voice: voice, Lang: p.lang})
	}
	said := "inbox.ringing"
	switch {
	case errors.Is(err, ErrNotNow):
		said = "inbox.at_night"
	case errors.Is(err, ErrNoSuchCall):
		said = "inbox.no_such_call"
	case errors.Is(err, store.ErrNotFound):
		said = "inbox.no_call"
	case err != nil:
		return err
	}
	return p.done("/console/inbox", said)
}
