package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
)

// maxArchived is how many flow versions a process holds in memory.
const maxArchived = 16

var errNotFlowHash = errors.New("the hash is not the SHA-256 of a flow, in hex")

// FlowArchive keeps every flow version by hash, so that a call finishes on the
// one it started on: in memory, in a folder, and in Postgres for the other
// replicas. Its methods are safe for concurrent use.
type FlowArchive struct {
	db  *DB
	dir string

	mu       sync.Mutex
	versions map[string][]byte
	live     map[string]string // by line, as last noted
}

// NewFlowArchive keeps files in the folder flows of stateDir; none if that is "", for a
// command that only looks.
func NewFlowArchive(db *DB, stateDir string) *FlowArchive {
	dir := ""
	if stateDir != "" {
		dir = filepath.Join(stateDir, "flows")
	}
	return &FlowArchive{db: db, dir: dir, versions: map[string][]byte{}, live: map[string]string{}}
}

// Save keeps content, which the caller must not change afterwards, under the
// hash that names it. It is on disk before Postgres is asked, so that an error
// from there still leaves this replica able to finish its calls. month is when
// the version was made; only its year and month are kept. One that was not heard any more
// is heard from now on.
func (a *FlowArchive) Save(ctx context.Context, line, hash string, content []byte, month time.Time) error {
	v := FlowVersion{Hash: hash, Content: content}
	if err := a.keepHere(v); err != nil {
		return err
	}
	return a.db.inTx(ctx, func(tx *sqlx.Tx) error { return putVersion(ctx, tx, line, v, month, false) })
}

// keepHere is the part of Save that needs no Postgres.
func (a *FlowArchive) keepHere(v FlowVersion) error {
	if !isFlowHash(v.Hash) {
		return fmt.Errorf("save flow: %w", errNotFlowHash)
	}
	a.remember(v.Hash, v.Content)
	if a.dir == "" {
		return nil
	}
	if err := writeFileAtomically(filepath.Join(a.dir, v.Hash), frame(v.Content)); err != nil {
		return fmt.Errorf("save flow: %w", err)
	}
	return nil
}

