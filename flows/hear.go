package flows

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

// mostHints bounds the words that a carrier is told to expect, in bytes.
const mostHints = 500

// listens is the language in which a caller may say what they could press at a node, ""
// for none. What is typed in secret, what somebody agrees to and what they have behind
// the PIN is for keys alone, as is a call that we place: whoever is near would hear it.
func (t *turn) listens(n *node) string {
	aloud := n.kind == kindMenu || n.kind == kindPick
	if !aloud || n.sensitive || n.neutral || n.apart || n.sits || n.confirms || slices.ContainsFunc(n.options, option.decides) {
		return ""
	}
	if !t.view.Directory.Line.Speech || t.view.Text || t.s.Member != "" || t.s.Staff != "" || t.s.About != (About{}) {
		return ""
	}
	return t.flow.catalogue(t.s.Lang).speech
}

// heard takes what a caller said, as the carrier understood it. What nobody can be sure
// of does nothing, except that it leads to help if it speaks of dying or danger.
func (t *turn) heard(n *node, in Input) {
	said := plainWords(in.Keys)
	switch {
	case t.listens(n) == "" || len(said) == 0:
		t.silent(n)
	case t.inDanger(said):
		t.enter(t.flow.always["0"].next.node)
	case in.Unsure:
		t.unheard(n)
	default:
		if key := t.keySaid(n, said); key != "" {
			t.pressed(n, key)
		} else if topic := t.topicHeard(n, said); topic != "" {
			t.take(lists[n.source].into, topic)
			t.enter(n.next.node)
		} else if !t.tongue(strings.Join(said, " ")) {
			t.unheard(n)
		}
	}
}

// unheard asks again after what led nowhere, without a word of a wrong key.
func (t *turn) unheard(n *node) {
	t.s.Wrongs++
	t.again(n, n.noMatch, t.s.Wrongs, [2]string{promptUnheard, promptWrong2})
}

// keySaid is the key that somebody means by what they said, "" for none or several: by
// its name, by a word that leads where it leads, or by what it is for.
func (t *turn) keySaid(n *node, said []string) string {
	c := t.flow.catalogue(t.s.Lang)
	if key := c.keyNamed(said); key != "" {
		if i := slices.IndexFunc(n.options, func(o option) bool { return o.key == key }); i >= 0 && n.options[i].quiet {
			return ""
		}
		return key
	}
	if w, rest, ok := c.wordOf(strings.Join(said, " ")); ok && rest == "" {
		if key := t.keyTo(n, w); key != "" {
			return key
		}
	}
	text, all := strings.Join(said, " "), t.sayable(n)
	core := c.withoutSmall(text)
	return cmp.Or(
		onlyOne(all, func(x sayable) bool {
			return slices.ContainsFunc(x.names, func(name string) bool { return holdsWords(name, text) && (core != "" || len(name) <= len(text)) })
		}),
		onlyOne(all, func(x sayable) bool {
			return slices.ContainsFunc(x.short, func(name string) bool { return holdsWords(name, core) })
		}),
	)
}

// onlyOne is the key of the one choice that is called so, "" for none or several.
func onlyOne(all []sayable, called func(sayable) bool) (key string) {
	for _, x := range all {
		if !called(x) {
			continue
		}
		if key != "" {
			return ""
		}
		key = x.key
	}
	return key
}

// keyNamed is a key by its own name: "2", "number 2", "two", "star".
func (c *catalogue) keyNamed(said []string) string {
	if key, ok := c.lookedFor.keys[strings.Join(said, " ")]; ok {
		return key
	}
	return loneDigit(said)
}

// keyTo is the key that leads where a word leads by itself, "" if none of the node's does.
func (t *turn) keyTo(n *node, w word) string {
	to := w.next.node
	if w.into != "" {
		to = w.without.node
	}
	for i := range n.options {
		if o := &n.options[i]; o.next.node == to && !o.quiet && o.does == "" && t.live(o) {
			return o.key
		}
	}
	for _, key := range universalKeys {
		if u := t.flow.everywhere(n)[key]; u.next.node == to && to != "" {
			return key
		}
	}
	return ""
}

// sayable is a key and what it is for, in plain words.
type sayable struct {
	key string
	// names are what somebody says who chooses it, and short the same without the small
	// words around.
	names, short []string
	// likely are those of the names that somebody may well say as they are, also what else
	// it is called; as hintOf writes them.
	likely, also []string
}

