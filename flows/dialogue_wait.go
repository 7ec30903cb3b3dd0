package flows

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Lull is a time in which somebody hears nobody, in a room or on their way into it: who they
// are to the flow (WaitAlone and the others), and how often they were told so. The zero
// value is none.
type Lull struct {
	who  string
	told int
}

// eachLull is how long it is from one time that somebody is told to the next.
const eachLull = 10 * time.Minute / tenMinutes

// Next is what goes on for who is described by "alone", or by "host 10m" where they have
// waited for so long.
func (l *Lull) Next(words string) (Input, error) {
	who, long, _ := strings.Cut(words, " ")
	if waitings[who] == "" {
		return Input{}, fmt.Errorf("who waits? there are %s", strings.Join(slices.Sorted(maps.Keys(waitings)), ", "))
	}
	if who != l.who {
		*l = Lull{who: who}
	}
	if long != "" {
		d, err := time.ParseDuration(long)
		if err != nil || d < 0 {
			return Input{}, errors.New("waits how long? it is written like 30s or 10m")
		}
		l.told = int(d / eachLull)
	}
	l.told++
	return Input{Event: Waiting, Result: who, Told: l.told - 1}, nil
}

// Presses says whether the keys of those who wait do something: at a door they do.
func (l Lull) Presses() bool { return l.who == WaitDoor }

// waits has the caller hear nobody for a while. They stay where they are.
func (p *player) waits(words string) error {
	if _, ok := p.out.Then.(Join); !ok {
		return fmt.Errorf("the caller is in no room: %s", describe(p.out.Then))
	}
	in, err := p.lull.Next(words)
	if err == nil {
		p.out.Said = p.edge.Run(p.flow, p.view, p.out.State, in).Said
	}
	return err
}
