package console

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
)

// A flow is tried in the page: what was pressed so far is in the form, and the call is
// played from its beginning for each key, so that nothing of it is kept anywhere.

// mostSteps is how many keys or texts one call takes.
const mostSteps = 150

// shownSteps is how many of the last ones a page shows.
const shownSteps = 8

// pressedKeys are what a telephone can press in one go.
var pressedKeys = regexp.MustCompile(`^[0-9*#]{1,20}$`)

// longestTyped is how long a text may be that is tried, in bytes.
const longestTyped = 640

// tryView is a call in words.
type tryView struct {
	version
	Langs []string
	Lang  string // that greets
	Who   string // whose telephone it is, of tryAs
	PIN   string // that they have
	When  string // the line's own time, as whenLayout has it
	Text  bool   // texts in place of a call
	Begun bool
	Steps []string
	Past  []tryStep
	Full  bool // it takes no more
	// What it waits for: Keys; somebody in a room (Room), or another number (Away), to end
	// it as they say; a recording (Records); nothing (Over).
	Keys, Room, Away, Records, Over bool
	Rings                           string // the number's name, of Away; "" for a group's or a person's
}

// tryAs are whose telephone a flow is tried on.
var tryAs = []string{"nobody", "member", "facilitator", "coordinator"}

const (
	whenLayout = "2006-01-02T15:04" // as browsers send a time
	furthest   = 366 * 24 * time.Hour
)

// tryStep is what was done, and what was heard upon it.
type tryStep struct {
	Did   string // as it was pressed or written, "" for nothing
	Kind  string // a key of the catalogue
	Heard []flows.Utterance
	Last  bool // of the call so far: the browser scrolls to it
}

// Words are what an utterance says.
func (tryStep) Words(u flows.Utterance) string { return u.Text() }

// try is a telephone in the page.
func (p *page) try() error {
	v, flow, err := p.tryView()
	if err != nil || flow == nil {
		return err
	}
	return p.show("flow_try", "flows.try_title", v)
}

// tryView reads what was asked for. Where the version cannot be heard, its own page says why,
// and there is no flow.
func (p *page) tryView() (tryView, *flows.Flow, error) {
	one, err := p.versionOf(p.Param("version"))
	if err != nil {
		return tryView{}, nil, err
	}
	flow, _, err := p.compile(one)
	if err != nil {
		return tryView{}, nil, err
	}
	if flow == nil {
		return tryView{}, nil, p.done(flowsPath+"/"+one.ID, "")
	}
	v := tryView{version: one, Langs: flow.Languages(), Lang: p.FormValue("in"), Text: p.FormValue("by") == "text"}
	if !slices.Contains(v.Langs, v.Lang) {
		v.Lang = v.Langs[0]
		if slices.Contains(v.Langs, p.lang) {
			v.Lang = p.lang
		}
	}
	if v.Who = p.FormValue("who"); !slices.Contains(tryAs, v.Who) {
		v.Who = tryAs[0]
	}
	v.PIN, v.When = p.desk.Versions.PINs[v.Who], p.FormValue("when")
	if _, ok := p.tryAt(v.When); !ok {
		v.When = p.now.In(p.zone()).Format(whenLayout)
	}
	return v, flow, nil
}

// tryAt reads a time of the line's that is no more than a year away.
func (p *page) tryAt(when string) (time.Time, bool) {
	at, err := time.ParseInLocation(whenLayout, when, p.zone())
	return at, err == nil && at.Sub(p.now).Abs() <= furthest
}

// tryLine is the line as it is known now.
func (p *page) tryLine() flows.Line {
	if snap, ok := p.desk.Directories.Line(p.line); ok {
		return snap.Directory.Line
	}
	return flows.Line{ID: p.line, Name: "Hearthline", Zone: "UTC"}
}

// tryOn presses a key more.
func (p *page) tryOn() error {
	v, flow, err := p.tryView()
	if err != nil || flow == nil {
		return err
	}
	v.Begun = true
	v.Steps = slices.Clone(p.Request().PostForm["step"])
	fault := ""
	switch asked := p.FormValue("press"); {
	case asked == "": // it begins
	case asked == "back":
		v.Steps = v.Steps[:max(0, len(v.Steps)-1)]
	case asked == "typed":
		typed := strings.TrimSpace(p.FormValue("typed"))
		if !v.Text && !pressedKeys.MatchString(typed) {
			fault = "flows.fault_keys"
		} else if v.Text && (typed == "" || len(typed) > longestTyped) {
			fault = "flows.fault_text"
		} else if v.Text {
			v.Steps = append(v.Steps, "text:"+typed)
		} else {
			v.Steps = append(v.Steps, "key:"+typed)
		}
	default:
		v.Steps = append(v.Steps, asked)
	}
	if v.Full = len(v.Steps) >= mostSteps; v.Full {
		v.Steps = v.Steps[:mostSteps]
	}
	if err := p.play(&v, flow); err != nil {
		return err
	}
	if fault != "" {
		return p.wrong("flow_try", "flows.try_title", map[string]string{"typed": fault}, v)
	}
	return p.show("flow_try", "flows.try_title", v)
}

