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
	return f.redraft(ctx, line, by, act, v, func(draft string) (string, error) {
		if draft != over {
			return "", ErrDraftMoved
		}
		return strings.TrimPrefix(node+", "+Brief(v.Hash), ", "), nil
	})
}

// redraft has a version be the draft in place of another, whose hash may is told, "" for
// none: it says what the audit log tells, or why not. The one that is replaced goes at once
// if nobody can have heard it, since there were no testers while it was the draft; a call
// of a tester's may be on it otherwise, and the sweep takes it a day later.
func (f *FlowVersions) redraft(ctx context.Context, line string, by By, act string, v FlowVersion, may func(draft string) (string, error)) error {
	var gone string
	var elsewhere bool
	err := f.enact(ctx, line, by.on(v.Hash), act, &v, func(tx *sqlx.Tx) (string, error) {
		gone, elsewhere = "", false // it may be tried again
		var draft string
		err := getOne(ctx, tx, &draft, `
			SELECT hash
			FROM flow_draft
			WHERE line_id = $1`, line)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return "", err
		}
		detail, err := may(draft)
		if err != nil {
			return "", err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO flow_draft (line_id, hash, drafted_at)
			VALUES ($1, $2, $3)
			ON CONFLICT (line_id) DO UPDATE SET hash = excluded.hash, drafted_at = excluded.drafted_at`, line, v.Hash, by.At)
		if err != nil || draft == "" || draft == v.Hash {
			return detail, err
		}
		err = getOne(ctx, tx, &gone, `
			DELETE FROM flow_version
			WHERE line_id = $1 AND hash = $2 AND draft_only
			  AND NOT EXISTS (SELECT FROM flow_publication WHERE line_id = $1 AND hash = $2)
			  AND NOT EXISTS (SELECT FROM flow_tester WHERE line_id = $1)
			RETURNING hash`, line, draft)
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		if err == nil && gone != "" { // another line may have what says the same: its copies are these
			err = tx.GetContext(ctx, &elsewhere, `SELECT EXISTS (SELECT FROM flow_version WHERE hash = $1)`, gone)
		}
		return detail, err
	})
	if err == nil && gone != "" && !elsewhere {
		f.archive.forget(gone)
	}
	return err
}
