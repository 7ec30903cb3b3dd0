package voicemail_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/voicemail"
	"github.com/hearthline/hearthline/store"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// shelf is one recording, and what was done with it.
type shelf struct {
	row  store.ComingVoice
	due  time.Time // zero: nothing more
	did  []string
	kept bool
}

func (s *shelf) ID(_, sid string) string                     { return sid }
func (s *shelf) Drop(context.Context, string, string) error  { return nil }
func (s *shelf) Left(context.Context, store.LeftVoice) error { return nil }
func (s *shelf) Coming(_ context.Context, now time.Time, _ string, _ int) ([]store.ComingVoice, error) {
	if s.due.IsZero() || now.Before(s.due) {
		return nil, nil
	}
	row := s.row
	s.row.Tries++
	s.due = now.Add(time.Minute)
	return []store.ComingVoice{row}, nil
}

func (s *shelf) Keep(context.Context, store.ComingVoice, []byte) error {
	s.row.State, s.kept = store.VoicemailHere, true
	return nil
}

func (s *shelf) Lose(context.Context, store.ComingVoice) error {
	s.row.State = store.VoicemailLost
	return nil
}

func (s *shelf) Forgotten(context.Context, store.ComingVoice) error {
	s.due = time.Time{}
	s.did = append(s.did, "forgotten")
	return nil
}

func (s *shelf) Again(_ context.Context, _ store.ComingVoice, at time.Time) error {
	s.due = at
	return nil
}

func (s *shelf) Sound(context.Context, string, string, store.VoicemailPurpose) ([]byte, error) {
	return nil, store.ErrNotFound
}

// recorder is a carrier that fails as often as it is told to.
type recorder struct {
	fetches, deletes int // that fail before one does not
	deleted          bool
}

var errNotNow = &carrier.Error{Op: "test", Class: carrier.Temporary}

func (r *recorder) Recording(context.Context, string) ([]byte, error) {
	if r.fetches--; r.fetches >= 0 {
		return nil, errNotNow
	}
	return []byte("RIFF"), nil
}

func (r *recorder) DeleteRecording(context.Context, string) error {
	if r.deletes--; r.deletes >= 0 {
		return errNotNow
	}
	r.deleted = true
	return nil
}

// However often the carrier fails, what it has is forgotten in the end, and within
// five minutes once it can be; what could be fetched in time is here.
func TestBringingHome(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fetches, deletes int
		is               store.VoicemailState
		within           time.Duration
	}{
		{0, 0, store.VoicemailHere, time.Second},
		{3, 0, store.VoicemailHere, time.Minute},
		{0, 4, store.VoicemailHere, 3 * time.Minute},
		{99, 0, store.VoicemailLost, 5*time.Minute + 20*time.Second},
		{99, 6, store.VoicemailLost, 10 * time.Minute},
	} {
		t.Run(fmt.Sprint(tt.fetches, tt.deletes), func(t *testing.T) {
			t.Parallel()
			now := noon
			s := &shelf{row: store.ComingVoice{Line: "l", ID: "v", SID: "RE1", State: store.VoicemailComing, At: noon}, due: noon}
			r := &recorder{fetches: tt.fetches, deletes: tt.deletes}
			v := voicemail.New(voicemail.Options{
				Store: s, Carrier: r, Served: func() []string { return []string{"l"} }, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
			})
			for !s.due.IsZero() && now.Before(noon.Add(2*time.Hour)) {
				if _, err := v.Pass(t.Context()); err != nil && !errors.Is(err, errNotNow) {
					t.Fatal(err)
				}
				now = now.Add(time.Second)
			}
			if s.row.State != tt.is || s.kept != (tt.is == store.VoicemailHere) || !r.deleted || !slices.Equal(s.did, []string{"forgotten"}) {
				t.Errorf("%s, deleted %t, %v", s.row.State, r.deleted, s.did)
			}
			if took := now.Sub(noon); took > tt.within+time.Second {
				t.Errorf("the carrier had it for %s", took)
			}
		})
	}
}

// full has as many recordings as are asked for, beside one that does not open, and then
// one more.
type full struct {
	shelf
	asked int
}

func (s *full) Coming(_ context.Context, _ time.Time, _ string, most int) ([]store.ComingVoice, error) {
	s.asked++
	switch s.asked {
	case 1:
		return make([]store.ComingVoice, most), errors.New("one does not open")
	case 2:
		return make([]store.ComingVoice, 1), nil
	}
	return nil, nil
}

// One that does not open is told of, and what waits behind it comes home at once.
func TestComingHomePastOneThatDoesNotOpen(t *testing.T) {
	t.Parallel()
	s := &full{}
	v := voicemail.New(voicemail.Options{Store: s, Carrier: &recorder{}, Served: func() []string { return []string{"l"} }, Now: func() time.Time { return noon }})
	if n, err := v.Pass(t.Context()); n != 5 || err == nil || s.asked != 2 {
		t.Errorf("%d came home, %v", n, err)
	}
}
