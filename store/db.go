package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/jmoiron/sqlx"
	"github.com/jmoiron/sqlx/reflectx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// The pool of one process. A webhook makes at most one query, so few
// connections serve many calls; they are renewed so that a failed-over or
// re-addressed server is found.
const (
	maxOpenConnections = 16
	maxIdleConnections = 8
	maxIdleTime        = 5 * time.Minute
	maxLifetime        = 30 * time.Minute
)

// Options say where Postgres is.
type Options struct {
	// URL is DATABASE_URL; it may lead to a pooler in transaction mode.
	URL string
	// DirectURL leads past the pooler, for LISTEN and session locks; "" means URL.
	DirectURL string
	// Now is the clock of what an import tells members; nil means time.Now.
	Now func() time.Time
}

// DB is a pool of connections to Postgres. Its methods are safe for concurrent
// use.
type DB struct {
	pool   pool
	direct dsn
	now    func() time.Time
}

// Connect checks the connection strings and returns a pool that connects when
// it is first used: a start without Postgres still answers calls. The caller
// owns the DB and must Close it.
func Connect(o Options) (*DB, error) {
	if o.URL == "" {
		return nil, errors.New("DATABASE_URL is not set; set it to postgres://user:password@host:5432/database?sslmode=verify-full")
	}
	main, err := parseDSN("DATABASE_URL", o.URL)
	if err != nil {
		return nil, err
	}
	direct, err := parseDSN("DATABASE_DIRECT_URL", cmp.Or(o.DirectURL, o.URL))
	if err != nil {
		return nil, err
	}
	pool, err := openPool(main)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(maxOpenConnections)
	pool.SetMaxIdleConns(maxIdleConnections)
	pool.SetConnMaxIdleTime(maxIdleTime)
	pool.SetConnMaxLifetime(maxLifetime)
	if o.Now == nil {
		o.Now = time.Now
	}
	return &DB{pool: pool, direct: direct, now: o.Now}, nil
}

// Open is Connect, and the proof that Postgres answers: ErrUnreachable says
// that it does not.
func Open(ctx context.Context, o Options) (*DB, error) {
	db, err := Connect(o)
	if err != nil {
		return nil, err
	}
	if err := db.Ping(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// openPool maps columns to fields by snake case, so that no row type needs tags.
func openPool(d dsn) (pool, error) {
	connector, err := pq.NewConnectorConfig(d.config)
	if err != nil {
		return pool{}, errors.New("connect to Postgres: the TLS certificates or the address cannot be used")
	}
	db := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	db.Mapper = reflectx.NewMapperFunc("db", snakeCase)
	return pool{db}, nil
}

// Close ends every connection.
func (db *DB) Close() error { return db.pool.Close() }

// Ping reports whether Postgres answers. Its error is ErrUnreachable and one
// sentence on how to mend it, without any of the connection string but the
// database's name.
func (db *DB) Ping(ctx context.Context) error {
	err := db.pool.PingContext(ctx)
	if err == nil {
		return nil
	}
	return &unreachable{advice: pingAdvice(err, db.direct.config.Database)}
}

func pingAdvice(err error, database string) string {
	switch {
	case pq.As(err, pqerror.InvalidPassword, pqerror.InvalidAuthorizationSpecification) != nil:
		return "it refuses the user or the password of DATABASE_URL: correct them"
	case pq.As(err, pqerror.InvalidCatalogName) != nil:
		return fmt.Sprintf("it has no database %q: create it with createdb, or correct DATABASE_URL", database)
	case pq.As(err, pqerror.TooManyConnections) != nil:
		return "it has no connection left: raise max_connections, or put a pooler in between"
	case errors.Is(err, pq.ErrSSLNotSupported):
		return "it does not speak TLS: turn ssl on in postgresql.conf, or connect by a unix socket or loopback"
	}
	return "start it, or correct DATABASE_URL"
}

type unreachable struct{ advice string }

func (u *unreachable) Error() string { return ErrUnreachable.Error() + "; " + u.advice }
func (u *unreachable) Unwrap() error { return ErrUnreachable }

// newID returns a random UUID (RFC 9562 version 4): an id that grows with time
// would tell who came after whom.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// snakeCase turns a field's name into a column's: LineID into line_id,
// PINHash into pin_hash.
func snakeCase(field string) string {
	var b strings.Builder
	runes := []rune(field)
	for i, r := range runes {
		startsWord := i > 0 && unicode.IsUpper(r) &&
			(unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if startsWord {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
