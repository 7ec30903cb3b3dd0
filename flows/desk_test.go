package flows_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// text sends a text from the phone of somebody of the staff.
func text(f *flows.Flow, v flows.View, edge *lines.Practice, s flows.State, body string) flows.Outcome {
	v.Text = true
	return edge.Run(f, v, s, flows.Input{Event: flows.Texted, Keys: body})
}

// An order is done once its own code has come back, in as many words as it takes to
// say yes, and by nothing else.
func TestOrderCountsByItsCodeAlone(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	for body, want := range map[string]string{
		"OK 4821": "answer_skip", "ok, 4821.": "answer_skip", "Yes please 4821": "answer_skip", "de acuerdo 4821": "answer_skip",
		"OK": "", "yes": "", "1": "", "4821": "", "ok 48 21": "", "no 4821": "", "OK 482": "answer_unasked", "OK 48": "order_gone", "OK 1": "", "OK 1111": "order_refused", "ok 48211": "",
	} {
		edge := lines.At("coordinator", v.Directory)
		asked := text(f, v, edge, flows.State{}, "skip 836254")
		if _, open := asked.Then.(flows.Await); !open || asked.Said[0].Prompt != "order_skip" {
			t.Fatalf("the order is answered %q", asked.Message())
		}
		out := text(f, v, edge, asked.State, body)
		if got := out.Said[0].Prompt; got != want && (want != "" || strings.HasPrefix(got, "answer_skip")) {
			t.Errorf("%q is answered %s, not %s", body, got, want)
		}
	}
}

// Whatever is done by text is done between its code and what it is about: nothing
// that a host does changes a group before desk.confirm has said ok.
func TestNoOrderIsDoneBeforeItIsConfirmed(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Text = true
	acts := []string{"desk.skip", "desk.move", "desk.open", "desk.approve", "desk.decline", "desk.cover", "desk.invite", "desk.ring"}
	bodies := strings.Fields("SKIP COVER LIVE STATUS OK NO 12 4821 836254 482105")
	bodies = append(bodies, "skip 836254", "MOVE 836254 wed 8pm", "new cedar tue 7pm grief", "ok 12", "no 12", "ok 4821", "OK 9999", "cover 836254", "mover 836254 jueves 19h")
	rapid.Check(t, func(t *rapid.T) {
		edge := lines.At("coordinator", v.Directory)
		sure := false
		host := func(r flows.Request) flows.Answer {
			a := edge.Answer(v, r)
			if slices.Contains(acts, r.Function) && !sure {
				t.Fatalf("%s before it is confirmed", r.Function)
			}
			sure = r.Function == "desk.confirm" && a.Result == "ok"
			return a
		}
		var out flows.Outcome
		for _, body := range rapid.SliceOfN(rapid.SampledFrom(bodies), 1, 8).Draw(t, "bodies") {
			s := flows.State{}
			if _, open := out.Then.(flows.Await); open {
				s = out.State
			}
			v := v
			v.Desk = &flows.Desk{
				Account: "coordinator", Groups: v.Directory.IDs(), Opens: true,
				Waiting: []flows.Applicant{{ID: "applicant", Group: "836254", Number: 12}},
			}
			out = flows.Run(f, v, s, flows.Input{Event: flows.Texted, Keys: body}, host)
		}
	})
}

// Nobody who looks after no groups can tell that there are orders.
func TestOrdersAreNoWordsToAnybodyElse(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Text = true
	for _, body := range []string{"NEW cedar tue 7pm grief", "SKIP 836254", "MOVE 836254 wed 8pm", "OK 12", "NO 12", "COVER 836254", "LIVE", "STATUS", "OK 4821", "NUEVO cedro martes 19h"} {
		if !f.MayOrder(flows.State{}, body) {
			t.Errorf("%q is not looked at as an order", body)
		}
		out := flows.Run(f, v, flows.State{}, flows.Input{Event: flows.Texted, Keys: body}, admits(v))
		for _, u := range out.Said {
			if strings.HasPrefix(u.Prompt, "order_") || strings.HasPrefix(u.Prompt, "desk_") {
				t.Errorf("%q is answered %s", body, u.Prompt)
			}
		}
		if out.State.Staff != "" {
			t.Errorf("%q: somebody's state has %q of the staff", body, out.State.Staff)
		}
	}
	for _, body := range []string{"ok", "no", "join 482105", "hello", "newer", "skipping", "ok thanks", "OK 1", "what is the status of this"} {
		if f.MayOrder(flows.State{}, body) {
			t.Errorf("%q is looked at as an order", body)
		}
	}
}

