package console

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
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
		f.Zone = g.Meetings[0].Zone
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

// addGroup makes a group, paused: its times are read back before it opens.
func (p *page) addGroup() error {
	line, err := p.thisLine()
	if err != nil {
		return err
	}
	g, faults := p.readGroup(line, nil)
	w, minutes, fault := p.readTime()
	whenFault := ""
	if fault != nil {
		faults["when"], whenFault = "groups.fault_when", asks(fault)
	} else {
		m := w.Meeting(p.FormValue("zone"))
		m.Minutes = cmp.Or(w.Minutes, minutes)
		g.Meetings = []schedule.Meeting{m}
	}
	g.Stage = flows.StagePaused
	if len(faults) == 0 {
		var id string
		id, err = p.desk.Setup.DB.AddGroup(p.ctx(), p.desk.Setup.Keys(), p.line, p.by(), g)
		if err == nil {
			if err := p.desk.Setup.Owned(p.ctx(), p.line, p.who.Account, id); err != nil {
				return err
			}
			return p.done("/console/groups/"+id+"/schedule", "groups.added")
		}
		if err := p.addFaults(faults, err, line); err != nil {
			return err
		}
	}
	if faults["code"] != "" {
		if g.Code, err = p.desk.DB.FreeCode(p.ctx(), p.line); err != nil {
			return err
		}
	}
	f := p.sent(g, line)
	f.New, f.Action, f.WhenFault = true, "/console/groups", whenFault
	return p.wrong("group_form", "groups.new", faults, f)
}

func (p *page) changeGroup() error {
	line, err := p.thisLine()
	if err != nil {
		return err
	}
	g, faults := p.readGroup(line, p.group)
	if len(faults) == 0 {
		err := p.desk.Setup.DB.ChangeGroup(p.ctx(), p.desk.Setup.Keys(), p.line, p.by(), g)
		if err == nil {
			return p.done(p.inGroup("/console/groups/:group"), "groups.saved")
		}
		if err := p.addFaults(faults, err, line); err != nil {
			return err
		}
	}
	return p.wrong("group_form", "groups.edit", faults, p.sent(g, line))
}

// sent is the form as it was sent, but for what is secret.
func (p *page) sent(g store.Group, line flows.Line) groupForm {
	f := p.groupFormOf(g, line)
	f.Capacity, f.OtherTopic = p.FormValue("capacity"), p.FormValue("topic")
	f.When, f.Minutes, f.Zone = p.FormValue("when"), p.FormValue("minutes"), p.FormValue("zone")
	f.People = f.People[:0]
	form, _ := p.FormParams() // read before
	for i, alias := range form["alias"] {
		id := at(form["person"], i)
		f.People = append(f.People, holder{ID: id, Alias: alias, Known: id != "", N: i})
	}
	return f
}

func at(list []string, i int) string {
	if i < len(list) {
		return strings.TrimSpace(list[i])
	}
	return ""
}

var notTopic = regexp.MustCompile(`[^a-z0-9]+`)

