package carrier

import "testing"

func TestProgress(t *testing.T) {
	t.Parallel()
	text := func(status, code string) map[string]string {
		return map[string]string{"MessageSid": testMessage, "MessageStatus": status, "SmsStatus": status, "ErrorCode": code}
	}
	call := func(status, by string) map[string]string {
		return map[string]string{"CallSid": testCall, "CallStatus": status, "AnsweredBy": by, "Direction": "outbound-api"}
	}
	ended := func(sid string, reached Reached) Progress { return Progress{SID: sid, Over: true, Outcome: reached} }
	tests := map[string]struct {
		give map[string]string
		want Progress
		no   bool
	}{
		"queued":            {text("queued", ""), Progress{SID: testMessage}, false},
		"sent":              {text("sent", ""), Progress{SID: testMessage}, false},
		"an unknown status": {text("pondering", ""), Progress{SID: testMessage}, false},
		"delivered":         {text("delivered", ""), ended(testMessage, ReachDelivered), false},
		"read":              {text("read", ""), ended(testMessage, ReachDelivered), false},
		"canceled":          {text("canceled", ""), ended(testMessage, ReachUndelivered), false},
		"phone off":         {text("undelivered", "30003"), Progress{testMessage, true, ReachUndelivered, 30003, Temporary}, false},
		"nobody knows why":  {text("undelivered", "30008"), Progress{testMessage, true, ReachUndelivered, 30008, Temporary}, false},
		"opted out":         {text("failed", "21610"), Progress{testMessage, true, ReachUndelivered, 21610, OptedOut}, false},
		"too late":          {text("failed", "30036"), Progress{testMessage, true, ReachUndelivered, 30036, Temporary}, false},
		"a code not ours":   {text("failed", "39999"), Progress{testMessage, true, ReachUndelivered, 39999, Unknown}, false},
		"no code at all":    {text("failed", "x"), Progress{SID: testMessage, Over: true, Outcome: ReachUndelivered, Class: Unknown}, false},
		"a text to us":      {map[string]string{"MessageSid": testMessage, "SmsStatus": "received"}, Progress{}, true},
		"being received":    {text("receiving", ""), Progress{}, true},
		"no SID":            {map[string]string{"MessageSid": "SM1", "MessageStatus": "sent"}, Progress{}, true},

		"ringing":          {call("ringing", ""), Progress{SID: testCall}, false},
		"picked up":        {call("in-progress", "human"), Progress{SID: testCall}, false},
		"a person":         {call("completed", "human"), ended(testCall, ReachPerson), false},
		"a machine":        {call("completed", "machine_start"), ended(testCall, ReachMachine), false},
		"a fax":            {call("completed", "fax"), ended(testCall, ReachMachine), false},
		"unknown":          {call("completed", "unknown"), ended(testCall, ReachMachine), false},
		"hung up at once":  {call("completed", ""), ended(testCall, ReachMachine), false},
		"busy":             {call("busy", ""), ended(testCall, ReachBusy), false},
		"no answer":        {call("no-answer", ""), ended(testCall, ReachNoAnswer), false},
		"failed":           {call("failed", ""), ended(testCall, ReachNobody), false},
		"taken back":       {call("canceled", ""), ended(testCall, ReachNobody), false},
		"a call to us":     {map[string]string{"CallSid": testCall, "CallStatus": "completed", "Direction": "inbound"}, Progress{}, true},
		"a room's":         {map[string]string{"ConferenceSid": testConference, "CallSid": testCall}, Progress{}, true},
		"nothing whatever": {nil, Progress{}, true},
	}
	for name, tt := range tests {
		got, ok := newWebhook(tt.give).Progress()
		if tt.no {
			if ok {
				t.Errorf("%s: %+v", name, got)
			}
			continue
		}
		if !ok || got != tt.want {
			t.Errorf("%s: %+v, %t, want %+v", name, got, ok, tt.want)
		}
	}
	if got, ok := (Webhook{}).Progress(); ok {
		t.Errorf("of no request: %+v", got)
	}
}

// Whatever is told, a report is over only with an outcome, and has an outcome only
// when it is over.
func FuzzProgress(f *testing.F) {
	f.Add(testMessage, "delivered", "", "", "", "")
	f.Add(testMessage, "failed", "30003", "", "", "")
	f.Add("", "", "", testCall, "completed", "human")
	f.Add("", "", "-1", testCall, "no-answer", "")
	f.Fuzz(func(t *testing.T, message, status, code, call, callStatus, by string) {
		p, ok := newWebhook(map[string]string{
			"MessageSid": message, "MessageStatus": status, "ErrorCode": code, "CallSid": call, "CallStatus": callStatus, "AnsweredBy": by,
		}).Progress()
		if ok && (p.Over != (p.Outcome != UnderWay) || p.SID != message && p.SID != call || p.SID == "") {
			t.Errorf("%+v", p)
		}
	})
}
