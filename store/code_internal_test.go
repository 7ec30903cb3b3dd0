package store

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

var digitsOnly = regexp.MustCompile(`^[1-8][0-8]+$`)

func TestMadeCodesAreHardToMishear(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		length := rapid.IntRange(5, maxCodeLength).Draw(t, "length")
		taken := map[string]bool{}
		for range 40 {
			code, err := freeCode(length, taken)
			if err != nil {
				t.Fatal(err)
			}
			if len(code) != length || !digitsOnly.MatchString(code) {
				t.Fatalf("code %s", code)
			}
			pairs := map[string]bool{}
			for i := range length - 1 {
				pair := code[i : i+2]
				if pair[0] == pair[1] || pairs[pair] {
					t.Fatalf("code %s repeats %s", code, pair)
				}
				pairs[pair] = true
			}
			for other := range taken {
				if distance(code, other) < 2 {
					t.Fatalf("codes %s and %s differ in one digit", code, other)
				}
			}
			taken[code] = true
		}
	})
}

func TestCodesRunOut(t *testing.T) {
	t.Parallel()
	taken := map[string]bool{}
	for n := pow10(minCodeLength - 1); n < pow10(minCodeLength); n++ {
		if code := strconv.Itoa(n); easyToHear(code) {
			taken[code] = true
		}
	}
	// 8 first digits, 8 others after each, less those that repeat a pair.
	if want := 8*8*8*8 - 8*8; len(taken) != want {
		t.Errorf("%d codes of four digits, want %d", len(taken), want)
	}
	free := slices.Sorted(maps.Keys(taken))[:50]
	for _, code := range free {
		delete(taken, code)
	}
	for range free {
		code, err := freeCode(minCodeLength, taken)
		if err != nil || taken[code] || !slices.Contains(free, code) {
			t.Fatalf("code %q is not one of the free ones, %v", code, err)
		}
		taken[code] = true
	}
	if _, err := freeCode(minCodeLength, taken); !errors.Is(err, errNoCode) {
		t.Errorf("error %v", err)
	}
}
