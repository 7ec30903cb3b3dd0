package rooms

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

// errands are what a session has to ask of the carrier.
type errands struct {
	of   session.Occurrence
	acts []errand
}

// errand is one act, with how who hears it is spoken to, and of ringing a facilitator
// as what kind of call of ours. Ears are set if those who hear it are not all spoken to
// alike, in one language and as fast: each is spoken to alone.
type errand struct {
	session.Act
	manner session.Manner
	call   string
	ears   []session.Ear
}

func errandsOf(on *session.Session, now time.Time) errands {
	work := errands{of: on.Occurrence}
	for _, a := range on.Acts(now) {
		e := errand{Act: a, manner: on.MannerOf(a.Seat)}
		if a.Seat == 0 && a.Kind == session.ActSayAll && a.Note.Prompt != flows.Chime {
			e.ears = on.Ears(a.Conference)
			if of := session.Manners(e.ears); len(of) == 1 {
				e.manner, e.ears = of[0], nil
			}
		}
		if e.call = flows.PlacedHost; on.RingsFor() != 0 {
			e.call = flows.PlacedBackup
		}
		work.acts = append(work.acts, e)
	}
	return work
}

const (
	// patience is what the errands of one change get. Those that take longer are
	// asked for again later.
	patience = 2 * time.Second
	// hurry is how long whoever made the change waits for their end: a caller may be
	// on the line, who gets in also while the carrier's REST is slow.
	hurry = 700 * time.Millisecond
	// atOnce is how many of them are under way at a time, at most.
	atOnce = 8
	// carriedAtOnce is of how many sessions errands are under way at a time that a
	// pass led to, and fresh how long they may wait for that: less than the session
	// takes to ask for them again.
	carriedAtOnce = 64
	fresh         = 8 * time.Second
	// rounds is how often what came of them may lead to others.
	rounds = 3
)

// send has errands run, and waits a while for their end.
func (s *Service) send(ctx context.Context, id store.SessionID, work errands) {
	done := make(chan struct{})
	s.beside(func() {
		defer close(done)
		s.carry(ctx, id, work)
	})
	slow := time.NewTimer(hurry)
	defer slow.Stop()
	select {
	case <-done:
	case <-slow.C:
	}
}

// beside does something that nobody waits for but [Service.settle].
func (s *Service) beside(do func()) {
	s.mu.Lock()
	s.underWay++
	s.mu.Unlock()
	go func() {
		defer s.arrived()
		do()
	}()
}

func (s *Service) arrived() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.underWay--; s.underWay == 0 {
		s.done.Broadcast()
	}
}

// sendLater has errands run that a pass leads to, of so many sessions at a time. Those
// of which it is not known any more whether they are still wanted are left to the
// session: it asks for them again.
func (s *Service) sendLater(ctx context.Context, id store.SessionID, work errands) {
	s.beside(func() {
		stale := time.NewTimer(fresh)
		defer stale.Stop()
		select {
		case s.carrying <- struct{}{}:
			defer func() { <-s.carrying }()
			s.carry(ctx, id, work)
		case <-stale.C:
		}
	})
}

// settle returns once nothing is being asked of the carrier.
func (s *Service) settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.underWay > 0 {
		s.done.Wait()
	}
}

// carry runs errands, and tells the session what came of each. What it does not get
// done the session asks for again, of whoever serves it then.
func (s *Service) carry(ctx context.Context, id store.SessionID, work errands) {
	until := time.Now().Add(patience) // the machine's time: it is the network that is waited for
	for range rounds {
		running, cancel := context.WithDeadline(ctx, until)
		done := s.run(running, id, work)
		cancel()
		if len(done) == 0 {
			return
		}
		var err error
		if work, err = s.report(ctx, id, done); err != nil {
			if !errors.Is(err, errNone) {
				s.Log.WarnContext(ctx, "a session could not be told what the carrier did: it will ask for it again", "error", err)
			}
			return
		}
	}
}

// report tells a session what came of its errands, and returns those that follow.
func (s *Service) report(ctx context.Context, id store.SessionID, done []outcome) (errands, error) {
	ctx, cancel := context.WithTimeout(ctx, s.Within)
	defer cancel()
	return s.turn(ctx, id, nil, func(on *session.Session, now time.Time) ([]store.AuditEntry, error) {
		for _, d := range done {
			on.Reported(now, d.act, d.report)
		}
		return nil, nil
	})
}