// putVersion is the part that does; of a version that is kept only to be a draft, draftOnly
// says so, unless it was kept for something else before.
func putVersion(ctx context.Context, tx *sqlx.Tx, line string, v FlowVersion, month time.Time, draftOnly bool) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO flow_version AS v (line_id, hash, content, created_month, draft_only)
		VALUES ($1, $2, $3, date_trunc('month', $4::date), $5)
		ON CONFLICT (line_id, hash) DO UPDATE SET idle_since = NULL, draft_only = v.draft_only AND excluded.draft_only`,
		line, v.Hash, v.Content, month.UTC().Format(time.DateOnly), draftOnly)
	if err != nil {
		return fmt.Errorf("save flow: %w", err)
	}
	return nil
}

// Load returns the content saved under hash, which the caller must not change;
// ErrNotFound if nobody saved it. A damaged file is passed over.
func (a *FlowArchive) Load(ctx context.Context, line, hash string) ([]byte, error) {
	if !isFlowHash(hash) {
		return nil, fmt.Errorf("load flow: %w", errNotFlowHash)
	}
	if content, ok := a.recall(hash); ok {
		return content, nil
	}
	path := filepath.Join(a.dir, hash)
	if a.dir != "" {
		framed, _ := os.ReadFile(path) // one that is not there is damaged
		if content, ok := unframe(framed); ok {
			a.remember(hash, content)
			return content, nil
		}
	}
	var content []byte
	err := a.db.pool.GetContext(ctx, &content, `
		SELECT content
		FROM flow_version
		WHERE line_id = $1
		  AND hash = $2`, line, hash)
	if err != nil {
		return nil, fmt.Errorf("load flow: %w", dbError(ctx, err))
	}
	a.remember(hash, content)
	if a.dir != "" {
		// The copy on disk only serves the next start; this call has its answer.
		_ = writeFileAtomically(path, frame(content))
	}
	return content, nil
}

// Keep says that calls begin on the version saved under hash: it is not removed for a day
// from now on.
func (a *FlowArchive) Keep(ctx context.Context, line, hash string, now time.Time) error {
	content, err := a.Load(ctx, line, hash)
	if err != nil {
		return err
	}
	return a.Save(ctx, line, hash, content, now)
}

// forget removes the copies of a version that are here. Another replica's go when it tidies.
func (a *FlowArchive) forget(hash string) {
	a.mu.Lock()
	delete(a.versions, hash)
	a.mu.Unlock()
	if a.dir != "" {
		_ = os.Remove(filepath.Join(a.dir, hash)) // what stays goes when it is tidied
	}
}

// leftFor is how long a copy on disk stays that Postgres has no version for: it may be of
// one that Postgres did not take.
const leftFor = 24 * time.Hour

// Tidy removes from disk the versions that are kept no more.
func (a *FlowArchive) Tidy(ctx context.Context, now time.Time) error {
	if a.dir == "" {
		return nil
	}
	var kept []string
	if err := a.db.pool.SelectContext(ctx, &kept, `SELECT hash FROM flow_version`); err != nil {
		return fmt.Errorf("tidy flows: %w", dbError(ctx, err))
	}
	files, err := os.ReadDir(a.dir)
	if err != nil {
		return fmt.Errorf("tidy flows: %w", err)
	}
	for _, f := range files {
		if !isFlowHash(f.Name()) || slices.Contains(kept, f.Name()) {
			continue
		}
		if info, gone := f.Info(); gone == nil && now.Sub(info.ModTime()) > leftFor {
			err = errors.Join(err, os.Remove(filepath.Join(a.dir, f.Name())))
		}
	}
	return err
}

// noteLive keeps on disk which version everybody hears, "" for none that was
// published. What cannot be written only serves the next start.
func (a *FlowArchive) noteLive(line, hash string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if noted, ok := a.live[line]; ok && noted == hash {
		return
	}
	a.live[line] = hash
	if a.dir == "" {
		return
	}
	_ = writeFileAtomically(a.livePath(line), frame([]byte(hash)))
}

// lastLive is what noteLive kept, "" for nothing.
func (a *FlowArchive) lastLive(line string) string {
	if a.dir == "" {
		return ""
	}
	framed, err := os.ReadFile(a.livePath(line))
	if err != nil {
		return ""
	}
	hash, ok := unframe(framed)
	if !ok || !isFlowHash(string(hash)) {
		return ""
	}
	return string(hash)
}

func (a *FlowArchive) livePath(line string) string {
	return filepath.Join(a.dir, "live-"+filepath.Base(line))
}

func (a *FlowArchive) recall(hash string) ([]byte, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	content, ok := a.versions[hash]
	return content, ok
}

// remember drops any one version when there are too many: the others are on
// disk, and few are ever in use at once.
func (a *FlowArchive) remember(hash string, content []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for other := range a.versions {
		if len(a.versions) < maxArchived {
			break
		}
		delete(a.versions, other)
	}
	a.versions[hash] = content
}

// isFlowHash also keeps a hash from leading out of the folder.
func isFlowHash(hash string) bool {
	b, err := hex.DecodeString(hash)
	return err == nil && len(b) == sha256.Size && hex.EncodeToString(b) == hash
}

// frame puts a checksum before content: what a flow's hash is taken over is
// the flow compiler's affair, so it cannot serve to find a damaged file.
func frame(content []byte) []byte {
	sum := sha256.Sum256(content)
	return append(sum[:], content...)
}

func unframe(framed []byte) ([]byte, bool) {
	if len(framed) < sha256.Size {
		return nil, false
	}
	content := framed[sha256.Size:]
	return content, sha256.Sum256(content) == [sha256.Size]byte(framed[:sha256.Size])
}

// writeFileAtomically leaves at path either what was there or all of data,
// readable by the owner alone, whenever the machine stops.
func writeFileAtomically(path string, data []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".partial-*") // 0600
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
