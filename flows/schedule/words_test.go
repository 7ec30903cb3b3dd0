package schedule

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// now is a Sunday noon in New York.
const now = "2026-11-22T12:00:00-05:00"

func in(t *testing.T, zone, wall string) time.Time {
	t.Helper()
	w, err := ParseWall(wall)
	if err != nil {
		t.Fatal(err)
	}
	loc, err := LoadZone(zone)
	if err != nil {
		t.Fatal(err)
	}
	return w.In(loc)
}

func TestSpoken(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, wall, en, es string }{
		{"America/New_York", "2026-11-22T19:00",
			"today at seven in the evening, Eastern time",
			"hoy a las siete de la noche, hora del Este"},
		{"America/New_York", "2026-11-22T18:30",
			"today at six thirty in the evening, Eastern time",
			"hoy a las seis y media de la tarde, hora del Este"},
		{"America/Chicago", "2026-11-23T13:00",
			"tomorrow at one in the afternoon, Central time",
			"mañana a la una de la tarde, hora del Centro"},
		{"America/Denver", "2026-11-23T12:00",
			"tomorrow at noon, Mountain time",
			"mañana a mediodía, hora de la Montaña"},
		{"America/Los_Angeles", "2026-11-24T07:15",
			"Tuesday at seven fifteen in the morning, Pacific time",
			"el martes a las siete y cuarto de la mañana, hora del Pacífico"},
		{"America/Phoenix", "2026-11-28T21:05",
			"Saturday at nine oh five at night, Arizona time",
			"el sábado a las nueve y cinco de la noche, hora de Arizona"},
		{"America/Anchorage", "2026-11-29T00:30",
			"Sunday, November 29th at twelve thirty at night, Alaska time",
			"el domingo 29 de noviembre a las doce y media de la madrugada, hora de Alaska"},
		{"Pacific/Honolulu", "2026-12-01T05:45",
			"Tuesday, December 1st at five forty-five in the morning, Hawaii time",
			"el martes primero de diciembre a las cinco y cuarenta y cinco de la mañana, hora de Hawái"},
		{"America/Halifax", "2026-11-25T02:22",
			"Wednesday at two twenty-two in the morning, Atlantic time",
			"el miércoles a las dos y veintidós de la madrugada, hora del Atlántico"},
		{"America/St_Johns", "2026-11-27T12:40",
			"Friday at twelve forty in the afternoon, Newfoundland time",
			"el viernes a las doce y cuarenta de la tarde, hora de Terranova"},
		{"America/Bogota", "2026-11-22T20:00",
			"today at eight in the evening, Bogotá time",
			"hoy a las ocho de la noche, hora de Bogotá"},
		{"America/Argentina/Buenos_Aires", "2026-11-22T23:10",
			"today at eleven ten at night, Buenos Aires time",
			"hoy a las once y diez de la noche, hora de Buenos Aires"},
		{"Europe/London", "2026-11-24T19:00",
			"Tuesday at seven in the evening, London time",
			"el martes a las siete de la noche, hora de Londres"},
		{"UTC", "2026-11-24T19:00",
			"Tuesday at seven in the evening, universal time",
			"el martes a las siete de la noche, hora universal"},
		{"Etc/GMT+5", "2026-11-24T19:00",
			"Tuesday at seven in the evening, UTC-05",
			"el martes a las siete de la noche, UTC-05"},
		// The first minute of a day is the one time that people take for the
		// end of that day.
		{"America/New_York", "2026-11-23T00:00",
			"tonight at midnight, Eastern time",
			"esta noche a medianoche, hora del Este"},
		{"America/New_York", "2026-11-24T00:00",
			"Tuesday at midnight, as the day begins, Eastern time",
			"el martes a medianoche, cuando empieza el día, hora del Este"},
		{"America/New_York", "2026-11-21T23:30",
			"yesterday at eleven thirty at night, Eastern time",
			"ayer a las once y media de la noche, hora del Este"},
		{"America/New_York", "2026-11-17T19:00",
			"Tuesday, November 17th at seven in the evening, Eastern time",
			"el martes 17 de noviembre a las siete de la noche, hora del Este"},
		// It is Monday there already.
		{"Asia/Tokyo", "2026-11-23T19:00",
			"today at seven in the evening, Tokyo time",
			"hoy a las siete de la noche, hora de Tokio"},
	} {
		at := in(t, c.zone, c.wall)
		for lang, want := range map[string]string{"en": c.en, "es": c.es} {
			if got := Spoken(lang, at, instant(t, now)); got != want {
				t.Errorf("%s in %s\n is %q,\nwant %q", c.wall, c.zone, got, want)
			}
		}
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	for wall, want := range map[string][2]string{
		"2026-11-22T19:05": {"seven oh five in the evening", "son las siete y cinco de la noche"},
		"2026-11-22T13:00": {"one in the afternoon", "es la una de la tarde"},
		"2026-11-22T06:30": {"six thirty in the morning", "son las seis y media de la mañana"},
		"2026-11-22T12:00": {"noon", "es mediodía"},
		"2026-11-22T00:00": {"midnight", "es medianoche"},
		"2026-11-22T00:15": {"twelve fifteen at night", "son las doce y cuarto de la madrugada"},
	} {
		at := in(t, "America/New_York", wall)
		if en, es := Clock("en", at), Clock("es", at); en != want[0] || es != want[1] {
			t.Errorf("%s is %q and %q", wall, en, es)
		}
	}
}

func TestWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, wall, en, es string }{
		{"America/New_York", "2026-11-22T19:00", "today 7 pm ET", "hoy 7 pm ET"},
		{"America/Chicago", "2026-11-23T19:30", "tomorrow 7:30 pm CT", "mañana 7:30 pm CT"},
		{"America/Denver", "2026-11-24T12:00", "Tue Nov 24, noon MT", "mar 24 nov, mediodia MT"},
		{"America/Los_Angeles", "2026-12-05T00:00", "Sat Dec 5, 12 am PT", "sab 5 dic, 12 am PT"},
		{"America/Phoenix", "2026-11-25T12:05", "Wed Nov 25, 12:05 pm Arizona time", "mié 25 nov, 12:05 pm hora de Arizona"},
		{"Pacific/Honolulu", "2026-11-26T09:00", "Thu Nov 26, 9 am Hawaii time", "jue 26 nov, 9 am hora de Hawai"},
		{"America/Bogota", "2026-11-22T20:00", "today 8 pm Bogota time", "hoy 8 pm hora de Bogota"},
		{"America/Mexico_City", "2026-11-22T20:00", "today 8 pm Mexico City time", "hoy 8 pm hora de Ciudad de México"},
		{"UTC", "2026-11-22T20:00", "today 8 pm UTC", "hoy 8 pm UTC"},
	} {
		at := in(t, c.zone, c.wall)
		for lang, want := range map[string]string{"en": c.en, "es": c.es} {
			if got := Written(lang, at, instant(t, now)); got != want {
				t.Errorf("%s in %s is %q, want %q", c.wall, c.zone, got, want)
			}
		}
	}
}

