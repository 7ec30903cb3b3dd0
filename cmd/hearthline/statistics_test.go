package main

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

func TestStatisticsCommand(t *testing.T) {
	t.Parallel()
	tt := newTerminal(t)
	tt.types(0, "keys", "init")
	tt.types(0, "migrate")
	tt.line()
	tt.types(0, "group", "import", tt.file("groups.yaml", `groups: [{code: "482105", name: "=Circle", meetings: [{start: "2026-01-06T19:00", timezone: America/New_York, rrule: "FREQ=WEEKLY", minutes: 60}]}]`))
	mention(t, tt.types(0, "statistics"), "Nothing has been counted")
	db := tt.openDB()
	line, err := db.FirstLine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	groups, err := db.Groups(t.Context(), line.ID)
	if err != nil {
		t.Fatal(err)
	}
	sessions := store.NewSessions(db, tt.loadKeys())
	for _, ago := range []int{60, 67, 74} {
		err := sessions.Change(t.Context(), sessions.ID(line.ID, time.Duration(ago).String()), func([]byte) (store.SessionChange, error) {
			day := schedule.DateOf(time.Now().UTC()).Add(-ago)
			return store.SessionChange{State: []byte("over"), Gone: time.Now(), Attended: &store.Attended{Line: line.ID, Group: groups[0].ID, Date: day, Came: 20}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	mention(t, tt.types(0, "statistics"), "came", "20")
	mention(t, tt.types(0, "statistics", "--csv", "--group", "482105"), ",came,'=Circle,")
	tt.types(1, "statistics", "--group", "111111")
	var rows []figureRow
	if err := json.Unmarshal([]byte(tt.types(0, "statistics", "--json")), &rows); err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, r := range rows {
		if r.What == "came" && r.Of == "line" && r.Number != nil {
			sum += *r.Number
		}
	}
	if sum != 60 {
		t.Errorf("%d came, want 60", sum)
	}
}
