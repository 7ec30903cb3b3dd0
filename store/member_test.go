package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	ann = "+12025550143"
	bea = "+12025550144"
	cat = "+12025550145"
)

// noon is when most of these tests take place.
var noon = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)

// lineUnderTest is one with four groups, the second of which needs approval.
type lineUnderTest struct {
	url    string
	db     *store.DB
	look   *sql.DB // past the package's own methods
	keys   *vault.Keyring
	id     string
	groups []string // ids, in the order of the file
	*store.Members
}

func setUpMembers(t testing.TB) *lineUnderTest {
	t.Helper()
	return setUpMembersAt(t, storetest.URL(t))
}

func setUpMembersAt(t testing.TB, url string) *lineUnderTest {
	t.Helper()
	l := &lineUnderTest{url: url, db: openURL(t, url), look: raw(t, url), keys: storetest.Keyring(t)}
	l.id = ensureLine(t, l.db, l.keys)
	if _, err := l.db.ImportGroups(t.Context(), l.keys, l.id, sampleGroups(t)); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"482105", "317264", "850271", "604183"} {
		var id string
		if err := l.look.QueryRowContext(t.Context(), `SELECT group_id FROM groups WHERE code = $1`, code).Scan(&id); err != nil {
			t.Fatal(err)
		}
		l.groups = append(l.groups, id)
	}
	l.Members = store.NewMembers(l.db, l.keys)
	return l
}

var events atomic.Int64

// event is one that nobody has seen before.
func (l *lineUnderTest) event(at time.Time) store.Event {
	return store.Event{Line: l.id, SID: fmt.Sprintf("CA%032d", events.Add(1)), Turn: 3, At: at}
}

func (l *lineUnderTest) act(member string) store.Act {
	return store.Act{Event: l.event(noon), Member: member}
}

var (
	english = flows.Preferences{Channel: flows.ByText, Language: "en", Zone: "America/New_York"}
	agreed  = flows.Consent{Wording: "4f5e#agree", Channel: flows.ByCall}
)

func (l *lineUnderTest) byPhone(t testing.TB, n, pin, group string) store.Enrolled {
	t.Helper()
	return l.enrol(t, store.Enrolment{Event: l.event(noon), Number: number(t, n), Group: group, PIN: pin, Preferences: english, Consent: agreed})
}

func (l *lineUnderTest) byText(t testing.TB, n, group string) store.Enrolled {
	t.Helper()
	return l.enrol(t, store.Enrolment{
		Event: l.event(noon), Number: number(t, n), Group: group, Confirmed: true, Preferences: english, Consent: agreed,
	})
}

func (l *lineUnderTest) enrol(t testing.TB, e store.Enrolment) store.Enrolled {
	t.Helper()
	told, err := l.Enrol(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return told
}

func (l *lineUnderTest) confirm(t testing.TB, n string) {
	t.Helper()
	if err := l.Confirm(t.Context(), l.event(noon), number(t, n), l.groups); err != nil {
		t.Fatal(err)
	}
}

// login is one from n's own phone, for which the carriers do not vouch.
func (l *lineUnderTest) login(t testing.TB, n, handle, pin string, at time.Time) store.Login {
	return store.Login{Event: l.event(at), Caller: number(t, n), Handle: handle, PIN: pin}
}

func (l *lineUnderTest) logIn(t testing.TB, login store.Login) store.LoggedIn {
	t.Helper()
	in, err := l.LogIn(t.Context(), login)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// member signs n in.
func (l *lineUnderTest) member(t testing.TB, n, pin string) string {
	t.Helper()
	in := l.logIn(t, l.login(t, n, "", pin, noon))
	if in.Member == "" {
		t.Fatalf("the PIN of a member is %s", in.Result)
	}
	return in.Member
}

func (l *lineUnderTest) load(t testing.TB, member string) flows.Member {
	t.Helper()
	loaded, err := l.Load(t.Context(), l.id, member, l.groups)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func (l *lineUnderTest) holdings(t testing.TB, n string) store.Holdings {
	t.Helper()
	h, err := l.Holdings(t.Context(), l.id, number(t, n), l.groups, noon)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (l *lineUnderTest) count(t testing.TB, query string, args ...any) int {
	t.Helper()
	return count(t, l.look, query, args...)
}

// states are those of n's memberships, by group.
func (l *lineUnderTest) states(t testing.TB, n string) map[string]string {
	t.Helper()
	states := map[string]string{}
	for _, g := range l.holdings(t, n).Groups {
		states[g.Group] = g.State
	}
	return states
}

func (l *lineUnderTest) wantStates(t testing.TB, n string, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, l.states(t, n)); diff != "" {
		t.Errorf("the memberships (-want +got):\n%s", diff)
	}
}

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

// column is what a query of one column of bytes finds.
func column(t testing.TB, look *sql.DB, query string, args ...any) [][]byte {
	t.Helper()
	rows, err := look.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all [][]byte
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
