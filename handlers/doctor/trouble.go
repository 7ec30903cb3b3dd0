package doctor

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// recent is how far back the carrier's list of troubles is read.
	recent = 24 * time.Hour
	// quiet is how long the carrier may not have called before it is said: a small
	// line has weeks without a call.
	quiet = 7 * 24 * time.Hour
)

// trouble looks at what went wrong of late.
func (d *Doctor) trouble(ctx context.Context) []Finding {
	all := d.heard(ctx)
	codes, err := d.Carrier.Alerts(ctx, d.Now().Add(-recent))
	if err != nil {
		return append(all, found("trouble.alerts", "unread"))
	}
	total := 0
	kinds := map[string]map[int]int{}
	for code, n := range codes {
		total += n
		kind := kindOf(code)
		if kinds[kind] == nil {
			kinds[kind] = map[int]int{}
		}
		kinds[kind][code] = n
	}
	if total == 0 {
		return append(all, found("trouble.alerts", "none"))
	}
	all = append(all, found("trouble.alerts", "some", "n", strconv.Itoa(total)))
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		n := 0
		var names []string
		for _, code := range slices.Sorted(maps.Keys(kinds[kind])) {
			n += kinds[kind][code]
			names = append(names, strconv.Itoa(code))
		}
		all = append(all, found("trouble.alert", kind, "n", strconv.Itoa(n), "codes", strings.Join(names, ", ")))
	}
	return all
}

// heard says whether the carrier calls, and whether somebody else tries to. It tells
// the hour and no finer.
func (d *Doctor) heard(ctx context.Context) []Finding {
	contact, err := d.Contact(ctx, d.Line(), d.Now())
	if err != nil {
		return nil // Postgres is out of reach, which other things say
	}
	at := contact.Hour.UTC().Format("2006-01-02 15:00 UTC")
	heard := found("trouble.heard", "lately", "at", at)
	switch {
	case contact.Hour.IsZero():
		heard = found("trouble.heard", "never")
	case d.Now().Sub(contact.Hour) > quiet:
		heard = found("trouble.heard", "quiet", "at", at)
	}
	signatures := found("trouble.signatures", "none")
	if contact.Refused > 0 {
		signatures = found("trouble.signatures", "some", "n", strconv.Itoa(contact.Refused))
	}
	return []Finding{heard, signatures}
}

// kindOf is what a number of the carrier's means to who runs the line.
// Source: https://www.twilio.com/docs/api/errors
func kindOf(code int) string {
	switch code {
	case 11205, 11210, 11100, 11243:
		return "address"
	case 11203, 11204:
		return "slow"
	case 11220, 11235, 11236, 11237:
		return "tls"
	case 13225, 13227, 21215, 21408:
		return "country"
	case 30004, 30007, 30032, 30034, 30450:
		return "register"
	case 30002, 10001, 10002, 90010:
		return "money"
	case 15003, 16011:
		return "answer"
	}
	switch {
	case code >= 11200 && code < 11800 || code == 12300:
		return "answer"
	case code >= 12000 && code < 15000:
		return "twiml"
	case code >= 30000 && code < 31000, code >= 21600 && code < 21700:
		return "carrier"
	}
	return "other"
}
