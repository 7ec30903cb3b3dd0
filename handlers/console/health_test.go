package console

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/doctor"
	"github.com/hearthline/hearthline/store"
)

// patient is a doctor who finds what it is told to.
type patient struct {
	findings []doctor.Finding
	at       time.Time
	plan     doctor.Plan
	err      error
	undone   doctor.Undone

	looked int
	ways   []doctor.Way
	by     []store.By
}

func (p *patient) Last() ([]doctor.Finding, time.Time) { return p.findings, p.at }

func (p *patient) Check(context.Context) []doctor.Finding {
	p.looked++
	return p.findings
}

func (p *patient) Reach(context.Context, string) []doctor.Finding {
	return p.findings[:min(3, len(p.findings))]
}

func (p *patient) Plan(context.Context, doctor.Way) (doctor.Plan, error) { return p.plan, p.err }

func (p *patient) Apply(_ context.Context, by store.By, w doctor.Way) (doctor.Applied, error) {
	p.ways, p.by = append(p.ways, w), append(p.by, by)
	if p.plan.Foreign() && !w.Force {
		return doctor.Applied{Plan: p.plan}, doctor.ErrForeign
	}
	return doctor.Applied{Plan: p.plan}, p.err
}

func (p *patient) Undo(_ context.Context, by store.By) (doctor.Undone, error) {
	p.by = append(p.by, by)
	return p.undone, p.err
}

// ill is a line with something amiss in every way.
func ill() *patient {
	f := func(check, outcome string, state doctor.State, slots map[string]string) doctor.Finding {
		area, _, _ := strings.Cut(check, ".")
		return doctor.Finding{Check: check, Area: area, Case: outcome, State: state, Slots: slots}
	}
	number := map[string]string{"which": "…00", "host": "other.example"}
	return &patient{at: monday, findings: []doctor.Finding{
		f("url.address", "https", doctor.OK, map[string]string{"url": "https://line.example.org"}),
		f("url.certificate", "soon", doctor.Warn, map[string]string{"host": "line.example.org", "days": "5"}),
		f("url.round_trip", "accepted", doctor.OK, nil),
		f("account.credentials", "good", doctor.OK, nil), f("account.balance", "low", doctor.Warn, map[string]string{"amount": "4.00", "currency": "USD"}),
		f("number.voice", "foreign", doctor.Bad, number), f("number.fallback", "empty", doctor.Bad, number),
		f("messaging.registration", "pending", doctor.Warn, number), f("messaging.service", "unread", doctor.Skipped, nil),
		f("voices.languages", "good", doctor.OK, map[string]string{"languages": "en, es"}),
		f("trouble.heard", "lately", doctor.OK, map[string]string{"at": "2026-11-23 16:00 UTC"}),
		f("trouble.alert", "answer", doctor.Bad, map[string]string{"n": "3", "codes": "11200"}),
	}, plan: doctor.Plan{Steps: []doctor.Step{
		{Setting: store.Setting{Kind: "number", Subject: "PN1", Field: string(carrier.VoiceURL), Before: "https://u:secret@other.example/x", After: "https://line.example.org/twilio/voice#rc=2&rp=ct,5xx"}, Which: "…00", Foreign: true},
		{Setting: store.Setting{Kind: "number", Subject: "PN1", Field: string(carrier.SMSURL), After: "https://line.example.org/twilio/sms#rc=2&rp=ct,5xx"}, Which: "…00"},
		{Setting: store.Setting{Kind: "number", Subject: "PN1", Field: string(carrier.VoiceFallbackURL), After: "https://twimlets.com/echo?Twiml=x"}, Which: "…00"},
		{Setting: store.Setting{Kind: "member", Subject: "PN1", After: ""}, Which: "…00"},
		{Setting: store.Setting{Kind: "defers", Subject: "MG1", Field: "defers", Before: "false", After: "true"}, Which: "…00"},
	}}}
}

func withDoctor(r *rig, p *patient) *desk {
	r.doctor = p
	return r.as(store.RoleOwner)
}

