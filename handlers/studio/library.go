package studio

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// lookEvery is how soon callers hear what was approved elsewhere.
const lookEvery = 5 * time.Second

// Store keeps recordings.
type Store interface {
	List(ctx context.Context, line string) ([]store.Recording, error)
	Sound(ctx context.Context, line, hash string, state store.RecordingState) ([]byte, error)
	Draft(ctx context.Context, line string, by store.By, of store.Recording, sound []byte) error
}

// Options are what a Library works with. All are needed.
type Options struct {
	Store Store
	// Dir is the folder for copies of what callers hear; it is made when there is
	// something to be kept.
	Dir string
	// Served are the lines that this program works for, as far as it knows them.
	Served    func() []string
	PublicURL string
	Now       func() time.Time
	Log       *slog.Logger
}

// Library is what this program can play. Its methods are safe for concurrent use.
type Library struct {
	Options
	shelf   atomic.Pointer[shelf]
	folder  atomic.Pointer[map[string]string] // see SetFolder
	failing bool                              // of Run alone: it was told that recordings cannot be read
	tidied  time.Time                         // of Load alone
	looks   looks
}

// shelf is what callers hear: of each line the hash of a sound by language and words.
type shelf map[string]map[string]string

// words names what is said in a language.
func words(lang, textHash string) string { return lang + " " + textHash }

// New returns one that plays nothing until Load or Run.
func New(o Options) *Library { return &Library{Options: o} }

// Recorded is the address of what is played in place of an utterance on a line, "" if it
// is spoken: what was approved there, or else what the flow's folder has. Who asked for
// everything to be said more slowly hears the carrier's voice: a recording goes at its
// own pace.
func (l *Library) Recorded(line string, u flows.Utterance) string {
	s, folder := l.shelf.Load(), l.folder.Load()
	approved := s != nil && len((*s)[line]) > 0
	if !approved && folder == nil || u.Sound != "" || u.Slow {
		return ""
	}
	said := words(u.Lang, flows.TextHash(u.Text()))
	hash := ""
	if approved {
		hash = (*s)[line][said]
	}
	if hash == "" && folder != nil {
		hash = (*folder)[said]
	}
	if hash == "" {
		return ""
	}
	return l.PublicURL + address(hash)
}

// Run looks for what was approved or removed, until ctx ends.
func (l *Library) Run(ctx context.Context) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		err := l.Load(ctx)
		switch failing := err != nil && ctx.Err() == nil; {
		case failing == l.failing:
		case failing:
			l.failing = true
			l.Log.WarnContext(ctx, "recordings of prompts stay as they were", "error", err)
		default:
			l.failing = false
			l.Log.InfoContext(ctx, "recordings of prompts are looked for again")
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// Load takes in what callers hear now. What cannot be had is spoken, or stays as it was;
// at a start without Postgres it is what the folder has.
func (l *Library) Load(ctx context.Context) error {
	fresh, old := shelf{}, l.shelf.Load()
	var failed []error
	for _, line := range l.Served() {
		all, err := l.Store.List(ctx, line)
		if err != nil {
			return errors.Join(err, l.recall(old))
		}
		fresh[line] = map[string]string{}
		for _, r := range all {
			if r.State != store.RecordingKept {
				continue
			}
			if err := l.have(ctx, line, r.Hash); err != nil {
				failed = append(failed, err)
				continue // it is spoken
			}
			fresh[line][words(r.Lang, r.TextHash)] = r.Hash
		}
	}
	l.shelf.Store(&fresh)
	kept := maps.Clone(fresh) // callers read the other
	if folder := l.folder.Load(); folder != nil {
		kept[ofFolder] = *folder // for their sounds to stay
	}
	return errors.Join(errors.Join(failed...), l.remember(kept))
}

// index is the file of the folder that says what is played for which words.
const index = "index.json"

// recall takes what the folder has for what callers hear, unless something is known.
func (l *Library) recall(old *shelf) error {
	if old != nil {
		return nil
	}
	text, err := os.ReadFile(filepath.Join(l.Dir, index))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var s shelf
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		return err
	}
	for _, line := range s {
		for words, hash := range line {
			if _, err := l.file(hash); err != nil {
				delete(line, words)
			}
		}
	}
	l.shelf.Store(&s)
	return nil
}

// tidyEvery is how soon after its day a sound is gone that nobody hears any more, though
// nothing else changes.
const tidyEvery = time.Hour

// remember writes what callers hear to the folder, if it is something else now, and takes
// away the sounds that no call can come to any more.
func (l *Library) remember(s shelf) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	path := filepath.Join(l.Dir, index)
	was, err := os.ReadFile(path)
	if err == nil && string(was) == string(text) {
		if l.Now().Sub(l.tidied) < tidyEvery {
			return nil
		}
		l.tidied = l.Now()
		return l.tidy(s)
	}
	if _, err := os.Stat(l.Dir); errors.Is(err, os.ErrNotExist) {
		return nil // nothing was ever recorded
	}
	var before shelf
	_ = json.Unmarshal(was, &before) // of one that is damaged nothing is known
	l.tidied = l.Now()
	return errors.Join(writeFile(path, text), l.tidy(before, s))
}
