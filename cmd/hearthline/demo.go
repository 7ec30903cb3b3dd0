package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/hearthline/hearthline/flows/lines"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/handlers/simulator"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/cluster"
	"github.com/hearthline/hearthline/store/vault"
)

type demoCommand struct{}

// The demo's account and numbers. The numbers are from the range kept for
// fiction.
const (
	demoAccount = "AC00000000000000000000000000000000"
	demoToken   = "00000000000000000000000000000000"
	demoNumber  = "+12025550100"
)

// phonesPath is where the page of phones is.
const phonesPath = "/phones"

// Run answers simulated phones until the program is told to stop.
func (demoCommand) Run(ctx context.Context, s *settings, io stdio) error {
	d, err := newDemo(ctx, *s, io)
	if err != nil {
		return err
	}
	defer d.close()
	return d.run(ctx)
}

// demo is the product without an account: its own Postgres, a simulated
// carrier, sample groups around now, and a page of phones.
type demo struct {
	stdio
	app      app
	clock    *emulator.Clock
	carrier  *emulator.Emulator
	rest     net.Listener // the carrier's API
	cluster  *cluster.Cluster
	closings []func() error
	// bare leaves everything to be set up, by the owner.
	bare bool
	// look says when the line's folder is looked at again; nil is once a second.
	look <-chan time.Time
	env  string // the file by which a shell's commands find the line
	// greeted, if set, is called once a newcomer has been told what to do.
	greeted func()
}

// newDemo makes everything that the program needs to find. What it has made
// when it fails is gone again.
func newDemo(ctx context.Context, s settings, io stdio) (d *demo, err error) {
	d = &demo{stdio: io, clock: emulator.NewClock()}
	defer func() {
		if err != nil {
			d.close()
		}
	}()
	if err := os.MkdirAll(s.StateDir, 0o755); err != nil {
		return nil, err
	}
	if d.cluster, err = cluster.Start(ctx, cluster.Options{Dir: s.StateDir}); err != nil {
		return nil, err
	}
	d.closings = append(d.closings, d.cluster.Stop)
	web, err := d.listen(s.Listen, "127.0.0.1:8080")
	if err != nil {
		return nil, err
	}
	if d.rest, err = d.listen("127.0.0.1:0"); err != nil {
		return nil, err
	}
	d.carrier = emulator.New(emulator.Options{
		AccountSID: demoAccount, AuthToken: demoToken, Clock: d.clock, Seed: uint64(time.Now().UnixNano()),
	})
	c, err := d.settings(s, web.Addr().String())
	if err != nil {
		return nil, err
	}
	if _, err := c.keyset().Create(); err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(c.zone)
	if err != nil {
		return nil, err
	}
	d.clock.Jump(untilDay(d.clock.Now().In(zone)))
	d.app = app{config: c, log: c.logger(io.Err), now: d.clock.Now, listener: web, demo: true, phones: phonesPath}
	return d, nil
}

// The hours in which the demo's clock begins. Whoever enrols is reminded of the
// group that meets in four hours, and nobody is between evening and morning.
const (
	dayBegins = 9
	dayEnds   = 16
)

// untilDay is how long it is from now, by the clock on the wall there, until the
// demo can begin.
func untilDay(now time.Time) time.Duration {
	date := schedule.DateOf(now)
	if now.Hour() >= dayEnds {
		date = date.Add(1)
	}
	return max(0, schedule.Wall{Date: date, Hour: dayBegins}.In(now.Location()).Sub(now))
}

// listen opens the first of the addresses that is free, then any port of this
// machine. A port alone is one of this machine, and of no other.
func (d *demo) listen(addresses ...string) (net.Listener, error) {
	for _, a := range append(addresses, "127.0.0.1:0") {
		if strings.HasPrefix(a, ":") {
			a = "127.0.0.1" + a
		}
		if l, err := net.Listen("tcp", a); err == nil {
			d.closings = append(d.closings, func() error {
				if err := l.Close(); !errors.Is(err, net.ErrClosed) {
					return err
				}
				return nil
			})
			return l, nil
		}
	}
	return nil, errors.New("no port of this machine is free")
}

