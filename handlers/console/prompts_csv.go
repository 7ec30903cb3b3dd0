package console

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// csvFault is why a table of words is not taken in: a line of it, what of it, and a key of
// the catalogue that says why.
type csvFault struct {
	Line       int
	Name, Says string
}

// mark is what a spreadsheet may put before a text, to tell that it is UTF-8. Without it some
// take a file for one in the letters of their own country, and spoil every accent.
const mark = "\ufeff"

// isTable says whether a file is a table of words, and which sign is between its cells: a
// spreadsheet takes that of its own country.
func isTable(text string) (between rune, ok bool) {
	first, _, _ := strings.Cut(strings.TrimPrefix(text, mark), "\n")
	for _, sign := range ",;\t" {
		name, _, more := strings.Cut(first, string(sign))
		if more && strings.EqualFold(strings.Trim(strings.TrimSpace(name), `"`), "name") {
			return sign, true
		}
	}
	return 0, false
}

// table is the columns of a language in a table of words, -1 for one that is not there.
type table struct{ name, spoken, written, words int }

// columns finds those of a language: the last of a name, for those of the first language
// are there twice in its own table.
func columns(head []string, lang string) (t table, ok bool) {
	t = table{-1, -1, -1, -1}
	for i, cell := range head {
		switch strings.ToLower(strings.TrimSpace(cell)) {
		case "name":
			t.name = i
		case "spoken " + strings.ToLower(lang):
			t.spoken = i
		case "written " + strings.ToLower(lang):
			t.written = i
		case "words " + strings.ToLower(lang):
			t.words = i
		}
	}
	return t, t.name >= 0 && t.spoken >= 0
}

// readTable reads what of a table of words a language is to say, of the prompts of a
// flow: as it went out, or as a spreadsheet has written it since. A row without words
// leaves a prompt as it is.
func readTable(text, lang string, of []flows.Prompt) (changes []flows.Prompt, faults []csvFault) {
	between, _ := isTable(text)
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, mark)))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = between, -1, false
	head, err := r.Read()
	t, ok := columns(head, lang)
	if err != nil || !ok {
		return nil, []csvFault{{Line: 1, Says: "prompts.csv_head"}}
	}
	seen := map[string]bool{}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return changes, faults
		}
		if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
			return nil, append(faults, csvFault{Line: parse.Line, Says: "prompts.csv_quotes"})
		} else if err != nil {
			return nil, append(faults, csvFault{Says: "prompts.csv_quotes"})
		}
		line, _ := r.FieldPos(0)
		p := t.prompt(row)
		i := slices.IndexFunc(of, func(one flows.Prompt) bool { return one.Name == p.Name })
		switch {
		case p.Voice == "" && p.Text == "" && len(p.Words) == 0:
		case i < 0:
			faults = append(faults, csvFault{line, shortened(p.Name), "prompts.csv_unknown"})
		case seen[p.Name]:
			faults = append(faults, csvFault{line, p.Name, "prompts.csv_twice"})
		case (len(of[i].Words) > 0) != (len(p.Words) > 0):
			faults = append(faults, csvFault{line, p.Name, "prompts.csv_kind"})
		default:
			if p.Note = of[i].Note; !same(of[i], p) {
				changes = append(changes, p)
			}
		}
		seen[p.Name] = true
	}
}

// prompt is a row of the table.
func (t table) prompt(row []string) flows.Prompt {
	cell := func(i int) string {
		if i < 0 || i >= len(row) {
			return ""
		}
		return strings.Join(strings.Fields(store.Unguarded(row[i])), " ")
	}
	p := flows.Prompt{Name: cell(t.name)}
	for word := range strings.SplitSeq(cell(t.words), ";") {
		if word = strings.TrimSpace(word); word != "" {
			p.Words = append(p.Words, word)
		}
	}
	if len(p.Words) == 0 {
		p.Voice, p.Text = cell(t.spoken), cell(t.written)
	}
	return p
}

// shortened is a name that may be anything, as a page shows it.
func shortened(name string) string {
	if letters := []rune(name); len(letters) > 40 {
		return string(letters[:40]) + "…"
	}
	return name
}
