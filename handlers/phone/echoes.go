package phone

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"
)

// A machine that answers each of our answers would text with us for ever: the
// third time that somebody would get the same answer within ten minutes, they
// get none.
const (
	mostEchoes  = 2
	echoesFor   = 10 * time.Minute
	echoesSweep = time.Minute
)

// Echoes breaks loops of texts. It is one replica's, in memory, under a key
// that dies with it.
type Echoes struct {
	key [sha256.Size]byte
	now func() time.Time

	mu    sync.Mutex
	last  map[digest]lastReply
	swept time.Time
}

type lastReply struct {
	reply, message digest
	times          int
	since          time.Time
	silent         bool // what the last message was judged
}

// NewEchoes has heard nothing yet.
func NewEchoes(now func() time.Time) *Echoes {
	e := &Echoes{now: now, last: map[digest]lastReply{}, swept: now()}
	_, _ = rand.Read(e.key[:]) // never fails
	return e
}

// Silences says whether an answer would be one too many. The same message
// again is judged as it was.
func (e *Echoes) Silences(line string, caller []byte, message, reply string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.now()
	if now.Sub(e.swept) >= echoesSweep {
		e.swept = now
		for who, was := range e.last {
			if now.Sub(was.since) >= echoesFor {
				delete(e.last, who)
			}
		}
	}
	who, said, id := e.digest(line, string(caller)), e.digest("reply", reply), e.digest("message", message)
	was, known := e.last[who]
	switch {
	case known && was.message == id:
		return was.silent
	case !known || was.reply != said || now.Sub(was.since) >= echoesFor:
		was = lastReply{reply: said, since: now}
	}
	was.message = id
	was.times++
	was.silent = was.times > mostEchoes
	e.last[who] = was
	return was.silent
}

func (e *Echoes) digest(parts ...string) digest {
	h := hmac.New(sha256.New, e.key[:])
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return digest(h.Sum(nil))
}
