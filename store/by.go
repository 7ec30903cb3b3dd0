package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// By says whose act a change is, which the audit log keeps beside the change.
type By struct {
	Actor string // who acted, as an operator knows them; never a number
	// Event identifies the act, so that a form sent twice acts once: whatever its
	// sender made up for it. One that is several acts enters each kind once. "" is an
	// act of which there is no second copy.
	Event string
	At    time.Time
	// object is what it was done to, where an act has one: see on.
	object string
}

// on is an act on an object. An Event is its sender's own: it says that this act on
// this object was done, and nothing of any other.
func (by By) on(object string) By {
	by.object += fmt.Sprintf("%d %s ", len(object), object)
	return by
}

// entry is the act in the log of a line: "group.pause", of what has that code.
func (by By) entry(line, act, detail string) AuditEntry {
	return AuditEntry{Line: line, ID: by.id(line, act), Actor: by.Actor, Act: act, Detail: detail, At: by.At}
}

// id is the same for each copy of somebody's act on an object of a line, a UUID (RFC 9562
// §5.8); "" for an act without an Event.
func (by By) id(line, act string) string {
	if by.Event == "" {
		return ""
	}
	b := sha256.Sum256(fmt.Appendf(nil, "hearthline act %d %s %d %s %d %s %d %s %s", len(line), line, len(act), act, len(by.Actor), by.Actor, len(by.object), by.object, by.Event))
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// done reports whether an act has taken effect before. Its transaction holds the
// lock under which the act is done.
func (by By) done(ctx context.Context, tx *sqlx.Tx, line, act string) (bool, error) {
	return entered(ctx, tx, line, by.id(line, act))
}

// entered reports whether the audit log has an entry; none has the id "".
func entered(ctx context.Context, tx *sqlx.Tx, line, id string) (there bool, err error) {
	if id == "" {
		return false, nil
	}
	err = tx.GetContext(ctx, &there, `
		SELECT EXISTS (SELECT FROM audit WHERE line_id = $1 AND entry_id = $2)`, line, id)
	return there, err
}

// Looked enters that staff have read what is somebody's own: once for an event.
func (a *Audit) Looked(ctx context.Context, line string, by By, act, detail string) error {
	return a.Record(ctx, by.entry(line, act, detail))
}
