package voicemail

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/store"
)

// SoundPath is where the carrier fetches what staff have spoken for a group.
const SoundPath = "/twilio/spoken/sound.wav"

// soundKey is the key in that address, and soundPurpose what its token is sealed for.
const (
	soundKey     = "v"
	soundPurpose = "spoken"
)

// Sound is the address at which the carrier fetches what staff have spoken. Who has
// it hears it.
func (v *Voicemail) Sound(line, id string) string {
	return v.PublicURL + SoundPath + "?" + soundKey + "=" + v.Keys.SealToken(soundPurpose, []byte(line+" "+id), nil)
}

// Mount serves what staff have spoken to who has the address.
func (v *Voicemail) Mount(e *echo.Echo) { e.GET(SoundPath, v.serve) }

// serve answers in one way to whoever has an address that is not ours and to whom it
// is too late.
func (v *Voicemail) serve(c echo.Context) error {
	text, err := v.Keys.OpenToken(soundPurpose, c.QueryParam(soundKey), nil)
	if err != nil {
		return echo.ErrNotFound
	}
	line, id, _ := strings.Cut(string(text), " ")
	sound, err := v.home(c.Request().Context(), line, id)
	if errors.Is(err, store.ErrNotFound) {
		return echo.ErrNotFound
	}
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "audio/wav")
	h.Set(echo.HeaderCacheControl, "no-store")
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(sound))
	return nil
}

// Who has just spoken hears it as soon as the carrier has it: it is looked for so often,
// so far apart.
const (
	lookTries = 5
	lookAgain = time.Second
)

// home is what staff have spoken, brought home if it is still at the carrier.
func (v *Voicemail) home(ctx context.Context, line, id string) (sound []byte, err error) {
	for range lookTries {
		if sound, err = v.Store.Sound(ctx, line, id, store.SpokenForGroup); !errors.Is(err, store.ErrNotFound) {
			return sound, err
		}
		taken, err := v.Pass(ctx)
		if err == nil && taken > 0 {
			continue
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lookAgain):
		}
	}
	return nil, store.ErrNotFound
}
