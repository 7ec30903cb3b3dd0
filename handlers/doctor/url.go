package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
)

// Reach looks at a public address: whether the internet knows it, whether this line
// answers there, and whether the carrier's signature holds on the way.
func (d *Doctor) Reach(ctx context.Context, publicURL string) []Finding {
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	address, u := readAddress(publicURL)
	all := []Finding{address}
	if u == nil || address.Case == "private" {
		return append(all, found("url.round_trip", "skipped"))
	}
	if address.Case != "local" {
		name := d.name(ctx, u.Hostname())
		all = append(all, name)
		if name.State == Bad {
			return append(all, found("url.round_trip", "skipped"))
		}
		certificate := d.certificate(ctx, u)
		all = append(all, certificate)
		if certificate.State == Bad {
			return append(all, found("url.round_trip", "skipped"))
		}
	}
	return append(all, d.roundTrip(ctx, strings.TrimRight(publicURL, "/"), u)...)
}

// readAddress says what can be told of a public address without asking anybody; the
// URL is nil when there is nothing to ask.
func readAddress(publicURL string) (Finding, *url.URL) {
	u, err := url.Parse(strings.TrimRight(publicURL, "/"))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Contains(u.Hostname(), "_") {
		return found("url.address", "odd"), nil
	}
	outcome := "https"
	switch addr, err := netip.ParseAddr(u.Hostname()); {
	case u.Hostname() == "localhost" || err == nil && addr.IsLoopback():
		outcome = "local"
	case err == nil && !reachable(addr):
		outcome = "private"
	case u.Scheme == "http":
		outcome = "clear"
	}
	return found("url.address", outcome, "url", publicURL), u
}

// shared is what carriers share out behind one address (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

func reachable(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsGlobalUnicast() && !a.IsPrivate() && !a.IsLinkLocalUnicast() && !shared.Contains(a)
}

func (d *Doctor) name(ctx context.Context, host string) Finding {
	if _, err := netip.ParseAddr(host); err == nil {
		return found("url.dns", "skipped")
	}
	addresses, err := d.Look(ctx, host)
	if err != nil || len(addresses) == 0 {
		return found("url.dns", "unknown", "host", host)
	}
	for _, a := range addresses {
		if !reachable(a) {
			return found("url.dns", "private", "host", host)
		}
	}
	return found("url.dns", "found", "host", host)
}

// soon is how many days before its end a certificate should have been renewed: those
// of 90 days are at 30.
const soon = 14

func (d *Doctor) certificate(ctx context.Context, u *url.URL) Finding {
	if u.Scheme != "https" {
		return found("url.certificate", "none")
	}
	port := u.Port()
	if port == "" {
		port = "443"
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if d.TLS != nil {
		config = d.TLS.Clone()
	}
	config.ServerName = u.Hostname()
	conn, err := (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return refusedCertificate(err, u.Hostname())
	}
	defer func() { _ = conn.Close() }()
	secure, ok := conn.(*tls.Conn)
	if !ok || len(secure.ConnectionState().PeerCertificates) == 0 {
		return found("url.certificate", "none")
	}
	days := int(math.Floor(secure.ConnectionState().PeerCertificates[0].NotAfter.Sub(d.Now()).Hours() / 24))
	outcome := "good"
	switch {
	case days < 0:
		outcome = "over"
	case days < soon:
		outcome = "soon"
	}
	return found("url.certificate", outcome, "host", u.Hostname(), "days", strconv.Itoa(days))
}

// refusedCertificate says why a connection was not secured. Where none was had there
// is no certificate to speak of: what answers says so.
func refusedCertificate(err error, host string) Finding {
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) && invalid.Reason == x509.Expired {
		return found("url.certificate", "over", "host", host)
	}
	var bad *tls.CertificateVerificationError
	if errors.As(err, &bad) {
		return found("url.certificate", "refused", "host", host)
	}
	return found("url.certificate", "none")
}

// What a caller bears: a second is a gap, three are what a webhook has of its own.
const (
	slow    = time.Second
	tooSlow = 3 * time.Second
)

// roundTrip has a request that is signed as the carrier signs go to the address and
// come back.
func (d *Doctor) roundTrip(ctx context.Context, base string, u *url.URL) []Finding {
	address := base + carrier.ProbePath
	began := time.Now()
	p, err := d.Carrier.Probe(ctx, d.Carry, carrier.ProbeOptions{Address: address})
	skipped := found("url.round_trip", "skipped")
	if err != nil {
		outcome, seconds := "none", int(time.Since(began).Seconds())
		switch {
		case errors.Is(err, syscall.ECONNREFUSED):
			outcome = "refused"
		case time.Since(began) > tooSlow:
			outcome = "too_slow"
		}
		return []Finding{found("url.answers", outcome, "host", u.Host, "seconds", strconv.Itoa(seconds)), skipped}
	}
	answers := func(outcome string) Finding {
		return found("url.answers", outcome, "url", base, "status", strconv.Itoa(p.Status),
			"ms", strconv.FormatInt(p.Took.Milliseconds(), 10), "seconds", strconv.Itoa(int(p.Took.Seconds())))
	}
	switch {
	case p.Status == http.StatusOK && !p.Proven:
		return []Finding{answers("quick"), found("url.round_trip", "imitated", "url", base)}
	case p.Status == http.StatusForbidden:
		return []Finding{answers("quick"), d.refused(ctx, base, u)}
	case p.Status >= 300 && p.Status < 400:
		return []Finding{answers("redirected"), skipped}
	case p.Status >= 500:
		return []Finding{answers("down"), skipped}
	case p.Status != http.StatusOK:
		return []Finding{answers("elsewhere"), skipped}
	}
	outcome := "quick"
	switch {
	case p.Took > tooSlow:
		outcome = "too_slow"
	case p.Took > slow:
		outcome = "slow"
	}
	return []Finding{answers(outcome), found("url.round_trip", "accepted")}
}

// refused finds out why a signature did not hold: what is between rewrites requests,
// or the line takes itself to be elsewhere.
func (d *Doctor) refused(ctx context.Context, base string, u *url.URL) Finding {
	accepted := func(o carrier.ProbeOptions) bool {
		p, err := d.Carrier.Probe(ctx, d.Carry, o)
		return err == nil && p.Proven
	}
	address := base + carrier.ProbePath
	if accepted(carrier.ProbeOptions{Address: address, Plain: true}) {
		return found("url.round_trip", "rewritten")
	}
	for _, other := range others(*u) {
		if accepted(carrier.ProbeOptions{Address: address, Signed: other + carrier.ProbePath, Plain: true}) {
			return found("url.round_trip", "scheme", "url", base, "other", other)
		}
	}
	return found("url.round_trip", "refused", "url", base)
}

// others are the addresses for which a line behind a proxy takes itself most.
func others(u url.URL) []string {
	swapped := u
	swapped.Scheme = map[string]string{"https": "http", "http": "https"}[u.Scheme]
	bare := u
	bare.Host, bare.Path = u.Hostname(), ""
	rooted := u
	rooted.Path = ""
	bareSwapped := swapped
	bareSwapped.Host, bareSwapped.Path = u.Hostname(), ""
	var all []string
	for _, o := range []url.URL{swapped, rooted, bare, bareSwapped} {
		all = append(all, o.String())
	}
	return all
}
