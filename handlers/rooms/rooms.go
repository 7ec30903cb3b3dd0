// Package rooms holds live sessions: who may enter, what room that is, what anybody
// in it may do, and that nobody is left in it in silence. Keypad, text, web and
// command line are front ends of the one [Service].
//
// What a session is and what becomes of it is package session's business. This
// package keeps sessions, one change after the other; tells them what the carrier
// tells; and asks the carrier for what they want.
package rooms

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// The addresses that the carrier asks about a room. The front end of the
// carrier's webhooks serves them.
const (
	EventPath  = "/twilio/room"   // a conference's events
	RejoinPath = "/twilio/rejoin" // where a leg is sent that belongs elsewhere
	NotePath   = "/twilio/note"   // what is said into a room
	RungPath   = "/twilio/rung"   // what became of ringing a facilitator
)

// Carrier is what a Service asks of the carrier. Its errors are a *carrier.Error
// each.
type Carrier interface {
	Participants(ctx context.Context, conference string) ([]carrier.Participant, error)
	ConferenceNamed(ctx context.Context, name string) (conference string, err error)
	Mute(ctx context.Context, conference, call string, muted bool) (carrier.Participant, error)
	Announce(ctx context.Context, conference, call, address string) error
	EndConference(ctx context.Context, conference string) error
	Redirect(ctx context.Context, call, address string) error
	Hangup(ctx context.Context, call string) error
	Place(ctx context.Context, r carrier.Ring) (sid string, err error)
	Invite(ctx context.Context, i carrier.Invitation) (sid string, err error)
}

// Sessions keep the states of sessions.
type Sessions interface {
	ID(line, room string) store.SessionID
	Change(ctx context.Context, id store.SessionID, change func(state []byte) (store.SessionChange, error)) error
	ChangeAll(ctx context.Context, line string, change func(state []byte) (store.SessionChange, error)) error
	Read(ctx context.Context, id store.SessionID) ([]byte, error)
	Due(ctx context.Context, line string, now time.Time, most int) ([]store.SessionID, error)
	Live(ctx context.Context, line string) ([][]byte, error)
	Postpone(ctx context.Context, id store.SessionID, until time.Time) error
	Drop(ctx context.Context, line string, now time.Time) (int, error)
	Reversed(ctx context.Context, line, group, date string) (bool, error)
}

// Staff sign in.
type Staff interface {
	SignIn(ctx context.Context, in store.SignIn) (facilitator, alias string, ok bool, err error)
}

// Facilitators finds those of a group, in the order in which they are rung.
type Facilitators interface {
	Facilitators(ctx context.Context, k *vault.Keyring, line, group string) ([]store.Facilitator, error)
}

// Lines find what there is on a line.
type Lines interface {
	Line(id string) (*store.Snapshot, bool)
}

// Options are what a Service works with.
type Options struct {
	Keys         *vault.Keyring
	Carrier      Carrier
	Sessions     Sessions
	Staff        Staff
	Facilitators Facilitators
	// PublicURL is ours; VoicePath is where the carrier asks what to say on a call.
	PublicURL, VoicePath string
	// Number is the number of a line that facilitators are rung from, and Crisis that of
	// its crisis line.
	Number func(line string) vault.Number
	Crisis func(line string) vault.Number
	// Lines, and Served, the lines that this program works for, are needed by
	// [Service.Happened], [Service.Pass] and [Service.Run]. Without them a session is
	// begun by who comes in, and its time is for others to watch.
	Lines  Lines
	Served func() []string
	// Within is what a session's change may take, in the machine's time: a caller waits
	// for it, and without Postgres most of it is spent. Zero is a second.
	Within time.Duration
	Now    func() time.Time
	Log    *slog.Logger
}

// Service is the one way to a room. What it keeps in memory can be lost: any
// replica can serve any room, beside others.
type Service struct {
	Options
	late  lates
	lasts lasts

	mu       sync.Mutex
	underWay int           // how much is being asked of the carrier
	carrying chan struct{} // a place for each whose errands a pass has run
	done     *sync.Cond    // told when none are
	soonest  time.Time     // when a session wakes that this replica has changed; zero for none
	changed  chan struct{} // that, or lists wait

	// Of passes, of which one is made at a time.
	passing  sync.Mutex
	prepared known
	dropped  time.Time // when what is gone was deleted last
	problem  string    // as last told
}

// New returns the Service of o.
func New(o Options) *Service {
	o.Within = cmp.Or(o.Within, time.Second)
	s := &Service{Options: o, changed: make(chan struct{}, 1), prepared: known{}, carrying: make(chan struct{}, carriedAtOnce)}
	s.done = sync.NewCond(&s.mu)
	return s
}

// ErrClosed is returned for a room that has no occurrence now, and for a call that
// does not belong into it any more.
var ErrClosed = errors.New("enter room: its door is closed")
