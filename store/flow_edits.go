package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/jmoiron/sqlx"
)

// actEdit is in the audit log for a draft that was made by changing one node.
const actEdit = "flow.edit"

// ErrDraftMoved says that the draft is another one than the one that was changed.
var ErrDraftMoved = errors.New("the draft has changed since")

// Edit makes a version the draft that somebody made of the draft with the hash over, "" for
// none, by changing the node of that name, or with "" what is said. [ErrDraftMoved] says that somebody else was
// quicker: nothing has changed then. Whether it can be heard is not asked: testers hear what
// everybody does until it can.
func (f *FlowVersions) Edit(ctx context.Context, line string, by By, over string, v FlowVersion, node string) error {
	act := actEdit
	if node == "" {
		act = actDraft
	}
	return f.enact(ctx, line, by.on(v.Hash), act, &v, func(tx *sqlx.Tx) (string, error) {
		var draft string
		err := getOne(ctx, tx, &draft, `
			SELECT hash
			FROM flow_draft
			WHERE line_id = $1`, line)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return "", err
		}
		if draft != over {
			return "", ErrDraftMoved
		}
		return strings.TrimPrefix(node+", "+Brief(v.Hash), ", "), putDraft(ctx, tx, line, by, v)
	})
}

// putDraft has a version be the draft.
func putDraft(ctx context.Context, tx *sqlx.Tx, line string, by By, v FlowVersion) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO flow_draft (line_id, hash, drafted_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (line_id) DO UPDATE SET hash = excluded.hash, drafted_at = excluded.drafted_at`, line, v.Hash, by.At)
	return err
}
