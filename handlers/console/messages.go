package console

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

const (
	// mostWritten is how long a message may be, in letters: three texts hold it.
	mostWritten = 459
	// mostTexts is how many texts a message may take of each of those who get it.
	mostTexts = 3
)

// writing is a form in which somebody writes to a group.
type writing struct {
	Fields []writtenField
	Past   []pastMessage
}

// writtenField is what is written in one language.
type writtenField struct {
	Lang, Name, Text string // Name is the form's
	Most             int
}

// pastMessage is one that was written before.
type pastMessage struct {
	ID, Group, GroupName, State, When, Text string
	Recipients                              int
	Spoken                                  bool
}

// fields are the languages in which somebody may write to the group.
func (p *page) fields() []writtenField {
	var all []writtenField
	for _, lang := range p.group.Languages {
		name := "text_" + lang
		all = append(all, writtenField{Lang: lang, Name: name, Text: strings.TrimSpace(p.FormValue(name)), Most: mostWritten})
	}
	return all
}

// compose is where somebody writes to a group, and sees what was written before.
func (p *page) compose() error {
	past, err := p.past([]string{p.group.ID})
	if err != nil {
		return err
	}
	return p.show("compose", "messages.title", writing{Fields: p.fields(), Past: past})
}

// messages is what was written to any group of theirs.
func (p *page) messages() error {
	snap, ok := p.desk.Directories.Line(p.line)
	if !ok {
		return p.show("messages", "messages.all", struct {
			Groups []flows.Group
			More   bool
			Past   []pastMessage
		}{})
	}
	var ids []string
	var groups []flows.Group
	for _, g := range snap.Directory.Groups() {
		if p.who.may(keeps, g.ID) {
			ids, groups = append(ids, g.ID), append(groups, g)
		}
	}
	past, err := p.past(ids)
	if err != nil {
		return err
	}
	more := len(groups) > groupsToPick
	return p.show("messages", "messages.all", struct {
		Groups []flows.Group
		More   bool // groups than are shown
		Past   []pastMessage
	}{groups[:min(len(groups), groupsToPick)], more, past})
}

// groupsToPick is how many groups a page offers; who has more finds them in the list of
// groups.
const groupsToPick = 50

func (p *page) past(groups []string) ([]pastMessage, error) {
	all, err := p.desk.Messages.List(p.ctx(), p.line, groups)
	if err != nil {
		return nil, err
	}
	past := make([]pastMessage, len(all))
	for i, m := range all {
		past[i] = p.pastMessage(m)
	}
	return past, nil
}

func (p *page) pastMessage(m store.Message) pastMessage {
	return pastMessage{
		ID: m.ID, Group: m.Group, GroupName: p.nameOf(m.Group), State: "messages.state_" + strings.ReplaceAll(string(m.State), " ", "_"), When: p.written(m.GoesAt),
		Text: m.Said.Words.In(p.lang), Recipients: m.Recipients, Spoken: m.Said.Spoken != "",
	}
}

// nameOf is what a group is called, "" of one that is not in the directory yet.
func (p *page) nameOf(group string) string {
	snap, ok := p.desk.Directories.Line(p.line)
	if !ok {
		return ""
	}
	g, _ := snap.Directory.Group(group)
	return g.Name.In(p.lang)
}

// written is a moment by the line's own clocks, in words.
func (p *page) written(at time.Time) string {
	return schedule.Written(p.lang, at.In(p.zone()), p.now)
}

// faultsOf is what is wrong with a message, by field. A language may be left out, but
// not all.
func faultsOf(fields []writtenField) map[string]string {
	faults := map[string]string{}
	empty := true
	for _, f := range fields {
		empty = empty && f.Text == ""
		if f.Text != "" && strings.TrimSpace(flows.Fold(f.Text)) == "" {
			faults[f.Name] = "messages.only_pictures"
		}
		if utf8.RuneCountInString(f.Text) > mostWritten || flows.CountSegments(flows.Fold(f.Text)).Count > mostTexts {
			faults[f.Name] = "messages.too_long"
		}
	}
	if empty && len(fields) > 0 {
		faults[fields[0].Name] = "messages.empty"
	}
	return faults
}

