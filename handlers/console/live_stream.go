package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/handlers/rooms"
)

const (
	// look is how often a stream looks at its session: at most so often does it send.
	look = 500 * time.Millisecond
	// spoken is the least time between two sentences for who only listens.
	spoken = 3 * time.Second
	// ping keeps proxies from closing a quiet stream, and again how long a page waits
	// before it connects anew.
	ping  = 15 * time.Second
	again = 2 * time.Second
	// still is how often it is asked again whether who reads may do so: what somebody may
	// see no more is soon gone.
	still = time.Second
	// slowest is how long a reader may take for what it is sent.
	slowest = 20 * time.Second
	// mostStreams is how many somebody may have open, over all their pages.
	mostStreams = 6
)

// streams counts the open streams of each account.
type streams struct {
	mu   sync.Mutex
	open map[string]int
}

// begin is false for who has too many open.
func (s *streams) begin(account string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[string]int{}
	}
	if s.open[account] >= mostStreams {
		return false
	}
	s.open[account]++
	return true
}

func (s *streams) end(account string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[account]--; s.open[account] <= 0 {
		delete(s.open, account)
	}
}

// follow is the one stream of a page about a session: each part of the page anew when
// it has changed, by its id, and now and then a sentence for who only listens. A stream
// that is taken up again begins with the whole: nothing is missed.
func (p *page) follow() error {
	if !p.desk.streams.begin(p.who.Account) {
		return echo.NewHTTPError(http.StatusTooManyRequests)
	}
	defer p.desk.streams.end(p.who.Account)
	w := p.Response()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	s := &liveStream{page: p, sent: map[string]string{}, out: http.NewResponseController(w)}
	fmt.Fprintf(&s.b, "retry: %d\n\n", again.Milliseconds())
	if err := s.update(); err != nil {
		return err
	}
	ticks, pings, checks := time.NewTicker(look), time.NewTicker(ping), time.NewTicker(still)
	defer ticks.Stop()
	defer pings.Stop()
	defer checks.Stop()
	for {
		select {
		case <-p.ctx().Done():
			return nil
		case <-p.desk.ctx.Done():
			return nil
		case <-checks.C:
			if !p.stays() {
				return nil
			}
		case <-pings.C:
			s.b.WriteString(": still here\n\n")
		case <-ticks.C:
		}
		if err := s.update(); err != nil {
			p.desk.Log.DebugContext(p.ctx(), "a stream ends", "error", err)
			return nil
		}
	}
}

// stays says whether who reads is still signed in, and the group still theirs.
func (p *page) stays() bool {
	w, err := p.desk.identify(p.Context)
	if err != nil || w == nil || w.Account != p.who.Account || !w.may(holds, p.group.ID) {
		return false
	}
	_, err = p.desk.DB.Group(p.ctx(), p.line, p.group.ID)
	return err == nil
}

// liveStream is what a stream has sent.
type liveStream struct {
	*page
	begun bool
	is    *rooms.Watched
	sent  map[string]string // by id
	b     bytes.Buffer      // what is to be sent
	heard *rooms.Watched    // as it was told last
	told  time.Time
	out   *http.ResponseController
}

// liveParts are the parts of the page that change: each is a template, and an id.
var liveParts = []string{"live_now", "live_people"}

// update looks again, and sends what is new.
func (s *liveStream) update() error {
	s.now = s.desk.Now()
	is, err := s.watch()
	if err != nil {
		return err
	}
	if !s.begun || !reflect.DeepEqual(is, s.is) {
		if err := s.swap(is); err != nil {
			return err
		}
	}
	if err := s.tell(is); err != nil {
		return err
	}
	s.begun = true
	return s.flush()
}

func (s *liveStream) swap(is *rooms.Watched) error {
	s.is = is
	for _, part := range liveParts {
		var b bytes.Buffer
		if err := s.desk.templates.part(&b, "live", part, view{page: s.page, Title: "live.title", Data: s.liveView(is)}); err != nil {
			return err
		}
		if err := s.event("part", map[string]string{"id": part, "html": b.String()}); err != nil {
			return err
		}
	}
	return nil
}

// tell says what has changed since it was said last, not too often.
func (s *liveStream) tell(is *rooms.Watched) error {
	if !s.begun {
		s.heard, s.told = is, time.Now() // the machine's time: it is a reader who waits
		return nil
	}
	if time.Since(s.told) < spoken {
		return nil
	}
	text, err := s.news(s.heard, is)
	if err != nil || text == "" {
		return err
	}
	s.heard, s.told = is, time.Now()
	return s.event("say", map[string]string{"text": text})
}

func (s *liveStream) event(name string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("event %s: %w", name, err)
	}
	fmt.Fprintf(&s.b, "event: %s\ndata: %s\n\n", name, data)
	return nil
}

// flush sends what there is, to who takes it soon enough.
func (s *liveStream) flush() error {
	if s.b.Len() == 0 {
		return nil
	}
	_ = s.out.SetWriteDeadline(time.Now().Add(slowest)) // what serves tests may have none
	_, err := s.b.WriteTo(s.Response())
	if err != nil {
		return fmt.Errorf("write to a stream: %w", err)
	}
	return s.out.Flush()
}
