package console

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

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
	} else if err := p.moreFaults(faults, g, line); err != nil {
		return err
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
	} else if err := p.moreFaults(faults, g, line); err != nil {
		return err
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
			p.proves(faults, fmt.Sprintf("phone_%d", i))
			if who.Number, err = vault.ParseNumber(dialled(phone)); err != nil {
				faults[fmt.Sprintf("phone_%d", i)] = "groups.fault_phone"
			}
		}
		if pin != "" {
			p.proves(faults, fmt.Sprintf("pin_%d", i))
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
	p.proves(faults, "bridge")
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
				addFault(faults, fmt.Sprintf("%s_%d", m[2], rows[n]), "groups.fault_"+m[2])
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
		addFault(faults, field, key)
	}
	return nil
}

// addFault leaves what is said of a field already: it is the nearer to what was typed.
func addFault(faults map[string]string, field, key string) {
	if faults[field] == "" {
		faults[field] = key
	}
}

// moreFaults adds to what is wrong with a form all that the store would say of it, so
// that everything is told at once.
func (p *page) moreFaults(faults map[string]string, g store.Group, line flows.Line) error {
	err := p.desk.Setup.DB.CheckGroup(p.ctx(), p.desk.Setup.Keys(), p.line, g)
	if err == nil {
		return nil
	}
	return p.addFaults(faults, err, line)
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