// saidIn is what the fields say.
func saidIn(fields []writtenField) store.Said {
	words := flows.Words{}
	for _, f := range fields {
		if f.Text != "" {
			words[f.Lang] = strings.TrimSpace(flows.Fold(f.Text))
		}
	}
	return store.Said{Words: words}
}

// preview shows what a message would be, and to how many, before it goes.
func (p *page) preview() error {
	fields := p.fields()
	if faults := faultsOf(fields); len(faults) > 0 || p.FormValue("change") != "" {
		past, err := p.past([]string{p.group.ID})
		if err != nil {
			return err
		}
		if len(faults) == 0 {
			return p.show("compose", "messages.title", writing{Fields: fields, Past: past})
		}
		return p.wrong("compose", "messages.title", faults, writing{Fields: fields, Past: past})
	}
	audience, err := p.desk.Audience(p.ctx(), p.line, p.group.ID)
	if err != nil {
		return err
	}
	return p.show("preview", "messages.preview", p.reviewed(fields, audience))
}

// send has the message go in a minute.
func (p *page) send() error {
	fields := p.fields()
	if faults := faultsOf(fields); len(faults) > 0 {
		return p.wrong("compose", "messages.title", faults, writing{Fields: fields})
	}
	m, err := p.desk.Messages.Write(p.ctx(), p.line, p.by(), p.group.ID, p.group.Code, saidIn(fields))
	if err != nil {
		return err
	}
	return p.done("/console/groups/"+p.group.ID+"/messages/"+m.ID, "messages.written")
}

// theirMessage is the group's of the path, or missing.
func (p *page) theirMessage() (store.Message, error) {
	m, err := p.desk.Messages.Message(p.ctx(), p.line, p.Param("message"))
	if errors.Is(err, store.ErrNotFound) || err == nil && m.Group != p.group.ID {
		return store.Message{}, missing
	}
	return m, err
}

// message shows what became of one.
func (p *page) message() error {
	m, err := p.theirMessage()
	if err != nil {
		return err
	}
	all, err := p.desk.Messages.Outcomes(p.ctx(), p.line, p.group.ID, m.GoesAt)
	if err != nil {
		return err
	}
	data := struct {
		pastMessage
		Undo, TakenBack bool
		Words           []writtenField
		Told            []toldOf
	}{pastMessage: p.pastMessage(m), Undo: m.State == store.MessageWaits, TakenBack: m.State == store.MessageTakenBack}
	for _, lang := range p.group.Languages {
		if text := m.Said.Words[lang]; text != "" {
			data.Words = append(data.Words, writtenField{Lang: lang, Text: text})
		}
	}
	if i := slices.IndexFunc(all, func(o store.Outcomes) bool { return o.Purpose == store.Broadcast && o.Meeting == m.ID }); i >= 0 {
		data.Told = p.toldBy(all[i])
	}
	return p.show("message", "messages.one", data)
}

// takeBack keeps a message from going, if it is in time.
func (p *page) takeBack() error {
	m, err := p.theirMessage()
	if err != nil {
		return err
	}
	intime, err := p.desk.Messages.TakeBack(p.ctx(), p.line, p.by(), m.ID, p.group.Code)
	if err != nil {
		return err
	}
	said := "messages.taken_back"
	if !intime {
		said = "messages.too_late"
	}
	return p.done("/console/groups/"+p.group.ID+"/messages/"+m.ID, said)
}

// LangName is what a language is called in that of the page.
func (p *page) LangName(lang string) string {
	tag, err := language.Parse(lang)
	if err != nil {
		return lang
	}
	return display.Languages(language.Make(p.lang)).Name(tag)
}
