package flows

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The patterns by which a node can be added.
const (
	AddSay     = "say"     // it says something, and goes on
	AddMenu    = "menu"    // it is a menu, whose first key goes on
	AddDial    = "dial"    // it dials a number; where nobody answers, it says so and goes on
	AddMessage = "message" // a message is left for those who run the line
)

// Additions are those patterns.
var Additions = []string{AddSay, AddMenu, AddDial, AddMessage}

// Addition is a node that somebody adds after another: with a key of that menu, or where it
// leads on already. Words are by language, and there are some in each that the flow speaks.
type Addition struct {
	After   string // the node before it
	Key     string // of that menu, "" for a node that is put in between
	Way, Of string // how the node before it leads on so far, as Led says; without a key
	Pattern string
	// Label is what the key does ("call the prayer line"), Says what is said there: of a
	// number that is dialled, where nobody answers; of a message, before it is left. Without
	// a key, nothing has to be said of a number.
	Label, Says map[string]string
	Left        map[string]string // of a message: what is said once it is left
	Number      string            // of a number that is dialled: its name
	First       string            // of a menu: the prompt that names its first key
	// To is where it goes on: "" for back to the menu, or to where the way led. A number that
	// is put in between goes on there once the call is over; if nobody answers, to where the
	// way led.
	To string
}

// WithAddition is the bundle with a node more, and its name.
func (b Bundle) WithAddition(a Addition) (Bundle, string, error) {
	langs := b.Speaks()
	if len(langs) == 0 {
		return nil, "", ErrUnreadable
	}
	otherwise := a.After // where the call goes on if nothing comes of the node
	if a.Key == "" {
		if otherwise = b.leadsTo(a.After, a.Way, a.Of); otherwise == "" {
			return nil, "", ErrNoWay
		}
	}
	if a.To = cmp.Or(a.To, otherwise); !b.hasNode(a.To) {
		return nil, "", ErrNoNode
	}
	called := cmp.Or(a.Label[langs[0]], a.Says[langs[0]])
	if a.Pattern == AddDial {
		called = cmp.Or(a.Label[langs[0]], a.Number)
	}
	name := b.freeName(called)
	nodes, prompts, err := b.patterned(name, otherwise, a)
	if err != nil {
		return nil, "", err
	}
	if a.Key != "" {
		prompts[optionPrefix+name] = a.Label
	}
	for prompt, words := range prompts {
		for _, lang := range langs {
			if b, err = b.withPrompt(lang, prompt, words[lang]); err != nil {
				return nil, "", err
			}
		}
	}
	b, err = b.edited(func(root *yaml.Node) error {
		all := field(root, "nodes")
		if all == nil {
			all = put(root, "nodes", &yaml.Node{Kind: yaml.MappingNode})
		}
		if all.Kind != yaml.MappingNode {
			return ErrUnreadable
		}
		for i := 0; i < len(nodes); i += 2 {
			put(all, nodes[i].Value, nodes[i+1])
		}
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	if a.Key == "" {
		b, err = b.Led(a.After, a.Way, a.Of, name)
	} else {
		b, err = b.WithOption(a.After, "", MenuOption{Key: a.Key, Say: optionPrefix + name, To: name, VoiceOnly: a.Pattern == AddDial}) // who texts can dial nothing
	}
	if err != nil {
		return nil, "", err
	}
	return b, name, nil
}

const optionPrefix = "opt_"

// leadsTo is where a way of a node leads, "" for a way that there is not or that leads as
// everywhere.
func (b Bundle) leadsTo(node, kind, of string) string {
	c := mainOnly(b)
	n := c.flow.nodes[node]
	if n == nil {
		return ""
	}
	for _, w := range c.editable(n, &catalogue{}) {
		if w.Kind == kind && w.Of == of {
			return w.To
		}
	}
	return ""
}

// patterned are the nodes of an addition, names and nodes by turns, and the words that they
// say.
func (b Bundle) patterned(name, otherwise string, a Addition) (nodes []*yaml.Node, prompts map[string]map[string]string, err error) {
	prompts = map[string]map[string]string{name: a.Says}
	switch a.Pattern {
	case AddSay:
		nodes = []*yaml.Node{plain(name), flowMap("say", name, "next", a.To)}
	case AddMenu:
		if a.First == "" {
			return nil, nil, ErrNoWords
		}
		options := &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{flowMap("key", "1", "say", a.First, "next", a.To)}}
		menu := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{plain("menu"), plain(name), plain("options"), options}}
		nodes = []*yaml.Node{plain(name), menu}
	case AddDial:
		if !slices.Contains(mainOnly(b).flow.dialledNumbers(), a.Number) {
			return nil, nil, ErrNoNumber
		}
		failed, text := otherwise, ""
		prompts = map[string]map[string]string{}
		if a.Key == "" {
			text = otherwise // who texts can dial nothing
		}
		if a.Key != "" || len(a.Says) > 0 {
			failed = name + "_failed"
			prompts[failed] = a.Says
		}
		nodes = []*yaml.Node{plain(name), flowMap("dial", a.Number, "outcomes", flowMap(resultAnswered, a.To, resultFailed, failed), "text", text)}
		if failed != otherwise {
			nodes = append(nodes, plain(failed), flowMap("say", failed, "next", otherwise))
		}
	case AddMessage:
		record, done := name+"_record", name+"_done"
		prompts[done] = a.Left
		nodes = []*yaml.Node{
			plain(name), flowMap("say", name, "next", record),
			plain(record), flowMap("record", RecordMessage, "outcomes", flowMap(ResultRecorded, done, ResultSilent, a.To, resultFailed, a.To)),
			plain(done), flowMap("say", done, "next", a.To),
		}
	default:
		return nil, nil, ErrNoWay
	}
	return nodes, prompts, nil
}

// longestAdded leaves room for what patterned adds to it.
const longestAdded = 20

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// nameOf is a name in a file for what somebody calls something, "" where there is none. A
// long one ends after a word, if that leaves half of it.
func nameOf(called string) string {
	name := strings.Trim(notInNames.ReplaceAllString(plainly(called), "_"), "_")
	if len(name) > longestAdded {
		name = name[:longestAdded+1] // with what follows, which tells whether a word ends there
		if end := strings.LastIndexByte(name, '_'); end > longestAdded/2 {
			name = name[:end]
		}
		name = name[:min(len(name), longestAdded)]
	}
	if name == "" || name[0] < 'a' || name[0] > 'z' || name == nodeReturn {
		return ""
	}
	return name
}

// freeName is a name for a node that tells what its key does, and that neither a node nor a
// prompt has.
func (b Bundle) freeName(label string) string {
	name := cmp.Or(nameOf(label), "added")
	c := readOnly(b)
	taken := func(name string) bool {
		for _, ending := range []string{"", "_failed", "_record", "_done", "_r1", "_r2"} {
			if c.flow.nodes[name+ending] != nil {
				return true
			}
			for _, cat := range c.flow.catalogues {
				if cat.prompts[name+ending].source != "" || cat.prompts[optionPrefix+name].source != "" {
					return true
				}
			}
		}
		return false
	}
	free := name
	for n := 2; taken(free); n++ {
		free = name + "_" + strconv.Itoa(n)
	}
	return free
}
