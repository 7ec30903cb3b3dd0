package phone

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
)

// Caps are how many answers to texts a replica spends. Who earns by texts has
// machines text us for our answers; a person's hundred a day and a busy line's
// are far below these.
type Caps struct {
	SenderDay            int // to one sender in a day
	LineMinute, LineHour int // of one line
	HelpMinute, HelpHour int // of one line, of answers that tell where help is, beside the others
	HelpSenderDay        int
}

// DefaultCaps are those of a line that serves a region.
var DefaultCaps = Caps{SenderDay: 100, LineMinute: 60, LineHour: 900, HelpMinute: 30, HelpHour: 300, HelpSenderDay: 60}

// alarmEvery is how often at most it is told that a line's answers are spent.
const alarmEvery = time.Hour

// Spending bounds what answers to texts cost. It is one replica's, in memory,
// under a key that dies with it: nothing of who texted is kept anywhere. Only
// counts leave. What it remembers grows with the answers granted, not with the
// texts that come in.
type Spending struct {
	key  memoryKey
	now  func() time.Time
	caps Caps
	log  *slog.Logger

	mu         sync.Mutex
	spent      map[digest]*window
	granted    map[digest]time.Time // by message
	unanswered map[string]int       // by line, since the last Drain
	alarmed    map[string]time.Time // by line
	swept      time.Time
}

// window counts until it ends, and begins anew.
type window struct {
	count int
	ends  time.Time
}

// NewSpending has spent nothing yet.
func NewSpending(now func() time.Time, caps Caps, log *slog.Logger) *Spending {
	return &Spending{
		key: newMemoryKey(), now: now, caps: caps, log: log, spent: map[digest]*window{}, granted: map[digest]time.Time{},
		unanswered: map[string]int{}, alarmed: map[string]time.Time{}, swept: now(),
	}
}

// Allows says whether an answer is spent, and counts it. The same message again
// costs nothing more.
func (s *Spending) Allows(ctx context.Context, x Sent) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	id := s.key.digest("message", x.Line, x.Message)
	if _, again := s.granted[id]; again {
		return true
	}
	kind, minute, hour, day := "answer", s.caps.LineMinute, s.caps.LineHour, s.caps.SenderDay
	if x.Help {
		kind, minute, hour, day = "help", s.caps.HelpMinute, s.caps.HelpHour, s.caps.HelpSenderDay
	}
	line := []pot{
		{s.key.digest(kind, "minute", x.Line), minute, time.Minute},
		{s.key.digest(kind, "hour", x.Line), hour, time.Hour},
	}
	sender := pot{s.key.digest(kind, "sender", x.Line, x.To), day, 24 * time.Hour}
	switch {
	case s.empty(now, line...):
		s.unanswered[x.Line]++
		s.alarm(ctx, now, x.Line)
		return false
	case s.empty(now, sender):
		s.unanswered[x.Line]++
		return false
	}
	s.take(now, append(line, sender)...)
	s.granted[id] = now
	return true
}

// mostAsked is how often a day a number may be asked to confirm that it enrolled:
// else a prankster who shows its caller ID, and has it forgotten in between, could
// have it texted without end. It is counted here, since FORGET ME leaves nothing
// elsewhere.
const mostAsked = 3

// Asks says whether a number may be asked because of this call, and counts it.
// The same call again costs nothing more.
func (s *Spending) Asks(x Sent) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	id := s.key.digest("call", x.Line, x.Message)
	if _, again := s.granted[id]; again {
		return true
	}
	asked := pot{s.key.digest("asked", x.Line, x.To), mostAsked, 24 * time.Hour}
	if s.empty(now, asked) {
		return false
	}
	s.take(now, asked)
	s.granted[id] = now
	return true
}

// Refused counts a text that is not answered for another reason.
func (s *Spending) Refused(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unanswered[line]++
}

// Drain returns how many texts went without an answer, by line, since it was last
// called.
func (s *Spending) Drain() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := s.unanswered
	s.unanswered = map[string]int{}
	return counts
}

// pot holds so many answers for so long.
type pot struct {
	id     digest
	most   int
	period time.Duration
}

func (s *Spending) empty(now time.Time, pots ...pot) bool {
	for _, p := range pots {
		if w := s.spent[p.id]; p.most <= 0 || w != nil && now.Before(w.ends) && w.count >= p.most {
			return true
		}
	}
	return false
}

func (s *Spending) take(now time.Time, pots ...pot) {
	for _, p := range pots {
		w := s.spent[p.id]
		if w == nil || !now.Before(w.ends) {
			w = &window{ends: now.Add(p.period)}
			s.spent[p.id] = w
		}
		w.count++
	}
}

// alarm tells that a line's answers are spent, once in a while.
func (s *Spending) alarm(ctx context.Context, now time.Time, line string) {
	if last, told := s.alarmed[line]; told && now.Sub(last) < alarmEvery {
		return
	}
	s.alarmed[line] = now
	s.log.ErrorContext(ctx, "ALARM: more texts come in than a line answers; the others get no answer", "line", line)
}

// sweep forgets what no longer matters.
func (s *Spending) sweep(now time.Time) {
	if now.Sub(s.swept) < time.Minute {
		return
	}
	s.swept = now
	maps.DeleteFunc(s.spent, func(_ digest, w *window) bool { return !now.Before(w.ends) })
	maps.DeleteFunc(s.granted, func(_ digest, at time.Time) bool { return now.Sub(at) > rememberFor })
}

// payable reports whether an answer to a text may be paid for at all: one to
// another country, or to a number that earns by being texted, is not. Such a text
// takes no turn either, so that it leaves no open question behind: nobody is
// enrolled from there. Of a sender that is no number, such as a short code, the
// caps alone decide.
func (c *Calls) payable(w carrier.Webhook) bool {
	from := w.Caller()
	return from.Withheld() || from.Number.Within(c.Countries)
}

// affords says whether an answer is sent, as the last thing before it is.
func (c *Calls) affords(ctx context.Context, w carrier.Webhook, line, answer string, help bool) bool {
	return answer != "" && c.Spending.Allows(ctx, Sent{Line: line, To: w.Param("From"), Message: w.MessageSID(), Help: help})
}
