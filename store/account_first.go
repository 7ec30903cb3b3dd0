package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// firstLinkLife is how long the link of a first run can be used: it stands in a log.
const firstLinkLife = time.Hour

const hasOwner = `
	SELECT EXISTS (SELECT FROM account WHERE line_id = $1 AND role = 'owner' AND state <> 'disabled')`

// FirstLink makes the token of a link with which whoever opens it within an hour becomes
// the line's first owner: see [Accounts.BeginFirst]. It is "" where somebody is the
// owner, or invited to be. One that was made before stays good beside it.
func (a *Accounts) FirstLink(ctx context.Context, line string) (token string, err error) {
	err = a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		var has bool
		if err := tx.GetContext(ctx, &has, hasOwner, line); err != nil || has {
			token = ""
			return err
		}
		token = rand.Text()
		_, err := tx.ExecContext(ctx, `
			INSERT INTO first_link (line_id, hash, expires_at)
			VALUES ($1, $2, $3)`, line, hashOf(token), a.now().Add(firstLinkLife))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("first link: %w", err)
	}
	return token, nil
}

// IsFirst says whether a token is of a link that makes the line's first owner.
func (a *Accounts) IsFirst(ctx context.Context, line, token string) (bool, error) {
	var is bool
	if err := a.db.pool.GetContext(ctx, &is, `
		SELECT EXISTS (SELECT FROM first_link WHERE line_id = $1 AND hash = $2 AND expires_at > $3)
			AND NOT (`+hasOwner+`)`, line, hashOf(token), a.now()); err != nil {
		return false, fmt.Errorf("first link: %w", dbError(ctx, err))
	}
	return is, nil
}

// BeginFirst makes the account of the line's first owner, and the token of a link that
// sets it up, in place of every link of the first run. ErrNotFound says that such a link
// is over, or was used, or that there is an owner; ErrEmailTaken that somebody else's
// account has the address: then the link can be used again.
func (a *Accounts) BeginFirst(ctx context.Context, line, first string, i Invited) (token string, err error) {
	i.Role, i.Groups = RoleOwner, nil
	if i, err = i.complete(); err != nil {
		return "", err
	}
	now := a.now()
	err = a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		// Of two at once, the second finds nothing.
		var links []struct {
			Hash      []byte
			ExpiresAt time.Time
		}
		if err := tx.SelectContext(ctx, &links, `
			DELETE FROM first_link
			WHERE line_id = $1
			RETURNING hash, expires_at`, line); err != nil {
			return err
		}
		var has bool
		if err := tx.GetContext(ctx, &has, hasOwner, line); err != nil {
			return err
		}
		good := false
		for _, l := range links {
			good = good || bytes.Equal(l.Hash, hashOf(first)) && l.ExpiresAt.After(now)
		}
		if has || !good {
			return ErrNotFound
		}
		token, err = a.invite(ctx, tx, line, By{Actor: i.Name, At: now}, i)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("first owner: %w", err)
	}
	return token, nil
}
