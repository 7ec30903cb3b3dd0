package flows

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
)

// Waits of the voice channel. A menu's own wait is the flow's; a digit prompt
// gives a person seven seconds for the first digit and three between digits,
// so that a lone 0, * or # is understood three seconds after it.
const (
	digitPause = 3 * time.Second
	digitGrace = 4 * time.Second
	// starHush is how long who knows the keys of a star's menu has before its words.
	starHush = 3 * time.Second
)

// Turn is one exchange: what the caller did, and what they hear next. It is
// total: any State and any Input give an Outcome, a state it cannot read
// begins at the welcome. The Outcome's state is the one to give back.
func Turn(f *Flow, v View, s State, in Input) Outcome { return Follow(f, v, s, in, nil) }

// Follow is Turn, and tells passes each node that the turn goes through, in order. Of
// one where a text or a call is led elsewhere, here is false: nobody is there.
func Follow(f *Flow, v View, s State, in Input, passes func(node string, here bool)) Outcome {
	v.Guest = cmp.Or(v.Guest, f.Guest(s))
	t := &turn{flow: f, view: v, s: s, said: make([]Utterance, 0, longestMenu), passes: passes}
	if in.Event != Answered && in.Event != Waiting {
		t.s.Turn++
	}
	switch n := f.nodes[s.Node]; {
	case in.Event == Waiting:
		t.waits(n, in)
	case in.Event == Texted:
		t.texted(n, in.Keys)
	case in.Event == Placed:
		t.beginAbout(f.placed[in.Result], s.About, bring(s.Vars))
	case in.Event == Started || n == nil:
		t.begin(f.start)
	default:
		t.s.Lang = t.known(t.s.Lang)
		t.step(n, in)
	}
	return Outcome{Said: t.said, Then: t.then, State: t.s}
}

// HostFunc runs a host function.
type HostFunc func(Request) Answer

// Answer is what a host function came to: one of its declared outcomes, and
// the variables it found.
type Answer struct {
	Result string
	Set    map[string]string
	// Member, if set, is what the caller may hear of themselves from now on; Session,
	// if set, of the session that they are in; Desk, if set, of what they look after.
	Member  *Member
	Session *Session
	Desk    *Desk
	// Spoken, if set, is what a message says.
	Spoken *Spoken
}

// Run takes a turn to where the caller is waited for, asking host for what the
// flow requests on the way.
func Run(f *Flow, v View, s State, in Input, host HostFunc) Outcome {
	return RunAlong(f, v, s, in, host, nil)
}

// RunAlong is Run, and tells passes each node as [Follow] does.
func RunAlong(f *Flow, v View, s State, in Input, host HostFunc, passes func(node string, here bool)) Outcome {
	out := Follow(f, v, s, in, passes)
	// No turn passes a node twice (F004), and one option may ask before that.
	for range len(f.nodes) + 1 {
		ask, ok := out.Then.(Request)
		if !ok {
			return out
		}
		a := host(ask)
		v = v.After(a)
		next := Follow(f, v, out.State, Input{Event: Answered, Result: a.Result, Set: a.Set}, passes)
		next.Said = append(out.Said, next.Said...)
		out = next
	}
	out.Then = End{}
	return out
}

// After is the View once a host function has answered: with what the answer tells anew.
func (v View) After(a Answer) View {
	if a.Member != nil {
		v.Member = a.Member
	}
	if a.Session != nil {
		v.Session = a.Session
	}
	if a.Desk != nil {
		v.Desk = a.Desk
	}
	if a.Spoken != nil {
		v.Spoken = a.Spoken
	}
	return v
}

// longestMenu is how many utterances a turn has room for before it takes more.
const longestMenu = 8

type turn struct {
	flow *Flow
	view View
	s    State
	said []Utterance
	then Then
	told int // how often who hears nobody has been told so
	// ownVars says that the State's Vars are this turn's, and nobody else's.
	ownVars bool
	// passes is told where the turn goes, nil for nobody.
	passes func(node string, here bool)
	// aheadOf are the dates that ahead has worked out, of which group.
	aheadOf struct {
		group string
		dates []schedule.Occurrence
		known bool
	}
	// items are those of the list at hand that label has worked out.
	items []labelled
}