// settings are the environment's, but for what the demo brings itself.
func (d *demo) settings(s settings, web string) (config, error) {
	s.DatabaseURL, s.DatabaseDirectURL = d.cluster.URL("postgres"), ""
	s.PublicURL, s.TwilioAPIURL = address(web), "http://"+d.rest.Addr().String()
	s.TwilioAccountSID, s.TwilioAuthToken, s.TwilioNumber = demoAccount, demoToken, demoNumber
	s.StateDir = filepath.Join(s.StateDir, "demo")
	s.KeysetFile, s.KeysetPassphrase = filepath.Join(s.StateDir, "keyset.json"), ""
	s.LogLevel = cmp.Or(os.Getenv("HEARTHLINE_LOG_LEVEL"), "warn")
	// What an earlier demo sealed belongs to a database that is gone.
	if err := os.RemoveAll(s.StateDir); err != nil {
		return config{}, err
	}
	if err := os.MkdirAll(s.StateDir, 0o700); err != nil {
		return config{}, err
	}
	d.env = filepath.Join(s.StateDir, "env")
	if err := os.WriteFile(d.env, []byte(environment(s)), 0o600); err != nil {
		return config{}, err
	}
	return s.forServing()
}

// environment is what a shell reads so that the commands of a terminal work on the
// demo's line. Nothing in it outlives the demo.
func environment(s settings) string {
	keyset, err := filepath.Abs(s.KeysetFile)
	if err != nil {
		keyset = s.KeysetFile
	}
	var b strings.Builder
	for _, v := range [][2]string{
		{"DATABASE_URL", s.DatabaseURL}, {"PUBLIC_URL", s.PublicURL}, {"TWILIO_API_URL", s.TwilioAPIURL},
		{"TWILIO_ACCOUNT_SID", s.TwilioAccountSID}, {"TWILIO_AUTH_TOKEN", s.TwilioAuthToken}, {"TWILIO_NUMBER", s.TwilioNumber},
		{"HEARTHLINE_KEYSET_FILE", keyset},
	} {
		fmt.Fprintf(&b, "export %s='%s'\n", v[0], strings.ReplaceAll(v[1], "'", `'\''`))
	}
	return b.String()
}

// run serves until ctx ends.
func (d *demo) run(ctx context.Context) error {
	said, err := d.seed(ctx)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(d.app.config.zone)
	if err != nil {
		return err
	}
	news := make(chan simulator.FlowNews)
	pages := simulator.New(simulator.Options{
		Emulator: d.carrier, Clock: d.clock, Line: demoNumber, LineName: d.app.config.lineName, Zone: zone,
		Tries: said.keys, Texts: said.texts, Passed: func() { d.passed(ctx) }, Flow: news, Testers: []string{ownerPhone},
	})
	d.app.pages = append(d.app.pages, pages)
	var watching sync.WaitGroup
	defer watching.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	d.app.ready = func() {
		d.greet(said)
		watching.Go(func() { d.watch(ctx, news) })
		if d.greeted != nil {
			d.greeted()
		}
	}
	defer context.AfterFunc(ctx, pages.Close)()
	api := &http.Server{Handler: d.carrier, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		_ = api.Serve(d.rest) // ends when closed
	}()
	defer func() { _ = api.Close() }()
	return d.app.run(ctx)
}

// passed has the program do what falls due while the clock is wound.
func (d *demo) passed(ctx context.Context) {
	d.app.outbox.Wake()
	if err := d.app.rooms.Pass(ctx); err != nil {
		d.app.log.DebugContext(ctx, "sessions are seen to a little later", "error", err)
	}
}

// seed fills the database with the sample groups, and the carrier with the
// numbers that are not ours.
func (d *demo) seed(ctx context.Context) (tries, error) {
	if d.bare {
		d.populate(nil)
		return tries{}, errors.Join(d.app.config.seed(ctx, nil, d.clock.Now), d.seedDesk(ctx))
	}
	groups, said, err := demoGroups(d.clock.Now(), d.app.config.zone)
	if err != nil {
		return tries{}, err
	}
	circle, try, err := d.circle()
	if err != nil {
		return tries{}, err
	}
	approval, err := d.meets(approvalFile, approvalIn)
	if err != nil {
		return tries{}, err
	}
	groups, said.keys = append(groups, circle, approval), append(append(said.keys, try...), simulator.Try{
		Keys: "7 1 " + ownerPIN, Label: "the coordinators' desk by phone, on " + ownerName + "'s",
	})
	if err := d.app.config.seed(ctx, groups, d.clock.Now); err != nil {
		return tries{}, err
	}
	d.populate(groups)
	return said, d.seedDesk(ctx)
}

