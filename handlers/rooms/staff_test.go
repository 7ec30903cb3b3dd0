package rooms_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// What staff change is in the audit log, once; what anybody does to themselves is not.
func TestAudit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	host, one := r.person(9).leads(pin).comes(openCode), r.person(1).comes(openCode)
	lock := session.Request{ID: "lock", Verb: session.Lock}
	host.do(lock)
	host.do(lock)
	host.do(session.Request{Verb: session.MuteSelf})
	one.do(session.Request{Verb: session.Hand})
	one.do(session.Request{Verb: session.Lock})
	one.do(session.Request{Verb: session.Rejoin})
	host.do(session.Request{Verb: session.Rejoin})
	s := r.any()
	if came, seen, err := s.Order(t.Context(), r.flow, r.view(), r.groups[openCode], "Ana", session.Request{ID: "mode", Verb: session.SetMode, Mode: session.Hands}); err != nil || came != session.OK || seen.Mode != "hands" {
		t.Errorf("order: %s, %+v, %v", came, seen, err)
	}
	if _, _, err := s.Order(t.Context(), r.flow, r.view(), r.groups[heldCode], "Ana", session.Request{ID: "x", Verb: session.Lock}); !errors.Is(err, rooms.ErrClosed) {
		t.Errorf("an order to no session: %v", err)
	}
	key := host.sees().Key
	if came, _, ok, err := s.DoByKey(t.Context(), r.flow, r.view(), r.groups[openCode], key, "en", session.Request{ID: "text", Verb: session.Unlock}); err != nil || !ok || came != session.OK {
		t.Errorf("by key: %s, %v, %v", came, ok, err)
	}
	wrong := "0" + key[1:]
	if _, seen, ok, err := s.DoByKey(t.Context(), r.flow, r.view(), r.groups[openCode], wrong, "en", session.Request{ID: "text2", Verb: session.Lock}); err != nil || ok || seen != nil {
		t.Errorf("by a wrong key: %v, %v", ok, err)
	}
	if _, _, ok, err := s.DoByKey(t.Context(), r.flow, r.view(), r.groups[heldCode], key, "en", session.Request{ID: "text3", Verb: session.Lock}); err != nil || ok {
		t.Errorf("by key, of no session: %v, %v", ok, err)
	}
	rows, err := r.sql().Query(`SELECT actor, act, detail FROM audit WHERE act LIKE 'session.%' ORDER BY seq`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var got []string
	for rows.Next() {
		var actor, act, detail string
		if err := rows.Scan(&actor, &act, &detail); err != nil {
			t.Fatal(err)
		}
		if detail != "group "+openCode {
			t.Errorf("detail %q", detail)
		}
		got = append(got, actor+" "+act)
	}
	if want := "facilitator session.lock, Ana session.mode, facilitator session.unlock"; strings.Join(got, ", ") != want {
		t.Errorf("audited: %s\nwanted: %s", strings.Join(got, ", "), want)
	}
}

// What the keys can tell of a number is told, and can be forgotten.
func TestForgotten(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	one, two := r.person(1).comes(openCode), r.person(2).comes(openCode)
	two.call.Hangup()
	known := func(p *person) int {
		n, err := r.any().Seats(ctx, r.line, number(t, p.Number()))
		if err != nil {
			t.Error(err)
		}
		return n
	}
	if known(one) != 1 || known(two) != 1 || known(r.person(3)) != 0 {
		t.Errorf("known: %d, %d, %d", known(one), known(two), known(r.person(3)))
	}
	for _, p := range []*person{one, two, r.person(3)} {
		if err := r.any().Forget(ctx, r.line, number(t, p.Number())); err != nil || known(p) != 0 {
			t.Errorf("forgotten: %v; known: %d", err, known(p))
		}
	}
	seat := one.seat()
	if two.comes(openCode); two.seat() == seat || two.seat() == 2 || r.rooms() != "1 2" {
		t.Errorf("who was forgotten comes back to seat %d: %s", two.seat(), r.rooms())
	}
}

// A wrong PIN opens nothing, and is counted.
func TestSignIn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one := r.person(1).comes(openCode)
	w := hookOf(t, r, one)
	for turn, tt := range []struct {
		code, pin string
		want      bool
	}{{openCode, "50391827", false}, {heldCode, "50391827", true}, {"000000", pin, false}} {
		id, ok, err := r.any().SignIn(t.Context(), r.view(), r.groups[tt.code], tt.pin, turn, false, w)
		if err != nil || ok != tt.want || ok != (id != "") {
			t.Errorf("%s %s: %q, %v, %v", tt.code, tt.pin, id, ok, err)
		}
	}
}

// A PIN that was shown for one group opens no other, and closes none.
func TestAnotherGroupsFacilitator(t *testing.T) {
	t.Parallel()
	file := strings.Replace(groupsFile, "access: open\n    host: required", "access: approval\n    host: required", 1)
	r := newRigOf(t, file)
	ids := map[string]string{}
	w := hookOf(t, r, r.person(1).comes(openCode))
	for turn, code := range []string{openCode, heldCode} {
		id, ok, err := r.any().SignIn(t.Context(), r.view(), r.groups[code], pin, turn, false, w)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		ids[code] = id
	}
	for n, tt := range []struct{ group, of, want string }{
		{heldCode, heldCode, "ok"}, {heldCode, openCode, "closed"}, {openCode, heldCode, "ok"},
	} {
		call := "CA0000000000000000000000000000009" + string(rune('0'+n))
		who := rooms.Caller{Call: call, Lang: "en", Facilitator: ids[tt.of]}
		if got := r.any().Admit(t.Context(), r.flow, r.view(), r.groups[tt.group], who); got != tt.want {
			t.Errorf("to %s with the PIN of %s: %s", tt.group, tt.of, got)
		}
		if seen, err := r.any().Look(t.Context(), r.flow, r.view(), r.groups[tt.group], call, "en"); err != nil || seen != nil && seen.Host != (tt.group == tt.of) {
			t.Errorf("in %s with the PIN of %s: %+v, %v", tt.group, tt.of, seen, err)
		}
	}
}
