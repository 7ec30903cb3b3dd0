package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// firstLine is the ordinal of the line that the environment describes.
const firstLine = 1

// LineConfig describes a line as its operator does.
type LineConfig struct {
	Name       string
	Zone       string   // IANA
	Languages  []string // the first greets
	CodeLength int      // digits of a group code, 4 to 8
	CrisisName string   // how the crisis number is said
	Emergency  string   // what people dial in danger; "" for nobody said
	Speech     bool     // callers may say what they could press
	Numbers    []vault.Number
	// Open are the fields that the operator left to the program: what was said at
	// the desk goes before them.
	Open LineFields
}

// UnknownKeysetError says that a keyset is not the one under which the data
// was sealed, so that nobody could be recognised or called with it.
type UnknownKeysetError struct {
	Fingerprint string   // of the keyset
	Needs       []string // the fingerprints that the line knows
	// Finds says that the fingerprint is one of those: the keyset's index key is
	// the line's, and the keys for its cells are not.
	Finds bool
}

// Error says what to do about it.
func (e *UnknownKeysetError) Error() string {
	wrong := "is not the one that the line's data is sealed under"
	if e.Finds {
		wrong = "has the line's index key, but cannot open what is sealed in its rows: the file was put together from two"
	}
	return fmt.Sprintf("the keyset with fingerprint %s %s; put back the keyset file with fingerprint %s (HEARTHLINE_KEYSET_FILE), or use an empty database",
		e.Fingerprint, wrong, strings.Join(e.Needs, " or "))
}

type lineRow struct {
	LineID     string
	Name       string
	Zone       string
	Languages  pq.StringArray
	CodeLength int
	CrisisName string
	Emergency  string
	Speech     bool
	Keysets    pq.StringArray
}

const lineColumns = `line_id, name, zone, languages, code_length, crisis_name, emergency, speech, keysets`

func (r lineRow) line() flows.Line {
	return flows.Line{
		ID: r.LineID, Name: r.Name, Zone: r.Zone, Languages: r.Languages,
		CodeLength: r.CodeLength, CrisisName: r.CrisisName, Emergency: r.Emergency, Speech: r.Speech,
	}
}

// check returns an *UnknownKeysetError unless what k makes belongs to the line's
// rows: the line knows its index key, or is from before that key was promoted.
func (r lineRow) check(k *vault.Keyring) error {
	prints := k.Fingerprints()
	known := func(f string) bool { return slices.Contains(r.Keysets, f) }
	if known(prints[0]) || k.Stage() == vault.Promoted && slices.ContainsFunc(prints, known) {
		return nil
	}
	return &UnknownKeysetError{Fingerprint: prints[0], Needs: r.Keysets}
}

// EnsureLine makes the first line what c says, its numbers included, and
// returns its id. Several replicas may call it at once. A keyset whose key the
// line does not know, or that does not open what the line has sealed, is refused
// with an *UnknownKeysetError.
func (db *DB) EnsureLine(ctx context.Context, k *vault.Keyring, c LineConfig) (string, error) {
	k = k.Frozen()
	if err := c.validate(); err != nil {
		return "", fmt.Errorf("line: %w", err)
	}
	var id string
	err := db.inTx(ctx, func(tx *sqlx.Tx) error {
		var err error
		if id, err = ensureLine(ctx, tx, k, c); err != nil {
			return err
		}
		if err := ensureNumbers(ctx, tx, k, id, c.Numbers); err != nil {
			return err
		}
		return notifyDirectory(ctx, tx, id)
	})
	if err != nil {
		return "", fmt.Errorf("ensure line: %w", err)
	}
	return id, nil
}

func (c LineConfig) validate() error {
	var all []error
	if c.Name == "" {
		all = append(all, errors.New("the name is empty; set LINE_NAME"))
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" || c.Zone == "Local" {
		all = append(all, fmt.Errorf("%q is not an IANA time zone; set LINE_TIMEZONE like America/New_York", c.Zone))
	}
	if len(c.Languages) == 0 {
		all = append(all, errors.New("there is no language; set LINE_LANGUAGES like en,es"))
	}
	if c.CodeLength < minCodeLength || c.CodeLength > maxCodeLength {
		all = append(all, fmt.Errorf("codes of %d digits cannot be; set LINE_CODE_LENGTH from %d to %d",
			c.CodeLength, minCodeLength, maxCodeLength))
	}
	return errors.Join(all...)
}

