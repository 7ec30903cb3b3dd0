package schedule_test

import (
	"testing"

	"github.com/hearthline/hearthline/flows/schedule"
)

func TestHoliday(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ country, date, want string }{
		{"US", "2026-11-26", "thanksgiving"}, {"US", "2026-11-19", ""}, {"CA", "2026-11-26", ""}, {"CA", "2026-10-12", "thanksgiving_ca"},
		{"US", "2026-05-25", "memorial"}, {"US", "2026-05-18", ""}, {"US", "2027-01-18", "king"}, {"CA", "2026-09-07", "labor"},
		{"MX", "2026-12-25", "christmas"}, {"US", "2026-07-04", "independence"}, {"CA", "2026-07-01", "canada"}, {"", "2026-12-31", "new_year_eve"},
	} {
		date, err := schedule.ParseDate(c.date)
		if err != nil {
			t.Fatal(err)
		}
		if got := schedule.Holiday([]string{c.country}, date); got != c.want {
			t.Errorf("%s in %q is %q, want %q", c.date, c.country, got, c.want)
		}
	}
}
