package flows

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The patterns by which a node can be added.
const (
	AddSay     = "say"     // it says something, and goes back to the menu
	AddMenu    = "menu"    // it is a menu, whose first key goes back
	AddDial    = "dial"    // it dials a number; where nobody answers, it says so and goes back
	AddMessage = "message" // a message is left for those who run the line
)

// Additions are those patterns.
var Additions = []string{AddSay, AddMenu, AddDial, AddMessage}

// Addition is a node that somebody adds, with the key that leads to it. Words are by
// language, and there are some in each that the flow speaks.
type Addition struct {
	Menu, Key string // which menu gets which key
	Pattern   string
	// Label is what the key does ("call the prayer line"), Says what is said there: of a
	// number that is dialled, where nobody answers; of a message, before it is left.
	Label, Says map[string]string
	After       map[string]string // of a message: what is said once it is left
	Number      string            // of a number that is dialled: its name
	First       string            // of a menu: the prompt that names its first key
}

// WithAddition is the bundle with a node more, and its name.
func (b Bundle) WithAddition(a Addition) (Bundle, string, error) {
	langs := b.Speaks()
	if len(langs) == 0 {
		return nil, "", ErrUnreadable
	}
	name := b.freeName(a.Label[langs[0]])
	nodes, prompts, err := b.patterned(name, a)
	if err != nil {
		return nil, "", err
	}
	prompts[optionPrefix+name] = a.Label
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
	option := MenuOption{Key: a.Key, Say: optionPrefix + name, To: name, VoiceOnly: a.Pattern == AddDial} // who texts can dial nothing
	if b, err = b.WithOption(a.Menu, "", option); err != nil {
		return nil, "", err
	}
	return b, name, nil
}

const optionPrefix = "opt_"

// patterned are the nodes of an addition, names and nodes by turns, and the words that they
// say.
func (b Bundle) patterned(name string, a Addition) (nodes []*yaml.Node, prompts map[string]map[string]string, err error) {
	back := a.Menu
	prompts = map[string]map[string]string{name: a.Says}
	switch a.Pattern {
	case AddSay:
		nodes = []*yaml.Node{plain(name), flowMap("say", name, "next", back)}
	case AddMenu:
		if a.First == "" {
			return nil, nil, ErrNoWords
		}
		options := &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{flowMap("key", "1", "say", a.First, "next", back)}}
		menu := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{plain("menu"), plain(name), plain("options"), options}}
		nodes = []*yaml.Node{plain(name), menu}
	case AddDial:
		if !slices.Contains(b.DialledNumbers(), a.Number) {
			return nil, nil, ErrNoNumber
		}
		failed := name + "_failed"
		prompts = map[string]map[string]string{failed: a.Says}
		nodes = []*yaml.Node{
			plain(name), flowMap("dial", a.Number, "outcomes", flowMap(resultAnswered, back, resultFailed, failed)),
			plain(failed), flowMap("say", failed, "next", back),
		}
	case AddMessage:
		record, done := name+"_record", name+"_done"
		prompts[done] = a.After
		nodes = []*yaml.Node{
			plain(name), flowMap("say", name, "next", record),
			plain(record), flowMap("record", RecordMessage, "outcomes", flowMap(ResultRecorded, done, ResultSilent, back, resultFailed, back)),
			plain(done), flowMap("say", done, "next", back),
		}
	default:
		return nil, nil, ErrNoWay
	}
	return nodes, prompts, nil
}

// longestAdded leaves room for what patterned adds to it.
const longestAdded = 20

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// freeName is a name for a node that tells what its key does, and that neither a node nor a
// prompt has.
func (b Bundle) freeName(label string) string {
	name := strings.Trim(notInNames.ReplaceAllString(strings.Join(plainWords(label), " "), "_"), "_")
	name = strings.TrimRight(name[:min(len(name), longestAdded)], "_")
	if name == "" || name[0] < 'a' || name[0] > 'z' || name == nodeReturn {
		name = "added"
	}
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
