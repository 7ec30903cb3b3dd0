//go:build privacy

package main

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/emulator"
)

// What make privacy runs, and what it holds the program to.
const (
	privacyCallers  = 1000
	privacyReminded = 10  // of each flow of reminders
	privacyMembers  = 400 // of the callers, enrolled before they call; others enrol as they do
	privacyTexts    = 5000
	privacyErased   = 50
	privacyGuesses  = 10_000_000
	privacyPairs    = 2000
	privacySeeds    = 3
	privacyRounds   = 200
	privacyPINs     = 60
	mostLinked      = 0.54
	longestErasure  = 5 * time.Second
	longestDistance = 5 * time.Millisecond // between the medians of two kinds of callers
)

// findings is the report: a line for each promise, and the scan.
type findings struct {
	t     *testing.T
	lines []string
	began time.Time
}

// held adds a promise with what was found of it.
func (f *findings) held(promise string, ok bool, format string, args ...any) {
	f.t.Helper()
	verdict := "held  "
	if !ok {
		verdict = "BROKEN"
		f.t.Errorf("%s: "+format, append([]any{promise}, args...)...)
	}
	f.lines = append(f.lines, fmt.Sprintf("%s  %-34s %s", verdict, promise, fmt.Sprintf(format, args...)))
	f.tell("%s", f.lines[len(f.lines)-1])
}

// known adds what a thief does learn, as README says.
func (f *findings) known(what string, format string, args ...any) {
	f.t.Helper()
	f.lines = append(f.lines, fmt.Sprintf("known   %-34s %s", what, fmt.Sprintf(format, args...)))
	f.tell("%s", f.lines[len(f.lines)-1])
}

// tell says how far the run is, on the error stream: the report is on the other.
func (f *findings) tell(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%6.1f s  %s\n", time.Since(f.began).Seconds(), fmt.Sprintf(format, args...))
}

// TestPrivacy has people call, text, enrol and leave; steals all that there is,
// and tells what a thief learns from it.
func TestPrivacy(t *testing.T) {
	f := &findings{t: t, began: time.Now()}
	all := callers(privacyCallers + privacyReminded*len(reminders))
	numbers, others := all[:privacyCallers], all[privacyCallers:]
	w := newWatch(t, all, whatVisitsNeed, onSaturdays, withDesk)
	w.outside()
	r, members := newRoll(w), people(numbers[privacyCallers-privacyMembers:])
	f.tell("%d members enrol", len(members))
	r.enrol(members)
	f.tell("%d people call and text", len(numbers))
	calls, texts, astray := w.visits(numbers)
	f.held("every flow leads where it should", len(astray) == 0, "%d of %d callers do not get there: %q", len(astray), len(numbers), slices.Compact(astray))
	f.tell("the desk")
	desk := w.sits()
	desk.works(numbers[0], numbers[1])
	f.tell("%d members are reminded", len(others))
	astray = w.season(others)
	f.held("every reminder leads where it should", len(astray) == 0, "%d of %d members do not get there: %q", len(astray), len(others), slices.Compact(astray))
	f.held("the carrier understands", len(w.carrier.Problems()) == 0, "%d calls and %d texts: %v", calls, texts, w.carrier.Problems())
	faults := w.requestFaults()
	f.held("requests are tokens, calls neutral (T10)", len(faults) == 0, "%d texts and calls that we started, found: %q", len(w.starts()), faults)
	told := w.topics().told(w.started())
	f.held("no topic is told (T6, T10)", len(told) == 0, "%d words and names, found: %q", len(w.topics().words)+len(w.topics().phrases), told)

	f.tell("a night")
	w.night()
	f.traceless(r, numbers)
	noise := w.noise(memberTables...)
	f.held("columns of bytes look like noise", len(noise) == 0, "%s: %q", strings.Join(memberTables, ", "), noise)
	f.guessing(r, members)
	longest, wrong := r.erasureHolds(members, members[:privacyErased])
	f.held("what is erased stays so (T3)", wrong == 0, "yesterday's backup opens with today's keys for %d of %d erased, and the other %d", wrong, privacyErased, len(members)-privacyErased)
	f.held("an erasure is quick", longest <= longestErasure, "%d people, the slowest %s", privacyErased, longest.Round(time.Millisecond))
	f.alike(w, numbers)
	f.linkage(t)

	f.tell("90 days in which nobody shows")
	astray = w.silence(others)
	f.held("who does not show is asked, neutrally", len(astray) == 0, "%d do not get there: %q", len(astray), slices.Compact(astray))
	told, faults = w.topics().told(w.started()), w.requestFaults()
	f.held("and the carrier is not told", len(told)+len(faults) == 0, "found: %q %q", told, faults)

	f.tell("the scan")
	w.plantEverywhere(canary)
	desk.plant(canary)
	results := w.scan(append(w.sinks(), desk.reads()...))
	w.clean(results)
	fmt.Printf("\nWhat a thief learns: %d callers, %d of them members, %d calls, %d texts\n\n%s\n\n%s\n",
		len(all), len(members), calls, texts, w.table(results), strings.Join(f.lines, "\n"))
}

