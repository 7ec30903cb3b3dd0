package store

import (
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// totpPeriod is how long a code is shown, and totpSkew how many periods before and
// after are taken (ASVS 6.5.5).
const (
	totpPeriod = 30
	totpSkew   = 1
)

// totpStep returns the step of which code is the code, if that is one of now and
// later than the last one of which a code was taken (ASVS 6.5.1). RFC 6238.
func totpStep(secret, code string, at time.Time, last int64) (int64, bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	now := at.Unix() / totpPeriod
	found := int64(0)
	for step := now - totpSkew; step <= now+totpSkew; step++ {
		right, err := hotp.ValidateCustom(code, uint64(step), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && right && step > last {
			found = step
		}
	}
	return found, found != 0
}
