package store

import (
	"context"
	"fmt"

	"github.com/hearthline/hearthline/store/vault"
)

// CheckGroup says what [DB.AddGroup] would find wrong with a group without an ID, and
// [DB.ChangeGroup] with one that has it: Faults, nil for nothing. It writes nothing. A
// form with other faults is told these beside them.
func (db *DB) CheckGroup(ctx context.Context, k *vault.Keyring, line string, g Group) error {
	err := db.editing(ctx, k, line, g.ID, By{}, func(im *importer) (*AuditEntry, error) {
		g := g
		if g.ID != "" {
			old, err := im.only()
			if err != nil {
				return nil, err
			}
			if g.Code = old.Code; g.Meetings == nil {
				g.Meetings = im.meetings[g.ID]
			}
			return nil, orNil(im.faults(g))
		}
		if g.Code == "" {
			var err error
			if g.Code, err = freeCode(im.line.CodeLength, im.taken); err != nil {
				return nil, err
			}
		}
		return nil, orNil(im.newFaults(g))
	})
	if err != nil {
		return fmt.Errorf("check a group: %w", err)
	}
	return nil
}

func orNil(faults Faults) error {
	if len(faults) == 0 {
		return nil
	}
	return faults
}

// newFaults are the faults of a group that is not there yet, whose code is to be its own.
func (im *importer) newFaults(g Group) Faults {
	faults := im.faults(g)
	if im.taken[g.Code] {
		faults = append(faults, Fault{Field: "code", What: "another group has this code", Mend: "give this group another code"})
	}
	return faults
}
