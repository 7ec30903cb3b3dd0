package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// errNotWaiting says that there is nothing to decide about somebody any more.
var errNotWaiting = fmt.Errorf("they do not wait to be let in any more: %w", ErrNotFound)

// Approve lets in who waits. It is ErrNotFound when they do not, or have taken it back
// meanwhile; who was let in already stays so.
func (r *Roster) Approve(ctx context.Context, line string, by By, group, key string) error {
	return r.decide(ctx, line, by, "roster.approve", group, key, func(_ *sqlx.Tx, p *membership) error {
		switch p.state {
		case membershipActive, membershipStopped:
			return nil
		case membershipApplied:
			p.state = p.let()
			return nil
		}
		return errNotWaiting
	})
}

// Decline forgets that somebody wished to be in a group. They may ask again.
func (r *Roster) Decline(ctx context.Context, line string, by By, group, key string) error {
	return r.decide(ctx, line, by, "roster.decline", group, key, func(tx *sqlx.Tx, p *membership) error {
		if p.state != membershipApplied {
			return errNotWaiting
		}
		return deleteMembership(ctx, tx, line, p.pseudonym)
	})
}

// Block keeps a member from being reminded and rung, and, where a group needs
// approval, out of it; what was to be sent to them is not. A line tells nobody who
// calls, so that an open group stays open to whoever dials it.
func (r *Roster) Block(ctx context.Context, line string, by By, group, key string) error {
	return r.decide(ctx, line, by, "roster.block", group, key, func(tx *sqlx.Tx, p *membership) error {
		p.profile.Stopped = p.profile.Stopped || p.state == membershipStopped
		p.state = membershipBlocked
		return dropDue(ctx, tx, line, p.pseudonym, r.at(by))
	})
}

// Unblock takes that back.
func (r *Roster) Unblock(ctx context.Context, line string, by By, group, key string) error {
	return r.decide(ctx, line, by, "roster.unblock", group, key, func(_ *sqlx.Tx, p *membership) error {
		if p.state == membershipBlocked {
			p.state = p.let()
		}
		return nil
	})
}

// let is the state of who may be in the group: nothing is sent to who wants nothing.
func (p *membership) let() membershipState {
	if p.profile.Stopped {
		return membershipStopped
	}
	return membershipActive
}

// SetAlias says what coordinators call somebody, "" for no name of theirs; [ErrSaid] if
// that cannot be kept.
func (r *Roster) SetAlias(ctx context.Context, line string, by By, group, key, alias string) error {
	return r.say(ctx, line, by, "roster.alias", group, key, func(s *remarks) { s.Alias = strings.TrimSpace(alias) })
}

// SetNote keeps what coordinators noted about somebody, in place of what they had;
// [ErrSaid] if that cannot be kept.
func (r *Roster) SetNote(ctx context.Context, line string, by By, group, key, note string) error {
	return r.say(ctx, line, by, "roster.note", group, key, func(s *remarks) { s.Note = strings.TrimSpace(note) })
}

