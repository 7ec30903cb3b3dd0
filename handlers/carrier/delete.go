package carrier

import (
	"context"

	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// DeleteCall has Twilio forget a call that is over. Of one that is not, or that
// Twilio has not done with (which can take days), the error is Temporary. A call
// that Twilio does not know is forgotten already.
// Source: https://www.twilio.com/docs/voice/api/call-resource#delete-a-call-resource
func (c *Client) DeleteCall(ctx context.Context, sid string) error {
	const op = "delete call"
	if !callSID.MatchString(sid) {
		return malformed(op)
	}
	return c.remove(ctx, op, func(s *api.ApiService) error { return s.DeleteCall(sid, nil) })
}

// DeleteMessage is [Client.DeleteCall] for a text. The media that came with it go
// too, unless they also belong to another text.
// Source: https://www.twilio.com/docs/messaging/api/message-resource#delete-a-message-resource
func (c *Client) DeleteMessage(ctx context.Context, sid string) error {
	const op = "delete text"
	if !messageSID.MatchString(sid) {
		return malformed(op)
	}
	return c.remove(ctx, op, func(s *api.ApiService) error { return s.DeleteMessage(sid, nil) })
}

// DeleteMedia has Twilio forget the files that came with a text, and leaves the
// text. It tries each of them, and returns the first error.
// Source: https://www.twilio.com/docs/messaging/api/media-resource#delete-media
func (c *Client) DeleteMedia(ctx context.Context, message string) error {
	const op = "delete media"
	if !messageSID.MatchString(message) {
		return malformed(op)
	}
	all, fault := list(ctx, c, op, func(s *api.ApiService, token, number string) ([]Record, *string, error) {
		answer, err := s.PageMedia(message, nil, token, number)
		if err != nil {
			return nil, nil, err
		}
		return mapped(answer.MediaList, func(m api.ApiV2010Media) Record { return Record{SID: deref(m.Sid)} }), answer.NextPageUri, nil
	}, nil)
	if fault != nil && ClassOf(fault) == Gone {
		fault = nil
	}
	for _, media := range all {
		err := error(malformed(op))
		if mediaSID.MatchString(media.SID) {
			err = c.remove(ctx, op, func(s *api.ApiService) error { return s.DeleteMedia(message, media.SID, nil) })
		}
		if fault == nil {
			fault = err
		}
	}
	return fault
}

// remove deletes something; what is gone already is as good as deleted.
func (c *Client) remove(ctx context.Context, op string, do func(*api.ApiService) error) error {
	x := c.exchange(ctx)
	err := x.done(op, do(x.api()))
	if ClassOf(err) == Gone {
		return nil
	}
	return err
}
