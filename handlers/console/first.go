package console

import (
	"slices"
	"strings"

	"github.com/hearthline/hearthline/store"
)

// firstSteps are those of the first run, in order. Each is saved by itself, so that it
// goes on where it was left.
var firstSteps = []string{"name", "address", "zone", "languages", "speech", "crisis", "ready"}

// fieldsOf are what a step says of the line.
func fieldsOf(step string) []string {
	if step == "crisis" {
		return []string{step, "emergency"}
	}
	return []string{step}
}

// step is one of them as it is drawn.
type step struct {
	Name, Path string
	Here, Done bool
}

// firstPage is a step of the first run.
type firstPage struct {
	lineForm
	Step   string
	Steps  []step
	At, Of int
	// Findings are what is right and wrong with the line, of the steps that show it.
	Findings []finding
	// Phones is where simulated phones are, "" if this line has none.
	Phones string
}

// first shows a step, or leads to the one at which setting up goes on.
func (p *page) first() error {
	step := p.Param("step")
	saved, err := p.settings()
	if err != nil {
		return err
	}
	if step == "" {
		return p.done(firstPath(saved.FirstRun), "")
	}
	if !slices.Contains(firstSteps, step) {
		return missing
	}
	shown, err := p.firstPage(step, p.formOf(saved))
	if err != nil {
		return err
	}
	return p.show("first", "first.title_"+step, shown)
}

// setFirst saves a step and leads to the next.
func (p *page) setFirst() error {
	step := p.Param("step")
	at := slices.Index(firstSteps, step)
	if at < 0 {
		return missing
	}
	form, faults, err := p.readForm(fieldsOf(step)...)
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		shown, err := p.firstPage(step, form)
		if err != nil {
			return err
		}
		return p.wrong("first", "first.title_"+step, faults, shown)
	}
	next, said := store.FirstRunDone, "first.done"
	if at+1 < len(firstSteps) {
		next, said = firstSteps[at+1], ""
	}
	err = p.desk.DB.SaveSettings(p.ctx(), p.desk.Audit, p.line, p.by(), func(s *store.Settings) {
		for _, field := range fieldsOf(step) {
			form.put(field, s)
		}
		if s.FirstRun != store.FirstRunDone {
			s.FirstRun = next
		}
	})
	if err != nil {
		return err
	}
	if next == store.FirstRunDone {
		return p.done("/console", said)
	}
	return p.done(firstPath(next), said)
}

// firstPath is where a step is; that of a first run that has not begun, or is over,
// is the first.
func firstPath(step string) string {
	if !slices.Contains(firstSteps, step) {
		step = firstSteps[0]
	}
	return "/console/first/" + step
}

func (p *page) firstPage(at string, form lineForm) (f firstPage, err error) {
	here := slices.Index(firstSteps, at)
	f = firstPage{lineForm: form, Step: at, At: here + 1, Of: len(firstSteps), Phones: p.desk.Phones}
	for i, name := range firstSteps {
		f.Steps = append(f.Steps, step{Name: name, Path: firstPath(name), Here: i == here, Done: i < here})
	}
	switch {
	case p.desk.Doctor == nil:
	case at == "address":
		f.Findings, err = p.inWords(p.desk.Doctor.Reach(p.ctx(), p.desk.PublicURL))
	case at == "ready":
		f.Findings, err = p.inWords(p.desk.Doctor.Check(p.ctx()))
	}
	return f, err
}

// settings are what was said of the line at the desk.
func (p *page) settings() (store.Settings, error) {
	return p.desk.DB.Settings(p.ctx(), p.desk.Keys, p.line)
}

// setUp is where setting up goes on, "" if it is done or not for who is signed in.
func (p *page) setUp() (path string, begun bool, err error) {
	if !p.Can(post, "/console/first/:step") {
		return "", false, nil
	}
	s, err := p.settings()
	if err != nil || s.FirstRun == store.FirstRunDone {
		return "", true, err
	}
	return firstPath(s.FirstRun), s.FirstRun != "", nil
}

// showSettings is the line as it is set up, on one page.
func (p *page) showSettings() error {
	saved, err := p.settings()
	if err != nil {
		return err
	}
	return p.show("settings", "settings.title", p.formOf(saved))
}

// lineFields are what the firstSteps say of the line.
var lineFields = []string{"name", "zone", "languages", "speech", "crisis", "emergency"}

func (p *page) setSettings() error {
	form, faults, err := p.readForm(lineFields...)
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return p.wrong("settings", "settings.title", faults, form)
	}
	err = p.desk.DB.SaveSettings(p.ctx(), p.desk.Audit, p.line, p.by(), func(s *store.Settings) {
		for _, field := range lineFields {
			form.put(field, s)
		}
	})
	if err != nil {
		return err
	}
	return p.done("/console/settings", "settings.saved")
}

// clean is a text as it was meant: without what surrounds it.
func clean(text string) string { return strings.Join(strings.Fields(text), " ") }
