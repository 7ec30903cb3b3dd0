package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/vault"
)

// mover brings the rows of one table to the primary keys.
type mover interface {
	table() string
	// first is what comes before the key of every row.
	first() []string
	// move brings up to limit rows with a key after after, those that nobody has
	// locked. The batch's last is right also when there is an error.
	move(ctx context.Context, tx *sqlx.Tx, after []string, limit int) (batch, error)
	// left counts the rows under the keyset's older keys, and those under none of
	// its keys.
	left(ctx context.Context, db *sqlx.DB) (older, lost int, err error)
}

// batch is what became of some rows.
type batch struct {
	last           []string // key of the last row looked at; nil when there are no more
	moved, damaged int
}

// movers are all there are. Their order does not matter.
func movers(k *vault.Keyring) []mover {
	all := []mover{memberMover{k}}
	for _, t := range sealedTables {
		all = append(all, cellMover{t, k})
	}
	return all
}

// Left is how many rows of a table a rotation has still to move.
type Left struct {
	Table string
	Older int // under keys of the keyset that are not the primary ones
	Lost  int // under keys that are not in the keyset
}

// Left counts the rows that are not under the primary keys, by table; tables
// without any are left out.
func (r *Rotation) Left(ctx context.Context) ([]Left, error) {
	var all []Left
	for _, m := range movers(r.keys.Frozen()) {
		older, lost, err := m.left(ctx, r.db.pool.DB)
		if err != nil {
			return nil, fmt.Errorf("count rows of %s: %w", m.table(), dbError(ctx, err))
		}
		if older+lost > 0 {
			all = append(all, Left{Table: m.table(), Older: older, Lost: lost})
		}
	}
	return all, nil
}

// memberMover brings the indexes of members to the primary index key. A member
// whose keys were destroyed is nobody any more, and is passed over.
type memberMover struct{ keys *vault.Keyring }

func (memberMover) table() string   { return "member" }
func (memberMover) first() []string { return []string{firstUUID, firstUUID} }

func (m memberMover) left(ctx context.Context, db *sqlx.DB) (older, lost int, err error) {
	known := append(pq.Int64Array{m.keys.IndexKey()}, m.keys.OlderIndexKeys()...)
	err = db.QueryRowxContext(ctx, `
		SELECT count(*) FILTER (WHERE index_key = ANY($1)), count(*) FILTER (WHERE index_key <> ALL($2))
		FROM member JOIN keys.member USING (line_id, member_id)`, known[1:], known).Scan(&older, &lost)
	return older, lost, err
}

type memberIndexRow struct {
	LineID, MemberID string
	Number, Profile  []byte
	DataKey          []byte
}

