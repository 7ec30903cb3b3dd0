package phone

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
)

// Voicemail keeps what callers say to a recorder.
type Voicemail interface {
	// Left is told of something that was recorded.
	Left(ctx context.Context, l store.LeftVoice) error
	// Recorded takes in what the carrier tells of a recording by itself.
	Recorded(ctx context.Context, w carrier.Webhook, query url.Values) error
	// ID is what a recording is called by us, that the carrier calls sid, and Drop
	// destroys what staff have spoken.
	ID(line, sid string) string
	Drop(ctx context.Context, line, id string) error
	// Sound is the address of what staff have spoken, for the carrier alone; Take that of
	// a prompt, and Spoken what somebody has said as one.
	Sound(line, id string) string
	Take(line, id string) string
	Spoken(ctx context.Context, line, id string) ([]byte, error)
}

// hush is how long nobody speaks who has said what they wished to.
const hush = 8 * time.Second

// record has the carrier take down what the caller says. Where they say nothing, the
// call goes on all the same.
func (c *Calls) record(in call, then flows.Record, s flows.State, action string) carrier.Response {
	callback := carrier.RecordToken{Line: in.view.Directory.Line.ID, For: then.For, Group: s.Group, Lang: s.Lang}
	return carrier.Response{
		carrier.Voicemail{Action: action, Most: then.Most, Silence: hush, Callback: callback.Address(c.Keys, c.PublicURL+RecordedPath)},
		carrier.Redirect{URL: c.tokens.ended(s, in.hook.CallSID(), flows.ResultSilent), Method: carrier.POST},
	}
}

// left keeps that the caller has left something, and returns the state that knows of
// it. If that fails, the carrier tells of the recording once more, but not whether they
// may be rung back.
func (c *Calls) left(ctx context.Context, in call, r carrier.Recorded) flows.State {
	l := store.LeftVoice{
		Line: in.view.Directory.Line.ID, SID: r.SID, Purpose: store.LeftForStaff, Lang: in.state.Lang, Seconds: r.Seconds, At: c.Now(),
	}
	switch number := in.hook.Caller().Number; {
	case in.flow.Records(in.state) == flows.RecordBroadcast:
		l.Purpose, l.Group = store.SpokenForGroup, in.state.Group
	case in.flow.Records(in.state) == flows.RecordScript:
		l.Purpose = store.SpokenPrompt
	case in.state.Vars[flows.VarBack] == "yes" && number.Within(c.Countries):
		l.Number = number
	}
	if err := c.Voicemail.Left(ctx, l); err != nil {
		c.Log.ErrorContext(ctx, "a voice message is taken in later", "error", err)
	}
	s := in.state
	if l.Purpose != store.LeftForStaff {
		before, now := s.Vars[flows.VarSpoken], c.Voicemail.ID(l.Line, l.SID)
		if before != "" && before != now {
			c.drop(ctx, l.Line, before)
		}
		s.Vars = maps.Clone(s.Vars)
		if s.Vars == nil {
			s.Vars = map[string]string{}
		}
		s.Vars[flows.VarSpoken] = now
	}
	return s
}

// drop destroys what somebody has spoken and did not send. What is left of it goes
// with all that is old.
func (c *Calls) drop(ctx context.Context, line, id string) {
	if err := c.Voicemail.Drop(ctx, line, id); err != nil {
		c.Log.WarnContext(ctx, "what was spoken is destroyed later", "error", err)
	}
}

// newest finds what was last spoken for a group, for who is in it.
func (c *Calls) newest(ctx context.Context, in call, s flows.State) flows.Answer {
	if !in.view.Belongs(s.Group) {
		return flows.Answer{Result: "none"}
	}
	line := in.view.Directory.Line.ID
	id, err := c.Members.SpokenFor(ctx, line, s.Group, c.Now().Add(-store.SpokenLife))
	if err != nil {
		if !errors.Is(err, store.ErrNotFound) {
			c.Log.ErrorContext(ctx, "what was spoken for a group could not be found", "error", err)
		}
		return flows.Answer{Result: "none"}
	}
	return flows.Answer{Result: "spoken", Spoken: &flows.Spoken{Sound: c.Voicemail.Sound(line, id)}}
}

// recorded takes in what the carrier tells of a recording.
func (c *Calls) recorded(e echo.Context) error {
	return c.taken(e, "what was recorded is asked for again", c.Voicemail.Recorded)
}

// message finds what the message says that a call of ours is about.
func (c *Calls) message(ctx context.Context, in call, s flows.State) flows.Answer {
	line := in.view.Directory.Line.ID
	said, err := c.Members.SaidTo(ctx, line, s.About.Row)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		c.Log.ErrorContext(ctx, "a message to a group could not be read", "error", err)
	}
	switch {
	case err != nil:
	case said.Spoken != "":
		return flows.Answer{Result: "spoken", Spoken: &flows.Spoken{Sound: c.Voicemail.Sound(line, said.Spoken)}}
	case said.Words.In(s.Lang) != "":
		return flows.Answer{Result: "written", Spoken: &flows.Spoken{Words: said.Words.In(s.Lang)}}
	}
	return flows.Answer{Result: "gone"}
}
