package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/console"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

type memberCommands struct {
	Invite memberInviteCommand `cmd:"" help:"Ask a number, once and neutrally, whether it wants a group's reminders. The number on standard input."`
	Export memberExportCommand `cmd:"" help:"Everything we hold about a member. The number on standard input."`
	Erase  memberEraseCommand  `cmd:"" help:"Forget a number: keys, rows, open questions. The number on standard input."`
}

// desk is where a command works on people: the line, its groups and its keys.
type desk struct {
	stdio
	config  config
	db      *store.DB
	keys    *vault.Keyring
	line    flows.Line
	groups  []store.Group
	members *store.Members
	now     time.Time
	by      string // who acts, for the audit log
	lang    string // in which is told what is kept of somebody; "" is English
	theirs  bool   // or rather in the language of whom it is about, where that is known
}

// noRecord is what is told of a number of which nothing is kept.
const noRecord = "no record\n"

// atDesk does something about the number that stands on standard input.
func (s settings) atDesk(ctx context.Context, io stdio, do func(d desk, n vault.Number) error) error {
	return s.onLine(ctx, io, func(c config, db *store.DB, line flows.Line) error {
		keys, err := c.keysOf(ctx, db, line.ID)
		if err != nil {
			return err
		}
		groups, err := db.Groups(ctx, line.ID)
		if err != nil {
			return err
		}
		n, err := readNumber(io)
		if err != nil {
			return err
		}
		return do(desk{
			stdio: io, config: c, db: db, keys: keys, line: line, groups: groups, members: store.NewMembers(db, keys), now: io.Now(), by: actor(),
		}, n)
	})
}

var errNoNumber = errors.New("there is no telephone number on standard input; write it there, with its country code, as in +12025550143")

// readNumber takes a number from standard input: not from the command line,
// which other accounts of the machine can see and a shell writes down.
func readNumber(from stdio) (vault.Number, error) {
	if isTerminal(from.Out) {
		fmt.Fprint(from.Err, "Number: ")
	}
	text, err := bufio.NewReader(io.LimitReader(from.In, 1<<10)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return vault.Number{}, errors.New("standard input cannot be read")
	}
	if strings.TrimSpace(text) == "" {
		return vault.Number{}, errNoNumber
	}
	return vault.ParseNumber(text)
}

func (d desk) groupIDs() []string {
	ids := make([]string, len(d.groups))
	for i, g := range d.groups {
		ids[i] = g.ID
	}
	return ids
}

// seats is the service of live sessions, as far as it knows numbers.
func (d desk) seats() *rooms.Service {
	return rooms.New(rooms.Options{Keys: d.keys, Sessions: store.NewSessions(d.db, d.keys), Now: d.Now, Log: d.config.logger(d.Err)})
}

// actor is who acts: the account of the system.
func actor() string {
	if u, err := user.Current(); err == nil {
		return "command line, " + u.Username
	}
	return "command line"
}

// record writes an act down before it is done: one that cannot be is not done.
func (d desk) record(ctx context.Context, act, detail string, n vault.Number) error {
	return store.NewAudit(d.db, d.keys).Record(ctx, store.AuditEntry{
		Line: d.line.ID, Actor: d.by, Act: act, Detail: detail, Subject: n, At: d.now,
	})
}

type memberInviteCommand struct {
	Group    string `required:"" help:"The group's code." placeholder:"CODE"`
	Channel  string `enum:"text,call" default:"text" help:"text or call."`
	Consent  string `required:"" help:"What the person said they agree to, and how." placeholder:"WORDS"`
	Language string `help:"The language to ask in (default: the line's first)."`
	Zone     string `help:"IANA zone of the person (default: not known, so that hours must suit both the line and the number's area)."`
}

