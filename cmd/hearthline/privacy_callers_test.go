package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
)

// visit is what one caller does: a call, texts, or both. Every flow there is has
// one here; who adds a flow adds a line.
type visit struct {
	flow string
	// keys are pressed a second apart. A ~ waits half a minute, long enough for
	// every prompt to end and be repeated.
	keys  string
	shown string // as whom the call is shown, "" as the phone's own number
	texts []string
}

var visits = []visit{
	{flow: "join by code", keys: "1 482105 1 ~", texts: []string{"JOIN 482105", "1"}},
	{flow: "open now", keys: "2 1 1 ~ *", texts: []string{"NOW", "3"}},
	{flow: "find by topic", keys: "3 1 1 1", texts: []string{"FIND grief", "1", "2"}},
	{flow: "find by day", keys: "3 2 1 1", texts: []string{"FIND tuesday"}},
	{flow: "find by language", keys: "3 3 1 1 1", texts: []string{"FIND español"}},
	{flow: "privacy", keys: "4 ~", texts: []string{"PRIVACY", "MINE"}},
	{flow: "help and crisis", keys: "0 1 ~", texts: []string{"HELP", "i want to die"}},
	{flow: "language", keys: "9 1 482105 1 ~", texts: []string{"LANG es", "AHORA", "3"}},
	{flow: "closed door", keys: "1 836254 1 ~ 2", texts: []string{"NEXT 836254", "JOIN 836254"}},
	{flow: "elsewhere", keys: "1 648392 ~ 2", texts: []string{"JOIN 648392"}},
	{flow: "in person", keys: "1 714829 ~ 1", texts: []string{"JOIN 714829"}},
	{flow: "wrong codes", keys: "1 111111 222222 333333 ~", texts: []string{"JOIN 111111", "JOIN"}},
	{flow: "silence", keys: "~ ~", texts: []string{"hello"}},
	{flow: "wrong keys", keys: "7 8 5 6", texts: []string{"9 no such thing", "what is this"}},
	{flow: "withheld number", keys: "1 482105 1 ~", shown: "+266696687"},
	{flow: "leave and come back", keys: "1 593716 1 * ~ 1 ~", texts: []string{"LEAVE 593716", "CALL 593716"}},
	{flow: "reminders", texts: []string{"REMIND", "REMIND 482105", "IN", "OUT"}},
	{flow: "opt out and in", texts: []string{"STOP", "START", "MENU"}},
	{flow: "forget me", texts: []string{"FORGET ME", "OK"}},
}

// callers are fictional numbers of area codes that exist: at most a hundred of
// each area, of 55 areas.
func callers(n int) []string {
	areas := []int{
		201, 203, 205, 206, 207, 208, 210, 212, 213, 215, 216, 217, 218, 219, 225, 228, 229, 231, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262,
		267, 270, 276, 281, 303, 304, 305, 307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323, 330, 334, 336, 337, 339,
	}
	all := make([]string, 0, n)
	for i := range n {
		e164 := fmt.Sprintf("+1%d55501%02d", areas[i%len(areas)], i/len(areas))
		if e164 == ida || e164 == sam || e164 == bridgeLine {
			e164 = fmt.Sprintf("+1%d55501%02d", areas[i%len(areas)], 99-i/len(areas))
		}
		all = append(all, e164)
	}
	return all
}

// visit has a caller do what the visit says.
func (w *watch) visit(v visit, number string) {
	w.t.Helper()
	p := w.carrier.Phone(number)
	if v.keys != "" {
		var options []emulator.CallOption
		if v.shown != "" {
			options = append(options, emulator.CallerID(v.shown))
		}
		call := p.Call(lineNumber, options...)
		for _, keys := range strings.Fields(v.keys) {
			if keys == "~" {
				w.carrier.Advance(30 * time.Second)
				continue
			}
			call.Press(keys)
			w.carrier.Advance(time.Second)
		}
		call.Hangup()
	}
	for _, body := range v.texts {
		p.Text(lineNumber, body)
		w.carrier.Advance(2 * time.Second)
	}
}

// whatVisitsNeed are groups of each kind, and those who answer outside.
func whatVisitsNeed(o *stageOptions) {
	group("714829", func(g *store.Group) { g.Place = "12 Elm Street, second floor" })(o)
}

// outside makes those answer whom the line connects to.
func (w *watch) outside() {
	for _, number := range []string{crisisLine, bridgeLine} {
		w.carrier.Phone(number).Behave(emulator.Behaviour{Kind: emulator.Answer, After: 2 * time.Second, Says: "Hello."})
	}
}
