package store

import (
	"context"
	"time"

	"github.com/lib/pq"
)

// How long a listener waits before it connects again.
const (
	minReconnect = 500 * time.Millisecond
	maxReconnect = 15 * time.Second
)

// ListenOutbox calls wake whenever something was put into the outbox of any line,
// and when the connection comes or goes, since what was told in between is lost,
// until ctx ends. Calls do not overlap, and one may stand for many notifications.
func (db *DB) ListenOutbox(ctx context.Context, wake func()) { db.onEach(ctx, outboxChannel, wake) }

// ListenFlows is ListenOutbox for which version of a line's flow is heard.
func (db *DB) ListenFlows(ctx context.Context, wake func()) { db.onEach(ctx, flowChannel, wake) }

func (db *DB) onEach(ctx context.Context, channel string, wake func()) {
	woken, stop := db.listen(channel)
	defer stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-woken:
			wake()
		}
	}
}

// listen returns a channel that has a value after a notification on channel, and
// after the connection came or went; one value stands for any number of them. The
// caller must stop it.
func (db *DB) listen(channel string) (woken <-chan struct{}, stop func()) {
	wake := make(chan struct{}, 1)
	tell := func() {
		select {
		case wake <- struct{}{}:
		default: // one is waiting already
		}
	}
	listener := pq.NewListener(db.direct.text, minReconnect, maxReconnect, func(pq.ListenerEventType, error) { tell() })
	listening := make(chan struct{})
	go func() {
		defer close(listening)
		// It returns when the server listens for us, or when closed. Its only other
		// error is the server's refusal, which whoever waits here makes up for by
		// looking now and then.
		_ = listener.Listen(channel)
		tell() // of what was told between the connection and now
	}()
	// It ends with the listener, which may sleep for a while before it sees that
	// it is closed.
	go func() {
		for range listener.NotificationChannel() { // a nil after a reconnection
			tell()
		}
	}()
	return wake, func() {
		_ = listener.Close()
		<-listening
	}
}
