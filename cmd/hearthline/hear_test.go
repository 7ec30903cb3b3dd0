package main

import (
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// Who speaks Chinese alone is in a room of a line of six languages: the key for another
// language, the one for the rest of them, which is told in Chinese, and theirs.
func TestARoomInChinese(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(o *stageOptions) {
		o.settings = func(c *config) { c.languages = []string{"en", "es", "fr", "ht", "pt-BR", "zh-Hans"} }
	})
	call := s.carrier.Phone(ida).Call(lineNumber)
	call.Press("9")
	s.carrier.Advance(20 * time.Second)
	for _, key := range []string{"9", "1", "2", "3", "1", "1"} {
		call.Press(key)
		s.carrier.Advance(2 * time.Second)
	}
	s.carrier.Advance(70 * time.Second)
	mention(t, call.Transcript(), "听更多，请按9。", "中文，请按1。", "您在这里的名字是", "别人进来以后就能听到您。")
	if rooms := s.carrier.Rooms(); len(rooms) != 1 || len(rooms[0].Participants) != 1 {
		t.Errorf("the rooms are %+v", rooms)
	}
	s.strict()
}

// slowly says whether the last that a call was told is to be spoken more slowly.
func (s *stage) slowly(call *emulator.Call) bool {
	s.t.Helper()
	all := s.carrier.Exchanges()
	for i := len(all) - 1; i >= 0; i-- {
		if x := all[i]; x.Kind == emulator.KindVoice && x.Call == call.SID() {
			return strings.Contains(x.Body, `rate="80%"`)
		}
	}
	s.t.Fatal("nothing was said")
	return false
}

// Slow speech lasts for the call; who has signed in hears it after each PIN, and not before,
// so that the greeting tells nobody who calls.
func TestSlowSpeechIsKept(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	stranger := s.caller(ida)
	call := stranger.dials("0", "4")
	if !s.slowly(call) {
		t.Errorf("who asked for it hears no slow speech:\n%s", call.Transcript())
	}
	call.Hangup()
	if call = stranger.dials("3"); s.slowly(call) {
		t.Error("a stranger's next call is slow")
	}
	call.Hangup()

	m := s.enrolled(sam, "836254", "739146")
	call = m.dials("4", "2", "1", "739146", "0", "4")
	mention(t, call.Transcript(), "I will again whenever you have entered your pin")
	call.Hangup()
	call = m.dials("4", "2")
	if s.slowly(call) {
		t.Error("a call is slow before the PIN")
	}
	m.presses(call, "1", "739146")
	if !s.slowly(call) || !strings.Contains(call.Transcript(), "Your own menu.") {
		t.Errorf("a call is not slow after the PIN:\n%s", call.Transcript())
	}
	s.strict()
}
