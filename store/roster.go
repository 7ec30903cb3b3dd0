package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// Roster is who is in groups, and who wishes to be, as coordinators see and decide it:
// under a pseudonym that only the group knows, and without a number. It works on
// sealed parts, with the rights of who serves calls. Its methods are safe for
// concurrent use.
type Roster struct {
	db      *DB
	keys    *vault.Keyring
	audit   *Audit
	members *Members
	now     func() time.Time
}

// NewRoster keeps the roster of groups whose members are sealed under keys.
func NewRoster(db *DB, keys *vault.Keyring, now func() time.Time) *Roster {
	return &Roster{db: db, keys: keys, audit: NewAudit(db, keys), members: NewMembers(db, keys), now: now}
}

// RosterEntry is somebody in a group, or who waits to be let into it.
type RosterEntry struct {
	Group string // its id
	Key   string // hex of the pseudonym: opaque, and another in each group
	// Number names who waits, unique on the line: 2 digits, or 3 when many do. 0 for
	// everybody else.
	Number int
	// Alias is what coordinators call them, "" until they chose one; Word then takes a
	// place of the flow's list of names, the same for as long as they are in the group.
	Alias string
	Word  int
	Note  string // of coordinators alone; the member may ask for it with all that is kept
	State string // applied, active, stopped, blocked
	// Channel is how they are reminded.
	Channel flows.Channel
	// MayCall says that they agreed to be called by a coordinator through the line.
	MayCall bool
}

// remarks are what coordinators call somebody, and noted.
type remarks struct {
	Alias string `json:"alias,omitempty"`
	Note  string `json:"note,omitempty"`
}

const (
	// saidSize is that of every such cell, so that its length tells nothing.
	saidSize = 1535
	// longestAlias and longestNote are how long they may be, in letters.
	longestAlias = 40
	longestNote  = 200
)

// namedMembers is how many places of the flow's list of names members without an alias take.
const namedMembers = 960

type rosterRow struct {
	GroupID                string
	Pseudonym              []byte
	State, Channel         string
	Waiting                *int
	Profile, Said, DataKey []byte
}

const rosterRows = `
		SELECT p.group_id, p.pseudonym, p.state, p.channel, p.waiting, p.profile, p.said, k.data_key
		FROM membership p
		JOIN keys.membership k USING (line_id, pseudonym)`

// List returns who is in a group: those who wait first, then by what they are called.
func (r *Roster) List(ctx context.Context, line, group string) ([]RosterEntry, error) {
	if err := r.number(ctx, line, []string{group}); err != nil {
		return nil, fmt.Errorf("roster: %w", err)
	}
	all, err := r.read(ctx, line, rosterRows+`
		WHERE p.line_id = $1 AND p.group_id = $2`, line, group)
	if err != nil {
		return nil, fmt.Errorf("roster: %w", err)
	}
	return all, nil
}

// Waiting returns who waits to be let into any of these groups, by their number.
func (r *Roster) Waiting(ctx context.Context, line string, groups []string) ([]RosterEntry, error) {
	if err := r.number(ctx, line, groups); err != nil {
		return nil, fmt.Errorf("who waits: %w", err)
	}
	all, err := r.read(ctx, line, rosterRows+`
		WHERE p.line_id = $1 AND p.group_id = ANY($2) AND p.state = 'applied'`, line, pq.StringArray(groups))
	if err != nil {
		return nil, fmt.Errorf("who waits: %w", err)
	}
	return all, nil
}

// Numbered returns who waits under a number in one of these groups, or ErrNotFound.
func (r *Roster) Numbered(ctx context.Context, line string, groups []string, number int) (RosterEntry, error) {
	all, err := r.read(ctx, line, rosterRows+`
		WHERE p.line_id = $1 AND p.group_id = ANY($2) AND p.state = 'applied' AND p.waiting = $3`, line, pq.StringArray(groups), number)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return RosterEntry{}, fmt.Errorf("who waits: %w", err)
	}
	return all[0], nil
}

