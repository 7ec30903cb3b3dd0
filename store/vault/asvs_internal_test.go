package vault

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// The items of deploy/asvs.md that keys and hashes hold.

func TestASVS_16_11_4_2_PasswordsAreHashedSlowlyTwoAtATime(t *testing.T) {
	t.Parallel()
	k, err := Create(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	hash, err := k.HashPassword(t.Context(), "otter lamp violet")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=65536,t=3,p=1,") {
		t.Fatalf("hashed as %.40s, %v", hash, err)
	}
	right := func(hash, password string) bool {
		ok, err := k.CheckPassword(t.Context(), hash, password)
		if err != nil {
			t.Error(err)
		}
		return ok
	}
	if !right(hash, "otter lamp violet") || right(hash, "otter lamp") || right("", "") || k.CheckPIN(hash, "otter lamp violet") {
		t.Error("a wrong password is right, or the right one is wrong")
	}
	if cap(k.slow) != 2 || cap(k.Frozen().slow) != 2 {
		t.Errorf("%d are hashed at a time", cap(k.slow))
	}
	// Passwords that wait keep no PIN waiting.
	k.slow <- struct{}{}
	k.slow <- struct{}{}
	var waits sync.WaitGroup
	waits.Go(func() { right(hash, "otter") })
	if _, err := k.HashPIN("739146"); err != nil {
		t.Error(err)
	}
	// Who goes away waits no longer, and of too many the last does not.
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := k.HashPassword(gone, "otter"); !errors.Is(err, context.Canceled) {
		t.Errorf("who is gone waits: %v", err)
	}
	<-k.slow
	<-k.slow
	waits.Wait()
	for range cap(k.waiting) {
		k.waiting <- struct{}{}
	}
	if _, err := k.CheckPassword(t.Context(), hash, "otter"); !errors.Is(err, ErrBusy) {
		t.Errorf("one more than may wait: %v", err)
	}
}
