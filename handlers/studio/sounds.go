package studio

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/store"
)

// soundPath is where sounds are fetched, and soundFile what follows it.
const soundPath = "/audio/"

var soundFile = regexp.MustCompile(`^([0-9a-f]{64})\.wav$`)

func address(hash string) string { return soundPath + hash + ".wav" }

// Mount serves the sounds that callers hear, to whoever asks.
func (l *Library) Mount(e *echo.Echo) {
	e.GET(soundPath+":file", l.serve)
	e.HEAD(soundPath+":file", l.serve)
}

// serve answers with the sound of that hash. One that this program has not taken in yet,
// because another one has just told the carrier of it, comes from Postgres.
func (l *Library) serve(c echo.Context) error {
	name := soundFile.FindStringSubmatch(c.Param("file"))
	if name == nil {
		return echo.ErrNotFound
	}
	sound, err := l.sound(c.Request().Context(), name[1])
	if errors.Is(err, store.ErrNotFound) {
		return echo.ErrNotFound
	}
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "audio/wav")
	h.Set(echo.HeaderCacheControl, "public, max-age=31536000, immutable")
	h.Set("ETag", `"`+name[1]+`"`)
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(sound))
	return nil
}

func (l *Library) sound(ctx context.Context, hash string) ([]byte, error) {
	if sound, err := l.file(hash); err == nil {
		return sound, nil
	}
	if !l.looks.allow(l.Now()) {
		return nil, store.ErrNotFound
	}
	for _, line := range l.Served() {
		sound, err := l.Store.Sound(ctx, line, hash, store.RecordingKept)
		if !errors.Is(err, store.ErrNotFound) {
			return sound, err
		}
	}
	return nil, store.ErrNotFound
}

// mostLooks is how many sounds a second are looked for that this program has not: a few
// when something was approved elsewhere. Whoever asks for what there never was does not
// keep Postgres busy.
const mostLooks = 10

// looks counts them.
type looks struct {
	mu     sync.Mutex
	second int64
	count  int
}

func (k *looks) allow(now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if s := now.Unix(); s != k.second {
		k.second, k.count = s, 0
	}
	k.count++
	return k.count <= mostLooks
}

// have has a sound in the folder.
func (l *Library) have(ctx context.Context, line, hash string) error {
	path := filepath.Join(l.Dir, hash)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	sound, err := l.Store.Sound(ctx, line, hash, store.RecordingKept)
	if err != nil {
		return err
	}
	return writeFile(path, sound)
}

// file reads a sound from the folder. One that is damaged is not there.
func (l *Library) file(hash string) ([]byte, error) {
	sound, err := os.ReadFile(filepath.Join(l.Dir, hash))
	if err == nil && store.SoundHash(sound) != hash {
		return nil, errors.Join(store.ErrNotFound, os.Remove(filepath.Join(l.Dir, hash)))
	}
	return sound, err
}

// playedFor is how long a call may still come to a sound that it was told of.
const playedFor = 24 * time.Hour

// tidy removes the sounds that have been on no shelf for so long. A file's time is when
// it was last seen on one: before now, or now.
func (l *Library) tidy(shelves ...shelf) error {
	used := map[string]bool{index: true}
	for _, s := range shelves {
		for _, line := range s {
			for _, hash := range line {
				used[hash] = true
			}
		}
	}
	files, err := os.ReadDir(l.Dir)
	if err != nil {
		return err
	}
	now := l.Now()
	for _, f := range files {
		path := filepath.Join(l.Dir, f.Name())
		if used[f.Name()] {
			err = errors.Join(err, os.Chtimes(path, now, now))
		} else if info, gone := f.Info(); gone == nil && now.Sub(info.ModTime()) > playedFor {
			err = errors.Join(err, os.Remove(path))
		}
	}
	return err
}

// writeFile leaves at path either what was there or all of data.
func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".partial-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}
