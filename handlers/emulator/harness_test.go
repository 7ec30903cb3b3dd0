package emulator

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const (
	account = "AC00000000000000000000000000000001"
	token   = "12345"
	line    = "+12025550100"
	anna    = "+12025550111"
	ben     = "+12025550112"
	cleo    = "+12025550113"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// bench is an emulator whose line is answered by a program made of handlers
// by path. A handler returns TwiML; a callback's path answers 204.
type bench struct {
	*Emulator
	t    *testing.T
	web  *httptest.Server
	rest *httptest.Server

	mu   sync.Mutex
	docs map[string]func(url.Values) string
	got  []url.Values // of every request, with its path under "path"
}

func newBench(t *testing.T, docs map[string]string) *bench {
	t.Helper()
	return newBenchAt(t, NewVirtualClock(noon), docs)
}

func newBenchAt(t *testing.T, clock *Clock, docs map[string]string) *bench {
	t.Helper()
	b := &bench{t: t, docs: map[string]func(url.Values) string{}}
	for path, doc := range docs {
		b.docs[path] = func(url.Values) string { return "<Response>" + doc + "</Response>" }
	}
	b.web = httptest.NewServer(http.HandlerFunc(b.answer))
	t.Cleanup(b.web.Close)
	b.Emulator = New(Options{AccountSID: account, AuthToken: token, Clock: clock, Seed: 7})
	b.rest = httptest.NewServer(b.Emulator)
	t.Cleanup(b.rest.Close)
	b.AddNumber(Number{E164: line, VoiceURL: b.web.URL + "/voice", StatusCallbackURL: b.web.URL + "/ended", SMSURL: b.web.URL + "/sms"})
	return b
}

func (b *bench) answer(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	v := url.Values{"path": {r.URL.Path}, "method": {r.Method}}
	for k := range r.Form {
		v[k] = r.Form[k]
	}
	b.mu.Lock()
	b.got = append(b.got, v)
	doc := b.docs[r.URL.Path]
	b.mu.Unlock()
	if r.Header.Get("X-Twilio-Signature") != Sign(token, b.web.URL+r.URL.RequestURI(), r.PostForm) {
		b.t.Errorf("%s: the signature does not match", r.URL.Path)
	}
	if doc == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	io.WriteString(w, doc(v))
}

// asked returns the requests of one path.
func (b *bench) asked(path string) []url.Values {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []url.Values
	for _, v := range b.got {
		if v.Get("path") == path {
			all = append(all, v)
		}
	}
	return all
}

// last returns the newest request of a path.
func (b *bench) last(path string) url.Values {
	b.t.Helper()
	all := b.asked(path)
	if len(all) == 0 {
		b.t.Fatalf("%s was not asked for", path)
	}
	return all[len(all)-1]
}

func (b *bench) clean() {
	b.t.Helper()
	for _, p := range b.Problems() {
		b.t.Errorf("problem %d: %s (%s)", p.Code, p.What, p.Where)
	}
}

func (b *bench) codes() []int {
	var all []int
	for _, p := range b.Problems() {
		all = append(all, p.Code)
	}
	return all
}

// api makes a REST request and returns the status and the decoded body.
func (b *bench) api(method, path string, form url.Values) (int, map[string]any) {
	b.t.Helper()
	target := path
	if !strings.HasPrefix(path, "/") {
		target = "/2010-04-01/Accounts/" + account + "/" + path
	}
	req, err := http.NewRequestWithContext(context.Background(), method, b.rest.URL+target, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.SetBasicAuth(account, token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, map[string]any{"error": err.Error()}
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	out := map[string]any{}
	if len(body) > 0 {
		if err := json.Unmarshal(body, &out); err != nil {
			b.t.Fatalf("%s %s: %v in %q", method, path, err, body)
		}
	}
	b.Settle()
	return resp.StatusCode, out
}

// texts returns what was heard at a phone, without the ringing.
func texts(p *Phone) []string {
	var all []string
	for _, u := range p.Heard() {
		if u.Kind != KindRing {
			all = append(all, u.Text)
		}
	}
	return all
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	same(t, file, got, string(want))
}
