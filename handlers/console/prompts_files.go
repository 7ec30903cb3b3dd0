package console

import (
	"errors"
	"io"
	"net/http"
	"strings"

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
	return p.Blob(http.StatusOK, "application/yaml", []byte("# "+origin{heard.Hash, lang}.String()+". Keep this line: it tells what was changed since. Comments are shown to who takes the file in, and not kept.\n"+heard.Bundle.Catalogue(lang)))
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
	rows := [][]string{{mark + "name", "note", "spoken " + first, "written " + first, "words " + first, "spoken " + lang, "written " + lang, "words " + lang, origin{heard.Hash, lang}.String()}}
	note := ""
	for _, one := range heard.Bundle.Prompts(first) {
		if one.Note != "" {
			note = one.Note // it is above several
		}
		is := theirs[one.Name]
		rows = append(rows, []string{
			one.Name, note, one.Voice, one.Text, strings.Join(one.Words, "; "), is.Voice, is.Text, strings.Join(is.Words, "; "), "",
		})
	}
	return p.file(lang+".csv", rows)
}

// wordsFault is why a file of words is not taken in.
type wordsFault struct {
	says     string // a key of the catalogue
	lang     string // of which the file is, where that is another than the page's
	problems []flows.Problem
	rows     []csvFault
}

func (*wordsFault) Error() string { return "the words are not taken in" }

// wrongCatalogue answers with the page of the language, and what is wrong with the file.
func (p *page) wrongCatalogue(fault *wordsFault) error {
	v, err := p.languageView()
	if err != nil {
		return err
	}
	v.Sent = fault.lang
	v.Problems, v.Faults = fault.problems[:min(mostProblems, len(fault.problems))], fault.rows[:min(mostProblems, len(fault.rows))]
	return p.wrong("prompts_lang", "prompts.lang_title", map[string]string{"catalogue": fault.says}, v)
}
