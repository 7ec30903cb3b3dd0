package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// roll is who is enrolled in which groups, as the store keeps it.
type roll struct {
	w       *watch
	store   *store.DB
	members *store.Members
	keys    *vault.Keyring
	line    string
	groups  map[string]string // ids by code
}

// person is somebody to enrol. The zero kind has answered and is sent to.
type person struct {
	number         string
	codes          []string // of groups
	wishes         flows.Preferences
	asked, stopped bool   // has not answered; wants to be sent nothing
	did            string // in answer to reminders, "" for nothing
	at             time.Time
}

func newRoll(w *watch) *roll {
	w.t.Helper()
	r := &roll{w: w, groups: map[string]string{}}
	var err error
	if r.keys, err = vault.Load(w.config.keysetFile); err != nil {
		w.t.Fatal(err)
	}
	if r.store, err = w.config.openDB(w.t.Context(), w.clock.Now); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = r.store.Close() })
	r.members, r.line = store.NewMembers(r.store, r.keys), w.text(`SELECT line_id FROM line`)
	for _, code := range w.column(w.open(), `SELECT code FROM groups`) {
		r.groups[code] = w.text(`SELECT group_id FROM groups WHERE code = $1`, code)
	}
	return r
}

// people are members of every kind, in one to three groups each. They enrol some
// weeks from the evening, so that nobody's time to answer ends in a test.
func people(numbers []string) []person {
	codes := []string{"482105", "593716", "714829", "836254", "927461", "648392"}
	wishes := []flows.Preferences{
		{}, {Language: "en", Zone: "America/New_York"},
		{Language: "es", Zone: "America/Argentina/ComodRivadavia", Clear: true, Hours: flows.Afternoons},
		{Channel: flows.ByCall, Language: "en", Zone: "America/Los_Angeles", Machine: flows.MachineNeutral},
		{Language: "es", Zone: "America/Chicago", Days: flows.Weekends},
	}
	all := make([]person, len(numbers))
	for i, number := range numbers {
		all[i] = person{number: number, wishes: wishes[i%len(wishes)], asked: i%17 == 3, stopped: i%19 == 5, at: evening.AddDate(0, 0, 20+i*7919%10)}
		for j := range 1 + i%3 {
			all[i].codes = append(all[i].codes, codes[(i*7+j*5)%len(codes)])
		}
	}
	return all
}

// enrol enrols everybody, two at a time: a PIN takes a while to be hashed.
func (r *roll) enrol(people []person) {
	r.w.t.Helper()
	next := make(chan person)
	failed := make(chan error, len(people))
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for p := range next {
				if err := r.enrolOne(p); err != nil {
					failed <- err
				}
			}
		})
	}
	for _, p := range people {
		r.w.clear[p.number] = p.wishes.Clear
		next <- p
	}
	close(next)
	wg.Wait()
	close(failed)
	for err := range failed {
		r.w.t.Fatal(err)
	}
}

func (r *roll) enrolOne(p person) error {
	ctx, n := r.w.t.Context(), number(r.w.t, p.number)
	event := store.Event{Line: r.line, SID: "SM" + p.number, At: p.at}
	_, err := r.members.Enrol(ctx, store.Enrolment{
		Event: event, Number: n, Group: r.groups[p.codes[0]], Confirmed: !p.asked, Preferences: p.wishes,
		Consent: flows.Consent{Wording: "confirm", Channel: flows.ByText},
	})
	for i, code := range p.codes[1:] {
		event.Turn = i + 1
		if err == nil {
			err = r.members.Join(ctx, store.Act{Event: event, Member: r.identityOf(p.number)}, r.groups[code], flows.AccessOpen)
		}
	}
	if err == nil && p.stopped {
		event.Turn++
		err = r.members.Stop(ctx, event, n, true, r.groupIDs())
	}
	return err
}

func (r *roll) groupIDs() []string {
	var all []string
	for _, id := range r.groups {
		all = append(all, id)
	}
	return all
}

