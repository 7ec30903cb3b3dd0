package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

// Provision is what was entered at the carrier at one time.
type Provision struct {
	ID      string
	At      time.Time
	Changes []Setting
}

// Setting is one that is changed at the carrier. Before is kept so that it can be put back.
type Setting struct {
	Kind    string `json:"kind"`    // what it is a setting of
	Subject string `json:"subject"` // the carrier's SID of that
	Field   string `json:"field"`
	Before  string `json:"before"`
	After   string `json:"after"`
}

// Provisions are kept sealed, for an address that stood there before may be secret.
// They are safe for concurrent use.
type Provisions struct {
	db    *DB
	keys  *vault.Keyring
	audit *Audit
}

// NewProvisions keeps them in db, under keys.
func NewProvisions(db *DB, keys *vault.Keyring) *Provisions {
	return &Provisions{db: db, keys: keys, audit: NewAudit(db, keys)}
}

// The acts of the audit log.
const (
	actProvision = "number.provision"
	actRestore   = "number.restore"
)

func provisionCell(line, id string) vault.Cell {
	return vault.Cell{Table: "provision", Column: "changes", Row: line + "/" + id}
}

// Save keeps what is about to be entered, and enters the act in the log: before
// anything is changed at the carrier, so that it can be put back whatever happens.
func (p *Provisions) Save(ctx context.Context, line string, by By, changes []Setting) error {
	plain, err := json.Marshal(changes)
	if err != nil {
		return fmt.Errorf("keep what stood at the carrier: %w", err)
	}
	by = by.on(string(plain))
	id := by.id(line, actProvision)
	if id == "" {
		id = newID()
	}
	err = p.db.inTx(ctx, func(tx *sqlx.Tx) error {
		sealed, err := p.keys.Seal(provisionCell(line, id), plain)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO provision (line_id, provision_id, at, changes)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT (line_id, provision_id) DO NOTHING`, line, id, by.At, sealed); err != nil {
			return err
		}
		entry := by.entry(line, actProvision, fmt.Sprintf("%d settings at the carrier", len(changes)))
		entry.ID = id
		return p.audit.add(ctx, tx, entry)
	})
	if err != nil {
		return fmt.Errorf("keep what stood at the carrier: %w", err)
	}
	return nil
}

// Last is what was entered last and has not been put back; [ErrNotFound] if there is
// nothing.
func (p *Provisions) Last(ctx context.Context, line string) (Provision, error) {
	var row struct {
		ProvisionID string
		At          time.Time
		Changes     []byte
	}
	err := p.db.pool.GetContext(ctx, &row, `
		SELECT provision_id, at, changes
		FROM provision
		WHERE line_id = $1 AND undone_at IS NULL
		ORDER BY at DESC, provision_id
		LIMIT 1`, line)
	if errors.Is(err, sql.ErrNoRows) {
		return Provision{}, ErrNotFound
	}
	if err != nil {
		return Provision{}, fmt.Errorf("what stood at the carrier: %w", dbError(ctx, err))
	}
	last := Provision{ID: row.ProvisionID, At: row.At.UTC()}
	plain, err := p.keys.Open(provisionCell(line, row.ProvisionID), row.Changes)
	if err == nil {
		err = json.Unmarshal(plain, &last.Changes)
	}
	if err != nil {
		return Provision{}, fmt.Errorf("what stood at the carrier: %w", err)
	}
	return last, nil
}

// Undone says that what was entered at one time has been put back.
func (p *Provisions) Undone(ctx context.Context, line string, by By, id string) error {
	event := by
	if event.Event == "" {
		event.Event = id // it is put back once
	}
	err := p.db.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			UPDATE provision
			SET undone_at = $3
			WHERE line_id = $1 AND provision_id = $2 AND undone_at IS NULL`, line, id, by.At); err != nil {
			return err
		}
		return p.audit.add(ctx, tx, event.on(id).entry(line, actRestore, "settings at the carrier put back"))
	})
	if err != nil {
		return fmt.Errorf("say that the carrier's settings are back: %w", err)
	}
	return nil
}
