package rooms_test

import (
	"context"
	"fmt"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/rooms/session"
)

// person is somebody with a telephone.
type person struct {
	r *rig
	*emulator.Phone
	call *emulator.Call // the last that they made
}

func (r *rig) person(n int) *person {
	return &person{r: r, Phone: r.twilio.Phone(fmt.Sprintf("+1212%03d%04d", 555+n/1000, 200+n%1000))}
}

// comes has somebody call and enter a code.
func (p *person) comes(code string) *person {
	p.r.mu.Lock()
	p.r.code[p.Number()] = code
	delete(p.r.refused, p.Number())
	p.r.mu.Unlock()
	p.call = p.Call(lineTo)
	p.r.twilio.Settle()
	return p
}

// leads says that whoever has this phone signs in with that PIN.
func (p *person) leads(pin string) *person {
	p.r.mu.Lock()
	defer p.r.mu.Unlock()
	p.r.staff[p.Number()] = pin
	return p
}

func (p *person) told() string {
	p.r.mu.Lock()
	defer p.r.mu.Unlock()
	return p.r.refused[p.Number()]
}

// do has somebody ask for something.
func (p *person) do(q session.Request) session.Outcome {
	p.r.t.Helper()
	if q.ID == "" {
		p.r.mu.Lock()
		p.r.asked++
		q.ID = fmt.Sprint("request ", p.r.asked)
		p.r.mu.Unlock()
	}
	p.r.mu.Lock()
	group := p.r.groups[p.r.code[p.Number()]]
	p.r.mu.Unlock()
	came, _, err := p.r.any().Do(context.Background(), p.r.flow, p.r.view(), group, p.call.SID(), "en", q)
	if err != nil {
		p.r.t.Error(err)
	}
	p.r.twilio.Settle()
	return came
}

func (p *person) seat() int { return p.sees().Seat }

func (p *person) sees() *flows.Session {
	p.r.t.Helper()
	p.r.mu.Lock()
	group := p.r.groups[p.r.code[p.Number()]]
	p.r.mu.Unlock()
	seen, err := p.r.any().Look(context.Background(), p.r.flow, p.r.view(), group, p.call.SID(), "en")
	if err != nil {
		p.r.t.Error(err)
	}
	if seen == nil {
		p.r.t.Fatal("they see no session")
	}
	return seen
}

func (p *person) transcript() string { return p.call.Transcript() }
