package simulator

import (
	"errors"
	"time"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// pickup is who picks a phone up when it is rung, as a visitor chooses it.
type pickup struct {
	Key, Words string
	behaviour  emulator.Behaviour
}

// pickups are the choices; the first is that of a new phone.
var pickups = []pickup{
	{"person", "Ring here", emulator.Behaviour{Kind: emulator.Ring}},
	{"machine", "A machine answers", emulator.Behaviour{Kind: emulator.Machine, After: 3 * time.Second}},
	{"busy", "Busy", emulator.Behaviour{Kind: emulator.Busy}},
}

// pickUp makes a phone be picked up as one of the pickups says.
func (b *exchangeBoard) pickUp(name string, phone *emulator.Phone, key string) {
	for _, p := range pickups {
		if p.Key != key {
			continue
		}
		if p.behaviour.Kind == emulator.Machine {
			p.behaviour.Says = "You have reached " + name + ". Please leave a message after the tone."
		}
		phone.Behave(p.behaviour)
		b.mu.Lock()
		b.handset(phone.Number()).pickup = key
		b.mu.Unlock()
		b.tell()
	}
}

func checkPickup(as string) error {
	for _, p := range pickups {
		if p.Key == as {
			return nil
		}
	}
	return errors.New("as: send person, machine or busy")
}
