package emulator

import (
	"net/url"
	"testing"
	"time"
)

func TestOptOutWords(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"STOP": "STOP", "stop": "STOP", " Stop\n": "STOP", "STOPALL": "STOP", "unsubscribe": "STOP", "Cancel": "STOP", "END": "STOP",
		"quit": "STOP", "REVOKE": "STOP", "OptOut": "STOP", "START": "START", "unstop": "START", "Yes": "START", "help": "HELP", "INFO": "HELP",
		"stop please": "", "STOP.": "", "": "", "arret": "", "opt out": "",
	}
	for body, want := range tests {
		same(t, body, optOutWord(line, body), want)
	}
	same(t, "YES to a toll-free number", optOutWord("+18335550100", "YES"), "")
	same(t, "UNSTOP to one", optOutWord("+18335550100", "UNSTOP"), "START")
}

// TestOptOut goes through the words with a program that answers everything
// but them, as it should.
func TestOptOut(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.docs["/sms"] = func(v url.Values) string {
		if optOutWord(line, v.Get("Body")) != "" {
			return `<Response/>`
		}
		return `<Response><Message>ok</Message></Response>`
	}
	p := b.Phone(anna)
	for i, step := range []struct{ body, want string }{
		{"START", ""}, {"YES", ""}, {"HELP", cannedAnswers["HELP"]}, {"NOW", "ok"},
		{"Stop", cannedAnswers["STOP"]}, {"STOP", ""}, {"INFO", ""}, {"unstop", cannedAnswers["START"]}, {"NOW", "ok"},
	} {
		m := p.Text(line, step.body)
		b.Advance(2 * time.Second)
		got := ""
		for _, r := range m.Replies() {
			got += r.Body
			same(t, step.body+" arrives", r.Status, "delivered")
			same(t, step.body+" is Twilio's own", r.Canned, step.want != "ok")
		}
		same(t, step.body, got, step.want)
		same(t, "forwarded", len(b.asked("/sms")), i+1)
		if _, told := b.last("/sms")["OptOutType"]; told {
			t.Error("OptOutType without Advanced Opt-Out")
		}
	}
	b.clean()
}

func TestAnAnswerToStopFails(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/sms": `<Message statusCallback="/fared">Goodbye.</Message>`})
	m := b.Phone(anna).Text(line, "STOP")
	b.Advance(2 * time.Second)
	same(t, "answers", bodies(m.Replies()), []string{cannedAnswers["STOP"], "Goodbye. (failed 21610)"})
	same(t, "callbacks", statuses(b, "/fared"), []string{"failed 21610"})
	same(t, "problems", b.codes(), []int{21610})
}

const (
	service = "MG00000000000000000000000000000001"
	second  = "+12025550101"
)

func TestAdvancedOptOut(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/sms": ``})
	b.AddNumber(Number{E164: second})
	b.AddService(MessagingService{SID: service, Numbers: []string{line, second}})
	b.Phone(anna).Text(line, "HELP")
	v := b.last("/sms")
	same(t, "without", []string{v.Get("MessagingServiceSid"), v.Get("OptOutType")}, []string{service, ""})
	b.AddService(MessagingService{SID: service, Numbers: []string{line, second}, AdvancedOptOut: true})
	for body, want := range map[string]string{"HELP": "HELP", "unsubscribe": "STOP", "NOW": ""} {
		b.Phone(anna).Text(line, body)
		same(t, body, b.last("/sms").Get("OptOutType"), want)
	}
	same(t, "blocked by each number of the service", first(b.api("POST", "Messages.json", url.Values{"To": {anna}, "From": {second}, "Body": {"x"}})), 400)
	same(t, "and for nobody else", first(b.api("POST", "Messages.json", url.Values{"To": {ben}, "From": {second}, "Body": {"x"}})), 201)
	b.Phone(anna).Text(line, "START")
	same(t, "until START", b.last("/sms").Get("OptOutType"), "START")
	same(t, "sent", first(b.api("POST", "Messages.json", url.Values{"To": {anna}, "From": {second}, "Body": {"x"}})), 201)
	b.clean()
}
