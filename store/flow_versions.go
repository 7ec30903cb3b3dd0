package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

// FlowVersions says which versions of a line's flow are heard: one by everybody, and
// a draft by testers. Its methods are safe for concurrent use.
type FlowVersions struct {
	db      *DB
	keys    *vault.Keyring
	audit   *Audit
	archive *FlowArchive
}

// NewFlowVersions keeps versions in an archive, and testers' numbers under keys.
func NewFlowVersions(db *DB, keys *vault.Keyring, archive *FlowArchive) *FlowVersions {
	return &FlowVersions{db: db, keys: keys, audit: NewAudit(db, keys), archive: archive}
}

// FlowVersion is a version of a flow, to be published or drafted: its hash, and its
// content as the flow's bundle encodes it.
type FlowVersion struct {
	Hash    string
	Content []byte
}

// Publication is a version that everybody has heard, or hears: the newest that was not
// taken back. Times are UTC; Withdrawn is zero for one that stands.
type Publication struct {
	Seq       int
	Hash      string
	Published time.Time
	Withdrawn time.Time
}

// HeardFlows are what callers of a line hear: hashes of versions, "" for the program's own.
type HeardFlows struct {
	Live    string
	Draft   string // "" for none
	Testers []vault.Number
}

// MostTesters is how many numbers may hear a draft.
const MostTesters = 20

// ErrTooManyTesters says that a line has MostTesters already.
var ErrTooManyTesters = fmt.Errorf("there are %d testers already: remove one first", MostTesters)

// The acts of the audit log.
const (
	actPublish      = "flow.publish"
	actRollback     = "flow.rollback"
	actDraft        = "flow.draft"
	actDropDraft    = "flow.draft.drop"
	actAddTester    = "flow.tester.add"
	actRemoveTester = "flow.tester.remove"
)

// briefly is how many letters of a hash tell versions apart for people.
const briefly = 12

// Brief is as much of a version's hash as people are shown.
func Brief(hash string) string { return hash[:min(briefly, len(hash))] }

