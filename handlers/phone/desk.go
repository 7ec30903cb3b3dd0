package phone

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Desk is what who looks after groups can do away from the console. An account is the
// id of one that is in use; each method looks once more whether it still is, and
// whether it may: ErrNotTheirs says that it may not, store.ErrNotFound that what it is
// about is gone.
type Desk interface {
	// SignIn says whose digits, or number, and PIN it is.
	SignIn(ctx context.Context, in store.PhoneSignIn) (account string, ok bool, err error)
	// ByNumber says whose number it is.
	ByNumber(ctx context.Context, line string, n vault.Number) (account string, ok bool, err error)
	// Load is what an account may hear.
	Load(ctx context.Context, f *flows.Flow, d *flows.Directory, account string) (*flows.Desk, error)
	Skip(ctx context.Context, a DeskAct, date schedule.Occurrence) error
	Move(ctx context.Context, a DeskAct, date schedule.Occurrence, to schedule.Wall) error
	// Open sets a group up, with a code of its own.
	Open(ctx context.Context, a DeskAct, g store.Group) (code string, err error)
	Approve(ctx context.Context, a DeskAct, applicant string) error
	Decline(ctx context.Context, a DeskAct, applicant string) error
	// Ring enters that the account is about to be connected with who waits.
	Ring(ctx context.Context, a DeskAct, applicant string) error
	// Reach is how many a message to the group would be rung with and texted to, Say has
	// what was spoken go to them, and Unsay takes it back: false if it has gone.
	Reach(ctx context.Context, a DeskAct) (rung, texted int, err error)
	Say(ctx context.Context, a DeskAct, voice string) (message string, err error)
	Unsay(ctx context.Context, a DeskAct, message string) (intime bool, err error)
	Invite(ctx context.Context, a DeskAct, n vault.Number, p flows.Preferences) error
	// Cover asks the group's facilitators who can hold an occurrence, and says how many
	// are asked.
	Cover(ctx context.Context, a DeskAct, date schedule.Occurrence) (asked int, err error)
	// Unrecorded is the number of the next prompt in a language that nobody has recorded,
	// after one and round to it, 0 if there is none; Record keeps one for an owner to
	// approve: ErrUnclear says that it cannot be made good.
	Unrecorded(ctx context.Context, a DeskAct, f *flows.Flow, lang string, after int) (number int, err error)
	Record(ctx context.Context, a DeskAct, lang string, of flows.ScriptLine, wav []byte) error
	// Answer takes in what a facilitator says to what they were asked with these digits:
	// false if they were asked nothing so. First says that they are the first to say yes,
	// or were.
	Answer(ctx context.Context, e store.Event, n vault.Number, a store.CoverAnswer) (asked, first bool, err error)
}

// ErrNotTheirs says that an account may not do what was asked of it.
var ErrNotTheirs = errors.New("not theirs to change")

// ErrCannotBe says that a date cannot be changed so, or not any more.
var ErrCannotBe = errors.New("the date cannot be changed so")

// DeskAct names an act of an account, so that its repetition does nothing more.
type DeskAct struct {
	Line, Account, Group string
	Event                string
	At                   time.Time
}

// confirmWithin is how long the code of an order holds.
const confirmWithin = 15 * time.Minute

// ofDesks says whether a function is one of the desk.
func ofDesks(function string) bool {
	return strings.HasPrefix(function, "desk.") || strings.HasPrefix(function, "studio.")
}

// deskwork is one turn's dealings with what somebody looks after.
type deskwork struct {
	*Calls
	in call
	s  flows.State
}

// atDesk runs what a flow asks of the desk. What Postgres does not do in time is left
// for later, and the caller is told so.
func (c *Calls) atDesk(ctx context.Context, in call, r flows.Request) flows.Answer {
	d := deskwork{Calls: c, in: in, s: r.State}
	declared := flows.Outcomes(r.Function)
	came, set, err := d.run(ctx, r.Function)
	if err != nil {
		came = d.failed(ctx, in.named(r), declared, err)
	}
	a := flows.Answer{Result: came, Set: set}
	switch spoken := r.State.Vars[flows.VarSpoken]; {
	case came != done:
	case r.Function == "desk.spoken":
		a.Spoken = &flows.Spoken{Sound: c.Voicemail.Sound(in.view.Directory.Line.ID, spoken)}
	case r.Function == "studio.heard":
		a.Spoken = &flows.Spoken{Sound: c.Voicemail.Take(in.view.Directory.Line.ID, spoken)}
	}
	if changes := came == done && !in.view.Text && d.s.Staff != "" || set["staff"] != ""; changes {
		account := d.s.Staff
		if set["staff"] != "" {
			account = set["staff"]
		}
		if a.Desk, err = c.Desk.Load(ctx, in.flow, in.view.Directory, account); err != nil {
			c.Log.WarnContext(ctx, "what somebody looks after cannot be told now", "error", err)
			if set["staff"] != "" {
				return flows.Answer{Result: later}
			}
		}
	}
	return a
}

