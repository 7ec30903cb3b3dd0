package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store/vault"
)

// Members are those who enrolled, and the groups that they are in. Who somebody
// is (an identity) and in which group somebody is (a membership) are written by
// different transactions and share no value: only a member's link secret tells
// which memberships are theirs. Its methods are safe for concurrent use.
type Members struct {
	db   *DB
	keys *vault.Keyring
}

// NewMembers keeps members sealed under keys.
func NewMembers(db *DB, keys *vault.Keyring) *Members { return &Members{db: db, keys: keys} }

// Act is what a member who has signed in does.
type Act struct {
	Event
	Member string // of [LoggedIn]
	// MayCall says, of who joins, that a coordinator may call them through the line
	// before letting them in.
	MayCall bool
}

// profileSize is that of every identity's profile, so that its length tells nothing.
const profileSize = 1023

// profile is what is kept of an identity besides the number and the PIN.
type profile struct {
	flows.Preferences
	Consent  flows.Consent `json:"consent"`
	Enrolled string        `json:"enrolled"` // YYYY-MM
	Quick    string        `json:"quick,omitempty"`
	// Handle is the six-digit member number. It is told once, which Told remembers.
	Handle string `json:"handle"`
	Told   bool   `json:"told"`
	// Stopped says that nothing is sent to them: they want nothing, or Why.
	Stopped bool         `json:"stopped,omitempty"`
	Why     flows.Reason `json:"why,omitempty"`
	// Seen is the month, YYYY-MM, in which they last showed that they are there; Safe
	// the Monday until which it is taken to be safe to reach them, in days since 1970,
	// 0 of who has not confirmed. Neither is in clear: people who come to a group
	// together would be told by it. Both are zero of who has shown nothing since
	// before they were kept here.
	Seen string `json:"seen,omitempty"`
	Safe int64  `json:"safe,omitempty"`
	// Asked says that they were asked to show by then that it is still safe.
	Asked bool `json:"asked,omitempty"`
	// Wishes are the ids of the groups that they are to be in once the number is
	// confirmed: until they are, there is no membership. Invited says that it was a
	// coordinator who wished it: then none of them has to approve.
	Wishes  []string `json:"wishes,omitempty"`
	Invited bool     `json:"invited,omitempty"`
	// MayCall says that coordinators of these groups may call them, to decide.
	MayCall bool `json:"call,omitempty"`
}

// memberState is how far an identity is.
type memberState string

const (
	stateAsked     memberState = "asked" // to say that the number is theirs
	stateConfirmed memberState = "confirmed"
)

// member is an identity, opened.
type member struct {
	line, id  string
	number    vault.Number
	key       vault.DataKey
	secret    vault.LinkSecret
	profile   profile
	pin       pinCell
	state     memberState
	expiresOn *time.Time // while asked
}

type memberRow struct {
	LineID, MemberID     string
	Number, Profile, PIN []byte
	State                string
	ExpiresOn            *time.Time
	DataKey, LinkSecret  []byte
}

// memberRows are what an identity is opened from.
const memberRows = `
		SELECT m.line_id, m.member_id, m.number, m.profile, m.pin, m.state, m.expires_on, k.data_key, k.link_secret
		FROM member m
		JOIN keys.member k USING (line_id, member_id)`

// whom says which identity is looked for.
type whom struct {
	column string
	value  any
}

func byID(id string) whom { return whom{"member_id", pq.StringArray{id}} }

// byNumber finds an identity under any index key: a rotation may not have reached it.
func (m *Members) byNumber(line string, n vault.Number) whom {
	return whom{"number_index", pq.ByteaArray(m.keys.Indexes(line, n))}
}

func (m *Members) byHandle(line, handle string) whom {
	return whom{"handle_index", pq.ByteaArray(m.keys.HandleIndexes(line, handle))}
}

// find returns an identity, or ErrNotFound. In a transaction it stays locked.
func (m *Members) find(ctx context.Context, q sqlx.QueryerContext, line string, who whom) (*member, error) {
	query := memberRows + `
		WHERE m.line_id = $1 AND m.` + who.column + ` = ANY($2)`
	if _, ok := q.(*sqlx.Tx); ok {
		query += ` FOR UPDATE OF m`
	}
	var r memberRow
	if err := getOne(ctx, q, &r, query, line, who.value); err != nil {
		return nil, dbError(ctx, err)
	}
	return m.open(r)
}