func (t *turn) begin(at target) { t.beginAbout(at, About{}, nil) }

// beginAbout begins a call, with some variables. One that we place for what the flow does not know is
// hung up without a word.
func (t *turn) beginAbout(at target, about About, vars map[string]string) {
	t.s = State{
		Flow: t.flow.Hash, Hour: t.view.Now.Unix() / 3600, Turn: max(t.s.Turn, 1), Lang: t.known(t.s.Lang), Attested: t.s.Attested, Slow: t.s.Slow, Invited: t.s.Invited,
		Group: about.Group, About: about, Vars: vars,
	}
	t.enter(at.node)
}

// known is lang, or the line's first language when the line does not speak it.
func (t *turn) known(lang string) string {
	if languages := t.languages(); !slices.Contains(languages, lang) {
		return languages[0]
	}
	return lang
}

func (t *turn) step(n *node, in Input) {
	switch {
	case in.Event == Pressed && in.Keys != "" && n.asks():
		t.pressed(n, in.Keys)
	case in.Event == Heard && n.asks():
		t.heard(n, in)
	case (in.Event == Silent || in.Event == Pressed) && n.asks():
		t.silent(n)
	case in.Event == Answered && n.kind == kindDo, in.Event == Returned && n.away():
		t.returned(n, in)
	case in.Event == Answered && n.asksEdge():
		t.opened(n, in)
	case n.asks():
		t.repeat(n, full)
	case in.Event == Pressed && n.keys[in.Keys].node != "":
		t.enter(n.keys[in.Keys].node)
	default:
		// The call was on its way into a room or to a number when we were
		// last asked; send it there again.
		t.enter(n.name)
	}
}

// away says whether somebody is gone at the node who will be back.
func (n *node) away() bool {
	return n.kind == kindJoin || n.kind == kindDial && n.source != dialCaller || n.kind == kindRecord
}

// asks says whether the node waits for a caller's keys.
func (n *node) asks() bool { return n.kind == kindMenu || n.kind == kindPick || n.kind == kindAsk }

// enter goes through nodes until one waits, joins, dials, requests or ends.
func (t *turn) enter(name string) {
	for range t.flow.nodes { // no turn passes a node twice (F004)
		for name == nodeReturn {
			name = t.back()
		}
		n := t.flow.nodes[name]
		if n == nil {
			break
		}
		led := n.elsewhere(t.view.Text)
		if t.passes != nil {
			t.passes(name, led == "")
		}
		if led != "" {
			name = led
			continue
		}
		t.s.Node, t.s.Silences, t.s.Wrongs, t.items = name, 0, 0, nil
		t.s.Offered, t.s.Page, t.s.More = nil, 0, NoMore
		t.s.Returns = t.used(name)
		if len(t.s.Vars) > 0 && (t.flow.outside(name) || n.condition == conditionDesk) {
			t.s.Vars = nil // whatever was begun is over; a PIN is not kept for it
		}
		if name = t.visit(n); name == "" {
			return
		}
	}
	t.then = End{}
}

// elsewhere is where a text or a call is led instead of to the node, "" if it is not.
func (n *node) elsewhere(text bool) string {
	if text {
		return n.text.node
	}
	return n.voice.node
}

