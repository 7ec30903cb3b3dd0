package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/lib/pq"
)

// rowsPerStatement bounds a statement, whose rows are all in memory here and at
// the server.
const rowsPerStatement = 1000

// putGroups writes rows many at a time: a feed has thousands, and one round
// trip for each would hold the line's other imports up.
func (im *importer) putGroups(ctx context.Context, rows []groupRow) error {
	for chunk := range slices.Chunk(rows, rowsPerStatement) {
		records := make([]map[string]any, len(chunk))
		for i, r := range chunk {
			records[i] = r.record()
		}
		if err := im.putRecords(ctx, `
			INSERT INTO groups (`+groupColumns+`)
			SELECT `+groupColumns+`
			FROM jsonb_populate_recordset(NULL::groups, $1::jsonb)
			ON CONFLICT (line_id, group_id) DO UPDATE
			SET name = excluded.name, discreet_name = excluded.discreet_name, topics = excluded.topics,
			    languages = excluded.languages, format = excluded.format, access = excluded.access,
			    host = excluded.host, stage = excluded.stage, capacity = excluded.capacity,
			    reminders = excluded.reminders, place = excluded.place,
			    bridge_number = excluded.bridge_number, bridge_keys = excluded.bridge_keys,
			    feed = excluded.feed, slug = excluded.slug, stage_before = excluded.stage_before`, records); err != nil {
			return err
		}
	}
	return nil
}

// record is a row by column, as jsonb_populate_recordset reads it.
func (r groupRow) record() map[string]any {
	return map[string]any{
		"line_id": r.LineID, "group_id": r.GroupID, "code": r.Code, "name": r.Name, "discreet_name": r.DiscreetName,
		"topics": r.Topics, "languages": r.Languages, "format": r.Format, "access": r.Access, "host": r.Host,
		"stage": r.Stage, "capacity": r.Capacity, "reminders": r.Reminders, "place": r.Place,
		"bridge_number": byteaText(r.BridgeNumber), "bridge_keys": byteaText(r.BridgeKeys),
		"feed": nullText(r.Feed), "slug": nullText(r.Slug), "stage_before": nullText(r.StageBefore),
	}
}

// byteaText is bytes as Postgres reads them from text; nil is null.
func byteaText(b []byte) any {
	if b == nil {
		return nil
	}
	return `\x` + hex.EncodeToString(b)
}

func nullText(s sql.NullString) any {
	if !s.Valid {
		return nil
	}
	return s.String
}

func (im *importer) putRecords(ctx context.Context, statement string, records []map[string]any) error {
	// As a string: lib/pq would send bytes in jsonb's binary format.
	data, err := json.Marshal(records)
	if err != nil {
		return err
	}
	_, err = im.tx.ExecContext(ctx, statement, string(data))
	return err
}

// writeMeetings writes and deletes meetings of any groups of the line.
func (im *importer) writeMeetings(ctx context.Context, put []meetingRow, gone []string) error {
	if len(gone) > 0 {
		if _, err := im.tx.ExecContext(ctx, `
			DELETE FROM meeting
			WHERE line_id = $1
			  AND meeting_id = ANY ($2::uuid[])`, im.line.LineID, pq.StringArray(gone)); err != nil {
			return err
		}
	}
	for chunk := range slices.Chunk(put, rowsPerStatement) {
		records := make([]map[string]any, len(chunk))
		for i, r := range chunk {
			records[i] = map[string]any{
				"line_id": r.LineID, "group_id": r.GroupID, "meeting_id": r.MeetingID, "start": r.Start, "zone": r.Zone,
				"rule": r.Rule, "minutes": r.Minutes, "skipped": r.Skipped, "moved": r.Moved,
			}
		}
		if err := im.putRecords(ctx, `
			INSERT INTO meeting (line_id, group_id, meeting_id, start, zone, rule, minutes, skipped, moved)
			SELECT line_id, group_id, meeting_id, start, zone, rule, minutes, skipped, moved
			FROM jsonb_populate_recordset(NULL::meeting, $1::jsonb)
			ON CONFLICT (line_id, group_id, meeting_id) DO UPDATE
			SET start = excluded.start, zone = excluded.zone, rule = excluded.rule,
			    minutes = excluded.minutes, skipped = excluded.skipped, moved = excluded.moved`, records); err != nil {
			return err
		}
	}
	return nil
}
