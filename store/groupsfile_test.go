package store_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

var update = flag.Bool("update", false, "write the golden files")

var sampleOptions = store.ParseOptions{Languages: []string{"en", "es"}, CodeLength: 6, Countries: []string{"US", "CA"}}

// sampleGroups is the groups file of the design, with one group more of each kind.
func sampleGroups(t testing.TB) []store.Group {
	t.Helper()
	f, err := os.Open("testdata/groups.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	groups, faults := store.ParseGroups("groups.yaml", f, sampleOptions)
	for _, f := range faults {
		if !f.Warning {
			t.Fatal(f)
		}
	}
	return groups
}

func parse(t testing.TB, file string) []store.Group {
	t.Helper()
	groups, faults := store.ParseGroups("groups.yaml", strings.NewReader(file), sampleOptions)
	for _, f := range faults {
		if !f.Warning {
			t.Fatal(f)
		}
	}
	return groups
}

func TestParseGroupsReadsEveryField(t *testing.T) {
	t.Parallel()
	groups := sampleGroups(t)
	if len(groups) != 4 {
		t.Fatalf("%d groups, want 4", len(groups))
	}
	rose, facilitators := groups[0], groups[0].Facilitators
	want := flows.Group{
		Code: "482105", Name: flows.Words{"": "Evening grief circle"}, DiscreetName: flows.Words{"": "Tuesday call"},
		Topics: []string{"grief"}, Languages: []string{"en"}, Format: flows.PeerLed, Access: flows.AccessOpen,
		Host: flows.HostNone, Capacity: 10, Reminders: []string{"24h", "15m"},
	}
	got := rose.Group
	got.Meetings = nil
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	m := rose.Meetings[0]
	if m.Start.String() != "2026-11-24T19:00" || m.Zone != "America/New_York" || m.Rule != "FREQ=WEEKLY;BYDAY=TU" || m.Minutes != 60 {
		t.Errorf("meeting %+v", m)
	}
	if len(facilitators) != 1 || facilitators[0].Alias != "Rose" || facilitators[0].Number.IsZero() {
		t.Errorf("facilitators %v", facilitators)
	}
	if d := cmp.Diff(flows.Words{"en": "Living with illness", "es": "Vivir con enfermedad"}, groups[1].Name); d != "" {
		t.Error(d)
	}
	second := groups[1].Meetings[0]
	skipped := []schedule.Date{{Year: 2026, Month: 12, Day: 24}}
	if d := cmp.Diff(skipped, second.Skipped); d != "" || len(second.Moved) != 1 {
		t.Errorf("skipped %v, moved %v", second.Skipped, second.Moved)
	}
	if !groups[2].Bridge || groups[2].BridgeDial.Keys() != ",,4821#" || groups[0].Bridge {
		t.Error("the bridge was not read")
	}
	if groups[3].Place == "" || groups[3].Meetings[0].Rule != "" || groups[3].Languages[0] != "en" {
		t.Errorf("defaults: %+v", groups[3])
	}
}

func TestParseGroupsReportsEveryFault(t *testing.T) {
	t.Parallel()
	for _, file := range faultyFiles(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			o := sampleOptions
			if strings.Contains(file, "warnings") {
				data = bytes.ReplaceAll(data, []byte("482105"), []byte("4821"))
				o.CodeLength = 4
			}
			groups, faults := store.ParseGroups(filepath.Base(file), bytes.NewReader(data), o)
			if strings.Contains(file, "warnings") != (groups != nil) {
				t.Errorf("%d groups", len(groups))
			}
			var got strings.Builder
			for _, f := range faults {
				got.WriteString(f.Error() + "\n")
			}
			golden(t, file+".golden", got.String())
		})
	}
}

func faultyFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/faults/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	return append(files, "testdata/faults/feed.json", "testdata/faults/json.json")
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

func TestParseGroupsTakesADefaultZone(t *testing.T) {
	t.Parallel()
	const file = `groups: [{name: Circle, meetings: [{start: "2026-11-24T19:00", rrule: "FREQ=DAILY", minutes: 60}]}]`
	o := sampleOptions
	if _, faults := store.ParseGroups("g", strings.NewReader(file), o); len(faults) != 1 || faults[0].Field != "meetings[0].timezone" {
		t.Errorf("without a default: %v", faults)
	}
	o.Timezone = "America/Denver"
	groups, faults := store.ParseGroups("g", strings.NewReader(file), o)
	if len(faults) != 0 || groups[0].Meetings[0].Zone != "America/Denver" {
		t.Errorf("with a default: %v", faults)
	}
}

// ours are the numbers that the advice of faults gives as examples, and dates.
var ours = regexp.MustCompile(`"\+12025550143"|"\+12155550123,,4821#"|(19|20)\d\d-[01]\d-[0-3]\d`)

var sixDigits = regexp.MustCompile(`[0-9](?:[ ().-]*[0-9]){5,}`)

func FuzzParseGroups(f *testing.F) {
	for _, file := range append(faultyFiles(f), "testdata/groups.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, file string) {
		groups, faults := store.ParseGroups("g.yaml", strings.NewReader(file), sampleOptions)
		faulty := false
		for _, fault := range faults {
			faulty = faulty || !fault.Warning
			if fault.What == "" || fault.Mend == "" {
				t.Errorf("a fault does not say what and how to mend it: %s", fault)
			}
			fault.Group = "" // a code is six digits by right
			if found := sixDigits.FindString(ours.ReplaceAllString(fault.Error(), "x")); found != "" {
				t.Errorf("a fault repeats digits of the file: %s", fault)
			}
		}
		if faulty == (groups != nil) && len(groups) > 0 {
			t.Errorf("faults %v, yet %d groups", faults, len(groups))
		}
		for _, g := range groups {
			if len(g.Name) == 0 || len(g.Meetings) == 0 || len(g.Languages) == 0 || g.Capacity < 2 || g.Capacity > 250 {
				t.Errorf("a group that cannot be: %+v", g)
			}
			for _, m := range g.Meetings {
				if err := m.Validate(); err != nil {
					t.Errorf("a meeting that cannot be: %v", err)
				}
			}
		}
	})
}
