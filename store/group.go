package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store/vault"
)

// Group is a group with what only a coordinator may see of it.
type Group struct {
	flows.Group
	// Feed and Slug are of a group that is a row of a feed, else "".
	Feed, Slug string
	// BridgeDial is set by ParseGroups only: Groups says whether there is a
	// bridge, not where it leads.
	BridgeDial   Dial
	Facilitators []Facilitator
}

// Facilitator is who may hold a group. The PIN is known between ParseGroups and
// ImportGroups only; the number there, and to who asks for [DB.Facilitators], as is
// the ID.
type Facilitator struct {
	ID     string
	Alias  string
	Number vault.Number
	pin    *string // behind a pointer, so that no verb of fmt prints it
}

// words are flows.Words in a jsonb column.
type words flows.Words

// Value is text: as bytes, lib/pq would send JSON in jsonb's binary format.
func (w words) Value() (driver.Value, error) {
	b, err := json.Marshal(w)
	if string(b) == "null" {
		b = []byte("{}")
	}
	return string(b), err
}

func (w *words) Scan(src any) error { return scanJSON(src, w) }

// moves are a meeting's moved dates, date to wall time, in a jsonb column.
type moves map[string]string

func (m moves) Value() (driver.Value, error) { return words(m).Value() }

func (m *moves) Scan(src any) error { return scanJSON(src, m) }

func scanJSON(src, into any) error {
	b, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("scan json: column holds %T", src)
	}
	return json.Unmarshal(b, into)
}

// groupRow is a group as its table holds it, its bridge sealed.
type groupRow struct {
	LineID       string
	GroupID      string
	Code         string
	Name         words
	DiscreetName words
	Topics       pq.StringArray
	Languages    pq.StringArray
	Format       flows.Format
	Access       flows.Access
	Host         flows.Host
	Stage        flows.Stage
	Capacity     int
	Reminders    pq.StringArray
	Place        string
	BridgeNumber []byte
	BridgeKeys   []byte
	Feed         sql.NullString
	Slug         sql.NullString
	// StageBefore is the stage of a group from before its row vanished.
	StageBefore sql.NullString
}

const groupColumns = `line_id, group_id, code, name, discreet_name, topics, languages, format, access, host,
	stage, capacity, reminders, place, bridge_number, bridge_keys, feed, slug, stage_before`

// group returns a copy that shares nothing a caller could change by sorting.
func (r groupRow) group(meetings []schedule.Meeting) flows.Group {
	return flows.Group{
		ID: r.GroupID, Code: r.Code, Name: flows.Words(r.Name), DiscreetName: flows.Words(r.DiscreetName),
		Topics: r.Topics, Languages: r.Languages, Format: r.Format, Access: r.Access, Host: r.Host,
		Stage: r.Stage, Capacity: r.Capacity, Bridge: r.BridgeNumber != nil, Place: r.Place, Meetings: meetings,
		Reminders: r.Reminders,
	}
}

// groupMeets is [flows.Stage.Meets] as an SQL condition on a group.
const groupMeets = `stage NOT IN ('paused', 'closed')`

type meetingRow struct {
	LineID    string
	GroupID   string
	MeetingID string
	Start     string // wall time
	Zone      string
	Rule      string
	Minutes   int
	Skipped   pq.StringArray // dates
	Moved     moves
}

const meetingColumns = `line_id, group_id, meeting_id, to_char(start, 'YYYY-MM-DD"T"HH24:MI') AS start,
	zone, rule, minutes, skipped::text[] AS skipped, moved`

func (r meetingRow) meeting() (schedule.Meeting, error) {
	start, err := schedule.ParseWall(r.Start)
	if err != nil {
		return schedule.Meeting{}, fmt.Errorf("meeting %s: %w", r.MeetingID, err)
	}
	m := schedule.Meeting{ID: r.MeetingID, Start: start, Zone: r.Zone, Rule: r.Rule, Minutes: r.Minutes}
	for _, s := range r.Skipped {
		date, err := schedule.ParseDate(s)
		if err != nil {
			return schedule.Meeting{}, fmt.Errorf("meeting %s: %w", r.MeetingID, err)
		}
		m.Skipped = append(m.Skipped, date)
	}
	for _, s := range slices.Sorted(maps.Keys(r.Moved)) {
		date, err := schedule.ParseDate(s)
		if err != nil {
			return schedule.Meeting{}, fmt.Errorf("meeting %s: %w", r.MeetingID, err)
		}
		to, err := schedule.ParseWall(r.Moved[s])
		if err != nil {
			return schedule.Meeting{}, fmt.Errorf("meeting %s: %w", r.MeetingID, err)
		}
		m.Moved = append(m.Moved, schedule.Move{Date: date, To: to})
	}
	return m, nil
}

