package sound

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Most is how many bytes of a file are read: 45 seconds in the best quality that is
// understood take a little less.
const Most = 18 << 20

// The kinds of samples that a WAV file may hold, by the numbers that it calls them.
// Source: RFC 2361, and mmreg.h of Windows.
const (
	formatPCM        = 1
	formatMuLaw      = 7
	formatExtensible = 0xFFFE
)

// rates are those that are understood.
var rates = []int{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 96000}

// ErrNotWAV says that a file is not one that can be played. What wraps it says why,
// and what to do.
var ErrNotWAV = errors.New("it is not a sound that can be played")

// Cause is why a sound is refused, for who tells it in words of their own.
type Cause string

// The causes.
const (
	CauseSilent     Cause = "silent"
	CauseLong       Cause = "long"
	CauseLarge      Cause = "large"      // of too many bytes
	CauseMP3        Cause = "mp3"        // a kind that people often have
	CauseOther      Cause = "other"      // a sound of another kind
	CauseNone       Cause = "none"       // no sound at all
	CauseCompressed Cause = "compressed" // WAV, with samples that are not read
	CauseChannels   Cause = "channels"   // more than two
	CauseRate       Cause = "rate"
	CauseBroken     Cause = "broken" // WAV that ends too early, or contradicts itself
)

// Causes are all of them.
var Causes = []Cause{CauseSilent, CauseLong, CauseLarge, CauseMP3, CauseOther, CauseNone, CauseCompressed, CauseChannels, CauseRate, CauseBroken}

// refusal is a file that cannot be played.
type refusal struct {
	cause Cause
	text  string
}

func (r *refusal) Error() string { return ErrNotWAV.Error() + ": " + r.text }

func (r *refusal) Unwrap() error { return ErrNotWAV }

func refuse(why Cause, format string, args ...any) error {
	return &refusal{why, fmt.Sprintf(format, args...)}
}

// CauseOf is why an error of this package refuses a sound; CauseNone for any other.
func CauseOf(err error) Cause {
	var r *refusal
	switch {
	case errors.Is(err, ErrSilent):
		return CauseSilent
	case errors.Is(err, ErrLong):
		return CauseLong
	case errors.As(err, &r):
		return r.cause
	}
	return CauseNone
}

const saveAs = "save it as WAV, PCM, 16 bit"

// Read reads a WAV file of one channel or two, which it mixes, into a clip. It holds
// the file to what it says of itself: nothing is read that lies outside it.
func Read(file []byte) (Clip, error) {
	if len(file) > Most {
		return nil, refuse(CauseLarge, "it is over %d MB: send a prompt alone, in mono", Most>>20)
	}
	if other := known(file); other != "" {
		why := CauseOther
		if other == beginnings[0].is {
			why = CauseMP3
		}
		return nil, refuse(why, "it is %s: %s", other, saveAs)
	}
	if len(file) < 12 || string(file[:4]) != "RIFF" || string(file[8:12]) != "WAVE" {
		return nil, refuse(CauseNone, "it does not begin as a WAV file does: %s", saveAs)
	}
	f, data, err := chunks(file[12:])
	if err != nil {
		return nil, err
	}
	frames := len(data) / f.size()
	if frames > f.rate*int(Longest.Seconds()+longerRaw) {
		return nil, ErrLong
	}
	wave := make([]float64, frames)
	for i := range wave {
		wave[i] = f.sample(data[i*f.size():])
	}
	return clip(resample(wave, f.rate)), nil
}

// longerRaw is how many seconds longer than a prompt a recording may be before its
// silence is cut off.
const longerRaw = 15

// beginnings are those of files that people take for sounds that can be played.
var beginnings = []struct{ is, begins string }{
	{"an MP3 file, which sounds worse on a telephone than it must", "ID3"},
	{"an Ogg file", "OggS"}, {"a FLAC file", "fLaC"}, {"an AIFF file", "FORM"}, {"a WebM file", "\x1a\x45\xdf\xa3"}, {"a Wave64 file", "riff"}, {"an RF64 file", "RF64"},
}

