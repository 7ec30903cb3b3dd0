package store

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

//go:embed roles.sql
var rolesSQL string

// errNotAdmin says what ApplyRoles needs.
var errNotAdmin = errors.New("this login may not make roles or hand the tables over; " +
	"run `hearthline migrate --roles` with a DATABASE_URL of a superuser, or of the tables' owner with CREATEROLE")

// ApplyRoles makes the database's roles what roles.sql says, which tells an
// operator how to make logins: the roles themselves, who owns the tables, and
// every right on them, whatever was granted before. It is all or nothing, on the
// direct connection, and may be run while the program serves. The database must
// have been migrated.
func (db *DB) ApplyRoles(ctx context.Context) error {
	pool, err := openPool(db.direct)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	direct := &DB{pool: pool}
	err = direct.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, rolesSQL)
		return err
	})
	if pq.As(err, pqerror.InsufficientPrivilege) != nil {
		return fmt.Errorf("roles: %w", errNotAdmin)
	}
	if err != nil {
		return fmt.Errorf("roles: %w", err)
	}
	return nil
}
