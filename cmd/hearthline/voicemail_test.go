package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

// bring has what the carrier has recorded come home, as it does by itself in a
// program that runs.
func (s *stage) bring() {
	s.t.Helper()
	if _, err := s.replica.app.voicemail.Pass(s.t.Context()); err != nil {
		s.t.Error(err)
	}
}

func (s *stage) voicemail() (*store.Voicemail, []store.VoiceMessage) {
	s.t.Helper()
	v := store.NewVoicemail(s.replica.app.db, s.replica.app.keys)
	all, err := v.List(s.t.Context(), s.replica.app.line)
	if err != nil {
		s.t.Fatal(err)
	}
	return v, all
}

// Who leaves a message under 0 is heard by staff, and the carrier forgets it in
// seconds.
func TestAVoiceMessageIsLeft(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	call := s.carrier.Phone(ida).Call(lineNumber)
	call.Press("0") // help
	call.Press("3") // leave a message
	call.Press("1") // and be rung back
	s.carrier.Advance(12 * time.Second)
	call.Say("please ring me about the circle on Tuesday")
	s.carrier.Advance(4 * time.Second)
	call.Press("#")
	s.carrier.Advance(3 * time.Second)
	if !heard(s.carrier.Phone(ida), "We have your message.") {
		t.Fatalf("they are not told that it was:\n%s", call.Transcript())
	}
	if n := len(s.carrier.Recordings()); n != 1 {
		t.Fatalf("the carrier has %d recordings", n)
	}
	s.bring()
	if left := s.carrier.Recordings(); len(left) != 0 {
		t.Errorf("the carrier still has %+v", left)
	}
	v, all := s.voicemail()
	if len(all) != 1 || all[0].State != store.VoicemailHere || !all[0].RingBack || all[0].Heard || all[0].Seconds < 2 {
		t.Fatalf("%+v", all)
	}
	if sound, err := v.Sound(t.Context(), s.replica.app.line, all[0].ID, store.LeftForStaff); err != nil || !bytes.HasPrefix(sound, []byte("RIFF")) {
		t.Errorf("%.10q, %v", sound, err)
	}
	s.carrier.Advance(30 * time.Second)
	call.Hangup()
	s.strict()
}

// Who hangs up after their words has left them all the same, and a word about ringing
// back is nobody's who did not allow it. Silence leaves nothing.
func TestAVoiceMessageThatEndsByHangingUp(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	call := s.carrier.Phone(ida).Call(lineNumber)
	call.Press("0")
	call.Press("3")
	call.Press("2")
	s.carrier.Advance(12 * time.Second)
	call.Say("thank you all")
	call.Hangup()
	s.carrier.Advance(5 * time.Second)
	s.bring()
	_, all := s.voicemail()
	if len(all) != 1 || all[0].RingBack || all[0].State != store.VoicemailHere {
		t.Errorf("%+v", all)
	}

	silent := s.carrier.Phone(sam).Call(lineNumber)
	silent.Press("0")
	silent.Press("3")
	silent.Press("1")
	s.carrier.Advance(25 * time.Second)
	if !heard(s.carrier.Phone(sam), "We heard nothing.") {
		t.Errorf("who is silent hears:\n%s", silent.Transcript())
	}
	silent.Hangup()
	s.carrier.Advance(5 * time.Second)
	s.bring()
	if _, all = s.voicemail(); len(all) != 1 || len(s.carrier.Recordings()) != 0 {
		t.Errorf("silence was kept: %+v", all)
	}
	s.strict()
}

