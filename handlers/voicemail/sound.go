package voicemail

import (
	"bytes"
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
	sound, err := v.Store.Sound(c.Request().Context(), line, id, store.SpokenForGroup)
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
