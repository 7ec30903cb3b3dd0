package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

const (
	hazel   = "+12025550143"
	juniper = "+12025550144"
)

// nextThursday is what Hazel and Juniper hold.
func nextThursday(t testing.TB, l *lineUnderTest) schedule.Occurrence {
	t.Helper()
	g, err := l.db.Group(t.Context(), l.id, l.groups[1])
	if err != nil {
		t.Fatal(err)
	}
	return g.Meetings[0].Next(noon, 1)[0]
}

// sentTo settles every row that waits to be sent as sent, and returns what went to
// whom.
func sentTo(t testing.TB, l *lineUnderTest, at time.Time) map[string]store.Purpose {
	t.Helper()
	o := store.NewOutbox(l.db, l.keys)
	all, err := o.Claim(t.Context(), at, l.id, flows.ByText, texts1k, 100)
	if err != nil {
		t.Fatal(err)
	}
	people, err := l.Recipients(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	went := map[string]store.Purpose{}
	for _, x := range all {
		to := people[x.ID]
		for name, n := range map[string]string{"Hazel": hazel, "Juniper": juniper} {
			if to.Number.Equal(number(t, n)) {
				went[name] = x.Firing.Purpose
			}
		}
		if permit, err := o.Intend(t.Context(), at, &x, to.Number, generous); err != nil || permit != store.Permitted {
			t.Fatal(permit, err)
		}
		if _, err := o.Settle(t.Context(), at, x, store.Settled{To: store.SendAccepted, SID: "SM" + x.ID}, generous); err != nil {
			t.Fatal(err)
		}
	}
	return went
}

func TestTheFirstFacilitatorWhoSaysYesHoldsIt(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	c, o := store.NewCovers(l.db, l.keys), nextThursday(t, l)
	ask := func(by store.By) int {
		t.Helper()
		n, err := c.Ask(t.Context(), l.id, by, l.groups[1], o)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	says := func(n string, yes bool, at time.Time) string {
		t.Helper()
		asked, first, err := c.Answer(t.Context(), l.event(at), number(t, n), yes, false)
		switch {
		case err != nil:
			t.Fatal(err)
		case !asked:
			return "nobody"
		case first:
			return "holds it"
		}
		return "noted"
	}
	if n := ask(ada); n != 2 {
		t.Fatalf("%d are asked", n)
	}
	ask(ada) // the same form
	if got := says(hazel, true, noon); got != "nobody" {
		t.Errorf("before the text left: %s", got)
	}
	if went := sentTo(t, l, noon); len(went) != 2 || went["Hazel"] != store.ToCover || went["Juniper"] != store.ToCover {
		t.Fatalf("sent: %v", went)
	}
	if got := says(juniper, true, noon.Add(time.Minute)); got != "holds it" {
		t.Errorf("the first yes: %s", got)
	}
	if went := sentTo(t, l, noon.Add(time.Minute)); len(went) != 1 || went["Hazel"] != store.Covered {
		t.Errorf("told: %v", went)
	}
	for i, tt := range []struct {
		who  string
		yes  bool
		want string
	}{{"+12025550199", true, "nobody"}, {juniper, true, "holds it"}, {hazel, true, "noted"}, {juniper, false, "noted"}, {hazel, true, "holds it"}, {hazel, true, "holds it"}} {
		if got := says(tt.who, tt.yes, noon.Add(time.Hour)); got != tt.want {
			t.Errorf("answer %d: %s, not %s", i, got, tt.want)
		}
	}
	if went := sentTo(t, l, noon.Add(time.Hour)); len(went) != 0 {
		t.Errorf("told after a no: %v", went)
	}
	if got := says(hazel, true, noon.Add(37*time.Hour)); got != "nobody" {
		t.Errorf("a day and a half later: %s", got)
	}
	want := []string{"Ada group.cover group 317264 on 2026-11-26", "facilitator Juniper cover.take group 317264 on 2026-11-26",
		"facilitator Juniper cover.pass group 317264 on 2026-11-26", "facilitator Hazel cover.take group 317264 on 2026-11-26"}
	entries := texts(t, l.look, `SELECT actor || ' ' || act || ' ' || detail FROM audit ORDER BY seq`)
	if len(entries) < len(want) {
		t.Fatalf("the log has %q", entries)
	}
	for i := range want {
		if entries[i] != want[i] {
			t.Errorf("entry %d is %q, not %q", i, entries[i], want[i])
		}
	}
	// Asked once more, everybody is.
	again := ada
	again.Event, again.At = "too soon", noon.Add(30*time.Minute)
	if ask(again); len(sentTo(t, l, noon.Add(40*time.Minute))) != 0 {
		t.Error("they are asked twice within an hour")
	}
	again.Event, again.At = "another form", noon.Add(2*time.Hour)
	if ask(again); len(sentTo(t, l, noon.Add(2*time.Hour))) != 2 {
		t.Error("nobody is asked again")
	}
}

func TestNobodyCoversWhatIsNotHeld(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	c, o := store.NewCovers(l.db, l.keys), nextThursday(t, l)
	late, other := o, o
	late.Start = noon.Add(-time.Minute)
	other.Start = o.Start.Add(time.Hour)
	for want, o := range map[error]schedule.Occurrence{store.ErrPast: late, store.ErrNotFound: other} {
		if _, err := c.Ask(t.Context(), l.id, ada, l.groups[1], o); !errors.Is(err, want) {
			t.Errorf("%v, not %v", err, want)
		}
	}
	if n := l.count(t, `SELECT count(*) FROM outbox`); n != 0 {
		t.Errorf("%d are asked", n)
	}
}
