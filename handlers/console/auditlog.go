package console

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/hearthline/hearthline/store"
)

// auditPageSize is how many entries a page of the log has, and auditCSVSize, how many
// a file has at most: a year of a busy desk.
const (
	auditPageSize = 50
	auditCSVSize  = 50_000
)

// auditPage is a page of what staff did.
type auditPage struct {
	Entries []auditEntry
	Names   store.AuditNames
	// The filter, as it was asked for.
	Actor, Act, From, Until string
	// Older is the address of the next page, "" on the last; CSV that of the same as a
	// file.
	Older, CSV string
	Filtered   bool
}

type auditEntry struct {
	store.AuditListed
	When      string // on the line's own clock
	Did, More string // in words, and what else there is to say
}

// auditLog shows what staff did, the newest first.
func (p *page) auditLog() error {
	filter, faults := p.auditFilter()
	a := auditPage{Actor: filter.Actor, Act: filter.Act, From: p.QueryParam("from"), Until: p.QueryParam("until")}
	a.Filtered = a.Actor+a.Act+a.From+a.Until != ""
	var err error
	if a.Names, err = p.desk.Audit.Names(p.ctx(), p.line); err != nil {
		return err
	}
	if len(faults) > 0 {
		return p.wrong("audit", "audit.title", faults, a)
	}
	entries, err := p.desk.Audit.List(p.ctx(), p.line, filter, auditPageSize+1)
	if err != nil {
		return err
	}
	asked := url.Values{"actor": {a.Actor}, "act": {a.Act}, "from": {a.From}, "until": {a.Until}}
	a.CSV = "/console/audit.csv?" + asked.Encode()
	if len(entries) > auditPageSize {
		entries = entries[:auditPageSize]
		asked.Set("before", strconv.FormatInt(entries[auditPageSize-1].Seq, 10))
		a.Older = "/console/audit?" + asked.Encode()
	}
	for _, e := range entries {
		did, more := p.desk.words.act(p.lang, e)
		a.Entries = append(a.Entries, auditEntry{AuditListed: e, When: e.At.In(p.zone()).Format("2006-01-02 15:04:05"), Did: did, More: more})
	}
	return p.show("audit", "audit.title", a)
}

// KindOfAct is what the acts of a kind are about, in words.
func (p *page) KindOfAct(kind string) string {
	words, err := p.T("acts.kind." + kind)
	if err != nil {
		return kind // of an older program
	}
	return words
}

// auditFilter reads what is asked for of the log, days being those of the line.
func (p *page) auditFilter() (store.AuditFilter, map[string]string) {
	f := store.AuditFilter{Actor: p.QueryParam("actor"), Act: p.QueryParam("act")}
	faults := map[string]string{}
	day := func(field string) time.Time {
		text := p.QueryParam(field)
		if text == "" {
			return time.Time{}
		}
		at, err := time.ParseInLocation(time.DateOnly, text, p.zone())
		if err != nil {
			faults[field] = "audit.fault_day"
		}
		return at
	}
	f.From = day("from")
	if f.Until = day("until"); !f.Until.IsZero() {
		f.Until = f.Until.AddDate(0, 0, 1) // the day itself is asked for too
	}
	f.Before, _ = strconv.ParseInt(p.QueryParam("before"), 10, 64) // 0: from the newest on
	return f, faults
}

// auditCSV answers with what a filter asks for of the log as a file.
func (p *page) auditCSV() error {
	filter, faults := p.auditFilter()
	if len(faults) > 0 {
		return p.done("/console/audit", "")
	}
	entries, err := p.desk.Audit.List(p.ctx(), p.line, filter, auditCSVSize)
	if err != nil {
		return err
	}
	rows := [][]string{{"number", "at", "actor", "act", "detail", "words"}}
	for _, e := range entries {
		did, _ := p.desk.words.act(p.lang, e)
		rows = append(rows, []string{strconv.FormatInt(e.Seq, 10), e.At.UTC().Format(time.RFC3339), e.Actor, e.Act, e.Detail, did})
	}
	return p.file("audit.csv", rows)
}

// file answers with a table that spreadsheets read.
func (p *page) file(name string, rows [][]string) error {
	h := p.Response().Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	p.Response().WriteHeader(http.StatusOK)
	_ = store.WriteSpreadsheet(p.Response(), rows) // it fails where who asked has gone
	return nil
}

// zone is the line's own.
func (p *page) zone() *time.Location {
	if place, err := time.LoadLocation(p.lineNow().Zone); err == nil {
		return place
	}
	return time.UTC
}
