package emulator

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The statuses of a message beside those that calls have too, as Twilio's
// MessageStatus.
const (
	statusAccepted    = "accepted"
	statusScheduled   = "scheduled"
	statusSent        = "sent"
	statusDelivered   = "delivered"
	statusUndelivered = "undelivered"
	statusReceived    = "received"
)

// outboundReply is the direction of what answers a text.
const outboundReply = "outbound-reply"

// Text is a message as it stands: what was written, and what became of it.
type Text struct {
	SID       string    `json:"sid"`
	At        time.Time `json:"at"` // when it was written
	From      string    `json:"from"`
	To        string    `json:"to"`
	Body      string    `json:"body"`
	Media     []string  `json:"media,omitempty"` // URLs of pictures
	Direction string    `json:"direction"`       // inbound (the phone wrote it), outbound-api, outbound-reply
	Encoding  string    `json:"encoding"`        // GSM-7, UCS-2
	Units     int       `json:"units"`           // septets or 16-bit units
	Segments  int       `json:"segments"`
	Status    string    `json:"status"`           // Twilio's MessageStatus
	Error     int       `json:"error,omitempty"`  // Twilio's code
	Canned    bool      `json:"canned,omitempty"` // Twilio's own answer to an opt-out word
}

// Message is a text on its way between a phone and a number of the account.
type Message struct {
	logged
	e         *Emulator
	sid       string
	from, to  string
	fated     *DeliveryBehaviour // by chance, once it is known
	holder    *Phone             // who wrote it, or is written to
	body      string
	media     []media
	direction string
	service   string // its SID, if it was sent through one
	status    string
	code      int

	created, updated, sent time.Time

	callback string
	validity time.Duration // how long Twilio keeps it in its queue
	next     *task         // what becomes of it next
	canned   bool
	redacted bool
	optOut   string // STOP, START or HELP, of an inbound one
	answers  []*Message
}

// media is a file that belongs to a message.
type media struct {
	sid, url, kind string
	gone           bool // deleted at Twilio
}

// SID returns the MessageSid.
func (m *Message) SID() string { return m.sid }

// Text returns the message as it stands.
func (m *Message) Text() Text {
	m.e.mu.Lock()
	defer m.e.mu.Unlock()
	return m.text()
}

// Replies returns what was sent in answer to a phone's text so far, Twilio's
// own answers among them.
func (m *Message) Replies() []Text {
	m.e.mu.Lock()
	defer m.e.mu.Unlock()
	return textsOf(m.answers)
}

func textsOf(messages []*Message) []Text {
	all := make([]Text, len(messages))
	for i, m := range messages {
		all[i] = m.text()
	}
	return all
}

func (m *Message) text() Text {
	t := Text{
		SID: m.sid, At: m.created, From: m.from, To: m.to, Body: m.body, Direction: m.direction,
		Status: m.status, Error: m.code, Canned: m.canned,
	}
	t.Encoding, t.Units, t.Segments = CountSegments(m.body)
	for _, x := range m.media {
		t.Media = append(t.Media, x.url)
	}
	return t
}

// newMessage must be called with mu held. An inbound one is yet to be given
// its holder.
func (e *Emulator) newMessage(from, to, body, direction string) *Message {
	now := e.clock.Now()
	m := &Message{e: e, sid: e.sid("SM"), from: from, to: to, body: body, direction: direction, created: now, updated: now}
	if direction != inbound {
		m.holder = e.phone(to)
	}
	return m
}

// illustrate adds pictures, which make the message an MMS. One without an address
// is where Twilio keeps it.
func (m *Message) illustrate(all ...media) {
	m.sid = "MM" + m.sid[2:]
	for _, x := range all {
		x.sid = m.e.sid("ME")
		if x.url == "" {
			x.url = "https://api.twilio.com" + strings.TrimSuffix(m.e.uri("Messages/"+m.sid+"/Media/"+x.sid), ".json")
		}
		m.media = append(m.media, x)
	}
}

// enter puts a message in its phone's thread and, unless Twilio never sees it,
// in the account's log.
func (m *Message) enter(status string) {
	m.status = status
	m.holder.texts = append(m.holder.texts, m)
	if status != statusFailed {
		m.e.made++
		m.seq = m.e.made
		m.e.messages = append(m.e.messages, m)
		m.e.bySID[m.sid] = m
	}
	t := m.text()
	m.e.emit(Event{Kind: EventText, Phone: m.holder.number, Message: m.sid, Text: m.body, SMS: &t})
}

// become changes the status and tells the status callback of it.
func (m *Message) become(status string, code int) {
	m.status, m.code, m.updated = status, code, m.e.clock.Now()
	t := m.text()
	m.e.emit(Event{Kind: EventTextStatus, Phone: m.holder.number, Message: m.sid, Text: status, SMS: &t})
	v := url.Values{
		"MessageSid": {m.sid}, "SmsSid": {m.sid}, "MessageStatus": {status}, "SmsStatus": {status},
		"From": {m.from}, "To": {m.to}, "AccountSid": {m.e.account}, "ApiVersion": {apiVersion},
	}
	if m.service != "" {
		v.Set("MessagingServiceSid", m.service)
	}
	if code != 0 {
		v.Set("ErrorCode", strconv.Itoa(code))
	}
	if status == statusDelivered || status == statusUndelivered {
		v.Set("RawDlrDoneDate", m.updated.UTC().Format("0601021504"))
	}
	m.e.callback(&webhook{
		kind: KindMessageStatus, message: m.sid, about: status, series: m.sid,
		url: m.callback, method: "POST", params: v,
	}, 11200)
}

// finished reports whether Twilio is done with a message. That a report may
// still come after sent does not count: from some carriers none ever does.
func (m *Message) finished() bool {
	switch m.status {
	case statusQueued, statusAccepted, statusScheduled:
		return false
	}
	return true
}
