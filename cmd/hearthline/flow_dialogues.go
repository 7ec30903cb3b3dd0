package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// dialoguesAt is when dialogues are played that do not say: a Tuesday evening in New
// York.
var dialoguesAt = time.Date(2026, 11, 24, 23, 5, 0, 0, time.UTC)

// playFile plays the dialogues of a file. The first step of each that does not hold is
// printed, and fails the command.
func (l sampleLine) playFile(file string, io stdio) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read dialogues: %w", err)
	}
	dialogues, err := flows.ReadDialogues(file, text)
	if err != nil {
		return err
	}
	failed := 0
	for _, d := range dialogues {
		if err := l.playOne(d, true, nil); err != nil {
			fmt.Fprintln(io.Out, err)
			failed++
		}
	}
	fmt.Fprintf(io.Out, "%d of %d %s held.\n", len(dialogues)-failed, len(dialogues), plural(len(dialogues), "dialogue", "dialogues"))
	if failed > 0 {
		return errReported
	}
	return nil
}

// playOne plays a dialogue on groups that meet around the time it says, or around that
// of the built-in ones, whatever it sets its clock to.
func (l sampleLine) playOne(d flows.Dialogue, around bool, passes func(node string, here bool)) error {
	at := dialoguesAt
	if d.At != "" && around {
		given, err := time.Parse(time.RFC3339, d.At)
		if err != nil {
			return fmt.Errorf("%s: the time is not like 2026-11-24T19:05:00-05:00", d.Name)
		}
		at = given
	}
	view, err := l.view(at)
	if err != nil {
		return err
	}
	edge := lines.At(d.Phone(), view.Directory)
	edge.Room, edge.Passes = d.Room, passes
	return d.Play(l.flow, view, edge)
}

// cover plays every dialogue, and lists what of the flow none comes to. Whether they
// hold is not asked: tests do that.
func (l sampleLine) cover(dir string, io stdio) error {
	scripts, err := dialoguesOf(dir)
	if err != nil {
		return err
	}
	seen, count := map[string]bool{}, 0
	for _, file := range slices.Sorted(maps.Keys(scripts)) {
		dialogues, err := flows.ReadDialogues(file, scripts[file])
		if err != nil {
			return err
		}
		for _, d := range dialogues {
			count++
			if err := l.playOne(d, false, func(node string, here bool) { seen[node] = seen[node] || here }); err != nil {
				fmt.Fprintf(io.Out, "does not hold: %v\n", err)
			}
		}
	}
	var missing []string
	steps := l.flow.Steps()
	for _, s := range steps {
		if !seen[s.Name] {
			missing = append(missing, s.Name)
		}
	}
	fmt.Fprintf(io.Out, "%d %s come to %d of %d nodes (%d %%).\n", count, plural(count, "dialogue", "dialogues"),
		len(steps)-len(missing), len(steps), (len(steps)-len(missing))*100/max(len(steps), 1))
	if len(missing) > 0 {
		fmt.Fprintf(io.Out, "None comes to: %s\n", strings.Join(missing, ", "))
	}
	return nil
}

// dialoguesOf are the dialogues of a folder by file, the built-in ones if there is none.
func dialoguesOf(dir string) (map[string][]byte, error) {
	if dir == "" {
		return lines.Dialogues()
	}
	files, err := filepath.Glob(filepath.Join(dir, "dialogues", "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("read dialogues: %w", err)
	}
	scripts := map[string][]byte{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read dialogues: %w", err)
		}
		scripts[file] = text
	}
	return scripts, nil
}
