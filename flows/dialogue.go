package flows

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Dialogue is a scripted call or exchange of texts, or both of the same: what a
// person does and what must follow.
type Dialogue struct {
	Name   string   `yaml:"dialogue"`
	At     string   `yaml:"at,omitempty"`     // RFC 3339; "" is the directory's own time
	Lang   string   `yaml:"lang,omitempty"`   // the language that the number greets in
	Placed string   `yaml:"placed,omitempty"` // what we place the call for; "" is a call to us
	About  *Told    `yaml:"about,omitempty"`  // what that call is about; nil for nothing
	Far    bool     `yaml:"far,omitempty"`    // the phone's area has other clocks than the line
	Room   string   `yaml:"room,omitempty"`   // what the edge makes of the rooms; "" is its own way
	Desk   string   `yaml:"desk,omitempty"`   // whose phone it is of the staff; "" is nobody's
	As     string   `yaml:"as,omitempty"`     // or of the members: "member:heron"; "" is nobody's
	Before []string `yaml:"before,omitempty"` // steps of texts that came before
	Voice  []string `yaml:"voice,omitempty"`  // steps, see Play
	SMS    []string `yaml:"sms,omitempty"`    // steps of texts
}

// Phone is whose phone a dialogue is played with, "" for nobody's in particular.
func (d Dialogue) Phone() string { return cmp.Or(d.As, d.Desk) }

// Edge takes a turn with its host functions, and with what it holds of who has
// signed in.
type Edge interface {
	Run(f *Flow, v View, s State, in Input) Outcome
}

// ReadDialogues reads a file of dialogues; unknown settings are errors.
func ReadDialogues(file string, text []byte) ([]Dialogue, error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	var all []Dialogue
	for {
		var some []Dialogue // of one document
		err := d.Decode(&some)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read dialogues %s: %w", file, err)
		}
		all = append(all, some...)
	}
}

// WriteDialogues writes what ReadDialogues reads.
func WriteDialogues(all []Dialogue) ([]byte, error) {
	text, err := yaml.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("write dialogues: %w", err)
	}
	return text, nil
}

// Play holds a flow to a dialogue. Each step is one of
//
//	hear PROMPT      the last turn said the prompt of that key
//	hear "words"     the last turn said these words
//	not hear PROMPT
//	press KEYS       keys in the order pressed; as one answer
//	silence          nothing is pressed until the wait ends
//	in_room CODE     the caller is on the way into that group's room
//	dialled crisis   or: dialled CODE, the bridge of that group; dialled applicant, who
//	                 is to be connected; dialled caller, who waits on the line for that
//	answered, failed how the room or the dialled number ended
//	waits WHO [TIME] in a room or on the way into it, the caller has heard nobody: alone,
//	                 moved, host or door. Each further one is half a minute later, or
//	                 when TIME has gone by: waits host 10m
//	at TIME          the clock is set, RFC 3339
//	ended            the line hung up
//
// and of texts
//
//	text BODY        a text is sent
//	see PROMPT       the answer has that prompt; or: see "words", not see PROMPT
//	asked            the answer leaves a question open
//	ended            it leaves none
//
// and the first that does not hold is the error.
func (d Dialogue) Play(f *Flow, v View, edge Edge) error {
	if d.Lang != "" && f.catalogues[d.Lang] == nil {
		return fmt.Errorf("%s: the flow does not speak %q", d.Name, d.Lang)
	}
	for _, script := range []struct {
		steps []string
		text  bool
	}{{d.Before, true}, {d.Voice, false}, {d.SMS, true}} {
		v.Text, v.Far = script.text, d.Far
		p := player{flow: f, view: v, edge: edge, out: Outcome{State: State{Lang: d.Lang}}, lang: d.Lang}
		if err := p.play(d, script.steps); err != nil {
			return err
		}
	}
	return nil
}

