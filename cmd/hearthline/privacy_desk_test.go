package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/hearthline/hearthline/store"
)

// seated is an owner at the desk of a line that is watched.
type seated struct {
	w      *watch
	cookie string
	group  string // the path of a group's page
	// acted is what the forms answered, and what the live view was sent.
	acted []piece
}

// deskGroup is the code of the group whose pages are read.
const deskGroup = "482105"

// withDesk has whoever comes sign in to the desk, as at a demonstration.
func withDesk(o *stageOptions) { o.demo = true }

// sits makes an owner and has them sign in.
func (w *watch) sits() *seated {
	w.t.Helper()
	a := w.replica.app
	accounts := store.NewAccounts(a.db, a.keys, a.now)
	token, err := accounts.Invite(w.t.Context(), a.line, store.By{Actor: "test", At: w.clock.Now()}, store.Invited{
		Email: "ada@example.org", Name: "Ada", Role: store.RoleOwner, Lang: "en",
	})
	if err == nil {
		_, _, err = accounts.Join(w.t.Context(), a.line, store.Joining{
			Token: token, Lang: "en", At: w.clock.Now(),
			Passkey: &store.Passkey{Mark: store.PasskeyMark([]byte("ada")), Name: "Phone", Credential: []byte("{}")},
		})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	snap, _ := a.snapshots.Line(a.line)
	g, _ := snap.Directory.ByCode(deskGroup)
	d := &seated{w: w, group: "/console/groups/" + g.ID}
	d.signIn()
	return d
}

func (d *seated) signIn() {
	d.w.t.Helper()
	d.cookie = ""
	answer, _ := d.send(d.w.t.Context(), http.MethodPost, "/console/sign-in/demo", url.Values{})
	for _, c := range answer.Cookies() {
		d.cookie += c.Name + "=" + c.Value + "; "
	}
	if d.cookie == "" {
		d.w.t.Fatalf("nobody is signed in: %d", answer.StatusCode)
	}
}

// send asks as a browser does, and reads the answer.
func (d *seated) send(ctx context.Context, method, path string, form url.Values) (*http.Response, string) {
	d.w.t.Helper()
	answer := d.ask(ctx, method, path, form)
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		d.w.t.Fatal(err)
	}
	return answer, string(body)
}

func (d *seated) ask(ctx context.Context, method, path string, form url.Values) *http.Response {
	d.w.t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, d.w.config.publicURL+path, strings.NewReader(form.Encode()))
	if err != nil {
		d.w.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r.Header.Set("Cookie", d.cookie)
	answer, err := d.w.RoundTrip(r)
	if err != nil {
		d.w.t.Fatal(err)
	}
	return answer
}

var (
	hidden   = regexp.MustCompile(`<input type="hidden" name="(token|once)" value="([^"]+)"`)
	requests = regexp.MustCompile(`/console/requests/[0-9a-f-]{36}`)
	voices   = regexp.MustCompile(`/console/inbox/[0-9a-f-]{36}`)
)

// does fills in the form of a page and sends it.
func (d *seated) does(page, path string, form url.Values) string {
	d.w.t.Helper()
	_, body := d.send(d.w.t.Context(), http.MethodGet, page, nil)
	for _, m := range hidden.FindAllStringSubmatch(body, -1) {
		form.Set(m[1], m[2])
	}
	answer, body := d.send(d.w.t.Context(), http.MethodPost, path, form)
	if answer.StatusCode >= 400 {
		d.w.t.Errorf("%s: answered %d\n%s", path, answer.StatusCode, body)
	}
	d.acted = append(d.acted, piece{where: path, text: []byte(body)}, saidIn(path, answer.Header.Get("Location")))
	return body
}

