package store

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store/vault"
)

// wrongAnswers is how many answers without the right digits end a question to somebody:
// whoever shows their number and guesses is right once in 233 times.
const wrongAnswers = 3

// answerLimit bounds them. A counter is kept for as long as the question can be answered.
var answerLimit = limit{wrongAnswers, answerable}

// QuestionCode is the three digits that go with the answer to a row of the kind
// [Cover]: nobody has them but who reads the number that the row goes to. Each row has
// its own. None begins as emergency numbers do, which say in a text that somebody is in
// danger.
func QuestionCode(k *vault.Keyring, line, row string) string {
	const least, many = 200, 700
	return strconv.FormatUint(least+binary.BigEndian.Uint64(k.Mark("question", line, row))%many, 10)
}

// CoverAnswer is a yes or a no that was sent with digits.
type CoverAnswer struct {
	Yes  bool
	Code string
}

// answered is what came of one.
type answered struct {
	Asked bool `json:"asked"`
	First bool `json:"first"`
}

// askedRow is a facilitator who was asked, with their sealed number.
type askedRow struct {
	facilitatorRow
	OutboxID, FiringID, MeetingID string
	Date, StartAt                 time.Time
}

// Answer takes in, once for an event, a yes or a no of a number to what its facilitator
// was asked within 36 hours with these digits: asked is false if that is nothing, as
// for any other number. The first who says yes holds the occurrence, and the others who
// were asked are told so by text: all but who it is. Who says no after that holds it no
// longer. What was answered once may be answered again. Digits that are wrong three
// times end what that facilitator was asked: a caller may show any number.
func (c *Covers) Answer(ctx context.Context, e Event, n vault.Number, a CoverAnswer) (asked, first bool, err error) {
	rows, err := c.theirs(ctx, e, n)
	if err != nil || len(rows) == 0 {
		return false, false, err
	}
	var came answered
	err = c.db.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := beginPlanning(ctx, tx, e.Line); err != nil {
			return err
		}
		kept, err := c.members.once(ctx, tx, effect{Event: e, kind: "cover"}, func() ([]byte, error) {
			came, err := c.heard(ctx, tx, e, rows, a)
			if err != nil {
				return nil, err
			}
			return json.Marshal(came)
		})
		if err != nil {
			return err
		}
		came = answered{}
		return json.Unmarshal(kept, &came)
	})
	if err != nil {
		return false, false, fmt.Errorf("a facilitator's answer: %w", err)
	}
	return came.Asked, came.First, nil
}

// theirs is what the facilitator of a number was asked and may answer still, the last
// first.
func (c *Covers) theirs(ctx context.Context, e Event, n vault.Number) ([]askedRow, error) {
	var rows []askedRow
	if err := getAll(ctx, c.db.pool, &rows, `
		SELECT p.group_id, p.facilitator_id, p.alias, p.number, p.pin_hash, p.ordinal, o.outbox_id, f.firing_id, f.meeting_id, f.date, f.start_at
		FROM firing f
		JOIN outbox o USING (line_id, firing_id)
		JOIN facilitator p ON p.line_id = f.line_id AND p.group_id = f.group_id AND uuid_send(p.facilitator_id) = o.pseudonym
		WHERE f.line_id = $1 AND f.purpose = 'cover' AND f.expires_at > $2 AND o.kind = 'cover'
		  AND o.state IN ('unknown', 'accepted', 'done') AND o.intent_at > $3
		ORDER BY o.intent_at DESC, o.outbox_id`, e.Line, e.At, e.At.Add(-answerable)); err != nil {
		return nil, fmt.Errorf("a facilitator's answer: %w", dbError(ctx, err))
	}
	return slices.DeleteFunc(rows, func(r askedRow) bool {
		number, err := c.keys.OpenNumber(facilitatorCell(e.Line, r.facilitatorRow), r.Number)
		return err != nil || n.IsZero() || !number.Equal(n)
	}), nil
}

// heard finds what of rows an answer is to, and writes it down. One that is to none
// counts against all of them. Who answers at the same moment, as whoever tries many
// digits at once does, waits for the others.
func (c *Covers) heard(ctx context.Context, tx *sqlx.Tx, e Event, rows []askedRow, a CoverAnswer) (answered, error) {
	rows, err := c.stillOpen(ctx, tx, e, rows)
	if err != nil {
		return answered{}, err
	}
	to := -1
	for i, r := range rows {
		if subtle.ConstantTimeCompare([]byte(QuestionCode(c.keys, e.Line, r.OutboxID)), []byte(a.Code)) == 1 && to < 0 {
			to = i
		}
	}
	if to >= 0 {
		first, err := c.take(ctx, tx, e, rows[to], a.Yes)
		return answered{Asked: true, First: first}, err
	}
	for _, r := range rows {
		if _, err := draw(ctx, tx, e.Line, wrongTries(c.keys, e.Line, r.OutboxID), e.At, 1); err != nil {
			return answered{}, err
		}
	}
	return answered{}, nil
}

