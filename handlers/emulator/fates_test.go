package emulator

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestFates(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) []string {
		b := newBench(t, nil)
		b.Emulator.seed, b.Emulator.callGap = seed, 0
		b.Phone(anna).Deliver(DeliveryBehaviour{Kind: Unsent, Code: 30034})
		b.Fates(
			[]TextFate{{0.3, DeliveryBehaviour{Kind: Undelivered, Code: 30005}}, {0.2, DeliveryBehaviour{Kind: Unsent, Code: 21610}}, {0.2, DeliveryBehaviour{Kind: NoReport}}},
			[]CallFate{{0.3, Behaviour{Kind: Busy}}, {0.2, Behaviour{Kind: NoAnswer}}, {0.3, Behaviour{Kind: Machine, Taken: "unknown"}}},
		)
		var ends []string
		for i := range 40 {
			to := anna
			if i > 0 {
				to = fmt.Sprintf("+1202555%04d", i)
			}
			_, text := b.api("POST", "Messages.json", url.Values{"To": {to}, "From": {line}, "Body": {"x"}})
			_, call := b.api("POST", "Calls.json", url.Values{"To": {to}, "From": {line}, "Twiml": {`<Response/>`}, "MachineDetection": {"Enable"}})
			b.Advance(2 * time.Minute)
			if c := b.Phone(to).Current(); c != nil {
				c.Hangup()
			}
			_, text = b.api("GET", "Messages/"+text["sid"].(string)+".json", nil)
			_, call = b.api("GET", "Calls/"+call["sid"].(string)+".json", nil)
			ends = append(ends, fmt.Sprint(text["status"], text["error_code"], " ", call["status"], call["answered_by"]))
		}
		b.clean()
		return ends
	}
	ends := run(1)
	same(t, "again", run(1), ends)
	same(t, "what was said of a phone", ends[0][:11], "failed30034")
	for _, want := range []string{"undelivered30005", "failed21610", "sent<nil>", "delivered<nil>", "busy<nil>", "no-answer<nil>", "completedunknown"} {
		if !slices.ContainsFunc(ends, func(end string) bool { return contains([]string{end}, want) }) {
			t.Errorf("nothing fares %q: %q", want, ends)
		}
	}
}

func TestListLag(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.ListLag(5 * time.Second)
	count := func() []int {
		_, texts := b.api("GET", "Messages.json", nil)
		_, calls := b.api("GET", "Calls.json", nil)
		return []int{len(texts["messages"].([]any)), len(calls["calls"].([]any))}
	}
	b.api("POST", "Messages.json", url.Values{"To": {anna}, "From": {line}, "Body": {"x"}})
	b.api("POST", "Calls.json", url.Values{"To": {anna}, "From": {line}, "Twiml": {`<Response/>`}})
	b.Advance(5*time.Second - 1)
	same(t, "too fresh", count(), []int{0, 0})
	b.Advance(1)
	same(t, "old enough", count(), []int{1, 1})
}

func TestHideNumbers(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.HideNumbers()
	b.api("POST", "Messages.json", url.Values{"To": {anna}, "From": {line}, "Body": {"x"}})
	_, texts := b.api("GET", "Messages.json", nil)
	text := texts["messages"].([]any)[0].(map[string]any)
	same(t, "numbers", []any{text["from"], text["to"]}, []any{line, "+1202555XXXX"})
	same(t, "it arrives all the same", len(b.Phone(anna).Texts()), 1)
}

// A page goes on where the last one ended, whatever was made or deleted meanwhile.
func TestListsThatChange(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	send := func(body string) string {
		_, made := b.api("POST", "Messages.json", url.Values{"To": {anna}, "From": {line}, "Body": {body}})
		return "Messages/" + made["sid"].(string) + ".json"
	}
	var paths []string
	for _, body := range []string{"1", "2", "3", "4", "5", "6"} {
		paths = append(paths, send(body))
	}
	b.Advance(time.Minute)
	got := ""
	for path := "Messages.json?PageSize=2"; path != ""; {
		_, page := b.api("GET", path, nil)
		for _, m := range page["messages"].([]any) {
			got += m.(map[string]any)["body"].(string)
		}
		path, _ = page["next_page_uri"].(string)
		if got == "65" {
			send("7")
			same(t, "deleted", first(b.api("DELETE", paths[5], nil)), 204)
			same(t, "deleted", first(b.api("DELETE", paths[2], nil)), 204)
		}
	}
	same(t, "texts", got, "65421")
}

