package store_test

import (
	"errors"
	"testing"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

// A recording is a draft until an owner approves the one that they have heard; only then
// do callers hear it, and what they heard until then is gone.
func TestARecordingIsHeardOnceItIsApproved(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	drafted(t, p)
	hash := store.SoundHash(spokenPrompt)
	want := ofWelcome
	want.State, want.Hash, want.Month = store.RecordingDraft, hash, "2026-11"
	if all := must(p.recordings.List(t.Context(), p.id)); len(all) != 1 || all[0] != want {
		t.Fatalf("%+v, want %+v", all, want)
	}
	if _, err := p.recordings.Sound(t.Context(), p.id, hash, store.RecordingKept); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("callers hear a draft: %v", err)
	}
	for _, other := range []string{"", store.SoundHash([]byte("RIFF other"))} {
		if err := p.recordings.Approve(t.Context(), p.id, store.By{Actor: "ada", At: noon}, "en", "welcome", other); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another sound than was heard is approved: %v", err)
		}
	}
	if err := p.recordings.Approve(t.Context(), p.id, store.By{Actor: "ada", At: noon}, "en", "welcome", hash); err != nil {
		t.Fatal(err)
	}
	if sound := must(p.recordings.Sound(t.Context(), p.id, hash, store.RecordingKept)); string(sound) != string(spokenPrompt) {
		t.Errorf("%q", sound)
	}

	again := []byte("RIFF again")
	if err := p.recordings.Draft(t.Context(), p.id, store.By{Actor: "bo", At: noon}, ofWelcome, again); err != nil {
		t.Fatal(err)
	}
	if all := must(p.recordings.List(t.Context(), p.id)); len(all) != 2 {
		t.Fatalf("beside what is heard, a draft: %+v", all)
	}
	if err := p.recordings.Approve(t.Context(), p.id, store.By{Actor: "ada", At: noon}, "en", "welcome", store.SoundHash(again)); err != nil {
		t.Fatal(err)
	}
	if all := must(p.recordings.List(t.Context(), p.id)); len(all) != 1 || all[0].Hash != store.SoundHash(again) || all[0].State != store.RecordingKept {
		t.Errorf("%+v", all)
	}
	if _, err := p.recordings.Sound(t.Context(), p.id, hash, store.RecordingKept); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what was heard before is there still: %v", err)
	}
	if err := p.recordings.Remove(t.Context(), p.id, store.By{Actor: "ada", At: noon}, "en", "welcome", store.RecordingKept); err != nil {
		t.Fatal(err)
	}
	if err := p.recordings.Remove(t.Context(), p.id, store.By{Actor: "ada", At: noon}, "en", "welcome", store.RecordingKept); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what is not there is removed: %v", err)
	}
}
