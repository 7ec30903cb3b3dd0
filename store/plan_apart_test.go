package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/hearthline/hearthline/store"
)

// hold has whoever does something, as a trigger names it, wait until release.
func (l *lineUnderTest) hold(t *testing.T, event string) (release func()) {
	t.Helper()
	do(t, l.look, `
		CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			PERFORM pg_advisory_xact_lock_shared(42);
			IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
			RETURN NEW;
		END $$;
		CREATE TRIGGER wait `+event+` EXECUTE FUNCTION wait()`)
	keeper, err := l.look.Conn(t.Context())
	if err == nil {
		_, err = keeper.ExecContext(t.Context(), `SELECT pg_advisory_lock(42)`)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if _, err := keeper.ExecContext(t.Context(), `SELECT pg_advisory_unlock(42)`); err != nil {
			t.Fatal(err)
		}
		_ = keeper.Close()
	}
}

// begin starts to do something, and returns once it waits for somebody or is done.
func (l *lineUnderTest) begin(t *testing.T, act func() error) (over <-chan error) {
	t.Helper()
	waiting := func() int {
		return l.count(t, `
			SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
			WHERE NOT granted AND datname = current_database()`)
	}
	before := waiting()
	done, ended := make(chan error, 1), make(chan struct{})
	go func() {
		done <- act()
		close(ended)
	}()
	soon, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for waiting() == before {
		select {
		case <-ended:
			return done
		case <-soon.Done():
			t.Fatal("it neither waits nor ends")
		default:
		}
	}
	return done
}

// Who is erased, leaves or stops while something is put into the outbox for them
// has nothing in it, whoever is first; and nobody waits for each other.
func TestNothingIsPlannedForWhoGoes(t *testing.T) {
	t.Parallel()
	puts := map[string]func(l planned) error{
		"plan": func(l planned) error {
			_, err := l.box.Plan(context.Background(), l.id, []store.Firing{l.firing("15m")})
			return err
		},
		"skip": func(l planned) error {
			_, err := l.db.SkipBy(context.Background(), l.keys, l.id, adaAt(noon), store.OfDate{Group: l.groups[0], Date: tuesday})
			return err
		},
	}
	goes := map[string]func(l planned, e store.Event) error{
		"erased": func(l planned, e store.Event) error {
			return l.EraseNumber(context.Background(), e, number(t, ann), l.groups)
		},
		"left": func(l planned, e store.Event) error {
			return l.LeaveNumber(context.Background(), e, number(t, ann), l.groups[0])
		},
		"stopped": func(l planned, e store.Event) error {
			return l.Stop(context.Background(), e, number(t, ann), true, l.groups)
		},
	}
	for put, first := range puts {
		for gone, second := range goes {
			for _, at := range [][2]string{{"INSERT", "outbox"}, {"UPDATE", "outbox"}, {"UPDATE OR DELETE", "membership"}} {
				if put == "plan" && at[0] == "UPDATE" {
					continue // it updates nothing
				}
				t.Run(put+", "+gone+", "+at[0]+" "+at[1], func(t *testing.T) {
					t.Parallel()
					l := setUpPlanned(t)
					l.byText(t, ann, l.groups[0])
					l.confirm(t, ann)
					l.plan(t, l.firing("24h"))
					acts := []func() error{
						func() error { return first(l) },
						func() error { return second(l, l.event(noon)) },
					}
					if at[1] == "membership" { // where who goes is first
						acts[0], acts[1] = acts[1], acts[0]
					}
					release := l.hold(t, "AFTER "+at[0]+" ON "+at[1]+" FOR EACH STATEMENT")
					var over []<-chan error
					for _, act := range acts {
						over = append(over, l.begin(t, act))
					}
					release()
					for _, done := range over {
						if err := <-done; err != nil {
							t.Fatal(err)
						}
					}
					if n := l.count(t, `SELECT count(*) FROM outbox WHERE pseudonym IS NOT NULL AND state = 'due'`); n != 0 {
						t.Errorf("%d rows are due", n)
					}
					if n := l.count(t, `SELECT count(*) FROM outbox WHERE pseudonym NOT IN (SELECT pseudonym FROM membership)`); n != 0 {
						t.Errorf("%d rows of nobody", n)
					}
					if n := l.count(t, `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`); n != 0 {
						t.Errorf("%d times two waited for each other", n)
					}
				})
			}
		}
	}
}
