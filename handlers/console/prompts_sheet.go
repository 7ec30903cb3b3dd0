package console

import (
	"github.com/hearthline/hearthline/handlers/studio"
)

// scriptView is what somebody reads from who records the prompts of a language by phone.
type scriptView struct {
	Lang, Size string
	Number     string // that is dialled, "" for none
	Missing    bool   // only what nobody has recorded in these words
	Lines      []studio.Listed
	Back       string
}

// scriptSheet is a page to be printed: each line with the number that is keyed for it.
func (p *page) scriptSheet() error {
	_, flow, lang, err := p.inLanguage()
	if err != nil {
		return err
	}
	all, err := p.desk.Versions.Recordings.List(p.ctx(), p.line)
	if err != nil {
		return err
	}
	number, _ := p.publicNumber()
	v := scriptView{Lang: lang, Size: oneOf(printSizes, p.QueryParam("size")), Number: number.Written, Missing: p.QueryParam("which") == "missing", Back: promptsPath + "/" + lang}
	for _, l := range studio.Compare(flow, lang, all) {
		if !v.Missing || l.State == studio.Missing || l.State == studio.Stale {
			v.Lines = append(v.Lines, l)
		}
	}
	return p.show("prompts_sheet", "prompts.sheet_title", v)
}
