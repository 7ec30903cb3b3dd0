package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/studio"
	"github.com/hearthline/hearthline/store"
)

type flowAudioImportCommand struct {
	From string `arg:"" help:"Folder with audio/LANG/PROMPT.wav." type:"existingdir"`
	audioFlow
	DryRun bool `help:"Look at the files and take in nothing."`
}

// Run takes in every recording of a folder that can be used, and says why of each other.
func (f flowAudioImportCommand) Run(ctx context.Context, s *settings, io stdio) error {
	folder := os.DirFS(f.From)
	files, err := fs.Glob(folder, soundFiles)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%s holds no audio/LANG/PROMPT.wav; `hearthline flow script` lists the prompts' names", f.From)
	}
	return s.atAudio(ctx, io, f.audioFlow, func(r recordings) error {
		taken := 0
		for _, name := range files {
			if err := f.take(ctx, r, folder, name); err != nil {
				fmt.Fprintf(io.Err, "%s: %s\n", name, strings.ReplaceAll(err.Error(), "\n", ": "))
				continue
			}
			taken++
		}
		if f.DryRun {
			fmt.Fprintf(io.Out, "%d of %d recordings can be taken in.\n", taken, len(files))
		} else {
			fmt.Fprintf(io.Out, "%d of %d recordings were taken in, as drafts: `hearthline flow audio approve` has callers hear them.\n", taken, len(files))
		}
		if taken < len(files) {
			return errReported
		}
		return nil
	})
}

func (f flowAudioImportCommand) take(ctx context.Context, r recordings, folder fs.FS, name string) error {
	lang, prompt := path.Base(path.Dir(name)), strings.TrimSuffix(path.Base(name), ".wav")
	script := r.flow.Script(lang)
	i := slices.IndexFunc(script, func(l flows.ScriptLine) bool { return l.Prompt == prompt })
	switch {
	case script == nil:
		return fmt.Errorf("the flow does not speak %q; it speaks %s", lang, strings.Join(r.flow.Languages(), ", "))
	case i < 0:
		return errors.New("no prompt of that name is said in the same words each time; `hearthline flow script` lists those that are")
	}
	of, mastered, err := folderSound(folder, name, script[i])
	if err == nil && of.TextHash != script[i].Hash {
		err = errors.New("other words were spoken, as the file beside it says; record it anew")
	}
	if err != nil || f.DryRun {
		return err
	}
	of.Lang = lang
	return r.Draft(ctx, r.line.ID, r.by, of, mastered)
}

type flowAudioExportCommand struct {
	To string `arg:"" help:"Folder to write to; nothing in it is overwritten."`
	audioFlow
	ofLanguage
}

// Run writes what callers hear to files, and beside each the words that are spoken. What
// is stale stays where it is.
func (f flowAudioExportCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atAudio(ctx, io, f.audioFlow, func(r recordings) error {
		langs, all, err := f.of(ctx, r)
		if err != nil {
			return err
		}
		written := 0
		for _, lang := range langs {
			for _, l := range studio.Compare(r.flow, lang, all) {
				if l.State != studio.Heard {
					continue
				}
				wav, err := r.Sound(ctx, r.line.ID, l.Kept.Hash, store.RecordingKept)
				if err == nil {
					err = writeNew(filepath.Join(f.To, "audio", lang, l.Prompt+".wav"), wav)
				}
				if err == nil {
					err = writeNew(filepath.Join(f.To, "audio", lang, l.Prompt+".txt"), []byte(l.Text+"\n"))
				}
				if err != nil {
					return err
				}
				written++
			}
		}
		fmt.Fprintf(io.Out, "%d %s written.\n", written, plural(written, "recording was", "recordings were"))
		return nil
	})
}

func writeNew(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already, and is not overwritten", path)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
