package phone_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/flows/lines"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/store/vault"
)

// prayerLine is the worked example of a line's own flow.
func prayerLine(t testing.TB) *flows.Flow {
	t.Helper()
	own, err := flows.ReadBundle(os.DirFS("../../deploy/examples/prayer-line"))
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	flow, problems := flows.Compile(own.Over(bundle))
	if flow == nil {
		t.Fatal(problems)
	}
	return flow
}

const (
	prayer       = "+12025550142"
	secondCrisis = "+12025550188"
)

// The worked example on a simulated carrier: the prayer line is dialled and comes back,
// and the second crisis line is rung when the first does not answer.
func TestALinesOwnFlow(t *testing.T) {
	t.Parallel()
	l := newLineOn(t, phone.NewShelf(prayerLine(t), noArchive{}))
	l.twilio.Phone(prayer).Behave(emulator.Behaviour{Kind: emulator.Answer, After: time.Second, Greets: "This is the prayer line."})
	l.twilio.Phone(secondCrisis).Behave(emulator.Behaviour{Kind: emulator.Answer, After: time.Second, Greets: "This is the second crisis line."})
	l.twilio.Phone(crisisLine).Behave(emulator.Behaviour{Kind: emulator.Busy})
	began := l.clock.Now()
	ida1 := l.call(ida, "3", "4")
	l.pass(3 * time.Second)
	if !l.heard(ida, "To call the prayer line, press 4.", began) || !l.heard(ida, "This is the prayer line.", began) {
		t.Errorf("who calls the prayer line heard %v", l.twilio.Phone(ida).Heard())
	}
	ida1.Hangup()
	began = l.clock.Now()
	sam1 := l.call(sam, "0", "1")
	l.pass(10 * time.Second)
	if !l.heard(sam, "This is the second crisis line.", began) {
		t.Errorf("whom the crisis line did not answer heard %v", l.twilio.Phone(sam).Heard())
	}
	sam1.Hangup()
	l.pass(time.Second)
	l.strict()
}

// Who is on a version that cannot be had any more starts over at the welcome, by voice and
// by text, and hears no error; whoever runs the line is told.
func TestAVersionThatIsLost(t *testing.T) {
	t.Parallel()
	heard := phone.NewShelf(prayerLine(t), noArchive{})
	l := newLineOn(t, heard)
	c := l.call(ida, "3")
	if !l.heard(ida, "To call the prayer line, press 4.", evening) {
		t.Fatalf("who calls heard %v", l.twilio.Phone(ida).Heard())
	}
	l.twilio.Phone(sam).Text(lineTo, "FIND")
	l.pass(time.Second)
	heard.SetOwn(flowstest.BuiltIn())
	heard.Forget()
	began := l.clock.Now()
	c.Press("4")
	l.pass(10 * time.Second)
	if !l.heard(ida, "To enter a group code, press 1.", began) || l.heard(ida, "This is the prayer line.", began) {
		t.Errorf("who calls heard %v", l.twilio.Phone(ida).Heard())
	}
	l.twilio.Phone(sam).Text(lineTo, "1")
	l.pass(time.Second)
	if texts := l.twilio.Phone(sam).Texts(); len(texts) < 4 || !strings.Contains(texts[len(texts)-1].Body, "1 Enter a code") {
		t.Errorf("who texts has %+v", texts)
	}
	if said := l.log.String(); strings.Count(said, "ALARM: a flow version") != 2 || strings.Contains(said, ida[2:]) || strings.Contains(said, "could not be answered") {
		t.Errorf("the log says %s", said)
	}
	c.Hangup()
	l.pass(time.Second)
	for _, p := range l.twilio.Problems() {
		t.Errorf("the carrier objects: %+v", p)
	}
}

// A number is held to the countries that may be called: the call goes on as if nobody
// had answered, and who runs the line is told.
func TestANumberOfTheFlowIsHeldToTheCountries(t *testing.T) {
	t.Parallel()
	flow := prayerLine(t)
	if faults := phone.CheckNumbers(flow, []string{"US", "CA"}); len(faults) > 0 {
		t.Error(faults)
	}
	faults := phone.CheckNumbers(flow, []string{"CA"})
	if len(faults) != 2 || !strings.HasPrefix(faults[0].String(), "main.yaml:4:19: F005 error: ") || strings.Contains(faults[0].String(), "555") {
		t.Errorf("where the United States may not be called: %v", faults)
	}
	own, err := vault.ParseNumber(secondCrisis)
	if err != nil {
		t.Fatal(err)
	}
	loops := phone.CheckLoops(flow, []vault.Number{own})
	if len(loops) != 1 || !strings.Contains(loops[0].String(), "F005 error: ") || !strings.Contains(loops[0].String(), "would call itself") || strings.Contains(loops[0].String(), "555") {
		t.Errorf("where a number is the line's own: %v", loops)
	}
	faults = append(faults, loops...)
	inSpanish := flows.Reader{Lang: "es", Known: func(pattern string) string { return "¡" + pattern }}
	for _, fault := range faults {
		if what, mend := fault.In(inSpanish); !strings.HasPrefix(what, "¡") || strings.Count(what, "¡") != 2 || !strings.HasPrefix(mend, "¡") {
			t.Errorf("it is told in English alone: %s %s", what, mend)
		}
	}
}
