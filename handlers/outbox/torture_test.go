//go:build torture

package outbox_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/store/storetest"
	"github.com/hearthline/hearthline/store/vault"
)

// points are all at which the program may be killed.
var points = []string{
	"plan.begin", "plan.done", "claim.begin", "claim.done", "open.done", "intend.begin", "intend.done", "ask.begin", "ask.done",
	"settle.begin", "settle.done", "heard.begin", "heard.done", "tidy.begin", "tidy.done", "resolve.listed", "resolve.begin", "resolve.done",
}

// tortured are the members of the group, of whom every third is called.
const tortured = 6

// orders are what the parent tells the child that it tortures.
type orders struct {
	URL, Keys, Twilio string
	Point             string // at which it kills itself, "" for none
	Nth               int    // how many times the point is reached by then
}

const ordersKey = "HEARTHLINE_TORTURE"

// TestChild is the program that is killed: it does one pass for each line on its
// standard input, as of the time that stands there.
func TestChild(t *testing.T) {
	told, child := os.LookupEnv(ordersKey)
	if !child {
		t.Skip("it is run by TestKilledAtAnyPoint")
	}
	var o orders
	if err := json.Unmarshal([]byte(told), &o); err != nil {
		t.Fatal(err)
	}
	left := atomic.Int64{}
	left.Store(int64(o.Nth))
	outbox.Hit = func(point string) {
		if point == o.Point && left.Add(-1) == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	keys, err := vault.Load(o.Keys)
	if err != nil {
		t.Fatal(err)
	}
	r := newRigAt(t, o.URL, keys)
	r.members()
	r.o.Carrier = clientAt(t, o.Twilio)
	box := outbox.New(r.o)
	var calls atomic.Int64
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: webhooks(t, func() *outbox.Outbox { return box }, &calls), ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	fmt.Printf("\nready %s\n", listener.Addr())
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		at, err := time.Parse(time.RFC3339Nano, in.Text())
		if err != nil {
			t.Fatal(err)
		}
		r.clock.set(at)
		if _, err := box.Pass(context.Background()); err != nil {
			t.Error(err)
		}
		if err := box.Resolve(context.Background()); err != nil {
			t.Error(err)
		}
		fmt.Println("\ndone")
	}
}

// child is that program, seen from outside.
type child struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
	address string
}

func (o orders) start(t *testing.T) *child {
	t.Helper()
	told, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: exec.Command(os.Args[0], "-test.run", "^TestChild$")}
	c.cmd.Env = append(os.Environ(), ordersKey+"="+string(told))
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.out = bufio.NewScanner(out)
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready, ok := c.says("ready ")
	if !ok {
		t.Fatal("the child did not begin")
	}
	c.address = ready
	return c
}

// says waits for a line that begins so; false when the child is gone.
func (c *child) says(begins string) (rest string, ok bool) {
	for c.out.Scan() {
		if rest, ok := strings.CutPrefix(c.out.Text(), begins); ok {
			return rest, true
		}
	}
	return "", false
}

// pass has it do one; false when it is gone.
func (c *child) pass(at time.Time) bool {
	if _, err := fmt.Fprintln(c.in, at.Format(time.RFC3339Nano)); err != nil {
		return false
	}
	_, ok := c.says("done")
	return ok
}

func (c *child) end() {
	_ = c.in.Close()
	_ = c.cmd.Wait()
}

// RoundTrip carries webhooks to the child, if it lives.
func (c *child) RoundTrip(r *http.Request) (*http.Response, error) {
	to := r.Clone(r.Context())
	to.URL.Scheme, to.URL.Host = "http", c.address
	return http.DefaultTransport.RoundTrip(to)
}

// current is the child that lives.
type current struct{ atomic.Pointer[child] }

func (c *current) RoundTrip(r *http.Request) (*http.Response, error) { return c.Load().RoundTrip(r) }

func TestKilledAtAnyPoint(t *testing.T) {
	for _, point := range points {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			reached := 0
			for seed := range uint64(tortureSeeds) {
				if kill(t, point, seed) {
					reached++
				}
			}
			if reached == 0 {
				t.Error("it is never reached")
			}
		})
	}
}

// kill kills a program at a point, has another one go on, and looks at what the
// members got. It reports whether the point was reached.
func kill(t *testing.T, point string, seed uint64) (killed bool) {
	rnd := rand.New(rand.NewPCG(seed, uint64(len(point))))
	file := filepath.Join(t.TempDir(), "keyset.json")
	keys, err := vault.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	o := orders{URL: storetest.URL(t), Keys: file, Point: point, Nth: 1}
	if seed > 0 && !strings.HasPrefix(point, "plan.") && !strings.HasPrefix(point, "resolve.") {
		o.Nth = 1 + rnd.IntN(4) // those are reached once or so
	}
	r := newRigAt(t, o.URL, keys)
	r.members()
	var alive current
	virtual := emulator.NewVirtualClock(afternoon)
	twilio := emulator.New(emulator.Options{AccountSID: account, AuthToken: token, Clock: virtual, Transport: &alive, Seed: seed})
	twilio.AddNumber(emulator.Number{E164: lineFrom})
	for i := range tortured {
		twilio.Phone(numberOf(i)).Behave(emulator.Behaviour{Kind: emulator.Answer})
	}
	twilio.Inject(emulator.Fault{On: emulator.OnREST, Match: "POST", Share: .2, Status: http.StatusInternalServerError})
	twilio.Inject(emulator.Fault{On: emulator.OnREST, Match: "POST", Share: .2, LoseReply: true})
	twilio.Inject(emulator.Fault{On: emulator.OnCallback, Share: .3, Drop: true})
	server := httptest.NewServer(twilio)
	defer server.Close()
	o.Twilio = server.URL
	alive.Store(o.start(t))
	for range 20 * 4 {
		if !alive.Load().pass(virtual.Now()) {
			killed = true
			alive.Load().end()
			next := o
			next.Point = ""
			alive.Store(next.start(t))
		}
		twilio.Advance(15 * time.Second)
	}
	alive.Load().end()

	got := map[string]int{}
	kept := twilio.Kept()
	for _, text := range kept.Texts {
		got[text.To]++
	}
	for _, call := range kept.Calls {
		got[call.To]++
	}
	for i := range tortured {
		if n := got[numberOf(i)]; n != 1 {
			t.Errorf("seed %d: member %d is reached %d times", seed, i, n)
		}
	}
	if open := r.count(`SELECT count(*) FROM outbox WHERE state NOT IN ('done', 'accepted')`); open > 0 || r.count(`SELECT count(*) FROM outbox`) != tortured {
		t.Errorf("seed %d: %d of %d rows did not end well", seed, open, r.count(`SELECT count(*) FROM outbox`))
	}
	return killed
}

// members are those of the group, in Postgres and as recipients.
func (r *rig) members() {
	r.t.Helper()
	for i := range tortured {
		channel := flows.ByText
		if i%3 == 2 {
			channel = flows.ByCall
		}
		r.belong(i, channel, asked(r.t, numberOf(i)))
	}
}
