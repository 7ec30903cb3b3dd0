package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store/vault"
)

// Imported says what an import did, by group code.
type Imported struct {
	Added, Changed, Unchanged []string
	Paused                    []string // of a feed: their row has vanished
}

var errPreview = errors.New("preview")

// ImportGroups writes groups, all or none. A group is its code; one without a
// code is the line's group of the same name, or else gets a code of its own.
// Groups that the file does not mention stay as they are; so does the stage of
// a group whose entry gives none. Members are told of dates within two weeks that
// are skipped or moved now and were not before, or the other way round.
func (db *DB) ImportGroups(ctx context.Context, k *vault.Keyring, line string, groups []Group) (Imported, error) {
	return db.importGroups(ctx, k, line, groups, false)
}

// PreviewImport says what ImportGroups would do, and writes nothing. A code
// that it makes up is not kept.
func (db *DB) PreviewImport(ctx context.Context, k *vault.Keyring, line string, groups []Group) (Imported, error) {
	return db.importGroups(ctx, k, line, groups, true)
}

func (db *DB) importGroups(ctx context.Context, k *vault.Keyring, line string, groups []Group, preview bool) (Imported, error) {
	return db.inImport(ctx, k, line, preview, func(im *importer) error {
		for _, g := range groups {
			if err := im.put(ctx, g); err != nil {
				return err
			}
		}
		return nil
	})
}

// inImport runs an import in a transaction of its own, while no other import
// into the line does.
func (db *DB) inImport(ctx context.Context, k *vault.Keyring, line string, preview bool, put func(*importer) error) (Imported, error) {
	var done Imported
	err := db.inTx(ctx, func(tx *sqlx.Tx) error {
		im, err := newImporter(ctx, tx, k, line, db.now())
		if err != nil {
			return err
		}
		if err := put(im); err != nil {
			return err
		}
		done = im.done
		if preview {
			return errPreview
		}
		if len(done.Added)+len(done.Changed)+len(done.Paused) == 0 {
			return nil
		}
		if _, err := im.told.tell(ctx, tx, line, im.now); err != nil {
			return err
		}
		return notifyDirectory(ctx, tx, line)
	})
	if err != nil && !errors.Is(err, errPreview) {
		return Imported{}, fmt.Errorf("import groups: %w", err)
	}
	return done, nil
}

// importer compares groups with the rows that are there and writes the
// differences.
type importer struct {
	tx           *sqlx.Tx
	keys         *vault.Keyring
	line         lineRow
	groups       map[string]groupRow // by code
	taken        map[string]bool     // codes, those of the line and those made
	meetings     map[string][]schedule.Meeting
	facilitators map[string][]facilitatorRow
	now          time.Time
	told         changes
	done         Imported
}

