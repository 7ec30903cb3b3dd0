package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
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

// linkLife is how long a link that sets an account up can be used (ASVS 6.4.1).
const linkLife = 24 * time.Hour

// Invited is who is to have an account.
type Invited struct {
	Email, Name string
	Role        Role
	Groups      []string // ids
	Lang        string   // of their pages; "" for their browser's
}

// Link is what an invitation is for.
type Link string

// The kinds of links.
const (
	// LinkJoin sets up everything with which an account signs in, in place of what
	// there was.
	LinkJoin Link = "join"
	// LinkPassword sets a new password, and nothing else: who uses it still needs a
	// code or a passkey to sign in (ASVS 6.4.3).
	LinkPassword Link = "password"
)

var errNoAccount = errors.New("an account has an e-mail address, a name and a role")

// Invite makes an account, and the token of a link that sets it up once within 24
// hours. ErrEmailTaken says that there is one with this address.
func (a *Accounts) Invite(ctx context.Context, line string, by By, i Invited) (token string, err error) {
	if i, err = i.complete(); err != nil {
		return "", err
	}
	by = by.on(hex.EncodeToString(a.emailMark(line, i.Email)))
	err = a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		token, err = a.invite(ctx, tx, line, by, i)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("invite: %w", err)
	}
	return token, nil
}

// complete is i as it is kept, if nothing is missing.
func (i Invited) complete() (Invited, error) {
	i.Email, i.Name = strings.TrimSpace(i.Email), strings.TrimSpace(i.Name)
	if i.Email == "" || i.Name == "" || !slices.Contains(Roles, i.Role) {
		return i, errNoAccount
	}
	return i, nil
}

func (a *Accounts) invite(ctx context.Context, tx *sqlx.Tx, line string, by By, i Invited) (token string, err error) {
	id := newID()
	sealed, err := a.keys.Seal(accountCell(line, id, "email"), []byte(i.Email))
	if err != nil {
		return "", err
	}
	handle, err := freeHandle(ctx, tx, line)
	if err != nil {
		return "", err
	}
	written, err := changed(tx.ExecContext(ctx, `
		INSERT INTO account (line_id, account_id, email, email_mark, name, role, lang, state, handle, made_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'invited', $8, $9)
		ON CONFLICT (line_id, email_mark) DO NOTHING`,
		line, id, sealed, a.emailMark(line, i.Email), i.Name, i.Role, i.Lang, handle, by.At.UTC()))
	if err != nil {
		return "", err
	}
	if !written {
		return "", ErrEmailTaken
	}
	if err := putGroups(ctx, tx, line, id, i.Groups); err != nil {
		return "", err
	}
	if token, err = a.link(ctx, tx, line, id, LinkJoin, by.At); err != nil {
		return "", err
	}
	return token, a.audit.add(ctx, tx, by.entry(line, "account.invite", i.Name+", "+string(i.Role)))
}

// Relink makes the token of another link for an account, in place of one that it may
// have. An account without codes of an app gets one that sets everything up. A copy of
// the act makes no token: "".
func (a *Accounts) Relink(ctx context.Context, line string, by By, id string, kind Link) (token string, err error) {
	err = a.change(ctx, line, by, id, "account.link", string(kind), func(tx *sqlx.Tx, was Account) error {
		if was.State == AccountDisabled {
			return ErrDisabled
		}
		if !was.HasTOTP {
			kind = LinkJoin
		}
		token, err = a.link(ctx, tx, line, id, kind, by.At)
		return err
	})
	return token, err
}

func (a *Accounts) link(ctx context.Context, tx *sqlx.Tx, line, id string, kind Link, at time.Time) (string, error) {
	token := rand.Text()
	_, err := tx.ExecContext(ctx, `
		INSERT INTO invitation (line_id, account_id, hash, kind, expires_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (line_id, account_id) DO UPDATE
		SET hash = excluded.hash, kind = excluded.kind, expires_at = excluded.expires_at`,
		line, id, hashOf(token), kind, at.Add(linkLife))
	return token, err
}

// hashOf is what is kept of a token of at least 128 random bits.
func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// freeHandle is six digits that no account of the line has.
func freeHandle(ctx context.Context, tx *sqlx.Tx, line string) (string, error) {
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(900_000))
		if err != nil {
			return "", err
		}
		handle := fmt.Sprint(100_000 + n.Int64())
		var taken bool
		if err := tx.GetContext(ctx, &taken, `
			SELECT EXISTS (SELECT FROM account WHERE line_id = $1 AND handle = $2)`, line, handle); err != nil || !taken {
			return handle, err
		}
	}
}

func putGroups(ctx context.Context, tx *sqlx.Tx, line, id string, groups []string) error {
	if _, err := tx.ExecContext(ctx, `
		DELETE FROM account_group
		WHERE line_id = $1 AND account_id = $2 AND group_id <> ALL($3::uuid[])`, line, id, pq.StringArray(groups)); err != nil {
		return err
	}
	// Only groups of the line become theirs.
	_, err := tx.ExecContext(ctx, `
		INSERT INTO account_group (line_id, account_id, group_id)
		SELECT line_id, $2, group_id FROM groups WHERE line_id = $1 AND group_id = ANY($3::uuid[])
		ON CONFLICT DO NOTHING`, line, id, pq.StringArray(groups))
	return err
}

