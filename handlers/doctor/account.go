package doctor

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
)

const (
	// skew is how far the machine's clock may be off: the carrier's answer tells the
	// second, and takes one.
	skew = 5 * time.Second
	// low is what some weeks of a small line cost, in the account's currency.
	low = 10
)

// account looks at the account; readable says whether the carrier answers at all.
func (d *Doctor) account(ctx context.Context) (all []Finding, readable bool) {
	a, err := d.Carrier.Account(ctx)
	if err != nil {
		return []Finding{refusedAccount(err)}, false
	}
	all = append(all, found("account.credentials", "good"))
	status := "active"
	switch a.Status {
	case "suspended", "closed":
		status = a.Status
	}
	all = append(all, found("account.status", status))
	trial := "full"
	if a.Trial {
		trial = "trial"
	}
	all = append(all, found("account.trial", trial), d.clock(a.At))
	return append(all, d.balance(ctx)), true
}

func refusedAccount(err error) Finding {
	var e *carrier.Error
	switch {
	case errors.As(err, &e) && (e.Status == 401 || e.Code == 20003 || e.Status == 403 || e.Status == 404):
		return found("account.credentials", "refused")
	case errors.As(err, &e) && e.Status != 0:
		return found("account.credentials", "failed", "status", strconv.Itoa(e.Status))
	}
	return found("account.credentials", "unreachable")
}

func (d *Doctor) clock(theirs time.Time) Finding {
	if theirs.IsZero() {
		return found("account.clock", "unknown")
	}
	off := d.Now().Sub(theirs)
	if off.Abs() <= skew {
		return found("account.clock", "right")
	}
	return found("account.clock", "wrong", "seconds", strconv.Itoa(int(off.Abs().Seconds())))
}

func (d *Doctor) balance(ctx context.Context) Finding {
	amount, currency, err := d.Carrier.Balance(ctx)
	if err != nil {
		return found("account.balance", "unknown")
	}
	outcome := "enough"
	switch {
	case amount <= 0:
		outcome = "empty"
	case amount < low:
		outcome = "low"
	}
	return found("account.balance", outcome, "amount", fmt.Sprintf("%.2f", amount), "currency", currency)
}
