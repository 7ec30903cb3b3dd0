package console

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// groupForm is a group as its form has it. A number and a PIN go in and never come
// out.
type groupForm struct {
	New        bool
	Action     string
	Code       string
	Name       []inLanguage
	Discreet   []inLanguage
	Topics     []ticked
	OtherTopic string
	Languages  []ticked
	Reminders  []ticked
	Format     string
	Access     string
	Host       string
	Capacity   string
	Place      string
	HasBridge  bool
	Feed       bool
	People     []holder
	timeForm
	// WhenFault is what is asked of the time that was written.
	WhenFault string
}

// inLanguage is a text of one of the line's languages.
type inLanguage struct{ Lang, Language, Text string }

// ticked is one of several that can be ticked.
type ticked struct {
	Value, Words string
	Chosen       bool
}

// holder is who holds the group.
type holder struct {
	ID, Alias string
	Known     bool
	N         int
}

// newPeople is how many people can be added at once.
const newPeople = 2

var (
	// topics are those that the built-in line has words for.
	topics  = []string{"grief", "living-with-illness", "caregivers", "recovery", "anxiety", "safety"}
	offered = []string{"24h", "2h", "1h", "15m"}
)

func languageName(in, lang string) string {
	if tag, err := language.Parse(lang); err == nil {
		return sentence(display.Languages(language.Make(in)).Name(tag))
	}
	return lang
}

// newGroup is the form for one more group.
func (p *page) newGroup() error { return p.newGroupLike(store.Group{}) }

// copyGroup is that form, filled in with another group: without its code, its bridge
// and who holds it.
func (p *page) copyGroup() error {
	g := *p.group
	g.Bridge, g.Facilitators = false, nil
	return p.newGroupLike(g)
}

func (p *page) newGroupLike(g store.Group) error {
	line, err := p.thisLine()
	if err != nil {
		return err
	}
	if g.Code, err = p.desk.DB.FreeCode(p.ctx(), p.line); err != nil {
		return err
	}
	f := p.groupFormOf(g, line)
	f.New, f.Action, f.Feed = true, "/console/groups", false
	if f.Zone = line.Zone; len(g.Meetings) > 0 {
		f.Zone, f.Minutes = g.Meetings[0].Zone, strconv.Itoa(g.Meetings[0].Minutes)
	}
	return p.show("group_form", "groups.new", f)
}

func (p *page) editGroup() error {
	line, err := p.thisLine()
	if err != nil {
		return err
	}
	return p.show("group_form", "groups.edit", p.groupFormOf(*p.group, line))
}

// groupFormOf is a group's form.
func (p *page) groupFormOf(g store.Group, line flows.Line) groupForm {
	f := groupForm{
		Action: p.inGroup("/console/groups/:group/edit"), Code: g.Code, Format: string(cmp.Or(g.Format, flows.PeerLed)),
		Access: string(cmp.Or(g.Access, flows.AccessOpen)), Host: string(cmp.Or(g.Host, flows.HostNone)),
		Capacity: strconv.Itoa(cmp.Or(g.Capacity, 12)), Place: g.Place, HasBridge: g.Bridge, Feed: g.Feed != "",
		timeForm: timeForm{Zones: p.zones(line.Zone), Minutes: "60"},
	}
	for _, lang := range line.Languages {
		f.Name = append(f.Name, inLanguage{lang, languageName(p.lang, lang), own(g.Name, lang, line)})
		f.Discreet = append(f.Discreet, inLanguage{lang, languageName(p.lang, lang), own(g.DiscreetName, lang, line)})
	}
	chosen := g.Languages
	if len(chosen) == 0 {
		chosen = line.Languages[:1]
	}
	f.Languages = choices(slices.Concat(line.Languages, chosen), chosen, func(lang string) string { return languageName(p.lang, lang) })
	f.Topics = choices(slices.Concat(topics, g.Topics), g.Topics, p.topicName)
	reminders := g.Reminders
	if reminders == nil {
		reminders = []string{"24h", "15m"}
	}
	f.Reminders = choices(slices.Concat(offered, reminders), reminders, p.beforehand)
	for i, who := range g.Facilitators {
		f.People = append(f.People, holder{ID: who.ID, Alias: who.Alias, Known: true, N: i})
	}
	for range newPeople {
		f.People = append(f.People, holder{N: len(f.People)})
	}
	return f
}

// own is a text in a language; of one that serves all, in the line's first.
func own(words flows.Words, lang string, line flows.Line) string {
	if text, ok := words[lang]; ok || lang != line.Languages[0] {
		return text
	}
	return words[""]
}

func choices(all, chosen []string, words func(string) string) []ticked {
	var list []ticked
	for i, value := range all {
		if !slices.Contains(all[:i], value) {
			list = append(list, ticked{value, words(value), slices.Contains(chosen, value)})
		}
	}
	return list
}

// topicName is a topic in words, or as it is spelt.
func (p *page) topicName(topic string) string {
	if words, err := p.T("groups.topic_" + strings.ReplaceAll(topic, "-", "_")); err == nil {
		return words
	}
	return strings.ReplaceAll(topic, "-", " ")
}

// beforehand is how long before a meeting a reminder goes, in words.
func (p *page) beforehand(offset string) string {
	if words, err := p.T("groups.before_" + offset); err == nil {
		return words
	}
	return offset
}

// Accesses are the kinds of access of a group.
func (p *page) Accesses() []string {
	return []string{string(flows.AccessOpen), string(flows.AccessCode), string(flows.AccessApproval)}
}

// Hosts are the host rules of a group.
func (p *page) Hosts() []string { return []string{string(flows.HostNone), string(flows.HostRequired)} }

// Formats are the formats of a group.
func (p *page) Formats() []string {
	return []string{string(flows.PeerLed), string(flows.ProfessionalLed)}
}