// Run stores the invitation; the running line asks the number.
func (m memberInviteCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atDesk(ctx, io, func(d desk, n vault.Number) error {
		at := slices.IndexFunc(d.groups, func(g store.Group) bool { return g.Code == m.Group })
		if err := m.check(d, at >= 0); err != nil {
			return err
		}
		if !n.Within(d.config.countries) {
			return errors.New("the number is in no country of ALLOWED_COUNTRIES, or costs extra to reach: it is not asked")
		}
		if ours, err := d.db.IsOurs(ctx, d.keys, d.line.ID, n); err != nil || ours || n.Equal(d.config.crisisSaid(d.db, d.keys)(d.line.ID)) {
			return errors.Join(err, errors.New("the number is the line's own, a bridge's or the crisis line's: it is not asked"))
		}
		if err := d.record(ctx, "member.invite", "", n); err != nil {
			return err
		}
		err := d.members.Invite(ctx, store.Invitation{
			Line: d.line.ID, Number: n, Group: d.groups[at].ID, Stated: strings.TrimSpace(m.Consent), At: d.now,
			Preferences: flows.Preferences{Channel: flows.Channel(m.Channel), Language: m.language(d.line), Zone: m.Zone}.Complete(),
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(d.Out, "Unless it was asked or enrolled before, the number is asked once, by %s, in words that name nobody. Unanswered, it is forgotten after 7 days.\n", m.Channel)
		return nil
	})
}

func (m memberInviteCommand) language(l flows.Line) string {
	if m.Language == "" {
		return l.Languages[0]
	}
	return m.Language
}

// check reports every flag that cannot be.
func (m memberInviteCommand) check(d desk, known bool) error {
	var faults settingsError
	if !known {
		faults = append(faults, "--group is no code of a group. Example: --group=482105; `hearthline group list` shows them")
	}
	if strings.TrimSpace(m.Consent) == "" {
		faults = append(faults, "--consent is empty: without consent nobody is asked. Example: --consent='asked for texts at the Tuesday meeting'")
	}
	if !slices.Contains(d.line.Languages, m.language(d.line)) {
		faults = append(faults, "--language is none of the line's, which are "+strings.Join(d.line.Languages, ", "))
	}
	if m.Zone != "" && !isZone(m.Zone) {
		faults = append(faults, "--zone is not an IANA time zone. Example: --zone=America/Chicago")
	}
	if len(faults) > 0 {
		return faults
	}
	return nil
}

type memberExportCommand struct {
	Language string `enum:"en,es" default:"en" help:"Of what is printed: en or es."`
	JSON     bool   `help:"As JSON."`
}

// Run prints what a member may ask for: all of it.
func (m memberExportCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atDesk(ctx, io, func(d desk, n vault.Number) error {
		d.lang = m.Language
		_, err := d.disclose(ctx, "member.export", n, m.JSON)
		return err
	})
}

type subpoenaCommand struct {
	JSON bool `help:"As JSON."`
}

// Run prints everything that the keys can compute from a number.
func (m subpoenaCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atDesk(ctx, io, func(d desk, n vault.Number) error {
		_, err := d.disclose(ctx, "subpoena", n, m.JSON)
		return err
	})
}

// disclose prints all there is about a number, once that is on record, and returns the
// language of it: "" where nothing is kept.
func (d desk) disclose(ctx context.Context, act string, n vault.Number, asJSON bool) (lang string, err error) {
	staff, err := store.NewAudit(d.db, d.keys).About(ctx, d.line.ID, n, d.now) // but for this
	if err != nil {
		return "", err
	}
	if err := d.record(ctx, act, "", n); err != nil {
		return "", err
	}
	held, err := d.members.Holdings(ctx, d.line.ID, n, d.groupIDs(), d.now)
	if err != nil {
		return "", err
	}
	if held.Seats, err = d.seats().Seats(ctx, d.line.ID, n); err != nil {
		return "", err
	}
	staffed, err := d.staffOf(ctx, n)
	if err != nil {
		return "", err
	}
	staffed.Acts = staff
	if asJSON {
		return "", d.json(struct {
			store.Holdings
			staffHoldings
			Names map[string]string `json:"group_names,omitempty"` // by id
		}{held, staffed, d.names(held, staffed.Facilitates)})
	}
	if held.Empty() && staffed.empty() {
		fmt.Fprint(d.Out, noRecord)
		return "", nil
	}
	lang = d.tongue(held)
	d.tell(lang, held, staffed)
	return lang, nil
}

// tongue is the language of a disclosure.
func (d desk) tongue(h store.Holdings) string {
	if d.theirs && h.Member != nil && slices.Contains(console.Languages(), h.Member.Preferences.Language) {
		return h.Member.Preferences.Language
	}
	return cmp.Or(d.lang, "en")
}

// staffHoldings are what is held of a number as one of the staff's, and what staff did
// about it.
type staffHoldings struct {
	Facilitates []string        `json:"facilitates,omitempty"` // groups' ids
	Acts        []store.Mention `json:"staff,omitempty"`
}

func (s staffHoldings) empty() bool {
	return len(s.Facilitates) == 0 && len(s.Acts) == 0
}

// staffOf looks for a number among those of the staff.
func (d desk) staffOf(ctx context.Context, n vault.Number) (s staffHoldings, err error) {
	s.Facilitates, err = d.db.Facilitates(ctx, d.keys, d.line.ID, n)
	return s, err
}

type memberEraseCommand struct{}

// Run forgets a number.
func (memberEraseCommand) Run(ctx context.Context, s *settings, io stdio) error {
	return s.atDesk(ctx, io, func(d desk, n vault.Number) error {
		if err := d.record(ctx, "member.erase", "", n); err != nil {
			return err
		}
		where := everywhere{d.members, d.seats(), store.NewVoicemail(d.db, d.keys)}
		if err := where.EraseNumber(ctx, store.Event{Line: d.line.ID, At: d.now}, n, d.groupIDs()); err != nil {
			return err
		}
		_ = d.members.Vacuum(ctx) // else autovacuum does, within a minute
		fmt.Fprintln(d.Out, "Done. No member of this line has this number any more. Backups of the database made before now still tell that it was enrolled,\n"+
			"until `hearthline keys rotate`; those of the schema keys tell more, for the 7 days that they are kept. The audit log keeps that staff did this.")
		staff, err := d.staffOf(ctx, n)
		for _, g := range staff.Facilitates {
			fmt.Fprintf(d.Out, "It is also a facilitator's of %s, and stays with that group until an import leaves them out.\n", d.groupName(g))
		}
		if err != nil {
			return err
		}
		held, err := d.members.Holdings(ctx, d.line.ID, n, d.groupIDs(), d.now)
		if a := held.Account; a != nil {
			fmt.Fprintf(d.Out, "It is also the number with which %s signs in to the desk by telephone, and stays there until they take it back on their own page.\n", a.Name)
		}
		return err
	})
}
