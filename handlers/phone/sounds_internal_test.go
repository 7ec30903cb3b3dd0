package phone

import (
	"bytes"
	"encoding/binary"
	"math"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows/sound"
)

func TestSounds(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		make func() []byte
		long time.Duration
	}{"tone": {toneWAV, 150 * time.Millisecond}, "chime": {chimeWAV, time.Second}} {
		b := x.make()
		if !bytes.Equal(b, x.make()) {
			t.Errorf("%s: it is another each time", name)
		}
		size := int(binary.LittleEndian.Uint32(b[40:]))
		if got := time.Duration(size) * time.Second / (2 * sound.Rate); got != x.long || len(b) != 44+size {
			t.Errorf("%s lasts %s, of %d bytes", name, got, len(b))
		}
		loudest, energy := 0.0, 0.0
		for i := 44; i < len(b); i += 2 {
			v := math.Abs(float64(int16(binary.LittleEndian.Uint16(b[i:]))) / math.MaxInt16)
			loudest, energy = max(loudest, v), energy+v*v
		}
		// Soft, and to be heard all the same: a voice on a telephone peaks near 1.
		if loudest > 0.25 || loudest < 0.05 || energy == 0 {
			t.Errorf("%s peaks at %.3f", name, loudest)
		}
		if first, last := b[44:46], b[len(b)-2:]; !bytes.Equal(first, []byte{0, 0}) || !bytes.Equal(last, []byte{0, 0}) {
			t.Errorf("%s clicks: it begins with % x and ends with % x", name, first, last)
		}
	}
}

// The carrier fetches sounds without a signature, and need not fetch them again.
func TestSoundsAreServedAndKept(t *testing.T) {
	t.Parallel()
	e := echo.New()
	sounds(e)
	for _, path := range []string{tonePath, chimePath} {
		w := httptest.NewRecorder()
		e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "audio/wav" || w.Header().Get("Cache-Control") != soundsKept || w.Body.Len() < 44 {
			t.Errorf("%s: %d, %v", path, w.Code, w.Header())
		}
		again := httptest.NewRequest(http.MethodGet, path, nil)
		again.Header.Set("If-None-Match", w.Header().Get("ETag"))
		w = httptest.NewRecorder()
		if e.ServeHTTP(w, again); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("%s, known already: %d", path, w.Code)
		}
	}
}
