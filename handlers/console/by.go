package console

import (
	"crypto/rand"

	"github.com/hearthline/hearthline/store"
)

// by says whose act a form is. Sent twice, it is one act.
func (p *page) by() store.By {
	return store.By{Actor: p.who.Name, Event: p.FormValue("once"), At: p.now}
}

// Once identifies what a form does: each has its own, so that one of a page's forms is
// never taken for another.
func (p *page) Once() string { return rand.Text() }
