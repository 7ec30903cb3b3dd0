package emulator

import (
	"net/url"
	"slices"
	"time"
)

// seat is a leg in a conference.
type seat struct {
	m       *room
	d       *dial
	c       *Call
	n       *node
	label   string
	muted   bool
	hold    bool
	starts  bool
	ends    bool
	beep    string
	wait    *runner // what is heard before the start, or on hold
	music   *heard  // the same, where it is Twilio's own music
	created time.Time
	updated time.Time
}

// leaving is Twilio's ReasonParticipantLeft.
type leaving string

const (
	leftByHangup    leaving = "participant_hung_up"
	leftByAPI       leaving = "participant_updated_via_api"
	leftByModerator leaving = "moderator_ended_conference"
	leftByEnd       leaving = "conference_ended_via_api"
	leftByFailure   leaving = "participant_add_failed"

	// leftByKick is participant_updated_via_api too, but ends a conference
	// with words of its own.
	leftByKick leaving = "kick"
)

// amuse plays what a participant hears who does not hear the room: the
// document of an attribute, nothing if it is empty, else music.
func (s *seat) amuse(n *node, ref, method string) {
	target, set := n.lookup(ref)
	if set && target == "" {
		return
	}
	if !set {
		s.music = s.c.hearOpen(Utterance{Kind: KindPlay, Text: "hold music"})
		return
	}
	r := &runner{e: s.m.e, c: s.c, role: waitRole, at: s.d.r.at, to: func() []*Call { return []*Call{s.c} }}
	r.extra = url.Values{"ConferenceSid": {s.m.sid}, "FriendlyName": {s.m.name}}
	r.ended = func(r *runner, ok bool) {
		r.over = true
		// Twilio warns that a waitUrl that fails can drop the participant;
		// here it always does, so that no program relies on luck.
		if !ok && !s.hold && s.c.dialing == s.d {
			s.leave(leftByFailure)
			s.d.end(statusFailed)
		}
	}
	s.wait = r
	r.fetch(target, n.method(method), nil)
}

func (s *seat) silence() {
	s.wait.halt()
	s.wait = nil
	s.music.close()
	s.music = nil
}

// hears reports whether s would hear o speak.
func (s *seat) hears(o *seat) bool {
	return s != o && s.m.status == statusInProgress && !s.hold && !o.hold && !o.muted
}

// leave takes a participant out of the room, and ends the room where that
// ends it. What the call does next is for the caller to say.
func (s *seat) leave(why leaving) {
	m := s.m
	i := slices.Index(m.seats, s)
	if i < 0 {
		return
	}
	m.seats = slices.Delete(m.seats, i, i+1)
	m.updated = m.e.clock.Now()
	s.silence()
	if s.beep == "true" || s.beep == "onExit" {
		m.beep()
	}
	s.gone(why)
	kicked := why == leftByKick
	switch {
	case !m.live():
	case s.ends:
		m.finish(s, ending(kicked, "participant-with-end-conference-on-exit"), leftByModerator)
	case len(m.seats) == 0:
		m.finish(s, ending(kicked, "last-participant"), leftByModerator)
	}
}

func ending(kicked bool, who string) string {
	if kicked {
		return who + "-kicked"
	}
	return who + "-left"
}

func (s *seat) gone(why leaving) {
	s.c.note("left room")
	s.m.e.emit(Event{Kind: EventLeft, Phone: s.c.phone.number, Call: s.c.sid, Room: s.m.sid, Text: string(why)})
	if why == leftByKick {
		why = leftByAPI
	}
	s.m.tell("participant-leave", "leave", s, url.Values{"ParticipantCallStatus": {s.c.state}, "ReasonParticipantLeft": {string(why)}})
}

// spoke tells those who subscribed to speakers.
func (s *seat) spoke(last time.Duration) {
	s.m.tell("participant-speech-start", "speaker", s, nil)
	if slices.Contains(s.m.callback.events, "speaker") {
		s.m.e.after(last, func() {
			if s.m.live() {
				s.m.tell("participant-speech-stop", "speaker", s, nil)
			}
		})
	}
}

// mute and hold change what a participant says and hears.
func (s *seat) mute(on bool) {
	if s.muted == on {
		return
	}
	s.muted = on
	s.changed(map[bool]string{true: "muted", false: "unmuted"}[on])
	s.m.tell(map[bool]string{true: "participant-mute", false: "participant-unmute"}[on], "mute", s, nil)
}

// keep puts a participant on hold with what a URL gives ("" for silence, nil
// for music), or takes them off it.
func (s *seat) keep(on bool, holdURL *string, method string) {
	if s.hold == on {
		return
	}
	s.hold = on
	s.silence()
	s.changed(map[bool]string{true: "on hold", false: "off hold"}[on])
	n := &node{name: "Hold", attrs: []attr{{"method", method}}}
	if holdURL != nil {
		n.attrs = append(n.attrs, attr{"url", *holdURL})
	}
	switch {
	case on:
		s.amuse(n, "url", "method")
	case s.m.status == statusInit:
		s.amuse(s.n, "waitUrl", "waitMethod")
	}
	s.m.tell(map[bool]string{true: "participant-hold", false: "participant-unhold"}[on], "hold", s, nil)
}

func (s *seat) changed(what string) {
	s.updated = s.m.e.clock.Now()
	s.c.note(what)
	s.m.e.emit(Event{Kind: EventRoom, Phone: s.c.phone.number, Call: s.c.sid, Room: s.m.sid, Text: what})
}
