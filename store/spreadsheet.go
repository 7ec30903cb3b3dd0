package store

import (
	"encoding/csv"
	"io"
	"strings"
)

// WriteSpreadsheet writes rows as CSV (RFC 4180), of which no spreadsheet takes a cell
// for a formula.
// Source: https://owasp.org/www-community/attacks/CSV_Injection
func WriteSpreadsheet(to io.Writer, rows [][]string) error {
	w := csv.NewWriter(to)
	w.UseCRLF = true
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = NoFormula(cell)
		}
		if err := w.Write(safe); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// NoFormula is a cell that is none, whatever it begins with.
func NoFormula(cell string) string {
	if begins := strings.TrimLeft(cell, " "); begins != "" && strings.ContainsRune("=+-@|%\t\r\n", rune(begins[0])) {
		return "'" + cell
	}
	return cell
}

// Unguarded is a cell as it was before NoFormula.
func Unguarded(cell string) string {
	if was, guarded := strings.CutPrefix(cell, "'"); guarded && NoFormula(was) != was {
		return was
	}
	return cell
}

// Spreadsheet is what the statistics show, a row each: of which days, of what, and how
// many. A number that is hidden is "not shown". Name is what a group is called.
func (s Statistics) Spreadsheet(name func(group string) string) [][]string {
	rows := [][]string{{"from", "to", "what", "of", "number"}}
	for _, w := range s.Weeks {
		for _, f := range w.Figures() {
			rows = append(rows, []string{w.Week.String(), w.Week.Add(6).String(), f.What, "line", f.Cell.String()})
		}
	}
	for _, p := range s.Periods {
		rows = append(rows, p.rows(name)...)
	}
	return rows
}

func (p PeriodFigures) rows(name func(group string) string) [][]string {
	var rows [][]string
	for _, id := range p.GroupIDs() {
		rows = append(rows, []string{p.From.String(), p.To.String(), "came", name(id), p.Groups[id].String()})
	}
	for _, at := range Stops() {
		if c, ok := p.Stops[at]; ok {
			rows = append(rows, []string{p.From.String(), p.To.String(), "gave up at " + string(at), "line", c.String()})
		}
	}
	return rows
}