func dateStrings(dates []schedule.Date) []string {
	var all []string
	for _, d := range dates {
		all = append(all, d.String())
	}
	return all
}

func moveStrings(list []schedule.Move) map[string]string {
	all := make(map[string]string, len(list))
	for _, m := range list {
		all[m.Date.String()] = m.To.String()
	}
	return all
}

// selectGroups reads the groups of one line, or of every line when line is null.
func selectGroups(ctx context.Context, tx *sqlx.Tx, line sql.NullString) ([]groupRow, error) {
	var rows []groupRow
	err := tx.SelectContext(ctx, &rows, `
		SELECT `+groupColumns+`
		FROM groups
		WHERE $1::uuid IS NULL
		   OR line_id = $1::uuid
		ORDER BY line_id, code`, line)
	return rows, err
}

// selectMeetings reads meetings as selectGroups does groups, first ones first.
func selectMeetings(ctx context.Context, tx *sqlx.Tx, line sql.NullString) ([]meetingRow, error) {
	var rows []meetingRow
	err := tx.SelectContext(ctx, &rows, `
		SELECT `+meetingColumns+`
		FROM meeting
		WHERE $1::uuid IS NULL
		   OR line_id = $1::uuid
		ORDER BY line_id, group_id, meeting.start, meeting_id`, line)
	return rows, err
}

// meetingsByGroup sorts rows into their groups, keeping their order.
func meetingsByGroup(rows []meetingRow) (map[string][]schedule.Meeting, error) {
	byGroup := map[string][]schedule.Meeting{}
	for _, r := range rows {
		m, err := r.meeting()
		if err != nil {
			return nil, err
		}
		byGroup[r.GroupID] = append(byGroup[r.GroupID], m)
	}
	return byGroup, nil
}

type facilitatorRow struct {
	GroupID       string
	FacilitatorID string
	Alias         string
	Number        []byte
	PINHash       string
	Ordinal       int
}

const facilitatorColumns = `group_id, facilitator_id, alias, number, pin_hash, ordinal`

func selectFacilitators(ctx context.Context, tx *sqlx.Tx, line string) (map[string][]facilitatorRow, error) {
	var rows []facilitatorRow
	if err := tx.SelectContext(ctx, &rows, `
		SELECT `+facilitatorColumns+`
		FROM facilitator
		WHERE line_id = $1
		ORDER BY group_id, ordinal, alias`, line); err != nil {
		return nil, err
	}
	byGroup := map[string][]facilitatorRow{}
	for _, r := range rows {
		byGroup[r.GroupID] = append(byGroup[r.GroupID], r)
	}
	return byGroup, nil
}

// selectAliases are who holds the line's groups, by group. It reads what the desk's
// own role may.
func selectAliases(ctx context.Context, tx *sqlx.Tx, line string) (map[string][]string, error) {
	var rows []struct{ GroupID, Alias string }
	if err := tx.SelectContext(ctx, &rows, `
		SELECT group_id, alias
		FROM facilitator
		WHERE line_id = $1
		ORDER BY group_id, ordinal, alias`, line); err != nil {
		return nil, err
	}
	byGroup := map[string][]string{}
	for _, r := range rows {
		byGroup[r.GroupID] = append(byGroup[r.GroupID], r.Alias)
	}
	return byGroup, nil
}

// Groups returns every group of a line by code, as a coordinator may see it:
// facilitators by alias, no number and no bridge.
func (db *DB) Groups(ctx context.Context, line string) ([]Group, error) {
	var all []Group
	err := db.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		id := sql.NullString{String: line, Valid: true}
		rows, err := selectGroups(ctx, tx, id)
		if err != nil {
			return err
		}
		meetingRows, err := selectMeetings(ctx, tx, id)
		if err != nil {
			return err
		}
		meetings, err := meetingsByGroup(meetingRows)
		if err != nil {
			return err
		}
		facilitators, err := selectAliases(ctx, tx, line)
		if err != nil {
			return err
		}
		for _, r := range rows {
			g := Group{Group: r.group(meetings[r.GroupID]), Feed: r.Feed.String, Slug: r.Slug.String}
			for _, alias := range facilitators[r.GroupID] {
				g.Facilitators = append(g.Facilitators, Facilitator{Alias: alias})
			}
			all = append(all, g)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("groups: %w", err)
	}
	slices.SortFunc(all, func(a, b Group) int { return strings.Compare(a.Code, b.Code) })
	return all, nil
}