// Who cannot be forgotten whole is told so, and is still who they were: they try again,
// and nothing of theirs stays.
func TestAnErasureThatIsCutShortIsMadeAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.enrolled(ida, "836254", "739146")
	call := c.dials("0", "3", "1")
	s.carrier.Advance(2 * time.Second)
	call.Say("please ring me")
	s.carrier.Advance(4 * time.Second)
	call.Hangup()
	s.carrier.Advance(5 * time.Second)
	s.bring()
	if _, all := s.voicemail(); len(all) != 1 {
		t.Fatalf("%d messages are kept", len(all))
	}
	for _, tt := range []struct{ before, heard string }{
		{`ALTER TABLE keys.voicemail RENAME TO away`, "Please try again in a few minutes."},
		{`ALTER TABLE keys.away RENAME TO voicemail`, "We hold nothing about you any more."},
	} {
		s.sql(tt.before)
		call := c.dials("4", "2", "1", "739146", "4", "3", "1")
		if !strings.Contains(call.Transcript(), tt.heard) {
			t.Errorf("they do not hear %q:\n%s", tt.heard, call.Transcript())
		}
		call.Hangup()
	}
	if _, all := s.voicemail(); len(all) != 0 {
		t.Errorf("%d messages are kept", len(all))
	}
}

// One that cannot be fetched is forgotten at the carrier within five minutes, and
// staff are told that there was one.
func TestAVoiceMessageThatIsLost(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	v := store.NewVoicemail(s.replica.app.db, s.replica.app.keys)
	if err := v.Left(t.Context(), store.LeftVoice{
		Line: s.replica.app.line, SID: "RE" + strings.Repeat("0", 32), Purpose: store.LeftForStaff, Lang: "en", At: s.clock.Now(),
	}); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		s.bring()
		s.carrier.Advance(30 * time.Second)
	}
	if _, all := s.voicemail(); len(all) != 1 || all[0].State != store.VoicemailLost {
		t.Errorf("%+v", all)
	}
}

// An operator lists, hears and destroys what was left by voice.
func TestVoicemailCommands(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	mention(t, s.types("", "voicemail", "list"), "No voice messages.")
	if got := s.types("", "voicemail", "list", "--json"); strings.TrimSpace(got) != "[]" {
		t.Errorf("none, as JSON: %s", got)
	}
	call := s.carrier.Phone(ida).Call(lineNumber)
	call.Press("0")
	call.Press("3")
	call.Press("1")
	s.carrier.Advance(12 * time.Second)
	call.Say("please ring me about the circle on Tuesday")
	s.carrier.Advance(4 * time.Second)
	call.Press("#")
	s.carrier.Advance(3 * time.Second)
	call.Hangup()
	s.bring()

	list := func() (all []struct {
		ID, State string
		At        string
		Seconds   int
		RingBack  bool `json:"ring_back"`
		Heard     bool
	}) {
		t.Helper()
		if err := json.Unmarshal([]byte(s.types("", "voicemail", "list", "--json")), &all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	left := list()
	// By the clocks of the line: it was five past eleven at night in UTC.
	if len(left) != 1 || left[0].At != "2026-11-24T18:05:00-05:00" || left[0].State != "here" || !left[0].RingBack || left[0].Heard || left[0].Seconds < 2 {
		t.Fatalf("%+v", left)
	}
	id, file := left[0].ID, filepath.Join(t.TempDir(), "message.wav")
	mention(t, s.types("", "voicemail", "list"), "today 6:05 pm ET", "here", id)

	mention(t, s.fails(exitFailed, "", "voicemail", "save", "none", file), "no voice message has that id", "voicemail list")
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file without a message: %v", err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	mention(t, s.fails(exitFailed, "", "voicemail", "save", id, file), "there is a file of that name")
	if list()[0].Heard {
		t.Error("what could not be saved counts as heard")
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	mention(t, s.types("", "voicemail", "save", id, file), "in clear")
	sound, err := os.ReadFile(file)
	if err != nil || !bytes.HasPrefix(sound, []byte("RIFF")) {
		t.Errorf("%.10q, %v", sound, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
	if !list()[0].Heard {
		t.Error("what was saved is not heard")
	}
	mention(t, s.types("", "voicemail", "delete", id), "Destroyed.")
	if left := list(); len(left) != 0 {
		t.Errorf("%+v", left)
	}
	mention(t, s.fails(exitFailed, "", "voicemail", "delete", id), "no voice message has that id")
	acts := s.column(open(t, s.config.databaseURL), `SELECT act FROM audit ORDER BY seq`)
	if strings.Join(acts, " ") != "voicemail.hear voicemail.delete" {
		t.Errorf("the log has %v", acts)
	}
}
