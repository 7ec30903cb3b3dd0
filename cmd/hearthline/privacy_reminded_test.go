package main

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// meetTogether has all groups meet at one time, so that nothing but whose they are
// keeps their reminders apart.
func meetTogether(o *stageOptions) {
	together, err := schedule.New("2026-11-26T19:00", "America/New_York", "FREQ=WEEKLY", 60)
	if err != nil {
		panic(err)
	}
	for _, code := range []string{"482105", "593716", "714829", "836254", "927461", "648392"} {
		group(code, func(g *store.Group) { g.Meetings = []schedule.Meeting{together} })(o)
	}
}

// remind goes on to the day before a meeting that nobody enrolled after, and sends
// everybody the first of its reminders. It returns how many rows went out.
func (r *roll) remind() int {
	r.w.t.Helper()
	before := evening.AddDate(0, 0, 36).Add(55 * time.Minute) // a Wednesday, seven in New York
	r.w.carrier.Advance(before.Sub(r.w.clock.Now()))
	r.w.pass()
	return len(r.w.column(r.w.open(), `SELECT outbox_id FROM outbox WHERE kind = 'reminder' AND intent_at IS NOT NULL`))
}

// answer has people answer their reminders one after the other, in no order: a third
// say that they come, some that they do not, some want no more. It returns those who
// did anything.
func (r *roll) answer(people []person) []person {
	r.w.t.Helper()
	random := rand.New(rand.NewPCG(1, 1))
	var did []person
	at := r.w.clock.Now()
	for _, i := range random.Perm(len(people)) {
		p := &people[i]
		if p.asked || p.stopped {
			continue
		}
		at = at.Add(time.Duration(random.IntN(3000)) * time.Millisecond)
		event, n := store.Event{Line: r.line, SID: "SM answer " + p.number, At: at}, number(r.w.t, p.number)
		_, found, err := r.members.Newest(r.w.t.Context(), r.line, n, r.groupIDs(), at)
		if err != nil {
			r.w.t.Fatal(err)
		}
		switch k := random.IntN(12); {
		case k < 6 && !found: // who has no reminder yet has nothing to answer
			continue
		case k < 4:
			p.did, err = "in", r.members.Coming(r.w.t.Context(), event, n, true, r.groupIDs())
		case k < 6:
			p.did, err = "out", r.members.Coming(r.w.t.Context(), event, n, false, r.groupIDs())
		case k < 8:
			p.did, err = "stop", r.members.Stop(r.w.t.Context(), event, n, true, r.groupIDs())
		default:
			continue
		}
		if err != nil {
			r.w.t.Fatal(err)
		}
		did = append(did, *p)
	}
	return did
}

// ofTwo plays the game about two memberships of one person. With chosen, what
// people chose is known to begin with, as it is the same for others.
func (r *roll) ofTwo(people []person, judged int, chosen bool, seed uint64) (share float64, pairs int, tells []string) {
	r.w.t.Helper()
	thief, truth := r.thiefOfTwo(people, chosen)
	share, pairs = thief.play(truth, judged, seed)
	for _, t := range thief.tells {
		tells = append(tells, t.name)
	}
	return share, pairs, tells
}

// byChance is what somebody who knows nothing may be right in, of so many pairs: four
// deviations more than half, which comes once in 30,000 games.
func byChance(pairs int) float64 { return 0.5 + 2/math.Sqrt(float64(pairs)) }

// playing plays a game, and once more, with others to learn from and to judge, if it does
// not end as it should: what a dump gives away it gives away each time, and luck does not
// last. It returns whether it ended so at last.
func (w *watch) playing(when string, lost bool, game func(seed uint64) (share float64, pairs int, tells []string)) {
	w.t.Helper()
	for seed := range uint64(2) {
		share, pairs, tells := game(1 + seed)
		w.t.Logf("%s: right in %.1f %% of %d pairs, by %q", when, 100*share, pairs, tells)
		if share > byChance(pairs) == lost {
			return
		}
	}
	w.t.Errorf("%s: what the thief is right in is above", when)
}

// What reminders leave behind links nobody with a group, and no two groups of one
// person, while they go out and from the night on after they were answered.
func TestRemindersTieNobody(t *testing.T) {
	t.Parallel()
	w := newWatch(t, nil, meetTogether)
	r := newRoll(w)
	var people []person
	for i, e164 := range callers(200) {
		// Half of them are texted at once, half of them have reminders that wait.
		people = append(people, person{
			number: e164, codes: []string{"482105", "593716"}, at: evening.AddDate(0, 0, i*7%29),
			wishes: flows.Preferences{Hours: []flows.Hours{"", flows.Afternoons}[i%2]},
		})
	}
	r.enrol(people)
	r.rewrite()
	type game = func(seed uint64) (float64, int, []string)
	one := func(people []person) game {
		return func(seed uint64) (float64, int, []string) { return r.linkage(people, 60, seed) }
	}
	two := func(people []person) game {
		return func(seed uint64) (float64, int, []string) { return r.ofTwo(people, 60, true, seed) }
	}
	if n := r.remind(); n != 200 {
		t.Errorf("%d are reminded", n)
	}
	w.playing("just reminded, a member and a membership", false, one(people))
	w.playing("just reminded, two memberships", false, two(people))
	did := r.answer(people)
	share, pairs, tells := one(did)(1) // README says what was written since the night before
	t.Logf("just answered, a member and a membership: right in %.1f %% of %d pairs, by %q", 100*share, pairs, tells)
	r.rewrite()
	w.playing("the night after, a member and a membership", false, one(people))
	w.playing("the night after, two memberships", false, two(people))
	for i, p := range did { // the moment at which the rows of each ended
		_, pseudonyms := r.rowsOf(p)
		w.doWith(`UPDATE outbox SET ended_at = $2 WHERE pseudonym = ANY($1) AND ended_at IS NOT NULL`, pq.ByteaArray(pseudonyms), w.clock.Now().Add(time.Duration(i)*time.Second))
	}
	r.rewrite()
	w.playing("a moment that was kept, two memberships", true, two(did))
	if faults := w.noise("sent_mark"); len(faults) > 0 {
		t.Error(faults)
	}
	r.erasureHolds(people, people[:12])
}
