package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store/vault"
)

// SkipBy has a group not meet on a date, and tells its members if that is within
// two weeks; of one that is farther, [DB.TellChanges] tells. The date is the one
// that the meeting's rule gives, also of an occurrence that was moved. To skip it
// again does nothing; an import of the group makes its dates what its file says.
// ErrNotFound says that there is no such group. The act is entered in the audit log
// with the change; what was so before is not entered.
func (db *DB) SkipBy(ctx context.Context, k *vault.Keyring, line string, by By, of OfDate) (DateChange, error) {
	return db.changeDate(ctx, skipping(line, of, by.At).by(db, k, by, "on "+of.Date.String()))
}

// UnskipBy has a group meet on a date after all, at the time that its rule gives,
// whether it was not to be held or was moved. It tells members and enters the act as
// [DB.SkipBy] does.
func (db *DB) UnskipBy(ctx context.Context, k *vault.Keyring, line string, by By, of OfDate) (DateChange, error) {
	return db.changeDate(ctx, unskipping(line, of, by.At).by(db, k, by, "on "+of.Date.String()))
}

// MoveBy has a group meet at another time instead of on a date, in the meeting's own
// zone. Moved to the time that its rule gives, it is moved back. It tells members and
// enters the act as [DB.SkipBy] does.
func (db *DB) MoveBy(ctx context.Context, k *vault.Keyring, line string, by By, of OfDate, to schedule.Wall) (DateChange, error) {
	if err := validWall(to); err != nil {
		return DateChange{}, err
	}
	return db.changeDate(ctx, moving(line, of, to, by.At).by(db, k, by, "on "+of.Date.String()+" to "+to.String()))
}

// AddDateBy has a group meet once more, for so many minutes, and enters the act. When
// it meets at that time already, nothing changes. Nobody is told but by the reminders
// of it.
func (db *DB) AddDateBy(ctx context.Context, k *vault.Keyring, line string, by By, group string, at schedule.Wall, zone string, minutes int) (DateChange, error) {
	act := dateAct{OfDate: OfDate{Group: group, Date: at.Date}, line: line, now: by.At, verb: "add_date"}
	return db.addDate(ctx, act.by(db, k, by, "at "+at.String()), at, zone, minutes)
}

// by has an act entered as somebody's; what is what it does to the group.
func (act dateAct) by(db *DB, k *vault.Keyring, by By, what string) dateAct {
	by = by.on(act.Group).on(act.Meeting).on(what)
	act.enter = func(ctx context.Context, tx *sqlx.Tx) error {
		var code string
		if err := tx.GetContext(ctx, &code, `SELECT code FROM groups WHERE line_id = $1 AND group_id = $2`, act.line, act.Group); err != nil {
			return err
		}
		return NewAudit(db, k).add(ctx, tx, by.entry(act.line, "group."+act.verb, fmt.Sprintf("group %s %s", code, what)))
	}
	return act
}
