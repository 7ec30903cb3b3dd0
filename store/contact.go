package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Contact is whether the carrier calls a line, and who else tries to.
type Contact struct {
	// Hour is the last one (UTC) in which the carrier called; zero if it never did.
	Hour time.Time
	// Advanced says that the carrier answers opt-out words in words of its own.
	Advanced bool
	// Refused is how many requests had a wrong signature, today and yesterday (UTC).
	Refused int
}

// KeepContact adds to what is known of a line: c.Refused is how many there were since
// it was last called. When its error comes from the commit, they may count twice if
// it is called again.
func (db *DB) KeepContact(ctx context.Context, line string, now time.Time, c Contact) error {
	hour := sql.NullTime{Time: c.Hour.UTC().Truncate(time.Hour), Valid: !c.Hour.IsZero()}
	err := db.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO contact AS c (line_id, hour, advanced, day, refused)
			VALUES ($1, $2, $3, $4::date, $5)
			ON CONFLICT (line_id) DO UPDATE
			SET hour = greatest(c.hour, excluded.hour),
			    advanced = c.advanced OR excluded.advanced,
			    day = greatest(c.day, excluded.day),
			    refused = CASE WHEN c.day >= excluded.day THEN c.refused ELSE 0 END + excluded.refused,
			    before = CASE WHEN c.day >= excluded.day THEN c.before WHEN c.day = excluded.day - 1 THEN c.refused ELSE 0 END`,
			line, hour, c.Advanced, now.UTC().Format(time.DateOnly), c.Refused)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep when the carrier called: %w", err)
	}
	return nil
}

// Contact returns what is known of a line as of now.
func (db *DB) Contact(ctx context.Context, line string, now time.Time) (Contact, error) {
	var row struct {
		Hour     sql.NullTime
		Advanced bool
		Refused  int
	}
	err := db.pool.GetContext(ctx, &row, `
		SELECT hour, advanced,
		       CASE WHEN day >= $2::date THEN refused + before WHEN day = $2::date - 1 THEN refused ELSE 0 END AS refused
		FROM contact
		WHERE line_id = $1`, line, now.UTC().Format(time.DateOnly))
	if errors.Is(err, sql.ErrNoRows) {
		return Contact{}, nil
	}
	if err != nil {
		return Contact{}, fmt.Errorf("when the carrier called: %w", dbError(ctx, err))
	}
	return Contact{Hour: row.Hour.Time.UTC(), Advanced: row.Advanced, Refused: row.Refused}, nil
}
