package schedule_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/hearthline/hearthline/flows/schedule"
)

// asked is Monday noon in New York.
var asked = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)

const newYork = "America/New_York"

func TestParseWhen(t *testing.T) {
	t.Parallel()
	for lang, cases := range map[string]map[string]schedule.When{
		"en": {
			"tue 19:00":                                  when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"tuesdays at 7 p.m.":                         when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"Monday 11am":                                when("2026-11-30T11:00", "FREQ=WEEKLY;BYDAY=MO", 0),
			"monday noon":                                when("2026-11-30T12:00", "FREQ=WEEKLY;BYDAY=MO", 0),
			"monday 12:30pm":                             when("2026-11-23T12:30", "FREQ=WEEKLY;BYDAY=MO", 0),
			"next tuesday 7pm":                           when("2026-11-24T19:00", "", 0),
			"2nd tuesday 7pm":                            when("2026-12-08T19:00", "FREQ=MONTHLY;BYDAY=2TU", 0),
			"second tuesday of the month 7 pm":           when("2026-12-08T19:00", "FREQ=MONTHLY;BYDAY=2TU", 0),
			"1st and 3rd monday noon":                    when("2026-12-07T12:00", "FREQ=MONTHLY;BYDAY=1MO,3MO", 0),
			"last friday 6.30 in the evening":            when("2026-11-27T18:30", "FREQ=MONTHLY;BYDAY=-1FR", 0),
			"2nd tuesday of every other month, 7pm":      when("2026-12-08T19:00", "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU", 0),
			"tomorrow 8pm":                               when("2026-11-24T20:00", "", 0),
			"tonight at 8":                               when("2026-11-23T20:00", "", 0),
			"day after tomorrow 9 in the morning":        when("2026-11-25T09:00", "", 0),
			"every other friday 6:30 pm for 90 minutes":  when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 90),
			"every 3 weeks on monday 7:15pm for 2 hours": when("2026-11-23T19:15", "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO", 120),
			"24 november 7pm":                            when("2026-11-24T19:00", "", 0),
			"November 24th, 2026 at 7pm":                 when("2026-11-24T19:00", "", 0),
			"tuesday 24 november 7pm":                    when("2026-11-24T19:00", "", 0),
			"4 may 7pm":                                  when("2027-05-04T19:00", "", 0),
			"feb 29 7pm":                                 when("2028-02-29T19:00", "", 0),
			"2026-11-24 07:00":                           when("2026-11-24T07:00", "", 0),
			"2026-12-01T10:00":                           when("2026-12-01T10:00", "", 0),
			"12/24 5pm":                                  when("2026-12-24T17:00", "", 0),
			"tuesdays 7pm starting 15 december":          when("2026-12-15T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"every day at 7:05 am":                       when("2026-11-24T07:05", "FREQ=DAILY", 0),
			"daily 19h":                                  when("2026-11-23T19:00", "FREQ=DAILY", 0),
			"weekdays 12:15 pm":                          when("2026-11-23T12:15", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 0),
			"mon-fri 9am":                                when("2026-11-24T09:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 0),
			"Mon, Wed & Fri 7pm":                         when("2026-11-23T19:00", "FREQ=WEEKLY;BYDAY=MO,WE,FR", 0),
			"tue 7-8:30pm":                               when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 90),
			"tue from 11 to 1 pm":                        when("2026-11-24T11:00", "FREQ=WEEKLY;BYDAY=TU", 120),
			"sunday 10pm to midnight":                    when("2026-11-29T22:00", "FREQ=WEEKLY;BYDAY=SU", 120),
			"tuesday half past seven in the evening":     when("2026-11-24T19:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"tuesday quarter to 8 pm":                    when("2026-11-24T19:45", "FREQ=WEEKLY;BYDAY=TU", 0),
			"15th of every month 7pm":                    when("2026-12-15T19:00", "FREQ=MONTHLY;BYMONTHDAY=15", 0),
			"1st and 15th of the month 7pm":              when("2026-12-01T19:00", "FREQ=MONTHLY;BYMONTHDAY=1,15", 0),
			"last day of the month 7pm":                  when("2026-11-30T19:00", "FREQ=MONTHLY;BYMONTHDAY=-1", 0),
			"tuesday 7pm for an hour and a half":         when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 90),
			"tuesday 12am":                               when("2026-11-24T00:00", "FREQ=WEEKLY;BYDAY=TU", 0),
		},
		"es": {
			"el segundo martes a las 7 de la tarde":              when("2026-12-08T19:00", "FREQ=MONTHLY;BYDAY=2TU", 0),
			"jueves 19h":                                         when("2026-11-26T19:00", "FREQ=WEEKLY;BYDAY=TH", 0),
			"los martes a las 7 y media de la tarde":             when("2026-11-24T19:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"mañana a las 8 de la mañana":                        when("2026-11-24T08:00", "", 0),
			"mañana por la noche a las 8":                        when("2026-11-24T20:00", "", 0),
			"pasado mañana 18:30":                                when("2026-11-25T18:30", "", 0),
			"cada dos viernes 18:30":                             when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"un viernes sí y otro no a las 6 de la tarde":        when("2026-11-27T18:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"cada 15 días los viernes 18:30":                     when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"primer y tercer lunes a mediodía":                   when("2026-12-07T12:00", "FREQ=MONTHLY;BYDAY=1MO,3MO", 0),
			"segundo y cuarto martes 7pm":                        when("2026-11-24T19:00", "FREQ=MONTHLY;BYDAY=2TU,4TU", 0),
			"último viernes del mes a las 18 horas":              when("2026-11-27T18:00", "FREQ=MONTHLY;BYDAY=-1FR", 0),
			"24 de noviembre a las 7 p. m.":                      when("2026-11-24T19:00", "", 0),
			"el 15 de cada mes a las 19:00":                      when("2026-12-15T19:00", "FREQ=MONTHLY;BYMONTHDAY=15", 0),
			"todos los días a las 8h":                            when("2026-11-24T08:00", "FREQ=DAILY", 0),
			"de lunes a viernes a las 9 de la mañana":            when("2026-11-24T09:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 0),
			"martes de 7 a 8:30 de la tarde":                     when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 90),
			"sábados 10h durante una hora y media":               when("2026-11-28T10:00", "FREQ=WEEKLY;BYDAY=SA", 90),
			"el domingo a la una de la tarde durante 45 minutos": when("2026-11-29T13:00", "FREQ=WEEKLY;BYDAY=SU", 45),
			"próximo miércoles 20:00":                            when("2026-11-25T20:00", "", 0),
			"cada martes a las 12 del mediodía":                  when("2026-11-24T12:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"martes 19:00 a partir del 15 de diciembre":          when("2026-12-15T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"último día del mes 19:00":                           when("2026-11-30T19:00", "FREQ=MONTHLY;BYMONTHDAY=-1", 0),
		},
	} {
		for text, want := range cases {
			got, err := schedule.ParseWhen(lang, text, asked, newYork)
			if err != nil {
				t.Errorf("%s %q: %v", lang, text, err)
				continue
			}
			if got != want {
				t.Errorf("%s %q is %+v, want %+v", lang, text, got, want)
			}
			if err := got.Meeting(newYork).Validate(); err != nil {
				t.Errorf("%s %q: %v", lang, text, err)
			}
		}
	}
}

func when(start, rule string, minutes int) schedule.When {
	w, err := schedule.ParseWall(start)
	if err != nil {
		panic(err)
	}
	return schedule.When{Start: w, Rule: rule, Minutes: minutes}
}

// What can be meant in two ways is asked; what cannot be is refused with what to
// write instead.
func TestParseWhenAsks(t *testing.T) {
	t.Parallel()
	for lang, cases := range map[string]map[string]string{
		"en": {
			"tuesday 7":                  "is 7 in the morning or in the evening?",
			"tuesday 7:30":               "is 7:30 in the morning or in the evening?",
			"tuesday 12":                 "is 12 in the morning or in the evening?",
			"every second tuesday 7pm":   "every other Tuesday, or one Tuesday of each month?",
			"5/4 7pm":                    "which number is the month?",
			"tuesday midnight":           "midnight belongs to two days",
			"tuesday":                    "at what time?",
			"7pm":                        "on which day?",
			"every week 7pm":             "on which day?",
			"every month on tuesday 7pm": "which of the month?",
			"2nd 7pm":                    "which of the month?",
			"wednesday 24 november 7pm":  "that date is a Tuesday",
			"today 11am":                 "that time is past",
			"1 november 2026 7pm":        "that time is past",
			"1 may 2040 7pm":             "that is more than ten years ahead",
			"30 february 7pm":            "there is no such date",
			"tuesday 25:00":              "there is no such time of day",
			"tuesday 19:00 am":           "there is no such time of day",
			"tuesday 7pm 8pm":            "there is more than one time in it",
			"tuesday 7pm for long":       "“long” is not understood here",
			"tuesday 7pm for 0 minutes":  "how long is not understood",
			"sixth tuesday 7pm":          "“sixth” is not understood here",
			"6th tuesday 7pm":            "there is no such day",
			"tuesday 7pm eastern":        "“eastern” is not understood here",
			"call +1 212 555 0111":       "“call” is not understood here",
			"tue 7pm 12125550111":        "there is a number in it that is neither a day nor a time",
			"":                           "at what time?",
			"tuesday 2nd tuesday 7pm":    "there are two kinds of days in it",
			"tuesday 7pm " + strings.Repeat("x", 300): "that is longer than it can be read",
		},
		"es": {
			"mañana a las 8":             "¿las 8 de la mañana o de la tarde?",
			"cada segundo martes 7pm":    "¿un martes sí y otro no, o un martes de cada mes?",
			"martes":                     "¿a qué hora?",
			"martes a medianoche":        "la medianoche es de dos días",
			"el martes por teléfono 7pm": "no se entiende «telefono» aquí",
		},
	} {
		for text, want := range cases {
			got, err := schedule.ParseWhen(lang, text, asked, newYork)
			var fault *schedule.Fault
			if !errors.As(err, &fault) {
				t.Errorf("%s %q is %+v, want that it asks %q", lang, text, got, want)
				continue
			}
			if fault.Field != "when" || fault.What != want || fault.Mend == "" {
				t.Errorf("%s %q asks %q, want %q", lang, text, fault, want)
			}
		}
	}
}

func TestParseDay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"today": "2026-11-23", "monday": "2026-11-23", "next tuesday": "2026-11-24", "24 december": "2026-12-24", "2026-12-01": "2026-12-01", "2nd tuesday": "2026-12-08",
	} {
		got, err := schedule.ParseDay("en", text, asked, newYork)
		if err != nil || got.String() != want {
			t.Errorf("%q is %v (%v), want %s", text, got, err, want)
		}
	}
	if got, err := schedule.ParseDay("es", "el jueves", asked, newYork); err != nil || got.String() != "2026-11-26" {
		t.Errorf("el jueves is %v (%v)", got, err)
	}
}

// The clocks of the zone decide what is to come.
func TestParseWhenIsInTheZone(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, time.November, 24, 2, 0, 0, 0, time.UTC) // Monday 21:00 in New York
	for zone, want := range map[string]string{newYork: "2026-11-23T22:00", "UTC": "2026-11-24T22:00"} {
		got, err := schedule.ParseWhen("en", "today 10pm", late, zone)
		if err != nil || got.Start.String() != want {
			t.Errorf("%s: %v (%v), want %s", zone, got.Start, err, want)
		}
	}
	if _, err := schedule.ParseWhen("en", "today 10pm", late, "Mars/Olympus"); err == nil {
		t.Error("a zone that there is not is taken")
	}
}

func FuzzParseWhen(f *testing.F) {
	for _, text := range []string{"2nd tuesday 7pm", "every other friday 6:30 pm for 90 minutes", "11/24 7-8:30pm", "2026-11-24T19:00", "half past seven tonight"} {
		f.Add("en", text)
	}
	for _, text := range []string{"el segundo martes a las 7 de la tarde", "de lunes a viernes 19h30 durante media hora", "cada 15 días los viernes a mediodía"} {
		f.Add("es", text)
	}
	f.Fuzz(func(t *testing.T, lang, text string) {
		w, err := schedule.ParseWhen(lang, text, asked, newYork)
		if err != nil {
			var fault *schedule.Fault
			if !errors.As(err, &fault) || fault.What == "" || fault.Mend == "" {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		m := w.Meeting(newYork)
		if err := m.Validate(); err != nil {
			t.Fatalf("%q: %+v: %v", text, w, err)
		}
		first := m.Next(asked, 1)
		if len(first) != 1 || !first[0].Start.After(asked) {
			t.Fatalf("%q: %+v begins %v", text, w, first)
		}
		if schedule.SpokenSeries(lang, m) == "" {
			t.Fatalf("%q: %+v cannot be read back", text, w)
		}
	})
}
