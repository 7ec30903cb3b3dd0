package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store/vault"
)

// Faults are what is wrong with a group that somebody wants to write, by field as in a
// groups file: "name", "meetings[0].rrule". They repeat no number and no PIN.
type Faults []Fault

// Error is each fault with its field and how to mend it.
func (f Faults) Error() string {
	all := make([]string, len(f))
	for i, fault := range f {
		all[i] = fault.Field + ": " + fault.What + "; " + fault.Mend
	}
	return strings.Join(all, "\n")
}

// AddGroup adds a group to a line and returns its id: the same one if the act has been
// done before. A group without a code gets one. What is wrong with it is Faults, as of
// a groups file.
func (db *DB) AddGroup(ctx context.Context, k *vault.Keyring, line string, by By, g Group) (id string, err error) {
	const act = "group.add"
	id = by.id(line, "group")
	if id == "" {
		id = newID()
	}
	err = db.editing(ctx, k, line, "", by, func(im *importer) (*AuditEntry, error) {
		if done, err := by.done(ctx, im.tx, line, act); done || err != nil {
			return nil, err
		}
		g := g
		if g.Code == "" {
			if g.Code, err = freeCode(im.line.CodeLength, im.taken); err != nil {
				return nil, err
			}
		}
		if faults := im.newFaults(g); len(faults) > 0 {
			return nil, faults
		}
		if err := widen(ctx, im.tx, id); err != nil {
			return nil, err
		}
		im.groups[g.Code] = groupRow{LineID: line, GroupID: id, Stage: flows.StageOpen}
		if err := im.put(ctx, completed(g, im.line.line())); err != nil {
			return nil, err
		}
		return new(by.entry(line, act, g.Code)), nil
	})
	if err != nil {
		return "", fmt.Errorf("add a group: %w", err)
	}
	return id, nil
}

// ChangeGroup makes a group, known by its ID, what g says. Its code stays. Its meetings
// stay if there are none in g; so does a bridge of which only is said that there is
// one, and the number and the PIN of a facilitator, known by their ID, with none. What
// is wrong is Faults.
func (db *DB) ChangeGroup(ctx context.Context, k *vault.Keyring, line string, by By, g Group) error {
	by = by.on(g.ID)
	err := db.editing(ctx, k, line, g.ID, by, func(im *importer) (*AuditEntry, error) {
		old, err := im.only()
		if err != nil {
			return nil, err
		}
		g := g
		if g.Code = old.Code; g.Meetings == nil {
			g.Meetings = im.meetings[g.ID]
		}
		if faults := im.faults(g); len(faults) > 0 {
			return nil, faults
		}
		if g.Bridge && g.BridgeDial.IsZero() {
			if g.BridgeDial, err = openDial(im.keys, old); err != nil {
				return nil, err
			}
		}
		if err := im.put(ctx, completed(g, im.line.line())); err != nil || len(im.done.Changed) == 0 {
			return nil, err
		}
		return new(by.entry(line, "group.change", strings.TrimSpace(g.Code+" "+im.differs(old, g)))), nil
	})
	if err != nil {
		return fmt.Errorf("change a group: %w", err)
	}
	return nil
}

// stageActs are how the log calls what takes a group to a stage.
var stageActs = map[flows.Stage]string{
	flows.StageForming: "group.form", flows.StageOpen: "group.resume", flows.StagePaused: "group.pause",
	flows.StageAdjourning: "group.adjourn", flows.StageClosed: "group.archive",
}

// SetStage takes a group to a stage. While it is paused or closed nobody is reminded of
// its dates; everything about it is kept.
func (db *DB) SetStage(ctx context.Context, k *vault.Keyring, line string, by By, group string, stage flows.Stage) error {
	act, ok := stageActs[stage]
	if !ok {
		return fmt.Errorf("set a group's stage: %w", Faults{{Field: "stage", What: "it is none of: " + strings.Join(stages, ", "), Mend: "write one of them"}})
	}
	by = by.on(group)
	err := db.editing(ctx, k, line, group, by, func(im *importer) (*AuditEntry, error) {
		row, err := im.only()
		if err != nil || row.Stage == stage {
			return nil, err
		}
		row.Stage, row.StageBefore = stage, sql.NullString{}
		if !stage.Meets() {
			im.told.pause(group)
		}
		im.done.Changed = []string{row.Code}
		return new(by.entry(line, act, row.Code)), im.putGroups(ctx, []groupRow{row})
	})
	if err != nil {
		return fmt.Errorf("set a group's stage: %w", err)
	}
	return nil
}

// SetMeetings makes meetings the times of a group. One that stays keeps what is
// skipped and moved of it, unless it says otherwise; members are told as by an import.
// What is wrong is Faults.
func (db *DB) SetMeetings(ctx context.Context, k *vault.Keyring, line string, by By, group string, meetings []schedule.Meeting) error {
	by = by.on(group)
	err := db.editing(ctx, k, line, group, by, func(im *importer) (*AuditEntry, error) {
		row, err := im.only()
		if err != nil {
			return nil, err
		}
		faults := im.faults(Group{Group: row.group(meetings)})
		faults = slices.DeleteFunc(faults, func(f Fault) bool { return !strings.HasPrefix(f.Field, "meetings") })
		if len(faults) > 0 {
			return nil, faults
		}
		changed, err := im.putMeetings(ctx, group, meetings)
		if err != nil || !changed {
			return nil, err
		}
		im.done.Changed = []string{row.Code}
		return new(by.entry(line, "group.schedule", row.Code)), nil
	})
	if err != nil {
		return fmt.Errorf("set a group's meetings: %w", err)
	}
	return nil
}