// visitOf is the visit of the i-th caller. Those who are members already do what
// strangers do.
func visitOf(i int) visit {
	if i < privacyCallers-privacyMembers {
		return visits[i%len(visits)]
	}
	return visits[i%(len(visits)-len(memberVisits))]
}

// traceless holds everybody who did not enrol to have left nothing after a day, but a
// voice message of who said that they may be rung back. The first caller's phone is a
// coordinator's.
func (f *findings) traceless(r *roll, numbers []string) {
	f.t.Helper()
	strangers, traces := 0, 0
	for i, e164 := range numbers[:privacyCallers-privacyMembers] {
		if i == 0 || i%len(visits) >= len(visits)-len(memberVisits) {
			continue
		}
		strangers++
		held, err := r.members.Holdings(f.t.Context(), r.line, number(f.t, e164), r.groupIDs(), r.w.clock.Now())
		if err != nil {
			f.t.Fatal(err)
		}
		held.Voice = nil
		if !held.Empty() {
			traces++
		}
	}
	f.held("who did not enrol leaves nothing (T9)", traces == 0, "%d of %d strangers have a record after a day", traces, strangers)
}

// visits has everybody make their visit, and texts beside them, some of each.
func (w *watch) visits(numbers []string) (calls, texts int, astray []string) {
	w.t.Helper()
	count := func(steps []string) {
		for _, step := range steps {
			switch does, _, _ := strings.Cut(step, " "); does {
			case "call", "hide":
				calls++
			case "text":
				texts++
			}
		}
	}
	for i, number := range numbers {
		v := visitOf(i)
		if w.visit(v, number); !v.leads(w.carrier.Phone(number)) {
			astray = append(astray, v.flow)
		}
		count(v.steps)
	}
	slices.Sort(astray)
	for i := 0; texts < privacyTexts; i++ {
		v := visits[i%(len(visits)-len(memberVisits))]
		w.visit(v, numbers[i%len(numbers)])
		count(v.steps)
	}
	return calls, texts, astray
}

// alike holds what members and strangers hear, and how soon, to be the same.
func (f *findings) alike(w *watch, numbers []string) {
	f.t.Helper()
	stranger, member := numbers[0], numbers[len(visits)-len(memberVisits)] // who enrols by phone
	h, kinds := &hooks{s: w.stage, t: f.t}, everyKind(member, stranger)
	faults := h.alike(kinds, alikeKeys)
	f.held("everybody hears the same (T7)", len(faults) == 0, "%d kinds of callers, %d ways through the menu: %q", len(kinds), len(alikeKeys), faults)
	texts, differ := w.answersDiffer(stranger, member)
	f.held("everybody reads the same (T7)", len(differ) == 0, "%d texts of a stranger and a member, answers that differ: %q", texts, differ)
	f.asSoon("and as soon (T7)", h, kinds, "4", privacyRounds, 0)
	// Three hours apart, so that wrong, too often and frozen all come to pass.
	f.asSoon("a wrong PIN takes as long (T7)", h, kinds, wrongPIN, privacyPINs, 3*time.Hour)
}

// guessing tries numbers on the dump (T1).
func (f *findings) guessing(r *roll, members []person) {
	f.t.Helper()
	f.tell("%d numbers are guessed", privacyGuesses)
	found := r.guess(privacyGuesses)
	with, without := found["the index under its key"], 0
	delete(found, "the index under its key")
	for way, numbers := range found {
		without += len(numbers)
		f.t.Errorf("%s finds %d", way, len(numbers))
	}
	f.held("no number is guessed (T1)", without == 0, "%d guesses in %d ways without the key: %d members", privacyGuesses, len(withoutKey(f.t, r.line).names), without)
	known := map[string]bool{}
	for _, e164 := range with {
		known[e164] = true
	}
	missing := 0
	for _, m := range members {
		if !known[m.number] {
			missing++
		}
	}
	f.held("with the key the same tool works", missing == 0, "%d of %d members", len(members)-missing, len(members))
}

