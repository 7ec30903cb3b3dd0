package studio

import (
	"context"
	"errors"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/sound"
	"github.com/hearthline/hearthline/store"
)

// ErrUnclear says that a recording cannot be made one that callers hear: it is silent,
// too long, or no WAV file. What it wraps says which, for whoever made it.
var ErrUnclear = errors.New("the recording cannot be used")

// Master makes of a WAV file the recording of a line of the script, as callers hear it;
// [ErrUnclear] says that it cannot be.
func Master(lang string, l flows.ScriptLine, wav []byte) (store.Recording, []byte, error) {
	raw, err := sound.Read(wav)
	if err != nil {
		return store.Recording{}, nil, errors.Join(ErrUnclear, err)
	}
	clip, facts, err := sound.Master(raw)
	if err != nil {
		return store.Recording{}, nil, errors.Join(ErrUnclear, err)
	}
	return store.Recording{
		Lang: lang, Prompt: l.Prompt, TextHash: l.Hash, Seconds: facts.Seconds, Peak: facts.Peak, Silence: facts.LongestSilence,
	}, clip.WAV(), nil
}

// Why is why Master says [ErrUnclear], in a word: a sound.Cause.
func Why(err error) string { return string(sound.CauseOf(err)) }

// Draft keeps a WAV file as the recording of a line of the script, in the voice of an
// account, "" for somebody who has none, until an owner approves it.
func (l *Library) Draft(ctx context.Context, line string, by store.By, account, lang string, of flows.ScriptLine, wav []byte) error {
	r, mastered, err := Master(lang, of, wav)
	if err != nil {
		return err
	}
	r.Account = account
	return l.Store.Draft(ctx, line, by, r, mastered)
}

// Next is the first line of a flow's script, after the one of a number and round to it,
// that nobody has recorded in these words, not even as a draft; false if there is none.
func (l *Library) Next(ctx context.Context, line string, f *flows.Flow, lang string, after int) (flows.ScriptLine, bool, error) {
	all, err := l.Store.List(ctx, line)
	if err != nil {
		return flows.ScriptLine{}, false, err
	}
	has := map[string]bool{}
	for _, r := range all {
		has[words(r.Lang, r.TextHash)] = true
	}
	var first *flows.ScriptLine
	script := f.Script(lang)
	for i := range script {
		switch s := &script[i]; {
		case s.Number == 0 || has[words(lang, s.Hash)]:
		case s.Number > after:
			return *s, true, nil
		case first == nil:
			first = s
		}
	}
	if first == nil {
		return flows.ScriptLine{}, false, nil
	}
	return *first, true, nil
}
