package phone

import (
	"net/url"
	"strconv"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
)

// begin starts a call that we placed. Whoever is not known to be a person hears
// nothing at all, unless the member lets a machine hear that there was a call: then
// nothing of what it was about is in its state.
func (c *Calls) begin(in call, query url.Values) (flows.State, flows.Input, bool) {
	p, ours := in.hook.Placed(c.Keys, query)
	human := in.hook.AnsweredByHuman()
	switch {
	case !ours || p.Line != in.view.Directory.Line.ID || !human && !p.Neutral, p.Until != 0 && c.Now().Unix() > p.Until:
		return flows.State{}, flows.Input{}, false
	case !human:
		return flows.State{Lang: p.Lang, Slow: p.Slow}, flows.Input{Event: flows.Placed, Result: flows.PlacedMachine}, true
	}
	s := flows.State{Lang: p.Lang, Slow: p.Slow, About: p.About}
	switch {
	case p.Script > 0:
		s.Vars = map[string]string{flows.VarScript: strconv.Itoa(p.Script)}
	case p.Applicant != "":
		s.Vars = map[string]string{flows.VarApplicant: p.Applicant}
	}
	return s, flows.Input{Event: flows.Placed, Result: p.Kind}, true
}

// unsaid covers on a call that we placed: whoever listens may know nothing of
// the line, and is told nothing of it.
func unsaid(address string, times int) carrier.Response {
	if times >= fewApologies {
		return carrier.Response{carrier.Hangup{}}
	}
	return carrier.Response{carrier.Pause{Length: 2 * time.Second}, carrier.Redirect{URL: address, Method: carrier.POST}}
}
