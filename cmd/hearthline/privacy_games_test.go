package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// memberTables hold who is a member and in which group, and the keys of both.
var memberTables = []string{"member", "membership", "keys.member", "keys.membership"}

// linkage plays the game with some of the people, and returns in what share of
// the pairs the thief is right.
func (r *roll) linkage(people []person, judged int, seed uint64) (share float64, pairs int, tells []string) {
	r.w.t.Helper()
	thief, truth := r.thief(people)
	share, pairs = thief.play(truth, judged, seed)
	for _, t := range thief.tells {
		tells = append(tells, t.name)
	}
	return share, pairs, tells
}

// guessed tries so many numbers on a dump of the line: in every way that needs
// no key, and in the one that needs it. It returns what was found by which.
func (r *roll) guess(count int) map[string][]string {
	r.w.t.Helper()
	stolen := stolenIndexes(pgDump(r.w.t, r.w.server))
	g := withoutKey(r.w.t, r.line)
	g.add("the index under its key", withKey(r.keys, r.line).of[0])
	return g.match(stolen, count)
}

// guessesFind fails the test unless the numbers are found with the key, and none
// by any other way but those said.
func (r *roll) guessesFind(count int, people []person, otherwise ...string) {
	r.w.t.Helper()
	found := r.guess(count)
	with := found["the index under its key"]
	delete(found, "the index under its key")
	want := []string{lineNumber} // which is public
	for _, p := range people {
		want = append(want, p.number)
	}
	slices.Sort(want)
	slices.Sort(with)
	if diff := cmp.Diff(want, slices.Compact(with)); diff != "" {
		r.w.t.Errorf("with the key, the members that are found (-want +got):\n%s", diff)
	}
	for way, numbers := range found {
		if !slices.Contains(otherwise, way) {
			r.w.t.Errorf("%s finds %d members", way, len(numbers))
		}
	}
	for _, way := range otherwise {
		if len(found[way]) == 0 {
			r.w.t.Errorf("%s finds nobody, so that the guessing proves nothing", way)
		}
	}
}

// Members in a stolen dump: nobody links who with what, guesses a number, or sees
// anything but noise. Without one of the controls it shows at once.
func TestAStolenDumpTellsNothing(t *testing.T) {
	t.Parallel()
	const guesses = 14_000 // all areas of the callers
	w := newWatch(t, nil)
	r, people := newRoll(w), people(callers(140))
	r.enrol(people)
	game := func(seed uint64) (float64, int, []string) { return r.linkage(people, 48, seed) }
	loses := func(name string) {
		t.Helper()
		w.playing(name, true, game)
	}
	noiseBut := func(want ...string) {
		t.Helper()
		faults := strings.Join(w.noise(memberTables...), "\n")
		if len(want) == 0 && faults != "" {
			t.Error(faults)
		}
		for _, column := range want {
			if !strings.Contains(faults, column) {
				t.Errorf("%s is not sealed, and looks like noise: %q", column, faults)
			}
		}
	}

	loses("before the nightly rewrite")
	r.rewriteInOrder()
	loses("a rewrite in the order of writing")
	r.rewrite()
	w.playing("as it is", false, game)
	noiseBut()
	r.guessesFind(guesses, people)
	r.erasureHolds(people, people[132:])
	people = people[:132]

	r.changeRows(people, "profile", "profile || convert_to($1, 'UTF8')", func(p person) any {
		text, _ := json.Marshal(p.wishes)
		return string(text)
	})
	r.rewrite()
	loses("profiles that are not padded")
	noiseBut("member.profile has values of several lengths", "membership.profile has values of several lengths")
	w.do(w.open(), `UPDATE member SET profile = substr(profile, 1, 500)`, `UPDATE membership SET profile = substr(profile, 1, 250)`)
	w.do(w.open(), `ALTER TABLE member ADD COLUMN joined date`, `ALTER TABLE membership ADD COLUMN joined date`)
	r.changeRows(people, "joined", "$1::date", func(p person) any { return p.at })
	r.rewrite()
	loses("a date in both tables")

	w.do(w.open(), `UPDATE member SET pin = convert_to(rpad('{"pin":"1234', octet_length(pin)), 'UTF8')`,
		`UPDATE keys.membership SET data_key = set_byte(data_key, 20, 7)`)
	noiseBut("member.pin is uneven", "keys.membership.data_key is uneven")
	w.doWith(`UPDATE member SET number_index = $1 WHERE member_id = $2`, unkeyed("SHA-256 of E.164", people[3].number), r.identityOf(people[3].number))
	r.guessesFind(guesses, slices.Delete(slices.Clone(people), 3, 4), "SHA-256 of E.164")
}
