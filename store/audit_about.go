package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/vault"
)

// auditDays is how many days of entries there may be: a year, and the day on
// which they go.
const auditDays = 367

// auditSubject is under what pseudonym a number's index stands in the entries of
// a day (UTC).
func auditSubject(k *vault.Keyring, line string, day time.Time, index []byte) []byte {
	return k.Mark("audit subject", line, day.UTC().Format(time.DateOnly), hex.EncodeToString(index))
}

// Mention is an act of staff about somebody.
type Mention struct {
	At  time.Time `json:"at"`
	Act string    `json:"act"`
}

// About returns what staff did about a number in the year before now, the first
// first: whoever has the keys can find it, in the log of one who was forgotten
// too, until the index key is rotated.
func (a *Audit) About(ctx context.Context, line string, n vault.Number, now time.Time) ([]Mention, error) {
	var subjects pq.ByteaArray
	for _, index := range a.keys.Indexes(line, n) {
		for day := range auditDays {
			subjects = append(subjects, auditSubject(a.keys, line, now.AddDate(0, 0, -day), index))
		}
	}
	var all []Mention
	err := a.db.pool.SelectContext(ctx, &all, `
		SELECT at, act
		FROM audit
		WHERE line_id = $1 AND subject = ANY($2)
		ORDER BY seq`, line, subjects)
	if err != nil {
		return nil, fmt.Errorf("acts about a number: %w", dbError(ctx, err))
	}
	return all, nil
}