// Count is how many are in a group, and how many wait to be let into it.
func (r *Roster) Count(ctx context.Context, line, group string) (in, waiting int, err error) {
	var n struct{ Members, Applied int }
	if err := r.db.pool.GetContext(ctx, &n, `
		SELECT count(*) FILTER (WHERE state IN ('active', 'stopped')) AS members, count(*) FILTER (WHERE state = 'applied') AS applied
		FROM membership
		WHERE line_id = $1 AND group_id = $2`, line, group); err != nil {
		return 0, 0, fmt.Errorf("roster: %w", dbError(ctx, err))
	}
	return n.Members, n.Applied, nil
}

func (r *Roster) read(ctx context.Context, line, query string, args ...any) ([]RosterEntry, error) {
	var rows []rosterRow
	if err := r.db.pool.SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, dbError(ctx, err)
	}
	all := make([]RosterEntry, len(rows))
	for i, row := range rows {
		var err error
		if all[i], err = r.members.openEntry(line, row); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b RosterEntry) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Number, b.Number),
			cmp.Compare(strings.ToLower(a.Alias), strings.ToLower(b.Alias)), cmp.Compare(a.Key, b.Key))
	})
	return all, nil
}

// rank has those first about whom something is to be decided, and those last who are
// kept out.
func rank(e RosterEntry) int {
	return slices.Index([]string{string(membershipApplied), string(membershipActive), string(membershipStopped), string(membershipBlocked)}, e.State)
}

// entries are what coordinators see of some memberships, by pseudonym.
func (m *Members) entries(ctx context.Context, line string, places []place) (map[string]RosterEntry, error) {
	var pseudonyms pq.ByteaArray
	for _, p := range places {
		pseudonyms = append(pseudonyms, p.pseudonym)
	}
	var rows []rosterRow
	if err := m.db.pool.SelectContext(ctx, &rows, rosterRows+`
		WHERE p.line_id = $1 AND p.pseudonym = ANY($2)`, line, pseudonyms); err != nil {
		return nil, dbError(ctx, err)
	}
	all := map[string]RosterEntry{}
	for _, row := range rows {
		e, err := m.openEntry(line, row)
		if err != nil {
			return nil, err
		}
		all[string(row.Pseudonym)] = e
	}
	return all, nil
}

func (m *Members) openEntry(line string, row rosterRow) (RosterEntry, error) {
	p, err := m.openMembership(line, row.GroupID, row.State, row.Pseudonym, row.Profile, row.DataKey)
	if err != nil {
		return RosterEntry{}, err
	}
	s, err := p.openSaid(row.Said)
	if err != nil {
		return RosterEntry{}, err
	}
	e := RosterEntry{
		Group: row.GroupID, Key: hex.EncodeToString(row.Pseudonym), Alias: s.Alias, Note: s.Note, State: row.State,
		Word: int(binary.BigEndian.Uint32(row.Pseudonym) % namedMembers), Channel: flows.Channel(row.Channel), MayCall: p.profile.callable(),
	}
	if row.Waiting != nil {
		e.Number = *row.Waiting
	}
	return e, nil
}

// openSaid opens what coordinators said of who has a membership.
func (p *membership) openSaid(sealed []byte) (remarks, error) {
	var s remarks
	if sealed == nil {
		return s, nil
	}
	err := openJSON(p.key, p.cell("said"), sealed, &s)
	return s, err
}

// ErrSaid says that an alias or a note is too long, or holds what could be dialled.
var ErrSaid = errors.New("an alias has 40 letters at most and a note 200, on one line, and neither holds a telephone number")

// check refuses what must not be kept beside a pseudonym.
func (s remarks) check() error {
	for _, text := range []string{s.Alias, s.Note} {
		if strings.ContainsFunc(text, unicode.IsControl) || withoutPhones(text) != text {
			return ErrSaid
		}
	}
	if utf8.RuneCountInString(s.Alias) > longestAlias || utf8.RuneCountInString(s.Note) > longestNote {
		return ErrSaid
	}
	return nil
}
