package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/vault"
)

// Settings are what an owner said of the line at the desk. What is zero was not
// said. What the operator's environment sets goes before them.
type Settings struct {
	Name       string
	Zone       string // IANA
	Languages  []string
	CrisisName string       // how the crisis number is said
	Crisis     vault.Number // the crisis line's
	Emergency  string       // what people dial in danger
	Speech     string       // SpeechOn or SpeechOff
	// FirstRun is the step at which setting the line up goes on; "" before it began.
	FirstRun string
}

// What an owner said of whether callers may say what they could press.
const (
	SpeechOn  = "on"
	SpeechOff = "off"
)

// FirstRunDone is [Settings.FirstRun] of a line that is set up.
const FirstRunDone = "done"

// LineFields are some of what a [LineConfig] says.
type LineFields struct{ Name, Zone, Languages, CrisisName, Emergency, Speech bool }

type settingRow struct {
	LineID     string
	Name       sql.NullString
	Zone       sql.NullString
	Languages  pq.StringArray
	CrisisName sql.NullString
	Crisis     []byte
	Emergency  sql.NullString
	Speech     sql.NullString
	FirstRun   string
}

const settingColumns = `line_id, name, zone, languages, crisis_name, crisis, emergency, speech, first_run`

func (r settingRow) crisisCell() vault.Cell {
	return vault.Cell{Table: "setting", Column: "crisis", Row: r.LineID}
}

// crisis is the number of the crisis line, zero if none was said.
func (r settingRow) crisis(k *vault.Keyring) (vault.Number, error) {
	if r.Crisis == nil {
		return vault.Number{}, nil
	}
	n, err := k.OpenNumber(r.crisisCell(), r.Crisis)
	if err != nil {
		return vault.Number{}, fmt.Errorf("the crisis number of line %s: %w", r.LineID, err)
	}
	return n, nil
}

func (r settingRow) settings(k *vault.Keyring) (Settings, error) {
	n, err := r.crisis(k)
	return Settings{
		Name: r.Name.String, Zone: r.Zone.String, Languages: r.Languages, CrisisName: r.CrisisName.String, Crisis: n,
		Emergency: r.Emergency.String, Speech: r.Speech.String, FirstRun: r.FirstRun,
	}, err
}

// Settings returns what was said of a line at the desk.
func (db *DB) Settings(ctx context.Context, k *vault.Keyring, line string) (Settings, error) {
	var row settingRow
	err := db.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		var err error
		row, err = selectSetting(ctx, tx, line)
		return err
	})
	if err != nil {
		return Settings{}, fmt.Errorf("settings: %w", err)
	}
	s, err := row.settings(k)
	if err != nil {
		return Settings{}, fmt.Errorf("settings: %w", err)
	}
	return s, nil
}

// selectSetting returns a row with the line's id alone where nothing was said.
func selectSetting(ctx context.Context, q sqlx.QueryerContext, line string) (settingRow, error) {
	row := settingRow{LineID: line}
	err := getOne(ctx, q, &row, `
		SELECT `+settingColumns+`
		FROM setting
		WHERE line_id = $1`, line)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return row, err
}

// SaveSettings has change say something of a line. Calls are answered by what it
// changed from then on; what it left alone stays as the operator has it. The audit
// log gets the names of the fields that are others now, and nothing when none is.
func (db *DB) SaveSettings(ctx context.Context, a *Audit, line string, by By, change func(*Settings)) error {
	k := a.keys.Frozen()
	err := db.inTx(ctx, func(tx *sqlx.Tx) error {
		// Whoever changes the line waits here, as does a program that starts.
		if err := lockLine(ctx, tx, line, "UPDATE"); err != nil {
			return err
		}
		if done, err := by.done(ctx, tx, line, "line.settings"); err != nil || done {
			return err
		}
		row, err := selectSetting(ctx, tx, line)
		if err != nil {
			return err
		}
		before, err := row.settings(k)
		if err != nil {
			return err
		}
		after := before
		after.Languages = slices.Clone(before.Languages)
		change(&after)
		if err := after.save(ctx, tx, k, line); err != nil {
			return err
		}
		changed := before.differs(after)
		if changed == "" {
			return nil
		}
		if err := after.apply(ctx, tx, line, before); err != nil {
			return err
		}
		if err := a.add(ctx, tx, by.entry(line, "line.settings", changed)); err != nil {
			return err
		}
		return notifyDirectory(ctx, tx, line)
	})
	if err != nil {
		return fmt.Errorf("save settings: %w", err)
	}
	return nil
}

