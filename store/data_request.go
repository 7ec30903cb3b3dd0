package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hearthline/hearthline/flows/schedule"
)

// RequestKind is what somebody asks who writes to the line about their data.
type RequestKind string

// The kinds of requests.
const (
	RequestExport RequestKind = "export" // what is kept of them
	RequestErase  RequestKind = "erase"  // to be forgotten
)

// answerWithin is how long there is to answer a request: a month (GDPR, Art. 12(3)),
// counted so that no month is shorter. California grants 45 days.
const answerWithin = 28

var errNoReference = errors.New("no reference is free")

// DataRequest is that somebody asked. It does not say who: what ties it to a letter
// is Reference, which is written on both.
type DataRequest struct {
	ID        string
	Reference string // "R-4KTM"
	Kind      RequestKind
	Received  schedule.Date
	Due       schedule.Date
	Done      schedule.Date // zero while it is open
}

// Open says that it has not been answered.
func (r DataRequest) Open() bool { return r.Done == schedule.Date{} }

// Late says that it is open and was due before a day.
func (r DataRequest) Late(today schedule.Date) bool { return r.Open() && r.Due.Compare(today) < 0 }

type requestRow struct {
	RequestID  string
	Reference  string
	Kind       RequestKind
	ReceivedOn time.Time
	DueOn      time.Time
	DoneOn     *time.Time
}

const requestColumns = `request_id, reference, kind, received_on, due_on, done_on`

func (r requestRow) request() DataRequest {
	d := DataRequest{ID: r.RequestID, Reference: r.Reference, Kind: r.Kind, Received: schedule.DateOf(r.ReceivedOn), Due: schedule.DateOf(r.DueOn)}
	if r.DoneOn != nil {
		d.Done = schedule.DateOf(*r.DoneOn)
	}
	return d
}

// requestsShown is how many that were answered are listed with those that were not.
const requestsShown = 50

// DataRequests returns those of a line: the open ones, the first due first, and the
// last fifty that were answered.
func (db *DB) DataRequests(ctx context.Context, line string) ([]DataRequest, error) {
	var rows []requestRow
	err := db.pool.SelectContext(ctx, &rows, `
		(SELECT `+requestColumns+` FROM data_request WHERE line_id = $1 AND done_on IS NULL)
		UNION ALL
		(SELECT `+requestColumns+` FROM data_request WHERE line_id = $1 AND done_on IS NOT NULL ORDER BY done_on DESC, due_on LIMIT $2)
		ORDER BY done_on DESC NULLS FIRST, due_on, reference`, line, requestsShown)
	if err != nil {
		return nil, fmt.Errorf("data requests: %w", dbError(ctx, err))
	}
	all := make([]DataRequest, len(rows))
	for i, r := range rows {
		all[i] = r.request()
	}
	return all, nil
}

// DataRequest returns one; ErrNotFound if there is none of that id.
func (db *DB) DataRequest(ctx context.Context, line, id string) (DataRequest, error) {
	var row requestRow
	err := db.pool.GetContext(ctx, &row, `
		SELECT `+requestColumns+`
		FROM data_request
		WHERE line_id = $1 AND request_id::text = $2`, line, id)
	if err != nil {
		return DataRequest{}, fmt.Errorf("data request: %w", dbError(ctx, err))
	}
	return row.request(), nil
}

// AddDataRequest notes that somebody asked on a day, and returns it with its
// reference and the day on which it is due. Noted twice by one act, it is one.
func (db *DB) AddDataRequest(ctx context.Context, a *Audit, line string, by By, kind RequestKind, received schedule.Date) (DataRequest, error) {
	asked := DataRequest{ID: by.id(line, "request.add"), Kind: kind, Received: received, Due: received.Add(answerWithin)}
	if asked.ID == "" {
		asked.ID = newID()
	}
	var r DataRequest
	err := db.inTx(ctx, func(tx *sqlx.Tx) error {
		var err error
		if r, err = addRequest(ctx, tx, line, asked); err != nil {
			return err
		}
		return a.add(ctx, tx, by.entry(line, "request.add", string(r.Kind)+" "+r.Reference))
	})
	if err != nil {
		return DataRequest{}, fmt.Errorf("add a data request: %w", err)
	}
	return r, nil
}

// referencesTried is how many references are tried for a request: of a million, a line
// has a few in use.
const referencesTried = 8

// referenceOf is the nth that a request may have. It follows from the id, so that an act
// which is done again, since nobody knows whether it was, is told the same.
func referenceOf(id string, n int) string {
	b := sha256.Sum256(fmt.Appendf(nil, "hearthline request %s %d", id, n))
	return "R-" + base32.StdEncoding.EncodeToString(b[:])[:4]
}

// addRequest writes a request with the first reference that no other has, and returns
// it, or the one of the same id that was there.
func addRequest(ctx context.Context, tx *sqlx.Tx, line string, r DataRequest) (DataRequest, error) {
	for n := range referencesTried {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO data_request (line_id, request_id, reference, kind, received_on, due_on)
			VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT DO NOTHING`,
			line, r.ID, referenceOf(r.ID, n), r.Kind, r.Received.String(), r.Due.String()); err != nil {
			return DataRequest{}, err
		}
		var row requestRow
		err := tx.GetContext(ctx, &row, `
			SELECT `+requestColumns+`
			FROM data_request
			WHERE line_id = $1 AND request_id = $2`, line, r.ID)
		if !errors.Is(err, sql.ErrNoRows) {
			return row.request(), err
		}
	}
	return DataRequest{}, errNoReference
}

// CloseDataRequest notes that a request was answered today. One that was stays as it
// is; ErrNotFound if there is none.
func (db *DB) CloseDataRequest(ctx context.Context, a *Audit, line string, by By, id string, today schedule.Date) error {
	by = by.on(id)
	err := db.inTx(ctx, func(tx *sqlx.Tx) error {
		var reference string
		if err := tx.GetContext(ctx, &reference, `
			UPDATE data_request
			SET done_on = coalesce(done_on, $3)
			WHERE line_id = $1 AND request_id::text = $2
			RETURNING reference`, line, id, today.String()); err != nil {
			return err
		}
		return a.add(ctx, tx, by.entry(line, "request.close", reference))
	})
	if err != nil {
		return fmt.Errorf("close a data request: %w", err)
	}
	return nil
}
