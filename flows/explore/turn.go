package explore

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
)

// place is where a line waits, with how many answers a caller has given.
type place struct {
	state flows.State
	then  flows.Then
	trail int             // what led there, see walk.trails
	keys  map[string]bool // that were offered there
}

// result is what one answer of a caller may come to.
type result struct {
	flows.Outcome
	asked   []string       // what was asked of hosts on the way, with what they came to
	answers []flows.Answer // the same, as they answered
	nodes   []string       // that the turn went through
}

// longestChain is how many hosts a turn may ask one after the other; no flow that has
// no round needs as many.
const longestChain = 24

// turn takes a turn in every way that hosts may let it end.
func (w *walk) turn(s flows.State, in flows.Input, each func(result)) {
	w.turnIn(w.world.view, s, in, each)
}

func (w *walk) turnIn(v flows.View, s flows.State, in flows.Input, each func(result)) {
	for _, v := range w.views(v, s, in) {
		w.follow(v, s, in, result{}, each)
	}
}

// views are a view with what the caller may hear of themselves, their session and what
// they look after, in each way in which that may stand.
func (w *walk) views(v flows.View, s flows.State, in flows.Input) (all []flows.View) {
	if s.Member != "" {
		v.Member = w.world.member
	}
	if s.Staff != "" || w.world.Text {
		v.Desk = w.world.desk
	}
	if w.flow.Sits(s) {
		v.Session = w.world.session
	}
	if in.Event != flows.Waiting || in.Told != 0 {
		return []flows.View{v}
	}
	for _, of := range w.world.heardAlone() {
		v.Session = of
		all = append(all, v)
	}
	return all
}

func (w *walk) follow(v flows.View, s flows.State, in flows.Input, so result, each func(result)) {
	w.counts.Turns++
	from := s.Node
	if in.Event == flows.Started || in.Event == flows.Placed {
		from = ""
	}
	nodes := slices.Clip(so.nodes)
	out := flows.Follow(w.flow, v, s, in, func(node string, here bool) {
		w.counts.pass(from, node, here)
		from, nodes = node, append(nodes, node)
	})
	out.Said = append(slices.Clip(so.Said), out.Said...)
	now := result{Outcome: out, asked: so.asked, answers: so.answers, nodes: nodes}
	ask, ok := out.Then.(flows.Request)
	if !ok {
		each(now)
		return
	}
	if len(so.asked) == longestChain {
		w.fault(faultRound, "the turn asks hosts without end, last "+ask.Function)
		return
	}
	for _, a := range w.world.answers(ask) {
		now.asked, now.answers = append(slices.Clip(so.asked), ask.Function+" "+a.Result), append(slices.Clip(so.answers), a)
		w.follow(v.After(a), out.State, flows.Input{Event: flows.Answered, Result: a.Result, Set: a.Set}, now, each)
	}
}

// inputs is what a caller can do where the line waits.
func (w *walk) inputs(p place) []flows.Input {
	switch then := p.then.(type) {
	case flows.Join:
		all := append(returned("answered", "failed"), pressed("0", "*")...)
		if w.waited[p.state.Node] < fewWaits {
			// What is heard there depends on the session and the group, and little else.
			w.waited[p.state.Node]++
			all = append(all, waiting...)
		}
		return all
	case flows.Dial:
		if then.Caller {
			return nil // the two talk, and nothing comes after
		}
		return returned("answered", "failed")
	case flows.Record:
		return returned(flows.ResultRecorded, flows.ResultSilent, "failed")
	case flows.Await:
		switch {
		case w.world.Text:
			return w.replies
		case p.state.Silences > 0 || p.state.Wrongs > 0:
			// Whoever is asked again can do what they could before.
			return again
		case then.Listen != "":
			return slices.Concat(keys, w.spoken)
		case then.Digits == 1:
			return keys
		}
		return slices.DeleteFunc(slices.Clone(codes), func(in flows.Input) bool { return len(in.Keys) > then.Digits })
	}
	return nil
}

var (
	keys  = append(pressed(strings.Fields("1 2 3 4 5 6 7 8 9 0 * #")...), flows.Input{Event: flows.Silent})
	again = append(pressed("0", "123"), flows.Input{Event: flows.Silent}) // 123 is an answer to no question
	// codes are answers to what asks for digits: two PINs, one that is weak, times, a
	// number, and what is too short.
	codes = append(pressed(strings.Fields("739146 915377 111111 1930 730 2025550123 12 0 * #")...), flows.Input{Event: flows.Silent})
)

