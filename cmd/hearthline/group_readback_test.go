package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

// asked runs a command at a terminal, where somebody types an answer.
func (s *stage) asked(want int, answer string, args ...string) string {
	s.t.Helper()
	code, said := s.commandAt(stdio{In: strings.NewReader(answer + "\n"), asks: true}, args...)
	if code != want {
		s.t.Errorf("%v: exit %d: %s", args, code, said)
	}
	return said
}

// Words are read back in full before they count; nobody is there to say yes in a script.
func TestAWordedTimeIsReadBack(t *testing.T) {
	t.Parallel()
	s := newStage(t, onThursdays)
	const read = "Cancel one date: Caring for someone, code 836254.\n  2026-12-03  Thu Dec 3, 7 pm ET  (America/New_York, standard time)\nIts members are told.\n"
	skip := []string{"group", "skip", "836254", "3 december"}
	mention(t, s.fails(exitUsage, "", skip...), read, "add --yes", "nothing was changed")
	mention(t, s.types("", append(skip, "--dry-run")...), read, "Nothing was changed.")
	mention(t, s.asked(exitFailed, "no", skip...), read, "Type yes", "hearthline: nothing was changed")
	mention(t, s.asked(exitFailed, "", "group", "skip", "836254", "2026-12-03"), read, "nothing was changed")
	mention(t, s.types("", "group", "dates", "836254", "-n", "2"), "2026-12-03  Thu Dec 3, 7 pm ET\n")
	mention(t, s.asked(exitOK, "Yes", skip...), read, "Not held: Thu Dec 3, 7 pm ET.")
	mention(t, s.types("", "group", "unskip", "836254", "3 de diciembre", "--yes"), "Held as the schedule has it: Thu Dec 3, 7 pm ET.")

	// A weekday is the one beside the date that is moved.
	move := []string{"group", "move", "836254", "2026-12-17", "wednesday 6pm"}
	mention(t, s.fails(exitUsage, "", move...), "Move one date: ", "2026-12-17  Thu Dec 17, 7 pm ET", "\nto\n  2026-12-16  Wed Dec 16, 6 pm ET  (")
	mention(t, s.types("", append(move, "-y")...), "Moved to: Wed Dec 16, 6 pm ET.")
	mention(t, s.types("", "group", "unskip", "836254", "2026-12-17", "--dry-run"), "2026-12-17  Thu Dec 17, 7 pm ET", "Nothing was changed.")
	mention(t, s.types("", "group", "skip", "836254", "2026-12-17", "--dry-run"), "2026-12-16  Wed Dec 16, 6 pm ET")

	mention(t, s.fails(exitUsage, "", "group", "add-date", "836254", "5 december 10am"), "Add one date: ", "2026-12-05  Sat Dec 5, 10 am ET", "add --yes")
	s.types("", "group", "add-date", "836254", "5 december 10am", "--yes")
	mention(t, s.types("", "audit", "verify"), "whole: 4 entries")
}

// Days on which clocks change are marked.
func TestWhatClocksDoIsReadBack(t *testing.T) {
	t.Parallel()
	s := newStage(t, onThursdays)
	add := []string{"group", "add", "Night circle", "--when", "2nd sunday 2:30 am", "--dry-run"}
	mention(t, s.types("", add...), "Set up a group: Night circle.\nIt meets the second Sunday of the month",
		"  2027-02-14  Sun Feb 14, 2:30 am ET  (America/New_York, standard time)\n",
		"  2027-03-14  Sun Mar 14, 3:30 am ET  (America/New_York, daylight saving time, clocks go forward before this date, clocks skip the hour that was said)\n",
		"  2027-04-11  Sun Apr 11, 2:30 am ET  (America/New_York, daylight saving time)\n",
		"It is paused until `hearthline group resume` opens it.\nNothing was changed.\n")
	mention(t, s.types("", "group", "skip", "836254", "1 july", "--dry-run"), "Thu Jul 1, 7 pm ET  (America/New_York, daylight saving time, clocks go forward before this date)")

	var u understood
	if err := json.Unmarshal([]byte(s.types("", append(add, "--json")...)), &u); err != nil {
		t.Fatal(err)
	}
	if len(u.Dates) != 8 || u.Dates[0].Clocks != "" || u.Dates[3].Clocks != "forward" || !u.Dates[3].Skipped || !u.Dates[3].Daylight ||
		u.Dates[3].Start.Format(time.RFC3339) != "2027-03-14T03:30:00-04:00" {
		t.Errorf("%+v", u)
	}
	if listed := s.types("", "group", "list"); strings.Contains(listed, "Night circle") {
		t.Errorf("a dry run sets a group up:\n%s", listed)
	}
}

// A script whose standard input is nothing is nobody who could be asked.
func TestNothingIsNoTerminal(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{os.DevNull: false, "/dev/ptmx": true, "stage_test.go": false} {
		f, err := os.Open(name)
		if err != nil {
			t.Logf("%s: not here", name)
			continue
		}
		if got := isTerminal(f); got != want {
			t.Errorf("%s is a terminal: %t", name, got)
		}
		_ = f.Close()
	}
	if isTerminal(&strings.Builder{}) {
		t.Error("what is written to memory is a terminal")
	}
}
