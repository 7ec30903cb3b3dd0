package emulator

import (
	"cmp"
	"time"
)

// DeliveryKind is what becomes of a text to a phone.
type DeliveryKind int

// The ends of a text. Delivered is the zero value.
const (
	Delivered   DeliveryKind = iota
	Undelivered              // sent, then reported undelivered
	Unsent                   // failed before it was sent
	NoReport                 // sent; nothing is ever reported
	Landline                 // not a mobile number: 21614, and the phone cannot text either
)

// DeliveryBehaviour is how texts to a phone fare.
type DeliveryBehaviour struct {
	Kind   DeliveryKind
	Code   int           // Twilio's, of Undelivered (0: 30003) and Unsent (0: 30008)
	Queued time.Duration // how much longer than usual a text waits at Twilio before it is sent
	After  time.Duration // how much longer than usual the report takes
}

// Deliver says how texts to the phone fare from here on.
func (p *Phone) Deliver(b DeliveryBehaviour) {
	p.e.mu.Lock()
	defer p.e.mu.Unlock()
	p.delivery = b
}

// How long a text usually takes; Twilio promises nothing.
const (
	accepting = 100 * time.Millisecond // until a service has chosen a sender
	queueing  = 500 * time.Millisecond // in Twilio's queue
	reporting = 500 * time.Millisecond // from the carrier's taking it to its report
)

// dispatch sends an outbound message on its way.
func (m *Message) dispatch() {
	if m.service == "" {
		m.line()
		return
	}
	m.next = m.e.after(accepting, func() {
		m.become(statusQueued, 0)
		m.line()
	})
}

// line has the message wait its turn, if it may wait that long.
func (m *Message) line() {
	wait := queueing + m.fate().Queued
	if m.validity > 0 && wait > m.validity {
		m.next = m.e.after(m.validity, func() { m.become(statusFailed, 30036) })
		return
	}
	m.next = m.e.after(wait, m.leave)
}

// leave hands the message to the phone's carrier.
func (m *Message) leave() {
	b := m.fate()
	switch {
	case !m.canned && m.e.blocked(m.from, m.to):
		m.become(statusFailed, 21610)
		return
	case b.Kind == Landline:
		m.become(statusFailed, 21614)
		return
	case b.Kind == Unsent:
		m.become(statusFailed, cmp.Or(b.Code, 30008))
		return
	}
	m.sent = m.e.clock.Now()
	m.become(statusSent, 0)
	if b.Kind == NoReport {
		return
	}
	m.next = m.e.after(reporting+b.After, func() {
		if b.Kind == Undelivered {
			m.become(statusUndelivered, cmp.Or(b.Code, 30003))
			return
		}
		m.become(statusDelivered, 0)
	})
}
