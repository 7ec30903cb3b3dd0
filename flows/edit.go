package flows

import (
	"errors"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A flow is changed here as somebody changes it who writes no YAML. Each change gives
// another bundle and leaves the one it was made to as it is; what it changes of a file is
// one entry, and comments stay. Of a flow that is laid over the built-in one, only what is
// laid over it changes. Whether the other bundle can be heard, Compile tells.

// Why a change cannot be made.
var (
	ErrNoNode     = errors.New("the flow has no such node")
	ErrNoWay      = errors.New("the node does not lead on so")
	ErrKeyTaken   = errors.New("the menu has that key already")
	ErrNoKey      = errors.New("that is no key")
	ErrLedTo      = errors.New("something leads to the node")
	ErrNoWords    = errors.New("there are no words in one of the languages")
	ErrNoNumber   = errors.New("the flow has no such number")
	ErrNotDialled = errors.New("that is no number that can be dialled from anywhere")
	ErrNoName     = errors.New("nothing can be called so")
	ErrNameTaken  = errors.New("something is called so already")
	ErrDialled    = errors.New("something dials the number")
	ErrUnreadable = errors.New("the file has faults that have to be mended in it first")
)

// The kinds of ways by which a node leads on.
const (
	WayOption  = "option"  // of a menu: Of is the key
	WayKey     = "key"     // while a room is waited for: Of is the key
	WayWait    = "wait"    // of who hears nobody in a room: Of is who that is
	WayOutcome = "outcome" // of what a node does: Of is what it comes to
	WaySilence = "silence"
	WayWrong   = "wrong" // a wrong key
	WayNext    = "next"
	WayThen    = "then" // of a condition that holds, or a limit that is passed
	WayElse    = "else"
	WayNone    = "none" // an empty list
	WayOne     = "one"  // a list of one
	WayText    = "text" // who texts
	WayVoice   = "voice"
	WayUse     = "use" // what is gone through first
)

// single are the settings that lead on by themselves. One of a list can be given to a node
// that has none.
var single = []string{WayNext, WayThen, WayElse, WayNone, WayOne, WayText, WayVoice, WayUse}

// Led is the bundle with a way of a node leading elsewhere: to a node, or with "" for
// silence, a wrong key and a list of one, to where it leads without being said.
func (b Bundle) Led(node, kind, of, to string) (Bundle, error) {
	if to != "" && !b.hasNode(to) {
		return nil, ErrNoNode
	}
	return b.editedNode(node, func(n *yaml.Node) error {
		switch {
		case kind == WaySilence, kind == WayWrong:
			return escalate(n, map[string]string{WaySilence: "no_input", WayWrong: "no_match"}[kind], to)
		case kind == WayOne && to == "":
			take(n, kind)
		case to == "":
			return ErrNoWay
		case kind == WayOption:
			o := optionOf(n, of)
			if o == nil {
				return ErrNoWay
			}
			lead(o, "next", to)
		case kind == WayOutcome || kind == WayKey || kind == WayWait:
			routes := field(n, map[string]string{WayOutcome: "outcomes", WayKey: "keys", WayWait: "waits"}[kind])
			if field(routes, of) == nil {
				return ErrNoWay
			}
			lead(routes, of, to)
		case slices.Contains(single, kind) && field(n, kind) != nil, kind == WayOne && kindOf(n) == kindPick:
			lead(n, kind, to)
		default:
			return ErrNoWay
		}
		return nil
	})
}

// escalate sets where silence or a wrong key leads in the end, "" for where it leads
// everywhere.
func escalate(n *yaml.Node, setting, to string) error {
	was := field(n, setting)
	asks := &node{kind: kindOf(n)}
	switch {
	case !asks.asks(), was != nil && was.Kind != yaml.MappingNode:
		return ErrNoWay
	case to == "":
		if take(was, "then"); was != nil && len(was.Content) == 0 {
			take(n, setting)
		}
	case was == nil:
		put(n, setting, flowMap("then", to))
	default:
		lead(was, "then", to)
	}
	return nil
}

// hasNode says whether something can lead there.
func (b Bundle) hasNode(name string) bool {
	return name == nodeReturn || mainOnly(b).flow.nodes[name] != nil
}

// optionOf is the option of a menu with a key, nil for none.
func optionOf(menu *yaml.Node, key string) *yaml.Node {
	options := field(menu, "options")
	if options == nil || options.Kind != yaml.SequenceNode || key == "" {
		return nil
	}
	for _, o := range options.Content {
		if o.Kind == yaml.MappingNode && keyOf(o) == key {
			return o
		}
	}
	return nil
}

// MenuOption is what somebody says of an option of a menu.
type MenuOption struct {
	Key string
	Say string // the prompt that names it; "" keeps what is said
	To  string // the node that it leads to
	// VoiceOnly says of a new one that texts are not offered it.
	VoiceOnly bool
}

// WithOption is the bundle with an option of a menu: in place of the one with the key was,
// or a new one if was is "". What else that one says of itself stays.
func (b Bundle) WithOption(menu, was string, o MenuOption) (Bundle, error) {
	switch {
	case !b.hasNode(o.To):
		return nil, ErrNoNode
	case len(o.Key) != 1 || !strings.Contains("0123456789*#", o.Key):
		return nil, ErrNoKey
	case o.Say == "" && was == "":
		return nil, ErrNoWords
	}
	return b.editedNode(menu, func(n *yaml.Node) error {
		options := field(n, "options")
		switch {
		case kindOf(n) != kindMenu || options == nil || options.Kind != yaml.SequenceNode:
			return ErrNoWay
		case o.Key != was && optionOf(n, o.Key) != nil:
			return ErrKeyTaken
		case was == "":
			added := flowMap("key", o.Key, "say", o.Say, "voice_only", map[bool]string{true: "true"}[o.VoiceOnly], "next", o.To)
			options.Content = slices.Insert(options.Content, saidAt(options.Content, added), added)
			return nil
		}
		entry := optionOf(n, was)
		if entry == nil {
			return ErrNoWay
		}
		if field(entry, "quiet") == nil && o.Say != "" {
			lead(entry, "say", o.Say)
		}
		lead(entry, "next", o.To)
		if o.Key != was {
			lead(entry, "key", o.Key)
			options.Content = slices.DeleteFunc(options.Content, func(other *yaml.Node) bool { return other == entry })
			options.Content = slices.Insert(options.Content, saidAt(options.Content, entry), entry)
		}
		return nil
	})
}

// WithoutOption is the bundle with an option less in a menu. Its words stay.
func (b Bundle) WithoutOption(menu, key string) (Bundle, error) {
	return b.editedNode(menu, func(n *yaml.Node) error {
		gone := optionOf(n, key)
		if gone == nil {
			return ErrNoWay
		}
		options := field(n, "options")
		options.Content = slices.DeleteFunc(options.Content, func(o *yaml.Node) bool { return o == gone })
		return nil
	})
}

// WithoutNode is the bundle without a node that nothing leads to. Of a flow that is laid
// over the built-in one, only what is written in it can be taken out. Its words stay.
func (b Bundle) WithoutNode(name string) (Bundle, error) {
	if slices.ContainsFunc(b.leadTo(name), func(from string) bool { return from != name }) {
		return nil, ErrLedTo
	}
	if b.baseNode(name) != nil {
		return nil, ErrNoNode
	}
	return b.edited(func(root *yaml.Node) error {
		nodes := field(root, "nodes")
		if field(nodes, name) == nil {
			return ErrNoNode
		}
		take(nodes, name)
		return nil
	})
}

// withPrompt is the bundle with the words of a prompt that a language had none for.
func (b Bundle) withPrompt(lang, name, words string) (Bundle, error) {
	if words = strings.Join(strings.Fields(words), " "); words == "" {
		return nil, ErrNoWords
	}
	return b.WithPrompts(lang, []Prompt{{Name: name, Voice: words}})
}
