package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

// refusals make logins that are refused, each for a reason of its own, however
// often they are made.
func (l *lineUnderTest) refusals(t testing.TB) map[string]func(i int) store.Login {
	handle := l.byPhone(t, ann, "482913", l.groups[0]).Handle
	frozen := l.byPhone(t, bea, "482913", l.groups[0]).Handle
	l.byText(t, cat, "") // whose code has lapsed a day later
	for i := range 24 {  // the last four of which are not looked at
		l.attempts(t, 1, l.login(t, "+12025550151", frozen, "000000", noon.Add(time.Duration(i)*3*time.Hour)))
	}
	// Never twice in a quarter of an hour, nor, but for the frozen one, whose month
	// must not end, often enough to be frozen.
	every := func(d time.Duration, caller, handle string) func(int) store.Login {
		return func(i int) store.Login {
			return l.login(t, caller, handle, "000000", noon.Add(96*time.Hour+time.Duration(i)*d))
		}
	}
	return map[string]func(int) store.Login{
		"wrong":    every(48*time.Hour, "+12025550152", handle),
		"unknown":  every(48*time.Hour, "+12025550153", "100000"),
		"frozen":   every(9*time.Hour, "+12025550154", frozen),
		"no PIN":   every(48*time.Hour, cat, ""),
		"stranger": every(48*time.Hour, "+12025550155", ""),
		"withheld": func(i int) store.Login {
			return store.Login{Event: l.event(noon.Add(time.Duration(i) * 48 * time.Hour)), PIN: "000000"}
		},
	}
}

func TestRefusalsTakeAsLong(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	const trials = 60
	took := map[string][]time.Duration{}
	refusals := l.refusals(t)
	for i := range trials {
		for name, login := range refusals {
			x := login(i)
			start := time.Now()
			if in := l.logIn(t, x); in.Result != store.LoginRefused {
				t.Fatalf("%s: %+v", name, in)
			}
			took[name] = append(took[name], time.Since(start))
		}
	}
	if n := l.count(t, `SELECT sum(count) FROM daily_count WHERE name = 'pin_refused'`); n != 4+trials {
		t.Fatalf("%d were not looked at: the frozen one is not what is measured", n)
	}
	median := func(of []time.Duration) time.Duration {
		slices.Sort(of)
		return of[len(of)/2]
	}
	base := median(took["wrong"])
	for name, of := range took {
		got := median(of)
		t.Logf("%-9s %v", name, got)
		if d := (got - base).Abs(); d > 5*time.Millisecond*slack {
			t.Errorf("%s takes %v, a wrong PIN %v", name, got, base)
		}
	}
}
