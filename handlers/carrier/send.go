package carrier

import (
	"context"
	"net/http"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/hearthline/hearthline/store/vault"
)

// Twilio's limits on what is made through REST.
const (
	longestValidity = 10 * time.Hour
	longestRing     = 10 * time.Minute
	longestCall     = 4 * time.Hour
)

// detectWithin is how long Twilio may listen for a machine. A person who has
// picked up hears nothing until then, and hangs up on silence.
const detectWithin = 6 * time.Second

// Send sends a text and returns its SID, "" when Twilio took the text and what it
// answered could not be read. The SID is for matching what Twilio tells of the
// text later: a key into Twilio's own log of numbers, never to be logged.
func (c *Client) Send(ctx context.Context, m Message) (sid string, err error) {
	const op = "send text"
	if m.To.IsZero() || m.Body == "" || m.From.IsZero() && m.Service == "" || !within(m.ValidFor, longestValidity) {
		return "", malformed(op)
	}
	params := new(api.CreateMessageParams).SetTo(m.To.Reveal(vault.ForSend)).SetBody(m.Body)
	if m.Service != "" {
		params.SetMessagingServiceSid(m.Service)
	} else {
		params.SetFrom(m.From.Reveal(vault.ForSend))
	}
	if m.StatusCallback != "" {
		params.SetStatusCallback(m.StatusCallback)
	}
	if m.ValidFor > 0 {
		params.SetValidityPeriod(wholeSeconds(m.ValidFor))
	}
	x := c.exchange(ctx)
	made, err := x.api().CreateMessage(params)
	if err == nil && messageSID.MatchString(deref(made.Sid)) {
		sid = *made.Sid
	}
	return sid, x.done(op, err)
}

// Place places a call and returns its SID, as [Client.Send] does: that of the
// call's webhooks.
func (c *Client) Place(ctx context.Context, r Ring) (sid string, err error) {
	const op = "place call"
	if r.From.IsZero() || r.To.IsZero() || r.URL == "" || !within(r.Timeout, longestRing) || !within(r.TimeLimit, longestCall) {
		return "", malformed(op)
	}
	params := new(api.CreateCallParams).
		SetFrom(r.From.Reveal(vault.ForDial)).SetTo(r.To.Reveal(vault.ForDial)).
		SetUrl(r.URL).SetMethod(http.MethodPost)
	if r.Timeout > 0 {
		params.SetTimeout(wholeSeconds(r.Timeout))
	}
	if r.TimeLimit > 0 {
		params.SetTimeLimit(wholeSeconds(r.TimeLimit))
	}
	if r.DetectMachine {
		params.SetMachineDetection("Enable").SetMachineDetectionTimeout(wholeSeconds(detectWithin))
	}
	if r.StatusCallback != "" {
		params.SetStatusCallback(r.StatusCallback)
	}
	if r.TellAnswer {
		params.SetStatusCallbackEvent([]string{"answered", "completed"})
	}
	x := c.exchange(ctx)
	made, err := x.api().CreateCall(params)
	if err == nil && callSID.MatchString(deref(made.Sid)) {
		sid = *made.Sid
	}
	return sid, x.done(op, err)
}

// within reports whether d is 0, for Twilio's own, or one that Twilio takes.
func within(d, longest time.Duration) bool { return d >= 0 && d <= longest }