// linkage plays with people enough to learn from some and be asked of others (T2).
func (f *findings) linkage(t *testing.T) {
	t.Helper()
	const judged = privacyPairs / 2
	everybody := people(callers(2 * judged))
	for i := range everybody { // those who are rung came a month before the others, as people do who hear of it together
		if p := &everybody[i]; p.wishes.Channel == flows.ByCall && !p.asked {
			p.at = p.at.AddDate(0, -1, 0)
		}
	}
	f.tell("%d people enrol whom a thief tries to link", len(everybody))
	w := newWatch(t, nil, meetTogether)
	r := newRoll(w)
	r.enrol(everybody)
	share, pairs, tells := r.linkage(everybody, judged, 0)
	f.held("the linkage game can be lost", share > 0.7, "before the nightly rewrite %.1f %% of %d pairs, by %d tells", 100*share, pairs, len(tells))
	for seed := range privacySeeds {
		r.rewrite()
		share, pairs, tells := r.linkage(everybody, judged, uint64(seed)+1)
		f.held("nobody is linked (T2)", share <= mostLinked, "seed %d: %.1f %% of %d pairs, chance is 50 ± %.1f; by %q", seed+1, 100*share, pairs, 50/math.Sqrt(float64(pairs)), tells)
	}
	f.reminded(r, everybody, judged)
}

// reminded plays on with what reminders leave behind: also for the two memberships of
// one person.
func (f *findings) reminded(r *roll, everybody []person, judged int) {
	f.t.Helper()
	game := func(when string, people []person) {
		f.t.Helper()
		share, pairs, tells := r.linkage(people, judged, 7)
		f.held("reminders link nobody with a group", share <= byChance(pairs), "%s: %.1f %% of %d pairs; by %q", when, 100*share, pairs, tells)
	}
	rows := r.remind()
	game(fmt.Sprintf("%d reminders have just gone out", rows), everybody)
	share, pairs, tells := r.ofTwo(everybody, judged, true, 7)
	f.held("nor two groups of one person", share <= byChance(pairs), "before anybody answers: %.1f %% of %d pairs; by %q", 100*share, pairs, tells)
	did := r.answer(everybody)
	share, pairs, tells = r.linkage(did, judged, 8)
	f.held("the game of reminders can be lost", share > 0.7, "of those who answered today %.1f %% of %d pairs, by %q", 100*share, pairs, tells)
	r.rewrite()
	game(fmt.Sprintf("the night after %d answered", len(did)), everybody)
	share, pairs, tells = r.ofTwo(everybody, judged, true, 9)
	f.known("an answer is to one group alone", "two memberships of one person by that: %.1f %% of %d pairs; by %q", 100*share, pairs, tells)
	share, pairs, tells = r.ofTwo(everybody, judged, false, 9)
	f.known("what people chose is theirs in each group", "two memberships of one person by that alone: %.1f %% of %d pairs; by %q", 100*share, pairs, tells)
	unlike := slices.Clone(everybody)
	for i := range unlike {
		unlike[i].did = ""
	}
	share, pairs, tells = r.linkage(unlike, judged, 9)
	f.held("nor does who answered, that night", share <= byChance(pairs), "a member and a membership by that alone: %.1f %% of %d pairs; by %q", 100*share, pairs, tells)
	_, wrong := r.erasureHolds(everybody, everybody[:privacyErased])
	f.held("nothing of reminders outlasts (T3)", wrong == 0, "%d people were erased who had been reminded", privacyErased)
}

// answersDiffer has two numbers send every text of every visit at the same time,
// and returns the answers to them that differ.
func (w *watch) answersDiffer(one, other string) (texts int, differ [][2][]string) {
	w.t.Helper()
	for _, v := range visits {
		for _, step := range v.steps {
			body, isText := strings.CutPrefix(step, "text ")
			if !isText || body == "STOP" || body == "START" { // the carrier's own
				continue
			}
			texts++
			var answers [2][]string
			sent := []*emulator.Message{w.carrier.Phone(one).Text(lineNumber, body), w.carrier.Phone(other).Text(lineNumber, body)}
			w.carrier.Advance(11 * time.Minute) // past the silence after two answers alike
			for i, m := range sent {
				for _, r := range m.Replies() {
					answers[i] = append(answers[i], undrawn(r.Body))
				}
			}
			if !slices.Equal(answers[0], answers[1]) {
				differ = append(differ, answers)
			}
		}
	}
	return texts, differ
}
