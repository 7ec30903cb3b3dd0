package emulator

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestOutboundCall(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/remind": `<Gather numDigits="1" action="/key"><Say>Press one to join.</Say></Gather>`, "/key": `<Hangup/>`})
	status, body := b.api("POST", "Calls.json", url.Values{
		"To": {anna}, "From": {line}, "Url": {b.web.URL + "/remind"}, "StatusCallback": {b.web.URL + "/progress"},
		"StatusCallbackEvent": {"initiated", "ringing", "answered", "completed"},
	})
	same(t, "status", status, 201)
	same(t, "created as", body["status"], "queued")
	same(t, "date", body["date_created"], "Tue, 24 Nov 2026 12:00:00 +0000")
	c := b.Phone(anna).Current()
	same(t, "sid", body["sid"], c.SID())
	same(t, "state", c.State(), "ringing")
	b.Advance(4 * time.Second)
	b.Phone(anna).Answer()
	v := b.last("/remind")
	same(t, "params", []string{v.Get("Direction"), v.Get("CallStatus"), v.Get("From"), v.Get("To")}, []string{"outbound-api", "in-progress", line, anna})
	b.Advance(time.Second)
	c.Press("1")
	var seq []string
	for _, v := range b.asked("/progress") {
		seq = append(seq, v.Get("SequenceNumber")+" "+v.Get("CallStatus")+" "+v.Get("CallDuration"))
	}
	same(t, "callbacks", seq, []string{"0 initiated ", "1 ringing ", "2 in-progress ", "3 completed 1"})
	_, body = b.api("GET", "Calls/"+c.SID()+".json", nil)
	same(t, "duration is text", body["duration"], "1")
	b.clean()
}

func TestOutboundOutcomes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		behaviour Behaviour
		form      url.Values
		wait      time.Duration
		status    string
		sip       string
		answered  string // AnsweredBy given to the document
	}{
		"no answer":          {Behaviour{Kind: NoAnswer}, url.Values{"Timeout": {"20"}}, 25 * time.Second, "no-answer", "487", ""},
		"not yet":            {Behaviour{Kind: NoAnswer}, url.Values{"Timeout": {"20"}}, 24 * time.Second, "", "", ""},
		"busy":               {Behaviour{Kind: Busy}, nil, 0, "busy", "486", ""},
		"unreachable":        {Behaviour{Kind: Fail}, nil, 0, "failed", "404", ""},
		"human":              {Behaviour{Kind: Answer, After: time.Second}, url.Values{"MachineDetection": {"Enable"}}, 10 * time.Second, "completed", "", "human"},
		"machine":            {Behaviour{Kind: Machine}, url.Values{"MachineDetection": {"Enable"}}, 10 * time.Second, "completed", "", "machine_start"},
		"a patient ear":      {Behaviour{Kind: Answer}, url.Values{"MachineDetection": {"Enable"}, "MachineDetectionTimeout": {"6"}}, 10 * time.Second, "completed", "", "human"},
		"an impatient ear":   {Behaviour{Kind: Answer}, url.Values{"MachineDetection": {"Enable"}, "MachineDetectionTimeout": {"3"}}, 10 * time.Second, "completed", "", "unknown"},
		"who knows":          {Behaviour{Kind: Answer, Taken: "unknown"}, url.Values{"MachineDetection": {"Enable"}}, 10 * time.Second, "completed", "", "unknown"},
		"an endless message": {Behaviour{Kind: Machine, Says: strings.Repeat("blah ", 100)}, url.Values{"MachineDetection": {"DetectMessageEnd"}}, 40 * time.Second, "completed", "", "unknown"},
		"after its greeting": {Behaviour{Kind: Machine, Says: strings.Repeat("blah ", 20)}, url.Values{"MachineDetection": {"DetectMessageEnd"}}, 10 * time.Second, "completed", "", "machine_end_beep"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, map[string]string{"/remind": `<Say>hello</Say>`})
			b.Phone(anna).Behave(tt.behaviour)
			form := url.Values{"To": {anna}, "From": {line}, "Url": {b.web.URL + "/remind"}, "StatusCallback": {b.web.URL + "/progress"}}
			for k, v := range tt.form {
				form[k] = v
			}
			b.api("POST", "Calls.json", form)
			b.Advance(tt.wait)
			if tt.status == "" {
				same(t, "callbacks", len(b.asked("/progress")), 0)
				return
			}
			end := b.last("/progress")
			same(t, "CallStatus", end.Get("CallStatus"), tt.status)
			same(t, "SipResponseCode", end.Get("SipResponseCode"), tt.sip)
			same(t, "AnsweredBy of the last callback", end.Get("AnsweredBy"), tt.answered)
			if tt.answered != "" {
				same(t, "AnsweredBy of the first request", b.asked("/remind")[0].Get("AnsweredBy"), tt.answered)
			}
			b.clean()
		})
	}
}

