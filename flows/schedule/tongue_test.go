package schedule

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestTongues says in each language every half hour of a day, every weekday, date and
// month, every zone and every shape of a series. Its files are for reading aloud.
func TestTongues(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			said := everything(t, lang)
			file := filepath.Join("testdata", lang+".golden")
			if *update {
				if err := os.WriteFile(file, []byte(said), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, lines := strings.Split(said, "\n"), strings.Split(string(want), "\n")
			for i := range min(len(got), len(lines)) {
				if got[i] != lines[i] {
					t.Fatalf("line %d of %s\n is %q,\nwant %q", i+1, file, got[i], lines[i])
				}
			}
			if len(got) != len(lines) {
				t.Errorf("%s has %d lines, want %d", file, len(lines), len(got))
			}
		})
	}
}

func everything(t *testing.T, lang string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	noon := instant(t, now)
	at := func(zone, wall string) time.Time { return in(t, zone, wall) }
	line("# half hours: spoken · as what the time is · written")
	for half := range 48 {
		for _, past := range []int{0, 5} {
			if past > 0 && half%6 > 0 {
				continue
			}
			clock := at("America/New_York", fmt.Sprintf("2026-11-24T%02d:%02d", half/2, half%2*30+past))
			line("%s · %s · %s", Spoken(lang, clock, noon), Clock(lang, clock), Written(lang, clock, noon))
		}
	}
	line("# days from four ago to eight ahead")
	for d := -4; d <= 8; d++ {
		day := at("America/New_York", "2026-11-22T19:15").AddDate(0, 0, d)
		line("%s · %s", Spoken(lang, day, noon), Written(lang, day, noon))
	}
	line("%s", Spoken(lang, at("America/New_York", "2026-11-23T00:00"), noon))
	line("# weekdays, months, dates, minutes, numbers")
	for d := range 7 {
		line("%s", Weekday(lang, time.Weekday(d)))
	}
	for m := range 12 {
		first := at("America/New_York", fmt.Sprintf("2027-%02d-%02dT20:00", m+1, m+1))
		line("%s · %s · %s", Month(lang, first), Spoken(lang, first, noon), Written(lang, first, noon))
	}
	for d := range 31 {
		line("%s", Spoken(lang, at("America/New_York", fmt.Sprintf("2027-01-%02dT19:%02d", d+1, d+1)), noon))
	}
	for n := range 60 {
		line("%s · %s", wordsOf(lang).minute(n), Number(lang, n))
	}
	line("# zones")
	for _, zone := range []string{"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles", "America/Anchorage",
		"Pacific/Honolulu", "America/Halifax", "America/St_Johns", "America/Puerto_Rico", "America/Regina", "America/Port-au-Prince", "America/Sao_Paulo",
		"America/Mexico_City", "Europe/Paris", "Asia/Shanghai", "UTC", "Etc/GMT+5"} {
		when := at(zone, "2026-11-24T19:00")
		line("%s · %s · %s", Zone(lang, when), Spoken(lang, when, noon), Written(lang, when, noon))
	}
	line("# series")
	for _, s := range seriesShapes {
		m := mustMeeting(t, s.start, "America/New_York", s.rule, 60)
		line("%s: %s · %s", s.rule, SpokenSeries(lang, m), WrittenSeries(lang, m))
	}
	return b.String()
}

// seriesShapes are what a meeting's rule can look like.
var seriesShapes = func() (all []struct{ start, rule string }) {
	for _, rule := range []string{
		"FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=WE", "FREQ=WEEKLY;BYDAY=TH", "FREQ=WEEKLY;BYDAY=FR",
		"FREQ=WEEKLY;BYDAY=SA", "FREQ=WEEKLY;BYDAY=SU", "FREQ=WEEKLY;BYDAY=TH,TU,SU", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
		"FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,SU", "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,SA",
		"FREQ=DAILY", "FREQ=DAILY;INTERVAL=2", "FREQ=DAILY;INTERVAL=14", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;BYDAY=3WE",
		"FREQ=MONTHLY;BYDAY=4TH", "FREQ=MONTHLY;BYDAY=5FR", "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=MONTHLY;BYDAY=-2SA", "FREQ=MONTHLY;BYDAY=-3MO",
		"FREQ=MONTHLY;BYDAY=1MO,3MO,-1FR", "FREQ=MONTHLY;BYDAY=1SA,2SA,3SA", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU;BYSETPOS=2", "FREQ=MONTHLY;INTERVAL=3;BYDAY=SU;BYSETPOS=-1",
		"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=MONTHLY;BYMONTHDAY=15", "FREQ=MONTHLY;BYMONTHDAY=1,15,-1", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1",
		"FREQ=WEEKLY;BYDAY=TU;BYMONTH=11,12,1", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "",
	} {
		all = append(all, struct{ start, rule string }{"2026-11-24T19:30", rule})
	}
	return all
}()

