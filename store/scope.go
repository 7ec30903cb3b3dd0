package store

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"
)

// Scope is what may be read and written for somebody: roles.sql has the database hold
// the console's role to it, whatever a statement says (ASVS 8.4.1).
type Scope struct {
	Line   string
	Groups []string // ids of those of whose people something may be known
	All    bool     // of every group of the line
}

type scopeKey struct{}

// Within has what is read and written with the context be held to a scope. Under a
// role that policies bind, nothing is there without one.
func Within(ctx context.Context, s Scope) context.Context {
	return context.WithValue(ctx, scopeKey{}, s)
}

// everyGroup widens the scope of a context to every group of its line: for what
// says nothing of who is in them.
func everyGroup(ctx context.Context) context.Context {
	s, ok := ctx.Value(scopeKey{}).(Scope)
	if !ok {
		return ctx
	}
	s.All = true
	return Within(ctx, s)
}

// setScope tells a transaction the scope of its context. It is a setting of the
// transaction alone, so that a pooler passes it on to nobody.
func setScope(ctx context.Context, tx *sqlx.Tx) error {
	s, ok := ctx.Value(scopeKey{}).(Scope)
	if !ok {
		return nil
	}
	groups := strings.Join(s.Groups, ",")
	if s.All {
		groups = "*"
	}
	_, err := tx.ExecContext(ctx, `
		SELECT set_config('hearthline.line', $1, true), set_config('hearthline.groups', $2, true)`, s.Line, groups)
	return err
}

// widen has a group that a transaction makes be in its scope.
func widen(ctx context.Context, tx *sqlx.Tx, group string) error {
	_, err := tx.ExecContext(ctx, `
		SELECT set_config('hearthline.groups', concat_ws(',', nullif(groups, ''), $1::text), true)
		FROM current_setting('hearthline.groups', true) AS groups
		WHERE groups IS DISTINCT FROM '*'`, group)
	return err
}

// pool is connections whose reads are held to the scope of their context.
type pool struct{ *sqlx.DB }

// GetContext is [sqlx.DB.GetContext].
func (p pool) GetContext(ctx context.Context, into any, query string, args ...any) error {
	return p.read(ctx, func(q sqlx.QueryerContext) error { return sqlx.GetContext(ctx, q, into, query, args...) })
}

// SelectContext is [sqlx.DB.SelectContext].
func (p pool) SelectContext(ctx context.Context, into any, query string, args ...any) error {
	return p.read(ctx, func(q sqlx.QueryerContext) error { return sqlx.SelectContext(ctx, q, into, query, args...) })
}

func (p pool) read(ctx context.Context, do func(sqlx.QueryerContext) error) error {
	if _, scoped := ctx.Value(scopeKey{}).(Scope); !scoped {
		return do(p.DB)
	}
	tx, err := p.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // it has only read
	if err := setScope(ctx, tx); err != nil {
		return err
	}
	return do(tx)
}

// getOne and getAll are sqlx's of that, of a transaction or of the pool.
func getOne(ctx context.Context, q sqlx.QueryerContext, into any, query string, args ...any) error {
	if p, ok := q.(pool); ok {
		return p.GetContext(ctx, into, query, args...)
	}
	return sqlx.GetContext(ctx, q, into, query, args...)
}

func getAll(ctx context.Context, q sqlx.QueryerContext, into any, query string, args ...any) error {
	if p, ok := q.(pool); ok {
		return p.SelectContext(ctx, into, query, args...)
	}
	return sqlx.SelectContext(ctx, q, into, query, args...)
}