// stillOpen locks what was asked, in the order of the firings, and returns those of
// rows that are there and that too many wrong digits have not ended.
func (c *Covers) stillOpen(ctx context.Context, tx *sqlx.Tx, e Event, rows []askedRow) ([]askedRow, error) {
	var firings, ids pq.StringArray
	var counters pq.ByteaArray
	for _, r := range rows {
		firings, ids = append(firings, r.FiringID), append(ids, r.OutboxID)
		counters = append(counters, wrongTries(c.keys, e.Line, r.OutboxID).id)
	}
	if _, err := tx.ExecContext(ctx, `
		SELECT FROM firing
		WHERE line_id = $1 AND firing_id = ANY($2::uuid[])
		ORDER BY firing_id
		FOR UPDATE`, e.Line, firings); err != nil {
		return nil, err
	}
	var open []string
	if err := tx.SelectContext(ctx, &open, `
		SELECT outbox_id
		FROM outbox JOIN unnest($2::uuid[], $3::bytea[]) AS asked (outbox_id, counter) USING (outbox_id)
		WHERE line_id = $1 AND NOT EXISTS (
			SELECT FROM attempt t WHERE t.line_id = $1 AND t.counter = asked.counter AND t.total >= $4)`,
		e.Line, ids, counters, wrongAnswers); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(rows), func(r askedRow) bool { return !slices.Contains(open, r.OutboxID) }), nil
}

// wrongTries counts the wrong answers to a row.
func wrongTries(k *vault.Keyring, line, row string) counter {
	return counter{k.Mark("question tries", line, row), answerLimit}
}

// take writes an answer down.
func (c *Covers) take(ctx context.Context, tx *sqlx.Tx, e Event, r askedRow, yes bool) (first bool, err error) {
	var taken struct {
		Other bool
		Mine  sql.NullString
	}
	if err := tx.GetContext(ctx, &taken, `
		SELECT o.answer AS mine, EXISTS (
			SELECT FROM outbox x WHERE x.line_id = $1 AND x.firing_id = $2 AND x.outbox_id <> $3 AND x.answer = 'in') AS other
		FROM outbox o
		WHERE o.line_id = $1 AND o.outbox_id = $3`, e.Line, r.FiringID, r.OutboxID); err != nil {
		return false, err
	}
	first = yes && !taken.Other
	said := "out"
	if first {
		said = "in"
	}
	if yes && taken.Other || taken.Mine.String == said {
		return first, nil
	}
	if _, err := tx.ExecContext(ctx, `
		UPDATE outbox
		SET answer = $3
		WHERE line_id = $1 AND outbox_id = $2`, e.Line, r.OutboxID, said); err != nil {
		return false, err
	}
	if first {
		if err := c.tellTaken(ctx, tx, e, r); err != nil {
			return false, err
		}
	}
	return first, c.enter(ctx, tx, e, r, said)
}

// tellTaken has who was asked know that somebody holds it, and nobody asked any more.
func (c *Covers) tellTaken(ctx context.Context, tx *sqlx.Tx, e Event, r askedRow) error {
	if _, err := tx.ExecContext(ctx, `
		UPDATE outbox o
		SET state = $4, reason = 'somebody covers', lease_until = NULL, ended_at = $3
		WHERE o.line_id = $1 AND o.kind = 'cover' AND o.state = 'due' AND o.state = ANY($5)
		  AND (o.firing_id = $2::uuid OR o.pseudonym = uuid_send($6::uuid) AND o.firing_id IN (
			SELECT f.firing_id
			FROM firing f JOIN firing asked USING (line_id, group_id, meeting_id, date)
			WHERE f.line_id = $1 AND f.purpose = 'covered' AND asked.firing_id = $2::uuid))`,
		e.Line, r.FiringID, endedOn(e.At), string(SendLapsed), SendLapsed.before(), r.FacilitatorID); err != nil {
		return err
	}
	f := Firing{Group: r.GroupID, Meeting: r.MeetingID, Date: schedule.DateOf(r.Date), Purpose: Covered, Start: r.StartAt, Expires: r.StartAt}
	id, err := putFiring(ctx, tx, e.Line, f)
	if err != nil {
		return err
	}
	return tellFacilitators(ctx, tx, e.Line, id, f, e.At, `p.facilitator_id <> $9::uuid AND EXISTS (
		SELECT FROM outbox o
		WHERE o.line_id = $1 AND o.firing_id = $8::uuid AND o.pseudonym = uuid_send(p.facilitator_id)
		  AND o.state IN ('intent', 'unknown', 'accepted', 'done') AND o.answer IS DISTINCT FROM 'out')`, r.FiringID, r.FacilitatorID)
}

// enter writes into the audit log that a facilitator holds it, or not any more.
func (c *Covers) enter(ctx context.Context, tx *sqlx.Tx, e Event, r askedRow, said string) error {
	var code string
	if err := tx.GetContext(ctx, &code, `SELECT code FROM groups WHERE line_id = $1 AND group_id = $2`, e.Line, r.GroupID); err != nil {
		return err
	}
	act := map[string]string{"in": "cover.take", "out": "cover.pass"}[said]
	return c.audit.add(ctx, tx, AuditEntry{
		Line: e.Line, Actor: "facilitator " + r.Alias, Act: act, Detail: fmt.Sprintf("group %s on %s", code, schedule.DateOf(r.Date)), At: e.At,
	})
}
