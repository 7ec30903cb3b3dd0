package console

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/hearthline/hearthline/flows"
)

// fileSent is a file of the form, nil for none. The form is in memory, and no larger than
// longestFile.
func (p *page) fileSent(field string) ([]byte, error) {
	file, err := p.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(f)
}

// catalogueYAML is the words of a language as a file of the flow.
func (p *page) catalogueYAML() error {
	heard, _, lang, err := p.inLanguage()
	if err != nil {
		return err
	}
	h := p.Response().Header()
	h.Set("Content-Disposition", `attachment; filename="`+lang+`.yaml"`)
	return p.Blob(http.StatusOK, "application/yaml", []byte(heard.Bundle.Catalogue(lang)))
}

// catalogueCSV is the words of a language beside those of the flow's first one, for who
// translates in a spreadsheet.
func (p *page) catalogueCSV() error {
	heard, flow, lang, err := p.inLanguage()
	if err != nil {
		return err
	}
	theirs := map[string]flows.Prompt{}
	for _, one := range heard.Bundle.Prompts(lang) {
		theirs[one.Name] = one
	}
	first := flow.Languages()[0]
	rows := [][]string{{"name", "note", "spoken " + first, "written " + first, "words " + first, "spoken " + lang, "written " + lang, "words " + lang}}
	note := ""
	for _, one := range heard.Bundle.Prompts(first) {
		if one.Note != "" {
			note = one.Note // it is above several
		}
		is := theirs[one.Name]
		rows = append(rows, []string{
			one.Name, note, one.Voice, one.Text, strings.Join(one.Words, "; "), is.Voice, is.Text, strings.Join(is.Words, "; "),
		})
	}
	return p.file(lang+".csv", rows)
}

// takeIn makes a draft of the words of a language that were sent, as YAML or as a
// table: of the draft that there is, so that one language after another can be taken in,
// or of what everybody hears.
func (p *page) takeIn() error {
	base, _, lang, err := p.inLanguage()
	if err != nil {
		return err
	}
	text, err := p.fileSent("catalogue")
	if err != nil {
		return err
	}
	if len(text) == 0 || !utf8.Valid(text) {
		return p.wrongCatalogue("prompts.fault_file", nil, nil)
	}
	heard, err := p.desk.Versions.Store.Heard(p.ctx(), p.line)
	if err != nil {
		return err
	}
	if heard.Draft != "" {
		if base, err = p.versionOf(heard.Draft); err != nil {
			return err
		}
	}
	bundle := base.Bundle.WithCatalogue(lang, string(text))
	if _, ok := isTable(string(text)); ok {
		changes, faults := readTable(string(text), lang, base.Bundle.Wanted(lang))
		if len(faults) > 0 {
			return p.wrongCatalogue("prompts.fault_table", nil, faults)
		}
		if bundle, err = base.Bundle.WithPrompts(lang, changes); errors.Is(err, flows.ErrNoCatalogue) {
			return p.wrongCatalogue("prompts.fault_unread", nil, nil)
		} else if err != nil {
			return err
		}
	}
	one := version{ID: bundle.Hash(), Hash: bundle.Hash(), Bundle: bundle}
	flow, problems, err := p.compile(one)
	if err != nil {
		return err
	}
	if flow == nil {
		return p.wrongCatalogue("prompts.fault_words", flows.Errors(problems), nil)
	}
	if err := p.redraft(heard.Draft, bundle); err != nil {
		return err
	}
	return p.done(flowsPath+"/"+one.Hash, "prompts.is_taken")
}

func (p *page) wrongCatalogue(fault string, problems []flows.Problem, faults []csvFault) error {
	v, err := p.languageView()
	if err != nil {
		return err
	}
	v.Problems, v.Faults = problems[:min(mostProblems, len(problems))], faults[:min(mostProblems, len(faults))]
	return p.wrong("prompts_lang", "prompts.lang_title", map[string]string{"catalogue": fault}, v)
}
