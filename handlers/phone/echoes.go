package phone

import (
	"sync"
	"time"
)

// A machine that answers each of our answers would text with us for ever: the
// third time that somebody would get the same answer within ten minutes, they
// get none, and none after thirty answers of any kind. Who is told of help may
// need to be told again, and is, more often than a person would ask.
const (
	mostEchoes  = 2
	mostHelp    = 20
	mostAnswers = 30
	echoesFor   = 10 * time.Minute
	echoesSweep = time.Minute
)

// Echoes breaks loops of texts. It is one replica's, in memory, under a key
// that dies with it.
type Echoes struct {
	key memoryKey
	now func() time.Time

	mu    sync.Mutex
	last  map[digest]lastReply
	swept time.Time
}

type lastReply struct {
	reply, message digest
	times, all     int
	since, begun   time.Time // of this reply, and of all
	silent         bool      // what the last message was judged
}

// NewEchoes has heard nothing yet.
func NewEchoes(now func() time.Time) *Echoes {
	return &Echoes{key: newMemoryKey(), now: now, last: map[digest]lastReply{}, swept: now()}
}

// Sent is an answer on its way: to whom, by any name that is theirs alone.
type Sent struct {
	Line, To, Message, Reply string
	Help                     bool // it tells where help is
}

// Silences says whether an answer would be one too many. The same message
// again is judged as it was.
func (e *Echoes) Silences(x Sent) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.now()
	if now.Sub(e.swept) >= echoesSweep {
		e.swept = now
		for who, was := range e.last {
			if now.Sub(was.begun) >= echoesFor {
				delete(e.last, who)
			}
		}
	}
	who, said, id := e.key.digest(x.Line, x.To), e.key.digest("reply", x.Reply), e.key.digest("message", x.Message)
	was, known := e.last[who]
	if known && was.message == id {
		return was.silent
	}
	if !known || now.Sub(was.begun) >= echoesFor {
		was.all, was.begun = 0, now
	}
	if !known || was.reply != said || now.Sub(was.since) >= echoesFor {
		was.reply, was.times, was.since = said, 0, now
	}
	was.message = id
	was.times++
	was.all++
	most := mostEchoes
	if x.Help {
		most = mostHelp
	}
	was.silent = was.times > most || was.all > mostAnswers && !x.Help
	e.last[who] = was
	return was.silent
}
