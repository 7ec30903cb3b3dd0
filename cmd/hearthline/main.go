// Command hearthline is a self-hosted telephone support-group line.
//
// It is the one package that knows every other: it reads the settings, puts
// the parts together and holds the subcommands.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // a container or a bare machine may have no zones

	"github.com/alecthomas/kong"

	"github.com/hearthline/hearthline/handlers/carrier"
)

// commands is the command line. Settings are the environment's; each is a flag
// too.
type commands struct {
	Settings settings `embed:"" group:"Settings (environment variables)"`

	Demo        demoCommand         `cmd:"" help:"Everything on this machine, with simulated phones. Needs no account."`
	Serve       serveCommand        `cmd:"" help:"Answer the line's calls. Migrates the database first."`
	Migrate     migrateCommand      `cmd:"" help:"Bring the database up to date."`
	Keys        keysCommands        `cmd:"" help:"The keyset that numbers are sealed under."`
	Line        lineCommands        `cmd:"" help:"The lines of this deployment."`
	Group       groupCommands       `cmd:"" help:"Support groups."`
	Member      memberCommands      `cmd:"" help:"People who enrolled."`
	Coordinator coordinatorCommands `cmd:"" help:"Who signs in to the coordinators' desk."`
	Session     sessionCommands     `cmd:"" help:"Live sessions: what is going on, and what a facilitator can do."`
	Roster      rosterCommands      `cmd:"" help:"Who is in groups, and who waits to be let in."`
	Message     messageCommands     `cmd:"" help:"What staff say to everybody in a group."`
	Voicemail   voicemailCommands   `cmd:"" help:"What callers have left by voice."`
	Outbox      outboxCommand       `cmd:"" help:"What is due, late and stuck, and why: how many, never whose."`
	Subpoena    subpoenaCommand     `cmd:"" help:"Print everything that can be computed from a number. The number on standard input."`
	Statistics  statisticsCommand   `cmd:"" help:"How many came, what reminders did, and where callers gave up: never who."`
	Audit       auditCommands       `cmd:"" help:"What staff did."`
	Flow        flowCommands        `cmd:"" help:"What the line says and does."`

	Doctor    doctorCommand     `cmd:"" help:"Whether callers get through, and what to do if not. Exit code 0 all well, 1 something to see to, 2 something broken."`
	Provision provisionCommands `cmd:"" help:"Enter the line's addresses at Twilio, and take them back."`
}

// stdio is where a command reads and writes, and its clock.
type stdio struct {
	In       io.Reader
	Out, Err io.Writer
	Now      func() time.Time
	// shared says that Now is the machine's own clock, which may differ from that of
	// the programs that answer calls.
	shared bool
	// asks says that who types can be asked: they sit at a terminal.
	asks bool
}

// json writes v for machines, and so that a person can read it too.
func (c stdio) json(v any) error {
	out := json.NewEncoder(c.Out)
	out.SetIndent("", "  ")
	return out.Encode(v)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.LookupEnv, stdio{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Now: time.Now, shared: true, asks: isTerminal(os.Stdin) && isTerminal(os.Stderr)})
	stop()
	os.Exit(code)
}

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // it could not be done
	exitUsage  = 2 // the command line or the settings are wrong
	exitPartly = 2 // an import left rows out, which it has told
)

// run is the whole program, so that a test can be its caller.
func run(ctx context.Context, args []string, env lookup, io stdio) int {
	var c commands
	code := -1
	parser, err := kong.New(&c,
		kong.Name("hearthline"),
		kong.Description("A telephone support-group line. Try: hearthline demo"),
		kong.Writers(io.Out, io.Err),
		kong.Exit(func(n int) { code = n }),
		kong.Resolvers(env.resolver(&c.Settings.unread)),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, FlagsLast: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(io, &c.Settings),
	)
	if err != nil {
		fmt.Fprintln(io.Err, "hearthline:", err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if code >= 0 {
		return code // --help has printed
	}
	if err != nil {
		fmt.Fprintf(io.Err, "hearthline: %s\nTry: hearthline --help\n", err)
		return exitUsage
	}
	return report(parsed.Run(), io)
}

// report prints what went wrong and returns the exit code.
func report(err error, io stdio) int {
	var wrong settingsError
	var argument argumentError
	var code exitCode
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return exitOK
	case errors.As(err, &wrong):
		fmt.Fprintln(io.Err, strings.TrimRight(wrong.Error(), "\n"))
		return exitUsage
	case errors.As(err, &argument):
		fmt.Fprintln(io.Err, "hearthline:", err)
		return exitUsage
	case errors.As(err, &code):
		return int(code)
	case errors.Is(err, errReported):
		return exitFailed
	case errors.Is(err, errPartly):
		return exitPartly
	}
	fmt.Fprintln(io.Err, "hearthline:", atTwilio(err))
	return exitFailed
}

// atTwilio says in words why the carrier did not do what it was asked, and what to do; any
// other error is as it was.
func atTwilio(err error) error {
	var e *carrier.Error
	if !errors.As(err, &e) || errors.Is(err, context.Canceled) {
		return err
	}
	switch {
	case e.Status == 0:
		return errors.New("the carrier cannot be reached from this machine; let it reach api.twilio.com on port 443, or what TWILIO_API_URL names")
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden, e.Code == 20003:
		return errors.New("the carrier refuses the account SID or the auth token; copy both from the account's page at Twilio into TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
	case e.Class == carrier.Throttled, e.Status >= http.StatusInternalServerError:
		return fmt.Errorf("the carrier does not answer at the moment (HTTP status %d); try again in a minute, and look at status.twilio.com", e.Status)
	}
	return fmt.Errorf("the carrier refused it (HTTP status %d, error %d); its number is explained at https://www.twilio.com/docs/api/errors", e.Status, e.Code)
}

// argumentError is what is wrong with an argument: which, what, and how it is
// written.
type argumentError string

func (e argumentError) Error() string { return string(e) }

// errReported is returned by a command that has already said what is wrong.
var errReported = errors.New("reported")

// errPartly is returned by a command that did a part, and has said what is left.
var errPartly = errors.New("done in part")