// readGroup is the group of a form, and what is wrong with what the store does not see:
// a number, a bridge. old is the group before, nil for a new one.
func (p *page) readGroup(line flows.Line, old *store.Group) (store.Group, map[string]string) {
	faults := map[string]string{}
	form, err := p.FormParams()
	if err != nil {
		return store.Group{}, map[string]string{"name_" + line.Languages[0]: "groups.fault_name"}
	}
	g := store.Group{Group: flows.Group{
		Code: form.Get("code"), Languages: form["language"], Reminders: append([]string{}, form["reminder"]...), Topics: form["topics"],
		Format: flows.Format(form.Get("format")), Access: flows.Access(form.Get("access")), Host: flows.Host(form.Get("host")),
		Place: strings.TrimSpace(form.Get("place")), Name: flows.Words{}, DiscreetName: flows.Words{},
	}}
	if old != nil {
		g.ID, g.Code, g.Feed, g.Stage = old.ID, old.Code, old.Feed, old.Stage
	}
	for _, lang := range line.Languages {
		if text := strings.TrimSpace(form.Get("name_" + lang)); text != "" {
			g.Name[lang] = text
		}
		if text := strings.TrimSpace(form.Get("discreet_" + lang)); text != "" {
			g.DiscreetName[lang] = text
		}
	}
	if topic := strings.Trim(notTopic.ReplaceAllString(strings.ToLower(form.Get("topic")), "-"), "-"); topic != "" && !slices.Contains(g.Topics, topic) {
		g.Topics = append(slices.Clone(g.Topics), topic)
	}
	if g.Capacity, err = strconv.Atoi(strings.TrimSpace(form.Get("capacity"))); err != nil || g.Capacity == 0 {
		faults["capacity"] = "groups.fault_capacity"
	}
	p.readBridge(&g, old, faults)
	for i := range form["alias"] {
		who := store.Facilitator{ID: at(form["person"], i), Alias: at(form["alias"], i)}
		phone, pin := at(form["phone"], i), at(form["pin"], i)
		if slices.Contains(form["remove"], who.ID) && who.ID != "" || who.Alias+phone+pin == "" {
			continue
		}
		if phone != "" {
			if who.Number, err = vault.ParseNumber(dialled(phone)); err != nil {
				faults[fmt.Sprintf("phone_%d", i)] = "groups.fault_phone"
			}
		}
		if pin != "" {
			who = who.WithPIN(pin)
		}
		g.Facilitators = append(g.Facilitators, who)
	}
	return g, faults
}

// readBridge is where the group is held elsewhere, if it is.
func (p *page) readBridge(g, old *store.Group, faults map[string]string) {
	text := strings.TrimSpace(p.FormValue("bridge"))
	g.Bridge = text != "" || old != nil && old.Bridge && p.FormValue("no_bridge") == ""
	if text == "" {
		return
	}
	number, keys, _ := strings.Cut(text, ",")
	if keys != "" {
		keys = "," + keys
	}
	dial, err := store.ParseDial(dialled(number) + strings.ReplaceAll(keys, " ", ""))
	if err != nil || store.BridgeFault(dial, p.desk.Setup.Countries) != nil {
		faults["bridge"] = "groups.fault_bridge"
		return
	}
	g.BridgeDial = dial
}

// dialled is a number as it is dialled, however people write it: ten digits are North
// American.
func dialled(text string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	switch {
	case strings.HasPrefix(strings.TrimSpace(text), "+"):
		return "+" + digits
	case len(digits) == 10:
		return "+1" + digits
	}
	return "+" + digits
}

var ofPerson = regexp.MustCompile(`^facilitators\[(\d+)\]\.(alias|phone|pin)$`)

// addFaults adds what the store finds wrong with a group, by the form's fields. What
// is no fault of the form is returned.
func (p *page) addFaults(faults map[string]string, err error, line flows.Line) error {
	var found store.Faults
	if !errors.As(err, &found) {
		return err
	}
	rows := p.writtenPeople()
	for _, f := range found {
		if m := ofPerson.FindStringSubmatch(f.Field); m != nil {
			if n, _ := strconv.Atoi(m[1]); n < len(rows) {
				faults[fmt.Sprintf("%s_%d", m[2], rows[n])] = "groups.fault_" + m[2]
			}
			continue
		}
		field := notTopic.Split(strings.ReplaceAll(f.Field, "_", ""), 2)[0]
		key := "groups.fault_" + field
		switch field {
		case "name", "discreetname":
			field = map[string]string{"name": "name_", "discreetname": "discreet_"}[field] + line.Languages[0]
		case "meetings":
			field, key = "when", "groups.fault_when"
		case "topics":
			field = "topic"
		}
		faults[field] = key
	}
	return nil
}

// writtenPeople are the rows of the form that are somebody, in order.
func (p *page) writtenPeople() []int {
	form, _ := p.FormParams()
	rows := []int{}
	for i := range form["alias"] {
		id := at(form["person"], i)
		if id != "" && slices.Contains(form["remove"], id) || at(form["alias"], i)+at(form["phone"], i)+at(form["pin"], i) == "" {
			continue
		}
		rows = append(rows, i)
	}
	return rows
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
