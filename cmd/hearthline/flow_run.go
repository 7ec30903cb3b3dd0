package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
	"github.com/hearthline/hearthline/flows/schedule"
)

type flowRunCommand struct {
	flowFolder
	Lang     string `help:"The language that greets (default: the first of LINE_LANGUAGES)."`
	Channel  string `enum:"voice,sms" default:"voice" help:"voice or sms."`
	As       string `default:"nobody" help:"Whose phone it is: nobody, coordinator, or member:NAME, who is in two groups."`
	Room     string `placeholder:"HOW" help:"What the rooms are like: led, alone, held (you are muted by who leads), or what becomes of who comes to one: waits, full, locked and so on (default: open, with three others)."`
	At       string `help:"When the call is made: 'tue 6:58 pm', or 2026-11-24T19:05:00-05:00 (default: now)."`
	Placed   string `placeholder:"KIND" help:"Answer a call of ours instead of calling: confirm, reminder, masked, and what else the flow has under placed."`
	About    string `placeholder:"CODE" help:"The group that such a call is about, 836254 for example (default: one that is over)."`
	Record   string `placeholder:"FILE" help:"Write what was done as a dialogue, which a test can play." type:"path"`
	Play     string `placeholder:"FILE" help:"Play the dialogues of a file instead, and say which step does not hold." type:"existingfile"`
	Coverage bool   `help:"Play the built-in dialogues, or those in the folder's dialogues/, and list the nodes that none comes to."`
}

// Run plays a flow on the sample groups.
func (f flowRunCommand) Run(s *settings, io stdio) error {
	c, err := s.forLine()
	if err != nil {
		return err
	}
	flow, err := f.compiled()
	if err != nil {
		return err
	}
	if f.Lang != "" && !slices.Contains(flow.Languages(), f.Lang) {
		return fmt.Errorf("--lang %s: the flow speaks %s", f.Lang, strings.Join(flow.Languages(), ", "))
	}
	if f.Lang != "" && len(c.languages) > 0 && !slices.Contains(c.languages, f.Lang) {
		return fmt.Errorf("--lang %s: the line does not offer it; set LINE_LANGUAGES=%s,%s", f.Lang, strings.Join(c.languages, ","), f.Lang)
	}
	if !slices.Contains([]string{"nobody", "coordinator"}, f.As) && strings.TrimPrefix(f.As, lines.MemberPrefix) == f.As {
		return fmt.Errorf("--as %s: there are nobody, coordinator and member:NAME", f.As)
	}
	if known := lines.Rooms(); f.Room != "" && !slices.Contains(known, f.Room) {
		return fmt.Errorf("--room %s: there are %s", f.Room, strings.Join(known, ", "))
	}
	if f.Placed != "" && (f.Channel == "sms" || !flow.Places(f.Placed)) {
		return fmt.Errorf("--placed %s: the flow begins calls for %s", f.Placed, strings.Join(flow.Placed(), ", "))
	}
	if f.About != "" && f.Placed == "" {
		return errors.New("--about is what a call of ours is about: add --placed reminder")
	}
	at, err := f.moment(flow, c.zone)
	if err != nil {
		return err
	}
	sample := sampleLine{config: c, flow: flow}
	switch {
	case f.Coverage:
		return sample.cover(f.Dir, io)
	case f.Play != "":
		return sample.playFile(f.Play, io)
	}
	view, err := sample.view(at)
	if err != nil {
		return err
	}
	t := terminal{flow: flow, view: view, edge: lines.At(f.As, view.Directory), stdio: io, lang: f.Lang}
	var begins flows.Input
	if t.out.State, begins, err = f.dialogue(at).Begins(view); err != nil {
		return fmt.Errorf("--about %s: %w", f.About, err)
	}
	t.edge.Room = f.Room
	t.view.Text = f.Channel == "sms"
	t.help(f.As)
	t.play(begins)
	if f.Record == "" {
		return nil
	}
	return t.write(f, at)
}

// moment is when the call is made, in a zone: as computers write it, or as people do who
// speak a language of the flow.
func (f flowRunCommand) moment(flow *flows.Flow, zone string) (time.Time, error) {
	now := time.Now().Truncate(time.Minute)
	if f.At == "" {
		return now, nil
	}
	if at, err := time.Parse(time.RFC3339, f.At); err == nil {
		return at, nil
	}
	w, err := schedule.ParseWhenIn(flow.Languages(), f.At, now, zone)
	if err != nil {
		return now, whenArgument("--at", err)
	}
	in, err := schedule.LoadZone(zone)
	return w.Start.In(in), err
}

// dialogue is what is about to be said at a time, of which nothing is yet.
func (f flowRunCommand) dialogue(at time.Time) flows.Dialogue {
	d := flows.Dialogue{Name: "recorded", At: at.Format(time.RFC3339), Lang: f.Lang, Placed: f.Placed, Room: f.Room}
	if f.About != "" {
		d.About = &flows.Told{Group: f.About}
	}
	switch {
	case strings.HasPrefix(f.As, lines.MemberPrefix):
		d.As = f.As
	case f.As != "nobody":
		d.Desk = f.As
	}
	return d
}

// sampleLine is the line of the settings with the sample groups.
type sampleLine struct {
	config config
	flow   *flows.Flow
}

// view is the line at a time, around which its groups meet.
func (l sampleLine) view(at time.Time) (flows.View, error) {
	c := l.config
	groups, err := lines.Sample(at, c.zone)
	if err != nil {
		return flows.View{}, err
	}
	return flows.View{Now: at, Number: "(202) 555-0100", Directory: flows.NewDirectory(flows.Line{
		ID: "terminal", Name: c.lineName, Zone: c.zone, Languages: c.languages, CodeLength: c.codeLength, CrisisName: c.crisisName, Emergency: c.emergency,
	}, groups, at)}, nil
}

// write keeps what was done as a dialogue.
func (t *terminal) write(f flowRunCommand, at time.Time) error {
	d := f.dialogue(at)
	if t.view.Text {
		d.SMS = t.steps
	} else {
		d.Voice = t.steps
	}
	text, err := flows.WriteDialogues([]flows.Dialogue{d})
	if err != nil {
		return err
	}
	if err := os.WriteFile(f.Record, text, 0o600); err != nil {
		return fmt.Errorf("write the dialogue: %w", err)
	}
	fmt.Fprintf(t.Out, "The dialogue is in %s; `hearthline flow run --play %s` plays it.\n", f.Record, f.Record)
	return nil
}
