package console

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store"
)

// strange is what somebody might call themselves.
const strange = `=cmd|' /C calc'!A0<img src=x onerror="x">{{.}}`

// linked are the addresses on a page.
var linked = regexp.MustCompile(`(?:href|src|action|formaction|data-begin|data-stream)="([^"]*)"`)

// reads are the pages that there are, of the group and the account that are given.
func reads(of map[string]string) (paths []string) {
	for _, r := range routes {
		if r.method == get && !strings.HasSuffix(r.path, "/stream") {
			paths = append(paths, filled(r.path, of))
		}
	}
	return paths
}

// strangeDesk is a desk where whoever has a name of their own has a strange one.
func strangeDesk(t *testing.T) (d *desk, of map[string]string) {
	t.Helper()
	d = newRig(t).as(store.RoleOwner)
	d.who = d.asSomebody(d.key("Ada", store.RoleOwner)).who
	if status, _ := d.post("/console/me", url.Values{"name": {strange}, "lang": {"en"}}); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	d.who.Name = strange
	groups, err := d.db.Groups(d.ctx(), d.line)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range groups {
		g, err := d.db.Group(d.ctx(), d.line, g.ID)
		if err != nil {
			t.Fatal(err)
		}
		for lang := range g.Name {
			g.Name[lang] = strange
		}
		if err := d.db.ChangeGroup(d.ctx(), d.keys, d.line, store.By{Actor: strange, At: d.time()}, *g); err != nil {
			t.Fatal(err)
		}
	}
	d.refresh()
	d.leave(1, true)
	return d, map[string]string{":group": groups[0].ID, ":account": d.who.Account}
}

// TestASVS_40_14_2_1_NothingSensitiveInAddresses goes through the table of routes, the
// forms of every template, and every page of a desk where everybody has a strange name:
// no address says who somebody is or holds a secret, and no name is markup or a formula.
// What is said to callers is held by TestEncode in handlers/carrier.
func TestASVS_40_14_2_1_NothingSensitiveInAddresses(t *testing.T) {
	t.Parallel()
	namesInTheTable(t)
	fieldsInAddresses(t)
	d, of := strangeDesk(t)
	secret := regexp.MustCompile(`(?i)example\.org|%40|form-token|onerror|rose|calc|\+1[0-9]{10}|%2B1[0-9]{10}|73914626`)
	seen := 0
	for _, path := range reads(of) {
		status, body := d.get(path)
		if status != http.StatusOK {
			continue
		}
		seen++
		if strings.HasPrefix(body, "<!doctype html>") {
			for _, m := range linked.FindAllStringSubmatch(body, -1) {
				if !strings.HasPrefix(m[1], "data:") && secret.MatchString(m[1]) {
					t.Errorf("%s: an address has %s", path, secret.FindString(m[1]))
				}
			}
			if strings.Contains(body, "<img src=x") || strings.Contains(body, "<b onclick") {
				t.Errorf("%s: a name is markup", path)
			}
		}
		if strings.HasSuffix(path, ".csv") {
			noFormulas(t, path, body)
		}
	}
	if seen < 30 {
		t.Errorf("only %d pages are seen", seen)
	}
}

func namesInTheTable(t *testing.T) {
	t.Helper()
	ids := regexp.MustCompile(`:[a-z]+`)
	opaque := map[string]bool{":group": true, ":account": true, ":passkey": true, ":session": true, ":message": true, ":voice": true, ":request": true, ":step": true,
		":version": true, ":node": true, ":lang": true, ":prompt": true, // of what anybody hears who calls
	}
	for _, r := range routes {
		for _, name := range ids.FindAllString(r.path, -1) {
			if !opaque[name] {
				t.Errorf("%s has %s in its address: say here that it tells nothing, or send it in a form", r.path, name)
			}
		}
	}
}

// noFormulas reads a file as a spreadsheet does.
func noFormulas(t *testing.T, path, body string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || path == "/console/audit.csv" && !strings.Contains(body, "'=cmd") {
		t.Errorf("%s: the strange name is not there, %v", path, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("%s: a cell begins with %q", path, cell[0])
			}
		}
	}
}

// TestASVS_42_16_5_1_ErrorsTellNothing asks every route with no database behind it. That
// there is nothing to debug with, and TLS to Postgres, are held by
// TestNothingIsThereToDebug in cmd/hearthline and TestSSLModeIsVerifiedUnlessOnThisMachine in store.
func TestASVS_42_16_5_1_ErrorsTellNothing(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	of := map[string]string{":group": d.groupID(griefCode)}
	if err := d.db.Close(); err != nil {
		t.Fatal(err)
	}
	told := regexp.MustCompile(`(?i)\bsql|pq:|postgres|goroutine|panic|\.go:|/store|database`)
	failed := 0
	for _, r := range routes {
		path := filled(r.path, of)
		if strings.HasSuffix(path, "/stream") {
			continue
		}
		status, body := d.do(r.method, path, map[string]url.Values{post: {"token": {d.who.Token}, "name": {"Ada"}, "lang": {"en"}}}[r.method])
		if told.MatchString(body) {
			t.Errorf("%s %s: tells %q", r.method, path, told.FindString(body))
		}
		if status >= http.StatusInternalServerError {
			failed++
		} else if r.method == post && strings.Contains(body, "done=") {
			t.Errorf("%s says that it is done: %s", path, body)
		}
	}
	if failed < 30 {
		t.Errorf("only %d routes fail", failed)
	}
	proxiesAreNamed(t, d)
}

// proxiesAreNamed has a proxy be believed only where one is said to be.
func proxiesAreNamed(t *testing.T, d *desk) {
	t.Helper()
	request := func(remote string) string {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "/console", nil)
		r.RemoteAddr = remote
		r.Header.Set("X-Forwarded-For", "198.51.100.7")
		return d.pages.addresses(r)
	}
	if request("127.0.0.1:1") != "198.51.100.7" || request("203.0.113.5:1") != "203.0.113.5" || request("10.0.0.5:1") != "10.0.0.5" {
		t.Error("an address of whoever says so is believed, or a proxy's is not")
	}
}
