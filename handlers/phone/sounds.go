package phone

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows/sound"
)

// The sounds that we make ourselves, and where they are had.
const (
	tonePath  = "/twilio/sound/tone.wav"  // begins the menu of a room
	chimePath = "/twilio/sound/chime.wav" // somebody's time is up
)

// soundsKept is how long the carrier may keep a sound before it asks again.
const soundsKept = "public, max-age=86400"

// sounds are served to whoever asks: the carrier fetches them through a cache of
// its own, as it would anybody's file, and they tell nothing.
// Source: https://www.twilio.com/docs/voice/twiml/play
func sounds(e *echo.Echo) {
	for path, wav := range map[string][]byte{tonePath: toneWAV(), chimePath: chimeWAV()} {
		sum := sha256.Sum256(wav)
		tag := `"` + hex.EncodeToString(sum[:8]) + `"`
		serve := func(c echo.Context) error {
			h := c.Response().Header()
			h.Set(echo.HeaderContentType, "audio/wav")
			h.Set(echo.HeaderCacheControl, soundsKept)
			h.Set("ETag", tag)
			http.ServeContent(c.Response(), c.Request(), path, time.Time{}, bytes.NewReader(wav))
			return nil
		}
		e.GET(path, serve)
		e.HEAD(path, serve)
	}
}

// partial is one of the pure tones that a sound is made of. Fades is how long it
// takes to fall to a third, 0 for a tone that stays.
type partial struct {
	hertz, loud float64
	fades       time.Duration
}

// toneWAV is a short soft tone, which says that a key may be pressed.
func toneWAV() []byte {
	return wav(150*time.Millisecond, 25*time.Millisecond, partial{hertz: 660, loud: 0.12})
}

// chimeWAV is a small bell, soft enough to be spoken over.
func chimeWAV() []byte {
	return wav(time.Second, 8*time.Millisecond,
		partial{hertz: 587.33, loud: 0.13, fades: 280 * time.Millisecond},
		partial{hertz: 1174.66, loud: 0.06, fades: 160 * time.Millisecond},
		partial{hertz: 1621, loud: 0.03, fades: 90 * time.Millisecond},
	)
}

// wav is a sound that comes and goes within edge, so that it does not click.
func wav(long, edge time.Duration, partials ...partial) []byte {
	clip := make(sound.Clip, long*sound.Rate/time.Second)
	for i := range clip {
		at := float64(i) / sound.Rate
		sample := 0.0
		for _, p := range partials {
			loud := p.loud
			if p.fades > 0 {
				loud *= math.Exp(-at / p.fades.Seconds())
			}
			sample += loud * math.Sin(2*math.Pi*p.hertz*at)
		}
		left := float64(len(clip)-1-i) / sound.Rate
		sample *= rise(at/edge.Seconds()) * rise(left/edge.Seconds())
		clip[i] = int16(math.Round(sample * math.MaxInt16))
	}
	return clip.WAV()
}

// rise goes smoothly from 0 at 0 to 1 at 1, and stays there.
func rise(x float64) float64 { return (1 - math.Cos(math.Pi*min(x, 1))) / 2 }
