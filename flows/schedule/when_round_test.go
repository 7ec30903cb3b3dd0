package schedule

import (
	"fmt"
	"strings"
	"testing"
)

// unzoned is what was said of a time in New York without the name of the zone, which
// who writes a time never gives.
func unzoned(lang, said string) string {
	l := wordsOf(lang)
	for _, zone := range []string{l.zone.regions[eastern], l.zone.textedRegions[eastern]} {
		said = strings.Replace(strings.TrimSuffix(strings.TrimSuffix(said, " "+zone), ", "+zone), zone, "", 1)
	}
	return said
}

// TestWhatIsWrittenIsRead: every half hour of a day comes back from each language's own
// words, and each shape of a series that can be written.
func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	noon := instant(t, now)
	for _, lang := range Languages() {
		for half := range 48 {
			wall := fmt.Sprintf("2026-12-24T%02d:%02d", half/2, half%2*30)
			at := in(t, "America/New_York", wall)
			texts := []string{unzoned(lang, Written(lang, at, noon))}
			if half > 1 { // midnight is of two days, and read as digits alone
				texts = append(texts, unzoned(lang, Spoken(lang, at, noon)))
			}
			for _, text := range texts {
				got, err := ParseWhen(lang, text, noon, "America/New_York")
				if err != nil || got.Start.String() != wall || got.Rule != "" {
					t.Errorf("%s %q is %v (%v), want %s", lang, text, got, err, wall)
				}
			}
		}
		for _, s := range seriesShapes {
			if !readable(s.rule) || lang == "en" && strings.HasPrefix(s.rule, "FREQ=WEEKLY;INTERVAL=2;BYDAY=") { // "every second" is asked
				continue
			}
			text := unzoned(lang, SpokenSeries(lang, mustMeeting(t, s.start, "America/New_York", s.rule, 60)))
			got, err := ParseWhen(lang, text, noon, "America/New_York")
			if err != nil || got.Rule != s.rule {
				t.Errorf("%s %q is %v (%v), want %s", lang, text, got, err, s.rule)
			}
		}
	}
}

// readable are the rules that have a way of being written.
func readable(rule string) bool {
	for _, part := range []string{"BYSETPOS", "BYMONTH=", "-2SA", "-3MO", "1,15,-1", "BYDAY=FR;BYMONTHDAY", "TH,TU,SU", "1MO,3MO,-1FR"} {
		if strings.Contains(rule, part) {
			return false
		}
	}
	return rule != ""
}
