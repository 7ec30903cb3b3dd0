// Package sound makes of somebody's recording what a telephone plays well: one
// channel of 8,000 samples a second of 16 bits, without the silence around the words,
// as loud as every other. It holds no state and reads no file.
package sound

import (
	"encoding/binary"
	"errors"
	"math"
	"time"
)

// Rate is what a telephone carries, in samples a second: the carrier makes this of
// whatever it is given.
// Source: https://www.twilio.com/docs/voice/twiml/play
const Rate = 8000

// Longest is how long a prompt may be that is recorded. Who hears more than 25 s at
// once keeps little of it (F021); nobody listens to more than this.
const Longest = 45 * time.Second

// Clip is a sound of one channel at [Rate].
type Clip []int16

// Long is how long a clip lasts.
func (c Clip) Long() time.Duration { return time.Duration(len(c)) * time.Second / Rate }

// header is how many bytes stand before the samples of a file of ours.
const header = 44

// WAV writes a clip as a file: the same clip, the same bytes.
func (c Clip) WAV() []byte {
	b := make([]byte, 0, header+2*len(c))
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(header-8+2*len(c)))
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	for _, v := range []uint16{formatPCM, 1} { // one channel
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	b = binary.LittleEndian.AppendUint32(b, Rate)
	b = binary.LittleEndian.AppendUint32(b, 2*Rate)
	for _, v := range []uint16{2, 16} { // bytes a frame, bits a sample
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(2*len(c)))
	for _, s := range c {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

// Facts are what can be said of a recording without hearing it.
type Facts struct {
	// Seconds is how long it is once it is trimmed.
	Seconds float64
	// Peak is its loudest sample as it came, in dBFS: at 0 it is clipped.
	Peak float64
	// LongestSilence is the longest within its words, not around them.
	LongestSilence time.Duration
}

// What a recording cannot be mended of. Their texts are for who made it.
var (
	ErrSilent = errors.New("nothing is heard in it: speak closer to the telephone")
	ErrLong   = errors.New("it is longer than 45 seconds: say it in fewer words, or as two prompts")
)

// How loud every recording is made: its words at loudness on average, unless a sample
// would come above ceiling; in dBFS. A whisper is raised by mostGain at most, since the
// noise around it rises as well.
const (
	loudness = -20.0
	ceiling  = -3.0
	mostGain = 30.0
)

// How much silence is left before the first word and after the last, and how long a
// sound takes to come and go, so that it does not click.
const (
	before = 150 * time.Millisecond
	after  = 300 * time.Millisecond
	edge   = 5 * time.Millisecond
)

// Master trims a recording and makes it as loud as every other. The clip that it is
// given stays as it is.
func Master(c Clip) (Clip, Facts, error) {
	wave := centred(c)
	heard := listen(wave)
	if heard.to <= heard.from || heard.loud == 0 {
		return nil, Facts{}, ErrSilent
	}
	trimmed := wave[heard.from*frame : min(heard.to*frame, len(wave))]
	gain := math.Min(level(loudness)/heard.loud, level(ceiling)/peak(trimmed))
	gain = math.Min(gain, level(mostGain))
	around := Clip(make([]int16, samples(before)+len(trimmed)+samples(after)))
	within := around[samples(before):]
	for i, s := range trimmed {
		fade := math.Min(1, float64(min(i, len(trimmed)-1-i))/float64(samples(edge)))
		within[i] = int16(math.Round(s * gain * fade * math.MaxInt16))
	}
	if around.Long() > Longest {
		return nil, Facts{}, ErrLong
	}
	return around, Facts{Seconds: around.Long().Seconds(), Peak: decibels(peakOf(c)), LongestSilence: heard.pause}, nil
}

func samples(d time.Duration) int { return int(d * Rate / time.Second) }

// level is what a number of dBFS is of the loudest sample that there is.
func level(db float64) float64 { return math.Pow(10, db/20) }

// quietest is what complete silence is called, in dBFS: JSON has no infinity.
const quietest = -120.0

func decibels(level float64) float64 { return math.Max(quietest, 20*math.Log10(level)) }

// centred is a clip from -1 to 1 without the offset that a cheap microphone adds.
func centred(c Clip) []float64 {
	sum := 0.0
	for _, s := range c {
		sum += float64(s)
	}
	middle := sum / math.Max(1, float64(len(c)))
	wave := make([]float64, len(c))
	for i, s := range c {
		wave[i] = (float64(s) - middle) / math.MaxInt16
	}
	return wave
}

func peak(wave []float64) (most float64) {
	for _, s := range wave {
		most = math.Max(most, math.Abs(s))
	}
	return most
}

func peakOf(c Clip) (most float64) {
	for _, s := range c {
		most = math.Max(most, math.Abs(float64(s))/math.MaxInt16)
	}
	return math.Min(1, most)
}
