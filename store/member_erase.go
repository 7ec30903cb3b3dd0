package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/vault"
)

// errJoinedMeanwhile says that a membership came while the others were destroyed.
var errJoinedMeanwhile = errors.New("a membership came meanwhile")

// Erase destroys everything that is kept of a member: the keys first of all, so
// that the rows in older backups cannot be opened either. It may be interrupted at
// any point; done again it finishes, since the identity goes last. groups are all
// of the line's; those that only the database knows yet are erased from as well.
// Whoever calls it has [Members.Vacuum] run soon after.
func (m *Members) Erase(ctx context.Context, a Act, groups []string) error {
	w, err := m.find(ctx, m.db.pool, a.Line, byID(a.Member))
	if err == nil {
		err = m.erase(ctx, a.Event, w, groups)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("erase: %w", err)
	}
	return nil
}

// NumberOf returns a member's number; ErrNotFound says that there is no such member
// any more.
func (m *Members) NumberOf(ctx context.Context, line, member string) (vault.Number, error) {
	w, err := m.find(ctx, m.db.pool, line, byID(member))
	if err != nil {
		return vault.Number{}, fmt.Errorf("member's number: %w", err)
	}
	return w.number, nil
}

// EraseNumber is Erase for a number. Of one that is nobody's it removes what a
// caller leaves behind.
func (m *Members) EraseNumber(ctx context.Context, e Event, n vault.Number, groups []string) error {
	if n.IsZero() {
		return nil
	}
	for {
		w, err := m.find(ctx, m.db.pool, e.Line, m.byNumber(e.Line, n))
		if errors.Is(err, ErrNotFound) {
			err = m.forget(ctx, e, n)
		} else if err == nil {
			if err = m.erase(ctx, e, w, groups); errors.Is(err, ErrNotFound) { // the number may be another identity's by now
				continue
			}
		}
		if err != nil {
			return fmt.Errorf("erase: %w", err)
		}
		return nil
	}
}

// erase does so once for an event: who enrols again at once is not erased by the
// carrier's repetition. ErrNotFound says that the identity is gone already.
func (m *Members) erase(ctx context.Context, e Event, w *member, groups []string) error {
	if done, err := m.wasErased(ctx, e); err != nil || done {
		return err
	}
	if err := m.forgetQuestion(ctx, e, w.number); err != nil {
		return err
	}
	for {
		if err := m.eraseMemberships(ctx, w, groups); err != nil {
			return err
		}
		err := m.db.inTx(ctx, func(tx *sqlx.Tx) error {
			_, err := m.once(ctx, tx, effect{Event: e, kind: "erase"}, func() ([]byte, error) {
				return nil, m.eraseIdentity(ctx, tx, e, w, groups)
			})
			return err
		})
		if !errors.Is(err, errJoinedMeanwhile) {
			return err
		}
	}
}

func (m *Members) wasErased(ctx context.Context, e Event) (bool, error) {
	var done bool
	err := m.db.pool.GetContext(ctx, &done, `
		SELECT EXISTS (
			SELECT FROM effect
			WHERE line_id = $1 AND effect_id = $2)`, e.Line, m.mark(effect{Event: e, kind: "erase"}))
	return done, dbError(ctx, err)
}

func (m *Members) eraseMemberships(ctx context.Context, w *member, groups []string) error {
	left, err := m.pseudonymsLeft(ctx, m.db.pool, w, groups)
	if err != nil {
		return dbError(ctx, err)
	}
	for _, pseudonym := range left {
		if err := m.db.inTx(ctx, func(tx *sqlx.Tx) error {
			return deleteMembership(ctx, tx, w.line, pseudonym)
		}); err != nil {
			return err
		}
	}
	return nil
}

// pseudonymsLeft are those of which there is a membership, or a key alone: one
// whose group was deleted.
func (m *Members) pseudonymsLeft(ctx context.Context, q sqlx.QueryerContext, w *member, groups []string) ([][]byte, error) {
	var known []string
	if err := getAll(ctx, q, &known, `
		SELECT group_id
		FROM groups
		WHERE line_id = $1`, w.line); err != nil {
		return nil, err
	}
	var pseudonyms pq.ByteaArray
	for _, group := range slices.Concat(known, groups) {
		pseudonyms = append(pseudonyms, w.secret.Pseudonym(w.line, group))
	}
	var left [][]byte
	err := getAll(ctx, q, &left, `
		SELECT pseudonym
		FROM keys.membership
		WHERE line_id = $1 AND pseudonym = ANY($2)
		UNION
		SELECT pseudonym
		FROM membership
		WHERE line_id = $1 AND pseudonym = ANY($2)`, w.line, pseudonyms)
	return left, err
}

// eraseIdentity waits for whoever is joining a group, and lets nobody begin to. It
// locks the identity, then its outbox, then the counters, in which order everybody
// does. ErrNotFound says that it is gone.
func (m *Members) eraseIdentity(ctx context.Context, tx *sqlx.Tx, e Event, w *member, groups []string) error {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, memberLock(w)); err != nil {
		return err
	}
	var id string
	if err := tx.GetContext(ctx, &id, `
		SELECT member_id
		FROM member
		WHERE line_id = $1 AND member_id = $2
		FOR UPDATE`, w.line, w.id); err != nil {
		return err
	}
	left, err := m.pseudonymsLeft(ctx, tx, w, groups)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return errJoinedMeanwhile
	}
	if _, err := tx.ExecContext(ctx, `
		DELETE FROM outbox
		WHERE line_id = $1 AND member_id = $2`, w.line, w.id); err != nil {
		return err
	}
	if err := m.forgetAttempts(ctx, tx, e, w.number); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		DELETE FROM keys.member
		WHERE line_id = $1 AND member_id = $2`, w.line, w.id); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		DELETE FROM member
		WHERE line_id = $1 AND member_id = $2`, w.line, w.id); err != nil {
		return err
	}
	return countIf(ctx, tx, true, e, MemberErased)
}

// Vacuum removes the keys that were destroyed from the tables' pages as well. An
// erasure is done without it, since autovacuum does the same within a minute: it is
// no part of a call, whose caller would wait.
func (m *Members) Vacuum(ctx context.Context) error {
	if _, err := m.db.pool.ExecContext(ctx, `VACUUM (TRUNCATE FALSE) keys.member, keys.membership`); err != nil {
		return fmt.Errorf("vacuum: %w", dbError(ctx, err))
	}
	return nil
}
