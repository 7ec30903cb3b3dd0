package store_test

import (
	"errors"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// Somebody enrols another's number, which they can fake, signs in and waits until
// its owner, or a coordinator who knows them, has it taken over.
func TestWhoFakedANumberInheritsNothing(t *testing.T) {
	t.Parallel()
	for name, takeOver := range map[string]func(t *testing.T, l *lineUnderTest){
		"an invitation": func(t *testing.T, l *lineUnderTest) {
			if err := l.Invite(t.Context(), l.invitation(t, ann, l.groups[1])); err != nil {
				t.Fatal(err)
			}
		},
		"a text":       func(t *testing.T, l *lineUnderTest) { l.byText(t, ann, l.groups[1]) },
		"another call": func(t *testing.T, l *lineUnderTest) { l.byPhone(t, ann, "771100", l.groups[1]) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := setUpMembers(t)
			faked := l.byPhone(t, ann, "482913", l.groups[0])
			intruder := l.member(t, ann, "482913")
			if err := l.Join(t.Context(), l.act(intruder), l.groups[2], flows.AccessOpen); err != nil {
				t.Fatal(err)
			}
			if theirs := l.load(t, intruder).Groups; len(theirs) != 0 {
				t.Errorf("who has not confirmed is told of %v", theirs)
			}
			keys := column(t, l.look, `SELECT data_key || link_secret FROM keys.member`)[0]

			takeOver(t, l)
			if n := l.count(t, `SELECT count(*) FROM keys.member WHERE data_key || link_secret = $1 OR member_id = $2`, keys, intruder); n != 0 {
				t.Error("keys of the identity before stay")
			}
			if n := l.count(t, `SELECT count(*) FROM outbox WHERE member_id = $1`, intruder); n != 0 {
				t.Error("its question is still asked")
			}
			l.confirm(t, ann)
			for what, err := range map[string]error{
				"load":    errOf(l.Load(t.Context(), l.id, intruder, l.groups)),
				"join":    l.Join(t.Context(), l.act(intruder), l.groups[3], flows.AccessOpen),
				"leave":   l.Leave(t.Context(), l.act(intruder), l.groups[1]),
				"set PIN": errOf(l.SetPIN(t.Context(), l.act(intruder), "482913")),
			} {
				if !isNotFound(err) {
					t.Errorf("%s, by who signed in before: %v", what, err)
				}
			}
			for _, login := range []store.Login{l.login(t, ann, "", "482913", noon), l.login(t, bea, faked.Handle, "482913", noon)} {
				if in := l.logIn(t, login); in.Result != store.LoginRefused {
					t.Errorf("the PIN of whoever called is %s", in.Result)
				}
			}
			if states := l.states(t, ann); len(states) != 1 || states[l.groups[1]] == "" || states[l.groups[1]] == "asked" {
				t.Errorf("the groups are %v", states)
			}
			if n := l.count(t, `SELECT sum(count) FROM daily_count WHERE name = 'enrolled'`); n != 1 {
				t.Errorf("one number counts %d times", n)
			}
		})
	}
}

func errOf[T any](_ T, err error) error { return err }

func TestACallChangesNothingOfAnInvitation(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	if err := l.Invite(t.Context(), l.invitation(t, ann, l.groups[1])); err != nil {
		t.Fatal(err)
	}
	told := l.byPhone(t, ann, "482913", l.groups[0])
	if !handleShape.MatchString(told.Handle) || !told.Ask || told.Code != "" {
		t.Errorf("told %+v", told)
	}
	if in := l.logIn(t, l.login(t, ann, "", "482913", noon)); in.Result != store.LoginRefused {
		t.Errorf("the caller's PIN is %s", in.Result)
	}
	l.wantStates(t, ann, map[string]string{l.groups[1]: "asked"})
	if err := l.Invite(t.Context(), l.invitation(t, ann, l.groups[3])); err != nil {
		t.Fatal(err)
	}
	l.wantStates(t, ann, map[string]string{l.groups[1]: "asked", l.groups[3]: "asked"})
	l.byText(t, ann, l.groups[0])
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active", l.groups[1]: "active", l.groups[3]: "active"})
}

