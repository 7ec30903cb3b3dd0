package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"text/tabwriter"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/voicemail"
	"github.com/hearthline/hearthline/store"
)

// newVoicemail makes what brings home what callers say to the carrier's recorder.
func (a *app) newVoicemail(client *carrier.Client) {
	a.voicemail = voicemail.New(voicemail.Options{
		Store: store.NewVoicemail(a.db, a.keys), Carrier: client, Keys: a.keys, Served: a.served, PublicURL: a.config.publicURL,
		Now: a.now, Log: a.log,
	})
}

type voicemailCommands struct {
	List   voicemailListCommand   `cmd:"" help:"What callers have left by voice."`
	Save   voicemailSaveCommand   `cmd:"" help:"Write a voice message to a file, as WAV."`
	Delete voicemailDeleteCommand `cmd:"" help:"Destroy a voice message and its key."`
}

type voicemailListCommand struct {
	JSON bool `name:"json" help:"As JSON."`
}

// Run lists the newest voice messages.
func (v voicemailListCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atVoicemail(ctx, io, func(c *store.Voicemail, line flows.Line) error {
		all, err := c.List(ctx, line.ID)
		if err != nil {
			return err
		}
		for i := range all {
			all[i].At = byClocksOf(line, all[i].At)
		}
		if v.JSON {
			return io.json(append([]store.VoiceMessage{}, all...)) // [] for none
		}
		if len(all) == 0 {
			fmt.Fprintln(io.Out, "No voice messages.")
			return nil
		}
		w := tabwriter.NewWriter(io.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "WHEN\tLENGTH\tIS\tHEARD\tRING BACK\tID")
		for _, m := range all {
			fmt.Fprintf(w, "%s\t%d s\t%s\t%t\t%t\t%s\n", schedule.Written(line.Languages[0], m.At, io.Now()), m.Seconds, m.State, m.Heard, m.RingBack, m.ID)
		}
		return w.Flush()
	})
}

type voicemailSaveCommand struct {
	ID   string `arg:"" help:"The message, as list tells it."`
	File string `arg:"" help:"Where to; it must not be there yet."`
	JSON bool   `name:"json" help:"What came of it, as JSON."`
}

// Run writes a message in clear where only its owner reads it, and marks it as heard.
func (v voicemailSaveCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atVoicemail(ctx, io, func(c *store.Voicemail, line flows.Line) error {
		sound, err := c.Sound(ctx, line.ID, v.ID, store.LeftForStaff)
		if err != nil {
			return unknownMessage(err)
		}
		f, err := os.OpenFile(v.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return errors.New("there is a file of that name, which is not overwritten")
		}
		if err != nil {
			return err
		}
		if err := c.Heard(ctx, line.ID, store.By{Actor: actor(), At: io.Now()}, v.ID); err != nil {
			return errors.Join(err, f.Close(), os.Remove(v.File))
		}
		_, err = f.Write(sound)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
		if v.JSON {
			return io.json(doneTo{v.ID, "saved"})
		}
		fmt.Fprintln(io.Out, "Saved. Whoever can read the file hears it: it is in clear there.")
		return nil
	})
}

type voicemailDeleteCommand struct {
	ID   string `arg:"" help:"The message, as list tells it."`
	JSON bool   `name:"json" help:"What came of it, as JSON."`
}

// Run destroys a message.
func (v voicemailDeleteCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atVoicemail(ctx, io, func(c *store.Voicemail, line flows.Line) error {
		if err := c.Delete(ctx, line.ID, store.By{Actor: actor(), At: io.Now()}, v.ID); err != nil {
			return unknownMessage(err)
		}
		if v.JSON {
			return io.json(doneTo{v.ID, "destroyed"})
		}
		fmt.Fprintln(io.Out, "Destroyed.")
		return nil
	})
}

// unknownMessage is an error about a voice message, in words if there is none.
func unknownMessage(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return errors.New("no voice message has that id, or it is not here yet; `hearthline voicemail list` shows which there are")
	}
	return err
}

func (s settings) atVoicemail(ctx context.Context, io stdio, do func(*store.Voicemail, flows.Line) error) error {
	return s.onLine(ctx, io, func(c config, db *store.DB, line flows.Line) error {
		keys, err := c.keysOf(ctx, db, line.ID)
		if err != nil {
			return err
		}
		return do(store.NewVoicemail(db, keys), line)
	})
}