// TestEveryTongueIsWhole holds that no word of a language is empty, nor left in
// another's, and that two times never sound alike.
func TestEveryTongueIsWhole(t *testing.T) {
	t.Parallel()
	noon := instant(t, now)
	for _, lang := range Languages() {
		l := wordsOf(lang)
		for _, list := range [][]string{l.weekdays[:], l.shortWeekdays[:], l.months[:], l.shortMonths[:], l.monthDays[:], l.numbers[:], l.series.plural[:], l.clock.at.hours[:], l.clock.now.hours[:]} {
			for i, word := range list {
				if strings.TrimSpace(word) == "" || word != strings.TrimSpace(word) {
					t.Errorf("%s: %q is word %d of %q", lang, word, i, list)
				}
			}
		}
		for _, n := range []int{1, 2, 3, 4, 5, -1, -2, -3} {
			for day := range 7 {
				if word, ok := l.ordinal(n, day); !ok || word == "" {
					t.Errorf("%s has no word for %d", lang, n)
				}
			}
		}
		seen, written := map[string]int{}, map[string]int{}
		for minute := range 24 * 60 {
			at := in(t, "America/New_York", fmt.Sprintf("2026-12-24T%02d:%02d", minute/60, minute%60))
			for words, times := range map[string]map[string]int{Spoken(lang, at, noon): seen, Written(lang, at, noon): written} {
				if other, ok := times[words]; ok {
					t.Errorf("%s: minutes %d and %d of a day are both %q", lang, other, minute, words)
				}
				times[words] = minute
				if lang == "zh-Hans" && strings.ContainsFunc(words, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Han, r) }) {
					t.Errorf("%q is not Chinese", words)
				}
			}
		}
	}
}

// TestClocksChange: the day on which clocks change keeps its words, and the hour that
// comes twice is said once.
func TestClocksChange(t *testing.T) {
	t.Parallel()
	noon := instant(t, "2026-10-30T12:00:00-04:00")
	for lang, want := range map[string][2]string{
		"fr":      {"le dimanche 8 mars à trois heures trente du matin, heure de l'Est", "dimanche à une heure trente du matin, heure de l'Est"},
		"ht":      {"dimanch uit mas a twazè edmi nan maten, lè Lès", "dimanch a inè edmi nan maten, lè Lès"},
		"pt-BR":   {"domingo, 8 de março, às três e meia da madrugada, horário do Leste", "domingo à uma e meia da madrugada, horário do Leste"},
		"zh-Hans": {"三月八号星期日东部时间凌晨三点半", "星期日东部时间凌晨一点半"},
	} {
		skipped, twice := in(t, "America/New_York", "2026-03-08T02:30"), in(t, "America/New_York", "2026-11-01T01:30")
		for i, at := range []time.Time{skipped, twice} {
			if got := Spoken(lang, at, noon); got != want[i] {
				t.Errorf("%s: %q, want %q", lang, got, want[i])
			}
		}
	}
}

// Who speaks a language that is not here hears one that they may understand, which
// does not count as theirs.
func TestNearLanguages(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{"wo": "mardi", "gl": "martes", "tlh": "Tuesday"} {
		if got := Weekday(lang, time.Tuesday); got != want || Speaks(lang) {
			t.Errorf("Weekday(%q) is %q, want %q", lang, got, want)
		}
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	if got := strings.Join(Languages(), " "); got != "en es fr ht pt-BR zh-Hans" {
		t.Errorf("languages are %s", got)
	}
	for lang, want := range map[string]string{
		"en": "Tuesday", "es": "martes", "es-MX": "martes", "ES": "martes", "fr-CA": "mardi", "ht": "madi", "ht-HT": "madi", "pt": "terça-feira", "pt-PT": "terça-feira",
		"zh": "星期二", "zh-CN": "星期二", "zh-TW": "星期二", "": "Tuesday", "de": "Tuesday", "x": "Tuesday", "!": "Tuesday",
	} {
		if got := Weekday(lang, time.Tuesday); got != want {
			t.Errorf("Weekday(%q) is %q, want %q", lang, got, want)
		}
		if speaks := Speaks(lang); speaks != (want != "Tuesday" || lang == "en") {
			t.Errorf("Speaks(%q) is %t", lang, speaks)
		}
	}
}