// failed is what a function comes to that could not be done.
func (d deskwork) failed(ctx context.Context, function string, declared []string, err error) string {
	for cause, results := range map[error][]string{
		ErrNotTheirs: {"gone", "not_now", refused}, store.ErrNotFound: {"gone", "not_now", refused}, ErrCannotBe: {"not_now"},
	} {
		for _, result := range results {
			if errors.Is(err, cause) && slices.Contains(declared, result) {
				return result
			}
		}
	}
	d.Log.ErrorContext(ctx, "what somebody asked of the desk could not be done", "function", function, "error", err)
	for _, result := range []string{later, refused, "none"} {
		if slices.Contains(declared, result) {
			return result
		}
	}
	return ""
}

var errNoDesk = errors.New("there is no desk by phone")

func (d deskwork) run(ctx context.Context, function string) (came string, set map[string]string, err error) {
	switch function {
	case "desk.take", "desk.pass":
		return d.answer(ctx, function == "desk.take")
	case "desk.confirm":
		return d.confirmed(), nil, nil
	}
	if d.Desk == nil || d.in.adrift {
		return "", nil, errNoDesk
	}
	switch function {
	case "desk.sign_in":
		account, ok, err := d.Desk.SignIn(ctx, store.PhoneSignIn{
			Event: d.event(), Handle: d.s.Vars["handle"], PIN: d.s.Vars["pin"], Caller: d.in.hook.Caller().Number, Verified: d.s.Attested,
		})
		if err != nil || !ok {
			return refused, nil, err
		}
		return done, map[string]string{"staff": account}, nil
	case "desk.code":
		return d.code()
	case "desk.reach":
		return d.reachable(ctx)
	}
	if d.s.Staff == "" {
		return "", nil, ErrNotTheirs
	}
	switch function {
	case "studio.next":
		return d.nextPrompt(ctx)
	case "studio.heard":
		return d.take(), nil, nil
	case "studio.keep":
		return d.keepPrompt(ctx)
	case "desk.skip":
		return d.dated(func(o schedule.Occurrence) error { return d.Desk.Skip(ctx, d.act(), o) })
	case "desk.move":
		to, err := schedule.ParseWall(d.s.Vars["to"])
		if err != nil {
			return "", nil, fmt.Errorf("%w: %w", ErrCannotBe, err)
		}
		return d.dated(func(o schedule.Occurrence) error { return d.Desk.Move(ctx, d.act(), o, to) })
	case "desk.open":
		return d.open(ctx)
	case "desk.approve":
		return done, nil, d.Desk.Approve(ctx, d.act(), d.s.Vars[flows.VarApplicant])
	case "desk.decline":
		return done, nil, d.Desk.Decline(ctx, d.act(), d.s.Vars[flows.VarApplicant])
	case "desk.ring":
		return d.ring(ctx, d.s.Vars[flows.VarApplicant])
	case "desk.spoken":
		return d.spoken(ctx)
	case "desk.say":
		said, err := d.Desk.Say(ctx, d.act(), d.s.Vars[flows.VarSpoken])
		return done, map[string]string{"said": said, flows.VarSpoken: ""}, err
	case "desk.unsay":
		intime, err := d.Desk.Unsay(ctx, d.act(), d.s.Vars["said"])
		if err == nil && !intime {
			return "not_now", nil, nil
		}
		return done, nil, err
	case "desk.drop":
		d.drop(ctx, d.in.view.Directory.Line.ID, d.s.Vars[flows.VarSpoken])
		return done, nil, nil
	case "desk.invite":
		return d.invite(ctx)
	case "desk.cover":
		return d.cover(ctx)
	}
	return "", nil, fmt.Errorf("no function is called %q", function)
}

