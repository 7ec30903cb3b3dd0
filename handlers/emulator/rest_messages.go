package emulator

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

const createMessageParams = "To From MessagingServiceSid Body MediaUrl StatusCallback ValidityPeriod ScheduleType SendAt RiskCheck"

func (e *Emulator) showMessage(m *Message) map[string]any {
	body := m.body
	if m.redacted {
		body = ""
	}
	segments := 0 // until a service has chosen how to send it
	if m.status != statusAccepted && m.status != statusScheduled {
		_, _, segments = CountSegments(m.body)
	}
	out := map[string]any{
		"sid": m.sid, "account_sid": e.account, "api_version": apiVersion, "messaging_service_sid": orNull(m.service),
		"from": orNull(e.shown(m.from)), "to": e.shown(m.to), "body": body, "direction": m.direction, "status": m.status,
		"num_segments": strconv.Itoa(segments), "num_media": strconv.Itoa(len(m.media)), "price": nil, "price_unit": "USD",
		"error_code": nil, "error_message": nil, "uri": e.uri("Messages/" + m.sid),
		"date_created": date(m.created), "date_updated": date(m.updated), "date_sent": date(m.sent),
		"subresource_uris": map[string]string{"media": e.uri("Messages/" + m.sid + "/Media")},
	}
	if m.code != 0 {
		out["error_code"] = m.code
		out["error_message"] = errorMessages[m.code]
	}
	return out
}

// errorMessages are what Twilio says of a message that did not arrive.
var errorMessages = map[int]string{
	21610: "Attempt to send to unsubscribed recipient",
	21614: "'To' number is not a valid mobile number",
	30003: "Unreachable destination handset",
	30004: "Message blocked",
	30005: "Unknown destination handset",
	30006: "Landline or unreachable carrier",
	30007: "Message filtered",
	30008: "Unknown error",
	30034: "Message from an Unregistered Number",
	30036: "Validity Period Expired",
}

func (e *Emulator) pathMessage(q *restCall) (*Message, *restError) {
	if m := e.bySID[q.r.PathValue("message")]; m != nil {
		return m, nil
	}
	return nil, notFound(q.r.URL.Path)
}

func (e *Emulator) fetchMessage(q *restCall) (any, *restError) {
	m, bad := e.pathMessage(q)
	if bad != nil {
		return nil, bad
	}
	return e.showMessage(m), nil
}

func (e *Emulator) listMessages(q *restCall) (any, *restError) {
	sent, bad := during(q, "DateSent")
	if bad != nil {
		return nil, bad
	}
	is := func(name, value string) bool { return !q.given(name) || q.str(name) == value }
	return newest(q, "messages", e.messages, func(m *Message) bool {
		return is("To", m.to) && is("From", m.from) && sent(m.sent) && e.listed(m.created)
	}, e.showMessage)
}

func (e *Emulator) createMessage(q *restCall) (any, *restError) {
	if bad := checkContent(q); bad != nil {
		return nil, bad
	}
	from, service, bad := e.checkSender(q)
	if bad != nil {
		return nil, bad
	}
	wait, bad := e.schedule(q)
	if bad != nil {
		return nil, bad
	}
	to := q.str("To")
	if service == nil { // through a service these come later, by callback
		switch {
		case e.blocked(from, to):
			return nil, badParameter(21610, "Attempt to send to unsubscribed recipient")
		case e.phone(to).delivery.Kind == Landline:
			return nil, badParameter(21614, "'To' number is not a valid mobile number: %s", masked(to))
		}
	}
	m := e.newMessage(from, to, q.str("Body"), outboundAPI)
	m.callback = q.str("StatusCallback")
	if seconds := 0; number10(q.str("ValidityPeriod"), 1, maxValidity, &seconds) {
		m.validity = time.Duration(seconds) * time.Second
	}
	for _, address := range q.form["MediaUrl"] {
		m.illustrate(media{url: address})
	}
	status := statusQueued
	if service != nil {
		m.service, status = service.SID, statusAccepted
	}
	if wait > 0 {
		status = statusScheduled
	}
	m.enter(status)
	if wait > 0 {
		m.next = e.after(wait, m.dispatch)
	} else {
		m.dispatch()
	}
	body := e.showMessage(m)
	if !q.given("From") {
		body["from"] = nil
	}
	return body, nil
}

// updateMessage empties the body of a message, or cancels a scheduled one.
func (e *Emulator) updateMessage(q *restCall) (any, *restError) {
	m, bad := e.pathMessage(q)
	if bad != nil {
		return nil, bad
	}
	switch {
	case q.str("Body") != "":
		return nil, badParameter(20001, "Body can only be emptied: send it empty to redact the message")
	case q.given("Status") && q.str("Status") != statusCanceled:
		return nil, badParameter(20001, "Status is canceled")
	case q.given("Status") && m.status != statusScheduled:
		return nil, badParameter(30409, "This message cannot be canceled")
	case q.given("Body") && !m.finished():
		return nil, &restError{status: http.StatusConflict, code: 20009, text: notComplete}
	}
	if q.given("Status") {
		m.next.stop()
		m.become(statusCanceled, 0)
	}
	m.redacted = m.redacted || q.given("Body")
	return e.showMessage(m), nil
}

// deleteMessage forgets a message that is over, and its media: Twilio keeps
// those only if they belong to another message too. What a phone has received it
// keeps.
func (e *Emulator) deleteMessage(q *restCall) (any, *restError) {
	m, bad := e.pathMessage(q)
	if bad != nil {
		return nil, bad
	}
	if bad := e.undeletable(m.finished(), m.updated); bad != nil {
		return nil, bad
	}
	e.deleted[m.sid] = true
	delete(e.bySID, m.sid)
	at := indexOf(e.messages, m.seq)
	e.messages = slices.Delete(e.messages, at, at+1)
	return nil, nil
}
