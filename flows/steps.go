package flows

import "slices"

// Step is a node as a tool sees it that looks at a flow from outside.
type Step struct {
	Name string
	Kind string
	At   Place
	// Prompts are the catalogue keys that it names, and Leads the nodes that it leads to
	// by itself or by its caller, each once; the keys that work everywhere aside.
	Prompts, Leads []string
	// Takes are the keys that work everywhere and do something else here.
	Takes []string
	// Offers are the keys of a menu's options that are told of, by their prompts, and
	// Foreign the prompt of the one that is spoken in other languages.
	Offers  map[string]string
	Foreign string
	// Help says that the key 0 leads there, from wherever it does; Outside that whoever
	// comes there has left whatever was begun.
	Help, Outside bool
}

// Steps are the nodes of the flow, as it lists them.
func (f *Flow) Steps() []Step {
	all := make([]Step, len(f.order))
	for i, name := range f.order {
		n := f.nodes[name]
		all[i] = Step{
			Name: name, Kind: string(n.kind), At: n.at, Prompts: n.names(),
			Help:    name == f.always["0"].next.node || name == f.seated["0"].next.node,
			Outside: f.outside(name),
		}
		for _, t := range n.targets() {
			if !slices.Contains(all[i].Leads, t.node) {
				all[i].Leads = append(all[i].Leads, t.node)
			}
		}
		all[i].Offers, all[i].Foreign = n.offers()
		for _, key := range universalKeys {
			if n.takes(key) {
				all[i].Takes = append(all[i].Takes, key)
			}
		}
	}
	return all
}

// names are the catalogue keys that a node names, each once.
func (n *node) names() (all []string) {
	for _, prompt := range n.prompts() {
		if prompt != "" && !slices.Contains(all, prompt) {
			all = append(all, prompt)
		}
	}
	return all
}

// offers are the keys of the options that somebody is told of.
func (n *node) offers() (keys map[string]string, foreign string) {
	keys = map[string]string{}
	for i := range n.options {
		o := &n.options[i]
		if !o.quiet {
			keys[o.prompt] = o.key
		}
		if o.others() {
			foreign = o.prompt
		}
	}
	return keys, foreign
}

// Words are what a text may begin with in a language: of each word of the flow, and
// of each order of who looks after groups, the names that it has, as people write them.
func (f *Flow) Words(lang string) map[string][]string {
	c, all := f.catalogue(lang), map[string][]string{}
	for _, w := range slices.Concat(f.words, f.orders) {
		all[w.name] = slices.Clone(c.phrases[w.name])
	}
	return all
}

// Dangers are the phrases of dying or danger in a language.
func (f *Flow) Dangers(lang string) []string {
	return slices.Clone(f.catalogue(lang).phrases[promptDanger])
}

// Vocabulary is every word that the prompts of a language say or write, without case
// and accents, and in how many of them; what fills a slot is not among them.
func (f *Flow) Vocabulary(lang string) map[string]int {
	all, c := map[string]int{}, f.catalogue(lang)
	in := map[string]map[string]bool{} // by prompt
	for _, prompts := range []map[string]template{c.prompts, c.texts} {
		for name, t := range prompts {
			if in[name] == nil {
				in[name] = map[string]bool{}
			}
			for _, p := range t.pieces {
				for _, w := range plainWords(p.part.Text) {
					in[name][w] = true
				}
			}
		}
	}
	for _, words := range in {
		for w := range words {
			all[w]++
		}
	}
	return all
}

// PlainWords are the words of a text without case, accents and punctuation, as texts
// are read.
func PlainWords(text string) []string { return plainWords(text) }