// change does something to an account that is there, and enters it. A copy of an act
// that was entered does nothing.
func (a *Accounts) change(ctx context.Context, line string, by By, id, act, detail string, do func(*sqlx.Tx, Account) error) error {
	by = by.on(id)
	err := a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		var locked string
		if err := tx.GetContext(ctx, &locked, `
			SELECT account_id FROM account WHERE line_id = $1 AND account_id::text = $2 FOR UPDATE`, line, id); err != nil {
			return err
		}
		done, err := by.done(ctx, tx, line, act)
		if err != nil || done {
			return err
		}
		account, err := a.find(ctx, tx, line, `a.account_id::text = $2`, id)
		if err != nil {
			return err
		}
		if err := do(tx, account); err != nil {
			return err
		}
		return a.audit.add(ctx, tx, by.entry(line, act, strings.TrimSuffix(account.Name+", "+detail, ", ")))
	})
	if err != nil {
		return fmt.Errorf("%s: %w", act, err)
	}
	return nil
}

// SetGroups makes those groups the account's.
func (a *Accounts) SetGroups(ctx context.Context, line string, by By, id string, groups []string) error {
	return a.change(ctx, line, by, id, "account.groups", fmt.Sprint(len(groups)), func(tx *sqlx.Tx, _ Account) error {
		return putGroups(ctx, tx, line, id, groups)
	})
}

// AddGroup makes a group the account's too.
func (a *Accounts) AddGroup(ctx context.Context, line, id, group string) error {
	err := a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO account_group (line_id, account_id, group_id)
			VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, line, id, group)
		return err
	})
	if err != nil {
		return fmt.Errorf("add a group to an account: %w", err)
	}
	return nil
}

// SetRole makes the account's role another one, and ends its sessions. ErrLastOwner
// says that it is the only owner.
func (a *Accounts) SetRole(ctx context.Context, line string, by By, id string, role Role) error {
	return a.change(ctx, line, by, id, "account.role", string(role), func(tx *sqlx.Tx, was Account) error {
		if role != RoleOwner {
			if err := keepsOwner(ctx, tx, line, was); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `
			UPDATE account SET role = $3 WHERE line_id = $1 AND account_id = $2`, line, id, role); err != nil {
			return err
		}
		return endSessions(ctx, tx, line, id, nil)
	})
}

// Disable takes from an account everything with which it signs in, by browser and by
// telephone, and ends its sessions and its link. ErrLastOwner says that it is the only
// owner.
func (a *Accounts) Disable(ctx context.Context, line string, by By, id string) error {
	return a.change(ctx, line, by, id, "account.disable", "", func(tx *sqlx.Tx, was Account) error {
		if err := keepsOwner(ctx, tx, line, was); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			UPDATE account SET state = 'disabled' WHERE line_id = $1 AND account_id = $2`, line, id); err != nil {
			return err
		}
		return takeKeys(ctx, tx, line, id)
	})
}

// Delete forgets an account that is disabled; the audit log keeps its name.
// [ErrNotDisabled] says that it is not.
func (a *Accounts) Delete(ctx context.Context, line string, by By, id string) error {
	return a.change(ctx, line, by, id, "account.delete", "", func(tx *sqlx.Tx, was Account) error {
		if was.State != AccountDisabled {
			return ErrNotDisabled
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM account WHERE line_id = $1 AND account_id = $2`, line, id)
		return err
	})
}

// Enable lets a disabled account be invited again by Relink, with its role and its
// groups.
func (a *Accounts) Enable(ctx context.Context, line string, by By, id string) error {
	return a.change(ctx, line, by, id, "account.enable", "", func(tx *sqlx.Tx, was Account) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE account SET state = $3 WHERE line_id = $1 AND account_id = $2 AND state = 'disabled'`, line, id, was.enabled())
		return err
	})
}

// enabled is the state of an account that is not disabled.
func (a Account) enabled() AccountState {
	if a.HasPassword || a.Passkeys > 0 {
		return AccountActive
	}
	return AccountInvited
}

// keepsOwner is ErrLastOwner unless another owner is left who can sign in.
func keepsOwner(ctx context.Context, tx *sqlx.Tx, line string, without Account) error {
	if without.Role != RoleOwner {
		return nil
	}
	// The owners' rows are locked: of two who step down at once, one stays.
	var others []string
	if err := tx.SelectContext(ctx, &others, `
		SELECT account_id FROM account
		WHERE line_id = $1 AND role = 'owner' AND state = 'active' AND account_id <> $2
		ORDER BY account_id
		FOR UPDATE`, line, without.ID); err != nil {
		return err
	}
	if len(others) == 0 {
		return ErrLastOwner
	}
	return nil
}

// SetName changes how an account is called, and in which language its pages are.
func (a *Accounts) SetName(ctx context.Context, line string, by By, id, name, lang string) error {
	if name = strings.TrimSpace(name); name == "" {
		return errNoAccount
	}
	return a.change(ctx, line, by, id, "account.name", name, func(tx *sqlx.Tx, _ Account) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE account SET name = $3, lang = $4 WHERE line_id = $1 AND account_id = $2`, line, id, name, lang)
		return err
	})
}
