package flows

import (
	"slices"
	"strings"
)

// catalogue holds the words of one language.
type catalogue struct {
	lang    string
	voice   Voice
	voiced  bool                // it says who speaks
	prompts map[string]template // as spoken
	texts   map[string]template // as written, where that is otherwise
	// phrases are what people write: of a word of the flow by its name, and
	// of danger under promptDanger; folded.
	phrases map[string][]string
	says    map[string][]pronunciation // see byFirst; the longest first
	speech  string                     // the language that the carrier listens in, "" for none
	aliases []string                   // names of people in a session
	named   Place                      // where those are
	long    map[string]Place           // nodes whose texts may take one segment more, where that is said
	offers  map[*option]offer
	// said is how each topic is chosen aloud, and paged each way to turn a list's page.
	said  map[string]sayable
	paged map[More]sayable
	// lookedFor are the names in it that a text is held against.
	lookedFor lookedFor
}

// offer is how an option is offered, made once.
type offer struct {
	sentence template
	// others follows the names of several other languages.
	others template
	// written is its line of a text, which takes no slots.
	written []Part
	// label is that line's words without the key, in plain words, and said how the option
	// is chosen aloud.
	label string
	said  sayable
}

// The prompts that every catalogue has beside those its flow names: how an
// option and a list's item are offered, and what is said before asking again.
const (
	promptOption   = "_option"     // {label} {key}
	promptItem     = "_item"       // {label} {key}
	promptMore     = "_more"       // key 9 of a list that goes on
	promptFirst    = "_first"      // key 9 of a list's last page
	promptSilence1 = "_silence_r1" // before the prompt, after the first silence
	promptSilence2 = "_silence_r2" // before the options alone, after the second
	promptWrong1   = "_wrong_r1"
	promptWrong2   = "_wrong_r2"
	// promptOtherLanguages follows the names of several other languages: {key}
	promptOtherLanguages = "_other_languages"
	promptNow            = "_now" // of a group in a list whose door is open
	// promptSpeak tells that a caller may say it too, and promptUnheard that what they
	// said led nowhere: of a flow in which a language is listened for.
	promptSpeak   = "_speak"
	promptUnheard = "_unheard_r1"
	promptYes     = "_yes" // {key}
	promptNo      = "_no"
	promptStar    = "_star"
	promptPound   = "_pound"
	// promptDanger lists what somebody may write who is dying or in danger.
	promptDanger = "_danger"
	// promptHarmless lists what has words of promptDanger and is about neither: "dying to
	// meet you".
	promptHarmless = "_harmless"
	// promptSmall lists the words around what is looked for, promptToday what
	// today is called.
	promptSmall = "_small"
	promptToday = "_today"
	// promptAliases lists the names that people have in a session, in the same order
	// in every language.
	promptAliases = "_aliases"
	// promptSay lists how words are spoken, wherever a voice says them.
	promptSay = "_say"
	// promptLong lists the nodes whose texts take more than one segment, knowingly.
	promptLong = "_long"
	// promptSpeech is the language in which the carrier listens, as it calls it.
	promptSpeech = "_speech"
	// wordPrefix begins the lists of what a word of the flow is called.
	wordPrefix = "word_"
)

// framing tells what each is spoken for.
var framing = map[string]use{
	promptOption: useOffer, promptItem: useOffer, promptOtherLanguages: useAnnouncing,
	promptMore: usePlain, promptFirst: usePlain,
	promptSilence1: usePlain, promptSilence2: usePlain, promptWrong1: usePlain, promptWrong2: usePlain,
	promptNow: useLabel, promptStar: useLabel, promptPound: useLabel,
}

// The prompts that an edge speaks of its own accord, in a room or when it is
// slow. Every catalogue has them.
const (
	// Alone, WaitingHost and WaitingDoor are said to who hears nobody where a flow does not
	// say what they hear: the first one in a room, who is in before the facilitator, and
	// who waits to be let in.
	Alone       = "alone"
	WaitingHost = "waiting_host"
	WaitingDoor = "waiting_door"
	OneMoment   = "one_moment" // before asking again, when we failed to answer
	TryLater    = "try_later"  // when asking again did not help
)

// The prompts of the built-in flow whose words are what somebody consents to, in
// a call and in a text.
const (
	ConsentSpoken  = "enrol"
	ConsentWritten = "consent_text"
)

// Chime is the note of a session that is a sound, and no words.
const Chime = "chime"

// notes are what else is said in a session to one or to all, by the prompts that
// the session names: with View.Session's About and Number.
var notes = []string{
	"your_turn", "asked_again", "circle_order", "circle_done", "mode_open", "mode_hands", "mode_circle", "mode_listen",
	"next_is", "hand_up_note", "signal_unkind", "signal_unsafe", "signal_sound", "one_waiting", "ten_left", "two_left", "time_is_up", "extended",
	"locked_note", "closing_round", "goodbye", "peer_led", "host_came", "quiet_note", "pairs_begin", "pairs_end",
	"substitute_called", "handed_over", "asked_to_talk",
	"you_were_muted", "turn_over", "crisis_no_answer", "new_key", "circle_stopped",
}

var edgePrompts = slices.Concat([]string{
	Alone, WaitingHost, WaitingDoor, OneMoment, TryLater,
}, notes)

// makeOffers makes the sentence of every option once, and how it and topics are chosen
// aloud.
func (c *catalogue) makeOffers(f *Flow) {
	c.offers = map[*option]offer{}
	for _, n := range f.nodes {
		for i := range n.options {
			o := &n.options[i]
			if o.quiet {
				continue
			}
			c.offers[o] = offer{
				sentence: c.sentence(o),
				others:   c.prompts[promptOtherLanguages].with("key", c.key(o.key)),
				written:  c.written(promptOption).item(words(c.written(o.prompt).source), o.key),
				label:    plainly(c.written(o.prompt).source),
				said:     c.sayable(o.key, c.prompts[o.prompt], c.texts[o.prompt]),
			}
		}
	}
	c.paged = map[More]sayable{MoreItems: c.sayable("9", c.texts[promptMore]), FirstItems: c.sayable("9", c.texts[promptFirst])}
	c.said = map[string]sayable{}
	for name := range c.prompts {
		if slug, ok := strings.CutPrefix(name, topicPrefix); ok {
			c.said[slug] = c.topicSaid(slug)
		}
	}
}

// written is a prompt as a text has it.
func (c *catalogue) written(prompt string) template {
	if t, ok := c.texts[prompt]; ok {
		return t
	}
	return c.prompts[prompt]
}

// sentence is "To {label}, press {key}.", or the prompt itself when it names
// its key: "For English, press {key}."
func (c *catalogue) sentence(o *option) template {
	t := c.prompts[o.prompt]
	if !slices.Contains(t.slots(), "key") {
		t = c.prompts[promptOption].with("label", t)
	}
	return t.with("key", c.key(o.key))
}

// key is how a key is called.
func (c *catalogue) key(key string) template {
	switch key {
	case "*":
		return c.prompts[promptStar]
	case "#":
		return c.prompts[promptPound]
	}
	return words(key)
}
