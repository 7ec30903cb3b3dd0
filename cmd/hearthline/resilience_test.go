package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/store/cluster"
	"github.com/hearthline/hearthline/store/vault"
)

// process is the program as an operating system runs it.
type process struct {
	t       testing.TB
	cmd     *exec.Cmd
	address string
}

// launch starts `hearthline serve` with the stage's settings.
func (s *stage) launch(args ...string) *process {
	s.t.Helper()
	p := &process{t: s.t, cmd: exec.CommandContext(s.t.Context(), os.Args[0], append([]string{"serve"}, args...)...)}
	p.cmd.Env = append(os.Environ(), asProgram+"=1",
		"DATABASE_URL="+s.config.databaseURL, "LISTEN=127.0.0.1:0", "PUBLIC_URL="+s.config.publicURL,
		"TWILIO_ACCOUNT_SID="+demoAccount, "TWILIO_AUTH_TOKEN="+demoToken, "TWILIO_API_URL="+s.config.apiURL, "TWILIO_NUMBER="+lineNumber,
		"CRISIS_NUMBER="+crisisLine, "HEARTHLINE_KEYSET_FILE="+s.config.keysetFile, "HEARTHLINE_STATE_DIR="+s.config.stateDir,
		"HEARTHLINE_LOG_FORMAT=json")
	log, err := p.cmd.StderrPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(p.kill)
	lines := bufio.NewScanner(log)
	for p.address == "" && lines.Scan() {
		var entry struct{ Address string }
		if err := json.Unmarshal(lines.Bytes(), &entry); err == nil {
			p.address = entry.Address
		}
	}
	if p.address == "" {
		s.t.Fatal("the program never answered calls")
	}
	go func() { _, _ = io.Copy(io.Discard, log) }()
	return p
}

// kill is kill -9.
func (p *process) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	}
}

func TestACallSurvivesKillNineBetweenAnyTwoKeys(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(o *stageOptions) { o.at = time.Now() })
	one, two := s.launch(), s.launch()
	s.route.Store(&one.address)
	call := s.carrier.Phone(ida).Call(lineNumber)
	call.Press("2")
	one.kill()
	s.route.Store(&two.address)
	call.Press("2") // Night owls would be 2 of three; the list was said by a program that is gone
	if !strings.Contains(call.Transcript(), "Connecting you to Night owls") {
		t.Errorf("a key means another thing to another replica:\n%s", call.Transcript())
	}
	call.Hangup()

	call = s.carrier.Phone(ida).Call(lineNumber)
	call.Press("1")
	two.kill()
	three := s.launch()
	s.route.Store(&three.address)
	call.Press("482105")
	three.kill()
	four := s.launch()
	s.route.Store(&four.address)
	call.Press("1")
	s.carrier.Advance(named)
	if rooms := s.carrier.Rooms(); len(rooms) != 1 {
		t.Errorf("the caller did not get in:\n%s", call.Transcript())
	}
	s.strict()
}

func TestWithoutPostgresCallersGetIn(t *testing.T) {
	t.Parallel()
	c, err := cluster.Start(t.Context(), cluster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop() })
	s := newStage(t, func(o *stageOptions) { o.databaseURL = c.URL("postgres") })
	call := s.carrier.Phone(ida).Call(lineNumber)
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	for _, keys := range []string{"3", "1", "*", "1", "482105", "1"} {
		call.Press(keys)
	}
	if rooms := s.carrier.Rooms(); len(rooms) != 1 {
		t.Errorf("Postgres stopped during the call:\n%s", call.Transcript())
	}
	s.replica.end(t)
	s.replica = s.start() // a cold start
	s.sendTo(s.replica)
	other := s.carrier.Phone(sam).Call(lineNumber)
	for _, keys := range []string{"1", "482105", "1"} {
		other.Press(keys)
	}
	if rooms := s.carrier.Rooms(); len(rooms) != 1 || len(rooms[0].Participants) != 2 {
		t.Errorf("started without Postgres, they do not meet:\n%s", other.Transcript())
	}
	status, body := get(t, "http://"+*s.route.Load()+"/readyz")
	if status != http.StatusOK || !strings.Contains(body, `"degraded"`) {
		t.Errorf("/readyz without Postgres: %d %s", status, body)
	}
	for _, p := range s.carrier.Problems() {
		if p.Code != eventNotTaken {
			t.Errorf("the carrier objects: %+v", p)
		}
	}
}

