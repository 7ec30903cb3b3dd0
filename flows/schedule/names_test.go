package schedule

import (
	"testing"
	"time"
)

func TestNames(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 19, 0, 0, 0, time.UTC)
	in := func(zone string) time.Time {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		return at.In(loc)
	}
	for got, want := range map[string]string{
		Zone("en", in("America/Detroit")):     "Eastern time",
		Zone("en", in("America/Puerto_Rico")): "Puerto Rico time",
		Zone("es", in("Pacific/Honolulu")):    "hora de Hawái",
		Place("en", in("America/Detroit")):    "Eastern time (Detroit)",
		Place("es", in("America/New_York")):   "hora del Este (Nueva York)",
		Place("es", in("Asia/Kolkata")):       "hora de la India",
		Place("en", in("Asia/Kolkata")):       "India time",
		Place("en", in("America/St_Johns")):   "Newfoundland time (St. John's)",
		Place("en", in("UTC")):                "universal time",
		Place("en", in("Etc/GMT+5")):          "UTC-05",
		Month("en", at):                       "November 2026",
		Month("es-MX", at):                    "noviembre de 2026",
		Month("de", at.AddDate(0, 1, 0)):      "December 2026",
		Month("fr", at.AddDate(0, 1, 0)):      "décembre 2026",
		Number("en", 0):                       "zero",
		Number("es", 2):                       "dos",
		Number("en", 20):                      "twenty",
		Number("es", 21):                      "21",
		Number("pt-BR", 2):                    "2",
		Number("zh-Hans", 12):                 "十二",
		Number("en", -1):                      "-1",
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
