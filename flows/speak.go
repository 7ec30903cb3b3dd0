package flows

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
	if t.invites(n) {
		t.s.Invited = true
		t.utter(promptSpeak)
	}
	switch n.kind {
	case kindMenu:
		t.sayOptions(n)
	case kindPick:
		t.sayItems(n)
	case kindAsk:
		_, most := t.digits(n)
		t.then = Await{Digits: most, Timeout: digitPause, Grace: digitGrace}
		return
	}
	t.then = t.listening(n, Await{Digits: 1, Timeout: n.noInput.after})
	if t.view.Text && !t.asked(n) {
		t.then = End{} // nothing to answer
	}
}

func (t *turn) utter(prompt string) {
	c := t.flow.catalogue(t.s.Lang)
	t.utterIn(c, prompt, t.wording(c, prompt))
}

func (t *turn) utterIn(c *catalogue, prompt string, words template) {
	t.voiced(c, prompt, words.sentences(t.slot))
}

// voiced adds an utterance in the words and the sounds of a language.
func (t *turn) voiced(c *catalogue, prompt string, parts []Part) {
	if !t.view.Text {
		parts = c.pronounced(parts)
	}
	t.said = append(t.said, Utterance{Prompt: prompt, Lang: c.lang, Parts: parts, Slow: t.s.Slow})
}

// toldBy is what a message says, nothing where there is none.
func (t *turn) toldBy() Spoken {
	if t.view.Spoken == nil {
		return Spoken{}
	}
	return *t.view.Spoken
}

func (t *turn) slot(name string) string { return slots[name](t) }

// Say speaks one of the prompts that an edge uses of its own accord, in the
// state's language.
func (f *Flow) Say(v View, s State, prompt string) Utterance {
	t := &turn{flow: f, view: v, s: s}
	t.utter(prompt)
	return t.said[0]
}

// sayOptions offers what a menu has as things stand, and keeps which of its
// options that were that are not always there.
func (t *turn) sayOptions(n *node) {
	t.s.Offered = nil
	for i := range n.options {
		o := &n.options[i]
		if o.quiet {
			continue
		}
		if o.when != "" {
			if !t.holds(o.when) {
				continue
			}
			t.s.Offered = append(t.s.Offered, o.key)
		}
		if t.view.Text {
			t.writeOption(o)
			continue
		}
		if !o.spoken() {
			continue
		}
		if o.others() {
			t.sayInOthers(o)
			continue
		}
		c := t.flow.catalogue(t.s.Lang)
		t.utterIn(c, o.prompt, c.offers[o].sentence)
	}
}

// sayInOthers speaks an option to those who do not understand the caller's
// language: in the other language when there is one, and by the languages'
// own names, each in its own voice, when there are several.
func (t *turn) sayInOthers(o *option) {
	others := otherLanguages(t)
	if len(others) == 1 {
		c := t.flow.catalogue(others[0])
		t.utterIn(c, o.prompt, c.offers[o].sentence)
		return
	}
	for _, lang := range others {
		t.utterIn(t.flow.catalogue(lang), o.prompt, t.flow.catalogue(lang).lookedFor.announced)
	}
	c := t.flow.catalogue(t.s.Lang)
	t.utterIn(c, o.prompt, c.offers[o].others)
}

// sayItems offers what the list put on offer, and what key 9 does. An item
// that is gone since is passed over; the others keep their keys.
func (t *turn) sayItems(n *node) {
	for i, id := range t.s.Offered {
		if in, line := t.line(n, id, i+1); line != nil {
			t.voiced(in, promptItem, line)
		}
	}
	switch t.s.More {
	case MoreItems:
		t.sayMore(n)
	case FirstItems:
		t.utter(promptFirst)
	}
}

// sayMore says by which key the rest of a list is heard: of languages, in those that come
// then, for who waits for theirs may understand none that was spoken so far.
func (t *turn) sayMore(n *node) {
	if t.view.Text || len(t.s.Offered) == 0 || t.item(n, t.s.Offered[0]).lang == "" {
		t.utter(promptMore)
		return
	}
	ids := lists[n.source].ids(t)
	next := ids[min(t.s.Page+len(t.s.Offered), len(ids)):]
	if len(next) == 0 {
		t.utter(promptMore)
	}
	for _, id := range next[:min(len(next), pageLength)] {
		c := t.flow.catalogue(t.item(n, id).lang)
		t.utterIn(c, promptMore, c.prompts[promptMore])
	}
}
