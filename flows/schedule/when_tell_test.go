package schedule_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// What may not be of a time by itself is of none among other words.
func TestWordsThatMayTellATime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 18, 5, 0, 0, time.UTC)
	read := 0
	for lang, texts := range map[string]string{
		"en": "2nd Tuesday 7pm|every other friday 6:30 p.m. for 90 minutes|tomorrow at noon|Nov. 24 19:00|first and third monday, 7 o'clock pm|2026-12-24 19:00|weekdays 7-8:30pm|twenty-fourth of december 8pm",
		"es": "mañana a las 8 de la noche|los martes a las 19:30|cada dos viernes a las 7 y media de la tarde", "fr": "tous les mardis à 19h30|aujourd'hui 20h",
		"ht": "chak madi 7è diswa", "pt-BR": "toda terça-feira às 19h|amanhã às 20:00", "zh-Hans": "星期三 20:00|每周二晚上7点|11月24日 晚上7点半",
	} {
		for text := range strings.SplitSeq(texts, "|") {
			if _, err := schedule.ParseWhen(lang, text, now, "America/New_York"); err != nil {
				continue // what is read is another test's
			}
			read++
			for word := range strings.FieldsSeq(text) {
				if !schedule.MayTell([]string{lang}, word) {
					t.Errorf("%q of %q may tell nothing in %s", word, text, lang)
				}
			}
		}
	}
	if read < 12 {
		t.Errorf("only %d texts tell a time", read)
	}
	for _, word := range []string{"cedar", "grief", "482101", "zzzzz", "雪松"} {
		if schedule.MayTell([]string{"en"}, word) {
			t.Errorf("%q may tell a time", word)
		}
	}
}