// play takes the call from its beginning to where it waits.
func (p *page) play(v *tryView, f *flows.Flow) error {
	line := p.tryLine()
	line.Languages = slices.DeleteFunc(slices.Clone(f.Languages()), func(lang string) bool {
		return lang != v.Lang && !slices.Contains(line.Languages, lang) // nor does a caller hear of it
	})
	at, _ := p.tryAt(v.When)
	seen, phone, err := p.desk.Versions.Rehearsal(line, v.Who, p.now, at)
	if err != nil {
		return err
	}
	seen.Text = v.Text
	greeting := flows.State{Lang: v.Lang}
	out := flows.Outcome{State: greeting, Then: flows.End{}}
	if !v.Text {
		out = phone.Run(f, seen, greeting, flows.Input{Event: flows.Started})
		v.Past = append(v.Past, tryStep{Kind: "flows.did_dial", Heard: out.Said})
	}
	for i, step := range v.Steps {
		in, did, ok := readStep(step)
		if _, over := out.Then.(flows.End); !ok || over && !v.Text || (in.Event == flows.Texted) != v.Text {
			v.Steps = v.Steps[:i]
			break // a form of somebody's own making
		}
		if step == hungUp {
			out, v.Steps = flows.Outcome{Then: flows.End{}}, v.Steps[:i+1]
			v.Past = append(v.Past, did)
			break
		}
		if _, waits := out.Then.(flows.Await); v.Text && !waits {
			out.State = greeting // an answer to nothing is a text of its own
		}
		if _, room := out.Then.(flows.Join); room {
			did = inRoom(did)
		}
		out = phone.Run(f, seen, out.State, in)
		did.Heard = out.Said
		v.Past = append(v.Past, did)
	}
	v.Past = v.Past[max(0, len(v.Past)-shownSteps):]
	if n := len(v.Past); n > 0 {
		v.Past[n-1].Last = true
	}
	switch then := out.Then.(type) {
	case flows.Await:
		v.Keys = true
	case flows.Join:
		v.Room = true
	case flows.Dial:
		v.Away, v.Rings = true, then.Number
		if then.Crisis {
			v.Rings = toCrisis
		}
	case flows.Record:
		v.Records = true
	default:
		v.Over = !v.Text
	}
	return nil
}

// toCrisis is how a flow names the crisis line's.
const toCrisis = "crisis"

// hungUp is the step that ends a call.
const hungUp = "hang"

// readStep is what somebody did, as the form has it.
func readStep(step string) (flows.Input, tryStep, bool) {
	kind, what, _ := strings.Cut(step, ":")
	switch {
	case kind == "key" && pressedKeys.MatchString(what):
		return flows.Input{Event: flows.Pressed, Keys: what}, tryStep{Kind: "flows.did_press", Did: what}, true
	case kind == "text" && len(what) <= longestTyped:
		return flows.Input{Event: flows.Texted, Keys: what}, tryStep{Kind: "flows.did_text", Did: what}, true
	case step == hungUp:
		return flows.Input{}, tryStep{Kind: "flows.did_hang"}, true
	case step == "silence":
		return flows.Input{Event: flows.Silent}, tryStep{Kind: "flows.did_nothing"}, true
	case kind == "end" && slices.Contains([]string{"answered", "failed", "recorded", "silent"}, what):
		return flows.Input{Event: flows.Returned, Result: what}, tryStep{Kind: "flows.did_" + what}, true
	}
	return flows.Input{}, tryStep{}, false
}

// inRoom is what somebody does in a room, which is left by its star alone.
func inRoom(did tryStep) tryStep {
	switch did.Kind {
	case "flows.did_answered":
		return tryStep{Kind: "flows.did_press", Did: "*"}
	case "flows.did_failed":
		return tryStep{Kind: "flows.did_no_room"}
	}
	return did
}

// Called is what a number is called by its name.
func (tryView) Called(name string) string { return stepName(name) }

// As are whose telephone it may be.
func (tryView) As() []string { return tryAs }

// Pad are the keys of a telephone in rows.
func (tryView) Pad() []string { return strings.Split("123456789*0#", "") }