// editing runs an edit of one group, or of a new one if group is "", in a transaction
// of its own while nobody else changes the line's groups, and enters it in the audit
// log. An edit that changes nothing returns no entry; one whose entry is there already
// was made before, and is not made again.
func (db *DB) editing(ctx context.Context, k *vault.Keyring, line, group string, by By, edit func(*importer) (*AuditEntry, error)) error {
	err := db.inTx(ctx, func(tx *sqlx.Tx) error {
		im, err := newEditor(ctx, tx, k, line, group)
		if err != nil {
			return err
		}
		im.now = by.At
		entry, err := edit(im)
		if err != nil || entry == nil {
			return err
		}
		switch done, err := entered(ctx, tx, line, entry.ID); {
		case err != nil:
			return err
		case done:
			return errEntered
		}
		if _, err := im.told.tell(ctx, tx, line, im.now); err != nil {
			return err
		}
		if err := NewAudit(db, im.keys).add(ctx, tx, *entry); err != nil {
			return err
		}
		return notifyDirectory(ctx, tx, line)
	})
	if errors.Is(err, errEntered) {
		return nil
	}
	return err
}

// errEntered undoes an edit that was made before.
var errEntered = errors.New("the act is in the audit log already")

// newEditor is newImporter for one group of the line.
func newEditor(ctx context.Context, tx *sqlx.Tx, k *vault.Keyring, line, group string) (*importer, error) {
	im := &importer{tx: tx, keys: k.Frozen(), groups: map[string]groupRow{}}
	if err := tx.GetContext(ctx, &im.line, `
		SELECT `+lineColumns+`
		FROM line
		WHERE line_id = $1
		FOR NO KEY UPDATE`, line); err != nil {
		return nil, fmt.Errorf("line: %w", err)
	}
	err := im.line.check(im.keys)
	if err != nil {
		return nil, err
	}
	if im.taken, err = selectCodes(ctx, tx, line); err != nil || group == "" {
		return im, err
	}
	var row groupRow
	if err := tx.GetContext(ctx, &row, `
		SELECT `+groupColumns+`
		FROM groups
		WHERE line_id = $1::uuid AND group_id::text = $2`, line, group); err != nil {
		return nil, fmt.Errorf("group: %w", err)
	}
	im.groups[row.Code] = row
	meetings, err := selectMeetingsOf(ctx, tx, line, group)
	if err != nil {
		return nil, err
	}
	im.meetings = map[string][]schedule.Meeting{group: meetings}
	facilitators, err := selectFacilitatorsOf(ctx, tx, line, group)
	im.facilitators = map[string][]facilitatorRow{group: facilitators}
	return im, err
}

// only is the row of the group that an edit is about.
func (im *importer) only() (groupRow, error) {
	for _, row := range im.groups {
		return row, nil
	}
	return groupRow{}, ErrNotFound
}

// completed is g with what a groups file would have it be where it says nothing.
func completed(g Group, line flows.Line) Group {
	if len(g.Languages) == 0 {
		g.Languages = line.Languages[:1:1]
	}
	if g.Reminders == nil {
		g.Reminders = defaultReminders
	}
	if g.Capacity == 0 {
		g.Capacity = defaultCapacity
	}
	if g.Format == "" {
		g.Format = flows.PeerLed
	}
	if g.Access == "" {
		g.Access = flows.AccessOpen
	}
	if g.Host == "" {
		g.Host = flows.HostNone
	}
	return g
}

// differs names what an edit changes, for the log: which fields, never what is in them.
func (im importer) differs(old groupRow, g Group) string {
	row, err := im.row(completed(g, im.line.line()), old)
	if err != nil {
		return ""
	}
	var fields []string
	add := func(field string, a, b any) {
		if !reflect.DeepEqual(a, b) {
			fields = append(fields, field)
		}
	}
	add("name", old.Name, row.Name)
	add("discreet name", old.DiscreetName, row.DiscreetName)
	add("topics", []string(old.Topics), []string(row.Topics))
	add("languages", []string(old.Languages), []string(row.Languages))
	add("format", old.Format, row.Format)
	add("access", old.Access, row.Access)
	add("host", old.Host, row.Host)
	add("stage", old.Stage, row.Stage)
	add("capacity", old.Capacity, row.Capacity)
	add("reminders", []string(old.Reminders), []string(row.Reminders))
	add("place", old.Place, row.Place)
	add("bridge", old.BridgeNumber, row.BridgeNumber)
	if len(fields) == 0 {
		return ""
	}
	return "(" + strings.Join(fields, ", ") + ")"
}
