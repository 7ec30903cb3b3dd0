package console

import "github.com/hearthline/hearthline/handlers/doctor"

// finding is something that is right or wrong with the line, in the words of a page.
type finding struct {
	Area, State, Mark, Says, Fix string
}

// findings looks at the line's health, and returns what is asked for of it.
func (p *page) findings(wanted func(finding) bool) []finding {
	if p.desk.Findings == nil {
		return nil
	}
	return p.inWords(p.desk.Findings(p.ctx()), wanted)
}

// lastFindings is findings of what was found last, of which nobody waits for anything.
func (p *page) lastFindings(wanted func(finding) bool) []finding {
	if p.desk.LastFindings == nil {
		return nil
	}
	return p.inWords(p.desk.LastFindings(), wanted)
}

func (p *page) inWords(found []doctor.Finding, wanted func(finding) bool) []finding {
	var all []finding
	for _, f := range found {
		x := finding{Area: f.Area, State: string(f.State), Mark: f.State.Mark(), Says: f.Says(p.lang), Fix: f.Fix(p.lang)}
		if wanted(x) {
			all = append(all, x)
		}
	}
	return all
}

// troubles are findings that want seeing to.
func troubles(f finding) bool { return f.State == string(doctor.Warn) || f.State == string(doctor.Bad) }
