package console

import (
	"errors"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/handlers/rooms"
)

// news is what has changed from one look at a session to the next, in a sentence or
// two for who only listens; "" for nothing that is worth their attention.
func (p *page) news(was, is *rooms.Watched) (string, error) {
	switch {
	case was == nil && is == nil:
		return "", nil
	case was == nil:
		return p.T("live.news_begun")
	case is == nil:
		return p.T("live.news_over")
	}
	var all []string
	var failed []error
	say := func(text string, err error) {
		all = append(all, text)
		failed = append(failed, err)
	}
	came, left := 0, 0
	for _, q := range is.People {
		old, known := seatIn(was, q.Seat)
		switch {
		case !known:
			came++
		case q.Hand > 0 && old.Hand == 0:
			say(p.T("live.news_hand", "alias", q.Alias))
		}
		if known && q.Signal != old.Signal && q.Signal != "" {
			say(p.T("live.news_signal", "alias", q.Alias))
		}
		if known && q.Doing == "failed" && old.Doing != "failed" {
			say(p.T("live.news_failed", "alias", q.Alias))
		}
	}
	for _, q := range was.People {
		if _, still := seatIn(is, q.Seat); !still {
			left++
		}
	}
	if came > 0 {
		say(p.N("live.news_came", came))
	}
	if left > 0 {
		say(p.N("live.news_left", left))
	}
	if is.Speaker != was.Speaker && is.Speaker != "" {
		say(p.T("live.news_speaks", "alias", is.Speaker))
	}
	return strings.Join(all, " "), errors.Join(failed...)
}

func seatIn(w *rooms.Watched, seat int) (rooms.Watching, bool) {
	i := slices.IndexFunc(w.People, func(q rooms.Watching) bool { return q.Seat == seat })
	if i < 0 {
		return rooms.Watching{}, false
	}
	return w.People[i], true
}
