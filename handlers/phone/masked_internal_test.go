package phone

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// oneWaits is somebody who waits, in the directory of a line in New York.
type oneWaits struct {
	Directories
	number vault.Number
	wishes flows.Preferences
}

func (o oneWaits) Reach(context.Context, string, string, string) (vault.Number, flows.Preferences, error) {
	return o.number, o.wishes, nil
}

func (o oneWaits) Left(context.Context, string, string) (vault.Number, flows.Preferences, error) {
	return o.number, o.wishes, nil
}

func (oneWaits) Line(string) (*store.Snapshot, bool) {
	return &store.Snapshot{Directory: &flows.Directory{Line: flows.Line{Zone: "America/New_York"}}}, true
}

// A masked call comes when a call of ours would: on the days and at the hours that
// somebody calls safe, by the clocks of where they may be.
func TestWhenAMaskedCallMayCome(t *testing.T) {
	t.Parallel()
	const newYork, losAngeles = "+12125550143", "+13105550143"
	for name, tt := range map[string]struct {
		number string
		wishes flows.Preferences
		at     string // in UTC; New York is at five hours less, Los Angeles at eight
		want   error
	}{
		"by day":                     {newYork, flows.Preferences{}, "2026-11-24T15:00:00Z", nil},
		"at night":                   {newYork, flows.Preferences{}, "2026-11-25T01:00:00Z", ErrAtNight},
		"night where the number is":  {losAngeles, flows.Preferences{}, "2026-11-24T15:00:00Z", ErrAtNight},
		"in the zone that they said": {losAngeles, flows.Preferences{Zone: "America/New_York"}, "2026-11-24T15:00:00Z", nil},
		"not in the evening":         {newYork, flows.Preferences{Hours: flows.Evenings}, "2026-11-24T15:00:00Z", ErrAtNight},
		"not on a weekday":           {newYork, flows.Preferences{Days: flows.Weekends}, "2026-11-24T15:00:00Z", ErrAtNight},
		"late is for reminders":      {newYork, flows.Preferences{Late: true}, "2026-11-25T02:00:00Z", ErrAtNight},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		n, err := vault.ParseNumber(tt.number)
		if err != nil {
			t.Fatal(err)
		}
		o := oneWaits{number: n, wishes: tt.wishes}
		c := New(Options{Directories: o, Masks: o, Now: func() time.Time { return at }})
		if _, err := c.reach(t.Context(), MaskedCall{}); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
