package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/vault"
)

// Role is what somebody may do at the desk, in the groups that are theirs. Each may
// do what the one after it may.
type Role string

// The roles of the desk.
const (
	RoleOwner       Role = "owner"       // everything, in every group
	RoleCoordinator Role = "coordinator" // sets groups up and looks after their members
	RoleFacilitator Role = "facilitator" // holds sessions
	RoleViewer      Role = "viewer"      // sees what there is, and nobody in it
)

// Roles are all of them, the highest first.
var Roles = []Role{RoleOwner, RoleCoordinator, RoleFacilitator, RoleViewer}

// AccountState is how far an account has come.
type AccountState string

// The states of an account.
const (
	AccountInvited  AccountState = "invited" // has a link, and cannot sign in yet
	AccountActive   AccountState = "active"
	AccountDisabled AccountState = "disabled"
)

// Account is who signs in to the desk.
type Account struct {
	ID     string
	Email  string
	Name   string // as the audit log knows them
	Lang   string // of the pages; "" for the browser's
	Role   Role
	Groups []string // ids of those that are theirs; an owner has all
	State  AccountState
	Handle string // the six digits with which they sign in by telephone

	HasNumber, HasPIN, HasPassword, HasTOTP bool
	// Proven says that somebody has signed in from the number.
	Proven bool
	// Passkeys and Codes are how many they have: recovery codes that are not used up.
	Passkeys, Codes int
	// LinkUntil is until when a link that they were given can be used; zero for none.
	LinkUntil time.Time
}

// May says whether the account is in use and has at least a role.
func (a Account) May(r Role) bool {
	return a.State == AccountActive && slices.Index(Roles, a.Role) <= slices.Index(Roles, r)
}

// Has says whether a group is the account's.
func (a Account) Has(group string) bool {
	return a.Role == RoleOwner || slices.Contains(a.Groups, group)
}

var (
	// ErrEmailTaken says that another account of the line has the e-mail address.
	ErrEmailTaken = errors.New("the line has an account with this e-mail address")
	// ErrDisabled says that the account is not to sign in.
	ErrDisabled = errors.New("the account is disabled: enable it first")
	// ErrNotDisabled says that the account is in use.
	ErrNotDisabled = errors.New("the account is in use: disable it first")
	// ErrLastOwner says that without this owner the line would have none.
	ErrLastOwner = errors.New("this is the line's only owner: make another one first")
)

// Accounts are who signs in to the desk. Its methods are safe for concurrent use. None
// of its errors carries an address or a number.
type Accounts struct {
	db    *DB
	keys  *vault.Keyring
	audit *Audit
	now   func() time.Time
	// members keep what is done once, and what is counted of a number.
	members *Members
}

// NewAccounts keeps accounts in db, sealed under keys.
func NewAccounts(db *DB, keys *vault.Keyring, now func() time.Time) *Accounts {
	return &Accounts{db: db, keys: keys, audit: NewAudit(db, keys), now: now, members: NewMembers(db, keys)}
}

type accountRow struct {
	LineID, AccountID string
	Email             []byte
	Name              string
	Role              Role
	Lang              string
	State             AccountState
	Handle            string
	Groups            pq.StringArray
	HasNumber         bool
	Proven            bool
	HasPIN            bool
	HasPassword       bool
	HasTOTP           bool
	Passkeys, Codes   int
	LinkUntil         sql.NullTime
}

const accountColumns = `a.line_id, a.account_id, a.email, a.name, a.role, a.lang, a.state, a.handle, a.has_number, a.has_pin, a.number_proven AS proven,
		ARRAY(SELECT g.group_id::text FROM account_group g WHERE (g.line_id, g.account_id) = (a.line_id, a.account_id) ORDER BY 1) AS groups`

const selectAccount = `
	SELECT ` + accountColumns + `,
		a.password IS NOT NULL AS has_password, a.totp IS NOT NULL AS has_totp,
		(SELECT count(*) FROM passkey p WHERE (p.line_id, p.account_id) = (a.line_id, a.account_id)) AS passkeys,
		(SELECT count(*) FROM recovery_code c WHERE (c.line_id, c.account_id) = (a.line_id, a.account_id)) AS codes,
		(SELECT i.expires_at FROM invitation i WHERE (i.line_id, i.account_id) = (a.line_id, a.account_id)) AS link_until
	FROM account a`

func (a *Accounts) account(r accountRow) (Account, error) {
	email, err := a.keys.Open(accountCell(r.LineID, r.AccountID, "email"), r.Email)
	if err != nil {
		return Account{}, err
	}
	account := Account{
		ID: r.AccountID, Email: string(email), Name: r.Name, Lang: r.Lang, Role: r.Role, Groups: r.Groups, State: r.State, Handle: r.Handle,
		HasNumber: r.HasNumber, Proven: r.Proven, HasPIN: r.HasPIN, HasPassword: r.HasPassword, HasTOTP: r.HasTOTP, Passkeys: r.Passkeys, Codes: r.Codes,
	}
	if r.LinkUntil.Valid && r.LinkUntil.Time.After(a.now()) {
		account.LinkUntil = r.LinkUntil.Time
	}
	return account, nil
}

func accountCell(line, id, column string) vault.Cell {
	return vault.Cell{Table: "account", Column: column, Row: line + "/" + id}
}

// emailMark is by what an address is found, in whatever case it is written.
func (a *Accounts) emailMark(line, email string) []byte {
	return a.keys.Mark("account email", line, strings.ToLower(strings.TrimSpace(email)))
}

// List returns the accounts of a line by name.
func (a *Accounts) List(ctx context.Context, line string) ([]Account, error) {
	var rows []accountRow
	if err := a.db.pool.SelectContext(ctx, &rows, selectAccount+`
		WHERE a.line_id = $1
		ORDER BY lower(a.name), a.account_id`, line); err != nil {
		return nil, fmt.Errorf("accounts: %w", dbError(ctx, err))
	}
	all := make([]Account, len(rows))
	for i, r := range rows {
		var err error
		if all[i], err = a.account(r); err != nil {
			return nil, fmt.Errorf("accounts: %w", err)
		}
	}
	return all, nil
}

// Get returns an account, or ErrNotFound.
func (a *Accounts) Get(ctx context.Context, line, id string) (Account, error) {
	return a.find(ctx, a.db.pool, line, `a.account_id::text = $2`, id)
}

// ByEmail returns the account of an address, or ErrNotFound.
func (a *Accounts) ByEmail(ctx context.Context, line, email string) (Account, error) {
	return a.find(ctx, a.db.pool, line, `a.email_mark = $2`, a.emailMark(line, email))
}

func (a *Accounts) find(ctx context.Context, q sqlx.QueryerContext, line, where string, arg any) (Account, error) {
	var r accountRow
	if err := getOne(ctx, q, &r, selectAccount+` WHERE a.line_id = $1 AND `+where, line, arg); err != nil {
		return Account{}, fmt.Errorf("account: %w", dbError(ctx, err))
	}
	account, err := a.account(r)
	if err != nil {
		return Account{}, fmt.Errorf("account: %w", err)
	}
	return account, nil
}

// HasOwner says whether anybody is a line's owner, or invited to be.
func (a *Accounts) HasOwner(ctx context.Context, line string) (bool, error) {
	var has bool
	if err := a.db.pool.GetContext(ctx, &has, hasOwner, line); err != nil {
		return false, fmt.Errorf("owner: %w", dbError(ctx, err))
	}
	return has, nil
}
