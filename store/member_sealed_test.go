package store_test

import (
	"bytes"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// sealedColumns are those that hold ciphertext.
var sealedColumns = map[string][]string{
	"member":          {"number", "profile", "pin"},
	"keys.member":     {"data_key", "link_secret"},
	"membership":      {"number", "profile", "said"},
	"keys.membership": {"data_key"},
	"effect":          {"outcome"},
}

// fillTables makes members of every kind.
func (l *lineUnderTest) fillTables(t *testing.T) {
	t.Helper()
	l.byPhone(t, ann, "482913", l.groups[0])
	l.confirm(t, ann)
	member := l.member(t, ann, "482913")
	longest := flows.Preferences{
		Channel: flows.ByCall, Days: flows.Weekdays, Hours: flows.Afternoons, Machine: flows.MachineNeutral,
		Zone: "America/Argentina/ComodRivadavia", Late: true, Ring: true,
	}
	if err := l.Prefer(t.Context(), l.act(member), longest, l.groups); err != nil {
		t.Fatal(err)
	}
	if err := l.SetQuick(t.Context(), l.act(member), l.groups[0]); err != nil {
		t.Fatal(err)
	}
	if err := l.Join(t.Context(), l.act(member), l.groups[2], flows.AccessOpen); err != nil {
		t.Fatal(err)
	}
	l.attempts(t, 4, l.login(t, ann, "", "1", noon))
	l.byText(t, bea, l.groups[0])
	l.byText(t, "+12025550146", l.groups[3])
	if err := l.Invite(t.Context(), l.invitation(t, cat, l.groups[1])); err != nil {
		t.Fatal(err)
	}
	abroad := l.invitation(t, "+4915112345678", l.groups[1])
	if err := l.Invite(t.Context(), abroad); err != nil {
		t.Fatal(err)
	}
	l.note(t)
}

// note notes something of another length about each member.
func (l *lineUnderTest) note(t *testing.T) {
	t.Helper()
	roster := l.newRoster()
	for _, group := range l.groups {
		for i, e := range l.roster(t, group) {
			if err := roster.SetNote(t.Context(), l.id, desk, e.Group, e.Key, strings.Repeat("note ", i)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Everything that can be kept of somebody fits at once, so that nobody is told that
// it does not: an invitation with the longest words, of who waits for as many groups
// as one may, chose everything that can be chosen, and was asked and lost.
func TestTheLongestProfilesFit(t *testing.T) {
	t.Parallel()
	if err := store.LongestProfiles("America/Argentina/ComodRivadavia"); err != nil {
		t.Error(err)
	}
}

func TestEveryCellOfAColumnIsAsLong(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.fillTables(t)
	for table, columns := range sealedColumns {
		for _, c := range columns {
			cells := column(t, l.look, `SELECT `+c+` FROM `+table)
			if len(cells) < 4 {
				t.Errorf("%s.%s: %d cells are too few to tell", table, c, len(cells))
				continue
			}
			for _, cell := range cells {
				if len(cell) != len(cells[0]) || len(cell) < 64 {
					t.Errorf("%s.%s: a cell of %d bytes beside one of %d", table, c, len(cell), len(cells[0]))
				}
			}
		}
	}
}

// Whoever can write to the database moves one ciphertext to where another was.
func TestCellsThatChangedPlacesDoNotOpen(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byPhone(t, ann, "482913", l.groups[0])
	l.byPhone(t, bea, "482913", l.groups[0])
	l.confirm(t, ann)
	l.confirm(t, bea)
	l.note(t)
	swaps := map[string]string{
		"number and profile of a member": `UPDATE member SET number = profile, profile = number`,
		"profile and PIN of a member":    `UPDATE member SET pin = profile, profile = pin`,
		"the keys of a member":           `UPDATE keys.member SET data_key = link_secret, link_secret = data_key`,
		"number and profile in a group":  `UPDATE membership SET number = profile, profile = number`,
	}
	for table, columns := range sealedColumns {
		key := map[string]string{"member": "member_id", "keys.member": "member_id", "membership": "pseudonym",
			"keys.membership": "pseudonym", "effect": "effect_id"}[table]
		for _, c := range columns {
			swaps[table+"."+c+" of two rows"] = fmt.Sprintf(
				`UPDATE %[1]s a SET %[2]s = b.%[2]s FROM %[1]s b WHERE a.%[3]s <> b.%[3]s`, table, c, key)
		}
	}
	swaps["identity and membership"] = `UPDATE membership SET number = (SELECT number FROM member LIMIT 1)`
	delete(swaps, "effect.outcome of two rows") // there are more: see below
	for name, swap := range swaps {
		t.Run(name, func(t *testing.T) {
			before := snapshotOf(t, l)
			defer before.restore(t, l)
			if _, err := l.look.ExecContext(t.Context(), swap); err != nil {
				t.Fatal(err)
			}
			_, identity := l.Members.Holdings(t.Context(), l.id, number(t, ann), l.groups, noon)
			var inGroup error
			for _, p := range l.pseudonyms(t) {
				_, profile := l.MembershipPreferences(t.Context(), l.id, p)
				_, number := l.MembershipNumber(t.Context(), l.id, p)
				inGroup = errors.Join(inGroup, profile, number)
			}
			if !errors.Is(errors.Join(identity, inGroup), vault.ErrNotOpened) {
				t.Errorf("both open: %v, %v", identity, inGroup)
			}
		})
	}
}

// tables is what the four tables held.
type tables map[string][]byte

func snapshotOf(t *testing.T, l *lineUnderTest) tables {
	t.Helper()
	all := tables{}
	for _, table := range []string{"member", "keys.member", "membership", "keys.membership"} {
		all[table] = column(t, l.look, `SELECT jsonb_agg(to_jsonb(r))::text FROM `+table+` r`)[0]
	}
	return all
}

func (x tables) restore(t *testing.T, l *lineUnderTest) {
	t.Helper()
	for table, rows := range x {
		if _, err := l.look.ExecContext(t.Context(), `DELETE FROM `+table); err != nil {
			t.Fatal(err)
		}
		if _, err := l.look.ExecContext(t.Context(),
			`INSERT INTO `+table+` SELECT * FROM jsonb_populate_recordset(NULL::`+table+`, $1::jsonb)`, string(rows)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnOutcomeOfAnotherEffectDoesNotOpen(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	e := l.login(t, ann, "", "1", noon)
	l.logIn(t, e)
	l.logIn(t, l.login(t, bea, "", "1", noon))
	if _, err := l.look.ExecContext(t.Context(), `UPDATE effect a SET outcome = b.outcome FROM effect b WHERE a.effect_id <> b.effect_id`); err != nil {
		t.Fatal(err)
	}
	if _, err := l.LogIn(t.Context(), e); !errors.Is(err, vault.ErrNotOpened) {
		t.Errorf("another's outcome is told: %v", err)
	}
}

// What a dump and the rows' hidden columns tell of an identity, it tells of no
// membership: no value, and no transaction.
func TestIdentityAndMembershipShareNothing(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.fillTables(t)
	look := l.look
	identities, memberships := valuesOf(t, look, "member", "keys.member"), valuesOf(t, look, "membership", "keys.membership")
	if len(identities) < 20 || len(memberships) < 15 {
		t.Fatalf("%d and %d values are too few to tell", len(identities), len(memberships))
	}
	for value, at := range identities {
		if other, ok := memberships[value]; ok && !strings.HasSuffix(at, ".line_id") {
			t.Errorf("%s and %s share a value", at, other)
		}
	}
	var times int
	if err := look.QueryRowContext(t.Context(), `
		SELECT count(*) FROM information_schema.columns
		WHERE (table_schema, table_name) IN (('public', 'member'), ('keys', 'member'), ('public', 'membership'), ('keys', 'membership'))
		  AND (data_type LIKE 'time%' OR column_default IS NOT NULL)`).Scan(&times); err != nil || times != 0 {
		t.Errorf("%d columns tell a time or count: %v", times, err)
	}
}

// valuesOf are all values in tables that could tell one row from another, with
// where they are, and the transactions that made and locked it. Two rows of one table may share them.
func valuesOf(t *testing.T, look *sql.DB, tables ...string) map[string]string {
	t.Helper()
	values := map[string]string{}
	for _, table := range tables {
		rows, err := look.QueryContext(t.Context(), `SELECT xmin::text, xmax::text, to_jsonb(r) FROM `+table+` r`)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var made, locked string
			var row []byte
			if err := rows.Scan(&made, &locked, &row); err != nil {
				t.Fatal(err)
			}
			values["transaction "+made] = table + ".xmin"
			if locked != "0" {
				values["transaction "+locked] = table + ".xmax"
			}
			var columns map[string]any
			if err := json.Unmarshal(row, &columns); err != nil {
				t.Fatal(err)
			}
			for name, v := range columns {
				if s, ok := v.(string); ok && len(s) > 15 { // channel, state and months tell nobody from others
					values[s] = table + "." + name
				}
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return values
}

func TestTheEffectsOfOneEventDoNotTellThatTheyAre(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	e := l.event(noon)
	ids := [][]byte{
		l.EffectMark(e, "enrol", ""), l.EffectMark(e, "join", ""), l.EffectMark(e, "join", l.groups[0]), l.EffectMark(e, "join", l.groups[1]),
	}
	for i, id := range ids {
		if len(id) != 16 || bytes.Contains([]byte(e.SID), id) || slices.ContainsFunc(ids[:i], func(o []byte) bool { return bytes.Equal(o[:4], id[:4]) }) {
			t.Errorf("%s", hex.EncodeToString(id))
		}
	}
}
