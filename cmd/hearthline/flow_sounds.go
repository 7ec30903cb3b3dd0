package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/sound"
	"github.com/hearthline/hearthline/handlers/studio"
	"github.com/hearthline/hearthline/store"
)

// soundFiles are where a flow's folder has recordings. Beside one, PROMPT.txt may say
// which words were spoken; without it they are those that the prompt has now.
const soundFiles = "audio/*/*.wav"

// longestWords is how many bytes are read of what was spoken.
const longestWords = 16 << 10

// folderSounds reads the recordings of a flow's folder, none for "", and gives each that
// can be played to take, mastered, unless that is nil. Its problems are those of F021:
// what is not played is spoken.
func folderSounds(dir string, flow *flows.Flow, take func(store.Recording, []byte) error) ([]flows.Problem, error) {
	if dir == "" {
		return nil, nil
	}
	folder := os.DirFS(dir)
	files, err := fs.Glob(folder, soundFiles)
	if err != nil {
		return nil, err
	}
	var problems []flows.Problem
	var found []flows.Recording
	recordable := map[string]map[string]string{} // words by prompt, by language
	for _, lang := range flow.Languages() {
		recordable[lang] = flow.Recordable(lang)
	}
	for _, file := range files {
		lang, prompt := path.Base(path.Dir(file)), strings.TrimSuffix(path.Base(file), ".wav")
		words, known := recordable[lang][prompt]
		r, wav, err := folderSound(folder, file, flows.ScriptLine{Prompt: prompt, Hash: flows.TextHash(words)})
		if err != nil {
			problems = append(problems, flows.Problem{
				Place: flows.Place{File: file, Line: 1, Column: 1}, Code: "F021", Warning: true,
				What: fmt.Sprintf("the recording of %q cannot be played", prompt), Mend: strings.ReplaceAll(err.Error(), "\n", ": "),
			})
			continue
		}
		r.Lang = lang
		found = append(found, flows.Recording{
			Lang: lang, Prompt: prompt, TextHash: r.TextHash, Length: time.Duration(r.Seconds * float64(time.Second)),
			Peak: math.Pow(10, r.Peak/20), LongestSilence: r.Silence,
		})
		if take == nil || !known || r.TextHash != flows.TextHash(words) {
			continue
		}
		if err := take(r, wav); err != nil {
			return nil, err
		}
	}
	return append(problems, flows.CheckRecordings(flow, found)...), nil
}

// folderSound reads a recording, as callers would hear it, with the hash of the words
// that were spoken.
func folderSound(folder fs.FS, file string, l flows.ScriptLine) (store.Recording, []byte, error) {
	spoken, err := readAtMost(folder, strings.TrimSuffix(file, ".wav")+".txt", longestWords)
	switch {
	case err == nil:
		l.Hash = flows.TextHash(string(spoken))
	case !errors.Is(err, fs.ErrNotExist):
		return store.Recording{}, nil, err
	}
	raw, err := readAtMost(folder, file, sound.Most+1)
	if err != nil {
		return store.Recording{}, nil, err
	}
	return studio.Master("", l, raw)
}

// soundsIn changes when what folderSounds reads of a folder is written.
func soundsIn(dir string) string {
	var b strings.Builder
	files, _ := fs.Glob(os.DirFS(dir), "audio/*/*") // the pattern is well-formed
	for _, file := range files {
		if info, err := fs.Stat(os.DirFS(dir), file); err == nil {
			fmt.Fprintf(&b, " %s %d %d", file, info.Size(), info.ModTime().UnixNano())
		}
	}
	return b.String()
}

func readAtMost(folder fs.FS, name string, most int64) ([]byte, error) {
	f, err := folder.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, most))
}
