package console

import "github.com/hearthline/hearthline/handlers/doctor"

// finding is something that is right or wrong with the line, in the words of a page.
type finding struct{ State, Mark, Says, Fix string }

func (p *page) inWords(found []doctor.Finding) []finding {
	var all []finding
	for _, f := range found {
		all = append(all, finding{State: string(f.State), Mark: f.State.Mark(), Says: f.Says(p.lang), Fix: f.Fix(p.lang)})
	}
	return all
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
