package voicemail

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
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

// soundLasts is how long such an address can be heard: longer than any call of ours
// takes to come to it.
const soundLasts = time.Hour

// Sound is the address at which the carrier fetches what staff have spoken. Who has
// it hears it, within an hour.
func (v *Voicemail) Sound(line, id string) string {
	until := strconv.FormatInt(v.Now().Add(soundLasts).Unix(), 10)
	return v.PublicURL + SoundPath + "?" + soundKey + "=" + v.Keys.SealToken(soundPurpose, []byte(line+" "+id+" "+until), nil)
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
	of := strings.Fields(string(text))
	if len(of) != 3 {
		return echo.ErrNotFound
	}
	if until, err := strconv.ParseInt(of[2], 10, 64); err != nil || v.Now().Unix() >= until {
		return echo.ErrNotFound
	}
	line, id := of[0], of[1]
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
