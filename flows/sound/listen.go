package sound

import (
	"math"
	"slices"
	"time"
)

// frame is how many samples are looked at together: 10 ms.
const frame = Rate / 100

// What is a word and what is silence: a frame is heard that is at most below under the
// loudest, and above the noise of a bad line in any case; in dB and dBFS. A click is
// shorter than shortest and no word.
const (
	below    = 32.0
	noise    = -52.0
	shortest = 3 // frames
)

// hearing is what listen finds: the frames from the first word to the end of the last,
// how loud the words are on average, and the longest silence between them.
type hearing struct {
	from, to int
	loud     float64
	pause    time.Duration
}

// listen finds the words of a wave.
func listen(wave []float64) (h hearing) {
	loud := loudness10(wave)
	if len(loud) == 0 {
		return h
	}
	least := math.Max(level(noise), slices.Max(loud)*level(-below))
	sum, words, end := 0.0, 0, -1
	for i := 0; i < len(loud); {
		run := i
		for run < len(loud) && loud[run] >= least {
			sum += loud[run] * loud[run]
			run++
		}
		if run-i < shortest {
			for ; i < run; i++ {
				sum -= loud[i] * loud[i]
			}
			i++
			continue
		}
		if end < 0 {
			h.from = i
		} else {
			h.pause = max(h.pause, time.Duration(i-end)*10*time.Millisecond)
		}
		words += run - i
		end, i = run, run
	}
	if end < 0 {
		return hearing{}
	}
	h.to, h.loud = end, math.Sqrt(math.Max(0, sum)/float64(words))
	return h
}

// loudness10 is how loud each 10 ms are (RMS). What is left over at the end is a frame
// of its own.
func loudness10(wave []float64) []float64 {
	loud := make([]float64, 0, len(wave)/frame+1)
	for f := range slices.Chunk(wave, frame) {
		sum := 0.0
		for _, s := range f {
			sum += s * s
		}
		loud = append(loud, math.Sqrt(sum/float64(len(f))))
	}
	return loud
}
