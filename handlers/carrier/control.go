package carrier

import (
	"context"
	"net/http"
	"time"
	"unicode/utf8"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/hearthline/hearthline/store/vault"
)

// maxRoom is the most participants that a conference of Twilio's can have, so
// that one page of a list is always all of it.
const maxRoom = maxParticipants

// over is the state of a conference or call that has ended, or is to.
const over = "completed"

// Participant is a leg in a conference, as Twilio sees it.
type Participant struct {
	CallSID string
	Label   string
	Status  string // "connected" once in; "queued", "connecting", "ringing", "complete", "failed"
	Muted   bool
	Hold    bool
}

// Participants lists the legs in a conference; none once it has ended. Twilio
// limits how often it may be asked.
// Source: https://www.twilio.com/docs/voice/api/conference-participant-resource
func (c *Client) Participants(ctx context.Context, conference string) ([]Participant, error) {
	const op = "list participants"
	if !conferenceSID.MatchString(conference) {
		return nil, malformed(op)
	}
	x := c.exchange(ctx)
	page, err := x.api().PageParticipant(conference, new(api.ListParticipantParams).SetPageSize(maxRoom), "", "")
	if err != nil || !x.answered() {
		return nil, x.fault(op, err)
	}
	list := make([]Participant, len(page.Participants))
	for i, p := range page.Participants {
		list[i] = participant(p)
	}
	return list, nil
}

func participant(p api.ApiV2010Participant) Participant {
	return Participant{
		CallSID: deref(p.CallSid),
		Label:   deref(p.Label),
		Status:  deref(p.Status),
		Muted:   deref(p.Muted),
		Hold:    deref(p.Hold),
	}
}

// ConferenceNamed returns the SID of the conference of that name that has not
// ended, "" if there is none.
// Source: https://www.twilio.com/docs/voice/api/conference-resource
func (c *Client) ConferenceNamed(ctx context.Context, name string) (conference string, err error) {
	const op = "find conference"
	if name == "" {
		return "", malformed(op)
	}
	x := c.exchange(ctx)
	params := new(api.ListConferenceParams).SetFriendlyName(name).SetPageSize(namesakes)
	page, err := x.api().PageConference(params, "", "")
	if err != nil || !x.answered() {
		return "", x.fault(op, err)
	}
	for _, m := range page.Conferences {
		if sid := deref(m.Sid); deref(m.Status) != over && conferenceSID.MatchString(sid) {
			return sid, nil
		}
	}
	return "", nil
}

// namesakes is how many conferences of a name are looked at, newest first: it is
// another one each time that everybody has left the room.
const namesakes = 20

// Mute closes the microphone of a leg in a conference, or opens it, and returns the
// leg as it is then.
// Source: https://www.twilio.com/docs/voice/api/conference-participant-resource
func (c *Client) Mute(ctx context.Context, conference, call string, muted bool) (Participant, error) {
	const op = "mute participant"
	if !conferenceSID.MatchString(conference) || !callSID.MatchString(call) {
		return Participant{}, malformed(op)
	}
	x := c.exchange(ctx)
	p, err := x.api().UpdateParticipant(conference, call, new(api.UpdateParticipantParams).SetMuted(muted))
	if err == nil && x.answered() && deref(p.CallSid) == call {
		return participant(*p), nil
	}
	if err := x.done(op, err); err != nil {
		return Participant{}, err
	}
	return Participant{CallSID: call, Muted: muted}, nil
}

// Announce has the document at address said to one leg in a conference, or to all of
// them if call is "". Who hears it stays in the room.
func (c *Client) Announce(ctx context.Context, conference, call, address string) error {
	const op = "announce"
	if !conferenceSID.MatchString(conference) || call != "" && !callSID.MatchString(call) || address == "" {
		return malformed(op)
	}
	x := c.exchange(ctx)
	var err error
	if call == "" {
		_, err = x.api().UpdateConference(conference, new(api.UpdateConferenceParams).SetAnnounceUrl(address).SetAnnounceMethod(http.MethodPost))
	} else {
		_, err = x.api().UpdateParticipant(conference, call, new(api.UpdateParticipantParams).SetAnnounceUrl(address).SetAnnounceMethod(http.MethodPost))
	}
	return x.done(op, err)
}

// EndConference ends a conference for everybody in it. Each leg goes on after its
// [Dial].
func (c *Client) EndConference(ctx context.Context, conference string) error {
	const op = "end conference"
	if !conferenceSID.MatchString(conference) {
		return malformed(op)
	}
	x := c.exchange(ctx)
	_, err := x.api().UpdateConference(conference, new(api.UpdateConferenceParams).SetStatus(over))
	return x.done(op, err)
}

// Hangup ends a call.
func (c *Client) Hangup(ctx context.Context, call string) error {
	const op = "end call"
	if !callSID.MatchString(call) {
		return malformed(op)
	}
	x := c.exchange(ctx)
	_, err := x.api().UpdateCall(call, new(api.UpdateCallParams).SetStatus(over))
	return x.done(op, err)
}

// Invitation is a call that is placed into a conference.
type Invitation struct {
	// Conference is how everybody else joins it: of it count the name, the wait
	// document and the callback, which are those of whoever comes first.
	Conference Conference
	From, To   vault.Number
	// Timeout is how long it rings, at most 10 minutes; TimeLimit how long the call
	// may last, at most 4 hours. Both in whole seconds; 0 is Twilio's own.
	Timeout, TimeLimit time.Duration
}

// Invite rings somebody, who is in the conference as soon as they answer, and
// returns the SID of the call, as [Client.Place] does.
// Source: https://www.twilio.com/docs/voice/api/conference-participant-resource#create-a-participant
func (c *Client) Invite(ctx context.Context, i Invitation) (sid string, err error) {
	const op = "invite to conference"
	m := i.Conference
	if n := utf8.RuneCountInString(m.Name); n == 0 || n > maxName || i.From.IsZero() || i.To.IsZero() ||
		!within(i.Timeout, longestRing) || !within(i.TimeLimit, longestCall) {
		return "", malformed(op)
	}
	params := new(api.CreateParticipantParams).
		SetFrom(i.From.Reveal(vault.ForDial)).SetTo(i.To.Reveal(vault.ForDial)).
		SetBeep("false").SetMuted(m.Muted).SetStartConferenceOnEnter(m.StartOnEnter).SetEndConferenceOnExit(m.EndOnExit)
	if m.Label != "" {
		params.SetLabel(m.Label)
	}
	if m.WaitURL.set {
		params.SetWaitUrl(m.WaitURL.value)
	}
	if m.WaitMethod != "" {
		params.SetWaitMethod(string(m.WaitMethod))
	}
	if m.StatusCallback != "" {
		params.SetConferenceStatusCallback(m.StatusCallback)
	}
	if len(m.StatusCallbackEvents) > 0 {
		events := make([]string, len(m.StatusCallbackEvents))
		for n, e := range m.StatusCallbackEvents {
			events[n] = string(e)
		}
		params.SetConferenceStatusCallbackEvent(events)
	}
	if i.Timeout > 0 {
		params.SetTimeout(wholeSeconds(i.Timeout))
	}
	if i.TimeLimit > 0 {
		params.SetTimeLimit(wholeSeconds(i.TimeLimit))
	}
	x := c.exchange(ctx)
	made, err := x.api().CreateParticipant(m.Name, params)
	if err == nil && callSID.MatchString(deref(made.CallSid)) {
		sid = *made.CallSid
	}
	return sid, x.done(op, err)
}
