package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
)

const (
	// frame is the least time between two updates of a stream: a prompt that
	// ends, a webhook and the next prompt then arrive as one.
	frame = 50 * time.Millisecond
	// heartbeat keeps proxies from closing a quiet stream, and brings a page
	// back to the clock.
	heartbeat = 15 * time.Second
	// patience is how long a page waits before it connects again.
	patience = 2 * time.Second
)

// events is the one stream of a page: the whole scene, the event "ready",
// and then each part that has changed.
func (p *Pages) events(c echo.Context) error {
	ctx := c.Request().Context()
	changes := p.board.Changes(ctx)
	w := c.Response()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	fmt.Fprintf(w, "retry: %d\n\n", patience.Milliseconds())

	page := &reader{sent: map[string][]byte{}, wire: map[int]bool{}}
	if err := page.update(w, p.board.Scene(), true); err != nil {
		return err
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-p.ctx.Done():
			return nil
		case <-beat.C:
		case <-changes:
			if !settled(ctx, frame) {
				return nil
			}
		}
		if err := page.update(w, p.board.Scene(), false); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// settled waits for d, and reports false when ctx ends first.
func settled(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// reader remembers what one page was sent, so that it is sent changes only.
type reader struct {
	sent map[string][]byte
	wire map[int]bool // exchanges sent, by Seq: one that took long comes after its successors
}

// update writes the events that bring the page to s, and the moment itself,
// which the page needs to know how far a caption has got. The event "ready"
// ends the first update.
func (r *reader) update(w *echo.Response, s scene, first bool) error {
	var b bytes.Buffer
	err := write(&b, "clock", s.Clock)
	for _, ph := range s.Phones {
		err = errors.Join(err, r.changed(&b, "phone", strconv.Itoa(ph.Phone), ph))
	}
	err = errors.Join(err, r.changed(&b, "rooms", "", s.Rooms), r.changed(&b, "faults", "", s.Faults), r.changed(&b, "flow", "", s.Flow))
	for _, x := range s.Wire {
		if !r.wire[x.Seq] {
			err = errors.Join(err, write(&b, "wire", x))
			r.wire[x.Seq] = true
		}
	}
	if first {
		err = errors.Join(err, write(&b, "ready", struct{}{}))
	}
	if err != nil {
		return err
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return err
	}
	w.Flush()
	return nil
}

// changed writes the event unless the page has been sent the same before.
func (r *reader) changed(b *bytes.Buffer, event, which string, v any) error {
	var one bytes.Buffer
	if err := write(&one, event, v); err != nil {
		return err
	}
	if name := event + which; !bytes.Equal(one.Bytes(), r.sent[name]) {
		r.sent[name] = one.Bytes()
		b.Write(one.Bytes())
	}
	return nil
}

func write(b *bytes.Buffer, event string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("event %s: %w", event, err)
	}
	fmt.Fprintf(b, "event: %s\ndata: %s\n\n", event, data)
	return nil
}
