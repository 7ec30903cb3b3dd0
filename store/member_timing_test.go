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

// Not in parallel with other tests, so that it measures itself. What only the rest
// of the machine does is not there when it is measured again; the difference of a
// PIN that is not looked at is, and is as long as all of this takes.
func TestRefusalsTakeAsLong(t *testing.T) {
	l := setUpMembers(t)
	refusals := l.refusals(t)
	var late map[string]time.Duration
	for try := range timingTries {
		if late = l.refuse(t, refusals, try*timingTrials); len(late) == 0 {
			break
		}
	}
	for name, d := range late {
		t.Errorf("%s takes %v longer than a wrong PIN", name, d)
	}
}

// refuse returns the refusals that take another time than that of a wrong PIN. The
// kinds take turns.
func (l *lineUnderTest) refuse(t *testing.T, refusals map[string]func(int) store.Login, from int) map[string]time.Duration {
	t.Helper()
	took := map[string][]time.Duration{}
	for i := range timingTrials {
		for name, login := range refusals {
			x := login(from + i)
			start := time.Now()
			if in := l.logIn(t, x); in.Result != store.LoginRefused {
				t.Fatalf("%s: %+v", name, in)
			}
			took[name] = append(took[name], time.Since(start))
		}
	}
	if n := l.count(t, `SELECT sum(count) FROM daily_count WHERE name = 'pin_refused'`); n != 4+from+timingTrials {
		t.Fatalf("%d were not looked at: the frozen one is not what is measured", n)
	}
	return unlike(t, took)
}

// unlike returns the kinds of refusal that take another time than a wrong PIN, and by how
// much: in the middle of their rounds, each beside the wrong PIN of its own, and in the
// quickest as well. What else the machine does is in some rounds, and a PIN that is not
// looked at is missing in all.
func unlike(t *testing.T, took map[string][]time.Duration) map[string]time.Duration {
	t.Helper()
	wrong, late := took["wrong"], map[string]time.Duration{}
	most := timingTolerance(median(wrong))
	for name, all := range took {
		var beside []time.Duration
		for i, d := range all {
			beside = append(beside, d-wrong[i])
		}
		usual, quickest := median(beside), slices.Min(all)-slices.Min(wrong)
		t.Logf("%-13s %v, apart by %v, the quickest by %v, of %v at most", name, median(all), usual, quickest, most)
		if min(usual.Abs(), quickest.Abs()) > most {
			late[name] = usual
		}
	}
	return late
}

func median(of []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(of))[len(of)/2]
}
