package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/store/vault"
)

func TestParseConferencePhone(t *testing.T) {
	t.Parallel()
	const maryland = "+13015550143"
	for name, c := range map[string]struct {
		text         string
		number, keys string
		numbers      int
		why          reason
	}{
		"as the specification":             {"+13015550143,,123456789#,,4821#", maryland, ",,123456789#,,4821#", 1, reason{}},
		"no keys":                          {"+13015550143", maryland, "", 1, reason{}},
		"as people write it":               {"+1 (301) 555-0143,, 123 456 789#", maryland, ",,123456789#", 1, reason{}},
		"without +":                        {"13015550143,,123456789#", maryland, ",,123456789#", 1, reason{}},
		"without the country":              {"3015550143,,123456789#", maryland, ",,123456789#", 1, reason{}},
		"without the 1":                    {"+3015550143,123456789#", maryland, ",123456789#", 1, reason{}},
		"double prefix":                    {"+1+13015550143,,123456789#", maryland, ",,123456789#", 1, reason{}},
		"double plus":                      {"++13015550143", maryland, "", 1, reason{}},
		"two numbers":                      {"+13015550143,,123456789#+12025550143,,987654321#,,1#", maryland, ",,123456789#", 2, reason{}},
		"two, the first useless":           {"+13015550143,,#,,#+12025550143,,987654321#", "+12025550143", ",,987654321#", 2, reason{}},
		"two, a pass-code with the second": {"+13015550143,,864#+12025550143,,864#,,1#", "+12025550143", ",,864#,,1#", 2, reason{}},
		"two with a bar":                   {"3015550143 / 2025550143", maryland, "", 2, reason{}},
		"two without use":                  {"+13015550143,,#+19005550143,,1#", "", "", 2, dialNoID},
		"no id":                            {"+13015550143,,#,,#,,#", "", "", 1, dialNoID},
		"no id but a pass-code":            {"+13015550143,,#,,#,,771961#", "", "", 1, dialNoID},
		"no participant's id":              {"+13015550143,,123456789#,,#,,4821#", maryland, ",,123456789#,,#,,4821#", 1, reason{}},
		"no # at the end":                  {"+13015550143,,123456789", maryland, ",,123456789", 1, reason{}},
		"pauses at the end":                {"+13015550143,,123456789#,,#,,", maryland, ",,123456789#,,#", 1, reason{}},
		"no pause":                         {"+13015550143#123#", "", "", 1, dialNoID},
		"no pause before a star":           {"+13015550143*67#", maryland, ",,*67#", 1, reason{}},
		"star inside":                      {"+13015550143,,123#,,*4821#", maryland, ",,123#,,*4821#", 1, reason{}},
		"semicolons":                       {"+13015550143;;123#", maryland, ",,123#", 1, reason{}},
		"letters in the pass-code":         {"+13015550143,,123#,,ab12CD#", "", "", 0, dialLetters},
		"words":                            {"301-555-0143 ext. 12", "", "", 0, dialLetters},
		"other signs":                      {"+13015550143,,123#!", "", "", 0, dialSigns},
		"short number":                     {"988", "", "", 1, dialNotNumber},
		"no number":                        {",,123456789#", "", "", 1, dialNotNumber},
		"garbage":                          {"+11", "", "", 1, dialNotNumber},
		"nothing but signs":                {"+,#", "", "", 1, dialNotNumber},
		"premium rate":                     {"+19005550143,,1#", "", "", 1, bridgeFault(mustNumber(t, "+19005550143"), nil)},
		"another country":                  {"+442079460143,,1#", "", "", 1, bridgeFault(mustNumber(t, "+442079460143"), []string{"US", "CA"})},
		"Jamaica dials like home":          {"+18765550143,,1#", "", "", 1, bridgeFault(mustNumber(t, "+18765550143"), []string{"US", "CA"})},
		"an area code of nobody":           {"+15935550143,,1#", "", "", 1, bridgeFault(mustNumber(t, "+15935550143"), []string{"US"})},
		"more keys than fit":               {"+13015550143,," + strings.Repeat("1#", 40), "", "", 1, dialTooLong},
	} {
		d, numbers, why := parseConferencePhone(c.text, []string{"US", "CA"})
		if why != c.why || numbers != c.numbers {
			t.Errorf("%s: %d numbers, %+v", name, numbers, why)
		}
		if got := d.Number().Reveal(vault.ForDial); got != c.number || d.Keys() != c.keys {
			t.Errorf("%s: %s %s, want %s %s", name, got, d.Keys(), c.number, c.keys)
		}
		if d.IsZero() {
			continue
		}
		if _, err := ParseDial(c.number + c.keys); err != nil {
			t.Errorf("%s: a groups file could not hold it: %v", name, err)
		}
	}
}

