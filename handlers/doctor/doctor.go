package doctor

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Options are the line that is looked at, and what it is looked at with.
type Options struct {
	PublicURL string
	// VoicePath and TextPath are where calls and texts come to, behind PublicURL.
	VoicePath, TextPath string
	Numbers             []vault.Number
	Service             string   // the messaging service that texts go out by, "" for none
	Countries           []string // where the line may call
	// Said is what the line says of itself by now: its owner may change it at the desk.
	Said  func() Said
	Voice func(lang string) flows.Voice // who speaks a language

	// Unusable are the versions of the flow that should be heard and cannot be, as
	// people are shown them, "" for that of the line's folder. nil where nobody knows.
	Unusable func() []string

	Carrier    *carrier.Client
	Provisions *store.Provisions
	// Contact is what the serving programs noted of the carrier's requests.
	Contact func(ctx context.Context, line string, now time.Time) (store.Contact, error)
	Line    func() string // its id, "" until it is known
	Now     func() time.Time

	// Carry takes requests to the public address; nil goes there directly, without a
	// connection of before.
	Carry http.RoundTripper
	// TLS says whom certificates are to be signed by; nil trusts whom the machine does.
	TLS *tls.Config
	// Look finds a name's addresses; nil asks the machine's resolver.
	Look func(ctx context.Context, host string) ([]netip.Addr, error)
}

// Said is what a line says of itself.
type Said struct {
	Crisis     vault.Number // the crisis line's
	CrisisName string       // how that is said
	Emergency  string       // what people dial in danger; "" where nobody said
	Languages  []string     // the first greets
}

// Doctor looks at one line. It is safe for concurrent use.
type Doctor struct {
	Options

	mu   sync.Mutex
	last []Finding
	at   time.Time // of last
}

// Last is what was found last since the program began, and when; the zero time if
// nobody has looked. What is amiss with the flow is of now.
func (d *Doctor) Last() ([]Finding, time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append(d.amiss(), slices.DeleteFunc(slices.Clone(d.last), func(f Finding) bool { return f.Area == AreaFlow })...), d.at
}

// within bounds a whole examination, and each look at the public address.
const (
	within     = 40 * time.Second
	lookWithin = 15 * time.Second
)

// New returns the doctor of a line.
func New(o Options) *Doctor {
	if o.Carry == nil {
		o.Carry = &http.Transport{TLSClientConfig: o.TLS, DisableKeepAlives: true, TLSHandshakeTimeout: lookWithin, ResponseHeaderTimeout: lookWithin}
	}
	if o.Look == nil {
		o.Look = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	return &Doctor{Options: o}
}

// Check looks at everything, in a minute at most, and returns what it found in the
// order of [Areas]. What could not be looked at is a finding too.
func (d *Doctor) Check(ctx context.Context) []Finding {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	parts := make([][]Finding, 4)
	var working sync.WaitGroup
	for i, look := range []func(context.Context) []Finding{
		func(ctx context.Context) []Finding { return d.Reach(ctx, d.PublicURL) },
		d.atCarrier,
		func(context.Context) []Finding { return append(d.voices(), d.flow()...) },
		d.trouble,
	} {
		working.Go(func() { parts[i] = look(ctx) })
	}
	working.Wait()
	var all []Finding
	for _, p := range parts {
		all = append(all, p...)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last, d.at = all, d.Now()
	return all
}

// CheckOffline is Check without asking anybody: what the settings alone tell.
func (d *Doctor) CheckOffline() []Finding {
	address, _ := readAddress(d.PublicURL)
	return append(append([]Finding{address}, d.voices()...), d.flow()...)
}

// atCarrier looks at the account, and if that can be read at the numbers and texting.
func (d *Doctor) atCarrier(ctx context.Context) []Finding {
	all, readable := d.account(ctx)
	if !readable {
		return append(all, found("number.exists", "unknown"))
	}
	setups, err := d.Carrier.Setups(ctx)
	if err != nil {
		return append(all, found("number.exists", "unknown"))
	}
	var held []carrier.Setup
	for _, n := range d.Numbers {
		s, ok := setupOf(setups, n)
		if !ok {
			all = append(all, found("number.exists", "missing", "which", which(n)))
			continue
		}
		held = append(held, s)
		all = append(all, found("number.exists", "found", "which", which(n)))
		all = append(all, d.number(s)...)
	}
	return append(all, d.messaging(ctx, held)...)
}

func setupOf(all []carrier.Setup, n vault.Number) (carrier.Setup, bool) {
	for _, s := range all {
		if s.Number.Equal(n) {
			return s, true
		}
	}
	return carrier.Setup{}, false
}

// which tells the line's numbers from each other by their last two digits.
func which(n vault.Number) string {
	digits := n.Reveal(vault.ForWords) // the line's own, which is public
	if len(digits) < 2 {
		return "?"
	}
	return "…" + digits[len(digits)-2:]
}