func memberCell(table, column, line, id string) vault.Cell {
	return vault.Cell{Table: table, Column: column, Row: line + "/" + id}
}

func (w *member) cell(column string) vault.Cell { return memberCell("member", column, w.line, w.id) }
func (w *member) keyCell(column string) vault.Cell {
	return memberCell("keys.member", column, w.line, w.id)
}

func (m *Members) open(r memberRow) (*member, error) {
	w, err := m.openProfile(r)
	if err != nil {
		return nil, err
	}
	if w.number, err = w.key.OpenNumber(w.cell("number"), r.Number); err != nil {
		return nil, err
	}
	return w, openJSON(w.key, w.cell("pin"), r.PIN, &w.pin)
}

// openProfile opens all but the number and the PIN.
func (m *Members) openProfile(r memberRow) (*member, error) {
	w := &member{line: r.LineID, id: r.MemberID, state: memberState(r.State), expiresOn: r.ExpiresOn}
	var err error
	if w.key, err = m.keys.UnwrapKey(w.keyCell("data_key"), r.DataKey); err != nil {
		return nil, err
	}
	if w.secret, err = m.keys.UnwrapSecret(w.keyCell("link_secret"), r.LinkSecret); err != nil {
		return nil, err
	}
	return w, openJSON(w.key, w.cell("profile"), r.Profile, &w.profile)
}

// save writes what can change of an identity, whatever has changed: all of it is
// sealed anew.
func (m *Members) save(ctx context.Context, tx *sqlx.Tx, w *member) error {
	profile, err := sealJSON(w.key, w.cell("profile"), w.profile, profileSize)
	if err != nil {
		return err
	}
	pin, err := sealJSON(w.key, w.cell("pin"), w.pin, pinSize)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE member
		SET profile = $3, pin = $4, state = $5, expires_on = $6
		WHERE line_id = $1 AND member_id = $2`,
		w.line, w.id, profile, pin, string(w.state), w.expiresOn)
	return err
}

func sealJSON(k vault.DataKey, c vault.Cell, v any, size int) ([]byte, error) {
	text, err := filledJSON(v, size)
	if err != nil {
		return nil, err
	}
	return k.Seal(c, text)
}

func openJSON(k vault.DataKey, c vault.Cell, sealed []byte, into any) error {
	text, err := k.Open(c, sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// alter is change for what its member does, which shows that they are there.
func (m *Members) alter(ctx context.Context, e Event, kind string, who whom, fn func(tx *sqlx.Tx, w *member) (outcome []byte, err error)) (*member, []byte, error) {
	return m.change(ctx, e, kind, who, func(tx *sqlx.Tx, w *member) ([]byte, error) {
		w.seen(e.At)
		return fn(tx, w)
	})
}

// change changes an identity once for an event, in a transaction of its own, and
// returns it as it is then, and the outcome. ErrNotFound says that there is none.
func (m *Members) change(ctx context.Context, e Event, kind string, who whom, fn func(tx *sqlx.Tx, w *member) (outcome []byte, err error)) (*member, []byte, error) {
	var w *member
	var outcome []byte
	err := m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		w = nil
		var err error
		outcome, err = m.once(ctx, tx, effect{Event: e, kind: kind}, func() ([]byte, error) {
			if w, err = m.find(ctx, tx, e.Line, who); err != nil {
				return nil, err
			}
			told, err := fn(tx, w)
			if err != nil {
				return nil, err
			}
			return told, m.save(ctx, tx, w)
		})
		if err == nil && w == nil { // it was done before
			w, err = m.find(ctx, tx, e.Line, who)
		}
		return err
	})
	return w, outcome, err
}

// month is that of at in UTC: more of a time is not kept of anybody.
func month(at time.Time) time.Time {
	at = at.UTC()
	return time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
}

const yearMonth = "2006-01"

// countIf counts one on the day of an event, by the same statement whether it does
// or not.
func countIf(ctx context.Context, tx *sqlx.Tx, yes bool, e Event, name Count) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO daily_count AS c (line_id, day, name, count)
		SELECT $1::uuid, $2::date, $3::text, 1
		WHERE $4
		ON CONFLICT (line_id, day, name) DO UPDATE
		SET count = c.count + 1`, e.Line, schedule.DateOf(e.At.UTC()).String(), string(name), yes)
	return err
}
