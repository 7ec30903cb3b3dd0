package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

// attempts logs in n times with the PIN and returns the results.
func (l *lineUnderTest) attempts(t testing.TB, n int, login store.Login) []string {
	t.Helper()
	var results []string
	for range n {
		login.Event = l.event(login.At)
		results = append(results, l.logIn(t, login).Result)
	}
	return results
}

func repeat(n int, s string) []string { return slices.Repeat([]string{s}, n) }

func TestLogInFindsTheMemberOrRefuses(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	handle := l.byPhone(t, ann, "482913", "").Handle
	l.byText(t, bea, "")
	for name, c := range map[string]struct {
		login store.Login
		want  string
	}{
		"own phone":                 {l.login(t, ann, "", "482913", noon), store.LoginOK},
		"another phone":             {l.login(t, cat, handle, "482913", noon), store.LoginOK},
		"withheld, with the handle": {store.Login{Event: l.event(noon), Handle: handle, PIN: "482913"}, store.LoginOK},
		"withheld, without":         {store.Login{Event: l.event(noon), PIN: "482913"}, store.LoginRefused},
		"another phone, no handle":  {l.login(t, cat, "", "482913", noon), store.LoginRefused},
		"wrong":                     {l.login(t, cat, handle, "482914", noon), store.LoginRefused},
		"empty":                     {l.login(t, cat, handle, "", noon), store.LoginRefused},
		"no PIN":                    {l.login(t, bea, "", "482913", noon), store.LoginRefused},
		"nobody's handle":           {l.login(t, cat, "100000", "482913", noon), store.LoginRefused},
	} {
		if in := l.logIn(t, c.login); in.Result != c.want || (in.Member != "") != (c.want == store.LoginOK) {
			t.Errorf("%s: %+v", name, in)
		}
	}
	for name, want := range map[string]int{"pin_right": 3, "pin_wrong": 6, "pin_refused": 0} {
		if n := l.count(t, `SELECT coalesce(sum(count), 0) FROM daily_count WHERE name = $1`, name); n != want {
			t.Errorf("%s: %d, want %d", name, n, want)
		}
	}
}

func TestFiveAttemptsInAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	handle := l.byPhone(t, ann, "482913", "").Handle
	wrong := l.login(t, bea, handle, "000000", noon)
	right := wrong
	right.PIN = "482913"
	// Whoever is right gets back what it spent.
	if got := l.attempts(t, 7, right); !slices.Equal(got, repeat(7, store.LoginOK)) {
		t.Errorf("right seven times: %v", got)
	}
	l.attempts(t, 5, wrong)
	if got := l.attempts(t, 1, right); got[0] != store.LoginRefused {
		t.Error("the PIN was looked at after five wrong ones")
	}
	if n := l.count(t, `SELECT count FROM daily_count WHERE name = 'pin_refused'`); n != 1 {
		t.Errorf("%d were not looked at", n)
	}
	other := right
	other.Caller = number(t, cat) // the member number is shut for every phone
	if got := l.attempts(t, 1, other); got[0] != store.LoginRefused {
		t.Error("the PIN was looked at from another phone")
	}
	if got := l.attempts(t, 1, l.login(t, bea, "", "1", noon)); got[0] != store.LoginRefused {
		t.Error(got)
	}
	right.At = noon.Add(4 * time.Minute)
	if got := l.attempts(t, 2, right); !slices.Equal(got, repeat(2, store.LoginOK)) {
		t.Errorf("when one came back: %v", got)
	}
}

func TestACallerHasFiveAttemptsAtWhicheverMember(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	handle := l.byPhone(t, ann, "482913", "").Handle
	for _, unknown := range []string{"100001", "100002", "100003", "100004", "100005"} {
		l.attempts(t, 1, l.login(t, bea, unknown, "482913", noon))
	}
	if got := l.attempts(t, 1, l.login(t, bea, handle, "482913", noon)); got[0] != store.LoginRefused {
		t.Error("a sixth member is looked at")
	}
	if got := l.attempts(t, 1, l.login(t, cat, handle, "482913", noon)); got[0] != store.LoginOK {
		t.Error("another caller is refused")
	}
	if h := l.holdings(t, bea); h.Empty() || h.Attempts != 5 || h.Member != nil {
		t.Errorf("held of the caller: %+v", h)
	}
}

func TestWithheldNumbersShareThirtyAnHourAndTheLineHasThreeHundred(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	handle := l.byPhone(t, ann, "482913", "").Handle
	withheld := store.Login{Event: l.event(noon), Handle: handle, PIN: "482913"}
	l.spend(t, "withheld", 30)
	if got := l.attempts(t, 1, withheld); got[0] != store.LoginRefused {
		t.Error("the thirty-first withheld number is looked at")
	}
	if got := l.attempts(t, 1, l.login(t, bea, handle, "482913", noon)); got[0] != store.LoginOK {
		t.Error("a caller with a number is refused")
	}
	l.spend(t, "line", 300)
	if got := l.attempts(t, 1, l.login(t, cat, handle, "482913", noon)); got[0] != store.LoginRefused {
		t.Error("the line has no end")
	}
	own := l.login(t, ann, "", "482913", noon)
	own.Verified = true
	if got := l.attempts(t, 1, own); got[0] != store.LoginOK {
		t.Error("others shut the member out of their own phone")
	}
}