func TestCallsPerSecond(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	place := func(to string) string {
		_, made := b.api("POST", "Calls.json", url.Values{
			"To": {to}, "From": {line}, "Twiml": {`<Response/>`}, "StatusCallback": {b.web.URL + "/progress"}, "StatusCallbackEvent": {"initiated", "completed"},
		})
		return "Calls/" + made["sid"].(string) + ".json"
	}
	place(anna)
	place(ben)
	third := place(cleo)
	rings := func() []bool {
		var all []bool
		for _, number := range []string{anna, ben, cleo} {
			all = append(all, b.Phone(number).Current() != nil)
		}
		return all
	}
	same(t, "at once", rings(), []bool{true, false, false})
	b.Advance(time.Second - 1)
	same(t, "not yet", rings(), []bool{true, false, false})
	b.Advance(1)
	same(t, "a second later", rings(), []bool{true, true, false})
	_, call := b.api("GET", third, nil)
	same(t, "the third", []any{call["status"], call["start_time"]}, []any{"queued", nil})
	_, call = b.api("POST", third, url.Values{"Status": {"canceled"}})
	same(t, "taken back", call["status"], any("canceled"))
	b.Advance(time.Minute)
	for _, v := range b.asked("/progress") {
		if v.Get("To") == cleo {
			t.Errorf("of a call taken back before it was dialled is told: %v", v)
		}
	}
	unlimited := New(Options{AccountSID: account, AuthToken: token, Clock: NewVirtualClock(noon), CallsPerSecond: math.Inf(1)})
	unlimited.AddNumber(Number{E164: line})
	same(t, "no limit", unlimited.callGap, time.Duration(0))
	b.clean()
}

// BenchmarkTexts sends 10,000 texts from 16 at a time, with the faults of a bad day,
// has all that becomes of them told, and reads the whole list in pages of 40.
func BenchmarkTexts(b *testing.B) {
	const texts, senders = 10_000, 16
	var told atomic.Int64
	for b.Loop() {
		e := New(Options{AccountSID: account, AuthToken: token, Clock: NewVirtualClock(noon), Transport: &deaf{&told}})
		rest := httptest.NewServer(e)
		e.AddNumber(Number{E164: line})
		e.Inject(Fault{On: OnREST, Match: "POST", Share: 0.05, Status: 500})
		e.Inject(Fault{On: OnCallback, Share: 0.03, Drop: true})
		e.Inject(Fault{On: OnCallback, Share: 0.1, Reorder: true})
		e.Fates([]TextFate{{0.05, DeliveryBehaviour{Kind: Undelivered}}}, nil)
		var next atomic.Int64
		var group sync.WaitGroup
		for range senders {
			group.Go(func() {
				for i := next.Add(1); i <= texts; i = next.Add(1) {
					post(b, rest.URL, url.Values{"To": {fmt.Sprintf("+1202%07d", 2000000+i)}, "From": {line}, "Body": {"x"}, "StatusCallback": {"http://program.example/sent"}})
				}
			})
		}
		group.Wait()
		e.Advance(2 * time.Minute)
		for path := e.uri("Messages") + "?PageSize=40"; path != ""; {
			path = nextPage(b, rest.URL+path)
		}
		rest.Close()
	}
	b.ReportMetric(float64(told.Load())/float64(b.N), "callbacks/op")
}

// deaf takes every webhook and does nothing.
type deaf struct{ told *atomic.Int64 }

func (d *deaf) RoundTrip(r *http.Request) (*http.Response, error) {
	d.told.Add(1)
	return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

func post(b *testing.B, rest string, form url.Values) {
	req, err := http.NewRequestWithContext(b.Context(), "POST", rest+"/2010-04-01/Accounts/"+account+"/Messages.json", strings.NewReader(form.Encode()))
	if err != nil {
		b.Error(err)
		return
	}
	ask(b, req)
}

func nextPage(b *testing.B, address string) string {
	req, err := http.NewRequestWithContext(b.Context(), "GET", address, nil)
	if err != nil {
		b.Fatal(err)
	}
	var page struct {
		Next string `json:"next_page_uri"`
	}
	if err := json.Unmarshal(ask(b, req), &page); err != nil {
		b.Fatal(err)
	}
	return page.Next
}

func ask(b *testing.B, req *http.Request) []byte {
	req.SetBasicAuth(account, token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Error(err)
		return nil
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.Error(err)
	}
	return body
}