// Who is in is told in words also when nobody is.
func TestNobodyIsInAnOpenSession(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Text = true
	for lang, want := range map[string]string{"en": "Nobody is in Caring for someone.", "es": "No hay nadie en Caring for someone."} {
		v.Desk = &flows.Desk{Account: "c", Groups: v.Directory.IDs(), Live: []flows.Gathering{{Group: v.Directory.IDs()[0]}}}
		out := flows.Run(f, v, flows.State{Lang: lang}, flows.Input{Event: flows.Texted, Keys: map[string]string{"en": "LIVE", "es": "VIVO"}[lang]}, admits(v))
		if got := out.Message(); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

// A group is another's: its code is not one of theirs.
func TestOrdersAreAboutOnesOwnGroups(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	edge := lines.At("single", v.Directory) // 836254
	for _, body := range []string{"skip 482105", "move 482105 wed 8pm", "cover 593716"} {
		if out := text(f, v, edge, flows.State{}, body); out.Said[0].Prompt != "order_unknown" {
			t.Errorf("%q: %s", body, out.Message())
		}
	}
	v.Text, v.Desk = true, &flows.Desk{Account: "viewer", Groups: v.Directory.IDs()}
	for _, body := range []string{"skip 482105", "move 482105 wed 8pm", "new cedar tue 7pm grief"} {
		if out := flows.Run(f, v, flows.State{}, flows.Input{Event: flows.Texted, Keys: body}, admits(v)); out.Said[0].Prompt != "order_refused" {
			t.Errorf("%q of who may not: %s", body, out.Message())
		}
	}
}

// What is keyed makes one time, or is asked again.
func TestKeyedTimes(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Desk = &flows.Desk{Account: "c", Groups: v.Directory.IDs(), Opens: true}
	zone, _ := time.LoadLocation("America/New_York")
	for keyed, want := range map[string]string{
		"2 1930 ":      "desk_new_sure Tue 24 Nov 19:30", // tonight: it is five past six
		"2 1800 ":      "desk_new_sure Tue 1 Dec 18:00",
		"2 730 ":       "desk_half",
		"2 730 early":  "desk_new_sure Tue 1 Dec 07:30",
		"2 730 late":   "desk_new_sure Tue 24 Nov 19:30",
		"1 1200 late":  "desk_new_sure Mon 30 Nov 12:00",
		"1 1200 early": "desk_new_sure Mon 30 Nov 00:00",
		"7 0900 ":      "desk_new_sure Sun 29 Nov 09:00",
		"3 2400 ":      "desk_time", "3 1960 ": "desk_time", "3 099 ": "desk_time",
	} {
		part := strings.Split(keyed, " ")
		vars := map[string]string{"weekday": part[0], "half": part[2], "about": "grief", "tongue": "en"}
		out := flows.Turn(f, v, flows.State{Node: "desk_time", Lang: "en", Staff: "c", Vars: vars}, press(part[1]))
		got := out.State.Node
		if at, ok := out.State.ToIn(zone); ok {
			got += at.Format(" Mon 2 Jan 15:04")
		}
		if got != want {
			t.Errorf("%q leads to %s, not %s", keyed, got, want)
		}
	}
}

// A number that is keyed is spent at once, and no words hold it.
func TestNumbersDoNotStay(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	edge := lines.At("single", v.Directory)
	out := edge.Run(f, v, flows.State{}, flows.Input{})
	for _, k := range []string{"7", "1", lines.PracticeDeskPIN, "1", "3", "2025550147", "#", "1", "1", "3", "2025550147", "*", "7", "4"} {
		out = edge.Run(f, v, out.State, press(k))
		for _, u := range out.Said {
			if strings.Contains(strings.ReplaceAll(u.Text(), ", ", ""), "2025550147") {
				t.Fatalf("the line says %q", u.Text())
			}
		}
		if _, held := out.State.Vars["number"]; held && out.State.Node != "desk_invite_how" {
			t.Fatalf("%s still has the number", out.State.Node)
		}
	}
}

// A state without staff is encoded as before there were any, and one with them comes
// back whole.
func TestStaffInAState(t *testing.T) {
	t.Parallel()
	for _, s := range []flows.State{{Flow: "f", Staff: "a"}, {Flow: "f", Attested: true, Staff: "id", About: flows.About{Row: "r", Named: true}, Vars: map[string]string{"date": "2026-11-24"}}} {
		b, _ := s.AppendBinary(nil)
		var back flows.State
		if err := back.UnmarshalBinary(b); err != nil || back.Staff != s.Staff || back.About != s.About || back.Vars["date"] != s.Vars["date"] {
			t.Errorf("%+v: %v", back, err)
		}
	}
}

// A question is answered with its digits and nothing else, however they are written.
func TestWhatAnswersAQuestion(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	for body, want := range map[string]string{
		"YES 412": "answer_cover", "yes412": "answer_cover", "Sí, 4 1 2!": "answer_cover", "ok thanks 412": "answer_cover", "no 412": "answer_pass",
		"YES": "answer_yes", "no": "answer_no", "OK": "answer_agreed", "YES 413": "answer_unasked", "no 413": "answer_unasked", "YES 41": "", "YES 4120": "", "YES 412 or 413": "", "412": "",
	} {
		got := text(f, v, lines.At("asked", v.Directory), flows.State{}, body).Said[0].Prompt
		if got != want && (want != "" || strings.HasPrefix(got, "answer_")) {
			t.Errorf("%q is answered %s, not %s", body, got, want)
		}
	}
}

// FuzzAnswers: whatever a facilitator texts who is asked, only the digits of the
// question answer it.
func FuzzAnswers(f *testing.F) {
	flow, v := builtIn(f), view(f)
	for _, body := range []string{"YES 412", "yes412", "sí ４１２", "no 4 1 2", "ok 41", "YES 4120", "no \xff 412", "in 412"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if len(body) > 1600 {
			t.Skip()
		}
		out := text(flow, v, lines.At("asked", v.Directory), flows.State{}, body)
		if len(out.Said) == 0 {
			t.Fatalf("%q gets no answer", body)
		}
		digits := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, norm.NFKD.String(body))
		if said := out.Said[0].Prompt; (said == "answer_cover" || said == "answer_pass") && digits != lines.PracticeQuestion {
			t.Errorf("%q answers the question: %s", body, said)
		}
	})
}

