package carrier

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// Account is what stands of the account itself.
type Account struct {
	Status string    // active, suspended or closed
	Trial  bool      // calls begin with an advertisement, and go to verified numbers only
	At     time.Time // when Twilio answered, by its clock, to the second; zero if it did not say
}

// Account reads what stands of the account: that it can be read proves that its SID
// and its token are right.
// Source: https://www.twilio.com/docs/iam/api/account
func (c *Client) Account(ctx context.Context) (Account, error) {
	var answer struct{ Status, Type string }
	at, err := c.askAt(ctx, "read account", http.MethodGet, c.account(""), nil, &answer)
	if err != nil {
		return Account{}, err
	}
	return Account{Status: answer.Status, Trial: answer.Type == "Trial", At: at}, nil
}

// Balance reads what money is on the account, and in which currency. A subaccount has
// none of its own: of it the error is [Ours] or [Gone].
// Source: https://www.twilio.com/docs/usage/api/balance
func (c *Client) Balance(ctx context.Context) (amount float64, currency string, err error) {
	const op = "read balance"
	var answer struct{ Balance, Currency string }
	if err := c.ask(ctx, op, http.MethodGet, c.account("/Balance"), nil, &answer); err != nil {
		return 0, "", err
	}
	if amount, err = strconv.ParseFloat(answer.Balance, 64); err != nil {
		return 0, "", &Error{Op: op, Class: Temporary}
	}
	return amount, answer.Currency, nil
}
