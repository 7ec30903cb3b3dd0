package simulator

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// TestWindingStopsWhereTheLineReachesAPhone winds an hour, of which the program has
// something to do at the twentieth minute.
func TestWindingStopsWhereTheLineReachesAPhone(t *testing.T) {
	t.Parallel()
	for what, reach := range map[string]func(*testing.T, *emulator.Emulator){
		"a call": func(t *testing.T, e *emulator.Emulator) { ring(t, e, "+12025550174") },
		"a text": func(t *testing.T, e *emulator.Emulator) {
			ask(t, e, "Messages", "From", testLine, "To", "+12025550174", "Body", "Soon.")
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			clock := emulator.NewClock()
			clock.Pause()
			from, e, done := clock.Now(), exchange(t, clock), false
			b := newExchangeBoard(t.Context(), Options{Emulator: e, Clock: clock, Line: testLine, Passed: func() {
				if !done && clock.Now().Sub(from) >= 20*time.Minute {
					done = true
					reach(t, e)
				}
			}})
			hour := wind{Speed: -1, Forward: time.Hour}
			if err := b.Wind(hour); err != nil {
				t.Fatal(err)
			}
			if wound := clock.Now().Sub(from); wound != 20*time.Minute {
				t.Errorf("the clock was wound by %s, want 20 minutes", wound)
			}
			if what == "a call" {
				await(t, b, "ringing", inState(4, incoming))
				if err := b.Wind(hour); err == nil || err.Error() != "Dev’s phone is ringing: answer or decline it before you wind the clock." {
					t.Errorf("winding on while it rings: %v", err)
				}
				must(t, b, command{Phone: 4, Act: hangup})
				await(t, b, "declined", inState(4, idle))
			}
			if err := b.Wind(hour); err != nil {
				t.Fatal(err)
			}
			if wound := clock.Now().Sub(from); wound != 80*time.Minute {
				t.Errorf("the clock was then wound to %s, want to 80 minutes", wound)
			}
		})
	}
}

// Whoever else the line rings is nobody on the page.
func TestWindingGoesOnWhereSomebodyElseIsRung(t *testing.T) {
	t.Parallel()
	clock := emulator.NewClock()
	clock.Pause()
	from, e, done := clock.Now(), exchange(t, clock), false
	b := newExchangeBoard(t.Context(), Options{Emulator: e, Clock: clock, Line: testLine, Passed: func() {
		if !done {
			done = true
			ring(t, e, "+12025550190")
		}
	}})
	if err := b.Wind(wind{Speed: -1, Forward: time.Hour}); err != nil {
		t.Fatal(err)
	}
	if wound := clock.Now().Sub(from); wound != time.Hour {
		t.Errorf("the clock was wound by %s, want an hour", wound)
	}
}
