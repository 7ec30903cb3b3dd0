package flows

import (
	"slices"
	"strings"
)

func (t *turn) pressed(n *node, keys string) {
	if u, ok := t.universal(n, keys); ok {
		if u.repeat {
			// Whoever presses it is there and listens: they are asked as if anew.
			t.s.Silences, t.s.Wrongs = 0, 0
			t.repeat(n, full)
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
	if n.neutral || strings.Trim(keys, keys[:1]) != "" || n.takes(keys) {
		return universal{}, false
	}
	u, ok := t.flow.everywhere(n)[keys[:1]]
	return u, ok && (n.kind == kindAsk || len(keys) == 1) && (u.repeat || !n.apart)
}

// answer finds where the keys lead: to a node, or ("" and true) to the list's
// next page, already spoken, or to a request of the edge.
func (t *turn) answer(n *node, keys string) (next string, ok bool) {
	switch n.kind {
	case kindMenu:
		for i := range n.options {
			if o := &n.options[i]; o.key == keys && t.live(o) {
				return t.choose(o), true
			}
		}
	case kindPick:
		return t.picked(n, keys)
	case kindAsk:
		if value, ok := t.read(n, keys); ok {
			t.take(n.into, value)
			return n.next.node, true
		}
	}
	return "", false
}

// live says whether an option can be chosen as it was offered.
func (t *turn) live(o *option) bool {
	switch {
	case o.when != "" && !slices.Contains(t.s.Offered, o.key):
		return false
	case t.view.Text:
		return !o.quiet
	}
	return !o.smsOnly
}

func (t *turn) picked(n *node, keys string) (next string, ok bool) {
	if keys == "9" && t.s.More != NoMore {
		return t.turnPage(n), true
	}
	if len(keys) != 1 || keys[0] < '1' || int(keys[0]-'1') >= len(t.s.Offered) {
		return "", false
	}
	t.take(n.into, t.s.Offered[keys[0]-'1'])
	return n.next.node, true
}

// turnPage offers what follows the items that were offered last, or the first
// ones again. It returns where a list leads that is empty by now.
func (t *turn) turnPage(n *node) string {
	ids := lists[n.source].ids(t)
	if len(ids) == 0 {
		return n.none.node
	}
	from := t.s.Page + len(t.s.Offered)
	if k := len(t.s.Offered); k > 0 {
		// Items before these may have gone since.
		if last := slices.Index(ids, t.s.Offered[k-1]); last >= 0 {
			from = last + 1
		}
	}
	if t.s.More == FirstItems || from >= len(ids) {
		from = 0
	}
	t.s.Silences, t.s.Wrongs = 0, 0
	t.page(n, ids, from)
	t.ask(n, full)
	return ""
}

// repeat asks once more. A list of which nothing is left is made anew.
func (t *turn) repeat(n *node, how fullness) {
	if n.kind == kindPick && !t.left(n) {
		t.enter(n.name)
		return
	}
	t.ask(n, how)
}

// left says whether any of the items on offer can still be said.
func (t *turn) left(n *node) bool {
	return slices.ContainsFunc(t.s.Offered, func(id string) bool {
		return t.item(n, id).there
	})
}

func (t *turn) silent(n *node) {
	t.s.Silences++
	t.again(n, n.noInput, t.s.Silences, [2]string{promptSilence1, promptSilence2})
}

func (t *turn) wrong(n *node) {
	t.s.Wrongs++
	t.again(n, n.noMatch, t.s.Wrongs, [2]string{promptWrong1, promptWrong2})
}

// again asks once more: first in full, then shorter, then elsewhere. What is
// said before asking again would tell a stranger whose call it is, so that a
// neutral question is asked in the same words.
func (t *turn) again(n *node, e escalation, times int, lead [2]string) {
	if times > e.tries {
		t.enter(e.then.node)
		return
	}
	if n.neutral {
		t.repeat(n, full)
		return
	}
	how := full
	if times > 1 {
		how = short
	}
	c := t.flow.catalogue(t.s.Lang)
	own := n.prompt + [...]string{"_r1", "_r2"}[how]
	if _, ok := c.prompts[own]; ok && n.prompt != "" {
		t.utter(own)
		t.repeat(n, optionsOnly)
		return
	}
	t.utter(lead[how])
	t.repeat(n, how)
}

func (t *turn) returned(n *node, in Input) {
	if in.Event == Answered {
		t.s.Code = "" // looked up
		t.forget(functions[n.does].spends...)
		t.found(in.Set)
	}
	if to, ok := n.outcomes[in.Result]; ok {
		t.enter(to.node)
		return
	}
	// An outcome nobody declared is a fault of ours: the caller starts over
	// rather than hear of it.
	t.enter(t.flow.start.node)
}
