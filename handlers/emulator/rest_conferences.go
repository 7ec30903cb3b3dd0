package emulator

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	createSeatParams = "To From Label Timeout TimeLimit StatusCallback StatusCallbackMethod StatusCallbackEvent Muted Beep StartConferenceOnEnter " +
		"EndConferenceOnExit WaitUrl WaitMethod MaxParticipants EarlyMedia Region JitterBufferSize " +
		"ConferenceStatusCallback ConferenceStatusCallbackMethod ConferenceStatusCallbackEvent"
	updateSeatParams = "Muted Hold HoldUrl HoldMethod AnnounceUrl AnnounceMethod WaitUrl WaitMethod BeepOnExit EndConferenceOnExit"
)

var conferenceSID = regexp.MustCompile(`^CF[0-9a-f]{32}$`)

func (e *Emulator) showRoom(m *room) map[string]any {
	by := ""
	if m.endedBy != nil {
		by = m.endedBy.c.sid
	}
	return map[string]any{
		"sid": m.sid, "account_sid": e.account, "api_version": apiVersion, "friendly_name": m.name, "status": m.status, "region": m.region,
		"date_created": date(m.created), "date_updated": date(m.updated), "uri": e.uri("Conferences/" + m.sid),
		"reason_conference_ended": orNull(m.reason), "call_sid_ending_conference": orNull(by),
		"subresource_uris": map[string]string{"participants": e.uri("Conferences/" + m.sid + "/Participants")},
	}
}

func (e *Emulator) showSeat(s *seat) map[string]any {
	status := "connected"
	return map[string]any{
		"call_sid": s.c.sid, "label": orNull(s.label), "conference_sid": s.m.sid, "account_sid": e.account, "api_version": apiVersion,
		"muted": s.muted, "hold": s.hold, "coaching": false, "call_sid_to_coach": nil, "start_conference_on_enter": s.starts,
		"end_conference_on_exit": s.ends, "status": status, "queue_time": "0",
		"date_created": date(s.created), "date_updated": date(s.updated), "uri": e.uri("Conferences/" + s.m.sid + "/Participants/" + s.c.sid),
	}
}

func (e *Emulator) pathRoom(q *restCall) (*room, *restError) {
	sid := q.r.PathValue("conference")
	i := slices.IndexFunc(e.rooms, func(m *room) bool { return m.sid == sid })
	if i < 0 {
		return nil, notFound(q.r.URL.Path)
	}
	return e.rooms[i], nil
}

func (e *Emulator) listRooms(q *restCall) (any, *restError) {
	var all []*room
	for _, m := range slices.Backward(e.rooms) {
		if (!q.given("FriendlyName") || q.str("FriendlyName") == m.name) && (!q.given("Status") || q.str("Status") == m.status) {
			all = append(all, m)
		}
	}
	return page(q, "conferences", all, e.showRoom)
}

func (e *Emulator) fetchRoom(q *restCall) (any, *restError) {
	m, bad := e.pathRoom(q)
	if bad != nil {
		return nil, bad
	}
	return e.showRoom(m), nil
}

func (e *Emulator) updateRoom(q *restCall) (any, *restError) {
	m, bad := e.pathRoom(q)
	switch {
	case bad != nil:
		return nil, bad
	case q.given("Status") && q.str("Status") != statusCompleted:
		return nil, badParameter(20001, "Status can only be completed")
	case q.given("AnnounceUrl") && !goodURL(q.str("AnnounceUrl")):
		return nil, badParameter(21205, "AnnounceUrl is not a valid URL")
	case q.given("AnnounceUrl") && !m.live():
		return nil, badParameter(16022, "The conference has ended")
	}
	if target := q.str("AnnounceUrl"); target != "" {
		m.announce(nil, target, q.str("AnnounceMethod"))
	}
	if q.given("Status") && m.live() {
		m.finish(nil, "conference-ended-via-api", leftByEnd)
	}
	return e.showRoom(m), nil
}

func (e *Emulator) listSeats(q *restCall) (any, *restError) {
	m, bad := e.pathRoom(q)
	if bad != nil {
		return nil, bad
	}
	var all []*seat
	for _, s := range m.seats {
		if (!q.given("Muted") || isTrue(q.str("Muted")) == s.muted) && (!q.given("Hold") || isTrue(q.str("Hold")) == s.hold) {
			all = append(all, s)
		}
	}
	return page(q, "participants", all, e.showSeat)
}

// isTrue reads a boolean as Twilio does: whatever is not true is false.
func isTrue(s string) bool { return strings.EqualFold(s, "true") }

func (e *Emulator) pathSeat(q *restCall) (*seat, *restError) {
	m, bad := e.pathRoom(q)
	if bad != nil {
		return nil, bad
	}
	if s := m.find(q.r.PathValue("who")); s != nil {
		return s, nil
	}
	return nil, notFound(q.r.URL.Path)
}

func (e *Emulator) fetchSeat(q *restCall) (any, *restError) {
	s, bad := e.pathSeat(q)
	if bad != nil {
		return nil, bad
	}
	return e.showSeat(s), nil
}

