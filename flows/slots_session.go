package flows

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hearthline/hearthline/flows/schedule"
)

// sessionSlots are of the session that the listener sits in. A slot of whole
// sentences says those that are true.
var sessionSlots = map[string]func(t *turn) string{
	"session.alias": func(t *turn) string { return t.session().Alias },
	// session.about is who was picked, or whom a note is about.
	"session.about":  (*turn).aboutWhom,
	"session.number": func(t *turn) string { return t.number(t.session().Number) },
	"session.here":   func(t *turn) string { return t.number(t.session().Here) },
	// session.waiting is how many are at the door.
	"session.waiting": func(t *turn) string { return t.number(t.session().Waiting) },
	"session.key":     func(t *turn) string { return t.digitwise(t.session().Key) },
	// session.order names who speaks and who comes then, to the last.
	"session.order": (*turn).speakingOrder,
	// session.floor says whose turn it is, session.place where in the queue the
	// listener is.
	"session.floor": (*turn).floor,
	"session.place": (*turn).place,
	// session.company says how many others are in the room, session.others how many
	// others wait at its door.
	"session.company": func(t *turn) string { return t.countOf("_company_", max(t.session().Here-1, 0)) },
	"session.others":  func(t *turn) string { return t.countOf("_others_", max(t.session().Waiting-1, 0)) },
	// session.status is what anybody in it may hear, session.report what its
	// facilitators may.
	"session.status": (*turn).status,
	"session.report": (*turn).report,
	// What a key does as things are: mute or unmute oneself, raise or lower one's hand,
	// the group's keys or the status.
	"session.self":   func(t *turn) string { return t.label("_self_" + yesNo(t.session().Muted)) },
	"session.raise":  func(t *turn) string { return t.label("_raise_" + yesNo(t.session().Hand == 0)) },
	"session.pound":  func(t *turn) string { return t.label("_pound_" + yesNo(t.session().Host)) },
	"session.theirs": func(t *turn) string { return t.label("_theirs_" + yesNo(t.theirs().Muted)) },
	"session.door":   func(t *turn) string { return t.label("_door_" + yesNo(t.session().Locked)) },
	"session.screen": func(t *turn) string { return t.label("_screen_" + yesNo(t.session().Screened)) },
	// group.language is what is spoken in the group in hand.
	"group.language": func(t *turn) string {
		if g := t.view.group(t.s); len(g.Languages) > 0 {
			return t.languageName(g.Languages[0])
		}
		return ""
	},
}

// sessionLabels are the prompts that they say their values by.
var sessionLabels = map[string][]string{
	"session.floor":   floorPrompts,
	"session.place":   {"_place"},
	"session.company": plurals("_company_", "none"),
	"session.others":  plurals("_others_", "none"),
	"session.status":  slices.Concat(floorPrompts, plurals("_here_"), plurals("_minutes_"), []string{"_seat", "_place", "_muted"}),
	"session.report": slices.Concat(floorPrompts, plurals("_people_"), plurals("_minutes_"), plurals("_waiting_"), plurals("_silent_"),
		[]string{"_queue", "_locked", "_screened", "_key"}),
	"session.self":   {"_self_yes", "_self_no"},
	"session.raise":  {"_raise_yes", "_raise_no"},
	"session.pound":  {"_pound_yes", "_pound_no"},
	"session.theirs": {"_theirs_yes", "_theirs_no"},
	"session.door":   {"_door_yes", "_door_no"},
	"session.screen": {"_screen_yes", "_screen_no"},
}

// floorPrompts say whose turn it is: the listener's, {names}, or nobody's in
// particular.
var floorPrompts = []string{"_floor_mine", "_floor", "_floor_open", "_floor_hands", "_floor_circle", "_floor_listen"}

// sentences are those of the labels that are said with {count} and {names}, by how
// they begin.
var sentences = []string{
	pluralPrefix, "_company_", "_others_", "_here_", "_minutes_", "_people_", "_waiting_", "_silent_",
	"_seat", "_place", "_queue", "_key", "_floor", "_wait_", "_live_", "_in_", "_ahead", "_rung_", "_texted_",
}

// countSlots are what fills them: {count.feminine} is a count whose word follows what is
// counted, as far as the language has one (see [schedule.Counted]).
var countSlots = func() []string {
	all := []string{slotCount, "names"}
	for _, form := range schedule.Forms {
		all = append(all, slotCount+"."+string(form))
	}
	return all
}()

const slotCount = "count"

// unformed is a slot without the form of its word, in which languages differ.
func unformed(slot string) string {
	if at := strings.LastIndexByte(slot, '.'); at > 0 && slices.Contains(schedule.Forms, schedule.Form(slot[at+1:])) {
		return slot[:at]
	}
	return slot
}

