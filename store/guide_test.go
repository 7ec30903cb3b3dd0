package store_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store"
)

var guideOptions = store.ParseOptions{
	Languages: []string{"en", "es"}, CodeLength: 6, Timezone: "America/New_York", Countries: []string{"US", "CA"}, Topics: []string{"recovery"},
}

func parseFeed(t testing.TB, name string) (store.Feed, []store.Fault) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata/feeds", name))
	if err != nil {
		t.Fatal(err)
	}
	feed, faults := store.ParseMeetingGuide(name, bytes.NewReader(data), guideOptions)
	feed.Name = store.FeedName(name)
	return feed, faults
}

// The samples philadelphia and marin are rows of real feeds, with their dirt
// and without their numbers; dirty has a row for every edge that
// domain.md §3.6 lists.
func TestParseMeetingGuide(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/feeds/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			feed, faults := parseFeed(t, filepath.Base(file))
			var got strings.Builder
			for _, f := range faults {
				fmt.Fprintln(&got, f.Error())
			}
			fmt.Fprintf(&got, "\n%d groups, %d rows held\n", len(feed.Groups), len(feed.Held))
			for _, g := range feed.Groups {
				where := "place " + g.Place
				if g.Bridge {
					where = "bridge, keys " + g.BridgeDial.Keys()
				}
				fmt.Fprintf(&got, "%s | %s | %s | %s | %s\n", g.Slug, g.Name[""], strings.Join(g.Topics, " "), strings.Join(g.Languages, " "), where)
				for _, m := range g.Meetings {
					fmt.Fprintf(&got, "  %s %s %s %d min\n", m.Start, m.Zone, m.Rule, m.Minutes)
				}
			}
			golden(t, file+".golden", got.String())
		})
	}
}

func TestParseMeetingGuideRefusesWhatIsNoFeed(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"":                                       "breaks off",
		"[":                                      "breaks off",
		"[\n{\"name\": \"x\",\n]":                "f.json:3: it breaks",
		`{"meetings": []}`:                       "not a JSON array",
		"[]":                                     "no row",
		strings.Repeat(" ", 33<<20):              "longer than 32 MiB",
		"[" + strings.Repeat("1,", 10000) + "1]": "10001 rows",
	} {
		feed, faults := store.ParseMeetingGuide("f.json", strings.NewReader(text), guideOptions)
		if len(faults) != 1 || !strings.Contains(faults[0].Error(), says) || len(feed.Groups) != 0 {
			t.Errorf("%.20q: %v", text, faults)
		}
	}
}

// advice are the numbers that faults give as examples.
var advice = regexp.MustCompile(`"\+12155550123,,4821#"|\[\d+\]`)

func FuzzParseMeetingGuide(f *testing.F) {
	files, err := filepath.Glob("testdata/feeds/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal(len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
		for line := range strings.SplitSeq(string(data), "\n") {
			f.Add("[" + strings.TrimSuffix(line, ",") + "]")
		}
	}
	f.Fuzz(func(t *testing.T, file string) {
		feed, faults := store.ParseMeetingGuide("f.json", strings.NewReader(file), guideOptions)
		last := 0
		for _, fault := range faults {
			if fault.What == "" || fault.Mend == "" || fault.Row > 0 && fault.Row < last {
				t.Errorf("out of order, or without what or mend: %s", fault)
			}
			last = max(last, fault.Row)
			fault.Slug = "" // it may hold a post code and a time
			if found := sixDigits.FindString(advice.ReplaceAllString(fault.Error(), "x")); found != "" {
				t.Errorf("a fault repeats digits of the file: %s", fault)
			}
		}
		slugs := map[string]bool{}
		for _, slug := range feed.Held {
			slugs[slug] = true
		}
		for _, g := range feed.Groups {
			checkFeedGroup(t, g)
			if slugs[g.Slug] {
				t.Errorf("slug %q is there twice", g.Slug)
			}
			slugs[g.Slug] = true
		}
	})
}

// checkFeedGroup holds what phone and texts need to find the group and send
// somebody there.
func checkFeedGroup(t *testing.T, g store.Group) {
	t.Helper()
	if g.Slug == "" || g.Name[""] == "" || len(g.Meetings) == 0 || len(g.Languages) == 0 || !slices.Contains(g.Topics, "recovery") {
		t.Errorf("a group that cannot be found: %+v", g)
	}
	if g.Bridge == (g.Place != "") || g.Bridge == g.BridgeDial.IsZero() {
		t.Errorf("a group that is not either a bridge or a place: %+v", g)
	}
	for _, m := range g.Meetings {
		if err := m.Validate(); err != nil {
			t.Errorf("a meeting that cannot be: %v", err)
		}
	}
}

// A number that other rows reach with a meeting's id leads nowhere without one;
// an address beside it still does.
func TestASharedNumberWithAnAddressBecomesAPlace(t *testing.T) {
	t.Parallel()
	const rows = `[
		{"name": "One", "slug": "one", "day": 1, "time": "19:00", "conference_phone": "+12155550123,,4821#"},
		{"name": "Two", "slug": "two", "day": 2, "time": "19:00", "conference_phone": "+12155550123",
		 "location": "Church Hall", "address": "12 Elm Street", "city": "Springfield", "state": "PA", "formatted_address": "12 Elm Street, Springfield, PA 19064, USA"},
		{"name": "Three", "slug": "three", "day": 3, "time": "19:00", "conference_phone": "+12155550123", "conference_url": "https://example.org/3"}
	]`
	feed, faults := store.ParseMeetingGuide("feed.json", strings.NewReader(rows), store.ParseOptions{
		Languages: []string{"en"}, CodeLength: 6, Timezone: "America/New_York", Countries: []string{"US"},
	})
	if len(feed.Groups) != 2 || !feed.Groups[0].Bridge || feed.Groups[1].Bridge || !strings.Contains(feed.Groups[1].Place, "Elm Street") {
		t.Errorf("the groups are %+v", feed.Groups)
	}
	warned, refused := 0, 0
	for _, f := range faults {
		if f.Warning {
			warned++
		} else {
			refused++
		}
	}
	if warned != 1 || refused != 1 {
		t.Errorf("the report is %v", faults)
	}
}
