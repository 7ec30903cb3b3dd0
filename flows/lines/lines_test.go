package lines_test

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/flows/lines"
)

// at is the moment of the dialogues: a Tuesday evening in New York.
var at = time.Date(2026, 11, 24, 23, 5, 0, 0, time.UTC)

func builtIn(t testing.TB) *flows.Flow {
	t.Helper()
	flow, problems := flowstest.Compiled()
	for _, p := range problems {
		t.Error(p)
	}
	if flow == nil {
		t.FailNow()
	}
	return flow
}

// inRoom is what a facilitator of eight may hear in the midst of it.
var inRoom = &flows.Session{
	Seat: 1, Alias: "Rose", Host: true, Hosted: true, Mode: "hands", Here: 8, Waiting: 2, Minutes: 20, Key: "4821", Number: 5,
	Hand: 3, Speaker: "Golden Sunflower", Queue: []string{"Steady Anchor", "Warm Cinnamon", "Quiet River"}, About: "Golden Sunflower",
	Silent: []string{"Tall Pine", "Soft Rain"}, Locked: true,
	People: []flows.Person{
		{ID: "1", Alias: "Rose"}, {ID: "2", Alias: "Golden Sunflower"}, {ID: "3", Alias: "Steady Anchor"}, {ID: "4", Alias: "Warm Cinnamon"},
		{ID: "5", Alias: "Quiet River"}, {ID: "6", Alias: "Tall Pine"}, {ID: "7", Alias: "Soft Rain"}, {ID: "8", Alias: "Blue Kite"},
	},
}

func view(t testing.TB) flows.View {
	t.Helper()
	groups, err := lines.Sample(at, "America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	line := flows.Line{
		ID: "line", Name: "The support line", Zone: "America/New_York",
		Languages: []string{"en", "es"}, CodeLength: 6, CrisisName: "988",
	}
	return flows.View{Now: at, Number: "(202) 555-0100", Session: inRoom, Directory: flows.NewDirectory(line, groups, at)}
}

func TestBuiltInFlowHasNoProblems(t *testing.T) {
	t.Parallel()
	builtIn(t)
}

func TestDialogues(t *testing.T) {
	t.Parallel()
	flow, v := builtIn(t), view(t)
	scripts, err := lines.Dialogues()
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range scripts {
		dialogues, err := flows.ReadDialogues(file, text)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range dialogues {
			t.Run(strings.TrimSuffix(file, ".yaml")+"/"+d.Name, func(t *testing.T) {
				t.Parallel()
				edge := lines.At(d.Phone(), v.Directory)
				edge.Room = d.Room
				if err := d.Play(flow, v, edge); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// seconds is how long a voice takes at the same pace: 150 words a minute, 180 in French
// and Creole, whose words are shorter, and 270 characters of Chinese.
func seconds(lang, words string) float64 {
	aMinute := 150.0
	if lang == "fr" || lang == "ht" {
		aMinute = 180
	}
	han := 0
	words = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Han, r) {
			han++
			return ' '
		}
		return r
	}, words)
	spoken := strings.FieldsFunc(words, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' })
	return 60 * (float64(len(spoken))/aMinute + float64(han)/270)
}

// What a caller has to listen to is short. A voice speaks 150 words a minute.
func TestWordsAreShort(t *testing.T) {
	t.Parallel()
	flow, v := builtIn(t), view(t)
	for _, lang := range flow.Languages() {
		about := flows.About{Group: "836254", Start: at.Add(4*time.Hour).Unix() / 60, Was: at.Add(3*time.Hour).Unix() / 60}
		s := flows.State{Lang: lang, Group: "482105", About: about}
		for prompt, longest := range map[string]float64{
			"rules": 12, "welcome": 6,
			flows.Alone: 8, "alone_again": 5, "alone_offer": 8, "left_alone": 8, flows.OneMoment: 3,
			"crisis": 6, "elsewhere": 6, "confirm_call": 6, "confirmed": 13, "forgotten": 6,
			"enrol": 18, "late": 12, "machine_call": 6, "reminder_ahead": 8, "moved": 14, "calls_stopped": 5, "call_coming": 7, "call_ring": 9, "rechecked": 6, "far": 5, "held_sent": 18,
			"seat_in": 5, "host_in": 12, "status": 10, "report": 28, "hand_up": 5, "keys_here": 20, "no_place": 4, "locked": 5, "too_late": 6, "removed": 8, "over": 5,
			"host_call_pin": 11, "backup_call_pin": 12, "crisis_how": 7, "backup_called": 7, flows.WaitingHost: 15, "waiting_host_again": 7, flows.WaitingDoor: 16, "waiting_door_again": 7, "waiting_sent": 8, "back_with_all": 3, "pairs_apart": 10,
			"your_turn": 4, "asked_again": 8, "circle_order": 8, "circle_done": 5, "mode_open": 3, "mode_hands": 7, "mode_circle": 8, "mode_listen": 5,
			"next_is": 3, "hand_up_note": 3, "signal_unkind": 4, "signal_unsafe": 5, "signal_sound": 4, "one_waiting": 3, "ten_left": 2, "two_left": 2,
			"time_is_up": 5, "extended": 4, "locked_note": 3, "closing_round": 8, "goodbye": 6, "peer_led": 17, "host_came": 5, "quiet_note": 5, "pairs_begin": 4,
			"pairs_end": 3, "substitute_called": 5, "handed_over": 8, "asked_to_talk": 8,
			"you_were_muted": 3, "turn_over": 3, "crisis_no_answer": 6, "new_key": 6, "circle_stopped": 3, "unheld": 9, "mute_held": 5,
		} {
			if got := seconds(lang, flow.Say(v, s, prompt).Text()); got == 0 || got > longest {
				t.Errorf("%s: %q takes %.1f s of %.0f", lang, prompt, got, longest)
			}
		}
	}
}

// What is said after a star is short: everybody's keys, and the group's.
func TestStarMenusAreShort(t *testing.T) {
	t.Parallel()
	flow, v := builtIn(t), view(t)
	for _, lang := range flow.Languages() {
		for key, longest := range map[string]float64{"*": 18, "#": 20} {
			s := flows.State{Node: "room", Lang: lang, Group: "482105"}
			host := func(flows.Request) flows.Answer { return flows.Answer{Result: "menu", Session: inRoom} }
			out := flows.Run(flow, v, s, flows.Input{Event: flows.Returned, Result: "answered"}, host)
			if key == "#" {
				out = flows.Run(flow, v, out.State, flows.Input{Event: flows.Pressed, Keys: key}, host)
			}
			got := 0.0
			for _, u := range out.Said {
				got += seconds(lang, u.Text())
			}
			if got == 0 || got > longest {
				t.Errorf("%s: the keys after %s take %.1f s", lang, key, got)
			} else {
				t.Logf("%s: the keys after %s take %.1f s", lang, key, got)
			}
		}
	}
}
