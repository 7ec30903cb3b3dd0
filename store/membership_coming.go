package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/vault"
)

// answerable is how long after it went out a reminder can be answered by a text.
const answerable = 36 * time.Hour

// Coming writes down whether the member of a number is coming to what they were
// reminded of last, in any of these groups; who is not coming hears no more of it.
// For a number that is nobody's, or without a reminder in the last 36 hours, it does
// nothing.
//
// It ties no number to a group: that they are there is written in a transaction of
// the identity, the answer in one of the membership.
func (m *Members) Coming(ctx context.Context, e Event, n vault.Number, coming bool, groups []string) error {
	row, err := m.newest(ctx, e.Line, n, groups, e.At)
	if err == nil {
		err = m.answer(ctx, e, row, coming)
	}
	if err == nil {
		err = m.Seen(ctx, e, n)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("coming: %w", err)
	}
	return nil
}

// ComingRow is Coming for whom a row of the outbox went to. Of one that is gone it
// does nothing.
func (m *Members) ComingRow(ctx context.Context, e Event, row string, coming bool) error {
	if err := m.answer(ctx, e, row, coming); err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("coming: %w", err)
	}
	return nil
}

// Newest returns what the member of a number was reminded of last, in any of these
// groups and within 36 hours; false for nothing.
func (m *Members) Newest(ctx context.Context, line string, n vault.Number, groups []string, now time.Time) (Firing, bool, error) {
	row, err := m.newest(ctx, line, n, groups, now)
	var f Firing
	if err == nil {
		f, err = m.RowFiring(ctx, line, row)
	}
	switch {
	case errors.Is(err, ErrNotFound):
		return Firing{}, false, nil
	case err != nil:
		return Firing{}, false, fmt.Errorf("newest reminder: %w", err)
	}
	return f, true, nil
}

// newest is the row of the reminder that went out last to the member of a number.
func (m *Members) newest(ctx context.Context, line string, n vault.Number, groups []string, now time.Time) (row string, err error) {
	w, err := m.find(ctx, m.db.pool, line, m.byNumber(line, n))
	if err != nil {
		return "", err
	}
	err = m.db.pool.GetContext(ctx, &row, `
		SELECT outbox_id
		FROM outbox
		WHERE line_id = $1
		  AND pseudonym = ANY($2)
		  AND kind = 'reminder'
		  AND state IN ('unknown', 'accepted', 'done')
		  AND intent_at > $3
		ORDER BY intent_at DESC
		LIMIT 1`, line, w.pseudonyms(groups), now.Add(-answerable))
	return row, dbError(ctx, err)
}

// pseudonyms are those that a member has in these groups, or would have.
func (w *member) pseudonyms(groups []string) pq.ByteaArray {
	all := make(pq.ByteaArray, len(groups))
	for i, group := range groups {
		all[i] = w.secret.Pseudonym(w.line, group)
	}
	return all
}

// RowFiring returns what a row of the outbox tells a membership of. ErrNotFound
// says that the row is gone, or tells a member something else.
func (m *Members) RowFiring(ctx context.Context, line, row string) (Firing, error) {
	var r outgoingRow
	if err := m.db.pool.GetContext(ctx, &r, `
		SELECT `+outgoingColumns+`
		FROM outbox o JOIN firing f USING (line_id, firing_id)
		WHERE o.line_id = $1 AND o.outbox_id = $2`, line, row); err != nil {
		return Firing{}, fmt.Errorf("what a row tells of: %w", dbError(ctx, err))
	}
	return r.outgoing().Firing, nil
}

// answer writes down, once for an event, whether who got a row of the outbox is
// coming: on that row alone, so that everybody is counted once for an occurrence.
func (m *Members) answer(ctx context.Context, e Event, row string, coming bool) error {
	said, name := "out", MemberNotComing
	if coming {
		said, name = "in", MemberComing
	}
	return m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := m.once(ctx, tx, effect{Event: e, kind: "coming"}, func() ([]byte, error) {
			to, err := findTold(ctx, tx, e.Line, row)
			if err != nil {
				return nil, err
			}
			fresh, err := to.says(ctx, tx, row, said)
			if err == nil && !coming {
				err = to.lapse(ctx, tx, e.At)
			}
			if err != nil {
				return nil, err
			}
			return nil, countIf(ctx, tx, fresh, e, name)
		})
		return err
	})
}

// told is a membership and the occurrence that a row of the outbox tells it of.
type told struct {
	LineID             string
	Pseudonym          []byte
	GroupID, MeetingID string
	Date               time.Time
}

// findTold locks all rows of the membership, in the order in which everybody does.
// sql.ErrNoRows says that the row is gone, or a member's.
func findTold(ctx context.Context, tx *sqlx.Tx, line, row string) (told, error) {
	var t told
	if err := tx.GetContext(ctx, &t, `
		SELECT o.line_id, o.pseudonym, f.group_id, f.meeting_id, f.date
		FROM outbox o
		JOIN firing f USING (line_id, firing_id)
		WHERE o.line_id = $1 AND o.outbox_id = $2`, line, row); err != nil {
		return told{}, err
	}
	_, err := tx.ExecContext(ctx, sendsOf, line, t.Pseudonym)
	return t, err
}

// says puts an answer on one of the rows about the occurrence, and takes it from
// the others. It reports whether it was not there yet.
func (t told) says(ctx context.Context, tx *sqlx.Tx, row, said string) (bool, error) {
	if _, err := tx.ExecContext(ctx, `
		UPDATE outbox AS o
		SET answer = NULL
		FROM firing AS f
		WHERE o.line_id = $1 AND o.pseudonym = $2 AND o.answer IS NOT NULL AND o.outbox_id <> $6
		  AND (f.line_id, f.firing_id) = (o.line_id, o.firing_id)
		  AND f.group_id = $3 AND f.meeting_id = $4 AND f.date = $5`,
		t.LineID, t.Pseudonym, t.GroupID, t.MeetingID, t.Date, row); err != nil {
		return false, err
	}
	return changed(tx.ExecContext(ctx, `
		UPDATE outbox
		SET answer = $3
		WHERE line_id = $1 AND outbox_id = $2 AND answer IS DISTINCT FROM $3`, t.LineID, row, said))
}

// lapse has what is to be sent about the occurrence not be sent.
func (t told) lapse(ctx context.Context, tx *sqlx.Tx, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE outbox AS o
		SET state = $7, reason = 'not coming', lease_until = NULL, ended_at = $6
		FROM firing AS f
		WHERE o.line_id = $1 AND o.pseudonym = $2 AND o.kind IN ('reminder', 'call_me')
		  AND o.state = $8 AND o.state = ANY($9)
		  AND (f.line_id, f.firing_id) = (o.line_id, o.firing_id)
		  AND f.group_id = $3 AND f.meeting_id = $4 AND f.date = $5`,
		t.LineID, t.Pseudonym, t.GroupID, t.MeetingID, t.Date, endedOn(at), string(SendLapsed), string(SendDue), SendLapsed.before())
	return err
}
