package carrier

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// testDay is a day in UTC, and in New York the evening before.
var testDay = time.Date(2026, 11, 23, 20, 0, 0, 0, time.FixedZone("EST", -5*3600))

// pages answers with one body after another, and keeps what was asked.
func pages(t *testing.T, bodies ...string) (*Client, *[]string) {
	var asked []string
	return newClient(t, ClientOptions{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		asked = append(asked, r.Method+" "+r.URL.Path+" "+r.URL.Query().Encode())
		if len(asked) > len(bodies) {
			return nil, errors.New("no more pages")
		}
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(bodies[len(asked)-1]))}, nil
	})}), &asked
}

const listOf = "/2010-04-01/Accounts/" + testAccount + "/"

func collect(all *[]Record) func(Record) error {
	return func(r Record) error {
		*all = append(*all, r)
		return nil
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	const second = "MM00000000000000000000000000000007"
	c, asked := pages(t, `{"messages": [
		{"sid": "`+testMessage+`", "status": "delivered", "direction": "outbound-api", "num_media": "0", "body": "hello", "to": "+12025550143",
		 "date_created": "Tue, 24 Nov 2026 11:59:00 +0000", "date_sent": "Tue, 24 Nov 2026 12:00:00 +0000", "date_updated": "Tue, 24 Nov 2026 07:00:01 -0500"},
		{"sid": "`+second+`", "status": "received", "direction": "inbound", "num_media": "2", "date_updated": "Tue, 24 Nov 2026 12:00:02 +0000"}],
		"next_page_uri": "`+listOf+`Messages.json?PageSize=40&Page=1&PageToken=PA`+second+`"}`,
		`{"messages": [{"sid": "SM1", "status": "sending", "direction": "outbound-reply", "date_updated": "Tue, 24 Nov 2026 12:00:03 +0000"},
		 {"sid": "SM2", "status": "sent", "direction": "outbound-reply", "date_updated": "long ago"}], "next_page_uri": null}`)
	var got []Record
	if err := c.Messages(t.Context(), testDay, collect(&got)); err != nil {
		t.Fatal(err)
	}
	want := []Record{
		{SID: testMessage, Over: true, Ended: time.Date(2026, 11, 24, 12, 0, 1, 0, time.UTC), OfAccount: true},
		{SID: second, Over: true, Ended: time.Date(2026, 11, 24, 12, 0, 2, 0, time.UTC), Inbound: true, Media: 2},
		{SID: "SM1"},
		{SID: "SM2", Over: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	const day = "DateSent%3C=2026-11-24T23%3A59%3A59Z&DateSent%3E=2026-11-24T00%3A00%3A00Z"
	wantAsked := []string{
		"GET " + listOf + "Messages.json " + day + "&PageSize=40",
		"GET " + listOf + "Messages.json " + day + "&Page=1&PageSize=40&PageToken=PA" + second,
	}
	if diff := cmp.Diff(wantAsked, *asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestCalls(t *testing.T) {
	t.Parallel()
	c, asked := pages(t, `{"calls": [
		{"sid": "CA1", "status": "completed", "direction": "inbound", "from": "+12025550143", "end_time": "Tue, 24 Nov 2026 12:00:01 +0000"},
		{"sid": "CA2", "status": "in-progress", "direction": "outbound-dial", "end_time": null},
		{"sid": "CA3", "status": "canceled", "direction": "outbound-api", "end_time": null}], "next_page_uri": ""}`, `{}`)
	var got []Record
	if err := c.Calls(t.Context(), testDay, collect(&got)); err != nil {
		t.Fatal(err)
	}
	want := []Record{
		{SID: "CA1", Over: true, Ended: time.Date(2026, 11, 24, 12, 0, 1, 0, time.UTC), Inbound: true},
		{SID: "CA2"},
		{SID: "CA3", Over: true, OfAccount: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if err := c.Calls(t.Context(), time.Time{}, collect(&got)); err != nil {
		t.Fatal(err)
	}
	wantAsked := []string{
		"GET " + listOf + "Calls.json PageSize=200&StartTime%3C=2026-11-24T23%3A59%3A59Z&StartTime%3E=2026-11-24T00%3A00%3A00Z",
		"GET " + listOf + "Calls.json PageSize=200",
	}
	if diff := cmp.Diff(wantAsked, *asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

// A list that leads elsewhere, or in a circle, is not read on; what was read counts.
func TestPagesAreOfTheList(t *testing.T) {
	t.Parallel()
	const here = listOf + "Calls.json?PageToken=PA1&Page=1"
	tests := map[string]struct {
		next string
		want int // pages asked for
	}{
		"a path":                    {here, 2},
		"an address":                {"https://api.twilio.com" + here, 2},
		"another host":              {"https://api.twilio.example" + here, 1},
		"another scheme":            {"http://api.twilio.com" + here, 1},
		"a host without a scheme":   {"//evil.example" + here, 1},
		"a user":                    {"https://me:you@api.twilio.com" + here, 1},
		"another list":              {listOf + "Messages.json?PageToken=PA1", 1},
		"another account":           {strings.Replace(here, testAccount, "AC00000000000000000000000000000009", 1), 1},
		"a way up":                  {listOf + "x/../../" + testAccount + "/Usage.json?PageToken=PA1", 1},
		"nowhere":                   {listOf + "Calls.json", 1},
		"no address":                {"http://[", 1},
		"only a token, in the list": {"?PageToken=PA1", 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, asked := pages(t, fmt.Sprintf(`{"calls": [{"sid": "CA1"}], "next_page_uri": %q}`, tt.next), `{"calls": [{"sid": "CA2"}]}`)
			var got []Record
			err := c.Calls(t.Context(), testDay, collect(&got))
			if len(*asked) != tt.want || len(got) != tt.want {
				t.Errorf("asked %q, got %d records", *asked, len(got))
			}
			if (err == nil) != (tt.want == 2) || err != nil && ClassOf(err) != Temporary {
				t.Errorf("error = %v", err)
			}
		})
	}
	circle := fmt.Sprintf(`{"calls": [{"sid": "CA1"}], "next_page_uri": %q}`, here)
	c, asked := pages(t, circle, circle, circle, circle)
	if err := c.Calls(t.Context(), testDay, collect(new([]Record))); ClassOf(err) != Temporary || len(*asked) != 2 {
		t.Errorf("in a circle: asked %q, error = %v", *asked, err)
	}
}

// Behind another base the address of the next page may or may not have its path.
func TestPagesBehindABase(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "/cxml"} {
		asked := 0
		c := newClient(t, ClientOptions{APIURL: "https://carrier.example.org/cxml", Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			asked++
			body := `{}`
			if asked == 1 {
				body = fmt.Sprintf(`{"next_page_uri": %q}`, prefix+listOf+"Calls.json?PageToken=PA1")
			}
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body))}, nil
		})})
		if err := c.Calls(t.Context(), testDay, nil); err != nil || asked != 2 {
			t.Errorf("prefix %q: asked %d times, %v", prefix, asked, err)
		}
	}
}

func TestRecordsOfABrokenList(t *testing.T) {
	t.Parallel()
	c, _ := pages(t, fmt.Sprintf(`{"calls": [{"sid": "CA1"}], "next_page_uri": %q}`, listOf+"Calls.json?PageToken=PA1"))
	var got []Record
	if err := c.Calls(t.Context(), testDay, collect(&got)); ClassOf(err) != Temporary || len(got) != 1 {
		t.Errorf("%d records, %v; want what could be read, and the fault", len(got), err)
	}
	stop := errors.New("stop")
	c, _ = pages(t, `{"messages": [{"sid": "SM1"}, {"sid": "SM2"}]}`)
	asked := 0
	err := c.Messages(t.Context(), testDay, func(Record) error { asked++; return stop })
	if !errors.Is(err, stop) || asked != 1 {
		t.Errorf("do was called %d times, %v; want its own error after one", asked, err)
	}
}

func TestDeleteErrors(t *testing.T) {
	t.Parallel()
	deletions := map[string]func(context.Context, *Client) error{
		"call":  func(ctx context.Context, c *Client) error { return c.DeleteCall(ctx, testCall) },
		"text":  func(ctx context.Context, c *Client) error { return c.DeleteMessage(ctx, testMessage) },
		"media": func(ctx context.Context, c *Client) error { return c.DeleteMedia(ctx, testMessage) },
	}
	tests := map[string]struct {
		status int
		body   string
		want   Class // "" for no error
	}{
		"done":                    {204, ``, ""},
		"gone already":            {404, `{"code": 20404, "status": 404}`, ""},
		"not finished":            {409, `{"code": 20009, "status": 409}`, Temporary},
		"too fast":                {429, `{"code": 20429, "status": 429}`, Throttled},
		"failed, so do it again":  {500, `{"code": 20500, "status": 500}`, Temporary},
		"a wrong token":           {401, `{"code": 20003, "status": 401}`, Ours},
		"another service's no":    {404, `<html>`, Ours},
		"a redirect not followed": {307, ``, Ours},
	}
	for name, tt := range tests {
		for what, del := range deletions {
			c := twilio(t, func(w http.ResponseWriter, r *http.Request) {
				if what == "media" && r.Method == http.MethodGet && tt.status != 404 {
					answer(200, `{"media_list": [{"sid": "ME00000000000000000000000000000008"}]}`)(w, r)
					return
				}
				answer(tt.status, tt.body)(w, r)
			})
			err := del(t.Context(), c)
			if tt.want == "" && err != nil || tt.want != "" && ClassOf(err) != tt.want {
				t.Errorf("%s of a %s: %v, want class %q", name, what, err, tt.want)
			}
		}
	}
}

func TestDeleteMedia(t *testing.T) {
	t.Parallel()
	const (
		media = listOf + "Messages/" + testMessage + "/Media"
		one   = "ME00000000000000000000000000000008"
		two   = "ME00000000000000000000000000000009"
	)
	var asked []string
	description := readOpenAPI(t)
	c := twilio(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.RequestURI())
		for _, fault := range description.check(r, readForm(t, r)) {
			t.Error(fault)
		}
		switch {
		case r.Method == http.MethodDelete && strings.Contains(r.URL.Path, one):
			answer(409, `{"code": 20009, "status": 409}`)(w, r)
		case r.Method == http.MethodDelete:
			w.WriteHeader(http.StatusNoContent)
		case r.URL.RawQuery == "":
			answer(200, `{"media_list": [{"sid": "`+one+`"}, {"sid": "../x"}], "next_page_uri": "`+media+`.json?PageToken=PA1"}`)(w, r)
		default:
			answer(200, `{"media_list": [{"sid": "`+two+`"}]}`)(w, r)
		}
	})
	if err := c.DeleteMedia(t.Context(), testMessage); ClassOf(err) != Temporary {
		t.Errorf("error = %v, want that of the first", err)
	}
	want := []string{
		"GET " + media + ".json", "GET " + media + ".json?PageToken=PA1",
		"DELETE " + media + "/" + one + ".json", "DELETE " + media + "/" + two + ".json",
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}
