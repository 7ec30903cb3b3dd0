package emulator

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// room is a conference. It starts when two are in and one of them may start
// it.
type room struct {
	e        *Emulator
	sid      string
	name     string
	status   string // init, in-progress, completed
	seats    []*seat
	callback callbackTarget
	told     int  // events sent
	asked    bool // somebody has joined, so the callback is settled
	region   string
	labels   []string // of everybody who ever was called in or came

	created, updated time.Time
	reason           string // why it ended
	endedBy          *seat
}

const statusInit = "init"

func (m *room) live() bool { return m.status != statusCompleted }

// liveRoom returns the conference of that name that has not ended, or a new one.
func (e *Emulator) liveRoom(name string) *room {
	for _, m := range e.rooms {
		if m.name == name && m.live() {
			return m
		}
	}
	now := e.clock.Now()
	m := &room{e: e, sid: e.sid("CF"), name: name, status: statusInit, region: "us1", created: now, updated: now}
	e.rooms = append(e.rooms, m)
	return m
}

// conference takes a call into a room. A call that cannot enter goes on with
// DialCallStatus failed; Twilio does not document the value.
func (d *dial) conference(n *node) {
	e, c := d.c.e, d.c
	m := e.liveRoom(n.text())
	label := n.str("participantLabel", "")
	refuse := func(code int, what string) {
		e.problem(c.sid, code, what, d.r.where(n.path()))
		d.end(statusFailed)
	}
	switch {
	case len(m.seats) >= n.int("maxParticipants", 250):
		refuse(16020, "the conference is full")
		return
	case label != "" && !goodLabel(label):
		refuse(16023, "the participant label is not one")
		return
	case label != "" && m.find(label) != nil:
		refuse(16025, "the participant label is in use")
		return
	}
	s := &seat{
		m: m, d: d, c: c, n: n, label: label,
		muted:   n.bool("muted", false),
		starts:  n.bool("startConferenceOnEnter", true),
		ends:    n.bool("endConferenceOnExit", false),
		beep:    n.str("beep", "true"),
		created: e.clock.Now(), updated: e.clock.Now(),
	}
	d.seat = s
	m.label(label)
	m.settleCallback(d.r, n)
	d.expiry = e.after(d.n.seconds("timeLimit", 14400), func() {
		s.leave(leftByHangup)
		d.end("answered")
	})
	m.enter(s)
}

// settleCallback takes the callback of the first participant for good.
func (m *room) settleCallback(r *runner, n *node) {
	if m.asked {
		return
	}
	m.asked = true
	m.region = n.str("region", m.region)
	if ref := n.str("statusCallback", ""); ref != "" {
		target, _ := r.resolve(ref)
		m.callback = callbackTarget{target, n.method("statusCallbackMethod"), strings.Fields(n.str("statusCallbackEvent", ""))}
	}
}

func (m *room) enter(s *seat) {
	m.updated = m.e.clock.Now()
	if s.beep == "true" || s.beep == "onEnter" {
		m.beep()
	}
	m.seats = append(m.seats, s)
	s.c.note("joined room")
	m.e.emit(Event{Kind: EventJoined, Phone: s.c.phone.number, Call: s.c.sid, Room: m.sid})
	m.tell("participant-join", "join", s, nil)
	if m.status == statusInit && len(m.seats) >= 2 && slices.ContainsFunc(m.seats, func(s *seat) bool { return s.starts }) {
		m.begin()
	}
	if m.status == statusInit {
		s.amuse(s.n, "waitUrl", "waitMethod")
	}
}

// label remembers a participant's label.
func (m *room) label(label string) {
	if label != "" && !slices.Contains(m.labels, label) {
		m.labels = append(m.labels, label)
	}
}

func (m *room) begin() {
	m.status = statusInProgress
	for _, s := range m.seats {
		if !s.hold {
			s.silence()
		}
		s.c.note("room started")
	}
	m.e.emit(Event{Kind: EventRoom, Room: m.sid, Text: m.status})
	m.tell("conference-start", "start", nil, nil)
}

func (m *room) beep() {
	if m.status != statusInProgress {
		return
	}
	for _, s := range m.seats {
		if !s.hold {
			s.c.hear(Utterance{Kind: KindTone, Text: "beep", Duration: keyGap})
		}
	}
}