// identityOf finds somebody's identity, as nobody without the keyset can.
func (r *roll) identityOf(e164 string) string {
	return r.w.text(`SELECT member_id FROM member WHERE number_index = $1`, r.keys.Index(r.line, number(r.w.t, e164)))
}

// rowsOf returns the keys of somebody's rows, as nobody without the keyset can.
func (r *roll) rowsOf(p person) (member string, pseudonyms [][]byte) {
	r.w.t.Helper()
	member = r.identityOf(p.number)
	sealed := []byte(r.w.text(`SELECT link_secret FROM keys.member WHERE member_id = $1`, member))
	secret, err := r.keys.UnwrapSecret(vault.Cell{Table: "keys.member", Column: "link_secret", Row: r.line + "/" + member}, sealed)
	if err != nil {
		r.w.t.Fatal(err)
	}
	for _, code := range p.codes {
		pseudonyms = append(pseudonyms, secret.Pseudonym(r.line, r.groups[code]))
	}
	return member, pseudonyms
}

// changeRows changes a column of everybody's rows in both tables: to what an
// expression makes of $1, which is somebody's.
func (r *roll) changeRows(people []person, column, expression string, of func(person) any) {
	r.w.t.Helper()
	for _, p := range people {
		member, pseudonyms := r.rowsOf(p)
		r.w.doWith(`UPDATE member SET `+column+` = `+expression+` WHERE member_id = $2`, of(p), member)
		for _, pseudonym := range pseudonyms {
			r.w.doWith(`UPDATE membership SET `+column+` = `+expression+` WHERE pseudonym = $2`, of(p), pseudonym)
		}
	}
}

// rewrite is the nightly one.
func (r *roll) rewrite() {
	r.w.t.Helper()
	if err := r.store.Rewrite(r.w.t.Context(), r.line); err != nil {
		r.w.t.Fatal(err)
	}
}

// rewriteInOrder is the nightly one without its random order.
func (r *roll) rewriteInOrder() {
	r.w.t.Helper()
	for _, table := range []string{"member", "membership", "keys.member", "keys.membership"} {
		r.w.do(r.w.open(), `WITH gone AS (DELETE FROM `+table+` RETURNING *, ctid AS place)
			INSERT INTO `+table+` SELECT (jsonb_populate_record(NULL::`+table+`, to_jsonb(gone))).* FROM gone ORDER BY place`)
	}
}

// thiefOfTwo steals what there is now, and asks which two memberships are of one
// person. Known is which groups somebody is in, what they chose, and what they did:
// there are others of whom all of that is the same. With chosen false, what they
// chose is not known.
func (r *roll) thiefOfTwo(people []person, chosen bool) (t *thief, truth []pair) {
	r.w.t.Helper()
	rows, keys := r.w.features("membership", "pseudonym")
	t, places := &thief{identities: rows, memberships: rows}, map[string]int{}
	for i, k := range keys {
		places[k] = i
	}
	for _, p := range people {
		if p.asked || len(p.codes) < 2 {
			continue
		}
		alike := fmt.Sprint(p.codes[:2], p.stopped, p.did)
		if chosen {
			alike += fmt.Sprint(p.wishes)
		}
		_, pseudonyms := r.rowsOf(p)
		truth = append(truth, pair{places[fmt.Sprintf(`\x%x`, pseudonyms[0])], places[fmt.Sprintf(`\x%x`, pseudonyms[1])], alike})
	}
	return t, truth
}

// thief steals what there is now. truth is an identity and a membership of each.
func (r *roll) thief(people []person) (t *thief, truth []pair) {
	r.w.t.Helper()
	t = &thief{}
	places := map[string]int{}
	note := func(rows rows, keys []string) rows {
		for i, k := range keys {
			places[k] = i
		}
		return rows
	}
	t.identities, t.memberships = note(r.w.features("member", "member_id")), note(r.w.features("membership", "pseudonym"))
	for _, p := range people {
		if p.asked { // who is in no group until they answer
			continue
		}
		member, pseudonyms := r.rowsOf(p)
		truth = append(truth, pair{places[member], places[fmt.Sprintf(`\x%x`, pseudonyms[0])], p.did})
	}
	return t, truth
}