// visit does what a node does. It returns the node to go on with, or "" when
// the turn is over.
func (t *turn) visit(n *node) string {
	switch n.kind {
	case kindSay:
		return t.say(n)
	case kindPick:
		return t.offer(n)
	case kindIf:
		if t.holds(n.condition) {
			return n.then.node
		}
		return n.otherwise.node
	case kindUse:
		return t.use(n)
	case kindDo:
		f := functions[n.does]
		if f.resolve != nil {
			return n.outcomes[f.resolve(t)].node
		}
		t.then = Request{Function: n.does, State: t.s}
	case kindJoin:
		t.forget(varSeat)
		t.then = Join{Group: t.s.Group, Back: t.aside(n.prompt)}
	case kindRecord:
		t.then = Record{For: n.source, Most: recordings[n.source]}
	case kindDial:
		to := Dial{Crisis: n.source == dialCrisis, Caller: n.source == dialCaller, Group: t.s.Group}
		if n.source == dialApplicant {
			to.Applicant = t.s.Vars[VarApplicant]
		}
		if _, ok := t.flow.numbers[n.source]; ok {
			to.Number = n.source
		}
		t.then = to
	default:
		t.ask(n, full)
		t.hush(n)
	}
	return ""
}

// hush has the words of a star's menu come after a tone and a silence.
func (t *turn) hush(n *node) {
	if wait, ok := t.then.(Await); ok && n.star {
		wait.Tone, wait.Hush = true, starHush
		t.then = wait
	}
}

func (t *turn) say(n *node) string {
	if n.most > 0 && !t.visited(n) {
		return n.then.node
	}
	t.utter(n.prompt)
	if n.plays && t.view.Spoken != nil {
		t.said = append(t.said, Utterance{Lang: t.s.Lang, Sound: t.view.Spoken.Sound})
	}
	switch {
	case n.end:
		t.then = End{}
	case n.rest > 0:
		t.then = Rest{For: n.rest}
	}
	return n.next.node
}

// visited counts a visit of a `say` with a limit. Past the limit it says no,
// and counts from the beginning.
func (t *turn) visited(n *node) bool {
	visits := make(map[string]int, len(t.s.Visits)+1) // the caller's State keeps its own
	maps.Copy(visits, t.s.Visits)
	visits[n.name]++
	within := visits[n.name] <= n.most
	if !within {
		delete(visits, n.name)
	}
	t.s.Visits = visits
	return within
}

// offer speaks a list, or passes it by when there is no choice to make.
func (t *turn) offer(n *node) string {
	ids := lists[n.source].ids(t)
	switch {
	case len(ids) == 0:
		return n.none.node
	case len(ids) == 1 && n.one.node != "":
		t.take(n.into, ids[0])
		return n.one.node
	}
	t.page(n, ids, 0)
	t.ask(n, full)
	return ""
}

// page puts one page of ids on offer.
func (t *turn) page(n *node, ids []string, from int) {
	to := min(from+pageLength, len(ids))
	if t.view.Text {
		to = from + t.fitting(n, ids[from:to])
	}
	t.s.Page, t.s.Offered = from, ids[from:to]
	switch {
	case from == 0 && to == len(ids):
		t.s.More = NoMore
	case to == len(ids):
		t.s.More = FirstItems
	default:
		t.s.More = MoreItems
	}
}

// goTo has a group in hand. Whoever goes from one that they hold to another does not hold
// that one, and signs in again if they come back; what they were told on the way to it
// is not counted on.
func (t *turn) goTo(group string) {
	if group != t.s.Group {
		t.forget(varFacilitator)
		t.s.Visits = nil
	}
	t.s.Group = group
}

// take sets the variable that an answer goes into; "" is none.
func (t *turn) take(into, value string) {
	switch into {
	case "":
	case "lang":
		t.s.Lang = value
	case "group":
		t.goTo(value)
	case "code":
		t.s.Code = value
	case "query":
		t.s.Query = value
	case intoOrder:
		length := min(t.view.Directory.Line.CodeLength, len(value))
		t.s.Code = value[:length]
		t.keep(varKey, value[length:])
	case "topic":
		t.s.Topic, t.s.Day, t.s.Speaks = value, "", ""
	case "day":
		t.s.Topic, t.s.Day, t.s.Speaks = "", value, ""
	case "speaks":
		t.s.Topic, t.s.Day, t.s.Speaks = "", "", value
	case VarApplicant:
		// Of who waits no more, what was offered is nobody's id.
		if a, ok := t.offeredApplicant(value); ok {
			value = a.ID
		}
		t.keep(into, value)
	default:
		t.keep(into, value)
	}
}