// inSentences says whether a label takes {count} and {names}.
func inSentences(label string) bool {
	return slices.ContainsFunc(sentences, func(begin string) bool { return strings.HasPrefix(label, begin) }) && !slices.Contains([]string{noGroups, "_wait_none", "_live_none"}, label)
}

// inflectedSlots are the number of a note in each form: {session.number.feminine}.
var inflectedSlots = func() map[string]func(t *turn) string {
	all := map[string]func(t *turn) string{}
	for _, form := range schedule.Forms {
		all["session.number."+string(form)] = func(t *turn) string { return t.counting(t.session().Number, form) }
	}
	return all
}()

// theirs is who was picked.
func (t *turn) theirs() Person {
	p, _ := t.session().picked(t.s.Vars[varSeat])
	return p
}

func (t *turn) aboutWhom() string {
	if p := t.theirs(); p.Alias != "" {
		return p.Alias
	}
	return t.session().About
}

func (t *turn) speakingOrder() string {
	s := t.session()
	names := slices.Clone(s.Queue)
	if s.Speaker != "" {
		names = slices.Insert(names, 0, s.Speaker)
	}
	return schedule.Names(t.s.Lang, names)
}

// sayLabel is one of the labels, with a count and names.
func (t *turn) sayLabel(prompt string, count int, names string) string {
	return capital(t.sentence(t.wording(t.flow.catalogue(t.s.Lang), prompt), count, names))
}

// capital begins a sentence that a number in words may begin.
func capital(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// countOf is how a language counts; none may have words of its own.
func (t *turn) countOf(prefix string, n int) string {
	if t.view.Session == nil {
		return ""
	}
	if _, ok := t.flow.catalogue(t.s.Lang).prompts[prefix+"none"]; ok && n <= 0 {
		return t.label(prefix + "none")
	}
	return capital(t.sentence(t.counted(prefix, n), n, ""))
}

func (t *turn) floor() string {
	switch s := t.session(); {
	case t.view.Session == nil:
		return ""
	case s.Mine:
		return t.label("_floor_mine")
	case s.Speaker != "":
		return t.sayLabel("_floor", 0, s.Speaker)
	case slices.Contains(choices[varMode], s.Mode):
		return t.label("_floor_" + s.Mode)
	}
	return ""
}

func (t *turn) place() string {
	if n := t.session().Hand; n > 0 {
		return t.sayLabel("_place", n, "")
	}
	return ""
}

func (t *turn) status() string {
	s := t.session()
	if t.view.Session == nil {
		return ""
	}
	said := []string{t.sayLabel("_seat", 0, s.Alias), t.countOf("_here_", s.Here), t.floor(), t.place()}
	if s.Muted {
		said = append(said, t.label("_muted"))
	}
	return together(append(said, t.minutesLeft()))
}

func (t *turn) minutesLeft() string {
	if n := t.session().Minutes; n > 0 {
		return t.countOf("_minutes_", n)
	}
	return ""
}

// nextNamed is how many of a queue a facilitator is told, and mostNamed how many
// people by their names.
const (
	nextNamed = 3
	fewNamed  = 2 // in a text
	mostNamed = 10
)

func (t *turn) report() string {
	s := t.session()
	if t.view.Session == nil {
		return ""
	}
	said := []string{t.peopleHere()}
	if s.Waiting > 0 {
		said = append(said, t.countOf("_waiting_", s.Waiting))
	}
	said = append(said, t.floor())
	if most := min(len(s.Queue), nextNamed); most > 0 {
		if t.view.Text {
			most = min(most, fewNamed)
		}
		said = append(said, t.sayLabel("_queue", len(s.Queue), schedule.Names(t.s.Lang, s.Queue[:most])))
	}
	if n := len(s.Silent); n > 0 {
		said = append(said, t.countOf("_silent_", n))
	}
	said = append(said, t.minutesLeft())
	if s.Locked {
		said = append(said, t.label("_locked"))
	}
	if s.Screened {
		said = append(said, t.label("_screened"))
	}
	if s.Key != "" && !t.view.Text {
		said = append(said, t.sayLabel("_key", 0, spelled(s.Key)))
	}
	return together(said)
}

// peopleHere counts who is in the room, and names the others.
func (t *turn) peopleHere() string {
	var names []string
	for _, p := range t.session().People {
		if !p.Waiting && p.ID != seatID(t.session().Seat) && len(names) < mostNamed {
			names = append(names, p.Alias)
		}
	}
	n := t.session().Here
	return capital(t.sentence(t.counted("_people_", n), n, schedule.Names(t.s.Lang, names)))
}

// together joins the sentences that there are. Behind a full stop of Chinese is no space.
func together(sentences []string) string {
	said := strings.Join(slices.DeleteFunc(sentences, func(s string) bool { return s == "" }), " ")
	return unspaced.Replace(said)
}

var unspaced = strings.NewReplacer("。 ", "。", "！ ", "！", "？ ", "？")
