package flows

import "strconv"

// fullness is how much of a prompt is said.
type fullness int

const (
	full        fullness = iota // the prompt, then the options
	short                       // the options alone, where there are some
	optionsOnly                 // the options, after words of the node's own
)

// ask speaks a node that waits for keys, and waits.
func (t *turn) ask(n *node, how fullness) {
	if n.prompt != "" && (how == full || how == short && n.kind == kindAsk) {
		t.utter(n.prompt)
	}
	switch n.kind {
	case kindMenu:
		for i := range n.options {
			t.sayOption(&n.options[i])
		}
	case kindPick:
		t.sayItems()
	case kindAsk:
		t.then = Await{Digits: t.digits(n), Timeout: digitPause, Grace: digitGrace}
		return
	}
	t.then = Await{Digits: 1, Timeout: n.noInput.after}
}

func (t *turn) utter(prompt string) {
	c := t.flow.catalogue(t.s.Lang)
	t.utterIn(c, prompt, c.prompts[prompt])
}

func (t *turn) utterIn(c *catalogue, prompt string, words template) {
	t.said = append(t.said, Utterance{
		Prompt: prompt,
		Lang:   c.lang,
		Parts: words.parts(func(slot string) string {
			if fill, ok := slots[slot]; ok {
				return fill(t.view, t.s)
			}
			return ""
		}),
	})
}

// Say speaks one of the prompts that an edge uses of its own accord, in the
// state's language.
func (f *Flow) Say(v View, s State, prompt string) Utterance {
	t := &turn{flow: f, view: v, s: s}
	t.utter(prompt)
	return t.said[0]
}

// sayOption offers a menu's option: "To {label}, press {key}."
func (t *turn) sayOption(o *option) {
	if !t.live(*o) {
		return
	}
	if o.others {
		t.sayInOthers(o)
		return
	}
	c := t.flow.catalogue(t.s.Lang)
	t.utterIn(c, o.prompt, c.offers[o.prompt+o.key])
}

// sayInOthers speaks an option to those who do not understand the caller's
// language: in the other language when there is one, and by the languages'
// own names, each in its own voice, when there are several.
func (t *turn) sayInOthers(o *option) {
	others := otherLanguages(t)
	if len(others) == 1 {
		c := t.flow.catalogue(others[0])
		t.utterIn(c, o.prompt, c.offers[o.prompt+o.key])
		return
	}
	for _, lang := range others {
		it, _ := languageItem(t, lang)
		t.utterIn(t.flow.catalogue(lang), o.prompt, words(it.label+"."))
	}
	c := t.flow.catalogue(t.s.Lang)
	t.utterIn(c, o.prompt, c.offers[promptOtherLanguages+o.key])
}

// sayItems offers what the list put on offer, and what key 9 does. An item
// that is gone since is passed over; the others keep their keys.
func (t *turn) sayItems() {
	c := t.flow.catalogue(t.s.Lang)
	ids, more := t.offered()
	for i, id := range ids {
		it, ok := lists[t.flow.nodes[t.s.Node].source].label(t, id)
		if !ok {
			continue
		}
		in := c
		if it.lang != "" {
			in = t.flow.catalogue(it.lang)
		}
		offer := in.prompts[promptItem].with("label", words(it.label)).with("key", words(strconv.Itoa(i+1)))
		t.utterIn(in, promptItem, offer)
	}
	if more != "" {
		t.utter(more)
	}
}