func TestAsyncMachineDetection(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/remind": `<Pause length="60"/>`})
	b.Phone(anna).Behave(Behaviour{Kind: Machine})
	b.api("POST", "Calls.json", url.Values{
		"To": {anna}, "From": {line}, "Url": {b.web.URL + "/remind"}, "SendDigits": {"1"},
		"MachineDetection": {"Enable"}, "AsyncAmd": {"true"}, "AsyncAmdStatusCallback": {b.web.URL + "/amd"},
	})
	b.Advance(time.Second)
	same(t, "not waited for", len(b.asked("/remind")), 1)
	b.Advance(4 * time.Second)
	same(t, "AnsweredBy", b.last("/amd").Get("AnsweredBy"), "machine_start")
	b.clean()
}

func TestInlineTwiMLNeedsAbsoluteURLs(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.Phone(anna).Behave(Behaviour{Kind: Answer})
	b.api("POST", "Calls.json", url.Values{"To": {anna}, "From": {line}, "Twiml": {`<Response><Gather numDigits="1" action="/x"><Say>hi</Say></Gather></Response>`}})
	b.Settle()
	b.Phone(anna).Current().Press("1")
	same(t, "codes", b.codes(), []int{15004})
	same(t, "heard", texts(b.Phone(anna)), []string{"hi", apology})
}

func TestUpdateCall(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		form   url.Values
		ring   bool // the call still rings
		status int
		code   float64
		state  string
	}{
		"new TwiML":                {url.Values{"Twiml": {`<Response><Say>over</Say></Response>`}}, false, 200, 0, "in-progress"},
		"hang up":                  {url.Values{"Status": {"completed"}}, false, 200, 0, "completed"},
		"cancel a ringing call":    {url.Values{"Status": {"canceled"}}, true, 200, 0, "canceled"},
		"hang up a ringing call":   {url.Values{"Status": {"completed"}}, true, 200, 0, "canceled"},
		"cancel an answered call":  {url.Values{"Status": {"canceled"}}, false, 400, 21220, "in-progress"},
		"redirect a ringing call":  {url.Values{"Twiml": {`<Response/>`}}, true, 400, 21220, "ringing"},
		"a status that is none":    {url.Values{"Status": {"paused"}}, false, 400, 21218, "in-progress"},
		"a bad URL":                {url.Values{"Url": {"ftp://x"}}, false, 400, 21205, "in-progress"},
		"a parameter that is none": {url.Values{"Mute": {"true"}}, false, 400, 20001, "in-progress"},
		"a time limit":             {url.Values{"TimeLimit": {"5"}}, false, 200, 0, "in-progress"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			b.api("POST", "Calls.json", url.Values{"To": {anna}, "From": {line}, "Twiml": {`<Response><Pause length="100"/></Response>`}})
			c := b.Phone(anna).Current()
			if !tt.ring {
				b.Phone(anna).Answer()
			}
			status, body := b.api("POST", "Calls/"+c.SID()+".json", tt.form)
			same(t, "status", status, tt.status)
			if tt.code != 0 {
				same(t, "code", body["code"], any(tt.code))
			}
			same(t, "state", c.State(), tt.state)
			if tt.form.Has("TimeLimit") {
				b.Advance(5 * time.Second)
				same(t, "state", c.State(), "completed")
			}
		})
	}
}

func TestCreateCallRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	good := url.Values{"To": {anna}, "From": {line}, "Url": {"https://example.com/x"}}
	tests := map[string]struct {
		set  url.Values
		code float64
	}{
		"no To":              {url.Values{"To": {""}}, 21201},
		"no From":            {url.Values{"From": {""}}, 21213},
		"To is no number":    {url.Values{"To": {"5550111"}}, 21211},
		"From is not ours":   {url.Values{"From": {ben}}, 21210},
		"no Url":             {url.Values{"Url": {""}}, 21205},
		"Url with _":         {url.Values{"Url": {"https://a_b.example/"}}, 21205},
		"bad Timeout":        {url.Values{"Timeout": {"x"}}, 21208},
		"bad SendDigits":     {url.Values{"SendDigits": {"1,2"}}, 21206},
		"bad callback":       {url.Values{"StatusCallback": {"https://a_b.example/"}}, 21609},
		"events in one":      {url.Values{"StatusCallbackEvent": {"initiated completed"}}, 21626},
		"long Twiml":         {url.Values{"Twiml": {strings.Repeat("x", 4001)}}, 21605},
		"unknown parameter":  {url.Values{"StatusCallBack": {"https://example.com"}}, 20001},
		"a recorded call":    {url.Values{"Record": {"true"}}, 20001},
		"detection of whom?": {url.Values{"MachineDetection": {"true"}}, 20001},
		"detection for long": {url.Values{"MachineDetection": {"Enable"}, "MachineDetectionTimeout": {"60"}}, 20001},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			form := url.Values{}
			for _, set := range []url.Values{good, tt.set} {
				for k, v := range set {
					form[k] = v
				}
			}
			status, body := b.api("POST", "Calls.json", form)
			same(t, "status", status, 400)
			same(t, "code", body["code"], any(tt.code))
			same(t, "more_info", strings.HasPrefix(body["more_info"].(string), "https://www.twilio.com/docs/errors/"), true)
		})
	}
	same(t, "nobody was called", b.Phone(anna).Current() == nil, true)
}

func TestRESTStrictness(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	tests := map[string]struct {
		method, path string
		status       int
		code         float64
	}{
		"unknown path":           {"GET", "Transcriptions.json", 404, 20404},
		"no .json":               {"GET", "Calls", 404, 20404},
		"wrong case":             {"GET", "calls.json", 404, 20404},
		"another account":        {"GET", "/2010-04-01/Accounts/AC2/Calls.json", 404, 20404},
		"a method that is none":  {"PUT", "Calls.json", 404, 20404},
		"no such call":           {"GET", "Calls/CA0.json", 404, 20404},
		"no such conference":     {"GET", "Conferences/CF0.json", 404, 20404},
		"no such participants":   {"GET", "Conferences/CF0/Participants.json", 404, 20404},
		"a parameter":            {"GET", "Calls.json?Colour=red", 400, 20001},
		"a page size":            {"GET", "Calls.json?PageSize=0", 400, 20006},
		"a page token":           {"GET", "Calls.json?PageToken=x", 400, 21481},
		"deleting nothing":       {"DELETE", "Calls/CA0.json", 404, 20404},
		"updating nothing":       {"POST", "Calls/CA0.json", 404, 20404},
		"a conference by name":   {"POST", "Conferences/name.json", 404, 20404},
		"a participant of none":  {"DELETE", "Conferences/CF0/Participants/x.json", 404, 20404},
		"a participant unmade":   {"POST", "Conferences/name/Participants.json", 400, 21201},
		"a participant in error": {"GET", "Conferences/CF0/Participants/x.json", 404, 20404},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			status, body := b.api(tt.method, tt.path, nil)
			same(t, "status", status, tt.status)
			same(t, "code", body["code"], any(tt.code))
		})
	}
	resp, err := http.Get(b.rest.URL + "/2010-04-01/Accounts/" + account + "/Calls.json")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	same(t, "without a password", resp.StatusCode, 401)
}