// FuzzOrders: whatever a coordinator texts is answered, in few segments, and no text
// changes anything by itself.
func FuzzOrders(f *testing.F) {
	flow, v := builtIn(f), view(f)
	for _, body := range []string{"NEW cedar tue 7pm grief", "new 2nd tuesday 7pm", "skip 836254 dec 1", "MOVE 836-254 wed 8pm", "ok 12", "ok 4821", "nuevo \u0301 martes", "SKIP:836254", "new \xff 7pm"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if len(body) > 1600 {
			t.Skip()
		}
		out := text(flow, v, lines.At("coordinator", v.Directory), flows.State{}, body)
		if len(out.Said) == 0 || flows.CountSegments(out.Message()).Count > 6 {
			t.Errorf("%q is answered in %d segments: %q", body, flows.CountSegments(out.Message()).Count, out.Message())
		}
		if strings.HasPrefix(out.Said[0].Prompt, "answer_new") || strings.HasPrefix(out.Said[0].Prompt, "answer_skip") {
			t.Errorf("%q was done unasked", body)
		}
	})
}

// A key means who was offered: whoever has got their number since is somebody else.
func TestApplicantsAreWhoWasOffered(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	waits := func(ids ...string) *flows.Desk {
		d := &flows.Desk{Account: "coordinator", Groups: v.Directory.IDs(), Opens: true}
		for i, id := range ids {
			d.Waiting = append(d.Waiting, flows.Applicant{ID: id, Group: "836254", Number: 12 + i})
		}
		return d
	}
	v.Desk = waits("836254:a0f1", "836254:a0f2")
	offered := flows.Run(f, v, flows.State{Node: "desk_menu", Lang: "en", Staff: "coordinator"}, press("2"), admits(v)).State
	if offered.Node != "desk_waiting" || len(offered.Offered) != 2 {
		t.Fatalf("%+v", offered)
	}
	picked := func(desk *flows.Desk) flows.State {
		v := v
		v.Desk = desk
		return flows.Run(f, v, offered, press("1"), admits(v)).State
	}
	if s := picked(v.Desk); s.Node != "desk_person" || s.Vars["applicant"] != "836254:a0f1" {
		t.Errorf("it leads to %s, with %v", s.Node, s.Vars)
	}
	for _, desk := range []*flows.Desk{waits("836254:a0f3", "836254:a0f2"), waits()} {
		if s := picked(desk); s.Vars["applicant"] == "836254:a0f3" {
			t.Errorf("somebody else is picked: %+v", s)
		}
	}
}

// A text that is no answer to an order's question ends it: nothing of it is kept.
func TestWhatIsNoAnswerEndsAnOrder(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Text, v.Desk = true, &flows.Desk{Account: "coordinator", Groups: v.Directory.IDs(), Opens: true}
	texts := func(s flows.State, body string) flows.State {
		return flows.Run(f, v, s, flows.Input{Event: flows.Texted, Keys: body}, admits(v)).State
	}
	asked := texts(flows.State{Lang: "en"}, "NEW cedar tue 7pm grief")
	if asked.Staff == "" || len(asked.Vars) == 0 {
		t.Fatalf("nothing is asked: %+v", asked)
	}
	for _, body := range []string{"482105", "now", "find grief", "privacy"} {
		if s := texts(asked, body); s.Staff != "" || len(s.Vars) > 0 {
			t.Errorf("after %q, %+v", body, s)
		}
	}
}

// Nothing of one act at the desk is kept for the next.
func TestActsOfTheDeskEnd(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	v.Desk = &flows.Desk{Account: "coordinator", Groups: v.Directory.IDs(), Opens: true}
	s := flows.State{Node: "desk_opened", Lang: "en", Staff: "coordinator", Vars: map[string]string{"applicant": "a", "opened": "482913", "facilitator": "482105:1"}}
	if s = flows.Run(f, v, s, press("2"), admits(v)).State; s.Node != "desk_menu" || len(s.Vars) > 0 {
		t.Errorf("%s, with %v", s.Node, s.Vars)
	}
}
