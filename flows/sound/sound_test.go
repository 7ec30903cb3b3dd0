package sound_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows/sound"
)

// tone is a pure tone of some seconds, of that level from 0 to 1.
func tone(hertz, level, seconds float64, rate int) []float64 {
	wave := make([]float64, int(seconds*float64(rate)))
	for i := range wave {
		wave[i] = level * math.Sin(2*math.Pi*hertz*float64(i)/float64(rate))
	}
	return wave
}

func quiet(seconds float64, rate int) []float64 { return make([]float64, int(seconds*float64(rate))) }

// file writes a WAV file of whole numbers of so many bits, each sample in every channel.
func file(wave []float64, rate, channels, bits int) []byte {
	var data []byte
	for _, s := range wave {
		for range channels {
			v := int64(math.Round(s * (math.Pow(2, float64(bits-1)) - 1)))
			if bits == 8 {
				v += 128
			}
			data = append(data, binary.LittleEndian.AppendUint64(nil, uint64(v))[:bits/8]...)
		}
	}
	return riff(1, channels, rate, bits, data)
}

func riff(kind, channels, rate, bits int, data []byte) []byte {
	size := channels * bits / 8
	f := binary.LittleEndian.AppendUint16(nil, uint16(kind))
	f = binary.LittleEndian.AppendUint16(f, uint16(channels))
	f = binary.LittleEndian.AppendUint32(f, uint32(rate))
	f = binary.LittleEndian.AppendUint32(f, uint32(rate*size))
	f = binary.LittleEndian.AppendUint16(f, uint16(size))
	f = binary.LittleEndian.AppendUint16(f, uint16(bits))
	b := append(chunk("LIST", []byte("INFOx")), chunk("fmt ", f)...)
	b = append(b, chunk("data", data)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(4+len(b))), append([]byte("WAVE"), b...)...)
}

func chunk(name string, body []byte) []byte {
	b := append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body))), body...)
	return append(b, make([]byte, len(body)%2)...)
}

// loud is a clip's average and its peak in dBFS.
func loud(c []int16) (rms, peak float64) {
	sum := 0.0
	for _, s := range c {
		v := float64(s) / math.MaxInt16
		sum += v * v
		peak = math.Max(peak, math.Abs(v))
	}
	return 10 * math.Log10(sum/float64(len(c))), 20 * math.Log10(peak)
}

// Whatever a recording is written as, the same tone of the same length comes of it.
func TestReadsWhatPeopleSave(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 96000} {
		for _, bits := range []int{8, 16, 24, 32} {
			for channels := 1; channels <= 2; channels++ {
				c, err := sound.Read(file(tone(1000, 0.5, 0.5, rate), rate, channels, bits))
				if err != nil {
					t.Fatalf("%d Hz, %d bits, %d channels: %v", rate, bits, channels, err)
				}
				middle := c[len(c)/4 : 3*len(c)/4]
				if rms, _ := loud(middle); math.Abs(rms - -9.03) > 0.2 || math.Abs(c.Long().Seconds()-0.5) > 0.002 {
					t.Errorf("%d Hz, %d bits, %d channels: %.2f dBFS, %v", rate, bits, channels, rms, c.Long())
				}
				if got := crossings(middle); math.Abs(float64(got)-500) > 4 {
					t.Errorf("%d Hz: the tone crosses 0 %d times in a quarter second, want 500", rate, got)
				}
			}
		}
	}
}

func crossings(c []int16) (n int) {
	for i := 1; i < len(c); i++ {
		if (c[i] >= 0) != (c[i-1] >= 0) {
			n++
		}
	}
	return n
}

// What a telephone cannot carry is taken away rather than heard as a whistle.
func TestTakesAwayWhatATelephoneCannotCarry(t *testing.T) {
	t.Parallel()
	for _, hertz := range []float64{5000, 7000, 9000, 15000} {
		c, err := sound.Read(file(tone(hertz, 0.5, 0.5, 48000), 48000, 1, 16))
		if err != nil {
			t.Fatal(err)
		}
		if rms, _ := loud(c[len(c)/4 : 3*len(c)/4]); rms > -50 {
			t.Errorf("%v Hz comes out at %.1f dBFS", hertz, rms)
		}
	}
}

func TestReadsATelephonesOwnCode(t *testing.T) {
	t.Parallel()
	c, err := sound.Read(riff(7, 1, 8000, 8, []byte{0x00, 0x7F, 0x80, 0xFF, 0x8F}))
	if want := []int16{-32124, 0, 32124, 0, 16764}; err != nil || !slices.Equal(c, want) {
		t.Errorf("μ-law: %v, %v, want %v", c, err, want)
	}
}

func TestRefusesWithAWayOut(t *testing.T) {
	t.Parallel()
	good := file(tone(440, 0.5, 0.1, 8000), 8000, 1, 16)
	short := slices.Clone(good[:len(good)-10])
	for name, c := range map[string]struct {
		file []byte
		says string
	}{
		"nothing":           {nil, "save it as WAV"},
		"an MP3":            {append([]byte("ID3\x04"), good...), "an MP3 file"},
		"an MP3 without ID": {[]byte{0xFF, 0xFB, 0x90, 0x64, 0, 0, 0, 0}, "an MP3 file"},
		"an M4A":            {[]byte("\x00\x00\x00\x20ftypM4A "), "an M4A file"},
		"an Ogg":            {[]byte("OggS...."), "an Ogg file"},
		"text":              {[]byte("RIFF is how it begins"), "save it as WAV"},
		"cut off":           {short, "ends before its sound"},
		"no sound":          {good[:12], "holds no sound"},
		"sound first":       {append(slices.Clone(good[:12]), chunk("data", []byte{1, 2})...), "how its sound is written"},
		"in decimals":       {riff(3, 1, 8000, 32, make([]byte, 8)), "in decimals"},
		"surround":          {riff(1, 6, 48000, 16, make([]byte, 24)), "6 channels"},
		"a strange rate":    {riff(1, 1, 7000, 16, make([]byte, 8)), "7000 samples"},
		"strange bits":      {riff(1, 1, 8000, 12, make([]byte, 8)), "12 bits"},
		"too big":           {make([]byte, sound.Most+1), "MB"},
	} {
		if _, err := sound.Read(c.file); !errors.Is(err, sound.ErrNotWAV) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want it to say %q", name, err, c.says)
		}
	}
	if _, err := sound.Read(file(quiet(61, 8000), 8000, 1, 16)); !errors.Is(err, sound.ErrLong) {
		t.Errorf("a minute: %v", err)
	}
}

