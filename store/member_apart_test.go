package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store"
)

// Whatever a member does about their reminders, no transaction writes a row of the
// identity and one of a membership: rows of the outbox are the one's or the other's.
func TestWhatIsSaidOfRemindersTiesNobodyToAGroup(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byPhone(t, ann, "482913", l.groups[0])
	l.confirm(t, ann)
	act := l.act(l.member(t, ann, "482913"))
	soon := circle(l.groups[0])
	soon.Purpose = "15m"
	var row string
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"preferences", func() error {
			prefers(english)(t, l)
			row = l.toldOf(t, ann, circle(l.groups[0]), store.Reminder, store.SendAccepted, noon)
			return nil
		}},
		{"offsets", func() error { return l.SetOffsets(t.Context(), act, l.groups[0], []string{"1h"}) }},
		{"ring", func() error { return l.RingMember(t.Context(), act, starts(l.groups[0])) }},
		{"ring by a key", func() error { return l.RingRow(t.Context(), l.event(noon), row, starts(l.groups[0])) }},
		{"in", func() error {
			return l.Coming(t.Context(), store.Event{Line: l.id, At: noon.AddDate(0, 0, 1)}, number(t, ann), true, l.groups)
		}},
		{"seen, a month later", func() error {
			return l.Seen(t.Context(), store.Event{Line: l.id, At: noon.AddDate(0, 1, 0)}, number(t, ann))
		}},
		{"out", func() error {
			l.toldOf(t, ann, soon, store.Reminder, store.SendDue, noon)
			return l.Coming(t.Context(), store.Event{Line: l.id, At: noon.AddDate(0, 0, 1)}, number(t, ann), false, l.groups)
		}},
		{"recheck", func() error {
			_, _, err := l.Recheck(t.Context(), l.id, noon.AddDate(0, 0, 125), l.groups)
			return err
		}},
		{"silence", func() error {
			do(t, l.look, `UPDATE outbox SET state = 'done' WHERE kind = 'recheck'`)
			_, stopped, err := l.Recheck(t.Context(), l.id, noon.AddDate(0, 0, 140), l.groups)
			if stopped != 1 {
				err = errors.Join(err, errors.New("nobody was stopped"))
			}
			return err
		}},
		{"start", func() error { return l.StopMember(t.Context(), act, false, l.groups) }},
		{"unreachable", func() error { return l.Unreachable(t.Context(), l.event(noon), number(t, ann), l.groups) }},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		theirs, apart := transactions(t, l, `member`, `keys.member`, `(SELECT xmin, xmax FROM outbox WHERE member_id IS NOT NULL)`),
			transactions(t, l, `membership`, `keys.membership`, `firing`, `(SELECT xmin, xmax FROM outbox WHERE member_id IS NULL)`)
		if len(theirs) == 0 || len(apart) == 0 {
			t.Errorf("%s: %d and %d transactions are too few to tell", step.name, len(theirs), len(apart))
		}
		for _, x := range theirs {
			if slices.Contains(apart, x) {
				t.Errorf("%s: one transaction wrote both sides", step.name)
			}
		}
	}
	if n := l.count(t, `SELECT count(*) FROM outbox WHERE member_id IS NOT NULL`); n != 2 {
		t.Errorf("%d rows of the identity are too few or many to tell", n)
	}
	if n := l.count(t, `SELECT count(*) FROM outbox WHERE pseudonym IS NOT NULL`); n != 3 {
		t.Errorf("%d rows of the membership are too few or many to tell", n)
	}
}

// transactions are those that made or locked the rows of tables.
func transactions(t *testing.T, l *lineUnderTest, tables ...string) []string {
	t.Helper()
	var each []string
	for _, table := range tables {
		each = append(each, `SELECT unnest(ARRAY[xmin::text, xmax::text]) AS x FROM `+table+` r`)
	}
	return texts(t, l.look, `SELECT DISTINCT x FROM (`+strings.Join(each, ` UNION ALL `)+`) all_of WHERE x <> '0'`)
}
