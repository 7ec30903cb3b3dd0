package flows

import (
	"slices"
	"strconv"
	"time"
)

// Flow is a compiled flow with its catalogues: immutable, and safe for use by
// every call at once. Compile makes it.
type Flow struct {
	// Hash names this version by content (SHA-256 of the bundle, hex).
	Hash string

	start      target
	languages  []string
	nodes      map[string]*node
	order      []string // node names as written
	always     map[string]universal
	seated     map[string]universal  // instead, for who sits in a session
	words      []word                // what a text may begin with
	orders     []word                // what a text may begin with of who looks after groups
	danger     target                // where a text of dying or danger leads
	unsure     target                // where a text that is nearly a word leads
	placed     map[string]target     // where a call that we place begins, by what it is for
	texted     map[string]textOfOurs // what a text of ours says, by what it is for
	numbers    map[string]Number     // that may be dialled, by name
	catalogues map[string]*catalogue
	script     map[string][]ScriptLine // what can be recorded in each language
}

// Languages returns the languages that have a catalogue, as the flow file
// lists them. The caller must not change it.
func (f *Flow) Languages() []string { return f.languages }

// Room names the node that takes a caller into a room, "" when the flow has
// none.
func (f *Flow) Room() string {
	for _, name := range f.order {
		if f.nodes[name].kind == kindJoin {
			return name
		}
	}
	return ""
}

// Sits says whether the turn from a state needs the View's Session.
func (f *Flow) Sits(s State) bool {
	n := f.nodes[s.Node]
	return n != nil && n.sits
}

// Records says what is recorded at a state, as in [Record]; "" when nothing is.
func (f *Flow) Records(s State) string {
	if n := f.nodes[s.Node]; n != nil && n.kind == kindRecord {
		return n.source
	}
	return ""
}

// Alias is the nth name, from 0, of those that people have in a session: the same
// person's in every language. Past the end of the list it is told apart by a number.
func (f *Flow) Alias(lang string, n int) string {
	names := f.catalogue(lang).aliases
	if len(names) == 0 || n < 0 {
		return strconv.Itoa(n + 1)
	}
	if n < len(names) {
		return names[n]
	}
	return names[n%len(names)] + " " + strconv.Itoa(n/len(names)+1)
}

// Neutral says whether a call is at a question of one that we placed, where
// whoever listens may be told nothing of the line: the edge has no words of its
// own there.
func (f *Flow) Neutral(s State) bool {
	n := f.nodes[s.Node]
	return n != nil && (n.neutral || n.apart)
}

// Guest is the group that a call of ours is about, from when its key has been
// pressed on; "" before, and for any other call. Turn knows it by itself; an edge
// lets its View say so whose functions look at [View.Belongs].
func (f *Flow) Guest(s State) string {
	if n := f.nodes[s.Node]; n == nil || n.neutral {
		return ""
	}
	return s.About.Group
}

// Voice returns who speaks a language.
func (f *Flow) Voice(lang string) Voice { return f.catalogue(lang).voice }

func (f *Flow) catalogue(lang string) *catalogue {
	if c, ok := f.catalogues[lang]; ok {
		return c
	}
	return f.catalogues[f.languages[0]]
}

// Voice is a carrier's synthetic voice. Fallback is what an operator is told
// to use when the carrier withdraws Name.
type Voice struct {
	Name     string `yaml:"name"`
	Fallback string `yaml:"fallback"`
	Locale   string `yaml:"locale"` // BCP 47: "en-US"
}

type kind string

const (
	kindSay  kind = "say"
	kindMenu kind = "menu"
	kindPick kind = "pick"
	kindAsk  kind = "ask"
	kindDo   kind = "do"
	kindJoin kind = "join"
	kindDial kind = "dial"

	kindRecord kind = "record"
	kindIf     kind = "if"
	kindUse    kind = "use"
)