// Whoever recorded it and however near they were, each is as loud as the next, and as
// much silence is around it.
func TestMastersEveryRecordingAlike(t *testing.T) {
	t.Parallel()
	for _, level := range []float64{1, 0.5, 0.1, 0.02} {
		for _, silence := range []float64{0, 0.05, 1.5} {
			t.Run(fmt.Sprint(level, silence), func(t *testing.T) {
				t.Parallel()
				wave := slices.Concat(quiet(silence, 8000), tone(300, level, 1, 8000), quiet(0.9, 8000), tone(300, level, 1, 8000), quiet(2*silence, 8000))
				for i := range wave {
					wave[i] = wave[i]*0.98 + 0.005 // an offset, as of a cheap microphone
				}
				raw, err := sound.Read(file(wave, 8000, 1, 16))
				if err != nil {
					t.Fatal(err)
				}
				c, facts, err := sound.Master(raw)
				if err != nil {
					t.Fatal(err)
				}
				if want := 150*time.Millisecond + 2900*time.Millisecond + 300*time.Millisecond; (c.Long() - want).Abs() > 20*time.Millisecond {
					t.Errorf("it is %v long, want %v", c.Long(), want)
				}
				if slices.ContainsFunc(c[:1200], func(s int16) bool { return s != 0 }) {
					t.Error("it begins before 150 ms")
				}
				if rms, _ := loud(c[1600:8800]); math.Abs(rms - -20) > 0.3 {
					t.Errorf("its words are at %.2f dBFS", rms)
				}
				if _, peak := loud(c); peak > -3 {
					t.Errorf("its peak is at %.2f dBFS", peak)
				}
				if math.Abs(facts.LongestSilence.Seconds()-0.9) > 0.03 || math.Abs(facts.Seconds-c.Long().Seconds()) > 1e-9 {
					t.Errorf("of it is said %+v", facts)
				}
				if (facts.Peak > -0.3) != (level == 1) {
					t.Errorf("its peak was at %.2f dBFS as it came", facts.Peak)
				}
			})
		}
	}
}

// A shout between soft words stays under the ceiling: the words are softer then.
func TestAShoutStaysUnderTheCeiling(t *testing.T) {
	t.Parallel()
	raw, err := sound.Read(file(slices.Concat(tone(300, 0.01, 2, 8000), tone(300, 0.9, 0.05, 8000), tone(300, 0.01, 2, 8000)), 8000, 1, 16))
	if err != nil {
		t.Fatal(err)
	}
	c, _, err := sound.Master(raw)
	if err != nil {
		t.Fatal(err)
	}
	if _, peak := loud(c); peak > -3 {
		t.Errorf("its peak is at %.2f dBFS", peak)
	}
}

func TestWhatCannotBeMended(t *testing.T) {
	t.Parallel()
	click := quiet(2, 8000)
	click[8000] = 0.9
	for name, c := range map[string]struct {
		wave []float64
		want error
	}{
		"nothing":           {nil, sound.ErrSilent},
		"silence":           {quiet(3, 8000), sound.ErrSilent},
		"an offset":         {slices.Repeat([]float64{0.3}, 8000), sound.ErrSilent},
		"a hiss":            {tone(3000, 0.001, 3, 8000), sound.ErrSilent},
		"a click":           {click, sound.ErrSilent},
		"fifty seconds":     {tone(300, 0.3, 50, 8000), sound.ErrLong},
		"words in silence":  {slices.Concat(quiet(20, 8000), tone(300, 0.3, 5, 8000), quiet(30, 8000)), nil},
		"forty-four, whole": {tone(300, 0.3, 44, 8000), nil},
	} {
		raw, err := sound.Read(file(c.wave, 8000, 1, 16))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, _, err := sound.Master(raw); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// Whatever a file holds, it is refused or gives a clip that is bounded, is read back as
// it was written, and is mastered under the ceiling.
func FuzzRead(f *testing.F) {
	f.Add(file(tone(440, 0.5, 0.05, 8000), 8000, 1, 16))
	f.Add(file(tone(440, 0.5, 0.05, 44100), 44100, 2, 24))
	f.Add(riff(7, 1, 8000, 8, []byte{0, 127, 255}))
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEfmt \xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := sound.Read(b)
		if err != nil {
			return
		}
		if c.Long() > sound.Longest+16*time.Second {
			t.Fatalf("it is %v long", c.Long())
		}
		again, err := sound.Read(c.WAV())
		if err != nil || !slices.Equal(again, c) {
			t.Fatalf("what was written is not read: %v", err)
		}
		m, facts, err := sound.Master(c)
		if err != nil {
			return
		}
		if _, peak := loud(m); peak > -2.99 || m.Long() > sound.Longest || math.IsNaN(facts.Peak) {
			t.Fatalf("mastered: peak %v, %v, %+v", peak, m.Long(), facts)
		}
	})
}
