package store

import (
	"context"
	"errors"
	"slices"

	"github.com/hearthline/hearthline/store/vault"
)

var errNoPIN = errors.New("a facilitator has no PIN: groups to import come from ParseGroups")

// putFacilitators makes wanted the group's facilitators. Within a group a
// facilitator is an alias; a number and a PIN that did not change keep their
// ciphertext and hash.
func (im *importer) putFacilitators(ctx context.Context, group string, wanted []Facilitator) (bool, error) {
	left := slices.Clone(im.facilitators[group])
	changed := false
	for i, f := range wanted {
		if f.pin == nil {
			return false, errNoPIN
		}
		row := facilitatorRow{GroupID: group, FacilitatorID: newID(), Alias: f.Alias}
		if at := slices.IndexFunc(left, func(r facilitatorRow) bool { return r.Alias == f.Alias }); at >= 0 {
			row = left[at]
			left = slices.Delete(left, at, at+1)
		}
		written, err := im.putFacilitator(ctx, row, f, i)
		if err != nil {
			return false, err
		}
		changed = changed || written
	}
	for _, r := range left {
		changed = true
		if _, err := im.tx.ExecContext(ctx, `
			DELETE FROM facilitator
			WHERE line_id = $1
			  AND group_id = $2
			  AND facilitator_id = $3`, im.line.LineID, group, r.FacilitatorID); err != nil {
			return false, err
		}
	}
	return changed, nil
}

// facilitatorCell is where a facilitator's number is sealed.
func facilitatorCell(line string, r facilitatorRow) vault.Cell {
	return vault.Cell{Table: "facilitator", Column: "number", Row: line + "/" + r.GroupID + "/" + r.FacilitatorID}
}

// putFacilitator writes a facilitator who is at that place of the file.
func (im *importer) putFacilitator(ctx context.Context, r facilitatorRow, f Facilitator, ordinal int) (bool, error) {
	cell := facilitatorCell(im.line.LineID, r)
	changed := r.Ordinal != ordinal
	if !im.holds(cell, r.Number, f.Number) {
		sealed, err := im.keys.SealNumber(cell, f.Number)
		if err != nil {
			return false, err
		}
		r.Number, changed = sealed, true
	}
	if r.PINHash == "" || !im.keys.CheckPIN(r.PINHash, *f.pin) {
		hash, err := im.keys.HashPIN(*f.pin)
		if err != nil {
			return false, err
		}
		r.PINHash, changed = hash, true
	}
	if !changed {
		return false, nil
	}
	_, err := im.tx.ExecContext(ctx, `
		INSERT INTO facilitator (line_id, group_id, facilitator_id, alias, number, pin_hash, ordinal)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (line_id, group_id, facilitator_id) DO UPDATE
		SET number = excluded.number, pin_hash = excluded.pin_hash, ordinal = excluded.ordinal`,
		im.line.LineID, r.GroupID, r.FacilitatorID, r.Alias, r.Number, r.PINHash, ordinal)
	return true, err
}

// holds reports whether sealed is n. What cannot be opened any more is written
// anew, which mends it.
func (im *importer) holds(cell vault.Cell, sealed []byte, n vault.Number) bool {
	if sealed == nil {
		return false
	}
	have, err := im.keys.OpenNumber(cell, sealed)
	return err == nil && have.Equal(n)
}
