package console

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

var auditShown = []shown{
	{"audit, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillEmptyRig(t).as(store.RoleOwner), "/console/audit", nil
	}},
	{"audit, full", true, func(t *testing.T) (*desk, string, url.Values) {
		return newEmptyRig(t).acted(60).as(store.RoleOwner), "/console/audit", nil
	}},
}

// acted has staff do something so many times, an hour apart, by turns two people.
func (r *rig) acted(times int) *rig {
	r.t.Helper()
	audit := store.NewAudit(r.db, r.keys)
	for i := range times {
		e := store.AuditEntry{Line: r.line, Actor: []string{"Ada", "Grace"}[i%2], Act: []string{"group.pause", "member.erase"}[i%2], Detail: fmt.Sprintf("=1+%d", i), At: monday.Add(time.Duration(i) * time.Hour)}
		if e.Act == "member.erase" {
			e.Subject = r.number("+12125550143")
		}
		if err := audit.Record(r.ctx(), e); err != nil {
			r.t.Fatal(err)
		}
	}
	return r
}

func TestTheAuditLogIsReadByPages(t *testing.T) {
	t.Parallel()
	d := newEmptyRig(t).acted(60).as(store.RoleOwner)
	_, body := d.get("/console/audit")
	contains(t, body, "=1&#43;59", "=1&#43;10", "before=11")
	if strings.Contains(body, "=1&#43;9<") {
		t.Error("the first page has 51 entries")
	}
	_, body = d.get("/console/audit?before=11")
	contains(t, body, "=1&#43;9<", "=1&#43;0<")
	_, body = d.get("/console/audit?actor=Grace&act=member&from=2026-11-24&until=2026-11-24")
	// Noon of Monday in New York is hour 0: Tuesday begins at hour 12.
	contains(t, body, "=1&#43;13<", "=1&#43;35<")
	if strings.Contains(body, "=1&#43;14<") || strings.Contains(body, "=1&#43;11<") || strings.Contains(body, "=1&#43;37<") {
		t.Error("others than Grace's of that day are shown")
	}
	if status, _ := d.get("/console/audit?from=yesterday"); status != 422 {
		t.Errorf("a day that is none is answered %d", status)
	}
}

// A spreadsheet that opens the file runs nothing of it.
func TestTheAuditFileHasNoFormulas(t *testing.T) {
	t.Parallel()
	d := newEmptyRig(t).acted(2).as(store.RoleOwner)
	status, body := d.get("/console/audit.csv?actor=Ada")
	want := "number,at,actor,act,detail,words\r\n1,2026-11-23T17:00:00Z,Ada,group.pause,'=1+0,paused the group\r\n"
	if status != 200 || body != want {
		t.Errorf("answered %d\n%s\nwant\n%s", status, body, want)
	}
	for _, cell := range []string{"=1", "+1", "-1", "@x", "\tx", "\rx"} {
		if got := store.NoFormula(cell); got != "'"+cell {
			t.Errorf("%q becomes %q", cell, got)
		}
	}
}
