package simulator

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCommand(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path string
		form       url.Values
		status     int
		answer     string // part of it
		want       *command
	}{
		{"call", "2/call", nil, 204, "", &command{Phone: 2, Act: call}},
		{"call withheld", "2/call", url.Values{"withheld": {"1"}}, 204, "", &command{Phone: 2, Act: call, Withheld: true}},
		{"answer", "6/answer", nil, 204, "", &command{Phone: 6, Act: answer}},
		{"hang up", "1/hangup", nil, 204, "", &command{Phone: 1, Act: hangup}},
		{"press", "1/press", url.Values{"keys": {"09*#"}}, 204, "", &command{Phone: 1, Act: press, Text: "09*#"}},
		{"press nothing", "1/press", nil, 400, "keys: send", nil},
		{"press what is no key", "1/press", url.Values{"keys": {"1w"}}, 400, "keys: send", nil},
		{"press too much", "1/press", url.Values{"keys": {strings.Repeat("1", 33)}}, 400, "keys: send", nil},
		{"say", "3/say", url.Values{"text": {" good\n evening "}}, 204, "", &command{Phone: 3, Act: say, Text: "good evening"}},
		{"say nothing", "3/say", url.Values{"text": {" \t"}}, 400, "text: say", nil},
		{"say too much", "3/say", url.Values{"text": {strings.Repeat("a", longestSaid+1)}}, 400, "text: say", nil},
		{"text", "3/text", url.Values{"text": {" FIND\r\ngrief "}}, 204, "", &command{Phone: 3, Act: text, Text: " FIND\ngrief "}},
		{"text nothing", "3/text", url.Values{"text": {" \n"}}, 400, "text: write", nil},
		{"text as much as can be", "3/text", url.Values{"text": {strings.Repeat("é", longestText)}}, 204, "", &command{Phone: 3, Act: text, Text: strings.Repeat("é", longestText)}},
		{"text more", "3/text", url.Values{"text": {strings.Repeat("é", longestText+1)}}, 400, "text: write", nil},
		{"delivery", "4/delivery", url.Values{"as": {"blocked"}}, 204, "", &command{Phone: 4, Act: deliver, Text: "blocked"}},
		{"no such delivery", "4/delivery", url.Values{"as": {"lost"}}, 400, "as: send", nil},
		{"pickup", "4/pickup", url.Values{"as": {"machine"}}, 204, "", &command{Phone: 4, Act: pickUp, Text: "machine"}},
		{"no such pickup", "4/pickup", url.Values{"as": {"dog"}}, 400, "as: send", nil},
		{"a seventh phone", "7/call", nil, 404, "numbered 1 to 6", nil},
		{"no phone", "0/call", nil, 404, "numbered 1 to 6", nil},
		{"not a number", "x/call", nil, 404, "numbered 1 to 6", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newFakeBoard(quiet())
			status, answer := post(t, serve(t, b), tt.path, tt.form)
			if status != tt.status || !strings.Contains(answer, tt.answer) {
				t.Errorf("answered %d %q, want %d with %q", status, answer, tt.status, tt.answer)
			}
			var got *command
			select {
			case c := <-b.commands:
				got = &c
			default:
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("command (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCommandRefused(t *testing.T) {
	t.Parallel()
	b := newFakeBoard(quiet())
	b.refuse = &refusal{"Ana is not in a call."}
	status, answer := post(t, serve(t, b), "1/hangup", nil)
	if status != http.StatusConflict || answer != "Ana is not in a call." {
		t.Errorf("answered %d %q, want 409 with the reason", status, answer)
	}
}

func TestWindClock(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		form   url.Values
		status int
		want   *wind
	}{
		{"pause", url.Values{"speed": {"0"}}, 204, &wind{Speed: 0}},
		{"fast", url.Values{"speed": {"10"}}, 204, &wind{Speed: 10}},
		{"forward", url.Values{"forward": {"600"}}, 204, &wind{Speed: -1, Forward: 10 * time.Minute}},
		{"a speed of its own", url.Values{"speed": {"1e9"}}, 400, nil},
		{"backward", url.Values{"forward": {"-60"}}, 400, nil},
		{"a day", url.Values{"forward": {"86400"}}, 400, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newFakeBoard(quiet())
			if status, answer := post(t, serve(t, b), "clock", tt.form); status != tt.status {
				t.Errorf("answered %d %q, want %d", status, answer, tt.status)
			}
			var got *wind
			select {
			case w := <-b.winds:
				got = &w
			default:
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("wind (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, method, path, host string
		header                   http.Header
		status                   int
	}{
		{"the page itself", "GET", "/phones", "localhost:8080", nil, 200},
		{"on a home network", "GET", "/phones", "192.168.1.20:8080", nil, 200},
		{"over IPv6", "GET", "/phones", "[::1]:8080", nil, 200},
		{"a name that points here", "GET", "/phones", "rebound.example", nil, 403},
		{"a stream under such a name", "GET", "/phones/events", "rebound.example", nil, 403},
		{"a form of another site", "POST", "/phones/1/call", "localhost", http.Header{"Sec-Fetch-Site": {"cross-site"}}, 403},
		{"an older browser on another site", "POST", "/phones/1/call", "localhost", http.Header{"Origin": {"https://other.example"}}, 403},
		{"our own script", "POST", "/phones/1/call", "localhost", http.Header{"Sec-Fetch-Site": {"same-origin"}}, 204},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, newFakeBoard(quiet()))
			req, err := http.NewRequestWithContext(t.Context(), tt.method, s.URL+tt.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Host = tt.host
			for k, v := range tt.header {
				req.Header[k] = v
			}
			res, err := s.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if res.StatusCode != tt.status {
				t.Errorf("answered %d, want %d", res.StatusCode, tt.status)
			}
			if got := res.Header.Get("Content-Security-Policy"); got != policy {
				t.Errorf("policy is %q", got)
			}
		})
	}
}

func TestPageShowsPhones(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, query string
		scene       scene
		hidden      int
	}{
		{"two at first", "", quiet(), 4},
		{"those added", "?phones=5", quiet(), 1},
		{"never none", "?phones=0", quiet(), 5},
		{"and those in use", "", busy(), 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, newFakeBoard(tt.scene))
			res, err := s.Client().Get(s.URL + "/phones" + tt.query)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			page, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Count(string(page), `"name-`); got == 0 {
				t.Fatal("the page has no phones")
			}
			if got := strings.Count(string(page), " hidden>"); got != tt.hidden {
				t.Errorf("%d phones are hidden, want %d", got, tt.hidden)
			}
			if strings.Contains(string(page), "style=") || strings.Contains(string(page), "<script>") {
				t.Error("the page has inline style or script, which its own policy forbids")
			}
		})
	}
}

