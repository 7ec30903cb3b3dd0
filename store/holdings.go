package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// Holdings are everything that the keys can compute from a number.
type Holdings struct {
	Member *HeldMember `json:"member,omitempty"` // nil of who has not enrolled
	Groups []HeldGroup `json:"groups,omitempty"`
	Outbox []HeldSend  `json:"outbox,omitempty"`
	// DialogueUntil is when the last text to us is forgotten, if it is not yet.
	DialogueUntil *time.Time `json:"dialogue_until,omitempty"`
	// Attempts are those at a PIN from this number on this day and the day before,
	// in UTC.
	Attempts int `json:"attempts,omitempty"`
	// Sent is how many texts and calls of ours went to it on the same days.
	Sent int `json:"sent,omitempty"`
	// Rung is how many calls of ours reminded it in this week and the one before,
	// from Monday on, in UTC.
	Rung int `json:"rung,omitempty"`
	// Seats are those in live sessions. What keeps them tells nobody but the service of
	// the rooms, which fills this in.
	Seats int `json:"seats,omitempty"`
	// Voice are the messages that it left and may be rung back for.
	Voice []VoiceOf `json:"voice_messages,omitempty"`
	// Account is the one of staff that signs in by it, and Cover what its facilitators
	// were asked to hold: both are staff's, and stay when a member is forgotten.
	Account *HeldAccount `json:"account,omitempty"`
	Cover   []HeldSend   `json:"cover,omitempty"`
	// Tester says that it hears drafts of what the line says, which is staff's too.
	Tester bool `json:"tester,omitempty"`
	// Shell says that a row tells that the number was enrolled, and cannot be
	// opened: a backup older than its erasure was restored.
	Shell bool `json:"shell,omitempty"`
}

// HeldMember is an identity.
type HeldMember struct {
	Enrolled    string            `json:"enrolled"` // YYYY-MM
	Seen        string            `json:"seen"`     // YYYY-MM; "" until a night after an update from when it was not sealed
	State       string            `json:"state"`    // asked, confirmed
	ErasedOn    string            `json:"erased_on,omitempty"`
	SafeUntil   string            `json:"safe_until,omitempty"`
	Stopped     bool              `json:"stopped"`
	StoppedWhy  string            `json:"stopped_why,omitempty"` // unreachable, silence; "" for a word of theirs
	Handle      string            `json:"member_number"`
	PIN         string            `json:"pin"` // set, code, none: a hash of it is kept, not itself
	Consent     flows.Consent     `json:"consent"`
	Preferences flows.Preferences `json:"preferences"`
	Quick       string            `json:"quick,omitempty"` // a group's id
}

// HeldAccount is what somebody of the staff signs in to.
type HeldAccount struct {
	Name  string       `json:"name"`
	Role  Role         `json:"role"`
	State AccountState `json:"state"`
	PIN   bool         `json:"pin"` // a hash of one is kept
}

// HeldGroup is a membership, or the wish for one that waits for the confirmation.
type HeldGroup struct {
	Group string `json:"group"` // its id
	State string `json:"state"` // asked, applied, active, stopped, blocked
	// Offsets are how long before a meeting they wish to be reminded: nil as the
	// group does, empty never.
	Offsets []string `json:"offsets,omitzero"`
	// Alias and Note are what coordinators call them, and noted about them.
	Alias string `json:"alias,omitempty"`
	Note  string `json:"note,omitempty"`
	// MayCall says that they let a coordinator call them, through the line.
	MayCall bool `json:"may_call,omitempty"`
}

// HeldSend is a row of the outbox: the identity's, then the memberships'.
type HeldSend struct {
	Kind    string `json:"kind"`
	Channel string `json:"channel"`
	State   string `json:"state"`
	// Answer is what they said to it, "in" or "out"; "" for nothing.
	Answer string `json:"answer,omitempty"`
}

// Empty reports whether nothing is held: there is no record.
func (h Holdings) Empty() bool {
	return h.Member == nil && len(h.Groups) == 0 && len(h.Outbox) == 0 && h.DialogueUntil == nil && h.Attempts == 0 && h.Sent == 0 && h.Rung == 0 && h.Seats == 0 &&
		len(h.Voice) == 0 && h.Account == nil && len(h.Cover) == 0 && !h.Tester && !h.Shell
}