// outcome is what came of an errand.
type outcome struct {
	act    session.Act
	report session.Report
}

// run runs errands side by side. Lists are left to the next pass, which paces them.
func (s *Service) run(ctx context.Context, id store.SessionID, work errands) []outcome {
	reports := make([]session.Report, len(work.acts))
	slots := make(chan struct{}, atOnce)
	var running sync.WaitGroup
	for i, e := range work.acts {
		if e.Kind == session.ActList {
			s.late.add(late{id: id, of: work.of, act: e.Act})
			s.nudge()
			continue
		}
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			err := s.do(ctx, work.of, e)
			reports[i] = reportOf(err)
			if reports[i] == session.Refused {
				s.Log.ErrorContext(ctx, "the carrier refused what a session asked for", "act", string(e.Kind), "error", err)
			}
		})
	}
	running.Wait()
	var done []outcome
	for i, e := range work.acts {
		if reports[i] != "" {
			done = append(done, outcome{e.Act, reports[i]})
		}
	}
	return done
}

var (
	// errOtherwise says that the carrier did something else than it was asked.
	errOtherwise = &carrier.Error{Op: "mute participant", Class: carrier.Temporary}
	errAct       = errors.New("the session asked for what there is no way to do")
)

// reportOf is what an error means to the session.
func reportOf(err error) session.Report {
	if err == nil {
		return session.Accepted
	}
	var e *carrier.Error
	if !errors.As(err, &e) {
		return session.Refused
	}
	switch e.Class {
	case carrier.Gone:
		return session.Missing
	case carrier.Temporary, carrier.Throttled, carrier.Unknown:
		return session.Failed
	}
	return session.Refused
}

// do runs one errand.
func (s *Service) do(ctx context.Context, of session.Occurrence, e errand) error {
	switch e.Kind {
	case session.ActMute:
		p, err := s.Carrier.Mute(ctx, e.Conference, e.Call, e.Muted)
		if err == nil && p.Muted != e.Muted {
			err = errOtherwise
		}
		return err
	case session.ActMove:
		address, err := s.address(RejoinPath, roomPurpose, roomOf(of))
		if err != nil {
			return err
		}
		return s.Carrier.Redirect(ctx, e.Call, address+carrier.Retries)
	case session.ActSay, session.ActSayAll:
		return s.say(ctx, of, e)
	case session.ActHangup:
		return s.Carrier.Hangup(ctx, e.Call)
	case session.ActEnd:
		return s.Carrier.EndConference(ctx, e.Conference)
	case session.ActRing:
		return s.ring(ctx, of, e)
	case session.ActBridge:
		return s.bridge(ctx, of, e)
	}
	return errAct
}

// note is what the address of a note tells, sealed. ID is the act's, so that no two
// notes of a session have the same address.
type note struct {
	Room   room   `json:"r"`
	ID     int    `json:"i"`
	Lang   string `json:"t"`
	Slow   bool   `json:"s,omitempty"`
	Call   string `json:"c,omitempty"`
	Prompt string `json:"p"`
	About  int    `json:"a,omitempty"`
	Number int    `json:"m,omitempty"`
}

func (s *Service) say(ctx context.Context, of session.Occurrence, e errand) error {
	if len(e.ears) == 0 {
		return s.announce(ctx, of, e, e.Call, e.manner)
	}
	failed := make([]error, len(e.ears))
	slots := make(chan struct{}, atOnce)
	var saying sync.WaitGroup
	for i, ear := range e.ears {
		slots <- struct{}{}
		saying.Go(func() {
			defer func() { <-slots }()
			failed[i] = s.announce(ctx, of, e, ear.Call, ear.Manner)
		})
	}
	saying.Wait()
	for _, err := range failed {
		if err == nil {
			return nil // who was told would hear it once more
		}
	}
	return failed[0]
}

// announce has a note said to one leg, or to all if call is "".
func (s *Service) announce(ctx context.Context, of session.Occurrence, e errand, call string, how session.Manner) error {
	address, err := s.address(NotePath, notePurpose, note{
		Room: roomOf(of).at(e.Place), ID: e.ID, Lang: how.Lang, Slow: how.Slow, Call: call,
		Prompt: e.Note.Prompt, About: e.Note.Seat, Number: e.Note.N,
	})
	if err != nil {
		return err
	}
	return s.Carrier.Announce(ctx, e.Conference, call, address)
}