// Publish has everybody hear a version from their next call on. Nothing changes when
// they do already.
func (f *FlowVersions) Publish(ctx context.Context, line string, by By, v FlowVersion) error {
	return f.enact(ctx, line, by.on(v.Hash), actPublish, &v, func(tx *sqlx.Tx) (string, error) {
		live, err := selectLive(ctx, tx, line)
		if err != nil || live == v.Hash {
			return "", err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO flow_publication (line_id, seq, hash, published_at)
			SELECT $1, coalesce(max(seq), 0) + 1, $2, $3
			FROM flow_publication
			WHERE line_id = $1`, line, v.Hash, by.At)
		return Brief(v.Hash), err
	})
}

// ErrHeardElse says that something else is heard by now than who acts was shown.
var ErrHeardElse = errors.New("something else is heard by now: look again")

// Rollback has everybody hear again what they heard before the version of a hash was
// published, if that is the one that stands ([ErrHeardElse]); "" for whichever it is.
// [ErrNotFound] says that there is none to take back.
func (f *FlowVersions) Rollback(ctx context.Context, line string, by By, live string) error {
	return f.enact(ctx, line, by.on(live), actRollback, nil, func(tx *sqlx.Tx) (string, error) {
		stands, err := selectLive(ctx, tx, line)
		if err == nil && live != "" && live != stands {
			err = ErrHeardElse
		}
		if err != nil {
			return "", err
		}
		var hash string
		err = tx.GetContext(ctx, &hash, `
			UPDATE flow_publication
			SET withdrawn_at = $2
			WHERE line_id = $1 AND withdrawn_at IS NULL
			  AND seq = (SELECT max(seq) FROM flow_publication WHERE line_id = $1 AND withdrawn_at IS NULL)
			RETURNING hash`, line, by.At)
		return Brief(hash), err
	})
}

// Draft has testers hear a version, in place of the draft before.
func (f *FlowVersions) Draft(ctx context.Context, line string, by By, v FlowVersion) error {
	return f.redraft(ctx, line, by, actDraft, v, func(string) (string, error) { return Brief(v.Hash), nil })
}

// DropDraft has testers hear what everybody does. [ErrNotFound] says that they did.
func (f *FlowVersions) DropDraft(ctx context.Context, line string, by By) error {
	return f.enact(ctx, line, by, actDropDraft, nil, func(tx *sqlx.Tx) (string, error) {
		var hash string
		err := tx.GetContext(ctx, &hash, `
			DELETE FROM flow_draft
			WHERE line_id = $1
			RETURNING hash`, line)
		return Brief(hash), err
	})
}

// enact keeps a version, if there is one, and then changes what is heard, all of it
// once for an act: act does it, and says what the audit log tells of it, "" for
// nothing that changed.
func (f *FlowVersions) enact(ctx context.Context, line string, by By, name string, v *FlowVersion, act func(*sqlx.Tx) (string, error)) error {
	if v != nil {
		if err := f.archive.keepHere(*v); err != nil {
			return err
		}
	}
	err := f.db.inTx(ctx, func(tx *sqlx.Tx) error {
		// Whoever else changes what the line says waits here.
		if err := lockLine(ctx, tx, line, "UPDATE"); err != nil {
			return err
		}
		if done, err := by.done(ctx, tx, line, name); err != nil || done {
			return err
		}
		if v != nil { // not before: another act may remove it until here
			if err := putVersion(ctx, tx, line, *v, by.At, name != actPublish); err != nil {
				return err
			}
		}
		detail, err := act(tx)
		if err != nil || detail == "" {
			return err
		}
		if err := f.audit.add(ctx, tx, by.entry(line, name, detail)); err != nil {
			return err
		}
		return notify(ctx, tx, flowChannel, line)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// selectLive is the hash of what everybody hears, "" for nothing that was published.
func selectLive(ctx context.Context, q sqlx.QueryerContext, line string) (hash string, err error) {
	err = getOne(ctx, q, &hash, `
		SELECT hash
		FROM flow_publication
		WHERE line_id = $1 AND withdrawn_at IS NULL
		ORDER BY seq DESC
		LIMIT 1`, line)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return hash, err
}

// publicationRow is a row as it is kept.
type publicationRow struct {
	Seq         int
	Hash        string
	PublishedAt time.Time
	WithdrawnAt sql.NullTime
}

// Publications are the versions that a line has published, the newest first.
func (f *FlowVersions) Publications(ctx context.Context, line string) ([]Publication, error) {
	var rows []publicationRow
	err := f.db.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		return tx.SelectContext(ctx, &rows, `
			SELECT seq, hash, published_at, withdrawn_at
			FROM flow_publication
			WHERE line_id = $1
			ORDER BY seq DESC`, line)
	})
	if err != nil {
		return nil, fmt.Errorf("published flows: %w", err)
	}
	all := make([]Publication, len(rows))
	for i, r := range rows {
		all[i] = Publication{Seq: r.Seq, Hash: r.Hash, Published: r.PublishedAt.UTC()}
		if r.WithdrawnAt.Valid {
			all[i].Withdrawn = r.WithdrawnAt.Time.UTC()
		}
	}
	return all, nil
}

// Heard is what callers of a line hear now.
func (f *FlowVersions) Heard(ctx context.Context, line string) (HeardFlows, error) {
	var h HeardFlows
	var sealed []testerRow
	err := f.db.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		var err error
		if h.Live, err = selectLive(ctx, tx, line); err != nil {
			return err
		}
		err = getOne(ctx, tx, &h.Draft, `
			SELECT hash
			FROM flow_draft
			WHERE line_id = $1`, line)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		sealed, err = selectTesters(ctx, tx, line)
		return err
	})
	if err == nil {
		h.Testers, err = f.open(sealed)
	}
	if err != nil {
		return HeardFlows{}, fmt.Errorf("which flow is heard: %w", err)
	}
	f.archive.noteLive(line, h.Live)
	return h, nil
}

// LastLive is what everybody heard when this machine last asked, "" for the program's
// own: for a start without Postgres.
func (f *FlowVersions) LastLive(line string) string { return f.archive.lastLive(line) }