// eventNotTaken is what the carrier notes of a conference's event that we ask it to
// send again: without Postgres it cannot be kept.
const eventNotTaken = 16011

func get(t *testing.T, address string) (int, string) {
	t.Helper()
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

func TestStartWithoutPostgresAndWithoutACopySaysWhatToDo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keyset := filepath.Join(dir, "keyset.json")
	if _, err := vault.Create(keyset); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		"DATABASE_URL": "postgres:///none?host=" + dir, "LISTEN": "127.0.0.1:0", "PUBLIC_URL": "https://line.example.org",
		"TWILIO_ACCOUNT_SID": demoAccount, "TWILIO_AUTH_TOKEN": demoToken, "TWILIO_NUMBER": lineNumber,
		"HEARTHLINE_KEYSET_FILE": keyset, "HEARTHLINE_STATE_DIR": dir,
	}
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"serve"}, func(name string) (string, bool) { v, ok := env[name]; return v, ok }, stdio{Out: &out, Err: &errs})
	if code != exitFailed || !strings.Contains(errs.String(), "Postgres") {
		t.Errorf("exit %d: %s", code, errs.String())
	}
}

// replay sends every webhook of the stage again, as the carrier signed it.
func (s *stage) replay(times int) {
	s.t.Helper()
	for _, x := range s.carrier.Exchanges() {
		var wg sync.WaitGroup
		for range times {
			wg.Go(func() {
				if got := s.send(x); got != x.Body {
					s.t.Errorf("a repeated webhook is answered otherwise:\n%s\n%s", x.Body, got)
				}
			})
		}
		wg.Wait()
	}
}

func (s *stage) send(x emulator.Exchange) string {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), x.Method, x.URL, strings.NewReader(x.Params.Encode()))
	if err != nil {
		s.t.Error(err)
		return ""
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", x.Signature)
	answer, err := s.RoundTrip(r)
	if err != nil {
		s.t.Error(err)
		return ""
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Error(err)
	}
	return string(body)
}

func TestARepeatedWebhookIsAnsweredInTheSameBytes(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	call := s.carrier.Phone(ida).Call(lineNumber)
	for _, keys := range []string{"3", "1", "9", "*", "1", "111111", "222222", "0", "*", "9", "1", "482105", "1", "1"} {
		call.Press(keys)
		if keys == "0" {
			s.carrier.Advance(4 * time.Second) // a lone 0 where a code is typed
		}
	}
	s.carrier.Advance(named)
	if len(s.carrier.Rooms()) != 1 {
		t.Fatalf("the call is not what this test is about:\n%s", call.Transcript())
	}
	s.replay(3)
	other := s.start()
	s.sendTo(other)
	s.replay(1)
}

func TestATokenThatDoesNotOpenBeginsAtTheWelcome(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.carrier.Phone(ida).Call(lineNumber).Press("1")
	s.carrier.Phone(sam).Call(lineNumber).Press("1")
	others, mine := s.carrier.Exchanges()[1], s.carrier.Exchanges()[3]
	own := stateIn(t, mine)
	for name, token := range map[string]string{
		"of another call": stateIn(t, others), "cut": own[:40], "of nothing": "AAAA", "changed": "B" + own[1:],
	} {
		x := mine
		x.URL = s.config.publicURL + phone.VoicePath + "?s=" + token
		x.Signature = emulator.Sign(demoToken, x.URL, x.Params)
		if got := s.send(x); !strings.Contains(got, "No group sees your number") {
			t.Errorf("a token %s is answered by %s", name, got)
		}
	}
}

