package store

import (
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store/vault"
)

// Kind is what a row of the outbox is for.
type Kind string

// The kinds of a row. The first two go to a member, the others to a membership.
const (
	Confirmation Kind = "confirmation" // asks a number whether it was the one that enrolled
	Recheck      Kind = "recheck"      // asks a member whether it is still safe to reach them so
	Reminder     Kind = "reminder"     // of an occurrence
	CallMe       Kind = "call_me"      // rings who asked for it, and puts them in
	Change       Kind = "change"       // an occurrence is not held, is moved, or is held after all
	Cover        Kind = "cover"        // asks a facilitator who can hold an occurrence, or tells that somebody does
	ToGroup      Kind = "message"      // what staff say to everybody in a group
)

// Outgoing is a row of the outbox that one replica has in hand.
type Outgoing struct {
	Line, ID string
	// Member is whose a row is of the kinds that go to a member, Pseudonym and
	// Firing of the others.
	Member    string
	Pseudonym []byte
	Firing    Firing
	Kind      Kind
	Channel   flows.Channel
	DueAt     time.Time
	ExpiresAt time.Time
	// OnLineUntil is until when its person is taken to be on the line with us,
	// zero when they are not.
	OnLineUntil time.Time
	Attempts    int // that went to the carrier before

	fence   int
	sender  string // whose token it has; "" if none
	counter []byte // of what its number got that day, or was rung that week; nil where nothing is counted for it
}

// Outbox is the queue of everything that we send by ourselves. Its methods are
// safe for concurrent use by any number of replicas.
type Outbox struct {
	db   *DB
	keys *vault.Keyring

	// Rows of memberships are many at once. Those of members are told to the carrier
	// one by one: no transaction may tie a member to a membership.
	intents together[*intending]
	settles together[*settling]
}

// NewOutbox returns the outbox of db.
func NewOutbox(db *DB, keys *vault.Keyring) *Outbox { return &Outbox{db: db, keys: keys} }