// ensureLine leaves the line's row locked until the transaction ends.
func ensureLine(ctx context.Context, tx *sqlx.Tx, k *vault.Keyring, c LineConfig) (string, error) {
	id := newID()
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO line (line_id, ordinal, name, zone, languages, code_length, crisis_name, keysets)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (ordinal) DO NOTHING`,
		id, firstLine, c.Name, c.Zone, pq.StringArray(c.Languages), c.CodeLength, c.CrisisName,
		pq.StringArray{k.Fingerprint()}); err != nil {
		return "", err
	}
	var row probedLine
	if err := tx.GetContext(ctx, &row, `
		SELECT `+lineColumns+`, probe
		FROM line
		WHERE ordinal = $1
		FOR UPDATE`, firstLine); err != nil {
		return "", err
	}
	if err := row.check(k); err != nil {
		return "", err
	}
	spoken, err := selectSetting(ctx, tx, row.LineID)
	if err != nil {
		return "", err
	}
	c = c.with(spoken)
	if row.Probe == nil {
		if row.Probe, err = k.Seal(probeCell(row.LineID), []byte(probe)); err != nil {
			return "", err
		}
	}
	if !slices.Contains(row.Keysets, k.Fingerprint()) {
		row.Keysets = append(row.Keysets, k.Fingerprint())
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE line
		SET name = $2, zone = $3, languages = $4, code_length = $5, crisis_name = $6, emergency = $7, speech = $8, keysets = $9, probe = $10
		WHERE line_id = $1`,
		row.LineID, c.Name, c.Zone, pq.StringArray(c.Languages), c.CodeLength, c.CrisisName, c.Emergency, c.Speech, row.Keysets, row.Probe)
	return row.LineID, err
}

// probe is what a line seals, to see whether a keyset opens it.
const probe = "the keys of this line"

func probeCell(line string) vault.Cell {
	return vault.Cell{Table: "line", Column: "probe", Row: line}
}

// probedLine is a line with its probe, nil before the first start.
type probedLine struct {
	lineRow
	Probe []byte
}

// check is lineRow.check, and that k opens the probe.
func (r probedLine) check(k *vault.Keyring) error {
	if err := r.lineRow.check(k); err != nil || r.Probe == nil {
		return err
	}
	if _, err := k.Open(probeCell(r.LineID), r.Probe); err != nil {
		return &UnknownKeysetError{Fingerprint: k.Fingerprint(), Needs: r.Keysets, Finds: true}
	}
	return nil
}

type numberRow struct {
	LineID      string
	NumberIndex []byte
}

// ensureNumbers keeps the rows whose index is under the primary key and writes
// the others anew, so that a rotation of the index key reaches them.
func ensureNumbers(ctx context.Context, tx *sqlx.Tx, k *vault.Keyring, line string, numbers []vault.Number) error {
	var rows []numberRow
	if err := tx.SelectContext(ctx, &rows, `
		SELECT line_id, number_index
		FROM line_number
		WHERE line_id = $1`, line); err != nil {
		return err
	}
	var wanted [][]byte
	for _, n := range numbers {
		index := k.Index(line, n)
		wanted = append(wanted, index)
		if slices.ContainsFunc(rows, func(r numberRow) bool { return bytes.Equal(r.NumberIndex, index) }) {
			continue
		}
		if err := insertNumber(ctx, tx, k, numberRow{line, index}, n); err != nil {
			return err
		}
	}
	for _, r := range rows {
		if slices.ContainsFunc(wanted, func(w []byte) bool { return bytes.Equal(w, r.NumberIndex) }) {
			continue
		}
		if _, err := tx.ExecContext(ctx, `
			DELETE FROM line_number
			WHERE line_id = $1
			  AND number_index = $2`, line, r.NumberIndex); err != nil {
			return err
		}
	}
	return nil
}

func (r numberRow) cell() vault.Cell {
	return vault.Cell{Table: "line_number", Column: "number", Row: r.LineID + "/" + hex.EncodeToString(r.NumberIndex)}
}

func insertNumber(ctx context.Context, tx *sqlx.Tx, k *vault.Keyring, r numberRow, n vault.Number) error {
	sealed, err := k.SealNumber(r.cell(), n)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO line_number (line_id, number_index, number)
		VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`, r.LineID, r.NumberIndex, sealed)
	return err
}

// FirstLine returns the line that the environment describes; ErrNotFound
// before the first EnsureLine.
func (db *DB) FirstLine(ctx context.Context) (flows.Line, error) {
	var row lineRow
	err := db.pool.GetContext(ctx, &row, `
		SELECT `+lineColumns+`
		FROM line
		WHERE ordinal = $1`, firstLine)
	if err != nil {
		return flows.Line{}, fmt.Errorf("first line: %w", dbError(ctx, err))
	}
	return row.line(), nil
}

// Lines returns every line, the first one first.
func (db *DB) Lines(ctx context.Context) ([]flows.Line, error) {
	var rows []lineRow
	err := db.pool.SelectContext(ctx, &rows, `
		SELECT `+lineColumns+`
		FROM line
		ORDER BY ordinal`)
	if err != nil {
		return nil, fmt.Errorf("lines: %w", dbError(ctx, err))
	}
	all := make([]flows.Line, len(rows))
	for i, row := range rows {
		all[i] = row.line()
	}
	return all, nil
}
