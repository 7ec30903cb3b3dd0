// Package phone answers the carrier's webhooks: a call's turns, what is heard
// while nobody else is in a room, a room's events, and texts.
package phone

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// The addresses that the carrier is given. VoicePath and TextPath are those that
// an operator enters for a number; the others we give ourselves.
const (
	VoicePath = "/twilio/voice"
	TextPath  = "/twilio/sms"
	waitPath  = "/twilio/wait"
	queuePath = "/twilio/queue"
	// SentPath is where the carrier tells what became of what we sent.
	SentPath = "/twilio/sent"
	// RecordedPath is where it tells of what it has recorded.
	RecordedPath = "/twilio/recorded"
)

// inTime is what a webhook may take: the carrier gives up after 15 s and the caller
// long before. quickly is what a look-up may take that everybody waits for.
const (
	inTime  = 3 * time.Second
	quickly = 300 * time.Millisecond
)

// Directories finds what the menus of a line can say.
type Directories interface {
	// For returns the line of a number of ours.
	For(number vault.Number) (*store.Snapshot, bool)
	// Line returns the line with that id.
	Line(id string) (*store.Snapshot, bool)
}

// Flows finds compiled flows.
type Flows interface {
	// Current is the flow that a call starts on.
	Current(line string) *flows.Flow
	// For is Current for who calls: a tester hears a draft.
	For(line string, who vault.Number) *flows.Flow
	// Version is the flow that a call started on.
	Version(ctx context.Context, line, hash string) (*flows.Flow, error)
}

// Rooms is the service of live sessions. Without Postgres it lets callers in and
// out as far as that can be, and everything else is an error.
type Rooms interface {
	Admit(ctx context.Context, f *flows.Flow, v flows.View, group string, who rooms.Caller) string
	Enter(ctx context.Context, v flows.View, l rooms.Leg) (rooms.Way, error)
	Stepped(ctx context.Context, v flows.View, group, call string, over bool) string
	Look(ctx context.Context, f *flows.Flow, v flows.View, group, call, lang string) (*flows.Session, error)
	Do(ctx context.Context, f *flows.Flow, v flows.View, group, call, lang string, r session.Request) (session.Outcome, *flows.Session, error)
	DoByKey(ctx context.Context, f *flows.Flow, v flows.View, group, key, lang string, r session.Request) (session.Outcome, *flows.Session, bool, error)
	SignIn(ctx context.Context, v flows.View, group, pin string, turn int, attested bool, w carrier.Webhook) (facilitator string, ok bool, err error)
	Open(query url.Values) (line string, state flows.State, err error)
	Voice(ctx context.Context, query url.Values) (rooms.Voice, error)
	Tells(ctx context.Context, f *flows.Flow, note rooms.Voice) (*flows.Session, error)
	Happened(ctx context.Context, w carrier.Webhook, query url.Values) error
	Rung(ctx context.Context, w carrier.Webhook, query url.Values) error
}

// Options are what Calls works with. All are needed but what may be nil.
type Options struct {
	PublicURL   string
	Crisis      func(line string) vault.Number // of the crisis line
	Keys        *vault.Keyring
	Directories Directories
	Flows       Flows
	Rooms       Rooms
	Attempts    *Attempts
	Dialogues   Dialogues
	Members     Members
	Sent        Callbacks
	Desk        Desk // nil where nobody looks after groups by phone
	Voicemail   Voicemail
	// Recorded is the address of what is played in place of an utterance on a line, "" if
	// it is spoken; nil where nothing is recorded.
	Recorded  func(line string, u flows.Utterance) string
	Echoes    *Echoes
	Spending  *Spending
	Masks     Masks                                               // nil where nobody is called for a coordinator
	Place     func(context.Context, carrier.Ring) (string, error) // by which they are
	Number    func(line string) vault.Number                      // that they see
	Hangup    func(ctx context.Context, call string) error        // by which a machine that answers is left alone
	Stops     *Stops                                              // nil for one of its own
	Countries []string                                            // where texts are answered and members reached, as ISO 3166 codes
	Erased    func()                                              // called once somebody has been forgotten
	Now       func() time.Time
	Log       *slog.Logger
}

// Calls answers webhooks. It keeps no call in memory: a call's state is in the
// address that its next webhook comes to.
type Calls struct {
	Options
	tokens            tokens
	deadline, quickly time.Duration
}

// New returns the handlers of o.
func New(o Options) *Calls {
	if o.Stops == nil {
		o.Stops = NewStops()
	}
	return &Calls{Options: o, tokens: tokens{keys: o.Keys, publicURL: o.PublicURL}, deadline: inTime, quickly: quickly}
}

// Mount registers the webhooks behind a guard that lets signed requests alone
// through.
func (c *Calls) Mount(e *echo.Echo, guard echo.MiddlewareFunc) {
	e.POST(VoicePath, c.answered(c.voice), guard)
	e.POST(waitPath, c.answered(c.wait), guard)
	e.POST(queuePath, c.answered(c.queue), guard)
	e.POST(rooms.RejoinPath, c.answered(c.rejoin), guard)
	e.POST(rooms.NotePath, c.note, guard)
	e.POST(rooms.EventPath, c.event, guard)
	e.POST(rooms.RungPath, c.rung, guard)
	e.POST(TextPath, c.text, guard)
	e.POST(SentPath, c.sent, guard)
	e.POST(RecordedPath, c.recorded, guard)
	e.POST(maskedThemPath, c.answered(c.maskedThem), guard)
	e.POST(maskedWhoPath, c.answered(c.maskedWho), guard)
	sounds(e)
}