// What can be mended at the desk leads there, what is typed stands apart with who types
// it, and what is fine asks for nothing.
func TestFixesLeadToWhereTheyAreDone(t *testing.T) {
	t.Parallel()
	d := withDoctor(newRig(t), ill())
	find := func(check, outcome string) finding {
		t.Helper()
		p := &page{desk: d.pages, who: d.who, lang: "en"}
		p.Context = echo.New().NewContext(httptest.NewRequest(get, healthPath, nil), httptest.NewRecorder())
		all, err := p.inWords([]doctor.Finding{{Check: check, Case: outcome, State: doctor.Bad}})
		if err != nil {
			t.Fatal(err)
		}
		return all[0]
	}
	for _, tt := range []struct{ check, outcome, command, at string }{
		{"number.voice", "empty", "hearthline provision apply", "/console/health/plan"},
		{"messaging.service", "webhook", "hearthline provision apply --force", "/console/health/plan"},
		{"messaging.service", "unset", "", ""},
		{"account.clock", "wrong", "timedatectl set-ntp true", ""},
		{"voices.languages", "missing", "", "/console/settings"},
		{"url.round_trip", "scheme", "", ""}, // it names a program, and nothing is typed
		{"number.voice", "ours", "", ""},
	} {
		f := find(tt.check, tt.outcome)
		command := ""
		for _, part := range f.Fix {
			if part.Command {
				command = part.Text
			}
		}
		if command != tt.command || f.At != tt.at || (f.There != "") != (tt.at != "") || (f.Typed != "") != (tt.command != "") {
			t.Errorf("%s.%s: %+v", tt.check, tt.outcome, f)
		}
	}
	_, body := d.get(healthPath)
	contains(t, body, `<code class="command">hearthline provision apply --force</code>`, `<a href="/console/health/plan">You can do it here`)
	if strings.Contains(body, "`") {
		t.Error("a backquote is left")
	}
}

var healthShown = []shown{
	{"health, nobody looked", false, func(t *testing.T) (*desk, string, url.Values) {
		return withDoctor(stillRig(t), &patient{}), "/console/health", nil
	}},
	{"health, ill", true, func(t *testing.T) (*desk, string, url.Values) {
		return withDoctor(stillRig(t), ill()), "/console/health", nil
	}},
	{"plan, nothing", false, func(t *testing.T) (*desk, string, url.Values) {
		return withDoctor(stillRig(t), &patient{}), "/console/health/plan", nil
	}},
	{"plan, full", true, func(t *testing.T) (*desk, string, url.Values) {
		return withDoctor(stillRig(t), ill()), "/console/health/plan", nil
	}},
	{"plan, refused", false, func(t *testing.T) (*desk, string, url.Values) {
		return withDoctor(stillRig(t), ill()), "/console/health/plan", url.Values{}
	}},
	{"plan, unread", false, func(t *testing.T) (*desk, string, url.Values) {
		p := ill()
		p.plan, p.err = doctor.Plan{}, &carrier.Error{Op: "list numbers", Class: carrier.Temporary}
		return withDoctor(stillRig(t), p), "/console/health/plan", nil
	}},
}

// What is entered is entered by whoever pressed it, once more looked at, and never by
// force unless that was ticked.
func TestHealth(t *testing.T) {
	t.Parallel()
	p := ill()
	d := withDoctor(newRig(t), p)
	if _, body := d.get("/console/health/plan"); strings.Contains(body, "secret") || !strings.Contains(body, "other.example") {
		t.Error("the plan shows more of somebody's address than its host, or not that")
	}
	if status, to := d.post("/console/health", nil); status != http.StatusSeeOther || to != "/console/health?done=health.looked" || p.looked != 1 {
		t.Errorf("looking: %d %s, looked %d times", status, to, p.looked)
	}
	if status, _ := d.post("/console/health/plan", nil); status != http.StatusUnprocessableEntity {
		t.Errorf("without force: %d", status)
	}
	if status, to := d.post("/console/health/plan", url.Values{"force": {"yes"}, "service": {"yes"}, "once": {"a"}}); to != "/console/health?done=health.entered" {
		t.Errorf("with force: %d %s", status, to)
	}
	if w := p.ways[len(p.ways)-1]; !w.Force || !w.Service {
		t.Errorf("way = %+v", w)
	}
	if by := p.by[len(p.by)-1]; by.Actor == "" || by.Event != "a" || !by.At.Equal(d.time()) {
		t.Errorf("by = %+v", by)
	}
	for _, tt := range []struct {
		undone doctor.Undone
		err    error
		done   string
	}{
		{doctor.Undone{Back: 3}, nil, "back"}, {doctor.Undone{Back: 1, Left: 1}, nil, "partly_back"}, {doctor.Undone{}, doctor.ErrNothing, "nothing_back"},
		{doctor.Undone{}, &carrier.Error{Op: "list numbers", Class: carrier.Temporary}, "not_back"},
	} {
		p.undone, p.err = tt.undone, tt.err
		if _, to := d.post("/console/health/undo", nil); to != "/console/health?done=health."+tt.done {
			t.Errorf("undo leads to %s, want %s", to, tt.done)
		}
	}
	d.pass(10 * time.Minute)
	if _, to := d.post("/console/health/undo", nil); !strings.HasPrefix(to, "/console/again") {
		t.Errorf("who has not proven themselves of late is led to %s", to)
	}
	if status, _ := newRig(t).as(store.RoleOwner).get("/console/health"); status != http.StatusNotFound {
		t.Errorf("where there is nothing to look at: %d", status)
	}
}