// stateIn is the sealed state in a webhook's address.
func stateIn(t testing.TB, x emulator.Exchange) string {
	t.Helper()
	u, err := url.Parse(x.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("s")
}

func TestAnUnknownPathIsNotThere(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, path := range []string{"/", "/nothing", "/twilio", "/phones"} {
		if status, _ := get(t, "http://"+*s.route.Load()+path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	if strings.Contains(s.log.String(), "webhook refused") {
		t.Error("a stranger's path is logged like a webhook of the carrier's")
	}
}

func TestAForgedWebhookIsRefusedAndTouchesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.carrier.Phone(ida).Call(lineNumber)
	x := s.carrier.Exchanges()[0]
	x.Signature = emulator.Sign("another", x.URL, x.Params)
	if got := s.send(x); got != "" {
		t.Errorf("a forged webhook is answered by %q", got)
	}
}

// twoInARoom brings two people into the same room.
func (s *stage) twoInARoom() (a, b *emulator.Call) {
	a, b = s.carrier.Phone(ida).Call(lineNumber), s.carrier.Phone(sam).Call(lineNumber)
	for _, c := range []*emulator.Call{a, b} {
		for _, keys := range []string{"1", "482105", "1"} {
			c.Press(keys)
		}
	}
	s.carrier.Advance(named)
	return a, b
}

func TestTheLastOneInARoomWhoseMeetingIsOverHearsWhatElseThereIs(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a, b := s.twoInARoom()
	s.carrier.Advance(3 * time.Hour)
	a.Hangup()
	s.carrier.Advance(10 * time.Second)
	if said := b.Transcript(); !strings.Contains(said, "You have left the room.") || b.State() != "in-progress" {
		t.Errorf("the last one hears:\n%s", said)
	}
	s.strict()
}

// Whatever is lost once on the way, nobody is left in silence.
func TestALostEventLeavesNobodyInSilence(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"the event": {On: emulator.OnCallback, Match: "/twilio/room", Times: 1, Status: http.StatusBadGateway},
		"our list":  {On: emulator.OnREST, Match: "Participants", Times: 1, Status: http.StatusTooManyRequests},
		"our move":  {On: emulator.OnREST, Match: "Calls", Times: 1, Status: http.StatusInternalServerError},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			a, b := s.twoInARoom()
			s.goesOn(time.Second)
			s.carrier.Inject(fault)
			a.Hangup()
			s.goesOn(time.Minute)
			if !strings.Contains(b.Transcript(), "Everyone else has left.") {
				t.Errorf("who is left hears:\n%s", b.Transcript())
			}
		})
	}
}

// While a program is replaced, a proxy answers for it.
func TestAProxysFaultIsNotHeard(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	call := s.carrier.Phone(ida).Call(lineNumber)
	s.carrier.Inject(emulator.Fault{On: emulator.OnWebhook, Match: "/twilio/voice", Times: 1, Status: http.StatusBadGateway})
	call.Press("1")
	if !strings.Contains(call.Transcript(), "Enter the group code.") {
		t.Errorf("the caller hears:\n%s", call.Transcript())
	}
}

func TestAPostgresThatIsIllDoesNotKeepCallersOut(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(t *testing.T, url string) string{
		"it refuses to write": func(t *testing.T, url string) string {
			sqlDo(t, url, `ALTER DATABASE postgres SET default_transaction_read_only = on`)
			return url
		},
		"another holds the line": func(t *testing.T, url string) string {
			db := open(t, url)
			tx, err := db.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = tx.Rollback() })
			if _, err := tx.Exec(`LOCK TABLE line IN ACCESS EXCLUSIVE MODE`); err != nil {
				t.Fatal(err)
			}
			return url
		},
		"it accepts and says nothing": func(t *testing.T, _ string) string {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = l.Close() })
			return "postgres://hearthline@" + l.Addr().String() + "/hearthline?sslmode=disable"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := cluster.Start(t.Context(), cluster.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = c.Stop() })
			s := newStage(t, func(o *stageOptions) { o.databaseURL = c.URL("postgres") })
			s.replica.end(t)
			s.config.databaseURL = make(t, s.config.databaseURL)
			began := time.Now()
			s.replica = s.start()
			if took := time.Since(began); took > time.Minute { // of which it waits for Postgres for a few seconds
				t.Errorf("it was ready after %s", took)
			}
			s.sendTo(s.replica)
			call := s.carrier.Phone(ida).Call(lineNumber)
			for _, keys := range []string{"1", "482105", "1"} {
				call.Press(keys)
			}
			s.carrier.Advance(named)
			if len(s.carrier.Rooms()) != 1 {
				t.Errorf("the caller hears:\n%s", call.Transcript())
			}
		})
	}
}

func open(t testing.TB, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func sqlDo(t *testing.T, url, statement string) {
	t.Helper()
	if _, err := open(t, url).ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
