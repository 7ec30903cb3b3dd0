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

	"github.com/hearthline/hearthline/flows/sound"
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
func (v *Voicemail) Sound(line, id string) string { return v.address(line, id) }

// Take is that of a prompt that somebody has just spoken: it is heard as callers would
// hear it.
func (v *Voicemail) Take(line, id string) string { return v.address(line, id, aTake) }

// aTake says of an address that it is of a prompt.
const aTake = "take"

func (v *Voicemail) address(of ...string) string {
	of = append(of, strconv.FormatInt(v.Now().Add(soundLasts).Unix(), 10))
	return v.PublicURL + SoundPath + "?" + soundKey + "=" + v.Keys.SealToken(soundPurpose, []byte(strings.Join(of, " ")), nil)
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
	if len(of) < 3 {
		return echo.ErrNotFound
	}
	if until, err := strconv.ParseInt(of[len(of)-1], 10, 64); err != nil || v.Now().Unix() >= until {
		return echo.ErrNotFound
	}
	purpose := store.SpokenForGroup
	if of[2] == aTake {
		purpose = store.SpokenPrompt
	}
	wav, err := v.home(c.Request().Context(), of[0], of[1], purpose)
	if errors.Is(err, store.ErrNotFound) {
		return echo.ErrNotFound
	}
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "audio/wav")
	h.Set(echo.HeaderCacheControl, "no-store")
	if purpose == store.SpokenPrompt {
		wav = mastered(wav)
	}
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(wav))
	return nil
}

// Who has just spoken hears it as soon as the carrier has it: it is looked for so often,
// so far apart.
const (
	lookTries = 5
	lookAgain = time.Second
)

// mastered is a prompt as callers would hear it; as it is, if it cannot be made so.
func mastered(wav []byte) []byte {
	raw, err := sound.Read(wav)
	if err != nil {
		return wav
	}
	clip, _, err := sound.Master(raw)
	if err != nil {
		return wav
	}
	return clip.WAV()
}

// Spoken is the prompt that somebody has spoken, as the carrier recorded it (WAV).
// store.ErrNotFound says that there is none.
func (v *Voicemail) Spoken(ctx context.Context, line, id string) ([]byte, error) {
	return v.home(ctx, line, id, store.SpokenPrompt)
}

// home is what staff have spoken, brought home if it is still at the carrier.
func (v *Voicemail) home(ctx context.Context, line, id string, purpose store.VoicemailPurpose) (wav []byte, err error) {
	for range lookTries {
		if wav, err = v.Store.Sound(ctx, line, id, purpose); !errors.Is(err, store.ErrNotFound) {
			return wav, err
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
