package emulator

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Kept is what Twilio still has: its records, and what it was told. A call or a
// message that is deleted takes along what was said in it and the values of its
// requests. Whether Twilio's own logs forget those so soon is not documented.
// What no deletion reaches is here for ever: names of conferences and queues,
// labels of participants, and the URL of every request.
type Kept struct {
	Calls     []KeptCall     `json:"calls"`
	Texts     []Text         `json:"texts"` // without the body once it is redacted; Media are those not deleted
	Rooms     []KeptRoom     `json:"rooms"`
	Queues    []string       `json:"queues"`
	Documents []KeptDocument `json:"documents"`
	Requests  []Request      `json:"requests"`
}

// KeptCall is the record of a call.
type KeptCall struct {
	SID       string    `json:"sid"`
	From      string    `json:"from"`
	To        string    `json:"to"`
	Direction string    `json:"direction"`
	Status    string    `json:"status"`
	Over      time.Time `json:"over"` // zero until then
}

// KeptRoom is what stays of a conference.
type KeptRoom struct {
	SID    string   `json:"sid"`
	Name   string   `json:"name"` // its FriendlyName
	Labels []string `json:"labels"`
}

// KeptDocument is TwiML that the program answered with.
type KeptDocument struct {
	Call    string `json:"call,omitempty"`    // CallSid; "" of what a whole conference heard
	Message string `json:"message,omitempty"` // MessageSid of the text that it answered
	URL     string `json:"url"`
	Body    string `json:"body"`
}

// Request is one that Twilio made of the program, or the program of its REST API.
type Request struct {
	At      time.Time  `json:"at"`
	Ours    bool       `json:"ours"` // made by the program
	Call    string     `json:"call,omitempty"`
	Message string     `json:"message,omitempty"`
	Method  string     `json:"method"`
	URL     string     `json:"url"`              // of REST, path and query
	Params  url.Values `json:"params,omitempty"` // of a body
}

// Kept returns what Twilio has at this moment.
func (e *Emulator) Kept() Kept {
	e.mu.Lock()
	defer e.mu.Unlock()
	k := Kept{Queues: slices.Clone(e.lines)}
	for _, c := range e.calls {
		k.Calls = append(k.Calls, KeptCall{SID: c.sid, From: c.from, To: c.to, Direction: c.direction, Status: c.state, Over: c.over})
	}
	redacted := map[string]bool{}
	for _, m := range e.messages {
		k.Texts = append(k.Texts, m.kept())
		redacted[m.sid] = m.redacted
	}
	for _, m := range e.rooms {
		k.Rooms = append(k.Rooms, KeptRoom{SID: m.sid, Name: m.name, Labels: slices.Clone(m.labels)})
	}
	for _, x := range e.exchanges {
		k.Requests = append(k.Requests, Request{At: x.At, Call: x.Call, Message: x.Message, Method: x.Method, URL: x.URL, Params: x.Params})
		if asksForTwiML := x.Kind == KindVoice || x.Kind == KindWait || x.Kind == KindSMS; asksForTwiML && x.Body != "" && !e.forgotten(x.Call, x.Message) {
			k.Documents = append(k.Documents, KeptDocument{Call: x.Call, Message: x.Message, URL: x.URL, Body: x.Body})
		}
	}
	k.Requests = append(k.Requests, e.asked...)
	for i, r := range k.Requests {
		switch {
		case e.forgotten(r.Call, r.Message):
			k.Requests[i].Params = nil
		case redacted[r.Message]:
			k.Requests[i].Params = maps.Clone(r.Params)
			delete(k.Requests[i].Params, "Body")
		}
	}
	slices.SortStableFunc(k.Requests, func(a, b Request) int { return a.At.Compare(b.At) })
	return k
}

func (e *Emulator) forgotten(call, message string) bool { return e.deleted[call] || e.deleted[message] }

// kept is the record of a message.
func (m *Message) kept() Text {
	t := m.text()
	if m.redacted {
		t.Body = ""
	}
	t.Media = nil
	for _, x := range m.media {
		if !x.gone {
			t.Media = append(t.Media, x.url)
		}
	}
	return t
}

// Trace is one string that could tell something.
type Trace struct {
	// Where it is kept: "call From", "text Body", "room", "label", "queue",
	// "document", "url", and of the values of requests "parameter" and its name.
	Where string
	What  string
}

// Traces returns every string that could tell something.
func (k Kept) Traces() []Trace {
	var all []Trace
	add := func(where string, strings ...string) {
		for _, what := range strings {
			all = append(all, Trace{where, what})
		}
	}
	for _, c := range k.Calls {
		add("call From", c.From)
		add("call To", c.To)
	}
	for _, t := range k.Texts {
		add("text From", t.From)
		add("text To", t.To)
		add("text Body", t.Body)
		add("text Media", t.Media...)
	}
	for _, r := range k.Rooms {
		add("room", r.Name)
		add("label", r.Labels...)
	}
	add("queue", k.Queues...)
	for _, d := range k.Documents {
		add("document", d.Body)
	}
	for _, r := range k.Requests {
		add("url", r.URL)
		for _, name := range slices.Sorted(maps.Keys(r.Params)) {
			add("parameter "+name, r.Params[name]...)
		}
	}
	return all
}

// request is what Twilio keeps of a REST request whose answer is body.
func (q *restCall) request(at time.Time, body any) Request {
	r := Request{At: at, Ours: true, Call: q.r.PathValue("call"), Message: q.r.PathValue("message"), Method: q.r.Method, URL: q.r.URL.EscapedPath() + ".json"}
	if q.r.URL.RawQuery != "" {
		r.URL += "?" + q.r.URL.RawQuery
	}
	if q.r.Method != "POST" {
		return r
	}
	r.Params = q.form
	made, _ := body.(map[string]any)
	if sid, _ := made["sid"].(string); strings.HasPrefix(sid, "CA") {
		r.Call = sid
	} else if strings.HasPrefix(sid, "SM") || strings.HasPrefix(sid, "MM") {
		r.Message = sid
	}
	if sid, ok := made["call_sid"].(string); ok {
		r.Call = sid
	}
	return r
}
