package phone_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hearthline/hearthline/handlers/phone"
)

func TestAttemptsRunOutAndComeBack(t *testing.T) {
	t.Parallel()
	now := evening
	a := phone.NewAttempts(func() time.Time { return now })
	turn := 0
	try := func(caller string, right bool) bool {
		turn++
		return a.Allow(phone.Attempt{Line: "l", Caller: []byte(caller), Event: "CA", Turn: turn, Right: right})
	}
	tried := 0
	for try("ida", false) {
		tried++
	}
	if tried != 12 {
		t.Errorf("one number has %d wrong codes in an hour", tried)
	}
	if try("ida", true) {
		t.Error("a right code of a hidden group is looked up after too many wrong ones")
	}
	if !try("sam", true) {
		t.Error("one caller's wrong codes count against another")
	}
	now = now.Add(10 * time.Minute)
	if !try("ida", true) {
		t.Error("attempts never come back")
	}
}

func TestAnOpenGroupsCodeIsNeverRefused(t *testing.T) {
	t.Parallel()
	a := phone.NewAttempts(func() time.Time { return evening })
	for i := range 40 {
		a.Allow(phone.Attempt{Line: "l", Caller: []byte("ida"), Event: "CA", Turn: i})
	}
	if !a.Allow(phone.Attempt{Line: "l", Caller: []byte("ida"), Event: "CA", Turn: 99, Right: true, Open: true}) {
		t.Error("a listed group cannot be reached by its code")
	}
}

func TestARepeatedAttemptCountsOnce(t *testing.T) {
	t.Parallel()
	a := phone.NewAttempts(func() time.Time { return evening })
	for range 500 {
		if !a.Allow(phone.Attempt{Line: "l", Caller: []byte("ida"), Event: "CA", Turn: 3}) {
			t.Fatal("the same webhook, repeated, is judged otherwise")
		}
	}
	if got := a.Drain()["l"]; got != (phone.Tally{Wrong: 1}) {
		t.Errorf("it is counted as %+v", got)
	}
	if got := a.Drain(); len(got) != 0 {
		t.Errorf("what was drained is counted again: %+v", got)
	}
}

func TestALineHasABudgetOfItsOwn(t *testing.T) {
	t.Parallel()
	a := phone.NewAttempts(func() time.Time { return evening })
	allowed := 0
	for i := range 1000 {
		if a.Allow(phone.Attempt{Line: "l", Caller: fmt.Append(nil, i), Event: "CA", Turn: i}) {
			allowed++
		}
	}
	// When the line's budget is spent, each number has two looks left.
	if allowed != 1000 {
		t.Errorf("%d of as many people are heard", allowed)
	}
	if !a.Left(phone.Attempt{Line: "l", Caller: []byte("ida"), Event: "SM"}) {
		t.Error("a right key is refused for what others have tried")
	}
	allowed = 0
	for i := range 20 {
		if a.Allow(phone.Attempt{Line: "l", Caller: []byte("ida"), Event: "CA", Turn: 2000 + i}) {
			allowed++
		}
	}
	if allowed != 2 {
		t.Errorf("%d wrong codes of one number are looked up when the line's budget is spent", allowed)
	}
	if a.Left(phone.Attempt{Line: "l", Caller: []byte("ida"), Event: "SM"}) {
		t.Error("whoever has tried too many may go on")
	}
}

func TestOnePranksterDoesNotLockOutWhoeverWithholds(t *testing.T) {
	t.Parallel()
	a := phone.NewAttempts(func() time.Time { return evening })
	for i := range 500 {
		a.Allow(phone.Attempt{Line: "l", Event: "CA-prankster", Turn: i})
	}
	if a.Allow(phone.Attempt{Line: "l", Event: "CA-prankster", Turn: 501, Right: true}) {
		t.Error("the prankster goes on")
	}
	if !a.Allow(phone.Attempt{Line: "l", Event: "CA-other", Turn: 1, Right: true}) {
		t.Error("another caller is locked out")
	}
}
