package carrier_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/handlers/carrier"
)

// Slow speech is a rate and nothing else: one element as long as nothing comes between.
func TestSpeakingMoreSlowly(t *testing.T) {
	t.Parallel()
	f := flowstest.BuiltIn()
	parts := []flows.Part{
		{Text: "Your "}, {Text: "PIN", Alias: "pin"}, {Text: " is "}, {Text: "4, 2", Slow: true}, {Pause: time.Second}, {Text: "."},
	}
	for slow, want := range map[bool]string{
		false: `Your <sub alias="pin">PIN</sub> is <prosody rate="slow">4, 2</prosody><break time="1000ms"/>.`,
		true: `<prosody rate="80%">Your <sub alias="pin">PIN</sub> is </prosody><prosody rate="60%">4, 2</prosody>` +
			`<break time="1000ms"/><prosody rate="80%">.</prosody>`,
	} {
		body, err := carrier.Verbs(carrier.Spoken(f, []flows.Utterance{{Lang: "en", Slow: slow, Parts: parts}})).Encode()
		if err != nil {
			t.Fatal(err)
		}
		want = `<?xml version="1.0" encoding="UTF-8"?><Response><Say voice="Polly.Joanna-Neural" language="en-US">` + want + `</Say></Response>`
		if string(body) != want {
			t.Errorf("slow %t: %s", slow, body)
		}
	}
}

// A wait listens for words in the language that it names, and for keys alone otherwise.
func TestAskingForWords(t *testing.T) {
	t.Parallel()
	f := new(flows.Flow)
	for want, wait := range map[string]flows.Await{
		`<Gather input="dtmf" action="/x" timeout="6" numDigits="1" finishOnKey="" actionOnEmptyResult="true"></Gather>`: {Digits: 1, Timeout: 6 * time.Second},
		`<Gather input="dtmf speech" action="/x" timeout="6" numDigits="1" finishOnKey="" actionOnEmptyResult="true" language="en-US" hints="find a group,help" speechTimeout="2"></Gather>`: {
			Digits: 1, Timeout: 6 * time.Second, Listen: "en-US", Hints: "find a group,help",
		},
	} {
		body, err := carrier.Response{carrier.Ask(f, nil, wait, "/x", "")}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if want = `<?xml version="1.0" encoding="UTF-8"?><Response>` + want + `</Response>`; string(body) != want {
			t.Errorf("%s", body)
		}
	}
}

// A list with many names in it is said in several pieces: in one that is too long, the
// carrier says nothing at all.
func TestWhatIsLongIsSaidInPieces(t *testing.T) {
	t.Parallel()
	f := flowstest.BuiltIn()
	for name, u := range map[string]flows.Utterance{
		"names":             {Lang: "en", Parts: []flows.Part{{Text: "You belong to "}, {Text: strings.Repeat("Blue Heron, ", 500)}, {Pause: time.Second}, {Text: "Nine.", Alias: "9"}}},
		"without a space":   {Lang: "zh-Hans", Slow: true, Parts: []flows.Part{{Text: strings.Repeat("苍鹭", 2000), Slow: true}}},
		"one after another": {Lang: "en", Parts: []flows.Part{{Text: strings.Repeat("a ", 1400)}, {Text: strings.Repeat("b ", 1400), Alias: "b"}, {Text: strings.Repeat("c ", 1400)}}},
	} {
		body, err := carrier.Verbs(carrier.Spoken(f, []flows.Utterance{{Lang: u.Lang, Parts: []flows.Part{{Text: "Well."}}}, u})).Encode()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		all := regexp.MustCompile(`<[^>]*>| `).ReplaceAllString(string(body), "")
		if want := strings.ReplaceAll(u.Text(), " ", ""); all != "Well."+want {
			t.Errorf("%s: of %d letters %d are said", name, len(want), len(all))
		}
	}
}
