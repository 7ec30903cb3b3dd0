package doctor

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// State is how a check came out.
type State string

// The states of a finding, from good to bad.
const (
	OK      State = "ok"
	Skipped State = "skipped" // it could not be looked at, or does not concern this line
	Warn    State = "warn"    // callers get in, and something wants seeing to
	Bad     State = "bad"     // callers do not get in, or are not told what they should be
)

// Mark is the state as a sign before a line of text.
func (s State) Mark() string {
	switch s {
	case OK:
		return "✓"
	case Warn:
		return "!"
	case Bad:
		return "✗"
	}
	return "-"
}

// The areas of a line's health, in the order in which they are told.
const (
	AreaURL       = "url"
	AreaAccount   = "account"
	AreaNumber    = "number"
	AreaMessaging = "messaging"
	AreaVoices    = "voices"
	AreaFlow      = "flow"
	AreaTrouble   = "trouble"
)

// Areas are all of them, in order.
var Areas = []string{AreaURL, AreaAccount, AreaNumber, AreaMessaging, AreaVoices, AreaFlow, AreaTrouble}

// Finding is what a check found.
type Finding struct {
	Check string // "url.round_trip"
	Area  string // "url"
	State State
	// Case is which of the check's outcomes it is: "accepted".
	Case string
	// Slots fill the words. None is a number of anybody's, a SID or a token; of an
	// address that is not ours there is the host alone.
	Slots map[string]string
}

// Says is the finding in one sentence.
func (f Finding) Says(lang string) string { return f.fill(words(lang)[f.Check+"."+f.Case].Says) }

// Fix is what to do about it, in one sentence; "" where there is nothing to do.
func (f Finding) Fix(lang string) string { return f.fill(words(lang)[f.Check+"."+f.Case].Fix) }

func (f Finding) fill(text string) string {
	var pairs []string
	for name, value := range f.Slots {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// MarshalJSON writes the finding for a machine, with its words in English.
func (f Finding) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Check string `json:"check"`
		Area  string `json:"area"`
		State State  `json:"state"`
		Case  string `json:"case"`
		Says  string `json:"says"`
		Fix   string `json:"fix,omitempty"`
	}{f.Check, f.Area, f.State, f.Case, f.Says("en"), f.Fix("en")})
}

// Worst is the worst state among findings; OK when there are none.
func Worst(all []Finding) State {
	order := []State{OK, Skipped, Warn, Bad}
	worst := 0
	for _, f := range all {
		worst = max(worst, slices.Index(order, f.State))
	}
	return order[worst]
}

// found is a finding of the table of cases, with the pairs of names and values that
// fill its words. One that is not in the table says that it is not.
func found(check, outcome string, pairs ...string) Finding {
	area, _, _ := strings.Cut(check, ".")
	f := Finding{Check: check, Area: area, Case: outcome, State: cases[check+"."+outcome], Slots: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Slots[pairs[i]] = pairs[i+1]
	}
	return f
}

//go:embed words.*.yaml
var wordFiles embed.FS

// languages are those that findings are told in, the first for who wants none of them.
var languages = []string{"en", "es"}

// wording is a finding's words: what is the matter, and what to do.
type wording struct {
	Says string `yaml:"says"`
	Fix  string `yaml:"fix"`
}

var catalogues = sync.OnceValue(func() map[string]map[string]wording {
	all := map[string]map[string]wording{}
	for _, lang := range languages {
		catalogue, err := readWords(lang)
		if err != nil {
			panic(err) // of a file in the binary, which a test reads
		}
		all[lang] = catalogue
	}
	return all
})

func readWords(lang string) (map[string]wording, error) {
	name := "words." + lang + ".yaml"
	text, err := wordFiles.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var all map[string]wording
	if err := yaml.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return all, nil
}

func words(lang string) map[string]wording {
	if all, ok := catalogues()[lang]; ok {
		return all
	}
	return catalogues()[languages[0]]
}
