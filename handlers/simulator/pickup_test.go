package simulator

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"github.com/hearthline/hearthline/handlers/browsertest"
	"github.com/hearthline/hearthline/handlers/emulator"
)

// TestWhoPicksUp rings a phone that is picked up as a visitor chose, and holds what
// the page says of it afterwards.
func TestWhoPicksUp(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, pickup string
		then         func(*testing.T, *exchangeBoard, *emulator.Emulator)
		ended        string
		told         []string
	}{
		{"a machine", "machine", func(_ *testing.T, _ *exchangeBoard, e *emulator.Emulator) { e.Advance(time.Minute) }, "Call ended", []string{
			"ring (202) 555-0100: ringing", "say : Hello.", "own Dev: You have reached Dev. Please leave a message after the tone.",
		}},
		{"busy", "busy", nil, "Was busy when rung", nil},
		{"nobody", "person", func(_ *testing.T, _ *exchangeBoard, e *emulator.Emulator) { e.Advance(2 * time.Minute) }, "Missed a call", []string{"ring (202) 555-0100: ringing"}},
		{"declined", "person", func(t *testing.T, b *exchangeBoard, _ *emulator.Emulator) {
			await(t, b, "ringing", inState(4, incoming))
			must(t, b, command{Phone: 4, Act: hangup})
		}, "Declined a call", []string{"ring (202) 555-0100: ringing"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, e := phonesOver(t)
			must(t, b, command{Phone: 4, Act: pickUp, Text: tt.pickup})
			ring(t, e, "+12025550174")
			if tt.then != nil {
				tt.then(t, b, e)
			}
			s := await(t, b, "ended", func(s scene) bool { return s.Phones[3].Ended != "" })
			if p := s.Phones[3]; p.Ended != tt.ended || p.Pickup != tt.pickup || p.State != idle {
				t.Errorf("the phone is %+v, want %q", p, tt.ended)
			}
			if diff := cmp.Diff(tt.told, told(s.Phones[3])); diff != "" {
				t.Errorf("at Dev’s phone (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhoPicksUpIsChosenByKeyboard(t *testing.T) {
	b := newFakeBoard(quiet())
	ctx := browsertest.Tab(t, serve(t, b).URL+"/phones", browsertest.Desktop)
	browsertest.Do(t, ctx, chromedp.Focus("#pickup-2", chromedp.ByQuery), chromedp.KeyEvent(kb.ArrowDown))
	expect(t, b, command{Phone: 2, Act: pickUp, Text: "machine"})
	s := quiet()
	s.Phones[1].Since, s.Phones[1].Ended, s.Phones[1].Pickup = s.Clock.Now, "Missed a call", "busy"
	b.change(s)
	browsertest.Eventually(t, ctx, `document.querySelector("#phone-2 .state").textContent === "Missed a call" && document.querySelector("#pickup-2").value === "busy"`)
}