// Holdings returns what is held of a number at a time. groups are all of the
// line's.
func (m *Members) Holdings(ctx context.Context, line string, n vault.Number, groups []string, at time.Time) (Holdings, error) {
	var h Holdings
	w, err := m.find(ctx, m.db.pool, line, m.byNumber(line, n))
	if err == nil {
		err = m.addMember(ctx, &h, w, groups)
	}
	if err == nil || errors.Is(err, ErrNotFound) {
		err = m.addCaller(ctx, &h, line, n, at)
	}
	if err == nil {
		h.Voice, err = NewVoicemail(m.db, m.keys).Of(ctx, line, n)
	}
	if err == nil {
		err = m.addStaff(ctx, &h, line, n)
	}
	if err != nil {
		return Holdings{}, fmt.Errorf("holdings: %w", err)
	}
	return h, nil
}

func (m *Members) addMember(ctx context.Context, h *Holdings, w *member, groups []string) error {
	h.Member = &HeldMember{
		Enrolled: w.profile.Enrolled, Seen: w.profile.Seen, State: string(w.state), Stopped: w.profile.Stopped,
		Handle: w.profile.Handle, PIN: w.pin.kind(), Consent: w.profile.Consent, Preferences: w.profile.Preferences, Quick: w.profile.Quick,
	}
	if w.expiresOn != nil {
		h.Member.ErasedOn = w.expiresOn.Format(time.DateOnly)
	}
	h.Member.StoppedWhy = string(w.profile.Why)
	if w.profile.Safe != 0 {
		h.Member.SafeUntil = w.safeUntil().Format(time.DateOnly)
	}
	places, err := m.places(ctx, w, groups)
	if err != nil {
		return err
	}
	entries, err := m.entries(ctx, w.line, places)
	if err != nil {
		return err
	}
	for _, p := range places {
		e := entries[string(p.pseudonym)]
		h.Groups = append(h.Groups, HeldGroup{Group: p.group, State: string(p.state), Offsets: p.offsets, Alias: e.Alias, Note: e.Note, MayCall: e.MayCall})
	}
	for _, group := range w.profile.Wishes {
		if !slices.ContainsFunc(places, func(p place) bool { return p.group == group }) {
			h.Groups = append(h.Groups, HeldGroup{Group: group, State: string(stateAsked)})
		}
	}
	if err := m.db.pool.SelectContext(ctx, &h.Outbox, `
		SELECT kind, channel, state
		FROM outbox
		WHERE line_id = $1 AND member_id = $2
		ORDER BY due_at`, w.line, w.id); err != nil {
		return dbError(ctx, err)
	}
	var pseudonyms pq.ByteaArray
	for _, p := range places {
		pseudonyms = append(pseudonyms, p.pseudonym)
	}
	var sends []HeldSend
	err = m.db.pool.SelectContext(ctx, &sends, `
		SELECT kind, channel, state, coalesce(answer, '') AS answer
		FROM outbox
		WHERE line_id = $1 AND pseudonym = ANY($2)
		ORDER BY due_at`, w.line, pseudonyms)
	h.Outbox = append(h.Outbox, sends...)
	return dbError(ctx, err)
}