// known says what a file is that is none of ours, "" if it may be.
func known(file []byte) string {
	for _, b := range beginnings {
		if bytes.HasPrefix(file, []byte(b.begins)) {
			return b.is
		}
	}
	switch {
	case len(file) >= 2 && file[0] == 0xFF && file[1]&0xE0 == 0xE0:
		return beginnings[0].is
	case len(file) >= 8 && string(file[4:8]) == "ftyp":
		return "an M4A file"
	}
	return ""
}

// format is how the samples of a file are written.
type format struct{ kind, channels, rate, bits int }

// size is how many bytes a sample of every channel takes together.
func (f format) size() int { return f.channels * f.bits / 8 }

// chunks finds the format and the samples. Every chunk lies within the file; the
// first of each counts.
func chunks(b []byte) (f format, data []byte, err error) {
	for len(b) >= 8 {
		name, n := string(b[:4]), uint64(binary.LittleEndian.Uint32(b[4:8]))
		b = b[8:]
		if n > uint64(len(b)) {
			return f, nil, refuse(CauseBroken, "it ends before its sound does: save it again")
		}
		body := b[:n]
		b = b[min(n+n%2, uint64(len(b))):]
		switch {
		case name == "fmt " && f.kind == 0:
			if f, err = readFormat(body); err != nil {
				return f, nil, err
			}
		case name == "data" && f.kind == 0:
			return f, nil, refuse(CauseBroken, "it does not say how its sound is written: %s", saveAs)
		case name == "data":
			return f, body, nil
		}
	}
	return f, nil, refuse(CauseBroken, "it holds no sound: save it again")
}

func readFormat(b []byte) (format, error) {
	if len(b) < 16 {
		return format{}, refuse(CauseBroken, "it does not say how its sound is written: %s", saveAs)
	}
	word := func(at int) int { return int(binary.LittleEndian.Uint16(b[at:])) }
	f := format{kind: word(0), channels: word(2), rate: int(binary.LittleEndian.Uint32(b[4:])), bits: word(14)}
	if f.kind == formatExtensible && len(b) >= 26 {
		f.kind = word(24) // what the two bytes said otherwise
	}
	bits := []int{8, 16, 24, 32}
	if f.kind == formatMuLaw {
		bits = []int{8}
	}
	switch {
	case f.kind != formatPCM && f.kind != formatMuLaw:
		return f, refuse(CauseCompressed, "it is a WAV file whose sound is compressed, or in decimals (format %d): %s", f.kind, saveAs)
	case f.channels != 1 && f.channels != 2:
		return f, refuse(CauseChannels, "it has %d channels: save it in mono", f.channels)
	case !slices.Contains(rates, f.rate):
		return f, refuse(CauseRate, "it has %d samples a second: save it at 8000, 16000, 44100 or 48000", f.rate)
	case !slices.Contains(bits, f.bits):
		return f, refuse(CauseCompressed, "its samples have %d bits: %s", f.bits, saveAs)
	case word(12) != f.size():
		return f, refuse(CauseBroken, "what it says of its samples does not agree: save it again")
	}
	return f, nil
}

// sample is the first of b, from -1 to 1, with its channels mixed.
func (f format) sample(b []byte) (s float64) {
	for c := range f.channels {
		s += f.one(b[c*f.bits/8:])
	}
	return s / float64(f.channels)
}

func (f format) one(b []byte) float64 {
	switch {
	case f.kind == formatMuLaw:
		return float64(muLaw(b[0])) / 32768
	case f.bits == 8:
		return (float64(b[0]) - 128) / 128
	case f.bits == 16:
		return float64(int16(binary.LittleEndian.Uint16(b))) / 32768
	case f.bits == 24:
		return float64(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)) / (1 << 31)
	}
	return float64(int32(binary.LittleEndian.Uint32(b))) / (1 << 31)
}

// muLaw is the sample that a byte of a telephone's own code stands for.
// Source: ITU-T G.711, table 2a.
func muLaw(b byte) int16 {
	b = ^b
	s := (int16(b&0x0F)<<3 + 0x84) << (b & 0x70 >> 4)
	if b&0x80 != 0 {
		return 0x84 - s
	}
	return s - 0x84
}