// waiting are of who hears nobody in a room or at its door: at once, half a minute later,
// and after ten minutes.
var waiting = func() (all []flows.Input) {
	for _, who := range []string{flows.WaitAlone, flows.WaitMoved, flows.WaitHost, flows.WaitDoor} {
		for _, told := range []int{0, 1, 20} {
			all = append(all, flows.Input{Event: flows.Waiting, Result: who, Told: told})
		}
	}
	return all
}()

func pressed(keys ...string) []flows.Input {
	all := make([]flows.Input, len(keys))
	for i, k := range keys {
		all[i] = flows.Input{Event: flows.Pressed, Keys: k}
	}
	return all
}

func returned(results ...string) []flows.Input {
	all := make([]flows.Input, len(results))
	for i, r := range results {
		all[i] = flows.Input{Event: flows.Returned, Result: r}
	}
	return all
}

// spoken are what somebody may say where words are listened for: what leads nowhere, what
// may have been something else, and that they are in danger.
func spoken(danger []string) []flows.Input {
	all := []flows.Input{{Event: flows.Heard, Keys: "zzzzz"}, {Event: flows.Heard, Keys: "zzzzz", Unsure: true}}
	if len(danger) > 0 {
		all = append(all, flows.Input{Event: flows.Heard, Keys: danger[0]}, flows.Input{Event: flows.Heard, Keys: danger[0], Unsure: true})
	}
	return all
}

func texted(bodies ...string) []flows.Input {
	all := make([]flows.Input, len(bodies))
	for i, body := range bodies {
		all[i] = flows.Input{Event: flows.Texted, Keys: body}
	}
	return all
}

// openings are how a call or an exchange of texts may begin, each with the state that
// it begins in.
func (w *walk) openings() (all []opening) {
	for _, lang := range w.world.lead {
		s := flows.State{Lang: lang}
		switch {
		case w.world.Text:
			for _, in := range w.firstTexts(lang) {
				all = append(all, opening{s, in})
			}
		case w.world.placed:
			for _, kind := range w.flow.Placed() {
				in := flows.Input{Event: flows.Placed, Result: kind}
				switch kind {
				case flows.PlacedMasked: // with who waits, or left a message
					for _, whom := range []string{w.world.desk.Waiting[0].ID, id("message")} {
						all = append(all, opening{flows.State{Lang: lang, Vars: map[string]string{flows.VarApplicant: whom}}, in})
					}
				case flows.PlacedThem:
					all = append(all, opening{s, in})
				default:
					for _, about := range w.abouts() {
						all = append(all, opening{flows.State{Lang: lang, About: about}, in})
					}
				}
			}
		default:
			all = append(all, opening{s, flows.Input{Event: flows.Started}})
		}
	}
	return all
}

type opening struct {
	state flows.State
	in    flows.Input
}

// abouts is what a call of ours may be about: a group whose door is open, one that
// begins later, one elsewhere, one in a place, and one that is over.
func (w *walk) abouts() (all []flows.About) {
	called := []string{"Cedar", "Aurora", "Juniper", "Laurel", "Acacia", "Sequoia"}
	for i, g := range w.world.view.Directory.Groups() {
		about := flows.About{Row: id("row"), Group: g.ID, Named: i%2 == 0}
		if next := w.world.view.Directory.Next(g.ID, now, 1); len(next) > 0 {
			about.Start = next[0].Start.Unix() / 60
			about.Was = about.Start - 60
		}
		if slices.Contains(called, g.Name.In("")) {
			all = append(all, about)
		}
	}
	return append(all, flows.About{Row: id("row"), Group: gone, Start: now.Unix() / 60})
}

// firstTexts are each word of the flow and each order with what may follow it, words
// of danger, and what is none of them.
func (w *walk) firstTexts(lang string) []flows.Input {
	weekday := schedule.Weekday(lang, time.Wednesday)
	bodies := []string{"", "?", "zzzzz", "1", "0", "*", "#", "482101", "999999", "cedar", "grief", "hepl"}
	words := w.flow.Words(lang)
	for _, word := range slices.Sorted(maps.Keys(words)) {
		names := words[word]
		bodies = append(bodies, names...)
		for _, after := range []string{"482101", "482102", "999999", "cedar", "412", "12", "4821014821", "482101 " + weekday + " 20:00", "cedar " + weekday + " 19:30 grief"} {
			if len(names) > 0 {
				bodies = append(bodies, names[0]+" "+after)
			}
		}
	}
	if dangers := w.flow.Dangers(lang); len(dangers) > 0 {
		bodies = append(bodies, dangers[0])
	}
	return texted(bodies...)
}
