package rooms_test

import (
	"testing"
	"time"
)

// Of three who come two meet, one of whom loses the line and comes back; somebody comes
// to nobody. The session counts once, when it ends, and those who met.
func TestAttended(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, two := r.person(1).comes(openCode), r.person(2).comes(openCode)
	one.call.Hangup()
	r.pass(time.Second)
	one.comes(openCode)
	one.call.Hangup()
	two.call.Hangup()
	r.pass(11 * time.Minute)
	three := r.person(3).comes(openCode)
	if n := r.attendance(); n != "" {
		t.Errorf("counted before its end: %s", n)
	}
	three.call.Hangup()
	r.pass(2 * time.Hour)
	if n := r.attendance(); n != "1 2" {
		t.Errorf("counted %q sessions and people, want 1 2", n)
	}
}

// attendance is how many sessions are counted, and how many who came to them.
func (r *rig) attendance() string {
	r.t.Helper()
	var n string
	if err := r.sql().QueryRowContext(r.t.Context(), `SELECT coalesce(string_agg(sessions || ' ' || came, ', '), '') FROM attendance`).Scan(&n); err != nil {
		r.t.Fatal(err)
	}
	return n
}