// works has the owner do everything at the desk that has to do with numbers: sign in by
// telephone with their own, invite one, answer what is kept of one and forget it, say
// something to a group, and ask who can hold a date.
func (d *seated) works(own, other string) {
	d.w.t.Helper()
	d.does("/console/me", "/console/me/phone", url.Values{"number": {own}, "pin": {"80519264"}})
	d.does(d.group+"/roster/invite", d.group+"/roster/invite", url.Values{
		"number": {other}, "stated": {"asked at the door"}, "channel": {"text"}, "language": {"en"},
	})
	for _, kind := range []string{"export", "erase"} {
		d.does("/console/requests", "/console/requests", url.Values{"kind": {kind}, "received": {d.w.clock.Now().Format(time.DateOnly)}})
		_, list := d.send(d.w.t.Context(), http.MethodGet, "/console/requests", nil)
		page := ""
		for _, open := range requests.FindAllString(list, -1) {
			if _, body := d.send(d.w.t.Context(), http.MethodGet, open, nil); strings.Contains(body, `name="sure"`) == (kind == "erase") {
				page = open
			}
		}
		found := d.does(page, page+"/answer", url.Values{"number": {other}, "sure": {"yes"}})
		if kind == "export" && !strings.Contains(found, "consent") {
			d.w.t.Errorf("nothing is found of who was invited:\n%s", found)
		}
	}
	w := d.w
	call := w.carrier.Phone(other).Call(lineNumber)
	for _, key := range []string{"1", deskGroup, "1"} {
		call.Press(key)
		w.carrier.Advance(afterPIN)
	}
	w.carrier.Advance(20 * time.Second)
	live := d.streams()
	if !strings.Contains(string(live.text), "live_people") {
		w.t.Errorf("nobody is seen in the room:\n%s", live.text)
	}
	d.acted = append(d.acted, live)
	call.Hangup()
	w.carrier.Advance(time.Second)
	w.printed.WriteString(w.types("We meet again next week. Bring tea.", "message", "send", "--group="+deskGroup, "--file=-"))
	w.carrier.Advance(2 * time.Minute)
	w.pass()
	w.printed.WriteString(w.types("", "group", "cover", "593716"))
	w.pass()
	w.bring()
	w.printed.WriteString(w.types("", "voicemail", "list") + w.types("", "audit", "list") + w.types("", "statistics") + w.types("", "roster", "list") + w.types("", "coordinator", "list"))
}

// reads returns all that the desk shows: pages, what streams, spreadsheets and sheets to
// print.
func (d *seated) reads() []sink {
	d.w.t.Helper()
	d.signIn()
	pages := []string{
		"/console", "/console/groups", "/console/messages", "/console/inbox", "/console/statistics", "/console/print", "/console/people", "/console/audit",
		"/console/requests", "/console/health", "/console/settings", "/console/me", "/console/first/name", d.group, d.group + "/edit", d.group + "/schedule",
		d.group + "/live", d.group + "/roster", d.group + "/reminders", d.group + "/messages", d.group + "/statistics", d.group + "/print",
	}
	_, inbox := d.send(d.w.t.Context(), http.MethodGet, "/console/inbox", nil)
	if voice := voices.FindString(inbox); voice != "" {
		pages = append(pages, voice+"/delete")
	}
	return []sink{
		{"the desk's pages", d.each(pages...)},
		{"the desk's answers and streams", d.acted},
		{"spreadsheets", d.each("/console/statistics.csv", "/console/audit.csv", d.group+"/statistics.csv", d.group+"/dates.ics")},
		{"sheets to print", d.each("/console/print/sheet", d.group+"/print/sheet")},
	}
}

func (d *seated) each(paths ...string) (all []piece) {
	d.w.t.Helper()
	for _, path := range paths {
		answer, body := d.send(d.w.t.Context(), http.MethodGet, path, nil)
		if answer.StatusCode != http.StatusOK {
			d.w.t.Errorf("%s: answered %d", path, answer.StatusCode)
		}
		all = append(all, piece{where: path, text: []byte(body)})
	}
	return all
}

// streams is what the live view sends at first: all of it.
func (d *seated) streams() piece {
	d.w.t.Helper()
	ctx, stop := context.WithTimeout(d.w.t.Context(), time.Minute)
	defer stop()
	answer := d.ask(ctx, http.MethodGet, d.group+"/live/stream", nil)
	defer func() { _ = answer.Body.Close() }()
	var b strings.Builder
	for in := bufio.NewScanner(answer.Body); in.Scan(); {
		b.WriteString(in.Text() + "\n")
		if in.Text() == "" && strings.Contains(b.String(), `"id":"live_people"`) {
			break
		}
	}
	return piece{where: "the live view", text: []byte(b.String())}
}

// plant names a group and who is signed in after a number, and sends a form with it that
// is shown again.
func (d *seated) plant(number string) {
	d.w.t.Helper()
	w := d.w
	id := strings.TrimPrefix(d.group, "/console/groups/")
	w.doWith(`UPDATE groups SET name = jsonb_build_object('', $2::text) WHERE group_id::text = $1`, id, number)
	w.doWith(`UPDATE account SET name = $1`, number)
	w.replica.app.snapshots.Refresh(w.t.Context())
	d.signIn()
	_, body := d.send(w.t.Context(), http.MethodGet, "/console/requests", nil)
	form := url.Values{"kind": {number}, "received": {number}}
	for _, m := range hidden.FindAllStringSubmatch(body, -1) {
		form.Set(m[1], m[2])
	}
	_, body = d.send(w.t.Context(), http.MethodPost, "/console/requests", form)
	d.acted = append(d.acted, said(body))
}
