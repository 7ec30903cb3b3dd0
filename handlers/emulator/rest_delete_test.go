package emulator

import (
	"net/url"
	"testing"
	"time"
)

func TestListCallsByStart(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/voice": `<Reject/>`})
	call := func(p string) { b.Phone(p).Call(line) }
	call(anna)
	b.Advance(24 * time.Hour)
	call(ben)
	b.Advance(time.Hour)
	call(cleo)
	b.Advance(24 * time.Hour)
	b.Phone(anna).Behave(Behaviour{Kind: Busy})
	b.api("POST", "Calls.json", url.Values{"To": {anna}, "From": {line}, "Url": {b.web.URL + "/voice"}})
	tests := map[string]struct {
		query url.Values
		want  []string
	}{
		"all, newest first":   {nil, []string{line, cleo, ben, anna}},
		"of a day":            {url.Values{"StartTime": {"2026-11-25"}}, []string{cleo, ben}},
		"until a day":         {url.Values{"StartTime<": {"2026-11-24"}}, []string{anna}},
		"since a day":         {url.Values{"StartTime>": {"2026-11-26"}}, []string{line}},
		"between two moments": {url.Values{"StartTime>": {"2026-11-25T00:00:00Z"}, "StartTime<": {"2026-11-25T12:00:00Z"}}, []string{ben}},
		"and of a status":     {url.Values{"StartTime>": {"2026-11-25"}, "Status": {"busy"}}, []string{line}},
	}
	for name, tt := range tests {
		_, body := b.api("GET", "Calls.json?"+tt.query.Encode(), nil)
		var got []string
		for _, c := range body["calls"].([]any) {
			got = append(got, c.(map[string]any)["from"].(string))
		}
		same(t, name, got, tt.want)
	}
	_, body := b.api("GET", "Calls.json?StartTime=today", nil)
	same(t, "a bad date", body["code"], any(20001.))
}

func TestMedia(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/sms": ``})
	m := b.Phone(anna).Text(line, "look", Picture("", "image/jpeg"), Picture("https://media.example/1", "image/png"))
	list := func() []any {
		t.Helper()
		status, body := b.api("GET", "Messages/"+m.SID()+"/Media.json", nil)
		same(t, "listed", status, 200)
		return body["media_list"].([]any)
	}
	all := list()
	same(t, "media", len(all), 2)
	one := all[0].(map[string]any)
	same(t, "the first", []any{one["content_type"], one["parent_sid"]}, []any{"image/jpeg", m.SID()})
	v := b.last("/sms")
	same(t, "told", []string{v.Get("NumMedia"), v.Get("MediaUrl0"), v.Get("MediaContentType0"), v.Get("MediaUrl1")}, []string{
		"2", "https://api.twilio.com/2010-04-01/Accounts/" + account + "/Messages/" + m.SID() + "/Media/" + one["sid"].(string), "image/jpeg", "https://media.example/1",
	})
	path := "Messages/" + m.SID() + "/Media/" + one["sid"].(string) + ".json"
	b.Linger(time.Minute)
	same(t, "too soon", first(b.api("DELETE", path, nil)), 409)
	b.Advance(time.Minute)
	same(t, "deleted", first(b.api("DELETE", path, nil)), 204)
	same(t, "gone", first(b.api("DELETE", path, nil)), 404)
	same(t, "the other", len(list()), 1)
	same(t, "the phone keeps both", len(b.Phone(anna).Texts()[0].Media), 2)
	same(t, "kept", b.Kept().Texts[0].Media, []string{"https://media.example/1"})
	same(t, "the message", first(b.api("DELETE", "Messages/"+m.SID()+".json", nil)), 204)
	same(t, "takes the rest along", first(b.api("GET", "Messages/"+m.SID()+"/Media.json", nil)), 404)
	b.clean()

	same(t, "to look at one", first(b.api("GET", path, nil)), 404)
	same(t, "is a problem", b.codes(), []int{20404})
}

func TestLinger(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/voice": `<Hangup/>`})
	b.Linger(14 * 24 * time.Hour)
	call := "Calls/" + b.Phone(anna).Call(line).SID() + ".json"
	text := "Messages/" + b.Phone(anna).Text(line, "hi").SID() + ".json"
	for _, path := range []string{call, text} {
		status, body := b.api("DELETE", path, nil)
		same(t, "at once", []any{status, body["code"]}, []any{409, 20009.})
	}
	b.Advance(14*24*time.Hour - time.Second)
	same(t, "not quite", first(b.api("DELETE", call, nil)), 409)
	b.Advance(time.Second)
	b.Inject(Fault{On: OnREST, Match: "DELETE ", Status: 409, Times: 1})
	status, body := b.api("DELETE", call, nil)
	same(t, "by a fault", []any{status, body["code"]}, []any{409, 20009.})
	for _, path := range []string{call, text} {
		same(t, "at last", first(b.api("DELETE", path, nil)), 204)
	}
	b.clean()
}
