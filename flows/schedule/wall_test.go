package schedule

import (
	"testing"
	"time"
)

func TestParseWall(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Wall{
		"2026-11-24T19:00":    {Date{2026, time.November, 24}, 19, 0},
		"2026-11-24T19:00:00": {Date{2026, time.November, 24}, 19, 0},
		"2028-02-29T00:00":    {Date{2028, time.February, 29}, 0, 0},
		"2026-11-24T00:05":    {Date{2026, time.November, 24}, 0, 5},
	} {
		if got, err := ParseWall(text); err != nil || got != want {
			t.Errorf("ParseWall(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "19:00", "2026-11-24", "2026-11-24 19:00", "2026-11-24T7:00", "2026-11-24T24:00", "2026-11-24T19:60",
		"2026-02-29T19:00", "2026-11-24T19:00:30", "2026-11-24T19:00:00.0", "2026-11-24T19:00Z", "2026-11-24T19:00-05:00",
		"2026-11-24T19:00:00:00",
	} {
		if got, err := ParseWall(text); err == nil {
			t.Errorf("ParseWall(%q) = %v; want it refused", text, got)
		}
	}
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	if got, err := ParseDate("2026-11-24"); err != nil || got != (Date{2026, time.November, 24}) {
		t.Errorf("ParseDate = %v, %v", got, err)
	}
	for _, text := range []string{"", "2026-11-31", "2026-1-2", "24.11.2026", "2026-11-24T19:00"} {
		if got, err := ParseDate(text); err == nil {
			t.Errorf("ParseDate(%q) = %v; want it refused", text, got)
		}
	}
}

func FuzzParseWall(f *testing.F) {
	f.Add("2026-11-24T19:00")
	f.Add("2026-11-24T19:00:00")
	f.Fuzz(func(t *testing.T, text string) {
		w, err := ParseWall(text)
		if err != nil {
			return
		}
		if !w.valid() {
			t.Fatalf("%q gave %#v, which no calendar has", text, w)
		}
		if again, err := ParseWall(w.String()); err != nil || again != w {
			t.Fatalf("%q gave %v, which reads back as %v, %v", text, w, again, err)
		}
	})
}