// finish ends the conference: everybody left goes on after their Dial.
func (m *room) finish(by *seat, reason string, why leaving) {
	m.status, m.reason, m.endedBy, m.updated = statusCompleted, reason, by, m.e.clock.Now()
	left := m.seats
	m.seats = nil
	for _, s := range left {
		s.silence()
		s.gone(why)
	}
	text := map[string]string{
		"conference-ended-via-api":                       "Conference ended via API",
		"last-participant-left":                          "The last participant left the conference",
		"last-participant-kicked":                        "The last participant was removed from the conference",
		"participant-with-end-conference-on-exit-left":   "A participant with endConferenceOnExit left the conference",
		"participant-with-end-conference-on-exit-kicked": "A participant with endConferenceOnExit was removed from the conference",
	}[reason]
	more := url.Values{"ReasonConferenceEnded": {reason}, "Reason": {text}}
	if by != nil {
		more.Set("CallSidEndingConference", by.c.sid)
		if by.label != "" {
			more.Set("ParticipantLabelEndingConference", by.label)
		}
	}
	m.e.emit(Event{Kind: EventRoom, Room: m.sid, Text: m.status})
	m.tell("conference-end", "end", nil, more)
	for _, s := range left {
		s.d.end("answered")
	}
}

// find returns the participant with a CallSid or label, or nil.
func (m *room) find(who string) *seat {
	i := slices.IndexFunc(m.seats, func(s *seat) bool { return s.c.sid == who || s.label != "" && s.label == who })
	if i < 0 {
		return nil
	}
	return m.seats[i]
}

// tell sends a conference event, if the first participant asked for its kind.
func (m *room) tell(event, kind string, s *seat, more url.Values) {
	if m.callback.url == "" || !slices.Contains(m.callback.events, kind) {
		return
	}
	m.told++
	v := m.e.roomParams()
	v.Set("ConferenceSid", m.sid)
	v.Set("FriendlyName", m.name)
	v.Set("SequenceNumber", fmt.Sprint(m.told))
	v.Set("Timestamp", m.e.clock.Now().UTC().Format(time.RFC1123Z))
	v.Set("StatusCallbackEvent", event)
	if s != nil {
		v.Set("CallSid", s.c.sid)
		v.Set("Muted", fmt.Sprint(s.muted))
		v.Set("Hold", fmt.Sprint(s.hold))
		v.Set("Coaching", "false")
		v.Set("EndConferenceOnExit", fmt.Sprint(s.ends))
		v.Set("StartConferenceOnEnter", fmt.Sprint(s.starts))
		if s.label != "" {
			v.Set("ParticipantLabel", s.label)
		}
	}
	for k, value := range more {
		v[k] = value
	}
	m.e.callback(&webhook{
		kind: KindConferenceStatus, about: event, series: m.sid,
		url: m.callback.url, method: m.callback.method, params: v,
	}, 16011)
}

// roomParams are what a request about a conference carries of the account.
func (e *Emulator) roomParams() url.Values { return url.Values{"AccountSid": {e.account}} }

// announce plays the document at a URL to a participant, or to the whole room.
func (m *room) announce(to *seat, target, method string) {
	r := &runner{e: m.e, role: speakRole, to: func() []*Call {
		var all []*Call
		for _, s := range m.seats {
			if to == nil || to == s {
				all = append(all, s.c)
			}
		}
		return all
	}}
	r.at, _ = url.Parse(target)
	r.extra = url.Values{"ConferenceSid": {m.sid}, "FriendlyName": {m.name}}
	if to != nil {
		r.c = to.c
	}
	r.ended = func(r *runner, ok bool) {
		r.over = true
		if ok {
			m.tell("announcement-end", "announcement", to, url.Values{"AnnounceUrl": {target}})
			return
		}
		m.tell("announcement-fail", "announcement", to, url.Values{"AnnounceUrl": {target}, "ReasonAnnouncementFailed": {"the announcement could not be fetched or played"}})
	}
	if method == "" {
		method = http.MethodPost
	}
	r.fetch(target, method, nil)
}

func (m *room) view() Room {
	v := Room{SID: m.sid, Name: m.name, Status: m.status, Participants: []Participant{}}
	for _, s := range m.seats {
		p := Participant{CallSID: s.c.sid, Phone: s.c.phone.number, Label: s.label, Muted: s.muted, Hold: s.hold, Hears: []string{}}
		for _, o := range m.seats {
			if s.hears(o) {
				p.Hears = append(p.Hears, o.c.sid)
			}
		}
		v.Participants = append(v.Participants, p)
	}
	return v
}