func TestSpokenSeries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ start, rule, en, es string }{
		{"2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU",
			"Tuesdays at seven in the evening, Eastern time",
			"los martes a las siete de la noche, hora del Este"},
		{"2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TH,TU,SU",
			"Tuesdays, Thursdays and Sundays at seven in the evening, Eastern time",
			"los martes, jueves y domingos a las siete de la noche, hora del Este"},
		{"2026-11-24T12:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
			"Monday to Friday at noon, Eastern time",
			"de lunes a viernes a mediodía, hora del Este"},
		{"2026-11-26T19:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
			"every second Thursday at seven in the evening, Eastern time",
			"un jueves sí y otro no, a las siete de la noche, hora del Este"},
		{"2026-11-24T19:00", "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,SA",
			"every three weeks on Tuesday and Saturday at seven in the evening, Eastern time",
			"cada tres semanas, los martes y sábados, a las siete de la noche, hora del Este"},
		{"2026-11-24T06:30", "FREQ=DAILY",
			"every day at six thirty in the morning, Eastern time",
			"todos los días a las seis y media de la mañana, hora del Este"},
		{"2026-11-24T06:30", "FREQ=DAILY;INTERVAL=14",
			"every 14 days at six thirty in the morning, Eastern time",
			"cada 14 días a las seis y media de la mañana, hora del Este"},
		{"2026-11-24T00:00", "FREQ=DAILY;BYDAY=SA,SU",
			"Saturdays and Sundays at midnight, as the day begins, Eastern time",
			"los sábados y domingos a medianoche, cuando empieza el día, hora del Este"},
		{"2026-11-02T19:00", "FREQ=MONTHLY;BYDAY=1MO",
			"the first Monday of the month at seven in the evening, Eastern time",
			"el primer lunes del mes a las siete de la noche, hora del Este"},
		{"2026-11-02T19:00", "FREQ=MONTHLY;BYDAY=1MO,3MO,-1FR",
			"the first and third Monday and the last Friday of the month at seven in the evening, Eastern time",
			"el primer y tercer lunes y el último viernes del mes a las siete de la noche, hora del Este"},
		{"2026-11-02T19:00", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU;BYSETPOS=2",
			"the second Tuesday of the month, every two months, at seven in the evening, Eastern time",
			"el segundo martes del mes, cada dos meses, a las siete de la noche, hora del Este"},
		{"2026-11-02T19:00", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
			"the last working day of the month at seven in the evening, Eastern time",
			"el último día laborable del mes a las siete de la noche, hora del Este"},
		{"2026-11-02T19:00", "FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
			"the 1st, 15th and last day of the month at seven in the evening, Eastern time",
			"el primero, el 15 y el último día del mes a las siete de la noche, hora del Este"},
		{"2026-11-24T19:00", "FREQ=MONTHLY",
			"the 24th of the month at seven in the evening, Eastern time",
			"el 24 del mes a las siete de la noche, hora del Este"},
		{"2026-11-24T19:00", "FREQ=MONTHLY;BYDAY=TU",
			"Tuesdays at seven in the evening, Eastern time",
			"los martes a las siete de la noche, hora del Este"},
		{"2026-11-24T19:00", "FREQ=WEEKLY;BYMONTH=11,12,1",
			"Tuesdays in November, December and January at seven in the evening, Eastern time",
			"los martes en noviembre, diciembre y enero a las siete de la noche, hora del Este"},
		{"2026-11-13T19:00", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
			"on days that vary, at seven in the evening, Eastern time",
			"en días que varían, a las siete de la noche, hora del Este"},
		{"2026-11-24T19:00", "",
			"once, on Tuesday, November 24th at seven in the evening, Eastern time",
			"una sola vez, el martes 24 de noviembre a las siete de la noche, hora del Este"},
	} {
		m := mustMeeting(t, c.start, "America/New_York", c.rule, 60)
		for lang, want := range map[string]string{"en": c.en, "es": c.es} {
			if got := SpokenSeries(lang, m); got != want {
				t.Errorf("%s\n is %q,\nwant %q", c.rule, got, want)
			}
		}
	}
	if got := SpokenSeries("en", Meeting{Zone: "Eastern"}); got != "" {
		t.Errorf("a meeting with faults is said as %q", got)
	}
}

