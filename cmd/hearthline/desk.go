package main

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/console"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// newDesk returns the coordinators' pages, of the line that the environment describes.
func (a *app) newDesk() (*console.Pages, error) {
	c := a.config
	accounts := store.NewAccounts(a.deskDB, a.keys, a.now)
	return console.New(console.Options{
		PublicURL: c.publicURL, DB: a.deskDB, Line: a.deskLine,
		Accounts: accounts, Holding: a.holding, Demo: a.demo,
		Directories: a.snapshots, Rooms: a.rooms, Flow: a.heard, Roster: store.NewRoster(a.db, a.keys, a.now),
		Messages: store.NewMessages(a.deskDB, a.keys), Audience: a.members.Audience, Voicemail: store.NewVoicemail(a.db, a.keys),
		Numbers: a.publicNumbers, Doctor: a.doctor,
		Keys: a.keys, Audit: store.NewAudit(a.deskDB, a.keys),
		Given: console.Given{
			Name: !c.open.Name, Zone: !c.open.Zone, Languages: !c.open.Languages, Crisis: !c.open.CrisisName || !c.openCrisis, Emergency: !c.open.Emergency,
			Speech: !c.open.Speech,
		},
		Spoken: a.bundle.Languages(), Crisis: c.crisisOf(a.snapshots), Phones: a.phones, Subjects: subjects{a},
		Setup: console.Setup{
			DB: a.db, Keys: func() *vault.Keyring { return a.keys }, Countries: c.countries, Owned: store.NewAccounts(a.db, a.keys, a.now).AddGroup,
		},
		Versions: a.versionsAtDesk(),
		MayAsk:   a.mayAsk, Proxies: c.proxies,
		Now: a.now, Log: a.log,
	})
}

// versionsAtDesk are those of the line's flow, as the desk's own role reaches them.
func (a *app) versionsAtDesk() console.Versions {
	archive := store.NewFlowArchive(a.deskDB, a.config.stateDir)
	return console.Versions{
		Store: store.NewFlowVersions(a.deskDB, a.keys, archive), Load: archive.Load,
		Own: a.ownBundle, BuiltIn: builtInBundle, Compile: a.config.compileKept, Rehearsal: rehearsal, PINs: lines.PINs(),
		Recordings: store.NewRecordings(a.deskDB, a.keys),
	}
}

// builtInBundle is the text of the built-in flow of this program.
func builtInBundle() flows.Bundle {
	b, err := lines.BuiltIn()
	if err != nil {
		return nil // it is embedded
	}
	return b
}

// ownBundle is the text of what is heard where nothing is published. It is kept under its
// hash before anybody hears it; where it cannot be had, it is what the program began with.
func (a *app) ownBundle() flows.Bundle {
	hash := a.shelf.Own().Hash
	if hash == a.bundle.Hash() {
		return a.bundle
	}
	content, err := a.archive.Load(context.Background(), a.deskLine(), hash)
	if err != nil {
		return a.bundle
	}
	if bundle, err := flows.DecodeBundle(content); err == nil {
		return bundle
	}
	return a.bundle
}

// rehearsal is somebody's telephone that reaches nobody, and what it hears of: the sample
// groups, which meet around now.
func rehearsal(line flows.Line, who string, now, at time.Time) (flows.View, console.Telephone, error) {
	groups, err := lines.Sample(now, line.Zone)
	view := flows.View{Now: at.Truncate(time.Minute), Number: "(202) 555-0100", Directory: flows.NewDirectory(line, groups, at)}
	return view, lines.At(who, view.Directory), err
}

// mayAsk says whether a number may be asked to join a group.
func (a *app) mayAsk(n vault.Number) bool {
	return n.Within(a.config.countries) && !n.Equal(a.config.crisisOf(a.snapshots)(a.deskLine()))
}

// publicNumbers are the line's own, as they are printed.
func (a *app) publicNumbers() []console.PublicNumber {
	var all []console.PublicNumber
	for _, n := range a.config.numbers {
		all = append(all, console.PublicNumber{Written: carrier.Written(n), Dialled: n.Reveal(vault.ForWords), TollFree: n.TollFree()})
	}
	return all
}

// deskLine is the line whose desk there is, "" until it is known.
func (a *app) deskLine() string {
	for _, line := range a.served() {
		return line
	}
	return ""
}

// holding says whether a session of one of an account's groups is live. Where that
// cannot be told, none is.
func (a *app) holding(ctx context.Context, account string) bool {
	snap, ok := a.snapshots.Line(a.deskLine())
	if !ok {
		return false
	}
	line := snap.Directory.Line.ID
	who, err := store.NewAccounts(a.deskDB, a.keys, a.now).Get(store.Within(ctx, store.Scope{Line: line}), line, account)
	if err != nil || !who.May(store.RoleFacilitator) {
		return false
	}
	live, err := a.rooms.Live(ctx, a.heard(), line, snap.Directory)
	if err != nil {
		return false
	}
	for _, on := range live {
		if who.Has(on.Group) {
			return true
		}
	}
	return false
}

// subjects are those who ask for their data, as the desk reaches them: the way of
// `hearthline member export` and `member erase`.
type subjects struct{ *app }

// Export returns everything that is kept of a number, "" for nothing, in the member's
// language or, where that is not known, in lang.
func (s subjects) Export(ctx context.Context, by store.By, lang string, n vault.Number) (text, in string, err error) {
	var told bytes.Buffer
	d, err := s.at(ctx, by, stdio{Out: &told, Now: s.now})
	if err != nil {
		return "", "", err
	}
	d.lang, d.theirs = lang, true
	if in, err = d.disclose(ctx, "member.export", n, false); err != nil || in == "" {
		return "", lang, err
	}
	return told.String(), in, nil
}

// Erase forgets a number, and returns the codes of groups whose facilitator's it stays.
func (s subjects) Erase(ctx context.Context, by store.By, n vault.Number) ([]string, error) {
	d, err := s.at(ctx, by, stdio{Now: s.now})
	if err != nil {
		return nil, err
	}
	if err := d.record(ctx, "member.erase", "", n); err != nil {
		return nil, err
	}
	if err := (everywhere{d.members, s.rooms, store.NewVoicemail(d.db, d.keys)}).EraseNumber(ctx, store.Event{Line: d.line.ID, At: d.now}, n, d.groupIDs()); err != nil {
		return nil, err
	}
	s.erased()
	ids, err := d.db.Facilitates(ctx, d.keys, d.line.ID, n)
	var codes []string
	for _, g := range d.groups {
		for _, id := range ids {
			if g.ID == id {
				codes = append(codes, g.Code)
			}
		}
	}
	return codes, err
}

// at is where the running program works on people, by somebody at the desk.
func (s subjects) at(ctx context.Context, by store.By, io stdio) (desk, error) {
	snap, ok := s.snapshots.Line(s.deskLine())
	if !ok {
		return desk{}, errors.New("there is no line yet")
	}
	line := snap.Directory.Line
	groups, err := s.db.Groups(ctx, line.ID)
	return desk{
		stdio: io, config: s.config, db: s.db, keys: s.keys, line: line, groups: groups, members: s.members, now: s.now(), by: by.Actor,
	}, err
}
