package main

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// backup is the line's data as it is kept every day: without the keys.
func (r *roll) backup() []byte { return pgDump(r.w.t, r.w.server, "--exclude-schema=keys") }

// erase erases people as their FORGET ME does, and returns the longest that it
// took for one.
func (r *roll) erase(people []person) (longest time.Duration) {
	r.w.t.Helper()
	for _, p := range people {
		began := time.Now()
		event := store.Event{Line: r.line, SID: "SM forget " + p.number, At: r.w.clock.Now()}
		if err := r.members.EraseNumber(r.w.t.Context(), event, number(r.w.t, p.number), r.groupIDs()); err != nil {
			r.w.t.Fatal(err)
		}
		if err := store.NewVoicemail(r.store, r.keys).Forget(r.w.t.Context(), r.line, number(r.w.t, p.number)); err != nil {
			r.w.t.Fatal(err)
		}
		longest = max(longest, time.Since(began))
	}
	return longest
}

// readable returns whose numbers open, identities and memberships apart, in an
// older backup with the keys of today: those of the database, and the keyset.
func (r *roll) readable(backup []byte) (identities, memberships map[string]bool) {
	r.w.t.Helper()
	const stolen = "stolen"
	r.w.do(r.w.open(), `DROP DATABASE IF EXISTS `+stolen+` WITH (FORCE)`, `CREATE DATABASE `+stolen+` TEMPLATE template0`)
	url := strings.Replace(r.w.server, "/postgres?", "/"+stolen+"?", 1)
	r.restore(url, backup)
	r.restore(url, pgDump(r.w.t, r.w.server, "--schema=keys"))
	return r.opened(url, "member", "member_id"), r.opened(url, "membership", "pseudonym")
}

// opened returns the numbers of a table that open with the keys beside it.
func (r *roll) opened(url, table, key string) map[string]bool {
	r.w.t.Helper()
	rows, err := r.w.connect(url).QueryContext(r.w.t.Context(),
		`SELECT t.`+key+`::text, t.number, k.data_key FROM `+table+` t JOIN keys.`+table+` k USING (line_id, `+key+`)`)
	if err != nil {
		r.w.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	all := map[string]bool{}
	for rows.Next() {
		var id string
		var sealed, wrapped []byte
		if err := rows.Scan(&id, &sealed, &wrapped); err != nil {
			r.w.t.Fatal(err)
		}
		row := r.line + "/" + strings.TrimPrefix(id, `\x`)
		own, err := r.keys.UnwrapKey(vault.Cell{Table: "keys." + table, Column: "data_key", Row: row}, wrapped)
		if err != nil {
			continue
		}
		if n, err := own.OpenNumber(vault.Cell{Table: table, Column: "number", Row: row}, sealed); err == nil {
			all[n.Reveal(vault.ForSend)] = true
		}
	}
	if err := rows.Err(); err != nil {
		r.w.t.Fatal(err)
	}
	return all
}

// restore runs a dump on a database.
func (r *roll) restore(url string, dump []byte) {
	r.w.t.Helper()
	program := "psql"
	if found, err := filepath.Glob("/usr/lib/postgresql/*/bin/psql"); err == nil && len(found) > 0 {
		program = found[len(found)-1]
	}
	cmd := exec.Command(program, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", url)
	cmd.Stdin = bytes.NewReader(dump)
	if out, err := cmd.CombinedOutput(); err != nil {
		r.w.t.Fatal(err, string(out))
	}
}

// erasureHolds erases some and fails the test unless the backup of before, with
// the keys of now, opens everybody's number but theirs, in both tables. It
// returns the longest that it took for one, and whose could be read though they
// were erased, or not though they were not.
func (r *roll) erasureHolds(people, some []person) (longest time.Duration, wrong int) {
	r.w.t.Helper()
	before := r.backup()
	count := func(people []person, want bool) (wrong int) {
		identities, memberships := r.readable(before)
		for _, p := range people {
			if identities[p.number] != want || memberships[p.number] != (want && !p.asked) {
				wrong++
			}
		}
		return wrong
	}
	if wrong := count(people, true); wrong > 0 {
		r.w.t.Errorf("%d people cannot be read before, so that the erasure proves nothing", wrong)
	}
	traces := r.tracesOf(some)
	longest = r.erase(some)
	left := r.left(some, traces)
	others := slices.DeleteFunc(slices.Clone(people), func(p person) bool {
		return slices.ContainsFunc(some, func(s person) bool { return s.number == p.number })
	})
	if wrong = count(some, false); wrong > 0 {
		r.w.t.Errorf("%d people who were erased can be read in a backup", wrong)
	}
	lost := count(others, true)
	if lost > 0 {
		r.w.t.Errorf("%d people who were not erased cannot be read any more", lost)
	}
	return longest, wrong + lost + left
}

// tracesOf are the ids of everything that there is of people: their identities,
// their memberships, and what was and is to be sent to either.
func (r *roll) tracesOf(people []person) []string {
	r.w.t.Helper()
	var all []string
	for _, p := range people {
		member, pseudonyms := r.rowsOf(p)
		all = append(all, member)
		for _, pseudonym := range pseudonyms {
			all = append(all, fmt.Sprintf("%x", pseudonym))
		}
		rows, err := r.w.open().QueryContext(r.w.t.Context(), `SELECT outbox_id FROM outbox WHERE member_id = $1 OR pseudonym = ANY($2)`, member, pq.ByteaArray(pseudonyms))
		if err != nil {
			r.w.t.Fatal(err)
		}
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				r.w.t.Fatal(err)
			}
			all = append(all, id)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			r.w.t.Fatal(err)
		}
	}
	return all
}

// left fails the test for each trace that a dump still has after an erasure, and for
// each number of which the keys still compute anything. It returns how many.
func (r *roll) left(erased []person, traces []string) (left int) {
	r.w.t.Helper()
	dump := pgDump(r.w.t, r.w.server)
	for _, trace := range traces {
		if bytes.Contains(dump, []byte(trace)) {
			left++
		}
	}
	for _, p := range erased {
		held, err := r.members.Holdings(r.w.t.Context(), r.line, number(r.w.t, p.number), r.groupIDs(), r.w.clock.Now())
		if err != nil {
			r.w.t.Fatal(err)
		}
		if !held.Empty() {
			left++
		}
	}
	if left > 0 {
		r.w.t.Errorf("of %d people who were erased, %d of %d traces are left", len(erased), left, len(traces))
	}
	return left
}
