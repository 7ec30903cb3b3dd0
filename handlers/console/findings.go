package console

import "github.com/hearthline/hearthline/handlers/doctor"

// finding is something that is right or wrong with the line, in the words of a page.
type finding struct{ State, Called, Says, ToDo, Fix string }

func (p *page) inWords(found []doctor.Finding) ([]finding, error) {
	toDo, err := p.T("health.fix")
	if err != nil {
		return nil, err
	}
	var all []finding
	for _, f := range found {
		called, err := p.T("health.state_" + string(f.State))
		if err != nil {
			return nil, err
		}
		all = append(all, finding{State: string(f.State), Called: called, Says: f.Says(p.lang), ToDo: toDo, Fix: f.Fix(p.lang)})
	}
	return all, nil
}

// troubles are those findings that want seeing to, what is worst first.
func troubles(found []doctor.Finding) []doctor.Finding {
	var all []doctor.Finding
	for _, state := range []doctor.State{doctor.Bad, doctor.Warn} {
		for _, f := range found {
			if f.State == state {
				all = append(all, f)
			}
		}
	}
	return all
}
