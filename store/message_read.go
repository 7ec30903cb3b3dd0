package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
)

// openMessages opens what the messages say that rows of one line are about, by the
// messages' ids. One that is gone, or cannot be opened, says nothing.
func (m *Members) openMessages(ctx context.Context, xs []Outgoing) (map[string]Said, error) {
	var ids pq.StringArray
	for _, x := range xs {
		if x.Kind == ToGroup {
			ids = append(ids, x.Firing.Meeting)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []struct {
		MessageID string
		Words     []byte
	}
	if err := m.db.pool.SelectContext(ctx, &rows, `
		SELECT message_id, words
		FROM message
		WHERE line_id = $1 AND message_id = ANY($2::uuid[])`, xs[0].Line, ids); err != nil {
		return nil, err
	}
	all := make(map[string]Said, len(rows))
	for _, r := range rows {
		said, err := openSaid(m.keys, xs[0].Line, r.MessageID, r.Words)
		if err != nil {
			return nil, err
		}
		all[r.MessageID] = said
	}
	return all, nil
}

// SaidTo returns what the message says that a row of the outbox is about, or
// ErrNotFound: who is rung about it hears it then.
func (m *Members) SaidTo(ctx context.Context, line, row string) (Said, error) {
	var r struct {
		MessageID string
		Words     []byte
	}
	if err := m.db.pool.GetContext(ctx, &r, `
		SELECT m.message_id, m.words
		FROM outbox o
		JOIN firing f USING (line_id, firing_id)
		JOIN message m ON m.line_id = o.line_id AND m.message_id = f.meeting_id
		WHERE o.line_id = $1 AND o.outbox_id::text = $2 AND o.kind = $3`, line, row, string(ToGroup)); err != nil {
		return Said{}, fmt.Errorf("what a message says: %w", dbError(ctx, err))
	}
	return openSaid(m.keys, line, r.MessageID, r.Words)
}

// SpokenFor returns the id of the recording that was sent to a group last, since a time;
// ErrNotFound of a group that was sent none.
func (m *Members) SpokenFor(ctx context.Context, line, group string, since time.Time) (string, error) {
	var rows []struct {
		MessageID string
		Words     []byte
	}
	if err := m.db.pool.SelectContext(ctx, &rows, `
		SELECT message_id, words
		FROM message
		WHERE line_id = $1 AND group_id::text = $2 AND state = 'sent' AND goes_at >= $3
		ORDER BY goes_at DESC, message_id
		LIMIT $4`, line, group, since, mostMessages); err != nil {
		return "", fmt.Errorf("what was spoken for a group: %w", dbError(ctx, err))
	}
	for _, r := range rows {
		if said, err := openSaid(m.keys, line, r.MessageID, r.Words); err == nil && said.Spoken != "" {
			return said.Spoken, nil
		}
	}
	return "", fmt.Errorf("what was spoken for a group: %w", ErrNotFound)
}

// Reach is a part of those whom a message to a group goes to.
type Reach struct {
	Lang    string
	Channel flows.Channel
	Country string // ISO 3166, "" where the number does not tell
	People  int
}

// Audience is whom a message to a group would go to: how many, and never whom.
type Audience struct {
	Reaches []Reach
	// Stopped are those who told us to send them nothing, and Unopened those of whom
	// nothing can be opened here: no message goes to either.
	Stopped, Unopened int
}

// People is how many the message goes to.
func (a Audience) People() (n int) {
	for _, r := range a.Reaches {
		n += r.People
	}
	return n
}

// Audience counts whom a message to a group would go to at this moment.
func (m *Members) Audience(ctx context.Context, line, group string) (Audience, error) {
	var rows []recipientRow
	if err := m.db.pool.SelectContext(ctx, &rows, `
		SELECT p.pseudonym, p.number, p.profile, k.data_key
		FROM membership p
		JOIN keys.membership k USING (line_id, pseudonym)
		WHERE p.line_id = $1 AND p.group_id::text = $2 AND p.state = 'active'`, line, group); err != nil {
		return Audience{}, fmt.Errorf("whom a message goes to: %w", dbError(ctx, err))
	}
	var a Audience
	if err := m.db.pool.GetContext(ctx, &a.Stopped, `
		SELECT count(*)
		FROM membership
		WHERE line_id = $1 AND group_id::text = $2 AND state = 'stopped'`, line, group); err != nil {
		return Audience{}, fmt.Errorf("whom a message goes to: %w", dbError(ctx, err))
	}
	counts := map[Reach]int{}
	for _, r := range rows {
		to, err := m.openRecipient(line, r)
		if err != nil {
			a.Unopened++
			continue
		}
		p := to.Preferences.Complete()
		counts[Reach{Lang: p.Language, Channel: p.Channel, Country: to.Number.Country()}]++
	}
	for r, n := range counts {
		r.People = n
		a.Reaches = append(a.Reaches, r)
	}
	slices.SortFunc(a.Reaches, func(a, b Reach) int {
		return cmp.Or(cmp.Compare(a.Lang, b.Lang), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Country, b.Country))
	})
	return a, nil
}

// Outcomes is what became of one firing of a group: what was told of one date at one
// moment, or a message.
type Outcomes struct {
	Firing
	Fates []FiringFate
	// Coming and NotComing are who has answered.
	Coming, NotComing int
}

// FiringFate is how many of a firing's rows ended alike.
type FiringFate struct {
	Kind    Kind
	Channel flows.Channel
	State   SendState
	Outcome Outcome
	Reason  string
	Rows    int
}

// Outcomes returns what became of what went to the members of a group since a time,
// the newest first: counts, and never whose. They are kept for about a day after
// what they are about has begun.
func (m *Messages) Outcomes(ctx context.Context, line, group string, since time.Time) ([]Outcomes, error) {
	var rows []struct {
		FiringID, MeetingID, Purpose string
		Date, StartAt, ExpiresAt     time.Time
		Kind, Channel, State         string
		Outcome, Reason              string
		Rows, Coming, NotComing      int
	}
	if err := m.db.pool.SelectContext(ctx, &rows, `
		SELECT f.firing_id, f.meeting_id, f.purpose, f.date, f.start_at, f.expires_at, o.kind, o.channel, o.state,
			coalesce(o.outcome, '') AS outcome, coalesce(o.reason, '') AS reason, count(*) AS rows,
			count(*) FILTER (WHERE o.answer = 'in') AS coming, count(*) FILTER (WHERE o.answer = 'out') AS not_coming
		FROM firing f JOIN outbox o USING (line_id, firing_id)
		WHERE f.line_id = $1 AND f.group_id::text = $2 AND f.expires_at >= $3
		GROUP BY f.firing_id, f.meeting_id, f.purpose, f.date, f.start_at, f.expires_at, o.kind, o.channel, o.state, outcome, reason
		ORDER BY f.start_at DESC, f.expires_at DESC, f.firing_id, o.kind, o.channel, rows DESC, outcome, reason`, line, group, since); err != nil {
		return nil, fmt.Errorf("what became of what was sent: %w", dbError(ctx, err))
	}
	var all []Outcomes
	for _, r := range rows {
		if n := len(all); n == 0 || all[n-1].ID != r.FiringID {
			all = append(all, Outcomes{Firing: Firing{
				ID: r.FiringID, Group: group, Meeting: r.MeetingID, Purpose: Purpose(r.Purpose), Start: r.StartAt, Expires: r.ExpiresAt,
			}})
		}
		one := &all[len(all)-1]
		one.Coming, one.NotComing = one.Coming+r.Coming, one.NotComing+r.NotComing
		one.Fates = append(one.Fates, FiringFate{
			Kind: Kind(r.Kind), Channel: flows.Channel(r.Channel), State: SendState(r.State), Outcome: Outcome(r.Outcome), Reason: r.Reason, Rows: r.Rows,
		})
	}
	return all, nil
}
