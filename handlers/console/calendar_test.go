package console

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows/schedule"
)

// A calendar has the discreet name, every date at its moment, and nothing that tells.
func TestCalendar(t *testing.T) {
	t.Parallel()
	d, path, _ := busyWeek(t)
	status, text := d.get(strings.TrimSuffix(path, "/schedule") + "/dates.ics")
	if status != http.StatusOK {
		t.Fatalf("answered %d", status)
	}
	for _, want := range []string{"SUMMARY:Tuesday call\r\n", "DTSTART:20261125T000000Z\r\n", "DTSTART:20261210T010000Z\r\n", "DTSTART:20261202T000000Z\r\nDTEND:20261202T010000Z\r\nSUMMARY:Tuesday call\r\nSTATUS:CANCELLED\r\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q", want)
		}
	}
	for _, secret := range []string{griefCode, "grief", "Rose", d.groupID(griefCode)} {
		if strings.Contains(text, secret) {
			t.Errorf("it tells %q", secret)
		}
	}
	if begins, ends := strings.Count(text, "BEGIN:VEVENT"), strings.Count(text, "END:VEVENT"); begins != ends || begins < 50 {
		t.Errorf("%d events begin and %d end", begins, ends)
	}
}

func TestLinesOfACalendar(t *testing.T) {
	t.Parallel()
	long := "SUMMARY:" + escaped(strings.Repeat("círculo; de, duelo\\\n", 20))
	lines := strings.Split(strings.TrimSuffix(folded(long), "\r\n"), "\r\n")
	whole := lines[0]
	for n, line := range lines {
		if len(line) > 75 {
			t.Errorf("line %d has %d bytes", n, len(line))
		}
		if n > 0 {
			whole += strings.TrimPrefix(line, " ")
		}
	}
	if whole != long {
		t.Error("what is folded does not unfold to what it was")
	}
	if strings.ContainsAny(strings.ReplaceAll(strings.ReplaceAll(long, `\;`, ""), `\,`, "")[8:], ";,\n") {
		t.Error("a sign of the format's own stays in a text")
	}
}

func TestHeldOrNot(t *testing.T) {
	t.Parallel()
	m := schedule.Meeting{ID: "m", Start: wall(t, "2026-11-24T19:00"), Zone: "America/New_York", Rule: "FREQ=WEEKLY;BYDAY=TU;COUNT=3", Minutes: 60}
	m.Skipped = []schedule.Date{wall(t, "2026-12-01T00:00").Date}
	got := heldOrNot([]schedule.Meeting{m}, monday, 8)
	if len(got) != 3 || got[0].skipped || !got[1].skipped || got[2].skipped {
		t.Errorf("they are %+v", got)
	}
}
