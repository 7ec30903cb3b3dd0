package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/studio"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

type flowAudioCommands struct {
	List    flowAudioListCommand    `cmd:"" help:"Which prompts are recorded, which wait for approval, and which are stale."`
	Import  flowAudioImportCommand  `cmd:"" help:"Take in recordings from audio/LANG/PROMPT.wav of a folder, as drafts."`
	Export  flowAudioExportCommand  `cmd:"" help:"Write what callers hear to audio/LANG/PROMPT.wav of a folder."`
	Approve flowAudioApproveCommand `cmd:"" help:"Have callers hear drafts from now on."`
	Remove  flowAudioRemoveCommand  `cmd:"" help:"Destroy a recording: the words are spoken by the carrier's voice again."`
}

// recordings is a line's script beside what is recorded of it.
type recordings struct {
	*store.Recordings
	line flows.Line
	flow *flows.Flow
	by   store.By
}

// atAudio does something with the recordings of the line.
func (s settings) atAudio(ctx context.Context, io stdio, of audioFlow, do func(recordings) error) error {
	return s.onLine(ctx, io, func(c config, db *store.DB, line flows.Line) error {
		keys, err := c.keysOf(ctx, db, line.ID)
		if err != nil {
			return err
		}
		flow, err := of.heard(ctx, c, db, keys, line.ID)
		if err != nil {
			return err
		}
		return do(recordings{store.NewRecordings(db, keys), line, flow, store.By{Actor: actor(), At: io.Now()}})
	})
}

// audioFlow is the flow whose prompts are recorded.
type audioFlow struct {
	Flow string `help:"Folder of the flow, with main.yaml and prompts/ (default: what callers of the line hear)." type:"existingdir"`
}

// heard is the flow in the folder, or what callers of a line hear.
func (f audioFlow) heard(ctx context.Context, c config, db *store.DB, keys *vault.Keyring, line string) (*flows.Flow, error) {
	if f.Flow != "" {
		return flowFolder{Dir: f.Flow}.compiled()
	}
	looks, err := c.lookAt(ctx, db, keys, line)
	return looks.heard, err
}

// ofLanguage are the languages that a command is about: one, or all of the line.
type ofLanguage struct {
	Lang string `help:"The language: one alone (default: all that the line speaks)." placeholder:"LANG"`
}

// of returns them, with all that is recorded on the line.
func (l ofLanguage) of(ctx context.Context, r recordings) (langs []string, all []store.Recording, err error) {
	if langs = r.line.Languages; l.Lang != "" {
		langs = []string{l.Lang}
	}
	if l.Lang != "" && !slices.Contains(r.flow.Languages(), l.Lang) {
		return nil, nil, argumentError(fmt.Sprintf("--lang: the flow does not speak %q; it speaks %s", l.Lang, strings.Join(r.flow.Languages(), ", ")))
	}
	all, err = r.List(ctx, r.line.ID)
	return langs, all, err
}

type flowAudioListCommand struct {
	audioFlow
	ofLanguage
	Missing bool `help:"Those alone that callers do not hear in a voice."`
	JSON    bool `name:"json" help:"As JSON."`
}

// Run lists every line of the script with what is recorded of it.
func (f flowAudioListCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atAudio(ctx, io, f.audioFlow, func(r recordings) error {
		langs, all, err := f.of(ctx, r)
		if err != nil {
			return err
		}
		listed := []studio.Listed{} // [] for none
		for _, lang := range langs {
			for _, l := range studio.Compare(r.flow, lang, all) {
				if !f.Missing || l.State != studio.Heard {
					listed = append(listed, l)
				}
			}
		}
		if f.JSON {
			return io.json(listed)
		}
		w := tabwriter.NewWriter(io.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "NO.\tLANGUAGE\tPROMPT\tIS\tREMARKS")
		counts := map[studio.State]int{}
		for _, l := range listed {
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", l.Number, l.Lang, l.Prompt, l.State, strings.Join(l.Remarks, "; "))
			counts[l.State]++
		}
		if err := w.Flush(); err != nil {
			return err
		}
		fmt.Fprintf(io.Out, "\n%d heard, %d drafts, %d stale, %d missing.\n", counts[studio.Heard], counts[studio.Draft], counts[studio.Stale], counts[studio.Missing])
		return nil
	})
}

type flowAudioApproveCommand struct {
	Prompts []string `arg:"" optional:"" help:"The prompts, as list names them (default: all drafts)."`
	audioFlow
	ofLanguage
}

// Run has callers hear drafts. One whose words have changed since it
// was recorded would not be heard, and stays a draft.
func (f flowAudioApproveCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atAudio(ctx, io, f.audioFlow, func(r recordings) error {
		langs, all, err := f.of(ctx, r)
		if err != nil {
			return err
		}
		approved := 0
		for _, one := range all {
			if one.State != store.RecordingDraft || !slices.Contains(langs, one.Lang) || len(f.Prompts) > 0 && !slices.Contains(f.Prompts, one.Prompt) {
				continue
			}
			if !slices.ContainsFunc(r.flow.Script(one.Lang), func(l flows.ScriptLine) bool { return l.Hash == one.TextHash }) {
				fmt.Fprintf(io.Err, "%s %s: its words have changed since it was recorded; record it anew\n", one.Lang, one.Prompt)
				continue
			}
			if err := r.Approve(ctx, r.line.ID, r.by, one.Lang, one.Prompt, one.Hash); err != nil {
				return err
			}
			approved++
		}
		if approved == 0 {
			return errors.New("no such draft waits for approval; `hearthline flow audio list` shows what there is")
		}
		fmt.Fprintf(io.Out, "Callers hear %d more %s within seconds.\n", approved, plural(approved, "recording", "recordings"))
		return nil
	})
}

type flowAudioRemoveCommand struct {
	Lang   string `arg:"" help:"The language."`
	Prompt string `arg:"" help:"The prompt, as list names it."`
	Draft  bool   `help:"The draft, and not what callers hear."`
	audioFlow
}

// Run destroys a recording.
func (f flowAudioRemoveCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atAudio(ctx, io, f.audioFlow, func(r recordings) error {
		state := store.RecordingKept
		if f.Draft {
			state = store.RecordingDraft
		}
		err := r.Remove(ctx, r.line.ID, r.by, f.Lang, f.Prompt, state)
		if errors.Is(err, store.ErrNotFound) {
			return errors.New("there is no such recording; `hearthline flow audio list` shows what there is")
		}
		if err != nil {
			return err
		}
		fmt.Fprintln(io.Out, "Destroyed.")
		return nil
	})
}
