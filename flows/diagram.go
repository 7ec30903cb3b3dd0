package flows

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Diagram is a flow made ready to be drawn, section by section: one begins at each node
// with a comment above it in main.yaml.
type Diagram struct {
	sections []section
	pages    string // where the nodes' own pages are, "" for none
	reader   Reader
}

// In has the diagram speak to somebody.
func (d Diagram) In(r Reader) Diagram {
	d.reader = r
	return d
}

type section struct {
	title string
	steps []*step
}

// step is a node as it is drawn.
type step struct {
	name   string
	kind   kind
	words  string   // what is said there, in the diagram's language; "" for nothing
	does   Sentence // what is done, listed or asked there; it says nothing where that is nothing
	ways   []way
	crisis bool       // it is on the way to the crisis line
	faults []Sentence // what is wrong with it
}

// way is where a step leads.
type way struct {
	label  Sentence // the key, or when it is taken
	words  Sentence // what a caller is told of it
	to     string
	crisis bool
}

// Draw makes a diagram of a bundle with the words of one language, marking what is wrong.
// What cannot be read is not in it.
func Draw(b Bundle, lang string) Diagram {
	_, problems := Compile(b)
	return DrawChecked(b, problems, lang)
}

// DrawChecked is [Draw] of a bundle of which it is known what is wrong: compiling it once
// more takes most of the time.
func DrawChecked(b Bundle, problems []Problem, lang string) Diagram {
	c := readOnly(b)
	cat := c.flow.catalogues[lang]
	if cat == nil {
		cat = &catalogue{}
	}
	crisis := c.flow.crisisWay()
	d := Diagram{reader: atTerminal}
	for _, name := range c.listed() {
		n := c.flow.nodes[name]
		if title := c.sections[name]; title != "" || len(d.sections) == 0 {
			d.sections = append(d.sections, section{title: title})
		}
		s := &step{name: name, kind: n.kind, words: plainText(cat.prompts[n.prompt]), does: n.of(), crisis: crisis[name], ways: c.waysOf(n, cat, crisis)}
		last := c.lastLine(n)
		for _, p := range problems {
			said := cat.prompts[n.prompt].at
			if p.File == n.at.File && p.Line >= n.at.Line && p.Line <= last || n.prompt != "" && p.File == said.File && p.Line == said.Line {
				s.faults = append(s.faults, say("%s:%d:%d: %s: %s; %s", p.File, p.Line, p.Column, p.Code, p.what, p.mend))
			}
		}
		of := &d.sections[len(d.sections)-1]
		of.steps = append(of.steps, s)
	}
	return d
}

// lastLine is the last that may be a node's, before the next one of its file.
func (c *compiler) lastLine(n *node) int {
	last := math.MaxInt
	for _, other := range c.flow.nodes {
		if other.at.File == n.at.File && other.at.Line > n.at.Line {
			last = min(last, other.at.Line-1)
		}
	}
	return last
}

// plainText is a template as it is read, its slots by their names.
func plainText(t template) string {
	u := Utterance{Parts: t.parts(func(slot string) string { return "{" + slot + "}" })}
	return u.Text()
}

// waysOf lists where a node leads, those together that lead to the same by themselves.
func (c *compiler) waysOf(n *node, cat *catalogue, crisis map[string]bool) (ways []way) {
	add := func(label, words Sentence, to target) {
		if to.node == "" {
			return
		}
		if i := slices.IndexFunc(ways, func(w way) bool { return w.to == to.node && w.words.Pattern == "" && words.Pattern == "" }); i >= 0 {
			ways[i].label = say("%s, %s", ways[i].label, label)
			return
		}
		ways = append(ways, way{label: label, words: words, to: to.node, crisis: crisis[n.name] && crisis[to.node]})
	}
	for i := range n.options {
		o := &n.options[i]
		told := say("%s", plainText(cat.prompts[o.prompt].with("key", words(o.key))))
		if o.quiet {
			told = say("(nobody is told)")
		}
		add(say("%s", o.key), told, o.next)
	}
	for _, key := range slices.Sorted(maps.Keys(n.keys)) {
		add(say("%s", key), say("while waiting"), n.keys[key])
	}
	for _, who := range slices.Sorted(maps.Keys(n.waits)) {
		add(say("%s", who), say("while waiting"), n.waits[who])
	}
	add(say("by text"), Sentence{}, n.text)
	add(say("by call"), Sentence{}, n.voice)
	add(say("within"), Sentence{}, n.uses)
	switch n.kind {
	case kindIf:
		add(say("if so"), Sentence{}, n.then)
		add(say("otherwise"), Sentence{}, n.otherwise)
	case kindSay:
		add(say("then"), Sentence{}, n.next)
		add(say("after %d", n.most), Sentence{}, n.then)
	default:
		add(say("then"), Sentence{}, n.next)
	}
	add(say("if there is none"), Sentence{}, n.none)
	add(say("if there is one"), Sentence{}, n.one)
	for _, name := range slices.SortedFunc(maps.Keys(n.outcomes), func(a, b string) int {
		at, other := n.outcomes[a].named, n.outcomes[b].named // as they are written
		return cmp.Or(cmp.Compare(at.Line, other.Line), cmp.Compare(at.Column, other.Column))
	}) {
		add(say("%s", name), Sentence{}, n.outcomes[name])
	}
	add(say("silence"), Sentence{}, c.own[n.name][0].then)
	add(say("wrong key"), Sentence{}, c.own[n.name][1].then)
	return ways
}

