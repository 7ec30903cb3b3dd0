package outbox

import (
	"errors"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// prepared is a row whose recipient is known and may be reached.
type prepared struct {
	to      vault.Number
	message carrier.Message // of a text
	ring    carrier.Ring    // of a call
	// settled says that it is not to be sent, or not now.
	settled *store.Settled
}

func lapsed(why string) (prepared, error) {
	return prepared{settled: &store.Settled{To: store.SendLapsed, Reason: why}}, nil
}

// putOff has a row wait, if it is of use by then.
func putOff(x store.Outgoing, until time.Time) (prepared, error) {
	if !until.Before(x.ExpiresAt) {
		return lapsed("no safe hour in time")
	}
	return prepared{settled: &store.Settled{To: store.SendDue, Again: until, Reason: "waits for a safe hour"}}, nil
}

var (
	errNoLine  = errors.New("the directory has no such line yet")
	errNoGroup = errors.New("the directory has no such group yet")
)

// look decides whether a row may go to who it is for now, and makes the request.
func (o *Outbox) look(x store.Outgoing, r store.Recipient, found bool) (prepared, error) {
	switch {
	case !found:
		return lapsed("nobody is there")
	case r.Err != nil:
		return prepared{}, r.Err
	case x.Kind == store.Confirmation && !r.Asked:
		return lapsed("not wanted any more")
	case !r.Number.Within(o.Countries):
		return lapsed("country")
	case !comesBy(x, r.Preferences.Complete()):
		return lapsed("another channel by now")
	}
	snap, ok := o.Lines.Line(x.Line)
	if !ok {
		return prepared{}, errNoLine
	}
	if x.Firing.Group != "" {
		switch g, ok := snap.Directory.Group(x.Firing.Group); {
		case !ok:
			return prepared{}, errNoGroup
		case !g.Stage.Meets() && (x.Kind != store.ToGroup || g.Stage == flows.StageClosed):
			return lapsed("its group does not meet")
		}
	}
	if at, now := o.when(x, r, snap), o.Now(); at.After(now) {
		return putOff(x, at)
	}
	p := prepared{to: r.Number}
	var err error
	if x.Channel == flows.ByCall {
		p.ring, err = o.ring(x, r, snap)
	} else {
		p.message, err = o.message(x, r, snap)
	}
	if errors.Is(err, errNoWords) {
		return lapsed(err.Error())
	}
	return p, err
}

// comesBy reports whether what a row is for may still come by its channel: members
// change theirs while rows wait, and a call is not for who gets texts. Who is asked
// whether they enrolled has chosen nothing else yet.
func comesBy(x store.Outgoing, p flows.Preferences) bool {
	switch x.Kind {
	case store.Confirmation:
		return true
	case store.CallMe:
		return p.Channel == flows.ByCall || p.Ring
	}
	return p.Channel == x.Channel
}

// lateChange is how short before an occurrence it is told at once that it is not
// held as planned, where a member lets reminders come late.
const lateChange = 12 * time.Hour

// agreedFor is how long after its hour a reminder is still at the hour that its
// member agreed to.
const agreedFor = 30 * time.Minute

// when returns when a row may leave, now or later.
//
// Nothing leaves at an hour that its recipient did not call safe, nor in the
// quiet hours of everybody, but for three things. Who asked to be rung when a call
// starts is. Who agreed that a group's reminders may come late gets them at their
// hour; one that did not leave by then waits. And a text that confirms an enrolment
// comes while the person is on the line with us: the hours that they call safe say
// when somebody else may look at the phone; while they call a support group they
// know that nobody does, and they were told a moment ago that a text would come. The
// next morning at nine nobody knows who holds it. Who rings in somebody else's name
// can have that phone buzz at night by this, with neutral words, and not more often
// than the limits say.
//
// A call would find them busy: it waits until they have hung up, and then for a
// safe hour.
func (o *Outbox) when(x store.Outgoing, r store.Recipient, snap *store.Snapshot) time.Time {
	now := o.Now()
	if x.Kind == store.CallMe {
		return now
	}
	if now.Before(x.OnLineUntil) {
		if x.Channel == flows.ByText {
			return now
		}
		now = x.OnLineUntil
	}
	p := r.Preferences.Complete()
	zones := p.Zones(snap.Directory.Line.Zone, r.Number.Zones())
	if at := p.SafeFrom(zones, now); p.Late && x.Kind == store.Reminder && agreed(x.Firing, at) {
		return at
	}
	p.Late = p.Late && x.Kind == store.Change && x.ExpiresAt.Sub(now) <= lateChange
	return p.SafeFrom(zones, now)
}

// agreed reports whether a reminder at a moment is one of the hour that was agreed.
func agreed(f store.Firing, at time.Time) bool {
	offset, ok := schedule.ParseOffset(string(f.Purpose))
	from := offset.Before(f.Start)
	return ok && !at.Before(from) && at.Before(from.Add(agreedFor))
}