func (p *player) play(d Dialogue, steps []string) error {
	if d.At != "" {
		if err := p.setClock(d.At); err != nil {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
	}
	if !p.view.Text {
		s, in, err := d.Begins(p.view)
		if err != nil {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
		p.out.State = s
		p.turn(in)
	}
	for i, step := range steps {
		do := p.step
		if p.view.Text {
			do = p.textStep
		}
		if err := do(step); err != nil {
			return fmt.Errorf("%s: step %d, %q: %w", d.Name, i+1, step, err)
		}
	}
	return nil
}

// Begins is how the call begins: the state that it begins in, and with what.
func (d Dialogue) Begins(v View) (State, Input, error) {
	s := State{Lang: d.Lang}
	if d.Placed == "" {
		return s, Input{Event: Started}, nil
	}
	if d.Placed == PlacedMasked {
		s.Vars = map[string]string{VarApplicant: "somebody"}
	}
	var err error
	s.About, err = d.About.about(v)
	return s, Input{Event: Placed, Result: d.Placed}, err
}

func (p *player) textStep(step string) error {
	if what, not := strings.CutPrefix(step, "not see "); not {
		return p.hear(what, false)
	}
	verb, rest, _ := strings.Cut(step, " ")
	_, open := p.out.Then.(Await)
	switch verb {
	case "text":
		if !open {
			p.out.State = State{Lang: p.lang}
		}
		p.turn(Input{Event: Texted, Keys: rest})
	case "see":
		return p.hear(rest, true)
	case "asked":
		if !open {
			return errors.New("no question is open")
		}
	case "ended":
		if open {
			return errors.New("a question is open")
		}
	case "at":
		return p.setClock(rest)
	default:
		return fmt.Errorf("no step of texts is called %q", verb)
	}
	return nil
}

type player struct {
	flow *Flow
	view View
	edge Edge
	out  Outcome
	lang string // that the number greets in
	lull Lull   // that the caller is in
}

func (p *player) turn(in Input) {
	p.lull = Lull{}
	p.out = p.edge.Run(p.flow, p.view, p.out.State, in)
}

func (p *player) setClock(s string) error {
	now, err := parseClock(s)
	if err == nil {
		p.view.Now = now
	}
	return err
}

func (p *player) step(step string) error {
	step, not := strings.CutPrefix(step, "not hear ")
	if not {
		return p.hear(step, false)
	}
	verb, rest, _ := strings.Cut(step, " ")
	switch verb {
	case "hear":
		return p.hear(rest, true)
	case "press":
		if rest == "" || strings.Trim(rest, "0123456789*#") != "" {
			return errors.New("press what? keys are 0 to 9, * and #; # is written in quotes")
		}
		return p.answer(Input{Event: Pressed, Keys: rest})
	case "silence":
		return p.answer(Input{Event: Silent})
	case resultAnswered, resultFailed, ResultRecorded, ResultSilent:
		return p.comeBack(verb)
	case "in_room":
		j, ok := p.out.Then.(Join)
		return p.arrived(ok, j.Group, rest)
	case "dialled":
		d, ok := p.out.Then.(Dial)
		if to := d.Named(); ok && to != "" {
			if to == rest {
				return nil
			}
			ok = false
		}
		return p.arrived(ok, d.Group, rest)
	case "waits":
		return p.waits(rest)
	case "at":
		return p.setClock(rest)
	case "ended":
		if _, ok := p.out.Then.(End); !ok {
			return fmt.Errorf("the call goes on: %s", describe(p.out.Then))
		}
	default:
		return fmt.Errorf("no step is called %q", verb)
	}
	return nil
}

// answer is what a caller does while a key is waited for.
func (p *player) answer(in Input) error {
	_, asked := p.out.Then.(Await)
	if !asked && !(p.lull.Presses() && in.Event == Pressed) {
		return fmt.Errorf("no key is waited for, but %s", describe(p.out.Then))
	}
	p.turn(in)
	return nil
}

// comeBack ends the caller's time in a room or on a dialled number.
func (p *player) comeBack(result string) error {
	switch p.out.Then.(type) {
	case Join, Dial, Record:
		if d, ok := p.out.Then.(Dial); ok && d.Caller {
			break // nothing comes after
		}
		p.turn(Input{Event: Returned, Result: result})
		return nil
	}
	return fmt.Errorf("the caller is in no room, on no other line and not recorded: %s", describe(p.out.Then))
}

func (p *player) arrived(ok bool, group, code string) error {
	g, known := p.view.Directory.Group(group)
	if !ok || !known || g.Code != code {
		return fmt.Errorf("instead, %s", describe(p.out.Then))
	}
	return nil
}

func (p *player) hear(what string, want bool) error {
	text, quoted := strings.CutPrefix(what, `"`)
	c := p.flow.catalogue(p.out.State.Lang)
	_, spoken := c.prompts[what]
	_, written := c.texts[what]
	if !quoted && !spoken && !written || what == `""` || what == `"` {
		return errors.New("hear what? the key of a prompt, or words in quotes")
	}
	heard := slices.ContainsFunc(p.out.Said, func(u Utterance) bool {
		if quoted {
			return strings.Contains(u.Text(), strings.TrimSuffix(text, `"`))
		}
		return u.Prompt == what
	})
	if heard == want {
		return nil
	}
	var said []string
	for _, u := range p.out.Said {
		said = append(said, u.Prompt+": "+u.Text())
	}
	return fmt.Errorf("the line said:\n  %s", strings.Join(said, "\n  "))
}

// Named is what a flow calls who is dialled, "" for the bridge of Group.
func (d Dial) Named() string {
	switch {
	case d.Crisis:
		return dialCrisis
	case d.Caller:
		return dialCaller
	case d.Applicant != "":
		return dialApplicant
	}
	return d.Number
}

func describe(then Then) string {
	switch t := then.(type) {
	case Await:
		return "a key is waited for"
	case Join:
		return "the caller goes into a room"
	case Dial:
		switch to := t.Named(); to {
		case "":
			return "a bridge is dialled"
		case dialCrisis:
			return "the crisis line is dialled"
		case dialApplicant:
			return "who is to be connected is dialled"
		case dialCaller:
			return "the two talk"
		default:
			return "the number of " + to + " is dialled"
		}
	case Record:
		return "what the caller says is recorded"
	}
	return "the line hangs up"
}
