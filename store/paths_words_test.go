package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

var wordPaths = []writePath{
	{name: "Write", covers: "Messages.Write", before: belonging, do: writeToGroup},
	{name: "TakeBack", covers: "Messages.TakeBack", before: written, do: func(ctx context.Context, p *paths) error {
		intime, err := p.messages.TakeBack(ctx, p.id, byForm(), p.row, "482105")
		return toldIf(err, intime)
	}},
	{name: "PlanMessages", covers: "Outbox.PlanMessages", before: written, do: func(ctx context.Context, p *paths) error {
		_, err := p.outbox.PlanMessages(ctx, noon.Add(store.MessageUndo), p.id)
		return err
	}},
	{name: "Left", covers: "Voicemail.Left", web: true, do: leaveVoice},
	{name: "Coming", covers: "Voicemail.Coming", before: leftVoice, once: true, do: func(ctx context.Context, p *paths) error {
		return errOf(p.voicemail.Coming(ctx, noon, p.id, 5))
	}},
	{name: "Keep", covers: "Voicemail.Keep", before: comingVoice, do: func(ctx context.Context, p *paths) error {
		return p.voicemail.Keep(ctx, p.coming, []byte("RIFF"))
	}},
	{name: "Lose", covers: "Voicemail.Lose", before: comingVoice, do: func(ctx context.Context, p *paths) error {
		return p.voicemail.Lose(ctx, p.coming)
	}},
	{name: "Forgotten", covers: "Voicemail.Forgotten", before: comingVoice, do: func(ctx context.Context, p *paths) error {
		return p.voicemail.Forgotten(ctx, p.coming)
	}},
	{name: "Ask for a recording again", covers: "Voicemail.Again", before: comingVoice, do: func(ctx context.Context, p *paths) error {
		return p.voicemail.Again(ctx, p.coming, noon.Add(time.Hour))
	}},
	{name: "Hear a message", covers: "Voicemail.Heard", before: leftVoice, do: func(ctx context.Context, p *paths) error {
		return p.voicemail.Heard(ctx, p.id, byForm(), p.row)
	}},
	{name: "Ring back who left a message", covers: "Voicemail.RingsBack", before: leftVoice, do: func(ctx context.Context, p *paths) error {
		return errOf(p.voicemail.RingsBack(ctx, p.id, byForm(), p.row))
	}},
	{name: "Drop what was spoken", covers: "Voicemail.Drop", web: true, before: spokenVoice, do: func(ctx context.Context, p *paths) error {
		return p.voicemail.Drop(ctx, p.id, p.row)
	}},
	{name: "Delete a message", covers: "Voicemail.Delete", before: leftVoice, do: func(ctx context.Context, p *paths) error {
		return p.voicemail.Delete(ctx, p.id, byForm(), p.row)
	}},
	{name: "Forget what a number left", covers: "Voicemail.Forget", web: true, before: leftVoice, do: func(ctx context.Context, p *paths) error {
		return p.voicemail.Forget(ctx, p.id, p.ann)
	}},
}

// byForm is one act, the same however often it is tried.
func byForm() store.By { return store.By{Actor: "ada", Event: "form 1", At: noon} }

func writeToGroup(ctx context.Context, p *paths) error {
	_, err := p.messages.Write(ctx, p.id, byForm(), p.groups[0], "482105", store.Said{Words: flows.Words{"en": "We meet in the hall."}})
	return err
}

// written is a message that waits.
func written(t *testing.T, p *paths) {
	t.Helper()
	belonging(t, p)
	m := must(p.messages.Write(t.Context(), p.id, store.By{Actor: "ada", At: noon}, p.groups[0], "482105", store.Said{Words: flows.Words{"en": "We meet in the hall."}}))
	p.row = m.ID
}

const recordingSID = "RE00000000000000000000000000000001"

func leaveVoice(ctx context.Context, p *paths) error {
	return p.voicemail.Left(ctx, store.LeftVoice{
		Line: p.id, SID: recordingSID, Purpose: store.LeftForStaff, Lang: "en", Seconds: 7, Number: p.ann, At: noon,
	})
}

// leftVoice is ann's message, which is at the carrier.
func leftVoice(t *testing.T, p *paths) {
	t.Helper()
	if err := leaveVoice(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	p.row = p.voicemail.ID(p.id, recordingSID)
}

// comingVoice is the same, in hand.
func comingVoice(t *testing.T, p *paths) {
	t.Helper()
	leftVoice(t, p)
	p.coming = must(p.voicemail.Coming(t.Context(), noon, p.id, 5))[0]
}

// spokenVoice is what was spoken for a group, at the carrier.
func spokenVoice(t *testing.T, p *paths) {
	t.Helper()
	belonging(t, p)
	if err := p.voicemail.Left(t.Context(), store.LeftVoice{
		Line: p.id, SID: recordingSID, Purpose: store.SpokenForGroup, Group: p.groups[0], Lang: "en", Seconds: 7, At: noon,
	}); err != nil {
		t.Fatal(err)
	}
	p.row = p.voicemail.ID(p.id, recordingSID)
}