// spend uses up the line's counter of a name.
func (l *lineUnderTest) spend(t testing.TB, what string, spent int) {
	t.Helper()
	if _, err := l.look.ExecContext(t.Context(), `
		INSERT INTO attempt (line_id, counter, spent, total, since, expires_at)
		VALUES ($1, $2, $3, 0, $4, $5)
		ON CONFLICT (line_id, counter) DO UPDATE
		SET spent = excluded.spent`,
		l.id, l.lineCounter(noon, what), spent, noon, noon.Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
}

func (l *lineUnderTest) lineCounter(at time.Time, what string) []byte {
	return l.keys.Mark("attempt", l.id, at.Format(time.DateOnly), what, "")
}

func TestTenADayAndTwentyAMonth(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	handle := l.byPhone(t, ann, "482913", "").Handle
	callers := []string{"+12025550160", "+12025550161", "+12025550162", "+12025550163", "+12025550164", "+12025550165"}
	at := func(i, day int) store.Login {
		x := l.login(t, callers[i%len(callers)], handle, "000000", noon.AddDate(0, 0, day).Add(time.Duration(i)*15*time.Minute))
		return x
	}
	right := func(day int, want string) {
		t.Helper()
		x := l.login(t, cat, handle, "482913", noon.AddDate(0, 0, day).Add(11*time.Hour))
		if got := l.logIn(t, x).Result; got != want {
			t.Errorf("on day %d the PIN is %s, want %s", day, got, want)
		}
	}
	for i := range 10 {
		l.logIn(t, at(i, 0))
	}
	right(0, store.LoginRefused)
	right(1, store.LoginOK)
	for i := range 10 {
		l.logIn(t, at(i, 2))
	}
	for _, day := range []int{3, 12, 29} {
		right(day, store.LoginRefused) // frozen
	}
	own := l.login(t, ann, "", "482913", noon.AddDate(0, 0, 3))
	own.Verified = true
	if got := l.logIn(t, own).Result; got != store.LoginOK {
		t.Errorf("from the member's own phone, frozen by others, the PIN is %s", got)
	}
	own.Event, own.Verified = l.event(own.At), false
	if got := l.logIn(t, own).Result; got != store.LoginRefused {
		t.Errorf("from a phone that says it is the member's, the PIN is %s", got)
	}
	right(31, store.LoginOK)
}

func TestAnAttemptCountsOncePerEvent(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	handle := l.byPhone(t, ann, "482913", "").Handle
	wrong, right := l.login(t, bea, handle, "000000", noon), l.login(t, bea, handle, "482913", noon)
	for range 8 {
		if in := l.logIn(t, wrong); in.Result != store.LoginRefused {
			t.Fatal(in)
		}
	}
	for range 8 {
		if in := l.logIn(t, right); in.Result != store.LoginOK {
			t.Fatal(in)
		}
	}
	if h := l.holdings(t, bea); h.Attempts != 1 {
		t.Errorf("%d attempts of one wrong event", h.Attempts)
	}
	if got := l.attempts(t, 5, l.login(t, bea, handle, "000000", noon)); len(got) != 5 {
		t.Fatal(got)
	}
	if n := l.count(t, `SELECT count FROM daily_count WHERE name = 'pin_wrong'`); n != 5 {
		t.Errorf("%d of 6 were looked at", n)
	}
}

// What was interrupted between its two transactions is taken up, not counted again.
func TestAnInterruptedAttemptIsTakenUp(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	handle := l.byPhone(t, ann, "482913", "").Handle
	x := l.login(t, bea, handle, "482913", noon)
	for range 6 {
		if err := l.SpendOnly(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	if h := l.holdings(t, bea); h.Attempts != 1 {
		t.Errorf("%d attempts were counted", h.Attempts)
	}
	if in := l.logIn(t, x); in.Result != store.LoginOK {
		t.Errorf("taken up: %+v", in)
	}
	if h := l.holdings(t, bea); h.Attempts != 0 {
		t.Errorf("%d attempts were not given back", h.Attempts)
	}
}

func TestLogInFailsClosed(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byPhone(t, ann, "482913", "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if in, err := l.LogIn(ctx, l.login(t, ann, "", "482913", noon)); err == nil || in.Member != "" || in.Result != "" {
		t.Errorf("without a database: %+v, %v", in, err)
	}
	if _, err := l.look.ExecContext(t.Context(), `DROP TABLE attempt`); err != nil {
		t.Fatal(err)
	}
	if in, err := l.LogIn(t.Context(), l.login(t, ann, "", "482913", noon)); err == nil || in.Member != "" || in.Result != "" {
		t.Errorf("without counters: %+v, %v", in, err)
	}
}
