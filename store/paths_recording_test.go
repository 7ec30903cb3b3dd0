package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

var recordingPaths = []writePath{
	{name: "Keep a recording as a draft", covers: "Recordings.Draft", web: true, do: draftRecording},
	{name: "Approve a recording", covers: "Recordings.Approve", before: drafted, do: func(ctx context.Context, p *paths) error {
		return p.recordings.Approve(ctx, p.id, byForm(), "en", "welcome", store.SoundHash(spokenPrompt))
	}},
	{name: "Enter that staff are called to record", covers: "Recordings.Rings", do: func(ctx context.Context, p *paths) error {
		_, err := p.recordings.Rings(ctx, p.id, byForm(), "en", "welcome")
		return err
	}},
	{name: "Remove a recording", covers: "Recordings.Remove", before: drafted, do: func(ctx context.Context, p *paths) error {
		return p.recordings.Remove(ctx, p.id, byForm(), "en", "welcome", store.RecordingDraft)
	}},
}

var spokenPrompt = []byte("RIFF welcome")

// ofWelcome is a recording of the welcome.
var ofWelcome = store.Recording{
	Lang: "en", Prompt: "welcome", TextHash: flows.TextHash("Welcome."), Account: "5b1d3a52-63d7-4a7e-9d5b-2f1e8c70aa22", Seconds: 1.5, Peak: -7.25,
	Silence: 120 * time.Millisecond,
}

func draftRecording(ctx context.Context, p *paths) error {
	return p.recordings.Draft(ctx, p.id, byForm(), ofWelcome, spokenPrompt)
}

// drafted is one that waits for an owner.
func drafted(t *testing.T, p *paths) {
	t.Helper()
	if err := p.recordings.Draft(t.Context(), p.id, store.By{Actor: "bo", At: noon}, ofWelcome, spokenPrompt); err != nil {
		t.Fatal(err)
	}
}
