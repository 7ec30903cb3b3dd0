package flows

import "strings"

// A PIN has so many digits, the first of them not 0.
const (
	shortestPIN = 6
	longestPIN  = 10
)

// fitsPIN says whether the PIN in hand is hard enough to guess. A weak one is
// forgotten.
func fitsPIN(t *turn) string {
	if pin := t.s.Vars[varPIN]; isPIN(pin) && !weak(pin) {
		return "fits"
	}
	t.forget(varPIN)
	return "weak"
}

// samePIN says whether a PIN was typed alike both times. Of two that differ
// neither is kept.
func samePIN(t *turn) string {
	pin, again := t.s.Vars[varPIN], t.s.Vars[varAgain]
	t.forget(varAgain)
	if pin != "" && pin == again {
		return "same"
	}
	t.forget(varPIN)
	return "different"
}

func isPIN(s string) bool {
	return len(s) >= shortestPIN && len(s) <= longestPIN && s[0] != '0' && strings.Trim(s, "0123456789") == ""
}

// WeakPIN says whether digits are none that anybody may choose as a PIN, for want of being
// hard to guess.
func WeakPIN(digits string) bool { return weak(digits) }

// weak says whether every digit is the one before it, or the next one up or
// down the keypad's row, over 9 and 0: 111111, 123456, 789012, 654321.
func weak(pin string) bool {
	for _, step := range [...]byte{0, 1, 9} {
		run := true
		for i := 1; i < len(pin); i++ {
			run = run && (pin[i]-'0') == (pin[i-1]-'0'+step)%10
		}
		if run {
			return true
		}
	}
	return false
}