func TestEventsBeginWithEverythingAndGoOnWithChanges(t *testing.T) {
	t.Parallel()
	b := newFakeBoard(busy())
	events := stream(t, serve(t, b))
	kinds := map[string]int{}
	for e := range events {
		kinds[e.kind]++
		if e.kind == "ready" {
			break
		}
	}
	want := map[string]int{"clock": 1, "phone": 6, "rooms": 1, "faults": 1, "flow": 1, "wire": 2, "ready": 1}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Fatalf("the first events (-want +got):\n%s", diff)
	}

	s := busy()
	s.Phones[3].State = talking
	s.Wire = append(s.Wire, exchangeView{Seq: 3, URL: "http://127.0.0.1/third"})
	b.change(s)
	if e := <-events; e.kind != "clock" {
		t.Errorf("a change began with %s, want the clock", e.kind)
	}
	var dev phoneView
	if e := <-events; e.kind != "phone" || json.Unmarshal(e.data, &dev) != nil || dev.Name != "Dev" || dev.State != talking {
		t.Errorf("then came %s %s, want Dev talking", e.kind, e.data)
	}
	if e := <-events; e.kind != "wire" || !strings.Contains(string(e.data), "/third") {
		t.Errorf("then came %s %s, want the third exchange alone", e.kind, e.data)
	}
}

func TestCloseEndsStreams(t *testing.T) {
	t.Parallel()
	p := newPages(newFakeBoard(quiet()), Options{})
	s := mount(t, p)
	events := stream(t, s)
	if _, open := <-events; !open {
		t.Fatal("the stream ended before its first event")
	}
	p.Close()
	for range events { // ends, or the test times out
	}
}

type event struct {
	kind string
	data []byte
}

// stream reads the events of a page. The channel closes with the stream.
func stream(t *testing.T, s *httptest.Server) <-chan event {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/phones/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	events := make(chan event, 100)
	go func() {
		defer close(events)
		var e event
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if kind, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				e.kind = kind
			}
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				e.data = []byte(data)
				events <- e
			}
		}
	}()
	return events
}

func post(t *testing.T, s *httptest.Server, path string, form url.Values) (int, string) {
	t.Helper()
	res, err := s.Client().PostForm(s.URL+"/phones/"+path, form)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}
