package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

type messageCommands struct {
	Send   messageSendCommand   `cmd:"" help:"Say something to everybody in a group. It goes a minute later."`
	List   messageListCommand   `cmd:"" help:"What was said to a group, and what became of it: how many, never whose."`
	Cancel messageCancelCommand `cmd:"" help:"Take a message back within its minute."`
}

type messageSendCommand struct {
	Group    string `required:"" help:"The group's code." placeholder:"CODE"`
	File     string `required:"" help:"The words; - is standard input." placeholder:"FILE"`
	Language string `help:"The language of the words (default: the group's first)."`
	DryRun   bool   `help:"Say what would go to how many, and send nothing."`
	JSON     bool   `name:"json" help:"As JSON."`
}

// messageReport is a message before it goes, or as it was written.
type messageReport struct {
	ID       string         `json:"id,omitempty"`
	Text     string         `json:"text"`
	Segments int            `json:"segments"`
	Encoding flows.Encoding `json:"encoding"`
	People   int            `json:"people"`
	Stopped  int            `json:"stopped"`
	GoesAt   *time.Time     `json:"goes_at,omitempty"`
}

// longestFile is how much is read of a message's file, in bytes.
const longestFile = 8 << 10

// Run says what goes to how many, and has it go unless it is a dry run.
func (m messageSendCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atGroup(ctx, io, m.Group, func(ctx context.Context, at dateDesk) error {
		text, err := readText(m.File, io)
		if err != nil {
			return err
		}
		text = flows.Fold(strings.TrimSpace(text))
		segments := flows.CountSegments(text)
		switch {
		case text == "":
			return argumentError("--file: it says nothing")
		case segments.Count > 3:
			return argumentError(fmt.Sprintf("--file: it takes %d texts, and may take 3: shorten it", segments.Count))
		}
		lang := m.Language
		if lang == "" {
			lang = at.group.Languages[0]
		}
		audience, err := store.NewMembers(at.db, at.keys).Audience(ctx, at.line.ID, at.group.ID)
		if err != nil {
			return err
		}
		r := messageReport{Text: text, Segments: segments.Count, Encoding: segments.Encoding, People: audience.People(), Stopped: audience.Stopped}
		if !m.DryRun {
			by := store.By{Actor: actor(), At: at.now}
			one, err := store.NewMessages(at.db, at.keys).Write(ctx, at.line.ID, by, at.group.ID, at.group.Code, store.Said{Words: flows.Words{lang: text}})
			if err != nil {
				return err
			}
			r.ID, r.GoesAt = one.ID, new(byClocksOf(at.line, one.GoesAt))
		}
		if m.JSON {
			return io.json(r)
		}
		fmt.Fprintf(io.Out, "%s\n\n%d %s each (%s), to %d %s; %d left out, who told us to stop.\n", r.Text, r.Segments, plural(r.Segments, "text", "texts"), r.Encoding,
			r.People, plural(r.People, "person", "people"), r.Stopped)
		if r.ID != "" {
			fmt.Fprintf(io.Out, "It goes in a minute. To take it back: hearthline message cancel --group %s %s\n", at.group.Code, r.ID)
		}
		return nil
	})
}

func readText(file string, io stdio) (string, error) {
	if file == "-" {
		b := make([]byte, longestFile)
		n, err := fullRead(io, b)
		return string(b[:n]), err
	}
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", argumentError("--file: there is no such file")
	}
	return string(b[:min(len(b), longestFile)]), err
}

func fullRead(in stdio, b []byte) (n int, err error) {
	for n < len(b) {
		more, err := in.In.Read(b[n:])
		n += more
		if err != nil {
			break // the end, or nothing more to be had
		}
	}
	return n, nil
}

type messageListCommand struct {
	Group string `required:"" help:"The group's code." placeholder:"CODE"`
	JSON  bool   `name:"json" help:"As JSON."`
}

// byClocksOf is t on the clocks of a line.
func byClocksOf(line flows.Line, t time.Time) time.Time {
	loc, err := time.LoadLocation(line.Zone)
	if err != nil {
		return t.UTC()
	}
	return t.In(loc)
}

// messageLine is a message as it is listed.
type messageLine struct {
	ID     string             `json:"id"`
	State  store.MessageState `json:"state"`
	GoesAt time.Time          `json:"goes_at"`
	People int                `json:"people"`
	Words  flows.Words        `json:"words,omitempty"`
	Fates  []store.FiringFate `json:"fates,omitempty"`
}

// Run lists the newest messages, and what became of those of the last days.
func (m messageListCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atGroup(ctx, io, m.Group, func(ctx context.Context, at dateDesk) error {
		messages := store.NewMessages(at.db, at.keys)
		all, err := messages.List(ctx, at.line.ID, []string{at.group.ID})
		if err != nil {
			return err
		}
		became, err := messages.Outcomes(ctx, at.line.ID, at.group.ID, at.now.Add(-store.MessageLife))
		if err != nil {
			return err
		}
		lines := make([]messageLine, len(all))
		for i, one := range all {
			lines[i] = messageLine{ID: one.ID, State: one.State, GoesAt: byClocksOf(at.line, one.GoesAt), People: one.Recipients, Words: one.Said.Words}
			for _, o := range became {
				if o.Purpose == store.Broadcast && o.Meeting == one.ID {
					lines[i].Fates = o.Fates
				}
			}
		}
		if m.JSON {
			return io.json(lines)
		}
		if len(lines) == 0 {
			fmt.Fprintln(io.Out, "Nothing was said to this group in the last 30 days.")
			return nil
		}
		w := tabwriter.NewWriter(io.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "WHEN\tIS\tPEOPLE\tID\tSAYS")
		for _, l := range lines {
			fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\n", schedule.Written(at.line.Languages[0], l.GoesAt, at.now), l.State, l.People, l.ID, l.Words.In(at.line.Languages[0]))
			for _, f := range l.Fates {
				fmt.Fprintf(w, "\t  %s\t%d\t%s\t%s\n", f.State, f.Rows, orDash(string(f.Outcome)), orDash(f.Reason))
			}
		}
		return w.Flush()
	})
}

// doneTo is what became of a message.
type doneTo struct {
	ID   string `json:"id"`
	Done string `json:"done"` // taken back; saved, destroyed
}

type messageCancelCommand struct {
	Group string `required:"" help:"The group's code." placeholder:"CODE"`
	ID    string `arg:"" help:"The message, as send and list tell it."`
	JSON  bool   `name:"json" help:"As JSON."`
}

// Run takes a message back, or says that it is too late.
func (m messageCancelCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atGroup(ctx, io, m.Group, func(ctx context.Context, at dateDesk) error {
		messages := store.NewMessages(at.db, at.keys)
		one, err := messages.Message(ctx, at.line.ID, m.ID)
		if errors.Is(err, store.ErrNotFound) || err == nil && one.Group != at.group.ID {
			return errors.New("the group has no such message; `hearthline message list` shows them")
		}
		if err != nil {
			return err
		}
		intime, err := messages.TakeBack(ctx, at.line.ID, store.By{Actor: actor(), At: at.now}, m.ID, at.group.Code)
		switch {
		case err != nil:
			return err
		case !intime:
			return errors.New("it is too late: the message is on its way")
		}
		if m.JSON {
			return io.json(doneTo{m.ID, "taken back"})
		}
		fmt.Fprintln(io.Out, "Taken back. Nobody gets it.")
		return nil
	})
}