// seed makes the line of the settings in an empty database, with groups.
func (c config) seed(ctx context.Context, groups []store.Group, now func() time.Time) error {
	keys, err := c.keyset().Load()
	if err != nil {
		return err
	}
	db, err := c.openDB(ctx, now)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	line, err := db.EnsureLine(ctx, keys, c.lineConfig())
	if err != nil {
		return err
	}
	_, err = db.ImportGroups(ctx, keys, line, groups)
	return err
}

// populate gives the carrier the line's number and those who answer outside.
func (d *demo) populate(groups []store.Group) {
	c := d.app.config
	d.carrier.AddNumber(emulator.Number{E164: demoNumber, VoiceURL: c.publicURL + phone.VoicePath, SMSURL: c.publicURL + phone.TextPath})
	d.carrier.Phone(c.crisis.Reveal(vault.ForDial)).Behave(emulator.Behaviour{
		Kind: emulator.Answer, After: 2 * time.Second, Greets: "This is a simulated crisis line. You are not alone.",
	})
	for _, g := range groups {
		if !g.BridgeDial.IsZero() {
			d.carrier.Phone(g.BridgeDial.Number().Reveal(vault.ForDial)).Behave(emulator.Behaviour{
				Kind: emulator.Answer, After: 2 * time.Second, Greets: "This is a simulated conference line. You are in the meeting.",
			})
		}
	}
}

// tries are what a newcomer is told to try, by keys and by texts.
type tries struct{ keys, texts []simulator.Try }

// demoGroups are the sample groups as the store takes them, with what to try.
func demoGroups(now time.Time, zone string) ([]store.Group, tries, error) {
	sample, err := lines.Sample(now, zone)
	if err != nil {
		return nil, tries{}, err
	}
	bridge, err := store.ParseDial(lines.SampleBridge)
	if err != nil {
		return nil, tries{}, err
	}
	notes := []string{"open now", "", "opens in 10 minutes", "later today", "later today, in Spanish", "held on another line"}
	groups := make([]store.Group, len(sample))
	said := tries{keys: []simulator.Try{{Label: "calls happening now", Keys: "2"}}}
	for i, g := range sample {
		groups[i] = store.Group{Group: g}
		if g.Bridge {
			groups[i].BridgeDial = bridge
		}
		if notes[i] != "" {
			said.keys = append(said.keys, simulator.Try{Label: g.Name.In("en") + ", " + notes[i], Keys: "1 " + g.Code})
		}
	}
	later := sample[laterToday]
	said.keys = append(said.keys, simulator.Try{
		Keys:  "1 " + later.Code + " 3 2",
		Label: "be reminded by calls: choose a PIN, hang up, wind the clock",
	})
	said.texts = []simulator.Try{
		{Keys: "NOW", Label: "what is open now"},
		{Keys: "REMIND " + later.Code, Label: "be reminded by texts: reply OK, wind the clock"},
		{Keys: "STATUS", Label: "on " + ownerName + "'s: what waits for a coordinator"},
	}
	return groups, said, nil
}

// laterToday is the sample group whose door is closed for some hours.
const laterToday = 3

// greet tells a newcomer what to do.
func (d *demo) greet(said tries) {
	fmt.Fprintf(d.Out, "\n%s is open on this machine, with simulated phones.\n\n", d.app.config.lineName)
	fmt.Fprintf(d.Out, "  Phones   %s%s\n", d.app.config.publicURL, phonesPath)
	fmt.Fprintf(d.Out, "  Desk     %s/console, where coordinators work: press Look around\n\n", d.app.config.publicURL)
	fmt.Fprintf(d.Out, "Press Call on a phone there, then\n\n")
	for _, t := range said.keys {
		fmt.Fprintf(d.Out, "  %-13s  %s\n", t.Keys, t.Label)
	}
	fmt.Fprintf(d.Out, "\nor open Texts there, and send\n\n")
	for _, t := range said.texts {
		fmt.Fprintf(d.Out, "  %-13s  %s\n", t.Keys, t.Label)
	}
	fmt.Fprintf(d.Out, "\nIn another terminal, the same desk by command:\n\n  . %s && bin/hearthline group list\n", d.env)
	fmt.Fprintf(d.Out, "\nThe clock there begins by day; wound, it stops where a phone rings or gets a text.\n")
	fmt.Fprintf(d.Out, "Ctrl-C ends it all and leaves nothing running.\n")
}

// close undoes what newDemo made, the last first.
func (d *demo) close() {
	for i := len(d.closings) - 1; i >= 0; i-- {
		if err := d.closings[i](); err != nil {
			fmt.Fprintln(d.Err, "hearthline:", err)
		}
	}
}
