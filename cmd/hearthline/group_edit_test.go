package main

import (
	"strings"
	"testing"
)

// A group is set up, changed, copied, paused and ended by commands.
func TestGroupCommands(t *testing.T) {
	t.Parallel()
	s := newStage(t, onThursdays)
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"group", "add", "Cedar circle", "--code", "517283", "--when", "2nd tuesday 7pm", "--topic", "grief", "--yes"},
			"Added: Cedar circle, code 517283, paused.\nIt meets the second Tuesday of the month at seven in the evening, Eastern time, for 60 minutes.\nWhile it is paused nobody enters it or is reminded of it. To open it: hearthline group resume 517283"},
		{[]string{"group", "resume", "517283"}, "Resumed: Cedar circle, code 517283, open.\nIt meets the second Tuesday of the month at seven in the evening, Eastern time, for 60 minutes.\nThe next date is Tue Dec 8, 7 pm ET."},
		{[]string{"group", "edit", "517283", "--name", "Oak circle", "--capacity", "8"}, "Changed: Oak circle, code 517283, open."},
		{[]string{"group", "duplicate", "517283", "Elm circle", "--code", "628374", "--when", "wednesdays 8pm for 90 minutes", "--open", "--yes"},
			"Added: Elm circle, code 628374, open.\nIt meets Wednesdays at eight in the evening, Eastern time, for 90 minutes."},
		{[]string{"group", "dates", "517283", "-n", "2"}, "2026-12-08  Tue Dec 8, 7 pm ET\n2027-01-12  Tue Jan 12, 7 pm ET"},
		{[]string{"group", "move", "517283", "8 december", "9 december 6pm", "--yes"}, "Moved to: Wed Dec 9, 6 pm ET."},
		{[]string{"group", "dates", "517283", "-n", "1"}, "2026-12-08  Wed Dec 9, 6 pm ET  moved"},
		{[]string{"group", "skip", "517283", "2027-01-12", "--json"}, `"date": "2027-01-12"`},
		{[]string{"group", "dates", "517283", "-n", "2", "--json"}, `"is": "skipped"`},
		{[]string{"group", "pause", "517283"}, "Paused: Oak circle, code 517283, paused."},
		{[]string{"group", "resume", "517283"}, "Resumed: Oak circle, code 517283, open."},
		{[]string{"group", "archive", "517283", "--json"}, `"stage": "closed"`},
	} {
		if got := s.types("", c.args...); !strings.Contains(got, c.says) {
			t.Errorf("%s:\n%s\nwant:\n%s", strings.Join(c.args, " "), got, c.says)
		}
	}
}
