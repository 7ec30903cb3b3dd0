package vault

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// pinWorkers is how many PINs are hashed at a time: each takes 19 MiB and some
// 20 ms of a core. passwordWorkers is that for passwords, so that a flood of sign-ins
// takes no more than 128 MiB.
const (
	pinWorkers      = 2
	passwordWorkers = 2
	// passwordsWait is how many more wait: some five seconds.
	passwordsWait = 32
)

// pepperLength is the length of the keyed digest of a PIN, in bytes.
const pepperLength = 32

// pinCost is argon2id's, as OWASP's password storage cheat sheet has it for
// little memory.
var pinCost = cost{memory: 19 * 1024, passes: 2, threads: 1}

// passwordCost is argon2id's for what staff type, as design has it: 140 ms of a core
// (ASVS 11.4.2 asks for 46 MiB and one pass).
var passwordCost = cost{memory: 64 * 1024, passes: 3, threads: 1}

// thinned is by what the memory of every cost is divided: 1, but for a build with the race
// detector.
var thinned uint32 = 1

// costLimit bounds the cost that a stored hash may ask for, so that whoever can
// write to the database cannot exhaust us with one.
var costLimit = cost{memory: 64 * 1024, passes: 8, threads: 4}

const (
	saltLength   = 16
	digestLength = 32
)

var errNoPIN = errors.New("hash PIN: it is empty")

// cost is the parameters of argon2id (RFC 9106 §3.1); memory is in KiB.
type cost struct {
	memory, passes uint32
	threads        uint8
}

func (c cost) thin() cost {
	return cost{memory: c.memory / thinned, passes: c.passes, threads: c.threads}
}

// pinHash is a hashed PIN. As text it is in the PHC string format, with the id of
// the pepper's key as keyid:
// $argon2id$v=19$m=19456,t=2,p=1,keyid=AAAAAA$salt$digest.
type pinHash struct {
	cost   cost
	keyID  uint32
	salt   []byte
	digest []byte
}

// HashPIN returns a hash of a PIN to keep: argon2id over an HMAC under a key that
// is not in the database, without which the few PINs there are could be tried
// one by one. It waits while two others are being hashed.
func (k *Keyring) HashPIN(pin string) (string, error) {
	if pin == "" {
		return "", errNoPIN
	}
	return k.hash(pin, "pin", pinCost, k.hashing), nil
}

// ErrBusy says that so many passwords wait to be hashed that another one is not.
var ErrBusy = errors.New("too many passwords wait to be hashed")

// HashPassword is [Keyring.HashPIN] of a password, at a higher cost. It waits while
// two others are being hashed, no longer than ctx, and keeps no PIN of a caller waiting.
// [ErrBusy] says that too many wait.
func (k *Keyring) HashPassword(ctx context.Context, password string) (string, error) {
	if password == "" {
		return "", errNoPIN
	}
	if err := k.queue(ctx); err != nil {
		return "", err
	}
	defer func() { <-k.slow }()
	return k.hash(password, "password", passwordCost, make(chan struct{}, 1)), nil
}

// queue waits for a place in slow, which the caller leaves.
func (k *Keyring) queue(ctx context.Context) error {
	select {
	case k.waiting <- struct{}{}:
	default:
		return ErrBusy
	}
	defer func() { <-k.waiting }()
	select {
	case k.slow <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
}

func (k *Keyring) hash(secret, use string, c cost, among chan struct{}) string {
	key := k.keys().pins[0]
	h := pinHash{cost: c.thin(), keyID: key.id, salt: make([]byte, saltLength)}
	// Read never fails: the program crashes if the system has no randomness.
	_, _ = rand.Read(h.salt)
	h.digest = digest(key, h, use, secret, digestLength, among)
	return h.String()
}

// CheckPIN reports whether hash is [Keyring.HashPIN]'s of pin, with any key of the
// keyset. It takes as long for a hash that is empty or damaged, so that time does
// not tell who has a PIN.
func (k *Keyring) CheckPIN(hash, pin string) bool {
	return k.check(hash, pin, "pin", pinCost, k.hashing)
}

// CheckPassword is [Keyring.CheckPIN] for a hash of [Keyring.HashPassword], and waits as
// that does.
func (k *Keyring) CheckPassword(ctx context.Context, hash, password string) (bool, error) {
	if err := k.queue(ctx); err != nil {
		return false, err
	}
	defer func() { <-k.slow }()
	return k.check(hash, password, "password", passwordCost, make(chan struct{}, 1)), nil
}

func (k *Keyring) check(hash, secret, use string, usual cost, among chan struct{}) bool {
	h, ok := parsePINHash(hash)
	key, known := k.keys().pin(h.keyID)
	if !ok || !known {
		h = pinHash{cost: usual.thin(), salt: make([]byte, saltLength), digest: make([]byte, digestLength)}
	}
	same := subtle.ConstantTimeCompare(h.digest, digest(key, h, use, secret, uint32(len(h.digest)), among)) == 1
	return same && ok && known && secret != ""
}

// pin returns the pepper of an id, or the primary one and false.
func (k *keys) pin(id uint32) (prfKey, bool) {
	for _, key := range k.pins {
		if key.id == id {
			return key, true
		}
	}
	return k.pins[0], false
}

func digest(key prfKey, h pinHash, use, secret string, length uint32, among chan struct{}) []byte {
	peppered := key.derive(pepperLength, frame(use, secret))
	among <- struct{}{}
	defer func() { <-among }()
	return argon2.IDKey(peppered, h.salt, h.cost.passes, h.cost.memory, h.cost.threads, length)
}

// String returns the hash in the PHC string format.
func (h pinHash) String() string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d,keyid=%s$%s$%s", argon2.Version,
		h.cost.memory, h.cost.passes, h.cost.threads,
		b64(binary.BigEndian.AppendUint32(nil, h.keyID)), b64(h.salt), b64(h.digest))
}

// parsePINHash reads what String wrote, within costLimit.
func parsePINHash(s string) (pinHash, bool) {
	fields := strings.Split(s, "$")
	if len(fields) != 6 || fields[0] != "" || fields[1] != "argon2id" ||
		fields[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return pinHash{}, false
	}
	var h pinHash
	var keyID string
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d,keyid=%s",
		&h.cost.memory, &h.cost.passes, &h.cost.threads, &keyID); err != nil {
		return pinHash{}, false
	}
	id, idErr := base64.RawStdEncoding.DecodeString(keyID)
	var saltErr, digestErr error
	h.salt, saltErr = base64.RawStdEncoding.DecodeString(fields[4])
	h.digest, digestErr = base64.RawStdEncoding.DecodeString(fields[5])
	if errors.Join(idErr, saltErr, digestErr) != nil || len(id) != 4 ||
		len(h.salt) != saltLength || len(h.digest) != digestLength || !h.cost.allowed() {
		return pinHash{}, false
	}
	h.keyID = binary.BigEndian.Uint32(id)
	// Scanning is lenient with signs, zeros and spaces; a hash has one spelling.
	return h, h.String() == s
}

// allowed reports whether c is within costLimit and no less than argon2 takes.
func (c cost) allowed() bool {
	return c.memory >= 8*uint32(c.threads) && c.memory <= costLimit.memory &&
		c.passes >= 1 && c.passes <= costLimit.passes &&
		c.threads >= 1 && c.threads <= costLimit.threads
}
