package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"reflect"
	"slices"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store/vault"
)

var (
	errFeedName  = errors.New("a feed is named with small letters, digits and - between words, like philadelphia")
	errEmptyFeed = errors.New("the feed has no group; it would pause all that it brought before")
)

// ImportFeed makes the line's groups of that feed what the feed says, in one
// transaction. A group is the feed's name and its slug: it gets a free code and
// keeps it for good. A group whose row has vanished is paused, and gets its
// stage back when the row returns, unless a coordinator gave it another in the
// meantime. What a feed cannot know (discreet name, reminders, capacity, format,
// host, access, facilitators, skipped and moved dates) stays as a coordinator
// left it.
func (db *DB) ImportFeed(ctx context.Context, k *vault.Keyring, line string, f Feed) (Imported, error) {
	return db.importFeed(ctx, k, line, f, false)
}

// PreviewFeed says what ImportFeed would do, and writes nothing.
func (db *DB) PreviewFeed(ctx context.Context, k *vault.Keyring, line string, f Feed) (Imported, error) {
	return db.importFeed(ctx, k, line, f, true)
}

func (db *DB) importFeed(ctx context.Context, k *vault.Keyring, line string, f Feed, preview bool) (Imported, error) {
	switch {
	case !IsFeedName(f.Name):
		return Imported{}, errFeedName
	case len(f.Groups) == 0:
		return Imported{}, errEmptyFeed
	}
	return db.inImport(ctx, k, line, preview, func(im *importer) error { return im.putFeed(ctx, f) })
}

// feedChanges gathers what an import of a feed writes.
type feedChanges struct {
	groups   []groupRow
	meetings []meetingRow
	gone     []string // meetings
}

func (im *importer) putFeed(ctx context.Context, f Feed) error {
	missing := map[string]groupRow{} // by slug
	for _, row := range im.groups {
		if row.Feed.String == f.Name {
			missing[row.Slug.String] = row
		}
	}
	var all feedChanges
	for _, g := range f.Groups {
		old, exists := missing[g.Slug]
		delete(missing, g.Slug)
		if !exists {
			code, err := freeCode(im.line.CodeLength, im.taken)
			if err != nil {
				return err
			}
			im.taken[code] = true
			old = groupRow{
				LineID: im.line.LineID, GroupID: newID(), Code: code, DiscreetName: words{},
				Format: g.Format, Access: g.Access, Host: g.Host, Stage: flows.StageOpen, Capacity: g.Capacity,
				Reminders: emptyNotNull(g.Reminders), Feed: valid(f.Name), Slug: valid(g.Slug),
			}
		}
		if err := im.planFeedGroup(&all, g, old, exists); err != nil {
			return err
		}
	}
	for _, slug := range f.Held {
		delete(missing, slug)
	}
	im.planPauses(&all, missing)
	if err := im.putGroups(ctx, all.groups); err != nil {
		return err
	}
	return im.writeMeetings(ctx, all.meetings, all.gone)
}

func valid(s string) sql.NullString { return sql.NullString{String: s, Valid: true} }

func (im *importer) planFeedGroup(all *feedChanges, g Group, old groupRow, exists bool) error {
	row := old
	row.Name, row.Topics, row.Languages, row.Place = words(g.Name), emptyNotNull(g.Topics), g.Languages, g.Place
	if row.StageBefore.Valid {
		if row.Stage == flows.StagePaused {
			row.Stage = flows.Stage(row.StageBefore.String)
		}
		row.StageBefore = sql.NullString{}
	}
	row, err := im.withBridge(row, old, g.BridgeDial)
	if err != nil {
		return err
	}
	put, gone := im.planMeetings(row.GroupID, im.withDates(row.GroupID, g.Meetings))
	changed := !exists || !reflect.DeepEqual(row, old)
	if changed {
		all.groups = append(all.groups, row)
	}
	all.meetings, all.gone = append(all.meetings, put...), append(all.gone, gone...)
	switch {
	case !exists:
		im.done.Added = append(im.done.Added, row.Code)
	case changed || len(put)+len(gone) > 0:
		im.done.Changed = append(im.done.Changed, row.Code)
	default:
		im.done.Unchanged = append(im.done.Unchanged, row.Code)
	}
	return nil
}

// withDates gives meetings the dates that a coordinator skipped or moved: a
// holiday stays one when the feed moves the meeting to another hour.
func (im *importer) withDates(group string, wanted []schedule.Meeting) []schedule.Meeting {
	wanted = slices.Clone(wanted)
	have := im.meetings[group]
	for i, at := range pairMeetings(have, wanted) {
		if at >= 0 && have[at].Rule == wanted[i].Rule {
			wanted[i].Skipped, wanted[i].Moved = have[at].Skipped, have[at].Moved
		}
	}
	return wanted
}

// planPauses pauses the groups whose row has vanished, and that admitted
// anybody.
func (im *importer) planPauses(all *feedChanges, missing map[string]groupRow) {
	for _, slug := range slices.Sorted(maps.Keys(missing)) {
		row := missing[slug]
		switch row.Stage {
		case flows.StageForming, flows.StageOpen, flows.StageAdjourning:
			row.StageBefore, row.Stage = valid(string(row.Stage)), flows.StagePaused
			all.groups = append(all.groups, row)
			im.told.pause(row.GroupID)
			im.done.Paused = append(im.done.Paused, row.Code)
		}
	}
}
