package flows

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"github.com/hearthline/hearthline/flows/schedule"
)

// labels are the prompts that a slot says its value by: a catalogue has those
// of every slot that its prompts name.
var labels = joined(memberLabels, sessionLabels, deskLabels)

var memberLabels = map[string][]string{
	"member.channel": append(choiceLabels("channel"), channelRing),
	"member.late":    choiceLabels(varLate),
	"member.pace":    choiceLabels(varPace),
	"member.clear":   choiceLabels("clear"),
	"member.days":    choiceLabels("days"),
	"member.hours":   choiceLabels("hours"),
	"member.machine": choiceLabels("machine"),
	"member.stopped": {"_stopped_yes", "_stopped_no", "_stopped_" + string(Unreachable), "_stopped_" + string(Unanswered)},
	"reminder.name":  {yourCall},
	"reminder.call":  {reach, reachPlace},
	"member.groups":  plurals(pluralPrefix, "none"),
	"member.quick":   {noQuick},
}

// How a count of groups is said: {count} {names}. A language with more plurals
// than two has a prompt for each (CLDR).
const (
	pluralPrefix = "_groups_"
	noGroups     = pluralPrefix + "none"
	noQuick      = "_quick_none"
)

// plurals are the prompts that every language has of a count; beside is what it has
// for none, "" for nothing.
func plurals(prefix string, beside ...string) []string {
	all := []string{prefix + "one", prefix + "other"}
	for _, form := range beside {
		all = append(all, prefix+form)
	}
	return all
}

// channelRing is the channel of who gets texts and is rung when they ask.
const channelRing = "_channel_ring"

// choiceLabels are the prompts of what a preference may be: "_hours_evening".
func choiceLabels(name string) []string {
	var all []string
	for _, value := range choices[name] {
		all = append(all, choiceLabel(name, value))
	}
	return all
}

func choiceLabel(name, value string) string { return "_" + name + "_" + value }

// member is what the caller may hear of themselves: nothing, if they have not
// signed in.
func (t *turn) member() Member {
	if t.view.Member == nil {
		return Member{}
	}
	return *t.view.Member
}

// label is a catalogue's few words, without slots.
func (t *turn) label(prompt string) string {
	return Utterance{Parts: t.wording(t.flow.catalogue(t.s.Lang), prompt).fixed}.Text()
}

// chosen says a preference: the one being chosen, else the member's.
func (t *turn) chosen(name string) string {
	value := t.s.Vars[name]
	m := t.member().Complete()
	if value == "" {
		value = map[string]string{
			"channel": string(m.Channel), "clear": yesNo(m.Clear), "days": string(m.Days), "hours": string(m.Hours), "machine": string(m.Machine),
			varLate: yesNo(m.Late), varPace: paceOf(m.Slow),
		}[name]
	}
	if name == "channel" && value == string(ByText) && m.Ring {
		return t.label(channelRing)
	}
	return t.label(choiceLabel(name, value))
}

// stopped is whether the member is sent nothing, and if so why.
func (t *turn) stopped() string {
	if m := t.member(); m.Stopped {
		return cmp.Or(string(m.Reason), "yes")
	}
	return "no"
}

// month says a month that is written YYYY-MM.
func (t *turn) month(written string) string {
	at, err := time.Parse("2006-01", written)
	if err != nil {
		return ""
	}
	return schedule.Month(t.s.Lang, at)
}

// ownGroups are the groups of who has signed in that are still on the line.
func ownGroups(t *turn) []string {
	return slices.DeleteFunc(slices.Clone(t.member().Groups), func(id string) bool {
		_, ok := t.view.Directory.Group(id)
		return !ok
	})
}

func (t *turn) memberGroups() string {
	ids := ownGroups(t)
	if len(ids) == 0 {
		return t.label(noGroups)
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		g, _ := t.view.Directory.Group(id)
		names[i] = t.groupName(g)
	}
	return t.sentence(t.counted(pluralPrefix, len(ids)), len(ids), schedule.Items(t.s.Lang, names))
}

// sentence is a prompt with a count and names.
func (t *turn) sentence(words template, count int, names string) string {
	u := Utterance{Parts: words.parts(func(slot string) string {
		if unformed(slot) != slotCount {
			return names
		}
		_, form, _ := strings.Cut(slot, ".")
		return t.counting(count, schedule.Form(form))
	})}
	return u.Text()
}

// pluralForms are what CLDR calls the ways of counting.
var pluralForms = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// counted is the prompt that the language has for so many; of fewer than none it is
// that for none.
func (t *turn) counted(prefix string, n int) template {
	c := t.flow.catalogue(t.s.Lang)
	form := plural.Cardinal.MatchPlural(language.Make(t.s.Lang), max(n, 0), 0, 0, 0, 0)
	if n == 1 && form == plural.Other { // Haitian Creole has no rules there, and one is not many in it
		form = plural.One
	}
	if _, ok := c.prompts[prefix+pluralForms[form]]; ok {
		return t.wording(c, prefix+pluralForms[form])
	}
	return t.wording(c, prefix+"other")
}

// number is a count as the channel gives it.
func (t *turn) number(n int) string { return t.counting(n, "") }

// counting is a count in front of what is counted.
func (t *turn) counting(n int, form schedule.Form) string {
	if t.view.Text {
		return strconv.Itoa(n)
	}
	return schedule.Counted(t.s.Lang, n, form)
}

// quickName names the group that quick join leads to.
func (t *turn) quickName() string {
	if g, ok := t.view.Directory.Group(t.member().Quick); ok {
		return t.groupName(g)
	}
	return t.label(noQuick)
}