func (e *Emulator) updateSeat(q *restCall) (any, *restError) {
	s, bad := e.pathSeat(q)
	if bad != nil {
		return nil, bad
	}
	for _, name := range []string{"HoldUrl", "AnnounceUrl", "WaitUrl"} {
		if v := q.str(name); v != "" && !goodURL(v) {
			return nil, badParameter(21205, "%s is not a valid URL", name)
		}
	}
	if q.given("EndConferenceOnExit") {
		s.ends = isTrue(q.str("EndConferenceOnExit"))
		s.m.tell("participant-modify", "modify", s, nil)
	}
	if q.given("BeepOnExit") {
		s.beep = map[bool]string{true: "onExit", false: "false"}[isTrue(q.str("BeepOnExit"))]
	}
	if q.given("Muted") {
		s.mute(isTrue(q.str("Muted")))
	}
	if q.given("Hold") {
		var hold *string
		if q.given("HoldUrl") {
			v := q.str("HoldUrl")
			hold = &v
		}
		s.keep(isTrue(q.str("Hold")), hold, q.verb("HoldMethod", http.MethodGet))
	}
	if q.given("WaitUrl") && s.m.status == statusInit && !s.hold {
		s.silence()
		s.n = &node{name: "Conference", attrs: []attr{{"waitUrl", q.str("WaitUrl")}, {"waitMethod", q.verb("WaitMethod", http.MethodPost)}}}
		s.amuse(s.n, "waitUrl", "waitMethod")
	}
	if target := q.str("AnnounceUrl"); target != "" {
		s.m.announce(s, target, q.str("AnnounceMethod"))
	}
	return e.showSeat(s), nil
}

// deleteSeat removes a participant. Twilio does not say what becomes of the
// call: here it goes on after its Dial, as at any other end of one.
func (e *Emulator) deleteSeat(q *restCall) (any, *restError) {
	s, bad := e.pathSeat(q)
	if bad != nil {
		return nil, bad
	}
	s.leave(leftByKick)
	s.d.end("answered")
	return nil, nil
}

// createSeat calls somebody into a conference, which is named by its SID or
// by its FriendlyName, and made if there is none.
func (e *Emulator) createSeat(q *restCall) (any, *restError) {
	name := q.r.PathValue("conference")
	if conferenceSID.MatchString(name) {
		m, bad := e.pathRoom(q)
		if bad != nil {
			return nil, bad
		}
		if !m.live() {
			return nil, badParameter(16022, "The conference has ended")
		}
		name = m.name
	}
	label := q.str("Label")
	if label != "" && !goodLabel(label) {
		return nil, badParameter(16024, "The participant label is not valid")
	}
	n, bad := conferenceNode(name, q)
	if bad != nil {
		return nil, bad
	}
	for _, m := range e.rooms {
		if m.live() && m.name == name && label != "" && m.find(label) != nil {
			return nil, badParameter(16026, "The participant label is in use")
		}
	}
	c, timeout, bad := e.place(q)
	if bad != nil {
		return nil, bad
	}
	m := e.liveRoom(name)
	m.label(label)
	c.onUp = func() {
		if seconds := 0; number10(q.str("TimeLimit"), 1, 86400, &seconds) {
			c.limit(time.Duration(seconds) * time.Second)
		}
		r := c.newMain()
		r.at = &url.URL{} // every URL here is absolute
		r.play([]*node{{name: "Dial", parts: []part{{node: n}}, origin: "Participants"}})
	}
	c.onEnd = func() {
		if c.answered.IsZero() {
			m.missed(c, label)
		}
	}
	now := e.clock.Now()
	body := e.showSeat(&seat{m: m, c: c, label: label, muted: n.bool("muted", false), starts: n.bool("startConferenceOnEnter", true),
		ends: n.bool("endConferenceOnExit", false), created: now, updated: now})
	body["status"] = statusQueued
	c.dialOut(timeout)
	return body, nil
}

// missed tells the room of somebody who was called and did not come.
func (m *room) missed(c *Call, label string) {
	s := &seat{m: m, c: c, label: label}
	m.tell("participant-leave", "leave", s, url.Values{"ParticipantCallStatus": {c.state}, "ReasonParticipantLeft": {string(leftByFailure)}})
	if len(m.seats) == 0 && m.live() {
		m.finish(nil, "last-participant-left", leftByFailure)
	}
}

// conferenceNode returns the Conference noun that the parameters amount to.
func conferenceNode(name string, q *restCall) (*node, *restError) {
	n := &node{name: "Conference", parts: []part{{text: name}}, origin: "Participants"}
	for _, p := range [][2]string{
		{"Label", "participantLabel"}, {"Muted", "muted"}, {"Beep", "beep"}, {"StartConferenceOnEnter", "startConferenceOnEnter"},
		{"EndConferenceOnExit", "endConferenceOnExit"}, {"WaitUrl", "waitUrl"}, {"WaitMethod", "waitMethod"}, {"MaxParticipants", "maxParticipants"},
		{"Region", "region"}, {"JitterBufferSize", "jitterBufferSize"}, {"ConferenceStatusCallback", "statusCallback"},
		{"ConferenceStatusCallbackMethod", "statusCallbackMethod"},
	} {
		if q.given(p[0]) {
			n.attrs = append(n.attrs, attr{p[1], q.str(p[0])})
		}
	}
	events := q.form["ConferenceStatusCallbackEvent"]
	if len(events) == 0 {
		events = []string{"start", "end"}
	}
	n.attrs = append(n.attrs, attr{"statusCallbackEvent", strings.Join(events, " ")})
	for _, a := range n.attrs {
		if r := conferenceRules()[a.name]; !r.ok(a.value) {
			return nil, badParameter(16002, "%s=%q is not valid: give %s", a.name, a.value, r.want)
		}
	}
	return n, nil
}
