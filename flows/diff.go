package flows

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Change is one thing that two versions of a flow do not have alike.
type Change struct {
	Lang string // of the words that changed, "" for where the flow leads
	Name string // the node or the prompt, "" for the whole of it
	What string // a sentence

	what Sentence // What, for other languages
}

// In is what changed, in the words of who reads it.
func (c Change) In(r Reader) string {
	text := c.what.In(r)
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// Diff says in words what changed from one version to another: where the flow leads
// first, in the order of its nodes, and then the words of each language. Either may have
// faults; of a file that cannot be read, nothing is there.
func Diff(before, after Bundle) []Change {
	a, b := readOnly(before), readOnly(after)
	d := differ{}
	d.facts("", a.flowFacts(), b.flowFacts())
	for _, name := range union(a.flow.order, b.flow.order) {
		d.node(name, a, b)
	}
	for _, lang := range union(slices.Sorted(maps.Keys(a.flow.catalogues)), slices.Sorted(maps.Keys(b.flow.catalogues))) {
		d.language(lang, a.flow.catalogues[lang], b.flow.catalogues[lang])
	}
	return d
}

// readOnly reads what can be read of a bundle, and checks nothing: its words in those
// languages, or in all.
func readOnly(b Bundle, langs ...string) *compiler {
	c := mainOnly(b)
	c.readCatalogues(b, langs...)
	return c
}

type differ []Change

func (d *differ) add(lang, name, what string, args ...any) {
	c := Change{Lang: lang, Name: name, what: say(what, args...)}
	c.What = c.In(atTerminal)
	*d = append(*d, c)
}

// fact is one thing that is so, by a name that says in a sentence what it is of.
type fact struct {
	of, is Sentence
	leads  bool // is names a node
	so     bool // of is a clause that says all
}

// union is what either list has, in the order of the second, what it lacks last.
func union(a, b []string) []string {
	all := slices.Clone(b)
	for _, name := range a {
		if !slices.Contains(b, name) {
			all = append(all, name)
		}
	}
	return all
}

// facts compares what is so at a node, or "" for everywhere.
func (d *differ) facts(name string, before, after []fact) {
	was, is := map[string]fact{}, map[string]fact{}
	var old, now []string
	for _, f := range before {
		of := f.of.String()
		was[of], old = f, append(old, of)
	}
	for _, f := range after {
		of := f.of.String()
		is[of], now = f, append(now, of)
	}
	for _, of := range union(old, now) {
		a, had := was[of]
		b, has := is[of]
		what := a.of
		if !had {
			what = b.of
		}
		if name != "" {
			what = say("at %q, %s", name, what)
		}
		from, to := a.is.String(), b.is.String()
		switch {
		case had == has && a.leads == b.leads && from == to:
		case !had && b.so:
			d.add("", name, "%s now.", what)
		case !has && a.so:
			d.add("", name, "%s no more.", what)
		case !had && b.leads:
			d.add("", name, "%s leads to %q now.", what, to)
		case !had:
			d.add("", name, "%s is %s now.", what, b.is)
		case !has && a.leads:
			d.add("", name, "%s leads nowhere of its own now; it led to %q.", what, from)
		case !has:
			d.add("", name, "%s is not %s any more.", what, a.is)
		case b.leads:
			d.add("", name, "%s led to %q and leads to %q now.", what, from, to)
		default:
			d.add("", name, "%s was %s and is %s now.", what, a.is, b.is)
		}
	}
}

// node compares what a node of that name does.
func (d *differ) node(name string, a, b *compiler) {
	was, is := a.flow.nodes[name], b.flow.nodes[name]
	switch {
	case was == nil:
		if from := b.flow.comers(name); from != "" {
			d.add("", name, "The %s %q is new, to which %s leads.", is.kind.word(), name, from)
		} else {
			d.add("", name, "The %s %q is new, to which nothing leads.", is.kind.word(), name)
		}
		for _, f := range b.nodeFacts(is) {
			if f.leads {
				d.add("", name, "at %q, %s leads to %q.", name, f.of, f.is.String())
			}
		}
	case is == nil:
		if from := a.flow.comers(name); from != "" {
			d.add("", name, "The %s %q is gone, to which %s led.", was.kind.word(), name, from)
		} else {
			d.add("", name, "The %s %q is gone.", was.kind.word(), name)
		}
	case was.kind != is.kind:
		d.add("", name, "The %s %q is now a %s.", was.kind.word(), name, is.kind.word())
		fallthrough
	default:
		d.facts(name, a.nodeFacts(was), b.nodeFacts(is))
	}
}

// comers names the nodes that lead to one.
func (f *Flow) comers(name string) string {
	var from []string
	for _, other := range f.order {
		if other != name && slices.ContainsFunc(f.nodes[other].leads(), func(t target) bool { return t.node == name }) {
			from = append(from, strconv.Quote(other))
		}
	}
	return strings.Join(from, ", ")
}

// word is what people who read of a node call its kind.
func (k kind) word() Sentence {
	switch k {
	case kindSay:
		return say("announcement")
	case kindPick:
		return say("list")
	case kindAsk:
		return say("question")
	case kindIf:
		return say("fork")
	case kindDo:
		return say("step")
	case kindJoin:
		return say("room")
	case kindDial:
		return say("dialled number")
	case kindRecord:
		return say("recording")
	case kindUse:
		return say("sub-flow")
	case kindMenu:
		return say("menu")
	}
	return say("node")
}

// language compares the words of a language.
func (d *differ) language(lang string, was, is *catalogue) {
	switch {
	case was == nil:
		d.add(lang, "", "The language %s is new, with %d prompts.", tongue(lang), len(is.prompts))
		return
	case is == nil:
		d.add(lang, "", "The language %s is gone.", tongue(lang))
		return
	}
	if was.voice != is.voice {
		d.add(lang, "_voice", "In %s, the voice was %s and is %s now; its fallback is %s.", tongue(lang), was.voice.Name, is.voice.Name, is.voice.Fallback)
	}
	d.prompts(lang, say("is said as"), was.prompts, is.prompts)
	d.prompts(lang, say("is written as"), was.texts, is.texts)
	for _, name := range union(slices.Sorted(maps.Keys(was.phrases)), slices.Sorted(maps.Keys(is.phrases))) {
		d.list(lang, name, say("what people write for"), was.phrases[name], is.phrases[name])
	}
	d.list(lang, promptSay, say("the sounds in"), was.sounds(), is.sounds())
	d.list(lang, promptAliases, say("the names in"), was.aliases, is.aliases)
}

func (d *differ) prompts(lang string, how Sentence, was, is map[string]template) {
	for _, name := range slices.Sorted(slices.Values(union(slices.Collect(maps.Keys(was)), slices.Collect(maps.Keys(is))))) {
		a, had := was[name]
		b, has := is[name]
		switch {
		case a.source == b.source && had == has:
		case !had:
			d.add(lang, name, "In %s, %q %s %q now.", tongue(lang), name, how, b.source)
		case !has:
			d.add(lang, name, "In %s, %q %s %q no more.", tongue(lang), name, how, a.source)
		default:
			d.add(lang, name, "In %s, %q %s %q now, and no more as %q.", tongue(lang), name, how, b.source, a.source)
		}
	}
}

func (d *differ) list(lang, name string, what Sentence, was, is []string) {
	missing := func(from, in []string) []string {
		var all []string
		for _, s := range from {
			if !slices.Contains(in, s) {
				all = append(all, strconv.Quote(s))
			}
		}
		return all
	}
	if more := missing(is, was); len(more) > 0 {
		d.add(lang, name, "In %s, %s %q has %s now.", tongue(lang), what, name, strings.Join(more, ", "))
	}
	if less := missing(was, is); len(less) > 0 {
		d.add(lang, name, "In %s, %s %q has %s no more.", tongue(lang), what, name, strings.Join(less, ", "))
	}
	if len(missing(is, was))+len(missing(was, is)) == 0 && !slices.Equal(was, is) {
		d.add(lang, name, "In %s, %s %q comes in another order now.", tongue(lang), what, name)
	}
}
