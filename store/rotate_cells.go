package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hearthline/hearthline/store/vault"
)

// cellRow is a row's key, and its cells in the order of the table's columns.
type cellRow struct {
	key   []string
	cells [][]byte
}

func (m cellMover) move(ctx context.Context, tx *sqlx.Tx, after []string, limit int) (batch, error) {
	rows, err := m.read(ctx, tx, after, limit)
	if err != nil || len(rows) == 0 {
		return batch{}, err
	}
	done := batch{last: rows[len(rows)-1].key}
	var anew []cellRow
	for _, row := range rows {
		sealed, err := m.seal(row)
		if err != nil {
			done.damaged++
			continue
		}
		anew = append(anew, sealed)
	}
	if done.moved = len(anew); done.moved == 0 {
		return done, nil
	}
	return done, m.write(ctx, tx, anew)
}

// read locks the rows that have a cell under an older key.
func (m cellMover) read(ctx context.Context, tx *sqlx.Tx, after []string, limit int) ([]cellRow, error) {
	var columns, names, places []string
	args := []any{pq.ByteaArray(m.keys.OlderCellPrefixes()), limit}
	for i, p := range m.key {
		args = append(args, p.parameter(after[i]))
		columns = append(columns, p.text())
		names = append(names, "t."+p.column)
		places = append(places, fmt.Sprintf("$%d::%s", len(args), p.kind()))
	}
	for _, c := range m.columns {
		columns = append(columns, "t."+c)
	}
	key := strings.Join(names, ", ")
	found, err := tx.QueryxContext(ctx, `
		SELECT `+strings.Join(columns, ", ")+`
		FROM `+m.name+` t
		WHERE (`+key+`) > (`+strings.Join(places, ", ")+`)
		  AND `+m.beginsWith("= ANY($1::bytea[])")+`
		ORDER BY `+key+`
		LIMIT $2
		FOR NO KEY UPDATE SKIP LOCKED`, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }()
	var rows []cellRow
	for found.Next() {
		row := cellRow{key: make([]string, len(m.key)), cells: make([][]byte, len(m.columns))}
		var into []any
		for i := range row.key {
			into = append(into, &row.key[i])
		}
		for i := range row.cells {
			into = append(into, &row.cells[i])
		}
		if err := found.Scan(into...); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, found.Err()
}

// seal returns the row with its cells under the primary key; a cell that is under
// it, or not there, is nil.
func (m cellMover) seal(row cellRow) (cellRow, error) {
	anew := cellRow{key: row.key, cells: make([][]byte, len(row.cells))}
	for i, sealed := range row.cells {
		if !m.older(sealed) {
			continue
		}
		cell := vault.Cell{Table: m.name, Column: m.columns[i], Row: strings.Join(row.key, "/")}
		plain, err := m.keys.Open(cell, sealed)
		if err != nil {
			return cellRow{}, err
		}
		if anew.cells[i], err = m.keys.Seal(cell, plain); err != nil {
			return cellRow{}, err
		}
	}
	return anew, nil
}

func (m cellMover) older(sealed []byte) bool {
	return slices.ContainsFunc(m.keys.OlderCellPrefixes(), func(p []byte) bool { return bytes.HasPrefix(sealed, p) })
}

// write puts the cells in their places; one that is nil stays as it is.
func (m cellMover) write(ctx context.Context, tx *sqlx.Tx, rows []cellRow) error {
	var args []any
	var sets, arrays, names, same []string
	for i, p := range m.key {
		var parts pq.StringArray
		for _, row := range rows {
			parts = append(parts, p.parameter(row.key[i]))
		}
		args = append(args, parts)
		arrays = append(arrays, fmt.Sprintf("$%d::%s[]", len(args), p.kind()))
		names = append(names, p.column)
		same = append(same, "t."+p.column+" = v."+p.column)
	}
	for i, c := range m.columns {
		var cells pq.ByteaArray // nil goes as no bytes at all
		for _, row := range rows {
			cells = append(cells, row.cells[i])
		}
		args = append(args, cells)
		arrays = append(arrays, fmt.Sprintf("$%d::bytea[]", len(args)))
		names = append(names, c)
		sets = append(sets, fmt.Sprintf("%[1]s = CASE WHEN v.%[1]s = '' THEN t.%[1]s ELSE v.%[1]s END", c))
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE `+m.name+` AS t
		SET `+strings.Join(sets, ", ")+`
		FROM unnest(`+strings.Join(arrays, ", ")+`) AS v (`+strings.Join(names, ", ")+`)
		WHERE `+strings.Join(same, " AND "), args...)
	return err
}
