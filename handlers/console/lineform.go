package console

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Given says what of a line its operator's environment sets: the desk shows it and
// cannot change it.
type Given struct{ Name, Zone, Languages, Crisis, Emergency, Speech bool }

// lineForm is what there is to say of a line, as a form has it.
type lineForm struct {
	Given      Given
	Address    string // the line's public URL
	Name       string
	Zone       string
	Zones      []zoneChoice
	Languages  []languageChoice
	Greets     string // the language that greets
	CrisisName string
	CrisisIs   string // the crisis line's number as it is dialled, which is public
	Typed      string // in its place
	Emergency  string // what people are told to dial in danger
	Dialled    string // in its place, as typed
	Speech     bool   // callers may say what they could press
	crisis     vault.Number
}

type zoneChoice struct {
	Zone, Words, Time string // its name, how people call it, and what its clocks show
	Chosen            bool
}

type languageChoice struct {
	Lang   string
	Chosen bool
}

// zones are those that a page offers; another one is offered where it is in use.
var zones = []string{
	"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu",
	"America/Puerto_Rico", "America/Halifax", "America/St_Johns", "America/Toronto", "America/Winnipeg", "America/Regina", "America/Edmonton", "America/Vancouver",
	"America/Mexico_City", "America/Bogota", "America/Port-au-Prince", "America/Sao_Paulo", "Europe/London", "Europe/Dublin", "Europe/Madrid", "Europe/Paris",
	"Europe/Berlin", "Africa/Johannesburg", "Asia/Kolkata", "Asia/Shanghai", "Australia/Sydney", "Pacific/Auckland", "UTC",
}

// formOf is the line as calls are answered by it.
func (p *page) formOf(saved store.Settings) lineForm {
	line := p.lineNow()
	f := lineForm{
		Given: p.desk.Given, Address: p.desk.PublicURL, Name: line.Name, Zone: line.Zone, CrisisName: line.CrisisName, CrisisIs: p.crisisIs(),
		Emergency: line.Urgent(), Speech: line.Speech,
	}
	if saved.Emergency != "" && !f.Given.Emergency {
		f.Emergency = saved.Emergency
	}
	if saved.Speech != "" && !f.Given.Speech {
		f.Speech = saved.Speech == store.SpeechOn
	}
	if saved.Name != "" && !f.Given.Name {
		f.Name = saved.Name
	}
	if saved.Zone != "" && !f.Given.Zone {
		f.Zone = saved.Zone
	}
	if saved.CrisisName != "" && !f.Given.Crisis {
		f.CrisisName = saved.CrisisName
	}
	chosen := line.Languages
	if len(saved.Languages) > 0 && !f.Given.Languages {
		chosen = saved.Languages
	}
	return p.withChoices(f, chosen)
}

// lineNow is the line in the directory.
func (p *page) lineNow() flows.Line {
	if snap, ok := p.desk.Directories.Line(p.line); ok {
		return snap.Directory.Line
	}
	return flows.Line{}
}

// crisisIs is the number that callers in need are connected to: one that is public.
func (p *page) crisisIs() string {
	if p.desk.Crisis == nil {
		return ""
	}
	return p.desk.Crisis(p.line).Reveal(vault.ForWords)
}

// Crisis is the line's crisis line for its staff, as it is called and dialled:
// "988 (+18002738255)"; "" where that is not known.
func (p *page) Crisis() string {
	name, number := p.lineNow().CrisisName, p.crisisIs()
	if name == "" || number == "" || name == number {
		return cmp.Or(number, name)
	}
	return name + " (" + number + ")"
}

func (p *page) withChoices(f lineForm, languages []string) lineForm {
	offered := zones
	if !slices.Contains(offered, f.Zone) && f.Zone != "" {
		offered = slices.Concat([]string{f.Zone}, zones)
	}
	for _, name := range offered {
		if place, err := time.LoadLocation(name); err == nil {
			f.Zones = append(f.Zones, zoneChoice{
				Zone: name, Words: sentence(schedule.Place(p.lang, p.now.In(place))), Time: p.now.In(place).Format("3:04 pm"), Chosen: name == f.Zone,
			})
		}
	}
	for _, lang := range p.desk.Spoken {
		f.Languages = append(f.Languages, languageChoice{Lang: lang, Chosen: slices.Contains(languages, lang)})
	}
	if len(languages) > 0 {
		f.Greets = languages[0]
	}
	return f
}

