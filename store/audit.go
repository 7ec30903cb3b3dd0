package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

// maxAuditText bounds each text of an entry, in bytes.
const maxAuditText = 200

var (
	errAuditActor  = errors.New("an audit entry says who acted, in 1 to 200 bytes")
	errAuditAct    = errors.New("an audit entry's act is words of small letters with dots between, like member.erase")
	errAuditDetail = errors.New("an audit entry's detail has at most 200 bytes")

	auditAct = regexp.MustCompile(`^[a-z_]+(\.[a-z_]+)*$`)
)

// AuditEntry is something that a member of staff did. A member's own acts are
// never entered.
type AuditEntry struct {
	Line string
	// ID is a UUID of this act, random; recorded again, it is not written again.
	// "" makes one, for who does not try again.
	ID    string
	Actor string // who acted, as an operator knows them; never a number
	Act   string // what, like "member.erase"
	// Subject is whom it was done to; zero for nobody. It is kept as a pseudonym
	// of that day (UTC), which joins neither the index nor another day's.
	Subject vault.Number
	// Detail is what else there is to say, without anything personal. What has
	// the shape of a number is masked.
	Detail string
	At     time.Time // kept to the second
}

// Audit is the log of what staff did: append-only, each entry bound to the one
// before by SHA-256 and to this deployment by its keys. Its methods are safe for
// concurrent use.
type Audit struct {
	db   *DB
	keys *vault.Keyring
	now  func() time.Time
}

// NewAudit keeps the log in db, under keys.
func NewAudit(db *DB, keys *vault.Keyring) *Audit { return &Audit{db: db, keys: keys, now: time.Now} }

// auditRow is an entry as it is kept. Before is the hash of the one before, 32
// zeros for the first; Hash is over all of it but the mac.
type auditRow struct {
	LineID, EntryID string
	Seq             int64
	At              time.Time
	Actor, Act      string
	Subject         []byte
	Detail          string
	Before          []byte
	Hash, MAC       []byte
}

const auditColumns = `line_id, entry_id, seq, at, actor, act, subject, detail, before, hash, mac`

// NewAuditID returns an id for an entry that may have to be recorded again.
func NewAuditID() string { return newID() }

// Record adds an entry. When its error comes from the commit, whether the entry
// is there is unknown: record it again with the same ID.
func (a *Audit) Record(ctx context.Context, e AuditEntry) error {
	if e.ID == "" {
		e.ID = newID() // the same if the transaction is run again
	}
	err := a.db.inTx(ctx, func(tx *sqlx.Tx) error { return a.add(ctx, tx, e) })
	if err != nil {
		return fmt.Errorf("record an act: %w", err)
	}
	return nil
}

// add is Record within a transaction, to whose end everybody else who adds to the
// line's log waits.
func (a *Audit) add(ctx context.Context, tx *sqlx.Tx, e AuditEntry) error {
	if err := e.validate(); err != nil {
		return err
	}
	if e.ID == "" {
		e.ID = newID()
	}
	// One chain has one end: whoever adds to it waits for the one before.
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('audit ' || $1::text, 0))`, e.Line); err != nil {
		return err
	}
	var written bool
	if err := tx.GetContext(ctx, &written, `
		SELECT EXISTS (SELECT FROM audit WHERE line_id = $1 AND entry_id = $2)`, e.Line, e.ID); err != nil || written {
		return err
	}
	seq, before, err := auditEnd(ctx, tx, e.Line)
	if err != nil {
		return err
	}
	return insertAudit(ctx, tx, a.row(e, seq+1, before))
}

func (e AuditEntry) validate() error {
	switch {
	case e.Actor == "" || len(e.Actor) > maxAuditText:
		return errAuditActor
	case len(e.Act) > maxAuditText || !auditAct.MatchString(e.Act):
		return errAuditAct
	case len(e.Detail) > maxAuditText:
		return errAuditDetail
	}
	return nil
}

// auditEnd is where the chain of a line ends: at its last entry, at its anchor,
// or before its beginning.
func auditEnd(ctx context.Context, tx *sqlx.Tx, line string) (seq int64, hash []byte, err error) {
	var end struct {
		Seq  int64
		Hash []byte
	}
	err = tx.GetContext(ctx, &end, `
		SELECT seq, hash FROM audit WHERE line_id = $1
		UNION ALL
		SELECT seq, hash FROM audit_anchor WHERE line_id = $1
		ORDER BY seq DESC
		LIMIT 1`, line)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, make([]byte, sha256.Size), nil
	}
	return end.Seq, end.Hash, err
}

// row is e as the entry of that number, after the one whose hash is before.
func (a *Audit) row(e AuditEntry, seq int64, before []byte) auditRow {
	r := auditRow{
		LineID: e.Line, EntryID: e.ID, Seq: seq, At: e.At.UTC().Truncate(time.Second),
		Actor: withoutPhones(e.Actor), Act: e.Act, Detail: withoutPhones(e.Detail), Before: before,
	}
	if !e.Subject.IsZero() {
		r.Subject = auditSubject(a.keys, e.Line, r.At, a.keys.Index(e.Line, e.Subject))
	}
	r.Hash = r.digest()
	r.MAC = a.mac(r)
	return r
}

// withoutPhones is text without what could be dialled.
func withoutPhones(text string) string {
	return digitRun.ReplaceAllStringFunc(text, func(run string) string {
		if _, err := vault.ParseNumber(run); err != nil {
			return run
		}
		return "•"
	})
}

func insertAudit(ctx context.Context, tx *sqlx.Tx, r auditRow) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO audit (`+auditColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		r.LineID, r.EntryID, r.Seq, r.At, r.Actor, r.Act, r.Subject, r.Detail, r.Before, r.Hash, r.MAC)
	return err
}

// digest is SHA-256 over everything that the entry says, each part preceded by
// its length, so that no two entries have the same bytes.
func (r auditRow) digest() []byte {
	b := []byte("hearthline audit 1 ")
	for _, part := range [][]byte{
		[]byte(r.LineID), []byte(r.EntryID), strconv.AppendInt(nil, r.Seq, 10), []byte(auditTime(r.At)),
		[]byte(r.Actor), []byte(r.Act), r.Subject, []byte(r.Detail), r.Before,
	} {
		b = binary.AppendUvarint(b, uint64(len(part)))
		b = append(b, part...)
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// mac proves, to who has the keys, that the program wrote an entry of that
// number, time and hash; it stays provable when nothing else is left of it.
func (a *Audit) mac(r auditRow) []byte {
	return a.keys.Mark("audit", r.LineID, strconv.FormatInt(r.Seq, 10), auditTime(r.At), hex.EncodeToString(r.Hash))
}

func (a *Audit) proves(r auditRow) bool { return bytes.Equal(r.MAC, a.mac(r)) }

func auditTime(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