func mustNumber(t *testing.T, s string) vault.Number {
	t.Helper()
	n, err := vault.ParseNumber(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestParseConferencePhoneAnywhere(t *testing.T) {
	t.Parallel()
	d, _, why := parseConferencePhone("+442079460143,,1#", nil)
	if why != (reason{}) || d.Number().Country() != "GB" {
		t.Errorf("no list of countries means any: %+v", why)
	}
	if _, _, why = parseConferencePhone("+448715550143", nil); !strings.Contains(why.what, "premium") {
		t.Errorf("a British premium number: %+v", why)
	}
}

func TestParseClock(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"18:00": 1080, "07:05": 425, "7:05": 425, "18:00:00": 1080, "6:00 PM": 1080, "6:00PM": 1080, "6 p.m.": 1080,
		"6pm": 1080, "12:00 am": 0, "12:30 PM": 750, "noon": 720, "Midnight": 0, "24:00": 0, "19.30": 1170, "0:00": 0,
		"": -1, "25:00": -1, "19:60": -1, "13:00 PM": -1, "0:30 am": -1, "19": -1, "soon": -1, "7 to 8 pm": -1,
	} {
		got, ok := parseClock(text)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestParseDays(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		`0`: "[Sunday]", `"6"`: "[Saturday]", `3.0`: "[Wednesday]", `[3,0,3]`: "[Sunday Wednesday]", `["1","5"]`: "[Monday Friday]",
		`"Tuesday"`: "[Tuesday]", `"thurs."`: "[Thursday]", `"Mondays"`: "[Monday]", `"1, 3"`: "[Monday Wednesday]",
		`null`: "[]", `""`: "[]", `[]`: "[]", `7`: "", `-1`: "", `[1,9]`: "", `"T"`: "", `"someday"`: "", `1.5`: "",
	} {
		row := guideRow{"day": json.RawMessage(value)}
		got := ""
		if days, ok := parseDays(row.texts("day")); ok {
			got = fmt.Sprint(days)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

func TestGuidePlace(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]guidePlace{
		`{"location": "First Church", "formatted_address": "Newtown, PA 18940, USA"}`:                                       {"First Church, Newtown, PA", false},
		`{"location": "First Church", "formatted_address": "1 Main St, Newtown, PA 18940-1234, US"}`:                        {"First Church, 1 Main St, Newtown, PA", true},
		`{"location": "1 Main St", "formatted_address": "1 Main St, Newtown, PA 18940, USA"}`:                               {"1 Main St, Newtown, PA", true},
		`{"location": "Hall", "formatted_address": "PA, 19040, USA"}`:                                                       {"Hall, PA", false},
		`{"formatted_address": "10 Downing St, London SW1A 2AA, UK"}`:                                                       {"10 Downing St, London SW1A 2AA, UK", true},
		`{"address": "5 King St W @ Bay", "city": "Toronto", "state": "ON", "postal_code": "M5H 1A1", "country": "Canada"}`: {"5 King St W, Toronto, ON", true},
		`{"location": "Rodeo &amp; Beach", "city": "Mill Valley", "state": "CA"}`:                                           {"Rodeo & Beach, Mill Valley, CA", false},
		`{"location": "Hall, call 301-555-0143 or ann@example.org", "city": "Bowie"}`:                                       {"Hall, call or, Bowie", false},
		`{"location": "Hall", "formatted_address": "5 Elm St, Bowie, MD", "approximate": "yes"}`:                            {"Hall, 5 Elm St, Bowie, MD", false},
		`{"formatted_address": "Newtown, PA 18940, USA"}`:                                                                   {},
		`{"location": "Virtual Only (D23)", "formatted_address": "Philadelphia, PA, USA"}`:                                  {},
		`{"location": "Zoom", "city": "Marin", "state": "CA"}`:                                                              {},
		`{"formatted_address": "5 Elm St, Bowie, MD", "approximate": "Yes"}`:                                                {},
		`{}`: {},
	} {
		if d := cmp.Diff(want, readGuideRow(json.RawMessage(row)).place(), cmp.AllowUnexported(guidePlace{})); d != "" {
			t.Errorf("%s: %s", row, d)
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Sober &amp; <b>Gay</b>": "Sober & Gay", "Fran&amp;#8217;s": "Fran’s", "a\u200bb\nc\t d ": "ab c d",
		"&lt;script&gt;x&lt;/script&gt;": "x", "I <3 you": "I <3 you", "\x00\ufffd": "", "<p>One<br/>Two</p>": "One Two",
	} {
		if got := plain(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestWithoutContacts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Call Ann at (301) 555-0143":    "Call Ann at",
		"ID 845 2345 6123":              "ID",
		"ID: 84523456123 daily":         "ID: daily",
		"555-0143 noon":                 "noon",
		"see https://example.org/x?y=1": "see",
		"www.example.org group":         "group",
		"write a.b@example.org":         "write",
		"12 & 12":                       "12 & 12",
		"NO Online 7-17-2021":           "NO Online 7-17-2021",
		"Fire House 1647 Delmar Dr":     "Fire House 1647 Delmar Dr",
		"12345 67th Ave":                "12345 67th Ave",
		"5:15 PM Speaker Discussion":    "5:15 PM Speaker Discussion",
		"3015550143":                    "",
	} {
		got, held := withoutContacts(text)
		if got != want || held != (got != text) {
			t.Errorf("%q: %q %v, want %q", text, got, held, want)
		}
	}
}

func TestSlugsThatHoldANumber(t *testing.T) {
	t.Parallel()
	for slug, want := range map[string]bool{
		"call-301-555-0143": true, "3015550143": true, "ann-1-301-555-0143-x": true,
		"meeting-980-durham-rd-newtown-pa-18940-usa-1-070000": false, "group-18940-2-070000": false, "12345": false,
	} {
		if got := numberInSlug.MatchString(slug); got != want {
			t.Errorf("%s: %v", slug, got)
		}
	}
}

func TestClip(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, want string
		most       int
	}{{"Evening circle", "Evening circle", 14}, {"Evening circle", "Evening", 13}, {"Evening, & circle", "Evening", 11}, {"Éééééé", "Ééé", 3}} {
		if got := clip(c.text, c.most); got != c.want {
			t.Errorf("%q to %d: %q", c.text, c.most, got)
		}
	}
}

// The codes of the specification, src/types.ts of code4recovery/spec.
const specCodes = `11 12x12 A ABSI AF AL AL-AN AM AR ASL B BA BE BG BI BRK C CAN CF D DA DB DD DE DR EL EN FA FI FF FR G GR H HE HI HR
	HU IS ITA JA KA KOR L LGBTQ LIT LS LT M MED ML MT N NB NDG NE NL NO O OUT P POA POC POL POR PUN RUS S SEN SK SL SM SP ST SV T
	TC TH TL TR TUR UK W X XB XT Y`

func TestGuideTypesCoverTheSpecification(t *testing.T) {
	t.Parallel()
	codes := strings.Fields(specCodes)
	if len(codes) != 87 {
		t.Fatalf("%d codes", len(codes))
	}
	for _, code := range codes {
		byCode, ok := findGuideType(strings.ToLower(code))
		if !ok {
			t.Errorf("%s is not in the table", code)
			continue
		}
		if byName, ok := findGuideType(byCode.name); !ok || byName.name != byCode.name {
			t.Errorf("%s is not known by its name", code)
		}
	}
	if extra := len(guideTypes) - len(codes); extra != 3 {
		t.Errorf("%d codes beside the specification's, want ONL, BV-I and D-HOH", extra)
	}
	for name, want := range guideLanguages {
		if found, ok := findGuideType(strings.ToUpper(name)); !ok || found.language != want || !isLanguage(want) {
			t.Errorf("%s is %q, want %s", name, found.language, want)
		}
	}
	languages := 0
	for code, g := range guideTypes {
		for _, topic := range g.topics {
			if !IsTopic(topic) {
				t.Errorf("%s: %q is no topic", code, topic)
			}
		}
		if g.language != "" {
			languages++
			if !isLanguage(g.language) {
				t.Errorf("%s: %q is no language", code, g.language)
			}
		}
	}
	if languages != 39 {
		t.Errorf("%d languages", languages)
	}
}

func TestTopicsAndLanguagesOfARow(t *testing.T) {
	t.Parallel()
	for types, want := range map[string]struct {
		phone, place string
		languages    string
	}{
		`["O","D","W"]`:          {"discussion open-to-all recovery women", "discussion open-to-all recovery women", "[en]"},
		`["C","ST"]`:             {"recovery steps", "recovery steps", "[en]"},
		`["O","C"]`:              {"recovery", "recovery", "[en]"},
		`["X","CF","BE"]`:        {"newcomers recovery", "child-friendly newcomers recovery wheelchair", "[en]"},
		`["S","EN","onl"]`:       {"recovery", "recovery", "[es en]"},
		`["ASL"]`:                {"recovery", "recovery", "[en ase]"},
		`["FR","ASL"]`:           {"recovery", "recovery", "[fr ase]"},
		`"LGBTQ, T"`:             {"lgbtq recovery transgender", "lgbtq recovery transgender", "[en]"},
		`["young people","lit"]`: {"literature recovery young-people", "literature recovery young-people", "[en]"},
		`["no such type", 11]`:   {"meditation recovery", "meditation recovery", "[en]"},
		`null`:                   {"recovery", "recovery", "[en]"},
	} {
		p := &guideParser{opt: ParseOptions{Languages: []string{"en", "es"}, Topics: []string{"recovery"}}, row: 1}
		got := p.types(guideRow{"types": json.RawMessage(types)})
		phone, place := strings.Join(got.topics(false), " "), strings.Join(got.topics(true), " ")
		if phone != want.phone || place != want.place || fmt.Sprint(got.languages) != want.languages {
			t.Errorf("%s: by telephone %s, at a place %s, in %v", types, phone, place, got.languages)
		}
		if strange := len(p.strange) > 0; strange != strings.Contains(types, "no such") {
			t.Errorf("%s: strange %v", types, strange)
		}
	}
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]FileKind{
		"groups:\n  - name: x":          GroupsFile,
		`{"groups": []}`:                GroupsFile,
		"{groups: [{name: x}]}":         GroupsFile,
		"# name, day, time\ngroups: []": GroupsFile,
		"":                              GroupsFile,
		"\xef\xbb\xbf [{\"name\": \"x\", \"slug\": \"x\"}]": MeetingGuide,
		"[]": MeetingGuide,
		"[{": MeetingGuide,
		`[{"id_bigint": "1", "weekday_tinyint": "2"}]`:       BMLT,
		`{"meetings": [], "formats": []}`:                    BMLT,
		`{"total_items": 1, "contents": []}`:                 HSDS,
		`[{"id": "x", "name": "y", "organization_id": "z"}]`: HSDS,
		`{"meetings": [{"slug": "x"}]}`:                      Wrapped,
		"BEGIN:VCALENDAR\r\nVERSION:2.0":                     ICalendar,
		"Time,End Time,Day,Name\n7:00,8:00,Monday,Early":     CSV,
		"\"Name\";\"Day\";\"Time\"\n":                        CSV,
		"<!DOCTYPE html><html>":                              Web,
		"PK\x03\x04xlsx":                                     Binary,
		"\xff\xfe[\x00{\x00":                                 Binary,
	} {
		if got := KindOf([]byte(text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestFeedName(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"/data/Philadelphia.json": "philadelphia", "aa sf_marin.test.json": "aa-sf-marin-test", "-": "", "été.json": "t",
	} {
		if got := FeedName(file); got != want || want != "" && !IsFeedName(got) {
			t.Errorf("%s: %q", file, got)
		}
	}
	if slices.ContainsFunc([]string{"", "A", "a b", "-a", strings.Repeat("a", 81)}, IsFeedName) {
		t.Error("a bad name passes")
	}
}
