package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/hearthline/hearthline/flows"
)

// ErrNoTables says that the database is not migrated to where rotations are known.
var ErrNoTables = errors.New("the database is not up to date: run `hearthline migrate`")

// Fit says whether a keyset belongs to a line's rows.
type Fit struct {
	Line flows.Line
	Err  *UnknownKeysetError // nil if it does
	// Settled says that the line knows the primary key and no other, as it does
	// when no rotation is under way.
	Settled bool
}

// Fits looks at every line, the first one first. Its error may be ErrNoTables.
func (r *Rotation) Fits(ctx context.Context) ([]Fit, error) {
	var lines []probedLine
	if err := r.db.pool.SelectContext(ctx, &lines, `
		SELECT `+lineColumns+`, probe
		FROM line
		ORDER BY ordinal`); err != nil {
		if pq.As(err, pqerror.UndefinedTable, pqerror.UndefinedColumn) != nil {
			return nil, ErrNoTables
		}
		return nil, fmt.Errorf("look at the lines: %w", dbError(ctx, err))
	}
	k := r.keys.Frozen()
	var all []Fit
	for _, line := range lines {
		fit := Fit{Line: line.line(), Settled: slices.Equal(line.Keysets, []string{k.Fingerprint()})}
		if err := line.check(k); err != nil && !errors.As(err, &fit.Err) {
			return nil, err
		}
		all = append(all, fit)
	}
	return all, nil
}
