package voicemail_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

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
