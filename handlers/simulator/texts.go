package simulator

import (
	"fmt"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// delivery is how texts to a phone fare, as a visitor chooses it.
type delivery struct {
	Key, Words string
	behaviour  emulator.DeliveryBehaviour
}

// landline is the key of a phone that neither gets texts nor writes them.
const landline = "landline"

// deliveries are the choices; the first is that of a new phone. The numbers
// are the carrier's error codes.
var deliveries = []delivery{
	{"delivered", "Arrive", emulator.DeliveryBehaviour{}},
	{"off", "Phone is off (30003)", emulator.DeliveryBehaviour{Kind: emulator.Undelivered, Code: 30003}},
	{"blocked", "Blocked by the carrier (30007)", emulator.DeliveryBehaviour{Kind: emulator.Undelivered, Code: 30007}},
	{landline, "Landline: no texts (21614)", emulator.DeliveryBehaviour{Kind: emulator.Landline}},
}

// deliver makes texts to a phone fare as one of the deliveries says.
func (b *exchangeBoard) deliver(phone *emulator.Phone, key string) {
	for _, d := range deliveries {
		if d.Key != key {
			continue
		}
		phone.Deliver(d.behaviour)
		b.mu.Lock()
		b.handset(phone.Number()).delivery = key
		b.mu.Unlock()
		b.tell()
	}
}

func (b *exchangeBoard) textOf(t emulator.Text) textView {
	v := textView{ID: t.SID, Own: t.Direction == "inbound", At: t.At.In(b.zone).Format("3:04 pm"), Text: t.Body}
	v.Fate, v.Failed = fateOf(t)
	if !v.Own && !t.Canned {
		v.Size = sizeOf(t)
	}
	return v
}

// sizeOf says what a text costs. GSM-7 goes without saying.
func sizeOf(t emulator.Text) string {
	size := "1 segment"
	if t.Segments != 1 {
		size = fmt.Sprintf("%d segments", t.Segments)
	}
	if t.Encoding != "GSM-7" {
		size = t.Encoding + ", " + size
	}
	return size
}

// fateOf says in words what became of a text.
func fateOf(t emulator.Text) (words string, failed bool) {
	switch t.Status {
	case "received":
		return "sent", false
	case "accepted", "queued", "scheduled":
		return "on its way", false
	case "sent":
		return "sent, not yet reported", false
	case "delivered":
		if t.Canned {
			return "from the carrier itself", false
		}
		return "delivered", false
	case "canceled":
		return "canceled", true
	}
	why, known := failures[t.Error]
	if !known {
		why = "it was not taken"
	}
	if t.Error != 0 {
		why += fmt.Sprintf(" (%d)", t.Error)
	}
	return "not delivered: " + why, true
}

// failures are the carrier's error codes in words.
var failures = map[int]string{
	21610: "stopped by STOP",
	21614: "not a mobile number",
	30003: "the phone is off",
	30007: "the carrier blocked it",
	30008: "nobody knows why",
	30036: "too late to be of use",
}