// node is one step of a flow. Which fields are set depends on its kind.
type node struct {
	name string
	kind kind
	at   Place
	// broken says that reading it found a fault already.
	broken bool

	text  target // where a text is led instead
	voice target // where a call is led instead
	// sensitive is a node of which nothing is counted, logged or written down.
	sensitive bool
	// discreet is "ok" for a node whose texts may name a group or a topic,
	// because their reader has just asked for it.
	discreet string
	prompt   string // say, menu, ask: the catalogue key; pick: what leads the list; join: of who comes back; "" for none
	next     target
	end      bool   // say: hang up after it
	most     int    // say: at most so often in a call, then `then`
	then     target // where the limit of most leads, or an `if` that is so
	// condition is what an `if` asks, and otherwise where it leads when that is not so.
	condition string
	otherwise target
	// uses is where a sub-flow begins; next is where its `return` comes back to. within
	// are the sub-flow's own nodes, and back is where `return` leads from this one.
	uses    target
	within  map[string]bool
	back    []target
	led     []target // what leads gives, once that is known
	options []option
	source  string // pick: the list's name; join, dial: who; record: what for
	plays   bool   // say: what a message says follows, as a sound
	// rest is the silence after a `say` of who hears nobody, before they are told again;
	// waits is where each of them is told what, see waitings: of a join.
	rest   time.Duration
	waits  map[string]target
	none   target // pick: where an empty list leads
	one    target // pick: where a list of one leads, chosen unasked
	into   string // pick, ask: the variable that takes the answer
	answer string // ask: what kind of answer
	// least and length are how few and how many digits an ask takes; 0 means
	// the line's code length.
	least, length int
	does          string // do: the function
	// neutral is a question of a call that we place: whoever answers is told
	// nothing, and no key but its own does anything.
	neutral bool
	// apart is a question of a call that we place, once its key has been pressed:
	// the keys that lead elsewhere everywhere do not.
	apart bool
	// sits is a question to who has stepped out of a room for a moment: it reads the
	// View's Session, and silence soon leads back.
	sits bool
	// confirms is a question whether somebody means what they have chosen.
	confirms bool
	// star is a menu whose keys are known by heart: its words come after a tone and a
	// silence, and its options may take the keys that work everywhere.
	star bool
	// keys are what somebody can press who waits for a room.
	keys map[string]target
	// outcomes routes what a function, a room, a dialled number or a recording came to.
	outcomes map[string]target
	noInput  escalation
	noMatch  escalation
}

// target is a node's name with the place where the file names it.
type target struct {
	node string
	at   Place
	// named is where the outcome that leads there is named.
	named Place
}

// word is something that a text may ask for, wherever its sender is.
type word struct {
	name    string
	next    target
	into    string // the variable that takes what follows it, "" for nothing
	without target // where it leads when nothing follows
	at      Place
}

type option struct {
	key    string
	prompt string
	when   string // the condition under which it is offered, "" for always
	// spokenIn is "others" for an option that is spoken in the line's other
	// languages rather than the caller's.
	spokenIn string
	// voiceOnly says that a text is not offered it, smsOnly that a voice does not.
	voiceOnly, smsOnly bool
	// lang is the language to go on in, "" for the one that it is in.
	lang string
	// confirm is the prompt that asks whether they mean it, "" for none.
	confirm string
	// quiet says that nobody is told of it; a text cannot choose it.
	quiet bool
	// instead says that its key, which does something everywhere, does this here.
	instead bool
	// agree is what OK means in a text, of several choices.
	agree bool
	set   map[string]string // what choosing it sets, see choices
	// does is a host function that decides whether the key means anything, ""
	// for none: it leads on when that comes to resultFound.
	does string
	next target
	at   Place
}

// escalation says how long to wait, how often to ask again, and where to go
// then.
type escalation struct {
	after time.Duration // silence only
	tries int
	then  target
}

func (o *option) others() bool { return o.spokenIn == "others" }

// written says whether a text is told of the option.
func (o *option) written() bool { return !o.voiceOnly && !o.quiet }

// spoken says whether a voice offers the option.
func (o *option) spoken() bool { return !o.smsOnly && !o.quiet }

// own are the options that a menu has to itself: not those that work
// everywhere, not the language key, and not what nobody is told of.
func (n *node) own() (own []*option) {
	for i := range n.options {
		if o := &n.options[i]; !o.universal() && !o.others() && !o.quiet {
			own = append(own, o)
		}
	}
	return own
}

// universalKeys are live wherever a key is waited for.
var universalKeys = []string{HelpKey, "*", "#"}

// HelpKey is the key that leads to help from anywhere.
const HelpKey = "0"

// everywhere is what the universal keys do at a node.
func (f *Flow) everywhere(n *node) map[string]universal {
	if n.sits {
		return f.seated
	}
	return f.always
}

// takes says whether one of a menu's options has a universal key for itself.
func (n *node) takes(key string) bool {
	return slices.ContainsFunc(n.options, func(o option) bool { return o.instead && o.key == key })
}

type universal struct {
	next   target
	repeat bool // ask again instead
	at     Place
	broken bool // reading it found a fault already
}

// Place is where in a flow's files something stands. Line and Column count
// from 1.
type Place struct {
	File         string
	Line, Column int
}
