package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	// askedDays is how long who was asked to confirm may take.
	askedDays = 7
	// askLife is how long a confirmation may wait to be sent.
	askLife = 24 * time.Hour
	// ringAfter lets who enrols by phone hang up before we ring.
	ringAfter = 2 * time.Minute
	// onLineFor is how long who enrols by phone is taken to be on the line, with
	// the phone in their hand: only so long may a text reach them at any hour.
	onLineFor = 5 * time.Minute
	// handlesAtOnce is how many member numbers are tried in one statement.
	handlesAtOnce = 8
)

// smallest returns the one of a number's indexes that two replicas agree on,
// whichever of their keys is the primary one.
func smallest(indexes [][]byte) []byte {
	if len(indexes) == 0 {
		return nil
	}
	return slices.MinFunc(indexes, bytes.Compare)
}

// lockNumber has whoever enrols the same number wait for the transaction's end.
func (m *Members) lockNumber(ctx context.Context, tx *sqlx.Tx, line string, n vault.Number) error {
	key := binary.BigEndian.Uint64(smallest(m.keys.Indexes(line, n)))
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(key))
	return err
}

// dropShell removes the row of a number whose keys are gone: a restored backup
// that is older than an erasure brings one back.
func (m *Members) dropShell(ctx context.Context, tx *sqlx.Tx, line string, n vault.Number) error {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM member m
		WHERE m.line_id = $1 AND m.number_index = ANY($2)
		  AND NOT EXISTS (
			SELECT FROM keys.member k
			WHERE k.line_id = m.line_id AND k.member_id = m.member_id)`,
		line, pq.ByteaArray(m.keys.Indexes(line, n)))
	return err
}

// drawHandle returns six random digits.
func drawHandle() string {
	least := pow10(handleDigits - 1)
	n, _ := rand.Int(rand.Reader, big.NewInt(int64(9*least))) // never fails (crypto/rand)
	return strconv.Itoa(least + int(n.Int64()))
}

// freeHandle returns a random member number that is nobody's at this moment.
func (m *Members) freeHandle(ctx context.Context, tx *sqlx.Tx, line string) (string, error) {
	for range admissions {
		var drawn [handlesAtOnce]string
		var indexes pq.ByteaArray
		for i := range drawn {
			drawn[i] = drawHandle()
			indexes = append(indexes, m.keys.HandleIndexes(line, drawn[i])...)
		}
		var taken [][]byte
		if err := tx.SelectContext(ctx, &taken, `
			SELECT handle_index
			FROM member
			WHERE line_id = $1 AND handle_index = ANY($2)`, line, indexes); err != nil {
			return "", err
		}
		for _, handle := range drawn {
			if !slices.ContainsFunc(m.keys.HandleIndexes(line, handle), func(index []byte) bool {
				return slices.ContainsFunc(taken, func(t []byte) bool { return bytes.Equal(t, index) })
			}) {
				return handle, nil
			}
		}
	}
	return "", errNotAdmitted
}

// remove destroys an identity that nobody has confirmed, if it gives way: its keys,
// and what was to be sent to it. It has no membership yet. Whoever has signed in with
// it finds it gone. For one that stays, or is not there, it takes the same statements.
func (m *Members) remove(ctx context.Context, tx *sqlx.Tx, w *member, givesWay bool, line string) error {
	id := newID() // nobody's
	if givesWay {
		id = w.id
	}
	for _, table := range []string{"outbox", "keys.member", "member"} {
		if _, err := tx.ExecContext(ctx, `
			DELETE FROM `+table+`
			WHERE line_id = $1 AND member_id = $2`, line, id); err != nil {
			return err
		}
	}
	return nil
}

// insert writes an identity if it is new, under the primary keys, and reports
// whether it did: not where its number or its handle is taken. For one that is not
// new it takes the same statements.
func (m *Members) insert(ctx context.Context, tx *sqlx.Tx, w *member, isNew bool) (bool, error) {
	keys := m.keys.Frozen() // the indexes and the id of their key belong together
	key, err := keys.WrapKey(w.keyCell("data_key"), w.key)
	if err != nil {
		return false, err
	}
	secret, err := keys.WrapSecret(w.keyCell("link_secret"), w.secret)
	if err != nil {
		return false, err
	}
	number, err := w.key.SealNumber(w.cell("number"), w.number)
	if err != nil {
		return false, err
	}
	made, err := changed(tx.ExecContext(ctx, `
		INSERT INTO member (line_id, member_id, number_index, handle_index, index_key, number, profile, pin, state, expires_on)
		SELECT $1::uuid, $2::uuid, $3::bytea, $4::bytea, $5::bigint, $6::bytea, '', '', $7::text, $8::date
		WHERE $9
		ON CONFLICT DO NOTHING`,
		w.line, w.id, keys.Index(w.line, w.number), keys.HandleIndexes(w.line, w.profile.Handle)[0], keys.IndexKey(), number,
		string(w.state), w.expiresOn, isNew))
	if err != nil {
		return false, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO keys.member (line_id, member_id, data_key, link_secret)
		SELECT $1::uuid, $2::uuid, $3::bytea, $4::bytea
		WHERE $5`, w.line, w.id, key, secret, made)
	return made, err
}

// ask puts the question whether a number is theirs into the outbox, unless it is
// confirmed, or wants nothing of us, or the last one is on its way still.
func (m *Members) ask(ctx context.Context, tx *sqlx.Tx, w *member, n newcomer) error {
	due := n.At
	if w.profile.Channel == flows.ByCall {
		due = due.Add(ringAfter)
	}
	var onLine *time.Time // until when they are taken to be on the line with us
	if n.onLine {
		until := n.At.Add(onLineFor)
		onLine = &until
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO outbox (line_id, outbox_id, kind, channel, member_id, state, due_at, expires_at, attempts, on_line_until)
		SELECT $1::uuid, $2::uuid, 'confirmation', $3::text, $4::uuid, 'due', $5::timestamptz, $6::timestamptz, 0, $8::timestamptz
		WHERE $7
		ON CONFLICT (line_id, kind, member_id) WHERE member_id IS NOT NULL AND state IN ('due', 'intent', 'unknown', 'accepted', 'done') DO NOTHING`,
		w.line, newID(), string(w.profile.Channel), w.id, due, n.At.Add(askLife), w.state == stateAsked && !w.profile.Stopped, onLine); err != nil {
		return err
	}
	return notifyOutbox(ctx, tx, w.line) // also where nothing was asked: it takes the same statements
}

// dropQuestion has a question to a member that is not sent yet lapse.
func dropQuestion(ctx context.Context, tx *sqlx.Tx, w *member, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE outbox
		SET state = 'lapsed', reason = 'not wanted', lease_until = NULL, ended_at = $3
		WHERE line_id = $1 AND member_id = $2 AND state = 'due'`, w.line, w.id, endedOn(at))
	return err
}
