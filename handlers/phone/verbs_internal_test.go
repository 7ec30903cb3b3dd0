package phone

import (
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// apart are the functions of sessions that ask for no verb.
var apart = []string{"session.admit", "session.stepped", "session.sign_in"}

func TestEveryFunctionOfSessionsHasAVerb(t *testing.T) {
	t.Parallel()
	var of []string
	for _, name := range flows.HostFunctions() {
		if ofSessions(name) && !slices.Contains(apart, name) {
			of = append(of, name)
			if verbs[name] == "" {
				t.Errorf("%s asks for nothing", name)
			}
		}
	}
	for name := range verbs {
		if !slices.Contains(of, name) {
			t.Errorf("no flow can ask for %s", name)
		}
	}
}

// Whatever a session answers, a flow is told by an outcome that it has declared, and
// never that something was done that was not.
func TestEveryAnswerOfASessionHasAnOutcome(t *testing.T) {
	t.Parallel()
	for name, verb := range verbs {
		declared := flows.Outcomes(name)
		for _, came := range []session.Outcome{session.OK, session.Already, session.On, session.Off, session.Nobody, session.NotNow, session.NotAllowed, session.Gone, session.Held} {
			got := result(name, session.Request{Verb: verb}, came, &flows.Session{})
			if !slices.Contains(declared, got) {
				t.Errorf("%s, which %s, comes to %q", name, came, got)
			}
			did := slices.Contains([]session.Outcome{session.OK, session.Already, session.On, session.Off}, came)
			if said := slices.Contains([]string{done, "on", "off"}, got); said != did && !strings.HasSuffix(name, "leave") {
				t.Errorf("%s, which %s, is told as %q", name, came, got)
			}
		}
	}
}

// A session may answer that it was done before: what is turned on and off is told
// as it is now.
func TestWhatIsTurnedOnAndOffIsToldAsItIs(t *testing.T) {
	t.Parallel()
	now := &flows.Session{Muted: true, People: []flows.Person{{ID: "3", Muted: true}, {ID: "4"}}}
	for _, x := range []struct {
		function string
		seat     int
		came     session.Outcome
		now      *flows.Session
		want     string
	}{
		{"session.mute", 0, session.Already, now, "on"},
		{"session.mute", 0, session.Off, now, "off"},
		{"session.hand", 0, session.Already, now, "off"},
		{"session.mute_seat", 3, session.OK, now, "on"},
		{"session.mute_seat", 4, session.OK, now, "off"},
		{"session.mute_seat", 5, session.Gone, now, "gone"},
		{"session.mute_seat", 3, session.OK, nil, "off"},
		{"session.mute", 0, session.Held, now, "held"},
		{"session.next", 0, session.NotNow, now, "not_now"},
		{"session.done", 0, session.OK, now, "ok"},
		{"session.done", 0, session.On, now, "on"},
	} {
		asked := session.Request{Verb: verbs[x.function], Seat: x.seat}
		if got := result(x.function, asked, x.came, x.now); got != x.want {
			t.Errorf("%s about %d, which %s, is told as %q, not %q", x.function, x.seat, x.came, got, x.want)
		}
	}
}

// A PIN says something of the group alone for which it was shown.
func TestAFacilitatorIsOneGroups(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ group, kept, want string }{
		{"a", "a:rose", "rose"}, {"b", "a:rose", ""}, {"a", "", ""}, {"", "rose", ""}, {"a", "rose", ""},
	} {
		s := flows.State{Group: x.group, Vars: map[string]string{"facilitator": x.kept}}
		if got := facilitator(s); got != x.want {
			t.Errorf("%q in %q is %q", x.kept, x.group, got)
		}
	}
}