// addCaller adds what a caller leaves behind who need not have enrolled.
func (m *Members) addCaller(ctx context.Context, h *Holdings, line string, n vault.Number, at time.Time) error {
	indexes := pq.ByteaArray(m.keys.Indexes(line, n))
	var r struct {
		DialogueUntil *time.Time
		Attempts      int
		Sent          int
		Rung          int
		Rows          int
	}
	if err := getOne(ctx, m.db.pool, &r, `
		SELECT
			(SELECT max(expires_at) FROM dialogue WHERE line_id = $1 AND caller = ANY($2) AND expires_at > $4) AS dialogue_until,
			(SELECT coalesce(sum(total), 0) FROM attempt WHERE line_id = $1 AND counter = ANY($3)) AS attempts,
			(SELECT coalesce(sum(total), 0) FROM attempt WHERE line_id = $1 AND counter = ANY($5)) AS sent,
			(SELECT coalesce(sum(total), 0) FROM attempt WHERE line_id = $1 AND counter = ANY($6)) AS rung,
			(SELECT count(*) FROM member WHERE line_id = $1 AND number_index = ANY($2)) AS rows`,
		line, indexes, pq.ByteaArray(m.attemptMarks(line, n, at, firstCounters...)), at, pq.ByteaArray(m.sentMarks(line, n, at)),
		pq.ByteaArray(m.rungMarks(line, n, at))); err != nil {
		return dbError(ctx, err)
	}
	h.DialogueUntil, h.Attempts, h.Sent, h.Rung = r.DialogueUntil, r.Attempts, r.Sent, r.Rung
	h.Shell = h.Member == nil && r.Rows > 0
	return nil
}

// addStaff adds what there is of a number that is of somebody of the staff, as far as
// the keys open theirs.
func (m *Members) addStaff(ctx context.Context, h *Holdings, line string, n vault.Number) error {
	accounts := NewAccounts(m.db, m.keys, nil)
	var rows []phoneRow
	if err := m.db.pool.SelectContext(ctx, &rows, `
		SELECT line_id, account_id, name, role, state, number, pin_hash
		FROM account
		WHERE line_id = $1 AND has_number
		ORDER BY handle`, line); err != nil {
		return dbError(ctx, err)
	}
	for _, r := range rows {
		number, err := accounts.number(r)
		if err == nil && number.Equal(n) && h.Account == nil {
			h.Account = &HeldAccount{Name: r.Name, Role: r.Role, State: r.State, PIN: r.hash() != ""}
		}
	}
	var leads []facilitatorRow
	if err := m.db.pool.SelectContext(ctx, &leads, `
		SELECT `+facilitatorColumns+`
		FROM facilitator
		WHERE line_id = $1`, line); err != nil {
		return dbError(ctx, err)
	}
	var theirs pq.StringArray
	for _, r := range leads {
		number, err := m.keys.OpenNumber(facilitatorCell(line, r), r.Number)
		if err == nil && number.Equal(n) {
			theirs = append(theirs, r.FacilitatorID)
		}
	}
	var testers []testerRow
	if err := m.db.pool.SelectContext(ctx, &testers, selectTester, line); err != nil {
		return dbError(ctx, err)
	}
	for _, r := range testers {
		number, err := m.keys.OpenNumber(r.cell(), r.Number)
		h.Tester = h.Tester || err == nil && number.Equal(n)
	}
	return m.addCover(ctx, h, line, theirs)
}

// addCover adds what facilitators were sent, and how often somebody tried what they were
// asked with wrong digits.
func (m *Members) addCover(ctx context.Context, h *Holdings, line string, facilitators pq.StringArray) error {
	var rows []struct {
		OutboxID string
		HeldSend
	}
	if err := m.db.pool.SelectContext(ctx, &rows, `
		SELECT outbox_id, kind, channel, state, coalesce(answer, '') AS answer
		FROM outbox
		WHERE line_id = $1 AND kind = 'cover' AND pseudonym IN (SELECT uuid_send(id) FROM unnest($2::uuid[]) AS id)
		ORDER BY due_at`, line, facilitators); err != nil {
		return dbError(ctx, err)
	}
	var tries pq.ByteaArray
	for _, r := range rows {
		h.Cover = append(h.Cover, r.HeldSend)
		tries = append(tries, wrongTries(m.keys, line, r.OutboxID).id)
	}
	var wrong int
	if err := m.db.pool.GetContext(ctx, &wrong, `SELECT coalesce(sum(total), 0) FROM attempt WHERE line_id = $1 AND counter = ANY($2)`, line, tries); err != nil {
		return dbError(ctx, err)
	}
	h.Attempts += wrong
	return nil
}

// kind says in a word what a cell holds.
func (p *pinCell) kind() string {
	switch {
	case p.isPIN():
		return "set"
	case p.isCode():
		return "code"
	}
	return "none"
}
