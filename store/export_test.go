package store

import (
	"context"
	"io/fs"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/vault"
)

// MigrateFrom migrates as a program with other migrations would.
func (db *DB) MigrateFrom(ctx context.Context, files fs.FS) error { return db.migrate(ctx, files) }

// FindPgDump is where BackupKeys finds its program.
func FindPgDump() (string, error) { return findPgDump() }

// Sleep keeps a statement busy on the server.
func (db *DB) Sleep(ctx context.Context, seconds int) error {
	_, err := db.pool.ExecContext(ctx, `SELECT pg_sleep($1)`, seconds)
	return dbError(ctx, err)
}

// BareCount is AddCounts without a transaction.
func (db *DB) BareCount(ctx context.Context, line, day string) error {
	_, err := db.pool.ExecContext(ctx, `
		INSERT INTO daily_count AS c (line_id, day, name, count)
		VALUES ($1, $2, 'code_wrong', 1)
		ON CONFLICT (line_id, day, name) DO UPDATE
		SET count = c.count + 1`, line, day)
	return err
}

// Sealed is a table with columns that a rotation seals anew.
type Sealed struct{ Key, Columns []string }

// SealedColumns are all of them, by table; keys as "column type".
func SealedColumns() map[string]Sealed {
	all := map[string]Sealed{}
	for _, t := range sealedTables {
		s := Sealed{Columns: t.columns}
		for _, p := range t.key {
			s.Key = append(s.Key, p.column+" "+p.kind())
		}
		all[t.name] = s
	}
	return all
}

// Fill records entries as fast as one transaction takes them.
func (a *Audit) Fill(ctx context.Context, line string, entries int, at time.Time) error {
	return a.db.inTx(ctx, func(tx *sqlx.Tx) error {
		seq, before, err := auditEnd(ctx, tx, line)
		if err != nil {
			return err
		}
		insert, err := tx.PreparexContext(ctx, `COPY audit (`+auditColumns+`) FROM STDIN`)
		if err != nil {
			return err
		}
		for range entries {
			seq++
			r := a.row(AuditEntry{Line: line, ID: newID(), Actor: "ann", Act: "member.list", Detail: "page 1", At: at}, seq, before)
			if _, err := insert.ExecContext(ctx, r.LineID, r.EntryID, r.Seq, r.At, r.Actor, r.Act, nil, r.Detail, r.Before, r.Hash, r.MAC); err != nil {
				return err
			}
			before = r.Hash
		}
		if _, err := insert.ExecContext(ctx); err != nil {
			return err
		}
		return insert.Close()
	})
}

// Kept are the tables without a rule of retention.
var Kept = kept

// PlantMemberships makes active memberships of a number, and of no identity.
func (m *Members) PlantMemberships(ctx context.Context, line, group string, n vault.Number, many int) error {
	var pseudonyms, keys, numbers, profiles pq.ByteaArray
	for i := range many {
		p := &membership{line: line, pseudonym: m.keys.Mark("planted", strconv.Itoa(i)), key: vault.NewDataKey()}
		key, err := m.keys.WrapKey(membershipCell("keys.membership", "data_key", line, p.pseudonym), p.key)
		if err != nil {
			return err
		}
		number, err := p.key.SealNumber(p.cell("number"), n)
		if err != nil {
			return err
		}
		profile, err := sealJSON(p.key, p.cell("profile"), p.profile, membershipProfileSize)
		if err != nil {
			return err
		}
		pseudonyms, keys = append(pseudonyms, p.pseudonym), append(keys, key)
		numbers, profiles = append(numbers, number), append(profiles, profile)
	}
	return m.db.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO keys.membership (line_id, pseudonym, data_key)
			SELECT $1, * FROM unnest($2::bytea[], $3::bytea[])`, line, pseudonyms, keys); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO membership (line_id, pseudonym, group_id, number, profile, channel, state)
			SELECT $1, p, $2, n, f, 'text', 'active' FROM unnest($3::bytea[], $4::bytea[], $5::bytea[]) AS v (p, n, f)`,
			line, group, pseudonyms, numbers, profiles)
		return err
	})
}

// Column is the first column of a query, as the package reads.
func (db *DB) Column(ctx context.Context, query string) ([]string, error) {
	var all []string
	err := db.pool.SelectContext(ctx, &all, query)
	return all, err
}
