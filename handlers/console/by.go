package console

import (
	"crypto/rand"
	"time"

	"github.com/hearthline/hearthline/store"
)

// by says whose act a form is. Sent twice, it is one act.
func (p *page) by() store.By {
	return store.By{Actor: p.who.Name, Event: p.FormValue("once"), At: p.now}
}

// Once identifies what a form does: each has its own, so that one of a page's forms is
// never taken for another.
func (p *page) Once() string { return rand.Text() }

// looked enters that what is somebody's own was read, once in an hour of a session for
// each thing. What cannot be written down is not shown.
func (p *page) looked(act, thing, detail string) error {
	by := p.by()
	by.Event = "read " + p.who.Token + " " + p.now.Truncate(time.Hour).Format(time.RFC3339) + " " + thing
	return p.desk.Audit.Looked(p.ctx(), p.line, by, act, detail)
}