// readForm reads the fields of some steps as they were sent, and says what is wrong
// with each. What the environment sets is not read.
func (p *page) readForm(of ...string) (f lineForm, faults map[string]string, err error) {
	faults = map[string]string{}
	saved, err := p.settings()
	if err != nil {
		return lineForm{}, nil, err
	}
	f = p.formOf(saved)
	chosen := f.chosen()
	f.Zones, f.Languages = nil, nil
	for _, field := range of {
		switch {
		case field == "name" && !f.Given.Name:
			if f.Name = clean(p.FormValue("name")); f.Name == "" || len(f.Name) > 60 {
				faults["name"] = "first.fault_name"
			}
		case field == "zone" && !f.Given.Zone:
			f.Zone = p.FormValue("zone")
			if _, err := time.LoadLocation(f.Zone); err != nil || f.Zone == "" || f.Zone == "Local" {
				faults["zone"] = "first.fault_zone"
			}
		case field == "languages" && !f.Given.Languages:
			if chosen = p.readLanguages(); len(chosen) == 0 {
				faults["languages"] = "first.fault_languages"
			}
		case field == "speech" && !f.Given.Speech:
			f.Speech = p.FormValue("speech") == store.SpeechOn
		case field == "emergency" && !f.Given.Emergency:
			p.readEmergency(&f, faults)
		case field == "crisis" && !f.Given.Crisis:
			if err := p.readCrisis(&f, faults); err != nil {
				return f, faults, err
			}
		}
	}
	return p.withChoices(f, chosen), faults, nil
}

// readLanguages are those that were chosen, the one that greets first.
func (p *page) readLanguages() []string {
	_, _ = p.FormParams() // what cannot be read has no values
	var chosen []string
	for _, lang := range p.desk.Spoken {
		if slices.Contains(p.Request().Form["languages"], lang) {
			chosen = append(chosen, lang)
		}
	}
	if at := slices.Index(chosen, p.FormValue("greets")); at > 0 {
		chosen = slices.Concat([]string{chosen[at]}, slices.Delete(slices.Clone(chosen), at, at+1))
	}
	return chosen
}

// readCrisis reads how the crisis line is called and, unless it stays as it is, its
// number: one that the line may ring, and not its own.
func (p *page) readCrisis(f *lineForm, faults map[string]string) error {
	was := f.CrisisName
	if f.CrisisName = clean(p.FormValue("crisis_name")); f.CrisisName == "" || len(f.CrisisName) > 40 {
		faults["crisis_name"] = "first.fault_crisis_name"
	}
	if f.CrisisName != was {
		p.proves(faults, "crisis_name")
	}
	if f.Typed = strings.TrimSpace(p.FormValue("crisis")); f.Typed == "" || f.Typed == f.CrisisIs {
		return nil
	}
	n, err := vault.ParseNumber(f.Typed)
	if err != nil || !strings.HasPrefix(f.Typed, "+") {
		faults["crisis"] = "first.fault_crisis"
		return nil
	}
	f.crisis = n
	ours, err := p.desk.Setup.DB.IsOurs(p.ctx(), p.desk.Keys, p.line, n)
	if err != nil {
		return err
	}
	if ours || !n.Within(p.desk.Setup.Countries) {
		faults["crisis"] = "gate.number_not_rung"
		return nil
	}
	p.proves(faults, "crisis")
	return nil
}

// readEmergency reads what people dial in danger, unless that stays as it is.
func (p *page) readEmergency(f *lineForm, faults map[string]string) {
	if f.Dialled = strings.TrimSpace(p.FormValue("emergency")); f.Dialled == "" {
		return
	}
	if !flows.IsUrgent(f.Dialled) {
		faults["emergency"] = "first.fault_emergency"
	}
	if f.Dialled != f.Emergency {
		p.proves(faults, "emergency")
	}
}

// chosen are the languages of the line, the one that greets first.
func (f lineForm) chosen() []string {
	var all []string
	for _, l := range f.Languages {
		switch {
		case l.Chosen && l.Lang == f.Greets:
			all = slices.Concat([]string{l.Lang}, all)
		case l.Chosen:
			all = append(all, l.Lang)
		}
	}
	return all
}

// put has settings say what a step's form says.
func (f lineForm) put(field string, s *store.Settings) {
	switch {
	case field == "name" && !f.Given.Name:
		s.Name = f.Name
	case field == "zone" && !f.Given.Zone:
		s.Zone = f.Zone
	case field == "languages" && !f.Given.Languages:
		s.Languages = f.chosen()
	case field == "speech" && !f.Given.Speech:
		switch {
		case f.Speech:
			s.Speech = store.SpeechOn
		case s.Speech != "":
			s.Speech = store.SpeechOff
		}
	case field == "emergency" && !f.Given.Emergency && f.Dialled != "":
		s.Emergency = f.Dialled
	case field == "crisis" && !f.Given.Crisis:
		s.CrisisName = f.CrisisName
		if !f.crisis.IsZero() {
			s.Crisis = f.crisis
		}
	}
}
