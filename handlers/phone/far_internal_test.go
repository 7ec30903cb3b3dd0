package phone

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/store/vault"
)

func TestFar(t *testing.T) {
	t.Parallel()
	winter, summer := time.Date(2026, 11, 24, 23, 5, 0, 0, time.UTC), time.Date(2026, 7, 24, 23, 5, 0, 0, time.UTC)
	for _, tt := range []struct {
		number, home string
		at           time.Time
		want         bool
	}{
		{"+12125550143", "America/New_York", winter, false},
		{"+14165550143", "America/New_York", winter, false}, // Toronto
		{"+13105550143", "America/New_York", winter, true},
		{"+12085550143", "America/Los_Angeles", winter, false}, // of two zones, one agrees
		{"+12085550143", "America/New_York", winter, true},
		{"+16025550143", "America/Denver", winter, false}, // Phoenix
		{"+16025550143", "America/Denver", summer, true},
		{"+18005550143", "Pacific/Honolulu", winter, false}, // of no area
		{"+13105550143", "Mars/Olympus", winter, false},
	} {
		n, err := vault.ParseNumber(tt.number)
		if err != nil {
			t.Fatal(err)
		}
		if got := far(n, tt.home, tt.at); got != tt.want {
			t.Errorf("%s is far from %s at %s: %t", tt.number, tt.home, tt.at.Format(time.DateOnly), got)
		}
	}
	if far(vault.Number{}, "America/New_York", winter) {
		t.Error("who withholds their number is far")
	}
}
