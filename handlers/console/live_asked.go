package console

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// asked is what became of what a button asked for, as its page says it.
type asked struct {
	State string // "asked", "done" or "failed"
	Says  string
	Again string // where more is known later, "" if this is the end of it
}

// askedFor is how long a page tells of it.
const askedFor = time.Minute

// askedOf is how the address of a page says what was asked for.
func (p *page) askedOf(r session.Request) url.Values {
	q := url.Values{"asked": {string(r.Verb)}, "at": {strconv.FormatInt(p.now.Unix(), 10)}}
	if r.Seat != 0 {
		q.Set("seat", strconv.Itoa(r.Seat))
	}
	if r.Mode != "" {
		q.Set("mode", string(r.Mode))
	}
	return q
}

// asked is what has become of what the address of the page says was asked for, nil if
// there is nothing to tell of it any more.
func (p *page) asked(on *rooms.Watched) (*asked, error) {
	verb := session.Verb(p.QueryParam("asked"))
	at, err := strconv.ParseInt(p.QueryParam("at"), 10, 64)
	since := p.now.Sub(time.Unix(at, 0))
	n, err2 := strconv.Atoi(cmp.Or(p.QueryParam("seat"), "0"))
	if err != nil || err2 != nil || on == nil || !slices.Contains(ordered, verb) || since < 0 || since > askedFor {
		return nil, nil
	}
	seat, here := seatIn(on, n)
	state := came(on, verb, n)
	if state == "" {
		return nil, nil
	}
	a := &asked{State: state}
	if state != "done" {
		a.Again = p.Request().URL.RequestURI()
	}
	if n != 0 && !here {
		a.Says, err = p.T("live.note_out")
		return a, err
	}
	what, err := p.button(verb, session.Mode(p.QueryParam("mode")), n, seat.Alias)
	if err != nil {
		return nil, err
	}
	a.Says, err = p.T("live.note_"+state, "what", what)
	return a, err
}

// came is how far what was asked for is: "asked", "done" or "failed", or "" where that
// cannot be told, or was taken back.
func came(on *rooms.Watched, verb session.Verb, n int) string {
	if n == 0 {
		return cameOfAll(on, verb)
	}
	seat, here := seatIn(on, n)
	switch {
	case !here && verb == session.RemoveSoon:
		return "done"
	case !here:
		return ""
	case seat.Doing == session.DoingFailed:
		return "failed"
	case seat.Doing == session.DoingAsked, seat.Leaving, verb == session.Crisis && on.Line == session.LineCalled:
		return "asked"
	case verb == session.RemoveSoon && seat.Goes:
		return "asked"
	case verb == session.RemoveSoon:
		return "" // they were kept
	}
	return "done"
}

// moving are the verbs for the whole group that the carrier has to do something for:
// all others are done when they are asked for.
var moving = []session.Verb{session.Next, session.SetMode, session.Quiet, session.Admit, session.Pairs, session.Together}

func cameOfAll(on *rooms.Watched, verb session.Verb) string {
	state := "done"
	for _, q := range on.People {
		switch {
		case !slices.Contains(moving, verb):
		case q.Doing == session.DoingFailed:
			return "failed"
		case q.Doing == session.DoingAsked:
			state = "asked"
		}
	}
	return state
}

// buttons are the words on the buttons of verbs, where they are not do_ and the verb.
var buttons = map[session.Verb]string{
	session.MuteSeat: "do_mute", session.UnmuteSeat: "do_unmute", session.ToWait: "do_wait", session.RemoveSoon: "out", session.HandOver: "over",
}

// button is what stands on the button that asks for something.
func (p *page) button(verb session.Verb, mode session.Mode, seat int, alias string) (string, error) {
	switch {
	case verb == session.SetMode:
		words, err := p.T("live.do_mode_" + string(mode))
		if err != nil {
			return p.T("live.who_speaks") // somebody's own address
		}
		return p.T("live.note_mode", "mode", words)
	case verb == session.Admit && seat == 0:
		return p.T("live.do_admit_all")
	case verb == session.Next && seat != 0:
		return p.T("live.do_give", "alias", alias)
	}
	return p.T("live."+cmp.Or(buttons[verb], "do_"+string(verb)), "alias", alias)
}
