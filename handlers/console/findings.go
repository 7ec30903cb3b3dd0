package console

import (
	"strings"

	"github.com/hearthline/hearthline/handlers/doctor"
)

// finding is something that is right or wrong with the line, in the words of a page.
type finding struct {
	State, Called, Says, ToDo string
	Fix                       []fixPart
	// Typed says that a command is part of the fix, and who types it.
	Typed string
	// At is where it can be done at the desk, "" for nowhere, and There what that is.
	At, There string
}

// fixPart is some of what is to be done: words or, if Code is set, what is written in
// this way alone. A whole command is on a line of its own, to copy.
type fixPart struct {
	Text          string
	Code, Command bool
}

// fixParts takes a fix apart, in which what is typed stands between backquotes.
func fixParts(fix string) []fixPart {
	var all []fixPart
	for i, text := range strings.Split(fix, "`") {
		if text != "" {
			code := i%2 == 1
			all = append(all, fixPart{Text: text, Code: code, Command: code && strings.Contains(text, " ")})
		}
	}
	return all
}

// Parts are those of a text of the catalogue in which something is typed.
func (p *page) Parts(text string) []fixPart { return fixParts(text) }

// deskFixes are what can be mended at the desk: by a check, where, and in which words.
var deskFixes = map[string]struct{ path, words string }{
	"number.voice":      {healthPath + "/plan", "health.fix_plan"},
	"number.texts":      {healthPath + "/plan", "health.fix_plan"},
	"number.fallback":   {healthPath + "/plan", "health.fix_plan"},
	"messaging.service": {healthPath + "/plan", "health.fix_plan"},
	"voices.languages":  {"/console/settings", "health.fix_settings"},
	"flow.emergency":    {"/console/settings", "health.fix_settings"},
}

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
		shown := finding{State: string(f.State), Called: called, Says: f.Says(p.lang), ToDo: toDo, Fix: fixParts(f.Fix(p.lang))}
		if err := p.mended(&shown, f.Check); err != nil {
			return nil, err
		}
		all = append(all, shown)
	}
	return all, nil
}

// mended says of a fix who does it: at the desk, or at the machine.
func (p *page) mended(f *finding, check string) (err error) {
	provision := false
	for _, part := range f.Fix {
		provision = provision || strings.HasPrefix(part.Text, "hearthline provision")
		if part.Command && f.Typed == "" {
			if f.Typed, err = p.T("health.typed"); err != nil {
				return err
			}
		}
	}
	at, ok := deskFixes[check]
	if !ok || len(f.Fix) == 0 || at.path == healthPath+"/plan" && !provision || !p.Can(get, at.path) {
		return nil
	}
	f.At = at.path
	f.There, err = p.T(at.words)
	return err
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
