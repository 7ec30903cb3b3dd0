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
type table struct{ name, note, spoken, written, words int }

// columns finds those of a language: the last of a name, for those of the first language
// are there twice in its own table.
func columns(head []string, lang string) (t table, ok bool) {
	t = table{-1, -1, -1, -1, -1}
	for i, cell := range head {
		switch strings.ToLower(strings.TrimSpace(cell)) {
		case "name":
			t.name = i
		case "note":
			t.note = i
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

// tongues are the languages that a table has columns for, in their order: the one that is
// translated from comes first.
func tongues(table string) (langs []string) {
	head, _ := reader(table).Read()
	for _, cell := range head {
		if kind, lang, _ := strings.Cut(strings.TrimSpace(cell), " "); strings.EqualFold(kind, "spoken") && lang != "" {
			langs = append(langs, lang)
		}
	}
	return langs
}

// reader reads the rows of a table, of as many cells as there are.
func reader(table string) *csv.Reader {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(table, mark)))
	r.Comma, _ = isTable(table)
	r.FieldsPerRecord = -1
	return r
}

// tableRead is what a table has a language say that it does not say so far, and the notes
// beside its rows.
type tableRead struct {
	changes []flows.Prompt
	notes   []flows.Remark
}

// readTable reads what of a table of words a language is to say, of the prompts of a
// flow: as it went out, or as a spreadsheet has written it since. A row without words
// leaves a prompt as it is. It is a *wordsFault if the table cannot be taken in.
func readTable(text, lang string, of []flows.Prompt) (read tableRead, err error) {
	r := reader(text)
	head, err := r.Read()
	t, ok := columns(head, lang)
	if err != nil || !ok {
		return read, wrongTable(csvFault{Line: 1, Says: "prompts.csv_head"})
	}
	var faults []csvFault
	seen := map[string]bool{}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return read, wrongTable(faults...)
		}
		if err != nil {
			parse := &csv.ParseError{}
			_ = errors.As(err, &parse) // which says the line
			return read, wrongTable(append(faults, csvFault{Line: parse.Line, Says: "prompts.csv_quotes"})...)
		}
		line, _ := r.FieldPos(0)
		p := t.prompt(row)
		if p.Note != "" {
			read.notes = append(read.notes, flows.Remark{Name: p.Name, Says: p.Note})
		}
		i := slices.IndexFunc(of, func(one flows.Prompt) bool { return one.Name == p.Name })
		switch {
		case p.Voice == "" && p.Text == "" && len(p.Words) == 0:
		case i < 0:
			faults = append(faults, csvFault{line, cutShort(p.Name, longestNamed), "prompts.csv_unknown"})
		case seen[p.Name]:
			faults = append(faults, csvFault{line, p.Name, "prompts.csv_twice"})
		case (len(of[i].Words) > 0) != (len(p.Words) > 0):
			faults = append(faults, csvFault{line, p.Name, "prompts.csv_kind"})
		default:
			if p.Note = of[i].Note; !same(of[i], p) {
				read.changes = append(read.changes, p)
			}
		}
		seen[p.Name] = true
	}
}

// wrongTable is what is wrong with a table, nil for nothing.
func wrongTable(rows ...csvFault) error {
	if len(rows) == 0 {
		return nil
	}
	return &wordsFault{says: "prompts.fault_table", rows: rows}
}

// notesIn are the notes that a table of a version goes out with.
func notesIn(b flows.Bundle) (all []flows.Remark) {
	langs := b.Speaks()
	if len(langs) == 0 {
		return nil
	}
	for _, one := range b.Prompts(langs[0]) {
		all = append(all, flows.Remark{Name: one.Name, Says: strings.Join(strings.Fields(one.Note), " ")})
	}
	return all
}

// prompt is a row of the table.
func (t table) prompt(row []string) flows.Prompt {
	cell := func(i int) string {
		if i < 0 || i >= len(row) {
			return ""
		}
		return strings.Join(strings.Fields(store.Unguarded(row[i])), " ")
	}
	p := flows.Prompt{Name: cell(t.name), Note: cell(t.note)}
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

// longestNamed is how many letters a page shows of a name that may be anything.
const longestNamed = 40