func (d deskwork) event() store.Event {
	return store.Event{Line: d.in.view.Directory.Line.ID, SID: d.in.event(), Turn: d.s.Turn, At: d.Now()}
}

func (d deskwork) act() DeskAct {
	return DeskAct{
		Line: d.in.view.Directory.Line.ID, Account: d.s.Staff, Group: d.s.Group, At: d.Now(),
		Event: d.Keys.Label(d.in.event(), strconv.Itoa(d.s.Turn)+" desk"),
	}
}

// ring enters that the caller is about to be connected with who waits, unless it is
// night where they are.
func (d deskwork) ring(ctx context.Context, applicant string) (string, map[string]string, error) {
	came, set, err := d.reachable(ctx)
	if came != done || err != nil {
		return came, set, err
	}
	return done, nil, d.Desk.Ring(ctx, d.act(), applicant)
}

// reachable tells whether whom the caller is to be connected with may be called now.
func (d deskwork) reachable(ctx context.Context) (string, map[string]string, error) {
	switch _, _, err := d.reach(ctx, d.in.connects(d.s.Vars[flows.VarApplicant])); {
	case errors.Is(err, ErrAtNight):
		return "not_now", nil, nil
	case err != nil:
		return "", nil, err
	}
	return done, nil, nil
}

// dated does something with the occurrence in hand, which may have gone since it was
// said.
func (d deskwork) dated(do func(schedule.Occurrence) error) (string, map[string]string, error) {
	o, ok := d.occurrence()
	if !ok {
		return "", nil, ErrCannotBe
	}
	return done, nil, do(o)
}

// farDate is how far ahead a date may be that is changed afield.
const farDate = 400 * 24 * time.Hour

func (d deskwork) occurrence() (schedule.Occurrence, bool) {
	for _, o := range d.in.view.Directory.Between(d.s.Group, d.in.view.Now, d.in.view.Now.Add(farDate)) {
		if o.Date.String() == d.s.Vars["date"] {
			return o, true
		}
	}
	return schedule.Occurrence{}, false
}

// code gives out the code by which an order counts. It is told to the number that the
// order says it came from, which who forged that number does not read.
func (d deskwork) code() (string, map[string]string, error) {
	if !d.Attempts.Left(d.attempt(d.in, d.s)) {
		return later, nil, nil
	}
	n, err := rand.Int(rand.Reader, big.NewInt(9000))
	if err != nil {
		return "", nil, err
	}
	return done, map[string]string{
		"confirm": strconv.FormatInt(1000+n.Int64(), 10), "asked": strconv.FormatInt(d.Now().Unix()/60, 10),
	}, nil
}

// confirmed says whether an order is confirmed: in time, by its own code, and by a
// number that is still the account's. Who guesses draws on the budget of wrong codes.
func (d deskwork) confirmed() string {
	asked, err := strconv.ParseInt(d.s.Vars["asked"], 10, 64)
	given := d.s.Vars["confirm"]
	right := given != "" && subtle.ConstantTimeCompare([]byte(given), []byte(d.s.Vars["key"])) == 1
	try := d.attempt(d.in, d.s)
	try.Right = right
	switch {
	case d.in.adrift || d.in.view.Desk == nil || d.in.view.Desk.Account != d.s.Staff || err != nil:
		return refused
	case !d.Attempts.Allow(try), !right, d.Now().Sub(time.Unix(asked*60, 0)) > confirmWithin:
		return refused
	}
	return done
}

// What a group has that is set up afield, until it is changed in the console.
const (
	openedCapacity = 12
	longestOpened  = 24 * 60
)

// open sets up a group that everybody finds and that opens by itself.
func (d deskwork) open(ctx context.Context) (string, map[string]string, error) {
	vars, dir := d.s.Vars, d.in.view.Directory
	minutes, err := strconv.Atoi(vars["length"])
	if err != nil || minutes > longestOpened {
		return "", nil, fmt.Errorf("a group's minutes: %w", errors.Join(err, schedule.ErrNotWall))
	}
	m, err := schedule.New(vars["to"], dir.Line.Zone, vars["rule"], minutes)
	if err != nil {
		return "", nil, err
	}
	g := store.Group{Group: flows.Group{
		Name: flows.Words{"": d.in.flow.FreshName(d.in.view, d.s)}, Languages: []string{vars["tongue"]},
		Format: flows.PeerLed, Access: flows.AccessOpen, Host: flows.HostNone, Stage: flows.StageOpen,
		Capacity: openedCapacity, Reminders: []string{"24h", "15m"}, Meetings: []schedule.Meeting{m},
	}}
	if vars["about"] != "" {
		g.Topics = []string{vars["about"]}
	}
	code, err := d.Desk.Open(ctx, d.act(), g)
	return done, map[string]string{"opened": code}, err
}

