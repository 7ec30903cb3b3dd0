package console

import (
	"bytes"
	"encoding/csv"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// A table goes out, is translated as spreadsheets do it, and comes back as a draft; what
// does not fit is told by its line.
func TestATableOfWordsComesBack(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	_, out := d.get(promptsPath + "/es/words.csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out, mark))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		switch row[0] {
		case "main":
			row[5] = "Estas son\nlas opciones."
		case "word_now":
			row[7] += "; ahorita mismo"
		case "call_over":
			row[5] = "'-Gracias. Adiós."
		case "later":
			row[5], row[6], row[7] = "", "", ""
		}
	}
	table := func(between rune, rows [][]string) []byte {
		var b bytes.Buffer
		b.WriteString("\ufeff")
		w := csv.NewWriter(&b)
		w.Comma, w.UseCRLF = between, true
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, between := range ",;\t" {
		if status, to := d.upload(promptsPath+"/es", "catalogue", table(between, rows)); status != http.StatusSeeOther {
			t.Fatalf("%q: answered %d %.900s", between, status, to)
		}
	}
	if d.draftSays("es", "main").Voice != "Estas son las opciones." || d.draftSays("es", "call_over").Voice != "-Gracias. Adiós." || !slices.Contains(d.draftSays("es", "word_now").Words, "ahorita mismo") {
		t.Errorf("the draft says %+v, %+v, %+v", d.draftSays("es", "main"), d.draftSays("es", "call_over"), d.draftSays("es", "word_now"))
	}
	changes := flows.Diff(ownBundle(), d.draftBundle())
	if len(changes) != 3 {
		t.Errorf("%d changes: %+v", len(changes), changes)
	}
	draft := d.heard().Draft
	head := "name,note,spoken en,written en,words en,spoken es,written es,words es\r\n"
	for text, want := range map[string]string{
		head + "main,,,,,Hola,,\r\nnowhere,,,,,Hola,,\r\n":      "Line 3: no prompt is called “nowhere”",
		head + "main,,,,,Hola,,\r\nmain,,,,,Hola,,\r\n":         "Line 3: “main” is there twice",
		head + "\"main\nx\",,,,,,,\r\nword_now,,,,,ahora,,\r\n": "Line 4: “word_now” is a list of words",
		head + "main,,,,,\"Hola,,\r\n":                          "a quotation mark is opened",
		"name,note,said\r\nmain,,Hello\r\n":                     "Line 1: the first line does not name the columns",
		head + "main,,,,,Hola {line.shoe},,\r\n":                "line.shoe",
		head + strings.Repeat("z", 5000) + ",,,,,Hola,,\r\n":    strings.Repeat("z", 40) + "…”",
	} {
		status, body := d.upload(promptsPath+"/es", "catalogue", []byte(text))
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, want) {
			t.Errorf("%.60q: answered %d, which does not say %q", text, status, want)
		}
	}
	if d.heard().Draft != draft {
		t.Error("what is refused is the draft")
	}
}

// draftBundle is the text of the draft.
func (d *desk) draftBundle() flows.Bundle {
	d.t.Helper()
	content, err := d.pages.Versions.Load(d.ctx(), d.line, d.heard().Draft)
	if err != nil {
		d.t.Fatal(err)
	}
	b, err := flows.DecodeBundle(content)
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

// Whatever is in a table, what is read of it is of the flow's prompts, each once.
func FuzzReadTable(f *testing.F) {
	head := "name,note,spoken en,written en,words en\r\n"
	f.Add(head + "main,,Hello,Hi,\r\nword_now,,,,a; b\r\n")
	f.Add("\ufeffname;spoken en\nmain;\"a\nb\"\n")
	f.Add("name\tspoken en\nmain\t'=1+1\n")
	f.Add(head + "main,\"")
	of := []flows.Prompt{{Name: "main", Voice: "Main menu."}, {Name: "word_now", Words: []string{"now"}}}
	f.Fuzz(func(t *testing.T, text string) {
		if _, ok := isTable(text); !ok {
			return
		}
		read, err := readTable(text, "en", of)
		if fault := (*wordsFault)(nil); err != nil && !errors.As(err, &fault) {
			t.Errorf("%q: %v", text, err)
		}
		seen := map[string]bool{}
		for _, p := range read.changes {
			if seen[p.Name] || p.Name != "main" && p.Name != "word_now" || p.Voice+p.Text+strings.Join(p.Words, "") == "" {
				t.Errorf("%q is read as %+v", text, read.changes)
			}
			seen[p.Name] = true
		}
	})
}