// call is one webhook of a call, with what it needs to be answered.
type call struct {
	hook  carrier.Webhook
	snap  *store.Snapshot
	view  flows.View
	flow  *flows.Flow
	state flows.State
	// address is where the answer to its turn goes, with all but its state; "" for where
	// calls are answered.
	address string
	// moved says that the leg was moved here from another room.
	moved bool
	// rounds is how often the caller was shown out again in this turn.
	rounds int
	// adrift says that the question which may be open is not known: an answer
	// to it must do nothing else.
	adrift bool
}

// event names what the carrier tells of, so that its repetition is known as such.
func (in call) event() string { return cmp.Or(in.hook.CallSID(), in.hook.MessageSID()) }

type answer func(ctx context.Context, w carrier.Webhook, query url.Values) (carrier.Response, error)

// answered writes what a handler says. A handler that fails, panics or takes
// too long is covered by a neutral sentence and asked again: a caller never
// meets silence, nor an error.
func (c *Calls) answered(h answer) echo.HandlerFunc {
	return func(e echo.Context) error {
		w, ok := carrier.WebhookOf(e)
		if !ok {
			return echo.ErrForbidden
		}
		ctx, cancel := context.WithTimeout(e.Request().Context(), c.deadline)
		defer cancel()
		ctx, keeps := keeping(ctx)
		query := recalled(e, w)
		body, err := c.try(ctx, h, w, query)
		if err != nil {
			c.Log.ErrorContext(ctx, "a webhook could not be answered", "path", e.Path(), "error", err)
			if body, err = c.apology(w, e.Path(), query).Encode(); err != nil {
				return fmt.Errorf("apologise: %w", err)
			}
		}
		c.hand(e, keeps)
		return e.Blob(http.StatusOK, carrier.ContentType, body)
	}
}

// try runs a handler under its deadline.
func (c *Calls) try(ctx context.Context, h answer, w carrier.Webhook, query url.Values) (body []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			// What panicked may hold a number: say only that it did.
			body, err = nil, fmt.Errorf("panic in a webhook: %T", p)
		}
	}()
	r, err := h(ctx, w, query)
	if err != nil {
		return nil, err
	}
	return r.Encode()
}

// openState finds the line and the flow that a webhook is about. Without a
// state that opened, the call is at its welcome.
func (c *Calls) openState(ctx context.Context, w carrier.Webhook, s flows.State, opened bool) (call, error) {
	snap, ok := c.Directories.For(w.Line())
	if !ok {
		return call{}, errNoLine
	}
	in := call{hook: w, snap: snap, view: c.viewOf(w, snap)}
	in.view.Far = far(w.Caller().Number, snap.Directory.Line.Zone, in.view.Now)
	return c.openOn(ctx, in, w.Caller().Number, s, opened), nil
}

// openOn finds the flow of a call whose line is known, by who is at its other end.
func (c *Calls) openOn(ctx context.Context, in call, who vault.Number, s flows.State, opened bool) call {
	line := in.snap.Directory.Line.ID
	if opened && !s.Expired(in.view.Now) {
		var err error
		if in.flow, err = c.Flows.Version(ctx, line, s.Flow); err == nil {
			in.state = s
			return in
		}
		c.lost(ctx, "a call", s.Flow, err)
	}
	in.flow = c.Flows.For(line, who)
	return in
}

// lost says that somebody starts over, since the version that they began on is not to be
// had: no version is removed before every call and question on it is over.
func (c *Calls) lost(ctx context.Context, who, version string, err error) {
	c.Log.ErrorContext(ctx, "ALARM: a flow version that is in use cannot be had; who is on it starts over", "on", who, "version", store.Brief(version), "error", err)
}

// viewOf is what a turn sees now, to the minute: a webhook repeated within it
// is answered in the same bytes.
func (c *Calls) viewOf(w carrier.Webhook, snap *store.Snapshot) flows.View {
	return flows.View{Now: c.minute(), Directory: snap.Directory, Number: carrier.Written(w.Line())}
}

func (c *Calls) minute() time.Time { return c.Now().Truncate(time.Minute) }

// far says whether no clock of the area that a number belongs to shows at now what
// those of a zone show. A number of no area is not far.
func far(n vault.Number, home string, now time.Time) bool {
	zones := n.Zones()
	return len(zones) > 0 && !slices.ContainsFunc(zones, func(zone string) bool { return sameTime(zone, home, now) })
}

func sameTime(a, b string, at time.Time) bool {
	in, err := time.LoadLocation(a)
	other, err2 := time.LoadLocation(b)
	if err != nil || err2 != nil {
		return true // nobody can be asked about it
	}
	_, here := at.In(in).Zone()
	_, there := at.In(other).Zone()
	return here == there
}

func (c *Calls) event(e echo.Context) error {
	return c.taken(e, "a room's event is asked for again", c.Rooms.Happened)
}

// rung takes in what became of ringing a facilitator.
func (c *Calls) rung(e echo.Context) error {
	return c.taken(e, "what became of a ring is asked for again", c.Rooms.Rung)
}
