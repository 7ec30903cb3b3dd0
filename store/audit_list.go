package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// AuditListed is an entry of the log as it is read.
type AuditListed struct {
	Seq    int64     `json:"number"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
	Act    string    `json:"act"`
	Detail string    `json:"detail,omitempty"`
	// Somebody says that it was done to a person, of whom a pseudonym is kept.
	Somebody bool `json:"about_somebody,omitempty"`
}

// AuditFilter says which entries are read. What is zero asks for nothing.
type AuditFilter struct {
	Actor string
	// Act is an act, or what the acts of a kind have before their first dot:
	// "group", "group.pause".
	Act         string
	From, Until time.Time // Until itself is left out
	// Before is the number of an entry: older ones are read.
	Before int64
}

// List returns the newest entries of a line's log that a filter asks for, at most so
// many, the newest first.
func (a *Audit) List(ctx context.Context, line string, f AuditFilter, limit int) ([]AuditListed, error) {
	all := []AuditListed{}
	err := a.db.pool.SelectContext(ctx, &all, `
		SELECT seq, at, actor, act, detail, subject IS NOT NULL AS somebody
		FROM audit
		WHERE line_id = $1
		  AND ($2 = '' OR actor = $2)
		  AND ($3 = '' OR act = $3 OR starts_with(act, $3 || '.'))
		  AND ($4::timestamptz IS NULL OR at >= $4)
		  AND ($5::timestamptz IS NULL OR at < $5)
		  AND ($6 = 0 OR seq < $6)
		ORDER BY seq DESC
		LIMIT $7`,
		line, f.Actor, f.Act, sql.NullTime{Time: f.From, Valid: !f.From.IsZero()}, sql.NullTime{Time: f.Until, Valid: !f.Until.IsZero()}, f.Before, limit)
	if err != nil {
		return nil, fmt.Errorf("list the audit log: %w", dbError(ctx, err))
	}
	return all, nil
}

// AuditNames are who acts, and what kinds of acts there are, in a line's log.
type AuditNames struct{ Actors, Kinds []string }

// Names returns those of the entries that are kept, in their order.
func (a *Audit) Names(ctx context.Context, line string) (AuditNames, error) {
	var n AuditNames
	err := a.db.pool.SelectContext(ctx, &n.Actors, `
		SELECT DISTINCT actor FROM audit WHERE line_id = $1 ORDER BY actor LIMIT 200`, line)
	if err == nil {
		err = a.db.pool.SelectContext(ctx, &n.Kinds, `
			SELECT DISTINCT split_part(act, '.', 1) AS kind FROM audit WHERE line_id = $1 ORDER BY kind`, line)
	}
	if err != nil {
		return AuditNames{}, fmt.Errorf("who is in the audit log: %w", dbError(ctx, err))
	}
	return n, nil
}
