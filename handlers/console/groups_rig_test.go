package console

import (
	"context"
	"strconv"

	"github.com/hearthline/hearthline/store/vault"
)

// setup is what groups are set up with in a test.
func (r *rig) setup() Setup {
	return Setup{
		DB: r.db, Keys: func() *vault.Keyring { return r.keys }, Countries: []string{"US", "CA"},
		Owned: func(context.Context, string, string, string) error { return nil },
	}
}

// ownedBy notes whose a group becomes.
func ownedBy(all *[]string) func(context.Context, string, string, string) error {
	return func(_ context.Context, _, account, group string) error {
		*all = append(*all, account+" "+group)
		return nil
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func count(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}
