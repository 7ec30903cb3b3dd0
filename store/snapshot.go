package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// Snapshot is what one line's calls are answered from: immutable, and shared by
// every call.
type Snapshot struct {
	Directory *flows.Directory
	// Crisis is the crisis line's number as it was said at the desk; zero if it was
	// not.
	Crisis  vault.Number
	bridges map[string]Dial // by group id
}

// Bridge returns where a group that is held elsewhere is dialled.
func (s *Snapshot) Bridge(group string) (Dial, bool) {
	d, ok := s.bridges[group]
	return d, ok
}

// contents is everything that snapshots are made of, as Postgres holds it:
// bridges stay sealed, on disk under a second seal.
type contents struct {
	Lines    []lineRow
	Numbers  []numberRow
	Groups   []groupRow
	Meetings []meetingRow
	Settings []settingRow
}

// readContents reads one state of the database.
func (db *DB) readContents(ctx context.Context) (contents, error) {
	var c contents
	err := db.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		if err := tx.SelectContext(ctx, &c.Lines, `
			SELECT `+lineColumns+`
			FROM line
			ORDER BY ordinal`); err != nil {
			return err
		}
		if err := tx.SelectContext(ctx, &c.Numbers, `
			SELECT line_id, number_index
			FROM line_number
			ORDER BY line_id, number_index`); err != nil {
			return err
		}
		if err := tx.SelectContext(ctx, &c.Settings, `
			SELECT `+settingColumns+`
			FROM setting
			ORDER BY line_id`); err != nil {
			return err
		}
		var err error
		if c.Groups, err = selectGroups(ctx, tx, sql.NullString{}); err != nil {
			return err
		}
		c.Meetings, err = selectMeetings(ctx, tx, sql.NullString{})
		return err
	})
	if err != nil {
		return contents{}, fmt.Errorf("read the directory: %w", err)
	}
	return c, nil
}

// served is every line's snapshot, and which line answers which number.
type served struct {
	keys    *vault.Keyring
	lines   []*Snapshot
	byLine  map[string]*Snapshot
	numbers map[string]*Snapshot // by line id and number index
	at      time.Time            // when Postgres last gave these rows
}

// build works dates out as of now. It refuses contents sealed under keys that
// k does not hold; k must be frozen, since what is served is found under it.
func (c contents) build(k *vault.Keyring, now time.Time) (*served, error) {
	meetings, err := meetingsByGroup(c.Meetings)
	if err != nil {
		return nil, err
	}
	s := &served{keys: k, byLine: map[string]*Snapshot{}, numbers: map[string]*Snapshot{}}
	for _, line := range c.Lines {
		if err := line.check(k); err != nil {
			return nil, err
		}
		snap := &Snapshot{bridges: map[string]Dial{}}
		for _, row := range c.Settings {
			if row.LineID == line.LineID {
				if snap.Crisis, err = row.crisis(k); err != nil {
					return nil, err
				}
			}
		}
		var groups []flows.Group
		for _, row := range c.Groups {
			if row.LineID != line.LineID {
				continue
			}
			groups = append(groups, row.group(slices.Clone(meetings[row.GroupID])))
			dial, err := openDial(k, row)
			if err != nil {
				return nil, err
			}
			if !dial.IsZero() {
				snap.bridges[row.GroupID] = dial
			}
		}
		snap.Directory = flows.NewDirectory(line.line(), groups, now)
		s.lines = append(s.lines, snap)
		s.byLine[line.LineID] = snap
	}
	for _, n := range c.Numbers {
		s.numbers[n.LineID+string(n.NumberIndex)] = s.byLine[n.LineID]
	}
	return s, nil
}

// answering returns the snapshot of the line that has the number.
func (s *served) answering(to vault.Number) (*Snapshot, bool) {
	if to.IsZero() {
		return nil, false
	}
	for _, snap := range s.lines {
		id := snap.Directory.Line.ID
		for _, index := range s.keys.Indexes(id, to) {
			if found, ok := s.numbers[id+string(index)]; ok {
				return found, true
			}
		}
	}
	return nil, false
}
