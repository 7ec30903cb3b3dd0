package flows

import (
	"slices"
	"strings"
	"time"
)

// Waits of the voice channel. A menu's own wait is the flow's; a digit prompt
// gives a person seven seconds for the first digit and three between digits,
// so that a lone 0, * or # is understood three seconds after it.
const (
	digitPause = 3 * time.Second
	digitGrace = 4 * time.Second
)

// longestTurn bounds the nodes of one turn. Compile refuses a loop that no
// caller can leave (F004); this holds for the flow that slipped through.
const longestTurn = 64

// Turn is one exchange: what the caller did, and what they hear next. It is
// total: any State and any Input give an Outcome, a state it cannot read
// begins at the welcome. The Outcome's state is the one to give back.
func Turn(f *Flow, v View, s State, in Input) Outcome {
	t := &turn{flow: f, view: v, s: s}
	if in.Event != Answered {
		t.s.Turn++
	}
	if in.Event == Started || f.nodes[s.Node] == nil {
		t.begin()
	} else {
		t.step(f.nodes[s.Node], in)
	}
	return Outcome{Said: t.said, Then: t.then, State: t.s}
}

// HostFunc runs a host function and returns one of its declared outcomes and the
// variables it found.
type HostFunc func(Request) (result string, set map[string]string)

// Run takes a turn to where the caller is waited for, asking host for what the
// flow requests on the way.
func Run(f *Flow, v View, s State, in Input, host HostFunc) Outcome {
	out := Turn(f, v, s, in)
	for range longestTurn {
		ask, ok := out.Then.(Request)
		if !ok {
			return out
		}
		result, set := host(ask)
		next := Turn(f, v, out.State, Input{Event: Answered, Result: result, Set: set})
		next.Said = append(out.Said, next.Said...)
		out = next
	}
	out.Then = End{}
	return out
}

type turn struct {
	flow *Flow
	view View
	s    State
	said []Utterance
	then Then
}

func (t *turn) begin() {
	languages := t.languages()
	lang := t.s.Lang
	if !slices.Contains(languages, lang) {
		lang = languages[0]
	}
	t.s = State{Flow: t.flow.Hash, Hour: t.view.Now.Unix() / 3600, Turn: 1, Lang: lang}
	t.enter(t.flow.start.node)
}

func (t *turn) step(n *node, in Input) {
	switch {
	case in.Event == Pressed && in.Keys != "" && n.asks():
		t.pressed(n, in.Keys)
	case (in.Event == Silent || in.Event == Pressed) && n.asks():
		t.silent(n)
	case in.Event == Answered && n.kind == kindDo, in.Event == Returned && (n.kind == kindJoin || n.kind == kindDial):
		t.returned(n, in)
	case n.asks():
		t.ask(n, full)
	default:
		// The call was on its way into a room or to a number when we were
		// last asked; send it there again.
		t.enter(n.name)
	}
}

// asks says whether the node waits for a caller's keys.
func (n *node) asks() bool { return n.kind == kindMenu || n.kind == kindPick || n.kind == kindAsk }

// enter goes through nodes until one waits, joins, dials, requests or ends.
func (t *turn) enter(name string) {
	for range longestTurn {
		n := t.flow.nodes[name]
		if n == nil {
			break
		}
		t.s.Node, t.s.Silences, t.s.Wrongs, t.s.Offered, t.s.Page = name, 0, 0, nil, 0
		if name = t.visit(n); name == "" {
			return
		}
	}
	t.then = End{}
}

// visit does what a node does. It returns the node to go on with, or "" when
// the turn is over.
func (t *turn) visit(n *node) string {
	switch n.kind {
	case kindSay:
		return t.say(n)
	case kindPick:
		return t.offer(n)
	case kindDo:
		f := functions[n.does]
		if f.resolve != nil {
			return n.outcomes[f.resolve(t.view, t.s)].node
		}
		t.then = Request{Function: n.does, State: t.s}
	case kindJoin:
		t.then = Join{Group: t.s.Group}
	case kindDial:
		t.then = Dial{Crisis: n.source == "crisis", Group: t.s.Group}
	default:
		t.ask(n, full)
	}
	return ""
}

