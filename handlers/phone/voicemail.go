package phone

import (
	"context"
	"errors"
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
	// Sound is the address of what staff have spoken, for the carrier alone.
	Sound(line, id string) string
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

// left keeps that the caller has left something. If that fails, the carrier tells of
// the recording once more, but not whether they may be rung back.
func (c *Calls) left(ctx context.Context, in call, r carrier.Recorded) {
	l := store.LeftVoice{
		Line: in.view.Directory.Line.ID, SID: r.SID, Purpose: store.LeftForStaff, Lang: in.state.Lang, Seconds: r.Seconds, At: c.Now(),
	}
	if in.flow.Records(in.state) == flows.RecordBroadcast {
		l.Purpose, l.Group = store.SpokenForGroup, in.state.Group
	} else if number := in.hook.Caller().Number; in.state.Vars[flows.VarBack] == "yes" && number.Within(c.Countries) {
		l.Number = number
	}
	if err := c.Voicemail.Left(ctx, l); err != nil {
		c.Log.ErrorContext(ctx, "a voice message is taken in later", "error", err)
	}
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
