package schedule

import (
	"testing"
	"time"
)

// Who says "Wednesday" of a date that is to be moved means the one beside it.
func TestNear(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 17, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ text, date, want string }{
		{"wednesday 8pm", "2026-12-01", "2026-12-02T20:00"},
		{"monday 8pm", "2026-12-01", "2026-11-30T20:00"},
		{"friday 8pm", "2026-12-01", "2026-12-04T20:00"},
		{"9 december 6pm", "2026-12-01", "2026-12-09T18:00"},
		{"miércoles 20h", "2026-12-01", "2026-12-02T20:00"},
	} {
		w, err := ParseWhenIn([]string{"en", "es"}, tt.text, now, "America/New_York")
		if err != nil {
			t.Fatalf("%s: %v", tt.text, err)
		}
		date, err := ParseDate(tt.date)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Near(date).Start.String(); got != tt.want {
			t.Errorf("%s, of %s: %s, want %s", tt.text, tt.date, got, tt.want)
		}
	}
	if _, err := ParseWhenIn([]string{"es", "en"}, "whenever", now, "America/New_York"); err == nil {
		t.Error("what is no time in any language is taken")
	}
}