func TestWrittenSeries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ start, zone, rule, en, es string }{
		{"2026-11-24T19:00", "America/New_York", "FREQ=WEEKLY;BYDAY=SA", "Saturdays 7 pm ET", "los sabados 7 pm ET"},
		{"2026-11-24T12:00", "America/Chicago", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "every second Thursday noon CT", "un jueves si y otro no, mediodia CT"},
		{"2026-11-02T18:30", "America/New_York", "FREQ=MONTHLY;BYDAY=2TU", "the second Tuesday of the month 6:30 pm ET", "el segundo martes del mes 6:30 pm ET"},
	} {
		m := mustMeeting(t, c.start, c.zone, c.rule, 60)
		for lang, want := range map[string]string{"en": c.en, "es": c.es} {
			if got := WrittenSeries(lang, m); got != want {
				t.Errorf("%s\n is %q,\nwant %q", c.rule, got, want)
			}
		}
	}
	if got := WrittenSeries("en", Meeting{Zone: "Eastern"}); got != "" {
		t.Errorf("a meeting with faults is written as %q", got)
	}
}

// TestEveryRegionZone holds the table of regions to the zone database: each
// zone exists, is in one region only, and keeps its clock today.
func TestEveryRegionZone(t *testing.T) {
	t.Parallel()
	seen := make(map[string]region)
	for r, zones := range regionZones {
		for member := range strings.FieldsSeq(zones) {
			if other, ok := seen[member]; ok {
				t.Errorf("%s is in %s and %s", member, other, r)
			}
			seen[member] = r
			loc, err := LoadZone("America/" + member)
			if err != nil {
				loc, err = LoadZone(member)
			}
			if err != nil {
				t.Errorf("%s of %s: %v", member, r, err)
				continue
			}
			summer := []time.Time{time.Date(2025, 7, 1, 12, 0, 0, 0, loc)}
			if got, ok := regionOf(summer); !ok || got != r {
				t.Errorf("%s of %s keeps another clock", member, r)
			}
		}
		for _, lang := range Languages() {
			l := wordsOf(lang)
			if l.zone.regions[r] == "" || l.zone.textedRegions[r] == "" {
				t.Errorf("%s has no name in %s", r, lang)
			}
		}
	}
}

// TestARegionsNameIsItsClock: Mexico's border towns follow the United States,
// and did not always.
func TestARegionsNameIsItsClock(t *testing.T) {
	t.Parallel()
	for year, want := range map[string]string{
		"2020": "Wednesday, July 1st at noon, Ojinaga time",
		"2026": "Wednesday, July 1st at noon, Central time",
	} {
		if got := Spoken("en", in(t, "America/Ojinaga", year+"-07-01T12:00"), instant(t, now)); got != want {
			t.Errorf("in %s: %q, want %q", year, got, want)
		}
	}
}

// TestEveryMomentHasWords says any moment in any zone: whole, and as a text
// in the GSM alphabet.
func TestEveryMomentHasWords(t *testing.T) {
	t.Parallel()
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,:+-'àèéñòùüÉ" // of the GSM alphabet
	names := zoneNames(t)
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(names).Draw(t, "zone")
		loc, err := LoadZone(zone)
		if err != nil {
			t.Fatal(err)
		}
		current := provedFrom.Add(time.Duration(rapid.Int64Range(0, 8e6).Draw(t, "now")) * time.Minute)
		at := current.Add(time.Duration(rapid.IntRange(-3*24*60, 20*24*60).Draw(t, "in")) * time.Minute).In(loc)
		for _, lang := range Languages() {
			spoken, written := Spoken(lang, at, current), Written(lang, at, current)
			for _, words := range []string{spoken, written} {
				if words != strings.TrimSpace(words) || strings.ContainsAny(words, "{}_/") || strings.Contains(words, "  ") || strings.Contains(words, ", ,") {
					t.Fatalf("%s in %s is said as %q", at, lang, words)
				}
			}
			foreign := func(r rune) bool {
				return !strings.ContainsRune(letters, r) && !(lang == "zh-Hans" && unicode.Is(unicode.Han, r))
			}
			if strings.ContainsFunc(written, foreign) || utf8.RuneCountInString(written) > 60 {
				t.Fatalf("%s in %s is written as %q", at, lang, written)
			}
		}
	})
}
