package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

// What was left is fetched, heard, and gone with its key.
func TestAVoiceMessage(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	leftVoice(t, p)
	// The carrier tells of it twice, once without the number.
	if err := p.voicemail.Left(t.Context(), store.LeftVoice{Line: p.id, SID: recordingSID, Purpose: store.LeftForStaff, Lang: "en", At: noon.Add(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	if n := count(t, p.look, `SELECT count(*) FROM voicemail WHERE encode(recording, 'escape') LIKE '%RE0%'`); n != 0 {
		t.Error("the carrier's id is in clear")
	}
	all := must(p.voicemail.Coming(t.Context(), noon, p.id, 5))
	if len(all) != 1 || all[0].SID != recordingSID || all[0].State != store.VoicemailComing {
		t.Fatalf("%+v", all)
	}
	if again := must(p.voicemail.Coming(t.Context(), noon.Add(30*time.Second), p.id, 5)); len(again) != 0 {
		t.Error("two are at it")
	}
	if _, err := p.voicemail.Sound(t.Context(), p.id, p.row, store.LeftForStaff); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("it is not here yet: %v", err)
	}
	sound := []byte("RIFF....WAVE")
	if err := errors.Join(p.voicemail.Keep(t.Context(), all[0], sound), p.voicemail.Forgotten(t.Context(), all[0])); err != nil {
		t.Fatal(err)
	}
	if got, err := p.voicemail.Sound(t.Context(), p.id, p.row, store.LeftForStaff); err != nil || string(got) != string(sound) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := p.voicemail.Sound(t.Context(), p.id, p.row, store.SpokenForGroup); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("as what staff have spoken: %v", err)
	}
	if n, lang, err := p.voicemail.RingBack(t.Context(), p.id, p.row); err != nil || !n.Equal(p.ann) || lang != "en" {
		t.Errorf("whom to ring back: %v", err)
	}
	list := must(p.voicemail.List(t.Context(), p.id))
	if len(list) != 1 || list[0].Heard || !list[0].RingBack || list[0].Seconds != 7 || list[0].State != store.VoicemailHere {
		t.Errorf("%+v", list)
	}
	if n := must(p.voicemail.Unheard(t.Context(), p.id)); n != 1 {
		t.Errorf("%d wait", n)
	}
	if err := errors.Join(p.voicemail.Heard(t.Context(), p.id, byForm(), p.row), p.voicemail.Heard(t.Context(), p.id, store.By{Actor: "bo", At: noon}, p.row)); err != nil {
		t.Fatal(err)
	}
	if n := must(p.voicemail.Unheard(t.Context(), p.id)); n != 0 {
		t.Errorf("%d wait", n)
	}
	if err := p.voicemail.Delete(t.Context(), p.id, byForm(), p.row); err != nil {
		t.Fatal(err)
	}
	if n := count(t, p.look, `SELECT (SELECT count(*) FROM voicemail WHERE state <> 'erased' OR recording IS NOT NULL) + (SELECT count(*) FROM keys.voicemail)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if err := p.voicemail.Delete(t.Context(), p.id, store.By{Actor: "bo", At: noon}, p.row); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of none: %v", err)
	}
}

// FORGET ME reaches what somebody left who may be rung back, and nobody else's.
func TestVoiceMessagesOfANumberAreForgotten(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	leftVoice(t, p)
	if err := p.voicemail.Left(t.Context(), store.LeftVoice{Line: p.id, SID: "RE2", Purpose: store.LeftForStaff, Lang: "en", Number: p.bea, At: noon}); err != nil {
		t.Fatal(err)
	}
	if got := must(p.voicemail.Of(t.Context(), p.id, p.ann)); len(got) != 1 || got[0].ID != p.row {
		t.Errorf("%+v", got)
	}
	if err := p.voicemail.Forget(t.Context(), p.id, p.ann); err != nil {
		t.Fatal(err)
	}
	if got := must(p.voicemail.Of(t.Context(), p.id, p.ann)); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	if got := must(p.voicemail.Of(t.Context(), p.id, p.bea)); len(got) != 1 {
		t.Errorf("another one's: %+v", got)
	}
}

// A message that does not open, whoever left it, keeps nobody from being forgotten, nor from
// hearing what is kept of them.
func TestAMessageThatDoesNotOpenKeepsNobody(t *testing.T) {
	t.Parallel()
	for _, damage := range []string{
		`UPDATE voicemail SET number = number || 'x' WHERE voicemail_id = $1`,
		`UPDATE keys.voicemail SET data_key = data_key || 'x' WHERE voicemail_id = $1`,
	} {
		p := newPaths(t, storetest.URL(t))
		leftVoice(t, p)
		if err := p.voicemail.Left(t.Context(), store.LeftVoice{Line: p.id, SID: "RE2", Purpose: store.LeftForStaff, Lang: "en", Number: p.bea, At: noon}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.look.ExecContext(t.Context(), damage, p.voicemail.ID(p.id, "RE2")); err != nil {
			t.Fatal(err)
		}
		if got := must(p.voicemail.Of(t.Context(), p.id, p.ann)); len(got) != 1 {
			t.Errorf("%+v", got)
		}
		if err := p.voicemail.Forget(t.Context(), p.id, p.ann); err != nil {
			t.Fatal(err)
		}
		if n := count(t, p.look, `SELECT count(*) FROM voicemail WHERE state <> 'erased'`); n != 1 {
			t.Errorf("%d messages are left, not the other one's alone", n)
		}
	}
}

// What cannot be opened holds up nothing that was left after it, and is asked about less
// and less often.
func TestWhatDoesNotOpenHoldsUpNothing(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	const bad, good = 5, 3
	sid := func(i int) string { return fmt.Sprintf("RE%032d", i) }
	for i := range bad + good {
		at := noon.Add(time.Duration(i-bad-good) * time.Second)
		if err := p.voicemail.Left(t.Context(), store.LeftVoice{Line: p.id, SID: sid(i), Purpose: store.LeftForStaff, Lang: "en", At: at}); err != nil {
			t.Fatal(err)
		}
		if i < bad {
			if _, err := p.look.ExecContext(t.Context(), `UPDATE voicemail SET recording = recording || 'x' WHERE voicemail_id = $1`, p.voicemail.ID(p.id, sid(i))); err != nil {
				t.Fatal(err)
			}
		}
	}
	due := func(at time.Time) int {
		t.Helper()
		return count(t, p.look, `SELECT count(*) FROM voicemail WHERE try_at <= $1`, at)
	}
	all, err := p.voicemail.Coming(t.Context(), noon, p.id, 2)
	if len(all) != 2 || err == nil || strings.Contains(err.Error(), "RE0") {
		t.Errorf("of %d that open, 2 are asked for: %d, %v", good, len(all), err)
	}
	if more, err := p.voicemail.Coming(t.Context(), noon, p.id, 2); len(more) != 1 || err != nil {
		t.Errorf("what is left: %d, %v", len(more), err)
	}
	if n := due(noon.Add(time.Minute)); n != bad+good {
		t.Errorf("another program may have the keys, and finds %d", n)
	}
	again, err := p.voicemail.Coming(t.Context(), noon.Add(time.Minute), p.id, bad+good)
	if len(again) != good || err == nil {
		t.Errorf("%d, %v", len(again), err)
	}
	if n := due(noon.Add(2 * time.Minute)); n != good {
		t.Errorf("%d are due as soon again", n)
	}
}

// What was erased does not come back when the carrier tells of it once more, and is
// deleted there at once: what was not fetched yet too.
func TestAnErasedMessageStaysErased(t *testing.T) {
	t.Parallel()
	for name, erase := range map[string]func(p *paths) error{
		"FORGET ME": func(p *paths) error { return p.voicemail.Forget(t.Context(), p.id, p.ann) },
		"at a desk": func(p *paths) error { return p.voicemail.Delete(t.Context(), p.id, byForm(), p.row) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPaths(t, storetest.URL(t))
			leftVoice(t, p)
			if err := erase(p); err != nil {
				t.Fatal(err)
			}
			deletes := func(when string) {
				t.Helper()
				due := must(p.voicemail.Coming(t.Context(), noon, p.id, 5))
				if len(due) != 1 || due[0].SID != recordingSID || due[0].State != store.VoicemailErased {
					t.Fatalf("%s: %+v", when, due)
				}
				if err := p.voicemail.Forgotten(t.Context(), due[0]); err != nil {
					t.Fatal(err)
				}
			}
			deletes("before it was fetched")
			for _, n := range []vault.Number{p.ann, {}} {
				err := p.voicemail.Left(t.Context(), store.LeftVoice{Line: p.id, SID: recordingSID, Purpose: store.LeftForStaff, Lang: "en", Seconds: 7, Number: n, At: noon})
				if err != nil {
					t.Fatal(err)
				}
				deletes("told of again")
			}
			if n := must(p.voicemail.Unheard(t.Context(), p.id)); n != 0 || len(must(p.voicemail.List(t.Context(), p.id))) != 0 {
				t.Errorf("%d wait", n)
			}
			if n := count(t, p.look, `SELECT count(*) FROM voicemail v FULL JOIN keys.voicemail k USING (voicemail_id) WHERE v.number IS NOT NULL OR k.data_key IS NOT NULL`); n != 0 {
				t.Errorf("%d have a number or a key", n)
			}
		})
	}
}

// Who left a message is rung back once for a form, and only who allowed it.
func TestRingingBack(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	leftVoice(t, p)
	by := store.By{Actor: "ada", Event: auditID, At: noon}
	for _, want := range []bool{true, false} {
		if fresh, err := p.voicemail.RingsBack(t.Context(), p.id, by, p.row); err != nil || fresh != want {
			t.Errorf("%v, %v; want %v", fresh, err, want)
		}
	}
	if err := p.voicemail.Left(t.Context(), store.LeftVoice{Line: p.id, SID: "RE2", Purpose: store.LeftForStaff, Lang: "en", At: noon}); err != nil {
		t.Fatal(err)
	}
	silent := p.voicemail.ID(p.id, "RE2")
	if _, err := p.voicemail.RingsBack(t.Context(), p.id, store.By{Actor: "ada", At: noon}, silent); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("who did not allow it: %v", err)
	}
	if _, _, err := p.voicemail.RingBack(t.Context(), p.id, silent); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("whose number is not there: %v", err)
	}
}

// What was spoken for a group and not sent is destroyed, with its key; what a caller
// left is not to be had that way.
func TestWhatWasSpokenIsDropped(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	spokenVoice(t, p)
	if err := p.voicemail.Drop(t.Context(), p.id, p.row); err != nil {
		t.Fatal(err)
	}
	const left = `SELECT (SELECT count(*) FROM voicemail) + (SELECT count(*) FROM keys.voicemail)`
	if n := count(t, p.look, left); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	leftVoice(t, p)
	if err := p.voicemail.Drop(t.Context(), p.id, p.row); err != nil {
		t.Fatal(err)
	}
	if n := count(t, p.look, left); n != 2 {
		t.Errorf("a caller's message was touched: %d", n)
	}
}