func (r *Roster) say(ctx context.Context, line string, by By, act, group, key string, change func(*remarks)) error {
	return r.decide(ctx, line, by, act, group, key, func(tx *sqlx.Tx, p *membership) error {
		var sealed []byte
		if err := tx.GetContext(ctx, &sealed, `
			SELECT said
			FROM membership
			WHERE line_id = $1 AND pseudonym = $2`, line, p.pseudonym); err != nil {
			return err
		}
		s, err := p.openSaid(sealed)
		if err != nil {
			return err
		}
		change(&s)
		if err := s.check(); err != nil {
			return err
		}
		if sealed, err = sealJSON(p.key, p.cell("said"), s, saidSize); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE membership
			SET said = $3
			WHERE line_id = $1 AND pseudonym = $2`, line, p.pseudonym, sealed)
		return err
	})
}

// decide does something about a membership of a group, and enters it in the audit log
// by the group's code alone: which of its members it was about is not kept.
func (r *Roster) decide(ctx context.Context, line string, by By, act, group, key string, do func(*sqlx.Tx, *membership) error) error {
	pseudonym, err := pseudonymOf(key)
	if err != nil {
		return fmt.Errorf("%s: %w", act, err)
	}
	by.At = r.at(by)
	by = by.on(key)
	err = r.db.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockMembership(ctx, tx, pseudonym); err != nil {
			return err
		}
		done, err := by.done(ctx, tx, line, act)
		if err != nil || done {
			return err
		}
		p, err := r.members.findMembership(ctx, tx, line, pseudonym)
		if err != nil {
			return err
		}
		if p.group != group {
			return ErrNotFound
		}
		if err := do(tx, p); err != nil {
			return err
		}
		if err := p.save(ctx, tx); err != nil {
			return err
		}
		var code string
		if err := tx.GetContext(ctx, &code, `
			SELECT code
			FROM groups
			WHERE line_id = $1 AND group_id = $2`, line, group); err != nil {
			return err
		}
		return r.audit.add(ctx, tx, by.entry(line, act, "group "+code))
	})
	if err != nil {
		return fmt.Errorf("%s: %w", act, err)
	}
	return nil
}

const pseudonymSize = 16

// pseudonymOf reads what an entry calls its key; ErrNotFound of anything else.
func pseudonymOf(key string) ([]byte, error) {
	pseudonym, err := hex.DecodeString(key)
	if err != nil || len(pseudonym) != pseudonymSize {
		return nil, ErrNotFound
	}
	return pseudonym, nil
}

// at is when it is done, now unless that is said.
func (r *Roster) at(by By) time.Time {
	if by.At.IsZero() {
		return r.now()
	}
	return by.At
}

// fewWaiting is how many may wait on a line with numbers of two digits.
const fewWaiting = 45

var errManyWait = errors.New("too many wait to be let in: decide about some first")

// number gives each who waits in these groups a number that nobody else of the line
// has, whoever asks, at random, so that it tells neither how many they are nor who came
// first.
func (r *Roster) number(ctx context.Context, line string, groups []string) error {
	ctx = everyGroup(ctx)
	const without = `
		SELECT pseudonym
		FROM membership
		WHERE line_id = $1 AND group_id = ANY($2) AND state = 'applied' AND waiting IS NULL`
	var some bool
	if err := r.db.pool.GetContext(ctx, &some, `SELECT EXISTS (`+without+`)`, line, pq.StringArray(groups)); err != nil || !some {
		return dbError(ctx, err)
	}
	return r.db.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('waiting ' || $1::text, 0))`, line); err != nil {
			return err
		}
		var taken []int
		if err := tx.SelectContext(ctx, &taken, `SELECT waiting FROM membership WHERE line_id = $1 AND waiting IS NOT NULL`, line); err != nil {
			return err
		}
		var who [][]byte
		if err := tx.SelectContext(ctx, &who, without+` ORDER BY pseudonym FOR UPDATE`, line, pq.StringArray(groups)); err != nil {
			return err
		}
		for _, pseudonym := range who {
			n, err := freeNumber(taken)
			if err != nil {
				return err
			}
			taken = append(taken, n)
			if _, err := tx.ExecContext(ctx, `
				UPDATE membership
				SET waiting = $3
				WHERE line_id = $1 AND pseudonym = $2`, line, pseudonym, n); err != nil {
				return err
			}
		}
		return nil
	})
}

func freeNumber(taken []int) (int, error) {
	least, most := 10, 99
	if len(taken) >= fewWaiting {
		least, most = 100, 999
	}
	var free []int
	for n := least; n <= most; n++ {
		if !slices.Contains(taken, n) {
			free = append(free, n)
		}
	}
	if len(free) == 0 {
		return 0, errManyWait
	}
	i, _ := rand.Int(rand.Reader, big.NewInt(int64(len(free)))) // never fails (crypto/rand)
	return free[i.Int64()], nil
}
