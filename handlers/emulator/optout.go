package emulator

import (
	"slices"
	"strings"
)

// MessagingService is a pool of the account's numbers that texts are sent
// through. A text to one of its numbers goes to that number's own webhook, as
// with Twilio's setting "defer to sender's webhook", unless it keeps them.
type MessagingService struct {
	SID            string // "MG" and 32 hex digits
	Numbers        []string
	AdvancedOptOut bool   // webhooks are told of opt-out words by OptOutType
	Keeps          bool   // texts to its numbers go to InboundURL, or nowhere if it is ""
	InboundURL     string // of those it keeps
	Campaign       string // how far its registration is, in Twilio's word; "" for none
}

// AddService gives the account a messaging service, or changes one it has.
func (e *Emulator) AddService(s MessagingService) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if old := e.service(s.SID); old != nil {
		*old = s
		return
	}
	e.services = append(e.services, &s)
}

func (e *Emulator) service(sid string) *MessagingService {
	for _, s := range e.services {
		if s.SID == sid {
			return s
		}
	}
	return nil
}

func (e *Emulator) serviceOf(number string) *MessagingService {
	for _, s := range e.services {
		if slices.Contains(s.Numbers, number) {
			return s
		}
	}
	return nil
}

// pair is who may not write to whom: a number of the account, or the SID of
// the service it is in, and a phone.
type pair struct{ sender, phone string }

func (e *Emulator) pairOf(number, phone string) pair {
	if s := e.serviceOf(number); s != nil {
		return pair{s.SID, phone}
	}
	return pair{number, phone}
}

func (e *Emulator) blocked(number, phone string) bool { return e.blocks[e.pairOf(number, phone)] }

// The opt-out words of Twilio's default, as the OptOutType that they make.
// See https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out.
const (
	optOutStop  = "STOP"
	optOutStart = "START"
	optOutHelp  = "HELP"
)

// optOutWord returns the kind of an opt-out word, "" for any other text. The
// word must be the whole text. Toll-free numbers know fewer to start again.
func optOutWord(number, body string) string {
	word := strings.ToUpper(strings.TrimSpace(body))
	switch word {
	case "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT":
		return optOutStop
	case "START", "UNSTOP":
		return optOutStart
	case "YES":
		if !tollFree(number) {
			return optOutStart
		}
	case "HELP", "INFO":
		return optOutHelp
	}
	return ""
}

func tollFree(number string) bool {
	area, ok := strings.CutPrefix(number, "+1")
	return ok && len(area) == 10 && slices.Contains([]string{"800", "833", "844", "855", "866", "877", "888"}, area[:3])
}

// Twilio's own answers to opt-out words.
var cannedAnswers = map[string]string{
	optOutStop: "You have successfully been unsubscribed. You will not receive any more messages from this number. " +
		"Reply START to resubscribe.",
	optOutStart: "You have successfully been re-subscribed to messages from this number. " +
		"Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
	optOutHelp: "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}

// heed acts on an opt-out word as Twilio does before the webhook hears of it.
// What changes nothing gets no answer: a second STOP, a START or YES of
// somebody who never stopped, and HELP from somebody who did.
func (m *Message) heed() {
	word := optOutWord(m.to, m.body)
	if word == "" {
		return
	}
	p := m.e.pairOf(m.to, m.from)
	if s := m.e.serviceOf(m.to); s != nil && s.AdvancedOptOut {
		m.optOut = word
	}
	was := m.e.blocks[p]
	if (word == optOutStart) != was {
		return
	}
	if word != optOutHelp {
		m.e.blocks[p] = word == optOutStop
	}
	m.answer(&draft{from: m.to, to: m.from, body: cannedAnswers[word], canned: true})
}
