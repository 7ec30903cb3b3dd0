package emulator

import (
	"bytes"
	"encoding/binary"
	"time"
)

// audioLength returns how long a recording lasts: exactly for WAV; for others
// by the rate that is usual for their type.
func audioLength(media string, body []byte) time.Duration {
	rate := 4000 // bytes a second of MP3 at 32 kbit/s
	size := len(body)
	switch media {
	case "audio/wav", "audio/wave", "audio/x-wav", "audio/vnd.wave":
		if r, s, ok := wav(body); ok {
			rate, size = r, s
			break
		}
		rate = 16000
	case "audio/basic", "audio/ulaw", "audio/x-mulaw", "audio/mulaw":
		rate = 8000
	}
	return (time.Duration(size) * time.Second / time.Duration(rate)).Round(time.Millisecond)
}

// wav reads the byte rate and the size of the sound from a RIFF file.
func wav(b []byte) (rate, size int, ok bool) {
	if len(b) < 12 || !bytes.Equal(b[:4], []byte("RIFF")) || !bytes.Equal(b[8:12], []byte("WAVE")) {
		return 0, 0, false
	}
	for b = b[12:]; len(b) >= 8; {
		name, n := string(b[:4]), int(binary.LittleEndian.Uint32(b[4:8]))
		b = b[8:]
		n = min(n, len(b))
		switch {
		case name == "fmt " && n >= 12:
			rate = int(binary.LittleEndian.Uint32(b[8:12]))
		case name == "data":
			return rate, n, rate > 0
		}
		b = b[min(n+n%2, len(b)):]
	}
	return 0, 0, false
}