// newImporter locks the line's dates, so that imports take turns.
func newImporter(ctx context.Context, tx *sqlx.Tx, k *vault.Keyring, line string, now time.Time) (*importer, error) {
	im := &importer{tx: tx, keys: k.Frozen(), now: now, groups: map[string]groupRow{}, taken: map[string]bool{}}
	if err := tx.GetContext(ctx, &im.line, `
		SELECT `+lineColumns+`
		FROM line
		WHERE line_id = $1
		FOR NO KEY UPDATE`, line); err != nil {
		return nil, fmt.Errorf("line: %w", err)
	}
	if err := im.line.check(im.keys); err != nil {
		return nil, err
	}
	id := sql.NullString{String: line, Valid: true}
	rows, err := selectGroups(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		im.groups[r.Code] = r
		im.taken[r.Code] = true
	}
	meetings, err := selectMeetings(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if im.meetings, err = meetingsByGroup(meetings); err != nil {
		return nil, err
	}
	im.facilitators, err = selectFacilitators(ctx, tx, line)
	return im, err
}

func (im *importer) put(ctx context.Context, g Group) error {
	old, exists, err := im.match(&g)
	if err != nil {
		return err
	}
	row, err := im.row(g, old)
	if err != nil {
		return err
	}
	changed := !exists || !reflect.DeepEqual(row, old)
	if changed {
		if err := im.putGroups(ctx, []groupRow{row}); err != nil {
			return err
		}
		if !row.Stage.Meets() {
			im.told.pause(row.GroupID)
		}
	}
	movedMeetings, err := im.putMeetings(ctx, row.GroupID, g.Meetings)
	if err != nil {
		return err
	}
	movedPeople, err := im.putFacilitators(ctx, row.GroupID, g.Facilitators)
	if err != nil {
		return err
	}
	switch {
	case !exists:
		im.done.Added = append(im.done.Added, g.Code)
	case changed || movedMeetings || movedPeople:
		im.done.Changed = append(im.done.Changed, g.Code)
	default:
		im.done.Unchanged = append(im.done.Unchanged, g.Code)
	}
	return nil
}

// match finds the row that g is, or gives g a code and its row an id.
func (im *importer) match(g *Group) (groupRow, bool, error) {
	if g.Code == "" {
		// By code, so that of two groups with one name it is always the same.
		for _, code := range slices.Sorted(maps.Keys(im.groups)) {
			// A feed's group is its slug, whatever it is called.
			if row := im.groups[code]; !row.Feed.Valid && maps.Equal(flows.Words(row.Name), g.Name) {
				g.Code = code
				return row, true, nil
			}
		}
		code, err := freeCode(im.line.CodeLength, im.taken)
		if err != nil {
			return groupRow{}, false, err
		}
		g.Code = code
	}
	im.taken[g.Code] = true
	if old, ok := im.groups[g.Code]; ok {
		return old, true, nil
	}
	return groupRow{LineID: im.line.LineID, GroupID: newID(), Stage: flows.StageOpen}, false, nil
}

// row is what g's row becomes. A bridge that did not change keeps its
// ciphertext, which would differ each time it is sealed.
func (im *importer) row(g Group, old groupRow) (groupRow, error) {
	row := groupRow{
		LineID: old.LineID, GroupID: old.GroupID, Code: g.Code,
		Name: words(g.Name), DiscreetName: words(g.DiscreetName),
		Topics: emptyNotNull(g.Topics), Languages: g.Languages,
		Format: g.Format, Access: g.Access, Host: g.Host, Stage: g.Stage,
		Capacity: g.Capacity, Reminders: emptyNotNull(g.Reminders), Place: g.Place,
		Feed: old.Feed, Slug: old.Slug, StageBefore: old.StageBefore,
	}
	if row.DiscreetName == nil {
		row.DiscreetName = words{}
	}
	if row.Stage == "" {
		row.Stage = old.Stage
	}
	return im.withBridge(row, old, g.BridgeDial)
}

// withBridge is row with that bridge, sealed.
func (im *importer) withBridge(row, old groupRow, d Dial) (groupRow, error) {
	row.BridgeNumber, row.BridgeKeys = nil, nil
	if d.IsZero() {
		return row, nil
	}
	before, err := openDial(im.keys, old)
	if err != nil {
		return groupRow{}, err
	}
	if before.equal(d) {
		row.BridgeNumber, row.BridgeKeys = old.BridgeNumber, old.BridgeKeys
		return row, nil
	}
	return sealDial(im.keys, row, d)
}

func bridgeCells(r groupRow) (number, keys vault.Cell) {
	id := r.LineID + "/" + r.GroupID
	return vault.Cell{Table: "groups", Column: "bridge_number", Row: id},
		vault.Cell{Table: "groups", Column: "bridge_keys", Row: id}
}

func sealDial(k *vault.Keyring, r groupRow, d Dial) (groupRow, error) {
	number, keys := bridgeCells(r)
	var err error
	if r.BridgeNumber, err = k.SealNumber(number, d.number); err != nil {
		return groupRow{}, err
	}
	r.BridgeKeys, err = k.Seal(keys, []byte(d.Keys()))
	return r, err
}

// openDial returns the zero Dial for a group without a bridge.
func openDial(k *vault.Keyring, r groupRow) (Dial, error) {
	if r.BridgeNumber == nil {
		return Dial{}, nil
	}
	numberCell, keysCell := bridgeCells(r)
	number, err := k.OpenNumber(numberCell, r.BridgeNumber)
	if err != nil {
		return Dial{}, fmt.Errorf("bridge of group %s: %w", r.Code, err)
	}
	plain, err := k.Open(keysCell, r.BridgeKeys)
	if err != nil {
		return Dial{}, fmt.Errorf("bridge of group %s: %w", r.Code, err)
	}
	keys := string(plain)
	return Dial{number: number, keys: &keys}, nil
}