// sayable is what a key is for that is called so.
func (c *catalogue) sayable(key string, by ...template) sayable {
	x := sayable{key: key}
	for _, name := range by {
		spelled := name.spelling()
		if plain := plainly(spelled); plain != "" {
			x.names, x.short = append(x.names, plain), append(x.short, c.withoutSmall(plain))
			if !slices.Contains(name.slots(), "key") {
				x.likely = append(x.likely, hintOf(spelled))
			}
		}
	}
	return x
}

// sayable are the choices that are on offer at a node and can be said.
func (t *turn) sayable(n *node) []sayable {
	c, all := t.flow.catalogue(t.s.Lang), make([]sayable, 0, len(n.options)+len(t.s.Offered)+1)
	for i := range n.options {
		if o := &n.options[i]; o.spoken() && !o.others() && t.live(o) {
			all = append(all, c.offers[o].said)
		}
	}
	if n.kind != kindPick {
		return all
	}
	for i, id := range t.s.Offered {
		if x, ok := t.itemSaid(c, n, id); ok {
			x.key = strconv.Itoa(i + 1)
			all = append(all, x)
		}
	}
	if x, ok := c.paged[t.s.More]; ok {
		all = append(all, x)
	}
	return all
}

// itemSaid is how an item of a list is chosen aloud, if it can still be said.
func (t *turn) itemSaid(c *catalogue, n *node, id string) (sayable, bool) {
	switch into := lists[n.source].into; {
	case into == "topic" && id != "":
		return c.topicSaid(id), true
	case into == "lang" && t.flow.catalogues[id] != nil:
		return t.flow.catalogues[id].lookedFor.ownSaid, true
	}
	it := t.item(n, id)
	if !it.there {
		return sayable{}, false
	}
	return c.sayable("", it.label), true
}

// hints are what a caller is likely to say at a node, for the carrier to expect.
func (t *turn) hints(n *node) string {
	said, all := t.sayable(n), make([]string, 0, mostHints/4)
	length := 0
	add := func(names []string) {
		for _, name := range names {
			if name != "" && !slices.Contains(all, name) && length+len(name) <= mostHints {
				all = append(all, name)
				length += len(name) + 1
			}
		}
	}
	for i := range said {
		add(said[i].likely)
	}
	for i := range said {
		add(said[i].also)
	}
	return strings.Join(all, ",")
}

// hintOf is a name as a carrier is told to expect it: with its accents, without its
// punctuation and what is there to be typed.
func hintOf(spelled string) string {
	words := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '-':
			return unicode.ToLower(r)
		case r == '\'', r == '’':
			return '\''
		}
		return ' '
	}, spelled)
	return strings.Trim(strings.Join(strings.Fields(words), " "), "0123456789 ")
}

// listening has a wait take words too, where they are listened for.
func (t *turn) listening(n *node, wait Await) Await {
	if wait.Listen = t.listens(n); wait.Listen != "" {
		wait.Hints = t.hints(n)
	}
	return wait
}

// invites says whether a caller is told here that they may speak: once in a call, at the
// first of its menus and lists that listens.
func (t *turn) invites(n *node) bool {
	return !t.s.Invited && t.listens(n) != ""
}

// decides says whether choosing an option is more than a step on the way: what it sets,
// or asks to be sure of, is pressed.
func (o option) decides() bool { return len(o.set) > 0 || o.confirm != "" }

// spelling is a template's own words, as they are written.
func (t template) spelling() string {
	var b strings.Builder
	for _, p := range t.pieces {
		if p.slot == "" {
			b.WriteString(p.part.Text)
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// holdsWords says whether one of two phrases stands within the other, by whole words.
// Very short ones stand within anything.
func holdsWords(a, b string) bool {
	if !tells(a, 3) || !tells(b, 3) {
		return false
	}
	if len(a) < len(b) {
		a, b = b, a
	}
	return strings.Contains(" "+a+" ", " "+b+" ")
}

// speech reads in what language the carrier listens.
func (c *compiler) speech(cat *catalogue, v *yaml.Node) {
	tag, ok := scalar(v)
	if _, err := language.Parse(tag); !ok || err != nil || !strings.Contains(tag, "-") {
		c.fail("F000", c.at(v), "write it as the carrier does, such as en-US, or leave it out", "a language with its country is expected here")
		return
	}
	cat.speech = tag
}

// hears says whether any language of the flow is listened for.
func (c *compiler) hears() bool {
	for _, cat := range c.flow.catalogues {
		if cat.speech != "" {
			return true
		}
	}
	return false
}