func (s Settings) save(ctx context.Context, tx *sqlx.Tx, k *vault.Keyring, line string) error {
	row := settingRow{
		LineID: line, Name: unlessEmpty(s.Name), Zone: unlessEmpty(s.Zone), Languages: s.Languages, CrisisName: unlessEmpty(s.CrisisName),
		Emergency: unlessEmpty(s.Emergency), Speech: unlessEmpty(s.Speech), FirstRun: s.FirstRun,
	}
	if !s.Crisis.IsZero() {
		var err error
		if row.Crisis, err = k.SealNumber(row.crisisCell(), s.Crisis); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO setting (`+settingColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (line_id) DO UPDATE
		SET name = excluded.name, zone = excluded.zone, languages = excluded.languages,
		    crisis_name = excluded.crisis_name, crisis = excluded.crisis, emergency = excluded.emergency, speech = excluded.speech, first_run = excluded.first_run`,
		row.LineID, row.Name, row.Zone, row.Languages, row.CrisisName, row.Crisis, row.Emergency, row.Speech, row.FirstRun)
	return err
}

// unlessEmpty is a text of a row, null if it is empty.
func unlessEmpty(text string) sql.NullString { return sql.NullString{String: text, Valid: text != ""} }

// differs are the names of the fields in which two settings are not alike, but for
// the step of the first run.
func (s Settings) differs(from Settings) string {
	names := ""
	for _, f := range []struct {
		name string
		is   bool
	}{
		{"name", s.Name != from.Name}, {"zone", s.Zone != from.Zone}, {"languages", !slices.Equal(s.Languages, from.Languages)},
		{"crisis_name", s.CrisisName != from.CrisisName}, {"crisis_number", !s.Crisis.Equal(from.Crisis)}, {"emergency", s.Emergency != from.Emergency}, {"speech", s.Speech != from.Speech},
	} {
		if f.is {
			names += " " + f.name
		}
	}
	return names[min(1, len(names)):]
}

// apply makes the line what s says where it differs from before.
func (s Settings) apply(ctx context.Context, tx *sqlx.Tx, line string, before Settings) error {
	changed := func(is, was string) sql.NullString {
		return sql.NullString{String: is, Valid: is != "" && is != was}
	}
	var languages pq.StringArray
	if !slices.Equal(s.Languages, before.Languages) {
		languages = s.Languages
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE line
		SET name = coalesce($2, name), zone = coalesce($3, zone), languages = coalesce($4, languages), crisis_name = coalesce($5, crisis_name),
		    emergency = coalesce($6, emergency), speech = coalesce($7 = 'on', speech)
		WHERE line_id = $1`,
		line, changed(s.Name, before.Name), changed(s.Zone, before.Zone), languages, changed(s.CrisisName, before.CrisisName),
		changed(s.Emergency, before.Emergency), changed(s.Speech, before.Speech))
	return err
}

// with is c with what was said at the desk in place of what c leaves open.
func (c LineConfig) with(r settingRow) LineConfig {
	if c.Open.Name && r.Name.Valid {
		c.Name = r.Name.String
	}
	if c.Open.Zone && r.Zone.Valid {
		c.Zone = r.Zone.String
	}
	if c.Open.Languages && len(r.Languages) > 0 {
		c.Languages = r.Languages
	}
	if c.Open.CrisisName && r.CrisisName.Valid {
		c.CrisisName = r.CrisisName.String
	}
	if c.Open.Emergency && r.Emergency.Valid {
		c.Emergency = r.Emergency.String
	}
	if c.Open.Speech && r.Speech.Valid {
		c.Speech = r.Speech.String == SpeechOn
	}
	return c
}
