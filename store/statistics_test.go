package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// held ends a session as a room does.
func held(t *testing.T, l *lineUnderTest, group string, day schedule.Date, came int) {
	t.Helper()
	sessions := store.NewSessions(l.db, l.keys)
	err := sessions.Change(t.Context(), sessions.ID(l.id, group+day.String()), func([]byte) (store.SessionChange, error) {
		return store.SessionChange{State: []byte("over"), Gone: noon, Attended: &store.Attended{Line: l.id, Group: group, Date: day, Came: came}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestStatistics(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	group := func(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }
	monday := schedule.Date{Year: 2026, Month: time.September, Day: 7} // four weeks begin
	for week := range 4 {
		day := monday.Add(7*week + 3)
		held(t, l, group(1), day, 14)
		held(t, l, group(2), day, 9)
	}
	held(t, l, group(3), monday, 2)
	held(t, l, group(1), monday.Add(28), 5)
	held(t, l, group(1), monday.Add(77), 50)
	if err := l.db.AddCounts(t.Context(), l.id, monday, map[store.Count]int{store.Reached: 30, store.PickedUp: 3, store.MemberComing: 12, store.MemberNotComing: 4}); err != nil {
		t.Fatal(err)
	}
	if err := l.db.AddStops(t.Context(), l.id, monday.Add(6), map[store.Stop]store.Stopped{"main": {Asked: 200, Stayed: 180}, "code": {Asked: 50, Stayed: 45}, "find": {Asked: 9, Stayed: 9}}); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)
	s, err := l.db.Statistics(t.Context(), l.id, now)
	if err != nil {
		t.Fatal(err)
	}
	byWeek := map[string]store.WeekFigures{}
	for _, w := range s.Weeks {
		byWeek[w.Week.String()] = w
	}
	want := store.WeekFigures{Week: monday, Sessions: store.Cell{N: 3}, Came: store.Cell{N: 25}, Told: store.Cell{N: 33}, Coming: store.Cell{N: 12}, Away: store.Cell{Hidden: true}}
	if diff := cmp.Diff(want, byWeek[monday.String()]); diff != "" {
		t.Errorf("the first week (-want +got):\n%s", diff)
	}
	if w := byWeek[monday.Add(28).String()]; !w.Came.Hidden || !w.Sessions.Hidden {
		t.Errorf("five who came to one session are shown: %+v", w)
	}
	if w, ok := byWeek[monday.Add(77).String()]; ok {
		t.Errorf("a week is shown that is not over: %+v", w)
	}
	for _, p := range s.Periods {
		if p.From != monday {
			continue
		}
		// Two came to the third group, which tells if the others are shown.
		if diff := cmp.Diff(map[string]store.Cell{group(1): {Hidden: true}, group(2): {Hidden: true}, group(3): {Hidden: true}}, p.Groups); diff != "" {
			t.Errorf("groups (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[store.Stop]store.Cell{"main": {N: 20}, "code": {Hidden: true}}, p.Stops); diff != "" {
			t.Errorf("stops (-want +got):\n%s", diff)
		}
		return
	}
	t.Errorf("no four weeks begin on %s: %+v", monday, s.Periods)
}

func TestOwnFigures(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	const group = "00000000-0000-4000-8000-000000000001"
	own, err := l.db.OwnFigures(t.Context(), l.id, group)
	if err != nil || own.Last != nil || own.Members != 0 {
		t.Fatal(own, err)
	}
	held(t, l, group, day.Add(7), 6)
	held(t, l, group, day, 3) // which ended late
	own, err = l.db.OwnFigures(t.Context(), l.id, group)
	if err != nil || own.Last == nil || own.Last.Came != 6 || own.Last.Date != day.Add(7) {
		t.Error(own.Last, err)
	}
}

func TestSpreadsheet(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	rows := [][]string{{"=1+1", "+1", "-2", "@x", " =1", "\tx", "plain", "a,b"}}
	if err := store.WriteSpreadsheet(&b, rows); err != nil {
		t.Fatal(err)
	}
	if want := "'=1+1,'+1,'-2,'@x,' =1,'\tx,plain,\"a,b\"\r\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	s := store.Statistics{Periods: []store.PeriodFigures{{Groups: map[string]store.Cell{"a": {Hidden: true}, "b": {N: 30}}}}}
	got := s.Spreadsheet(func(group string) string { return "=" + group })
	if diff := cmp.Diff([]string{"came", "=a", "not shown"}, got[1][2:]); diff != "" {
		t.Error(diff)
	}
}

// Who coordinates one group is shown of it what an owner is, and nothing of the others:
// what is hidden rests on groups that the console's role does not see for them.
func TestStatisticsOfOneGroupRestOnAll(t *testing.T) {
	t.Parallel()
	dsn := withRoles(t)
	l := setUpMembersAt(t, dsn)
	mine, other := l.groups[0], l.groups[1]
	monday := schedule.Date{Year: 2026, Month: time.October, Day: 5}
	for week := range 4 {
		held(t, l, mine, monday.Add(7*week), 14)
	}
	held(t, l, other, monday, 2) // 56 of mine, shown, would leave the 2 in the line's 58
	console := openURL(t, login(t, dsn, "", "hearthline_console"))
	read := func(s store.Scope) store.Statistics {
		t.Helper()
		s.Line = l.id
		all, err := console.Statistics(store.Within(t.Context(), s), l.id, time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	owner, coordinator := read(store.Scope{All: true}), read(store.Scope{Groups: []string{mine}})
	if diff := cmp.Diff(owner.Only(mine), coordinator); diff != "" {
		t.Errorf("an owner sees of the group, and who coordinates it (-want +got):\n%s", diff)
	}
	hidden := 0
	for _, p := range coordinator.Periods {
		if p.Of(mine).Hidden {
			hidden++
		}
	}
	if hidden != 1 || len(owner.Weeks) == 0 {
		t.Errorf("it is hidden %d times, beside %d weeks", hidden, len(owner.Weeks))
	}
	if none := read(store.Scope{}); len(none.Weeks) > 0 || len(none.Periods) == 0 || !none.Empty() {
		t.Errorf("who has no group sees %+v", none)
	}
	if seen, err := console.Column(store.Within(t.Context(), store.Scope{Line: l.id, Groups: []string{mine}}), `SELECT DISTINCT group_id FROM attendance`); err != nil || len(seen) != 1 {
		t.Errorf("the numbers themselves are seen of %d groups, %v", len(seen), err)
	}
}