// crisisWay names the nodes on the way from the key 0 to the crisis line.
func (f *Flow) crisisWay() map[string]bool {
	on := map[string]bool{}
	for _, zero := range []universal{f.always["0"], f.seated["0"]} {
		help := f.nodes[zero.next.node]
		if help == nil {
			continue
		}
		for i := range help.options {
			var passed []string
			for t := help.options[i].next; len(passed) < len(f.nodes); t = f.nodes[t.node].next {
				n := f.nodes[t.node]
				if n == nil {
					break
				}
				passed = append(passed, n.name)
				if n.kind == kindDial && n.source == dialCrisis {
					on[help.name] = true
					for _, name := range passed {
						on[name] = true
					}
				}
				if n.kind != kindSay {
					break
				}
			}
		}
	}
	return on
}

// about is what is said at a step, or what else there is to it.
func (d Diagram) about(s *step) string { return cmp.Or(s.words, d.text(s.does)) }

// text is a sentence in the diagram's language.
func (d Diagram) text(s Sentence) string { return s.In(d.reader) }

// places says in which section each node is, counted from 0.
func (d Diagram) places() map[string]int {
	of := map[string]int{}
	for i, s := range d.sections {
		for _, n := range s.steps {
			of[n.name] = i
		}
	}
	return of
}

// Mermaid draws the diagram in Mermaid's language, as many pages show it.
func (d Diagram) Mermaid() string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	known := d.places()
	for i, s := range d.sections {
		fmt.Fprintf(&b, "  subgraph s%d[\"%s\"]\n", i+1, mermaidText(s.title))
		for _, n := range s.steps {
			left, right := n.kind.brackets()
			label := n.name
			if n.kind == kindIf { // which says nothing, and leads by what it is called here
				label += ": " + d.text(n.does)
			}
			fmt.Fprintf(&b, "    n_%s%s\"%s\"%s\n", n.name, left, mermaidText(label), right)
		}
		b.WriteString("  end\n")
	}
	var crisis, faulty []string
	for _, s := range d.sections {
		for _, n := range s.steps {
			for _, w := range n.ways {
				if _, there := known[w.to]; there {
					fmt.Fprintf(&b, "  n_%s -->|\"%s\"| n_%s\n", n.name, mermaidText(d.text(w.label)), w.to)
				}
			}
			if n.crisis {
				crisis = append(crisis, "n_"+n.name)
			}
			if len(n.faults) > 0 {
				faulty = append(faulty, "n_"+n.name)
			}
		}
	}
	for _, class := range []struct {
		name, style string
		of          []string
	}{{"crisis", "stroke:#b3261e,stroke-width:3px", crisis}, {"fault", "fill:#ffe2b8,stroke:#8a5300", faulty}} {
		if len(class.of) > 0 {
			fmt.Fprintf(&b, "  classDef %s %s\n  class %s %s\n", class.name, class.style, strings.Join(class.of, ","), class.name)
		}
	}
	return b.String()
}

// mermaidText takes what Mermaid would read as its own out of a label.
func mermaidText(s string) string {
	return strings.NewReplacer(`"`, "#quot;", "\n", " ", "#", "#35;", "|", "#124;", "<", "#lt;", ">", "#gt;").Replace(s)
}

// brackets are the shape of a kind.
func (k kind) brackets() (left, right string) {
	switch k {
	case kindMenu, kindPick, kindAsk:
		return "{{", "}}"
	case kindIf:
		return "{", "}"
	case kindJoin, kindDial:
		return "([", "])"
	case kindDo, kindUse:
		return "[[", "]]"
	}
	return "[", "]"
}
