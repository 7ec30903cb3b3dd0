package store

import (
	"context"
	"errors"
	"slices"

	"github.com/hearthline/hearthline/store/vault"
)

var errNoPIN = errors.New("a facilitator has no PIN: groups to import come from ParseGroups")

// putFacilitators makes wanted the group's facilitators. Within a group a
// facilitator is an ID or, without one, an alias; a number and a PIN that did not
// change, or that are not given, keep their ciphertext and hash.
func (im *importer) putFacilitators(ctx context.Context, group string, wanted []Facilitator) (bool, error) {
	left := slices.Clone(im.facilitators[group])
	rows := make([]facilitatorRow, len(wanted))
	for i, f := range wanted {
		rows[i] = facilitatorRow{GroupID: group, FacilitatorID: newID()}
		if at := slices.IndexFunc(left, f.is); at >= 0 {
			rows[i] = left[at]
			left = slices.Delete(left, at, at+1)
		}
		if f.pin == nil && rows[i].PINHash == "" {
			return false, errNoPIN
		}
	}
	changed := len(left) > 0
	for _, r := range left { // first, so that an alias is free again
		if _, err := im.tx.ExecContext(ctx, `
			DELETE FROM facilitator
			WHERE line_id = $1
			  AND group_id = $2
			  AND facilitator_id = $3`, im.line.LineID, group, r.FacilitatorID); err != nil {
			return false, err
		}
	}
	for i, f := range wanted {
		written, err := im.putFacilitator(ctx, rows[i], f, i)
		if err != nil {
			return false, err
		}
		changed = changed || written
	}
	return changed, nil
}

// is reports whether a row is that facilitator's.
func (f Facilitator) is(r facilitatorRow) bool {
	if f.ID != "" {
		return r.FacilitatorID == f.ID
	}
	return r.Alias == f.Alias
}

// facilitatorCell is where a facilitator's number is sealed.
func facilitatorCell(line string, r facilitatorRow) vault.Cell {
	return vault.Cell{Table: "facilitator", Column: "number", Row: line + "/" + r.GroupID + "/" + r.FacilitatorID}
}

// putFacilitator writes a facilitator who is at that place of the file.
func (im *importer) putFacilitator(ctx context.Context, r facilitatorRow, f Facilitator, ordinal int) (bool, error) {
	cell := facilitatorCell(im.line.LineID, r)
	changed := r.Ordinal != ordinal || r.Alias != f.Alias
	r.Alias = f.Alias
	if (r.Number == nil || !f.Number.IsZero()) && !im.holds(cell, r.Number, f.Number) {
		sealed, err := im.keys.SealNumber(cell, f.Number)
		if err != nil {
			return false, err
		}
		r.Number, changed = sealed, true
	}
	if r.PINHash == "" || f.pin != nil && *f.pin != "" && !im.keys.CheckPIN(r.PINHash, *f.pin) {
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
		SET alias = excluded.alias, number = excluded.number, pin_hash = excluded.pin_hash, ordinal = excluded.ordinal`,
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