func (m memberMover) move(ctx context.Context, tx *sqlx.Tx, after []string, limit int) (batch, error) {
	var rows []memberIndexRow
	if err := tx.SelectContext(ctx, &rows, `
		SELECT m.line_id, m.member_id, m.number, m.profile, k.data_key
		FROM member m JOIN keys.member k USING (line_id, member_id)
		WHERE (m.line_id, m.member_id) > ($1::uuid, $2::uuid)
		  AND m.index_key = ANY($3)
		ORDER BY m.line_id, m.member_id
		LIMIT $4
		FOR UPDATE OF m SKIP LOCKED`,
		after[0], after[1], pq.Int64Array(m.keys.OlderIndexKeys()), limit); err != nil || len(rows) == 0 {
		return batch{}, err
	}
	last := rows[len(rows)-1]
	done := batch{last: []string{last.LineID, last.MemberID}}
	var lines, ids pq.StringArray
	var numbers, handles pq.ByteaArray
	for _, row := range rows {
		number, handle, err := row.indexes(m.keys)
		if err != nil {
			done.damaged++
			continue
		}
		lines, ids = append(lines, row.LineID), append(ids, row.MemberID)
		numbers, handles = append(numbers, number), append(handles, handle)
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE member AS m
		SET number_index = v.number_index, handle_index = v.handle_index, index_key = $5
		FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[]) AS v (line_id, member_id, number_index, handle_index)
		WHERE m.line_id = v.line_id
		  AND m.member_id = v.member_id`, lines, ids, numbers, handles, m.keys.IndexKey())
	done.moved = len(ids)
	return done, err
}

// memberHandle is the part of a member's sealed profile that is indexed.
type memberHandle struct {
	Handle string `json:"handle"` // six digits
}

// indexes are those of a member's number and handle under the primary key.
func (r memberIndexRow) indexes(k *vault.Keyring) (number, handle []byte, err error) {
	row := r.LineID + "/" + r.MemberID
	own, err := k.UnwrapKey(vault.Cell{Table: "keys.member", Column: "data_key", Row: row}, r.DataKey)
	if err != nil {
		return nil, nil, err
	}
	n, err := own.OpenNumber(vault.Cell{Table: "member", Column: "number", Row: row}, r.Number)
	if err != nil {
		return nil, nil, err
	}
	plain, err := own.Open(vault.Cell{Table: "member", Column: "profile", Row: row}, r.Profile)
	if err != nil {
		return nil, nil, err
	}
	var profile memberHandle
	if err := json.Unmarshal(plain, &profile); err != nil || profile.Handle == "" {
		return nil, nil, vault.ErrNotOpened
	}
	return k.Index(r.LineID, n), k.HandleIndexes(r.LineID, profile.Handle)[0], nil
}

// sealedTable is a table with columns that are sealed under the keyring itself. A
// cell's row is the table's primary key, its parts joined by slashes.
type sealedTable struct {
	name    string
	key     []keyPart
	columns []string
}

// keyPart is a column of a primary key.
type keyPart struct {
	column string
	binary bool // bytea, hex in a cell's row; else uuid
}

const (
	firstUUID  = "00000000-0000-0000-0000-000000000000" // is no random id
	firstBytes = ""
)

// sealedTables are all of them; a test holds the list to the schema.
var sealedTables = []sealedTable{
	{"line", []keyPart{{column: "line_id"}}, []string{"probe"}},
	{"line_number", []keyPart{{column: "line_id"}, {"number_index", true}}, []string{"number"}},
	{"setting", []keyPart{{column: "line_id"}}, []string{"crisis"}},
	{"flow_tester", []keyPart{{column: "line_id"}, {column: "tester_id"}}, []string{"number"}},
	{"groups", []keyPart{{column: "line_id"}, {column: "group_id"}}, []string{"bridge_number", "bridge_keys"}},
	{"facilitator", []keyPart{{column: "line_id"}, {column: "group_id"}, {column: "facilitator_id"}}, []string{"number"}},
	{"account", []keyPart{{column: "line_id"}, {column: "account_id"}}, []string{"email", "totp", "number"}},
	{"passkey", []keyPart{{column: "line_id"}, {"mark", true}}, []string{"credential"}},
	{"desk_session", []keyPart{{column: "line_id"}, {"hash", true}}, []string{"data"}},
	{"dialogue", []keyPart{{column: "line_id"}, {"caller", true}}, []string{"reply", "before_reply", "state"}},
	{"effect", []keyPart{{column: "line_id"}, {"effect_id", true}}, []string{"outcome"}},
	{"message", []keyPart{{column: "line_id"}, {column: "message_id"}}, []string{"words"}},
	{"voicemail", []keyPart{{column: "line_id"}, {column: "voicemail_id"}}, []string{"recording"}},
	{"keys.voicemail", []keyPart{{column: "line_id"}, {column: "voicemail_id"}}, []string{"data_key"}},
	{"keys.session", []keyPart{{column: "line_id"}, {"mark", true}}, []string{"state"}},
	{"provision", []keyPart{{column: "line_id"}, {column: "provision_id"}}, []string{"changes"}},
	{"keys.member", []keyPart{{column: "line_id"}, {column: "member_id"}}, []string{"data_key", "link_secret"}},
	{"keys.membership", []keyPart{{column: "line_id"}, {"pseudonym", true}}, []string{"data_key"}},
}

// text is the part of a key as it stands in a cell's row.
func (p keyPart) text() string {
	if p.binary {
		return "encode(t." + p.column + ", 'hex')"
	}
	return "t." + p.column + "::text"
}

func (p keyPart) kind() string {
	if p.binary {
		return "bytea"
	}
	return "uuid"
}

// parameter is a part's text as Postgres reads it.
func (p keyPart) parameter(text string) string {
	if p.binary {
		return `\x` + text
	}
	return text
}

// cellMover seals the cells of a table anew.
type cellMover struct {
	sealedTable
	keys *vault.Keyring
}

func (m cellMover) table() string { return m.name }

func (m cellMover) first() []string {
	var parts []string
	for _, p := range m.key {
		if p.binary {
			parts = append(parts, firstBytes)
		} else {
			parts = append(parts, firstUUID)
		}
	}
	return parts
}

// beginsWith is an SQL condition: whether the key of any cell of a row is so.
func (m cellMover) beginsWith(is string) string {
	var cells []string
	for _, c := range m.columns {
		cells = append(cells, "substring(t."+c+" FROM 1 FOR 5) "+is)
	}
	return "(" + strings.Join(cells, " OR ") + ")"
}

func (m cellMover) left(ctx context.Context, db *sqlx.DB) (older, lost int, err error) {
	known := append(pq.ByteaArray{m.keys.CellPrefix()}, m.keys.OlderCellPrefixes()...)
	err = db.QueryRowxContext(ctx, `
		SELECT count(*) FILTER (WHERE `+m.beginsWith("= ANY($1::bytea[])")+`), count(*) FILTER (WHERE `+m.beginsWith("<> ALL($2::bytea[])")+`)
		FROM `+m.name+` t`, known[1:], known).Scan(&older, &lost)
	return older, lost, err
}
