package store

import (
	"fmt"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// faults is what is wrong with a group that somebody wants to write: what would be
// wrong with it in a groups file. Facilitators who are known may lack a number and a
// PIN.
func (im *importer) faults(g Group) Faults {
	p := &groupsParser{opt: ParseOptions{Languages: im.line.Languages, CodeLength: im.line.CodeLength}, codes: map[string]int{}, names: map[string]int{}}
	p.parseGroup(0, fileNode(g))
	p.group, p.prefix = "", ""
	if g.Place != "" && (g.Bridge || !g.BridgeDial.IsZero()) {
		p.fault(nil, "place", "a group with a bridge cannot also meet in person", "leave out bridge or place")
	}
	im.peopleFaults(p, g)
	var found Faults
	for _, f := range p.faults {
		if f.Warning {
			continue
		}
		found = append(found, Fault{Field: f.Field, What: f.What, Mend: f.Mend})
	}
	return found
}

// peopleFaults adds what is wrong with who is to hold the group.
func (im *importer) peopleFaults(p *groupsParser, g Group) {
	if len(g.Facilitators) > maxItems {
		p.fault(nil, "facilitators", fmt.Sprintf("it has %d items; at most %d can be", len(g.Facilitators), maxItems), "split it")
		return
	}
	var before []Facilitator
	for i, f := range g.Facilitators {
		p.prefix = fmt.Sprintf("facilitators[%d].", i)
		at := slices.IndexFunc(im.facilitators[g.ID], func(r facilitatorRow) bool { return r.FacilitatorID == f.ID })
		known := at >= 0
		if known && f.Number.IsZero() {
			row := im.facilitators[g.ID][at]
			f.Number, _ = im.keys.OpenNumber(facilitatorCell(im.line.LineID, row), row.Number) // only to compare with
		}
		f.Alias = p.text(scalar(f.Alias), "alias", maxName)
		if f.Number.IsZero() && !known {
			p.fault(nil, "phone", "it is not a telephone number", "write it with + and the country")
		}
		if f.pin == nil {
			f.pin = new(string)
		}
		if *f.pin != "" || !known {
			pin := p.pin(nil, scalar(*f.pin), "", g.Code)
			if f.Number.Ends(pin) {
				p.fault(nil, "pin", "it is the end of the phone number", "draw one at random")
			}
			f.pin = &pin
		}
		p.apart(nil, f, before)
		if slices.ContainsFunc(im.facilitators[g.ID], func(r facilitatorRow) bool {
			return r.Alias == f.Alias && f.ID != "" && r.FacilitatorID != f.ID && slices.ContainsFunc(g.Facilitators, func(o Facilitator) bool { return o.ID == r.FacilitatorID })
		}) {
			p.fault(nil, "alias", "another facilitator of the group has it", "rename the other one first")
		}
		before = append(before, f)
	}
	p.prefix = ""
}

// fileNode is a group as a groups file has it, without its bridge and who holds it,
// which hold what is secret.
func fileNode(g Group) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	add := func(field string, value *yaml.Node) { n.Content = append(n.Content, scalar(field), value) }
	for _, f := range []struct{ field, text string }{
		{"code", g.Code}, {"format", string(g.Format)}, {"access", string(g.Access)}, {"host", string(g.Host)},
		{"stage", string(g.Stage)}, {"place", g.Place},
	} {
		add(f.field, scalar(f.text))
	}
	add("name", wordsNode(g.Name))
	add("discreet_name", wordsNode(g.DiscreetName))
	add("topics", listNode(g.Topics))
	add("languages", listNode(g.Languages))
	if g.Capacity != 0 {
		add("capacity", scalar(strconv.Itoa(g.Capacity)))
	}
	if g.Reminders != nil {
		add("reminders", listNode(g.Reminders))
	}
	meetings := &yaml.Node{Kind: yaml.SequenceNode}
	for _, m := range g.Meetings {
		item := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{
			scalar("start"), scalar(m.Start.String()), scalar("timezone"), scalar(m.Zone), scalar("rrule"), scalar(m.Rule),
			scalar("minutes"), scalar(strconv.Itoa(m.Minutes)),
		}}
		if m.Skipped != nil {
			item.Content = append(item.Content, scalar("skip"), listNode(dateStrings(m.Skipped)))
		}
		if m.Moved != nil {
			moved := &yaml.Node{Kind: yaml.MappingNode}
			for _, move := range m.Moved {
				moved.Content = append(moved.Content, scalar(move.Date.String()), scalar(move.To.String()))
			}
			item.Content = append(item.Content, scalar("move"), moved)
		}
		meetings.Content = append(meetings.Content, item)
	}
	add("meetings", meetings)
	return n
}

func scalar(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

func listNode(items []string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, item := range items {
		n.Content = append(n.Content, scalar(item))
	}
	return n
}

// wordsNode is a plain text where one serves every language.
func wordsNode(words map[string]string) *yaml.Node {
	if text, ok := words[""]; ok && len(words) == 1 || len(words) == 0 {
		return scalar(text)
	}
	n := &yaml.Node{Kind: yaml.MappingNode}
	for lang, text := range words {
		n.Content = append(n.Content, scalar(lang), scalar(text))
	}
	return n
}

// WithPIN is f with a PIN, which only who writes the group sees.
func (f Facilitator) WithPIN(pin string) Facilitator {
	f.pin = &pin
	return f
}

// BridgeFault says why a line does not dial a bridge: nil if it does. countries are
// those that may be called, none for any.
func BridgeFault(d Dial, countries []string) *Fault {
	why := bridgeFault(d.Number(), countries)
	if why == (reason{}) {
		return nil
	}
	return &Fault{Field: "bridge", What: why.what, Mend: why.mend}
}
