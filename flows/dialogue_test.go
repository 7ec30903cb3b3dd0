package flows_test

import (
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// A dialogue that does not hold says where and why; one that is mistaken never
// passes by accident.
func TestDialogueThatDoesNotHold(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	for steps, want := range map[string]string{
		"hear code":                 `step 1, "hear code": the line said:`,
		"not hear welcome":          "the line said:",
		`not hear "Main menu."`:     "the line said:",
		"not hear wellcome":         "hear what?",
		"hear wellcome":             "hear what?",
		`not hear ""`:               "hear what?",
		"not press 1":               `no step is called "not"`,
		"press":                     "press what?",
		"press one":                 "press what?",
		"pres 1":                    `no step is called "pres"`,
		"answered":                  "in no room",
		"ended":                     "the call goes on: a key is waited for",
		"in_room 482105":            "instead, a key is waited for",
		"in_room ":                  "instead, a key is waited for",
		"press 0/press 1/dialled 9": "instead, the crisis line is dialled",
		"press 0/press 1/press 1":   "no key is waited for, but the crisis line is dialled",
		"press 1/press 482105/press 1/silence/in_room 593716": "instead, the caller goes into a room",
		"press 1/press 648392/in_room 648392":                 "instead, a bridge is dialled",
		"press 0/silence/silence/silence/silence/press 1":     "but the line hangs up",
		"waits alone": "the caller is in no room: a key is waited for",
		"press 1/press 482105/press 1/silence/waits there":         "who waits? there are alone, door, host, moved",
		"press 1/press 482105/press 1/silence/waits host soon":     "waits how long?",
		"press 1/press 482105/press 1/silence/waits alone/silence": "no key is waited for, but the caller goes into a room",
		"press 1/press 482105/press 1/silence/waits host/press 0":  "no key is waited for, but the caller goes into a room",
		"at noon":                      "the time is not like",
		"at 9999-11-24T18:05:00-05:00": "the time is not of the years",
	} {
		d := flows.Dialogue{Name: "this one", Voice: strings.Split(steps, "/")}
		if err := d.Play(f, v, new(lines.Practice)); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "this one: step ") {
			t.Errorf("%s: %v", steps, err)
		}
	}
	for d, want := range map[*flows.Dialogue]string{
		{Name: "late", At: "noon"}:   "late: the time is not like",
		{Name: "german", Lang: "de"}: `german: the flow does not speak "de"`,
		{Name: "gone", Placed: "reminder", About: &flows.Told{Group: "111111"}}:              "gone: no group has the code 111111",
		{Name: "noon", Placed: "moved", About: &flows.Told{Group: "482105", Was: "at noon"}}: "noon: the time is not like",
	} {
		if err := d.Play(f, v, new(lines.Practice)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", d.Name, err)
		}
	}
}

func TestReadDialogues(t *testing.T) {
	t.Parallel()
	all, err := flows.ReadDialogues("a.yaml", []byte("- dialogue: one\n  voice: [silence]\n---\n- dialogue: two\n"))
	if err != nil || len(all) != 2 || all[1].Name != "two" {
		t.Errorf("%v, %v", all, err)
	}
	if _, err := flows.ReadDialogues("a.yaml", []byte("- dialogue: one\n  fax: [send 1]\n")); err == nil || !strings.Contains(err.Error(), "a.yaml") {
		t.Errorf("an unknown setting: %v", err)
	}
}