func TestLists(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/voice": `<Hangup/>`})
	for range 5 {
		b.Phone(anna).Call(line)
	}
	b.Phone(ben).Call(line)
	var seen []any
	path := "Calls.json?PageSize=2&From=" + url.QueryEscape(anna)
	for pages := 0; path != ""; pages++ {
		if pages > 3 {
			t.Fatal("the pages do not end")
		}
		_, body := b.api("GET", path, nil)
		for _, c := range body["calls"].([]any) {
			seen = append(seen, c.(map[string]any)["sid"])
		}
		path, _ = body["next_page_uri"].(string)
	}
	same(t, "calls", len(seen), 5)
	_, body := b.api("GET", "Calls/"+seen[0].(string)+".json", nil)
	same(t, "status", body["status"], any("completed"))
	same(t, "deleted", first(b.api("DELETE", "Calls/"+seen[0].(string)+".json", nil)), 204)
	same(t, "gone", first(b.api("GET", "Calls/"+seen[0].(string)+".json", nil)), 404)
	_, body = b.api("GET", "IncomingPhoneNumbers.json?PhoneNumber="+url.QueryEscape(line), nil)
	same(t, "number", body["incoming_phone_numbers"].([]any)[0].(map[string]any)["voice_url"], any(b.web.URL+"/voice"))
}

func TestParticipants(t *testing.T) {
	t.Parallel()
	b := roomBench(t, "")
	one := b.Phone(anna).Call(line)
	room := b.Rooms()[0]
	same(t, "delete a live call", first(b.api("DELETE", "Calls/"+one.SID()+".json", nil)), 409)
	status, body := b.api("POST", "Conferences/g_x/Participants.json", url.Values{
		"From": {line}, "To": {cleo}, "Label": {"helper"}, "Muted": {"true"}, "Beep": {"false"}, "TimeLimit": {"600"},
	})
	same(t, "created", []any{status, body["status"], body["conference_sid"], body["label"]}, []any{201, "queued", room.SID, "helper"})
	b.Phone(cleo).Answer()
	_, list := b.api("GET", "Conferences/"+room.SID+"/Participants.json?Muted=true", nil)
	muted := list["participants"].([]any)
	same(t, "muted", len(muted), 1)
	same(t, "label", muted[0].(map[string]any)["label"], any("helper"))
	b.Phone(cleo).Current().Say("can you hear me")
	same(t, "muted from the start", texts(b.Phone(anna))[len(texts(b.Phone(anna)))-1], "You are the first.")
	_, seat := b.api("POST", "Conferences/"+room.SID+"/Participants/helper.json", url.Values{"Muted": {"no"}, "EndConferenceOnExit": {"true"}})
	same(t, "anything but true is false", []any{seat["muted"], seat["end_conference_on_exit"]}, []any{false, true})
	b.Phone(cleo).Current().Say("and now")
	same(t, "heard", texts(b.Phone(anna))[len(texts(b.Phone(anna)))-1], "and now")

	same(t, "label in use", first(b.api("POST", "Conferences/"+room.SID+"/Participants.json", url.Values{"From": {line}, "To": {ben}, "Label": {"helper"}})), 400)
	same(t, "bad attribute", first(b.api("POST", "Conferences/g_x/Participants.json", url.Values{"From": {line}, "To": {ben}, "MaxParticipants": {"900"}})), 400)
	b.Phone(ben).Behave(Behaviour{Kind: Busy})
	b.Advance(time.Second) // a call a second
	b.api("POST", "Conferences/g_x/Participants.json", url.Values{"From": {line}, "To": {ben}, "Label": {"third"}})
	same(t, "who did not come", b.last("/room").Get("ReasonParticipantLeft"), "participant_add_failed")
	b.Advance(time.Second)
	b.api("POST", "Conferences/empty/Participants.json", url.Values{"From": {line}, "To": {ben}})
	_, rooms := b.api("GET", "Conferences.json?FriendlyName=empty&Status=completed", nil)
	same(t, "a room nobody came to", len(rooms["conferences"].([]any)), 1)

	same(t, "removed", first(b.api("DELETE", "Conferences/"+room.SID+"/Participants/helper.json", nil)), 204)
	_, ended := b.api("GET", "Conferences/"+room.SID+".json", nil)
	same(t, "ended", []any{ended["status"], ended["reason_conference_ended"]}, []any{"completed", "participant-with-end-conference-on-exit-kicked"})
	same(t, "announcing to nobody", first(b.api("POST", "Conferences/"+room.SID+".json", url.Values{"AnnounceUrl": {b.web.URL + "/announce"}})), 400)
	b.clean()
}
