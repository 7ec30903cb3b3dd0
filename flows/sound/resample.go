package sound

import "math"

// wide is how many samples of the slower rate the filter looks at to either side, and
// passes how much of what the slower rate can carry it lets through.
const (
	wide   = 16
	passes = 0.92
)

// resample brings a wave to [Rate] by a windowed sinc, which takes away what the lower
// rate would turn into a whistle. Every rate of [rates] has few phases, so that the
// filter is made once for each.
func resample(wave []float64, from int) []float64 {
	if from == Rate {
		return wave
	}
	common := gcd(from, Rate)
	up, down := Rate/common, from/common // up samples of ours for every down of theirs
	scale := math.Max(1, float64(from)/Rate)
	reach := int(math.Ceil(wide * scale))
	filters := make([][]float64, up)
	for phase := range filters {
		filters[phase] = taps(float64(phase*down%up)/float64(up), reach, passes/scale)
	}
	out := make([]float64, len(wave)*up/down)
	for i := range out {
		at := i * down / up
		for k, tap := range filters[i%up] {
			if j := at + k - reach + 1; j >= 0 && j < len(wave) {
				out[i] += tap * wave[j]
			}
		}
	}
	return out
}

// taps is the filter around a moment that lies a part of a sample after one, from reach-1
// samples before it to reach after: together 1.
func taps(part float64, reach int, cut float64) []float64 {
	all, sum := make([]float64, 2*reach), 0.0
	for k := range all {
		x := float64(k-reach+1) - part
		all[k] = cut * sinc(cut*x) * window(x/float64(reach))
		sum += all[k]
	}
	for k := range all {
		all[k] /= sum
	}
	return all
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// window is Blackman's, from -1 to 1.
func window(x float64) float64 {
	if math.Abs(x) >= 1 {
		return 0
	}
	return 0.42 + 0.5*math.Cos(math.Pi*x) + 0.08*math.Cos(2*math.Pi*x)
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// clip makes samples of a wave.
func clip(wave []float64) Clip {
	c := make(Clip, len(wave))
	for i, s := range wave {
		c[i] = int16(max(math.MinInt16, min(math.MaxInt16, math.Round(s*-math.MinInt16))))
	}
	return c
}
