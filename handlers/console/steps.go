package console

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hearthline/hearthline/flows"
)

// A flow's nodes are shown as steps: what is said at each, where it leads, and what leads
// to it. The steps of the draft, or of what everybody hears where there is none, can be
// changed; what comes of it is the draft.

const (
	stepsPath = versionPath + "/steps"
	stepPath  = stepsPath + "/:node"
)

// stepsView is the steps of a version, a section at a time.
type stepsView struct {
	version
	Sections []stepSection
	Section  int // that is shown, from 1; 0 for what was looked for
	Find     string
	Lang     string // of what the steps say
	Steps    []flows.Node
	More     int // that are not shown
}

// stepSection is some nodes that their author put under one comment.
type stepSection struct {
	Number int // from 1
	Name   string
	First  string // the node that is named first
	Steps  int
}

// mostSteppedTo is how many steps a page lists.
const mostSteppedTo = 100

// stepList lists the steps of a version.
func (p *page) stepList() error {
	of, steps, err := p.stepsOf()
	if err != nil {
		return err
	}
	v := stepsView{version: of, Lang: steps.Lang, Find: strings.TrimSpace(p.QueryParam("find"))}
	v.Section, _ = strconv.Atoi(p.QueryParam("section"))
	if v.Find != "" {
		v.Section = 0
	} else if v.Section = max(1, v.Section); len(steps.Nodes) == 0 {
		v.Section = 0
	}
	for _, n := range steps.Nodes {
		if last := len(v.Sections); last == 0 || v.Sections[last-1].Name != n.Section {
			v.Sections = append(v.Sections, stepSection{Number: last + 1, Name: n.Section, First: n.Name})
		}
		in := &v.Sections[len(v.Sections)-1]
		in.Steps++
		if v.Section == in.Number || v.Find != "" && (found(n.Words, v.Find) || found(stepName(n.Name), v.Find) || n.Name == v.Find) {
			v.Steps = append(v.Steps, n)
		}
	}
	if n := len(v.Steps) - mostSteppedTo; n > 0 {
		v.Steps, v.More = v.Steps[:mostSteppedTo], n
	}
	return p.show("steps_list", "steps.title", v)
}

// found says whether a text has the words that are looked for, without case and accents.
func found(text, words string) bool {
	plain := strings.Join(flows.PlainWords(words), " ")
	return plain != "" && strings.Contains(strings.Join(flows.PlainWords(text), " "), plain)
}

// stepsOf are the version of the address and its steps.
func (p *page) stepsOf() (version, flows.Steps, error) {
	v, err := p.versionOf(p.Param("version"))
	if err != nil {
		return version{}, flows.Steps{}, err
	}
	return v, v.Bundle.Steps(p.lang), nil
}

// stepView is a step, and the form that changes something of it.
type stepView struct {
	editing
	flows.Steps // of the version
	Step        flows.Node
	Usable      bool
	Problems    []flows.Problem // of the step
	Elsewhere   []flows.Problem // errors of other steps
	MoreWrong   int             // of those that are not shown
	Begun       []string        // where callers come in, as keys of the catalogue
	From        []flows.Node    // steps that lead here
	Form        stepForm
	likes       func() map[string]string
}

// step is one step of a version.
func (p *page) step() error {
	v, err := p.stepView()
	if err != nil {
		return err
	}
	if v.Changes {
		v.Form = p.stepForm(v)
	}
	return p.show("step", "steps.step_title", v)
}

func (p *page) stepView() (stepView, error) {
	of, err := p.versionOf(p.Param("version"))
	if err != nil {
		return stepView{}, err
	}
	return p.stepIn(of)
}

// stepIn is the step of the address in a version.
func (p *page) stepIn(of version) (stepView, error) {
	steps := of.Bundle.Steps(p.lang)
	nodes := steps.Nodes
	at := slices.IndexFunc(nodes, func(n flows.Node) bool { return n.Name == p.Param("node") })
	if at < 0 {
		return stepView{}, missing
	}
	e, err := p.editing(of, stepPath+"/way")
	if err != nil {
		return stepView{}, err
	}
	v := stepView{editing: e, Steps: steps, Step: nodes[at], likes: likesOf(of.Bundle, nodes[at])}
	for _, from := range v.Step.LedFrom {
		if i := slices.IndexFunc(nodes, func(n flows.Node) bool { return n.Name == from }); i >= 0 {
			v.From = append(v.From, nodes[i])
		} else {
			v.Begun = append(v.Begun, "steps.from_"+strings.TrimPrefix(from, "+"))
		}
	}
	flow, problems, err := p.compile(of)
	if err != nil {
		return stepView{}, err
	}
	v.Usable = flow != nil
	for _, problem := range problems {
		switch {
		case v.about(problem):
			v.Problems = append(v.Problems, problem)
		case !problem.Warning && len(v.Elsewhere) < mostElsewhere:
			v.Elsewhere = append(v.Elsewhere, problem)
		case !problem.Warning:
			v.MoreWrong++
		}
	}
	return v, nil
}

// mostElsewhere is how many errors of other steps a step's page lists.
const mostElsewhere = 5

// about says whether a problem is of the step: where it is written, or of what it says.
func (v stepView) about(problem flows.Problem) bool {
	if problem.File == v.Step.File && problem.Line >= v.Step.From && problem.Line <= v.Step.To {
		return true
	}
	names := []string{v.Step.Prompt}
	for _, w := range v.Step.Ways {
		names = append(names, w.Say)
	}
	return slices.ContainsFunc(names, func(name string) bool {
		return name != "" && strings.HasPrefix(problem.File, "prompts/") && strings.Contains(problem.What, strconv.Quote(name))
	})
}

// Dials is the number of the flow's own that the step calls, "" for another one.
func (v stepView) Dials() string {
	for _, n := range v.Bundle.OwnNumbers() {
		if n.Name == v.Step.Number {
			return n.E164
		}
	}
	return ""
}

// At is the address of the step in the version that the page shows, and Link that of
// another one, "" for none.
func (v stepView) At() string { return stepAt(v.ID, v.Step.Name) }

// Link is documented with At.
func (v stepView) Link(name string) string {
	if !slices.ContainsFunc(v.Nodes, func(n flows.Node) bool { return n.Name == name }) {
		return ""
	}
	return stepAt(v.ID, name)
}

func stepAt(version, name string) string {
	return flowsPath + "/" + version + "/steps/" + url.PathEscape(name)
}

// Change is the address of the form that changes a way.
func (v stepView) Change(w flows.Way) string {
	return v.At() + "?" + url.Values{"way": {wayID(w)}}.Encode() + "#change"
}

// Says is how what another step says begins.
func (v stepView) Says(name string) string {
	if i := slices.IndexFunc(v.Nodes, func(n flows.Node) bool { return n.Name == name }); i >= 0 {
		return briefly(v.Nodes[i].Words)
	}
	return ""
}

// Called is what a step is called by its name.
func (v stepView) Called(name string) string { return stepName(name) }

// Called is the same.
func (v stepsView) Called(name string) string { return stepName(name) }

func stepName(name string) string { return strings.ReplaceAll(name, "_", " ") }