func (t *turn) say(n *node) string {
	if n.most > 0 {
		visits := make(map[string]int, len(t.s.Visits)+1)
		for k, v := range t.s.Visits {
			visits[k] = v
		}
		visits[n.name]++
		t.s.Visits = visits
		if visits[n.name] > n.most {
			delete(visits, n.name)
			return n.then.node
		}
	}
	t.utter(n.prompt)
	if n.end {
		t.then = End{}
		return ""
	}
	return n.next.node
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

// page puts one page of ids on offer. The last id stands for "there are
// others" when there are.
func (t *turn) page(n *node, ids []string, from int) {
	t.s.Page = from
	t.s.Offered = ids[from:min(from+pageLength, len(ids))]
	if len(ids) > pageLength {
		more := promptMore
		if from+pageLength >= len(ids) {
			more = promptFirst
		}
		t.s.Offered = append(slices.Clip(t.s.Offered), more)
	}
}

// take sets the variable that an answer goes into.
func (t *turn) take(into, value string) {
	switch into {
	case "lang":
		t.s.Lang = value
	case "group":
		t.s.Group = value
	case "code":
		t.s.Code = value
	case "topic":
		t.s.Topic, t.s.Day, t.s.Speaks = value, "", ""
	case "day":
		t.s.Topic, t.s.Day, t.s.Speaks = "", value, ""
	case "speaks":
		t.s.Topic, t.s.Day, t.s.Speaks = "", "", value
	}
}

func (t *turn) pressed(n *node, keys string) {
	if u, ok := t.universal(n, keys); ok {
		if u.repeat {
			t.ask(n, full)
		} else {
			t.enter(u.next.node)
		}
		return
	}
	if next, ok := t.answer(n, keys); !ok {
		t.wrong(n)
	} else if next != "" {
		t.enter(next)
	}
}

// universal reads a key that is live everywhere: alone, or pressed again and
// again by somebody in a hurry.
func (t *turn) universal(n *node, keys string) (universal, bool) {
	if strings.Trim(keys, keys[:1]) != "" {
		return universal{}, false
	}
	u, ok := t.flow.always[keys[:1]]
	return u, ok && (n.kind == kindAsk || len(keys) == 1)
}

// answer finds where the keys lead: to a node, or ("" and true) to the list's
// next page, already spoken.
func (t *turn) answer(n *node, keys string) (next string, ok bool) {
	switch n.kind {
	case kindMenu:
		for _, o := range n.options {
			if o.key == keys && t.live(o) {
				return o.next.node, true
			}
		}
	case kindPick:
		return t.picked(n, keys)
	case kindAsk:
		if len(keys) == t.digits(n) && strings.Trim(keys, "0123456789") == "" {
			t.take(n.into, keys)
			return n.next.node, true
		}
	}
	return "", false
}

func (t *turn) picked(n *node, keys string) (next string, ok bool) {
	offered, more := t.offered()
	if keys == "9" && more != "" {
		ids := lists[n.source].ids(t)
		from := t.s.Page + pageLength
		if more == promptFirst || from >= len(ids) {
			from = 0
		}
		t.s.Silences, t.s.Wrongs = 0, 0
		if len(ids) == 0 {
			return n.none.node, true
		}
		t.page(n, ids, from)
		t.ask(n, full)
		return "", true
	}
	if len(keys) != 1 || keys[0] < '1' || int(keys[0]-'1') >= len(offered) {
		return "", false
	}
	t.take(n.into, offered[keys[0]-'1'])
	return n.next.node, true
}

// offered splits what the list offered into its items and the prompt that
// announces key 9, "" for none.
func (t *turn) offered() (ids []string, more string) {
	ids = t.s.Offered
	if n := len(ids); n > 0 && (ids[n-1] == promptMore || ids[n-1] == promptFirst) {
		return ids[:n-1], ids[n-1]
	}
	return ids, ""
}

func (t *turn) silent(n *node) {
	t.s.Silences++
	t.again(n, n.noInput, t.s.Silences, [2]string{promptSilence1, promptSilence2})
}

func (t *turn) wrong(n *node) {
	t.s.Wrongs++
	t.again(n, n.noMatch, t.s.Wrongs, [2]string{promptWrong1, promptWrong2})
}

// again asks once more: first in full, then shorter, then elsewhere.
func (t *turn) again(n *node, e escalation, times int, lead [2]string) {
	if times > e.tries {
		t.enter(e.then.node)
		return
	}
	how := full
	if times > 1 {
		how = short
	}
	own := n.prompt + [...]string{"_r1", "_r2"}[how]
	if _, ok := t.flow.catalogue(t.s.Lang).prompts[own]; ok {
		t.utter(own)
		t.ask(n, optionsOnly)
		return
	}
	t.utter(lead[how])
	t.ask(n, how)
}

func (t *turn) returned(n *node, in Input) {
	for _, name := range []string{"group", "code"} {
		if v, ok := in.Set[name]; ok {
			t.take(name, v)
		}
	}
	if to, ok := n.outcomes[in.Result]; ok {
		t.enter(to.node)
		return
	}
	// An outcome nobody declared is a fault of ours: the caller starts over
	// rather than hear of it.
	t.enter(t.flow.start.node)
}

// live says whether an option is offered as things stand.
func (t *turn) live(o option) bool { return o.when == "" || conditions[o.when](t) }

func (t *turn) digits(n *node) int {
	if n.length > 0 {
		return n.length
	}
	return t.view.Directory.Line.CodeLength
}
