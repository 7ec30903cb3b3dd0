package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/store/vault"
)

type testerRow struct {
	LineID, TesterID string
	Number           []byte
}

func (r testerRow) cell() vault.Cell {
	return vault.Cell{Table: "flow_tester", Column: "number", Row: r.LineID + "/" + r.TesterID}
}

const selectTester = `
		SELECT line_id, tester_id, number
		FROM flow_tester
		WHERE line_id = $1`

func selectTesters(ctx context.Context, tx *sqlx.Tx, line string) (rows []testerRow, err error) {
	err = tx.SelectContext(ctx, &rows, selectTester, line)
	return rows, err
}

// open returns the numbers of rows, in their order.
func (f *FlowVersions) open(rows []testerRow) ([]vault.Number, error) {
	numbers := make([]vault.Number, len(rows))
	for i, r := range rows {
		n, err := f.keys.OpenNumber(r.cell(), r.Number)
		if err != nil {
			return nil, fmt.Errorf("a tester's number: %w", err)
		}
		numbers[i] = n
	}
	return numbers, nil
}

// AddTester has a number hear the drafts of a line from its next call on. Nothing
// changes when it does already.
func (f *FlowVersions) AddTester(ctx context.Context, line string, by By, n vault.Number) error {
	return f.enact(ctx, line, by, actAddTester, nil, func(tx *sqlx.Tx) (string, error) {
		at, rows, err := f.find(ctx, tx, line, n)
		switch {
		case err != nil, at >= 0:
			return "", err
		case len(rows) >= MostTesters:
			return "", ErrTooManyTesters
		}
		row := testerRow{LineID: line, TesterID: newID()}
		if row.Number, err = f.keys.SealNumber(row.cell(), n); err != nil {
			return "", err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO flow_tester (line_id, tester_id, number)
			VALUES ($1, $2, $3)`, row.LineID, row.TesterID, row.Number)
		return strconv.Itoa(len(rows) + 1), err
	})
}

// RemoveTester has a number hear what everybody does, from its next call on: the drafts
// so far are kept for the one that it may be on. [ErrNotFound] says that it did.
func (f *FlowVersions) RemoveTester(ctx context.Context, line string, by By, n vault.Number) error {
	return f.enact(ctx, line, by, actRemoveTester, nil, func(tx *sqlx.Tx) (string, error) {
		at, rows, err := f.find(ctx, tx, line, n)
		if err != nil {
			return "", err
		}
		if at < 0 {
			return "", ErrNotFound
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE flow_version
			SET draft_only = false
			WHERE line_id = $1 AND draft_only`, line)
		if err != nil {
			return "", err
		}
		_, err = tx.ExecContext(ctx, `
			DELETE FROM flow_tester
			WHERE line_id = $1 AND tester_id = $2`, line, rows[at].TesterID)
		return strconv.Itoa(len(rows) - 1), err
	})
}

// find is where a number is among the testers, -1 if it is none.
func (f *FlowVersions) find(ctx context.Context, tx *sqlx.Tx, line string, n vault.Number) (int, []testerRow, error) {
	rows, err := selectTesters(ctx, tx, line)
	if err != nil {
		return -1, nil, err
	}
	numbers, err := f.open(rows)
	return slices.IndexFunc(numbers, n.Equal), rows, err
}
