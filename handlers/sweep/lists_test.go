package sweep_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/sweep"
)

// lists is a carrier with lists of the test's.
type lists struct {
	texts      map[string][]carrier.Record // by day, "" for those without
	faulty     bool                        // of texts
	calls      []carrier.Record            // of every day
	recordings []carrier.Record
	deleted    []string
}

func (l *lists) Messages(_ context.Context, day time.Time, do func(carrier.Record) error) error {
	key := ""
	if !day.IsZero() {
		key = day.Format(time.DateOnly)
	}
	for _, r := range l.texts[key] {
		if err := do(r); err != nil {
			return err
		}
	}
	if l.faulty {
		return &carrier.Error{Op: "list texts", Class: carrier.Temporary}
	}
	return nil
}

func (l *lists) Calls(_ context.Context, _ time.Time, do func(carrier.Record) error) error {
	for _, r := range l.calls {
		if err := do(r); err != nil {
			return err
		}
	}
	return nil
}

func (l *lists) Recordings(_ context.Context, do func(carrier.Record) error) error {
	for _, r := range l.recordings {
		if err := do(r); err != nil {
			return err
		}
	}
	return nil
}
func (l *lists) DeleteRecording(ctx context.Context, sid string) error {
	return l.DeleteMessage(ctx, sid)
}

func (l *lists) DeleteMessage(_ context.Context, sid string) error {
	l.deleted = append(l.deleted, sid)
	return nil
}
func (l *lists) DeleteCall(ctx context.Context, sid string) error { return l.DeleteMessage(ctx, sid) }
func (l *lists) DeleteMedia(context.Context, string) error        { return nil }

func TestAListThatCannotBeReadDoesNotSaveTheOthers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	l := &lists{faulty: true, calls: []carrier.Record{{SID: "CA1", Over: true, Ended: evening.Add(-2 * time.Hour)}}}
	r.options.Carrier = l
	done, err := sweep.New(r.options).Pass(t.Context())
	if fault := (*carrier.Error)(nil); !errors.As(err, &fault) || done.Deleted == 0 {
		t.Errorf("%+v, %v", done, err)
	}
}

// A recording that nobody has fetched does not stay at the carrier.
func TestRecordingsGo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	recorded := func(sid string, ago time.Duration, over bool) carrier.Record {
		return carrier.Record{SID: sid, Over: over, Ended: evening.Add(-ago)}
	}
	l := &lists{recordings: []carrier.Record{
		recorded("fresh", 9*time.Minute, true), recorded("old", 10*time.Minute, true), recorded("still", time.Hour, false),
	}}
	r.options.Carrier = l
	r.options.Now = func() time.Time { return evening }
	done, err := sweep.New(r.options).Pass(t.Context())
	if got := strings.Join(l.deleted, " "); err != nil || got != "old" || done.Deleted != 1 {
		t.Errorf("deleted %q, %+v, %v", got, done, err)
	}
}

func TestOnceADayTheDaysBeforeAreLookedAt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	old := func(sid string, days int) carrier.Record {
		return carrier.Record{SID: sid, Over: true, Ended: evening.AddDate(0, 0, -days)}
	}
	l := &lists{texts: map[string][]carrier.Record{
		"2026-11-10": {old("of 14 days", 14)},
		"2026-11-22": {{SID: "without an end", Over: true}, {SID: "not over"}},
		"":           {old("never sent", 3), old("before our time", 40), {SID: "who knows", Over: true}},
	}}
	r.options.Carrier = l
	now := evening
	r.options.Now = func() time.Time { return now }
	s := sweep.New(r.options)
	pass := func(want string) {
		t.Helper()
		l.deleted = nil
		if _, err := s.Pass(t.Context()); err != nil {
			t.Error(err)
		}
		if got := strings.Join(l.deleted, ", "); got != want {
			t.Errorf("deleted: %s; want %s", got, want)
		}
	}
	pass("never sent, without an end, of 14 days")
	l.texts[""] = nil
	pass("") // the lists are the same: they are not looked at again that day
	l.texts["2026-11-10"] = nil
	now = evening.AddDate(0, 0, 1)
	pass("without an end")
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { r.Run(ctx); close(done) }()
	r.Sooner()
	stop()
	<-done
}
