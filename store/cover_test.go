package store_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
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

// askedWith is the code that somebody was last asked with, "" for whom nobody asked.
func askedWith(t *testing.T, l *lineUnderTest, n string) string {
	t.Helper()
	all, err := l.db.Facilitators(t.Context(), l.keys, l.id, l.groups[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if f.Number.Equal(number(t, n)) {
			for _, row := range texts(t, l.look, `
				SELECT o.outbox_id
				FROM outbox o JOIN firing f USING (line_id, firing_id)
				WHERE f.purpose = 'cover' AND o.pseudonym = uuid_send($1::uuid)
				ORDER BY o.due_at DESC`, f.ID) {
				return store.QuestionCode(l.keys, l.id, row)
			}
		}
	}
	return ""
}

// another is a code that is not this one.
func another(code string) string {
	if code == "100" {
		return "101"
	}
	return "100"
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
		asked, first, err := c.Answer(t.Context(), l.event(at), number(t, n), store.CoverAnswer{Yes: yes, Code: askedWith(t, l, n)})
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

// answers sends answers of Hazel's number and says what came of them.
func answers(t *testing.T, l *lineUnderTest, c *store.Covers, at time.Time, codes ...string) (asked []bool) {
	t.Helper()
	for _, code := range codes {
		ok, _, err := c.Answer(t.Context(), l.event(at), number(t, hazel), store.CoverAnswer{Yes: true, Code: code})
		if err != nil {
			t.Fatal(err)
		}
		asked = append(asked, ok)
	}
	return asked
}

// Whoever shows a facilitator's number and does not read its texts takes nothing, and
// has no more than three tries, for as long as the question can be answered. What
// another was asked is not ended by that, nor is what is asked anew.
func TestWhoDoesNotReadTheQuestionTakesNothing(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	c, o := store.NewCovers(l.db, l.keys), nextThursday(t, l)
	ask := func(by store.By) {
		t.Helper()
		if _, err := c.Ask(t.Context(), l.id, by, l.groups[1], o); err != nil {
			t.Fatal(err)
		}
		sentTo(t, l, by.At)
	}
	ask(ada)
	right := askedWith(t, l, hazel)
	wrong := another(right)
	if got := answers(t, l, c, noon, "", wrong, right, "", right, wrong, right); !slices.Equal(got, []bool{false, false, true, false, false, false, false}) {
		t.Errorf("answered: %v", got)
	}
	if got := answers(t, l, c, noon.Add(35*time.Hour), right, wrong, right); slices.Contains(got, true) {
		t.Errorf("a day later: %v", got)
	}
	if held := texts(t, l.look, `SELECT answer FROM outbox WHERE answer IS NOT NULL`); !slices.Equal(held, []string{"in"}) {
		t.Errorf("the answers are %q", held)
	}
	if n := l.count(t, `SELECT count(*) FROM attempt WHERE total <> 3 OR expires_at > $1`, noon.Add(36*time.Hour)); n != 0 {
		t.Error("more tries are counted, or for longer")
	}
	_, _, err := c.Answer(t.Context(), l.event(noon), number(t, juniper), store.CoverAnswer{Code: askedWith(t, l, juniper)})
	if ok := texts(t, l.look, `SELECT answer FROM outbox WHERE answer = 'out'`); err != nil || len(ok) != 1 {
		t.Errorf("the other: %q, %v", ok, err)
	}
	again := ada
	again.Event, again.At = "another form", noon.Add(2*time.Hour)
	ask(again)
	if got := answers(t, l, c, again.At, right, askedWith(t, l, hazel)); !slices.Equal(got, []bool{right == askedWith(t, l, hazel), true}) {
		t.Errorf("asked anew: %v", got)
	}
}

// One text that comes twice is one try, and nobody gains by sending many at once.
func TestTriesAreCountedOnce(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	c, o := store.NewCovers(l.db, l.keys), nextThursday(t, l)
	if _, err := c.Ask(t.Context(), l.id, ada, l.groups[1], o); err != nil {
		t.Fatal(err)
	}
	sentTo(t, l, noon)
	right, same := askedWith(t, l, hazel), l.event(noon)
	for range 4 {
		if _, _, err := c.Answer(t.Context(), same, number(t, hazel), store.CoverAnswer{Yes: true, Code: another(right)}); err != nil {
			t.Fatal(err)
		}
	}
	if n := l.count(t, `SELECT sum(total) FROM attempt`); n != 1 {
		t.Errorf("one text is %d tries", n)
	}
	// While the third is being counted, what is right waits, and comes too late.
	answers(t, l, c, noon, another(right))
	release := l.hold(t, "BEFORE UPDATE ON attempt FOR EACH ROW")
	try := func(code string) func() error {
		e := l.event(noon)
		return func() error {
			asked, _, err := c.Answer(context.Background(), e, number(t, hazel), store.CoverAnswer{Yes: true, Code: code})
			if asked {
				err = errors.New("it is taken")
			}
			return err
		}
	}
	third := l.begin(t, try(another(right)))
	late := l.begin(t, try(right))
	release()
	for _, over := range []<-chan error{third, late} {
		if err := <-over; err != nil {
			t.Error(err)
		}
	}
	if n := l.count(t, `SELECT sum(total) FROM attempt`); n != 3 {
		t.Errorf("three are %d tries", n)
	}
}

// A stranger's answer leaves nothing, and each who is asked has a code of their own.
func TestCodesOfQuestions(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	if asked, _, err := store.NewCovers(l.db, l.keys).Answer(t.Context(), l.event(noon), number(t, ann), store.CoverAnswer{Yes: true, Code: "412"}); asked || err != nil {
		t.Errorf("a stranger: %v, %v", asked, err)
	}
	if n := l.count(t, `SELECT (SELECT count(*) FROM attempt) + (SELECT count(*) FROM effect)`); n != 0 {
		t.Errorf("a stranger leaves %d rows", n)
	}
	codes := map[string]bool{}
	for row := range 2000 {
		code := store.QuestionCode(l.keys, l.id, strconv.Itoa(row))
		// YES 911 would be read as a text of danger, wherever the emergency number is 911,
		// 988, 999, 110 or 112.
		if len(code) != 3 || strings.ContainsAny(code[:1], "019") || code != store.QuestionCode(l.keys, l.id, strconv.Itoa(row)) {
			t.Fatalf("the code is %q", code)
		}
		codes[code] = true
	}
	if len(codes) < 500 {
		t.Errorf("2,000 rows have %d codes", len(codes))
	}
}
