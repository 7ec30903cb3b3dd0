package store

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store/vault"
)

// attemptLife is how long a counter of attempts is kept.
const attemptLife = 24 * time.Hour

// limit is how many attempts there may be at once, all of which come back, one
// after the other, within a time.
type limit struct {
	many   float64
	within time.Duration
}

// The budgets of attempts at a PIN, by whose they are. The member's own also has
// those of a day and of a month: see tries.
var (
	callerLimit   = limit{5, 15 * time.Minute}
	withheldLimit = limit{30, time.Hour}
	lineLimit     = limit{300, time.Hour}
)

// bucket is a budget of which Spent is gone and comes back as time goes by.
type bucket struct {
	Spent float64   `json:"spent"`
	Since time.Time `json:"since"` // to the minute: a finer time would tell which call it was
}

// take spends cost, unless the limit forbids it.
func (b *bucket) take(l limit, at time.Time, cost float64) bool {
	if at = at.UTC().Truncate(time.Minute); at.After(b.Since) {
		b.Spent = max(0, b.Spent-l.many*float64(at.Sub(b.Since))/float64(l.within))
		b.Since = at
	}
	// A little more than 1 is there for what floating point leaves over.
	if b.Spent+cost > l.many+1e-6 {
		return false
	}
	b.Spent += cost
	return true
}

// counter is a bucket in the database.
type counter struct {
	id    []byte
	limit limit
}

// counters are those on which an attempt draws: the caller's, and everybody's.
// Attempts from a member's own number, when the carriers vouch for it, have theirs
// alone, so that nobody who spends the others shuts the member out.
func (m *Members) counters(l Login, own bool) [2]counter {
	mark := func(what string, of []byte) []byte { return m.attemptMark(l.Line, l.At, what, of) }
	index := smallest(m.keys.Indexes(l.Line, l.Caller))
	switch {
	case own:
		return [2]counter{{mark("own", index), callerLimit}, {mark("own line", index), lineLimit}}
	case l.Caller.IsZero():
		return [2]counter{{mark("withheld", nil), withheldLimit}, {mark("line", nil), lineLimit}}
	}
	return [2]counter{{mark("caller", index), callerLimit}, {mark("line", nil), lineLimit}}
}

func (m *Members) attemptMark(line string, at time.Time, what string, of []byte) []byte {
	return m.keys.Mark("attempt", line, schedule.DateOf(at.UTC()).String(), what, hex.EncodeToString(of))
}

// numberCounters are the names of all counters that are kept under a number's index,
// and which of them each attempt from it draws on first.
var (
	numberCounters = slices.Concat([]string{"own", "own line", "caller"}, staffCounters, deskCounters)
	firstCounters  = []string{"own", "caller", "staff own", "staff caller", "desk own", "desk caller"}
	deskCounters   = []string{"desk own", "desk own line", "desk caller"}
)

// attemptMarks are the counters of a number on the day of at and the day before.
func (m *Members) attemptMarks(line string, n vault.Number, at time.Time, whats ...string) [][]byte {
	var marks [][]byte
	for _, index := range m.keys.Indexes(line, n) {
		for _, day := range []time.Time{at, at.AddDate(0, 0, -1)} {
			for _, what := range whats {
				marks = append(marks, m.attemptMark(line, day, what, index))
			}
		}
	}
	return marks
}

// sentMarks are the counters of what was sent to a number, on the same days.
func (m *Members) sentMarks(line string, n vault.Number, at time.Time) [][]byte {
	var marks [][]byte
	for _, index := range m.keys.Indexes(line, n) {
		marks = append(marks, sentMark(m.keys, line, index, at), sentMark(m.keys, line, index, at.AddDate(0, 0, -1)))
	}
	return marks
}

// rungMarks are the counters of the calls to a number in the week of at and in the
// one before.
func (m *Members) rungMarks(line string, n vault.Number, at time.Time) [][]byte {
	var marks [][]byte
	for _, index := range m.keys.Indexes(line, n) {
		marks = append(marks, rungMark(m.keys, line, index, at), rungMark(m.keys, line, index, at.AddDate(0, 0, -7)))
	}
	return marks
}

// draw spends cost, 1 or 0, of a counter and reports whether it could.
func draw(ctx context.Context, tx *sqlx.Tx, line string, c counter, at time.Time, cost float64) (bool, error) {
	var row struct {
		Spent float64
		Total int
		Since time.Time
	}
	expires := at.UTC().Truncate(time.Minute).Add(max(attemptLife, c.limit.within))
	// The update locks the row. A budget of a day or more is kept for as long after the
	// last attempt: it must not be whole again before its time.
	if err := tx.GetContext(ctx, &row, `
		INSERT INTO attempt AS a (line_id, counter, spent, total, since, expires_at)
		VALUES ($1, $2, 0, 0, $3, $4)
		ON CONFLICT (line_id, counter) DO UPDATE
		SET expires_at = CASE WHEN $5 THEN greatest(a.expires_at, excluded.expires_at) ELSE a.expires_at END
		RETURNING spent, total, since`,
		line, c.id, at.UTC().Truncate(time.Minute), expires, c.limit.within >= attemptLife); err != nil {
		return false, err
	}
	b := bucket{row.Spent, row.Since}
	could := b.take(c.limit, at, cost)
	if could {
		row.Total += int(cost)
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE attempt
		SET spent = $3, total = $4, since = $5
		WHERE line_id = $1 AND counter = $2`, line, c.id, b.Spent, row.Total, b.Since)
	return could, err
}

// refund returns to a counter what an attempt has drawn.
func refund(ctx context.Context, tx *sqlx.Tx, line string, c counter, cost float64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE attempt
		SET spent = greatest(0, spent - $3::float8), total = greatest(0, total - $3::float8)
		WHERE line_id = $1 AND counter = $2`, line, c.id, cost)
	return err
}