// spoken tells whom what was recorded would reach.
func (d deskwork) spoken(ctx context.Context) (string, map[string]string, error) {
	if d.s.Vars[flows.VarSpoken] == "" {
		return "gone", nil, nil
	}
	rung, texted, err := d.Desk.Reach(ctx, d.act())
	if err == nil && rung+texted == 0 {
		d.drop(ctx, d.in.view.Directory.Line.ID, d.s.Vars[flows.VarSpoken])
		return "nobody", nil, nil
	}
	return done, map[string]string{"rung": strconv.Itoa(rung), "texted": strconv.Itoa(texted)}, err
}

// invite asks a number that was keyed. Which country it is of is not said: it is of
// one of ours, and has its own code or none.
func (d deskwork) invite(ctx context.Context) (string, map[string]string, error) {
	n, err := vault.ParseNumber(dialled(d.s.Vars["number"]))
	if err != nil || !n.Within(d.Countries) {
		return unreachable, nil, nil
	}
	p := flows.Preferences{Channel: flows.Channel(d.s.Vars["channel"]), Language: d.s.Lang}.Complete()
	if err = d.Desk.Invite(ctx, d.act(), n, p); errors.Is(err, store.ErrNotAsked) {
		return unreachable, nil, nil
	}
	return done, nil, err
}

// dialled is a number as it is written with its country's code: ten digits are one of
// North America.
func dialled(digits string) string {
	if len(digits) == 10 {
		return "+1" + digits
	}
	return "+" + digits
}

func (d deskwork) cover(ctx context.Context) (string, map[string]string, error) {
	o, ok := d.occurrence()
	if !ok {
		return "", nil, ErrCannotBe
	}
	asked, err := d.Desk.Cover(ctx, d.act(), o)
	if err == nil && asked == 0 {
		return "nobody", nil, nil
	}
	return done, nil, err
}

// answer takes in a yes or a no with the digits of a question. Whoever sent it, one
// look-up is made, and what was asked of nobody, or of another, is answered alike.
func (d deskwork) answer(ctx context.Context, yes bool) (string, map[string]string, error) {
	n := d.in.hook.Caller().Number
	if d.Desk == nil || n.IsZero() {
		return "none", nil, nil
	}
	if d.in.adrift {
		return later, nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, d.quickly)
	defer cancel()
	asked, first, err := d.Desk.Answer(ctx, d.event(), n, store.CoverAnswer{Yes: yes, Code: d.s.Vars[flows.VarQuestion]})
	switch {
	case err != nil:
		return "", nil, err
	case !asked:
		return "none", nil, nil
	case yes && !first:
		return "taken", nil, nil
	}
	return done, nil, nil
}

// lookedAfter is what who has signed in to the desk may hear, nil for everybody else
// and when Postgres does not tell in time.
func (c *Calls) lookedAfter(ctx context.Context, in call) *flows.Desk {
	if in.state.Staff == "" || c.Desk == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.quickly)
	defer cancel()
	d, err := c.Desk.Load(ctx, in.flow, in.view.Directory, in.state.Staff)
	if err != nil {
		c.Log.WarnContext(ctx, "what somebody looks after cannot be told now", "error", err)
		return nil
	}
	return d
}

// orders is what the sender of a text may hear who looks after groups: nil for
// everybody else. Only a text that may be an order is looked at so, and then that of
// anybody.
func (c *Calls) orders(ctx context.Context, in call, s flows.State, body string) *flows.Desk {
	if n := in.hook.Caller().Number; c.Desk == nil || in.adrift || n.IsZero() || !in.flow.MayOrder(s, body) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.quickly)
	defer cancel()
	account, ok, err := c.Desk.ByNumber(ctx, in.view.Directory.Line.ID, in.hook.Caller().Number)
	var d *flows.Desk
	if err == nil && ok {
		d, err = c.Desk.Load(ctx, in.flow, in.view.Directory, account)
	}
	if err != nil {
		c.Log.WarnContext(ctx, "whether somebody looks after groups cannot be known now", "error", err)
		return nil
	}
	return d
}
