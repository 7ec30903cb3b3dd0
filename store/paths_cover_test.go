package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

var coverPaths = []writePath{
	{name: "Ask who covers", covers: "Covers.Ask", before: withHazel, do: askToCover},
	{name: "Answer who covers", covers: "Covers.Answer", before: askedToCover, do: func(ctx context.Context, p *paths) error {
		asked, first, err := store.NewCovers(p.db, p.keys).Answer(ctx, p.came, p.ann, store.CoverAnswer{Yes: true, Code: p.coverCode(ctx)})
		return toldIf(err, asked && first)
	}},
	{name: "Answer who covers with a wrong code", covers: "Covers.Answer", before: askedToCover, do: func(ctx context.Context, p *paths) error {
		_, _, err := store.NewCovers(p.db, p.keys).Answer(ctx, p.came, p.ann, store.CoverAnswer{Yes: true})
		return err
	}},
}

func askToCover(ctx context.Context, p *paths) error {
	g, err := p.db.Group(ctx, p.id, p.groups[1])
	if err != nil {
		return err
	}
	_, err = store.NewCovers(p.db, p.keys).Ask(ctx, p.id, ada, p.groups[1], g.Meetings[0].Next(noon, 1)[0])
	return err
}

// coverCode is the code that the facilitator was asked with.
func (p *paths) coverCode(ctx context.Context) string {
	var row string
	if err := p.look.QueryRowContext(ctx, `SELECT outbox_id FROM outbox WHERE kind = 'cover' ORDER BY intent_at LIMIT 1`).Scan(&row); err != nil {
		return err.Error()
	}
	return store.QuestionCode(p.keys, p.id, row)
}

// withHazel makes groups of which the second has a facilitator, by ann's number. Nobody needs
// the PIN.
func withHazel(t *testing.T, p *paths) {
	t.Helper()
	withGroups(t, p)
	const id = "00000000-0000-4000-8000-00000000f001"
	sealed := must(p.keys.SealNumber(vault.Cell{Table: "facilitator", Column: "number", Row: p.id + "/" + p.groups[1] + "/" + id}, p.ann))
	do(t, p.look, `INSERT INTO facilitator (line_id, group_id, facilitator_id, alias, number, pin_hash) VALUES ($1, $2, $3, 'Hazel', $4, '')`, p.id, p.groups[1], id, sealed)
}

// askedToCover has the facilitator been asked, by a text that left.
func askedToCover(t *testing.T, p *paths) {
	t.Helper()
	withHazel(t, p)
	if err := askToCover(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	do(t, p.look, `UPDATE outbox SET state = 'accepted', intent_at = $1, attempts = 1`, noon.Add(-time.Minute))
}