func TestThereIsNoMembershipBeforeTheNumberIsConfirmed(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	l.byPhone(t, ann, "482913", l.groups[0])
	member := l.member(t, ann, "482913")
	for _, g := range []string{l.groups[2], l.groups[3], l.groups[2]} {
		if err := l.Join(t.Context(), l.act(member), g, flows.AccessOpen); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Leave(t.Context(), l.act(member), l.groups[3]); err != nil {
		t.Fatal(err)
	}
	l.wantStates(t, ann, map[string]string{l.groups[0]: "asked", l.groups[2]: "asked"})
	if n := l.count(t, `SELECT (SELECT count(*) FROM membership) + (SELECT count(*) FROM keys.membership)`); n != 0 {
		t.Errorf("there are %d rows of memberships", n)
	}
	l.confirm(t, ann)
	l.wantStates(t, ann, map[string]string{l.groups[0]: "active", l.groups[2]: "active"})
	if err := l.Leave(t.Context(), l.act(member), l.groups[0]); err != nil {
		t.Fatal(err)
	}
	l.confirm(t, ann)
	l.wantStates(t, ann, map[string]string{l.groups[2]: "active"})
}

// failJoins has every membership fail, until it is undone.
func (l *lineUnderTest) failJoins(t *testing.T) (undo func()) {
	t.Helper()
	do(t, l.look, `
		CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'fail'; END $$;
		CREATE TRIGGER fail BEFORE INSERT ON membership FOR EACH ROW WHEN (NEW.group_id = '`+l.groups[2]+`') EXECUTE FUNCTION fail()`)
	return func() { do(t, l.look, `DROP TRIGGER fail ON membership; DROP FUNCTION fail`) }
}

func TestAConfirmationThatWasInterruptedIsFinished(t *testing.T) {
	t.Parallel()
	for name, finish := range map[string]func(t *testing.T, l *lineUnderTest, e store.Event){
		"by the carrier's repetition": func(t *testing.T, l *lineUnderTest, e store.Event) {
			if err := l.Confirm(t.Context(), e, number(t, ann), l.groups); err != nil {
				t.Error(err)
			}
		},
		"by another OK": func(t *testing.T, l *lineUnderTest, _ store.Event) { l.confirm(t, ann) },
		"by a login":    func(t *testing.T, l *lineUnderTest, _ store.Event) { l.member(t, ann, "482913") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := setUpMembers(t)
			l.byPhone(t, ann, "482913", l.groups[0])
			member := l.member(t, ann, "482913")
			if err := l.Join(t.Context(), l.act(member), l.groups[2], flows.AccessOpen); err != nil {
				t.Fatal(err)
			}
			undo := l.failJoins(t)
			e := l.event(noon)
			if err := l.Confirm(t.Context(), e, number(t, ann), l.groups); err == nil {
				t.Fatal("it was not interrupted")
			}
			l.wantStates(t, ann, map[string]string{l.groups[0]: "active", l.groups[2]: "asked"})
			undo()
			finish(t, l, e)
			l.wantStates(t, ann, map[string]string{l.groups[0]: "active", l.groups[2]: "active"})
		})
	}
}

func TestWhoIsEnrolledButNotInTheGroupIsToldSo(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	undo := l.failJoins(t)
	e := store.Enrolment{Event: l.event(noon), Number: number(t, ann), Group: l.groups[2], Confirmed: true, Preferences: english, Consent: agreed}
	told, err := l.Enrol(t.Context(), e)
	if !errors.Is(err, store.ErrJoin) || !handleShape.MatchString(told.Code) {
		t.Errorf("told %+v, %v", told, err)
	}
	undo()
	again, err := l.Enrol(t.Context(), e)
	if err != nil || again != told {
		t.Errorf("told again %+v, %v", again, err)
	}
	l.wantStates(t, ann, map[string]string{l.groups[2]: "active"})
}

func TestEightGroupsMayWait(t *testing.T) {
	t.Parallel()
	l := setUpMembers(t)
	for _, id := range column(t, l.look, `
		INSERT INTO groups (line_id, group_id, code, name, discreet_name, topics, languages, format, access, host, stage, capacity, reminders, place)
		SELECT line_id, gen_random_uuid(), (200000 + n)::text, name, discreet_name, topics, languages, format, access, host, stage, capacity, reminders, ''
		FROM groups, generate_series(1, 9) n
		WHERE code = '482105'
		RETURNING group_id::text`) {
		l.groups = append(l.groups, string(id))
	}
	waiting := l.groups[4:]
	l.byPhone(t, ann, "482913", waiting[0])
	member := l.member(t, ann, "482913")
	for i, g := range waiting {
		err := l.Join(t.Context(), l.act(member), g, flows.AccessOpen)
		if (err == nil) != (i < 8) {
			t.Errorf("the group %d: %v", i+1, err)
		}
		if err := l.Invite(t.Context(), l.invitation(t, bea, g)); err != nil {
			t.Error(err)
		}
	}
	if a, b := len(l.states(t, ann)), len(l.states(t, bea)); a != 8 || b != 8 {
		t.Errorf("%d and %d groups wait", a, b)
	}
}
