package voicemail

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

const (
	// lookEvery is how often is looked for what nobody told us of.
	lookEvery = 5 * time.Second
	// patience is how long it is tried to fetch a recording: the carrier forgets it
	// within five minutes of its end.
	patience = 4 * time.Minute
	// The carrier needs some seconds to have what it was told; what fails is tried
	// again, less and less often, but so that five minutes have room for it.
	firstAgain = 5 * time.Second
	lastAgain  = 40 * time.Second
	// atOnce is how many recordings are taken in hand together.
	atOnce = 4
)

// Store keeps what was spoken.
type Store interface {
	Left(ctx context.Context, l store.LeftVoice) error
	Coming(ctx context.Context, now time.Time, line string, most int) ([]store.ComingVoice, error)
	Keep(ctx context.Context, c store.ComingVoice, sound []byte) error
	Lose(ctx context.Context, c store.ComingVoice) error
	Forgotten(ctx context.Context, c store.ComingVoice) error
	Again(ctx context.Context, c store.ComingVoice, at time.Time) error
	Sound(ctx context.Context, line, id string, purpose store.VoicemailPurpose) ([]byte, error)
	ID(line, sid string) string
	Drop(ctx context.Context, line, id string) error
}

// Carrier has the recordings. Its errors are a *carrier.Error each.
type Carrier interface {
	Recording(ctx context.Context, sid string) ([]byte, error)
	DeleteRecording(ctx context.Context, sid string) error
}

// Options are what a Voicemail works with. All are needed.
type Options struct {
	Store   Store
	Carrier Carrier
	Keys    *vault.Keyring
	// Served are the lines that this program works for, as far as it knows them.
	Served func() []string
	// PublicURL is ours, SoundPath where the carrier fetches what staff have spoken.
	PublicURL string
	Now       func() time.Time
	Log       *slog.Logger
}

// Voicemail brings recordings home, beside any number of others on the same database.
type Voicemail struct {
	Options
	wake    chan struct{}
	mu      sync.Mutex
	problem string // as last told
}

// New returns one that does nothing until Run or Pass.
func New(o Options) *Voicemail { return &Voicemail{Options: o, wake: make(chan struct{}, 1)} }

// Left is told of something that was recorded, and has Run fetch it.
func (v *Voicemail) Left(ctx context.Context, l store.LeftVoice) error {
	if err := v.Store.Left(ctx, l); err != nil {
		return err
	}
	select {
	case v.wake <- struct{}{}:
	default: // it is awake
	}
	return nil
}

// ID is what the recording that the carrier calls sid is called by us.
func (v *Voicemail) ID(line, sid string) string { return v.Store.ID(line, sid) }

// Drop destroys what staff have spoken and did not send.
func (v *Voicemail) Drop(ctx context.Context, line, id string) error {
	return v.Store.Drop(ctx, line, id)
}

// Recorded takes in what the carrier tells of a recording by itself: by then it can
// be fetched. Of one that is not ours, and of one of which there is nothing, there is
// nothing to take in.
func (v *Voicemail) Recorded(ctx context.Context, w carrier.Webhook, query url.Values) error {
	token, ours := w.RecordToken(v.Keys, query)
	r, told := w.Recorded()
	if !ours || !told || r.Absent {
		return nil
	}
	l := store.LeftVoice{Line: token.Line, SID: r.SID, Purpose: store.LeftForStaff, Lang: token.Lang, Seconds: r.Seconds, At: v.Now()}
	switch token.For {
	case flows.RecordBroadcast:
		l.Purpose, l.Group = store.SpokenForGroup, token.Group
	case flows.RecordScript:
		l.Purpose = store.SpokenPrompt
	}
	return v.Left(ctx, l)
}

// Run brings recordings home until ctx ends.
func (v *Voicemail) Run(ctx context.Context) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		_, err := v.Pass(ctx)
		v.tell(ctx, err)
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		case <-v.wake:
		}
	}
}

// tell logs when the work begins or ceases to fail.
func (v *Voicemail) tell(ctx context.Context, err error) {
	problem := ""
	if err != nil && ctx.Err() == nil {
		problem = err.Error()
	}
	v.mu.Lock()
	was := v.problem
	v.problem = problem
	v.mu.Unlock()
	switch {
	case problem == was:
	case problem != "":
		v.Log.WarnContext(ctx, "recordings wait at the carrier", "error", err)
	default:
		v.Log.InfoContext(ctx, "recordings come home again")
	}
}

// Pass does what is due now, and returns how many recordings it was at.
func (v *Voicemail) Pass(ctx context.Context) (taken int, err error) {
	var failed []error
	for _, line := range v.Served() {
		for {
			rows, err := v.Store.Coming(ctx, v.Now(), line, atOnce)
			failed = append(failed, err)
			for _, row := range rows {
				failed = append(failed, v.bring(ctx, row))
			}
			taken += len(rows)
			if len(rows) < atOnce {
				break
			}
		}
	}
	return taken, errors.Join(failed...)
}

// bring fetches a recording, if it is not here, and then has the carrier forget it.
func (v *Voicemail) bring(ctx context.Context, c store.ComingVoice) error {
	ready, err := v.fetch(ctx, c)
	if err == nil && ready {
		if err = v.Carrier.DeleteRecording(ctx, c.SID); err == nil {
			return v.Store.Forgotten(ctx, c)
		}
	}
	return errors.Join(err, v.Store.Again(ctx, c, v.Now().Add(again(c.Tries))))
}

// fetch has a recording be here. ready says that the carrier is to forget it: it is
// here, it was given up, or the carrier has nothing of it any more.
func (v *Voicemail) fetch(ctx context.Context, c store.ComingVoice) (ready bool, err error) {
	if c.State != store.VoicemailComing {
		return true, nil
	}
	sound, err := v.Carrier.Recording(ctx, c.SID)
	if err == nil {
		err = v.Store.Keep(ctx, c, sound)
	}
	switch {
	case err == nil, errors.Is(err, store.ErrNotFound): // somebody deleted it meanwhile
		return true, nil
	case v.Now().Sub(c.At) < patience:
		// The carrier may not have it yet.
		return false, nil
	}
	v.Log.ErrorContext(ctx, "a voice message could not be fetched in time, and is given up", "error", err)
	if err := v.Store.Lose(ctx, c); err != nil {
		return false, err
	}
	return true, nil
}

// again is when is tried once more what was tried so often.
func again(tries int) time.Duration { return min(lastAgain, firstAgain<<min(tries, 10)) }
