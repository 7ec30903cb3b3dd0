package voicemail_test

import (
	"context"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows/sound"
	"github.com/hearthline/hearthline/handlers/voicemail"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

// spokenShelf has one recording, which staff have spoken.
type spokenShelf struct{ voicemail.Store }

func (spokenShelf) Sound(_ context.Context, line, id string, purpose store.VoicemailPurpose) ([]byte, error) {
	if line != "line" || id != "spoken" || purpose != store.SpokenForGroup {
		return nil, store.ErrNotFound
	}
	return []byte("RIFF sound"), nil
}

// The address of what staff have spoken is good for an hour; after it, and of one that
// was made up, there is nothing, alike.
func TestASpokenSoundsAddressIsGoodForAnHour(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	v := voicemail.New(voicemail.Options{Store: spokenShelf{}, Keys: storetest.Keyring(t), PublicURL: "https://line.example.org", Now: func() time.Time { return now }})
	e := echo.New()
	v.Mount(e)
	address := strings.TrimPrefix(v.Sound("line", "spoken"), "https://line.example.org")
	if strings.Contains(address, "spoken&") || strings.Contains(address, "line") {
		t.Error("the address says what it is of")
	}
	begun := now
	changed := address[:len(address)-2] + "xx"
	for _, c := range []struct {
		name, address string
		after         time.Duration
		status        int
	}{
		{"at once", address, 0, http.StatusOK},
		{"in the last second", address, time.Hour - time.Second, http.StatusOK},
		{"an hour later", address, time.Hour, http.StatusNotFound},
		{"a day later", address, 24 * time.Hour, http.StatusNotFound},
		{"changed", changed, 0, http.StatusNotFound},
		{"without a key", voicemail.SoundPath, 0, http.StatusNotFound},
	} {
		now = begun.Add(c.after)
		answer := httptest.NewRecorder()
		e.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, c.address, http.NoBody))
		if answer.Code != c.status || (answer.Code == http.StatusOK) != strings.Contains(answer.Body.String(), "RIFF") {
			t.Errorf("%s: %d", c.name, answer.Code)
		}
	}
}

// promptShelf has one recording, of a prompt.
type promptShelf struct {
	voicemail.Store
	wav []byte
}

func (p promptShelf) Sound(_ context.Context, line, id string, purpose store.VoicemailPurpose) ([]byte, error) {
	if line != "line" || id != "take" || purpose != store.SpokenPrompt {
		return nil, store.ErrNotFound
	}
	return p.wav, nil
}

// Who has spoken a prompt hears it as callers will; what cannot be made good is heard as
// it is.
func TestATakeIsHeardAsCallersWouldHearIt(t *testing.T) {
	t.Parallel()
	soft := make(sound.Clip, 3*sound.Rate)
	for i := sound.Rate; i < 2*sound.Rate; i++ {
		soft[i] = int16(400 * math.Sin(float64(i)/4))
	}
	for name, c := range map[string]struct {
		wav  []byte
		long time.Duration
	}{
		"a soft one, with silence around it": {soft.WAV(), 1450 * time.Millisecond},
		"silence":                            {make(sound.Clip, sound.Rate).WAV(), time.Second},
	} {
		v := voicemail.New(voicemail.Options{Store: promptShelf{wav: c.wav}, Keys: storetest.Keyring(t), Now: time.Now})
		e := echo.New()
		v.Mount(e)
		answer := httptest.NewRecorder()
		e.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, v.Take("line", "take"), http.NoBody))
		heard, err := sound.Read(answer.Body.Bytes())
		if err != nil || (heard.Long()-c.long).Abs() > 20*time.Millisecond {
			t.Errorf("%s: %d, %v long, %v", name, answer.Code, heard.Long(), err)
		}
	}
}
