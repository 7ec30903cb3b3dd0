package outbox

import (
	"cmp"
	"errors"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
)

const (
	// soon is how short before an occurrence its reminder says that it is soon.
	soon = time.Hour + time.Minute
	// ringing bounds how long anybody is rung, oneQuestion a call that leads to no
	// room; any other may last as long as Twilio lets it.
	ringing     = 25 * time.Second
	oneQuestion = 2 * time.Minute
	longest     = 4 * time.Hour
	// longestValid is how long the carrier may try to deliver a text.
	longestValid = 4 * time.Hour
)

// clips are how many letters of a group's name are tried, one after the other,
// until a text fits; 0 is what any has room for.
var clips = []int{0, 24, 18, 12, 8}

var errNoWords = errors.New("its words are no single segment")

// purposeOf is what the flow calls what a row is for: what it begins a call with, and says
// in a text.
func purposeOf(x store.Outgoing) string {
	switch {
	case x.Kind == store.Confirmation:
		return flows.TextedConfirm
	case x.Kind == store.Cover && x.Firing.Purpose == store.Covered:
		return flows.TextedCovered
	case x.Kind != store.Change:
		return string(x.Kind)
	case x.Firing.Purpose == store.NotHeld:
		return flows.TextedSkipped
	case x.Firing.Purpose == store.HeldAfterAll:
		return flows.TextedHeld
	}
	return flows.TextedMoved
}

// textedAs is purposeOf for a text that goes out at now.
func textedAs(x store.Outgoing, now time.Time) string {
	if x.Kind == store.Reminder && x.Firing.Start.Sub(now) <= soon {
		return flows.TextedSoon
	}
	return purposeOf(x)
}

// aboutOf is what a row tells of, zero for one that tells of no group.
func aboutOf(x store.Outgoing, named bool) flows.About {
	if x.Firing.Group == "" {
		return flows.About{}
	}
	a := flows.About{Row: x.ID, Group: x.Firing.Group, Start: x.Firing.Start.Unix() / 60, Named: named}
	if !x.Firing.Was.IsZero() && x.Firing.Purpose != store.NotHeld {
		a.Was = x.Firing.Was.Unix() / 60
	}
	return a
}

// questionOf is what a row asks with, which comes back with the answer; nil for one
// that asks nothing of the kind.
func (o *Outbox) questionOf(x store.Outgoing) map[string]string {
	if x.Kind != store.Cover || x.Firing.Purpose != store.ToCover {
		return nil
	}
	return map[string]string{flows.VarQuestion: store.QuestionCode(o.Keys, x.Line, x.ID)}
}

// words are those of a text: one segment, in GSM-7 where its language and the
// group's name allow. A name that is too long is clipped, and left out when even
// that does not help.
func (o *Outbox) words(x store.Outgoing, p flows.Preferences, snap *store.Snapshot) (string, error) {
	return o.saying(textedAs(x, o.Now()), x, p, snap)
}

// saying is words of a text that the flow says for something.
func (o *Outbox) saying(what string, x store.Outgoing, p flows.Preferences, snap *store.Snapshot) (string, error) {
	now, flow := o.Now(), o.Flows.Current(x.Line)
	discreet, naming := flow.Texted(what)
	if discreet == "" {
		return "", errNoWords
	}
	lang := cmp.Or(p.Language, snap.Directory.Line.Languages[0])
	view := flows.View{Now: now.Truncate(time.Minute), Directory: snap.Directory, Text: true, Number: carrier.Written(o.From(x.Line))}
	asked := o.questionOf(x)
	try := func(prompt string, named bool) (body string, fits bool) {
		for _, view.Clip = range clips {
			body = flows.Fold(flow.Say(view, flows.State{Lang: lang, Group: x.Firing.Group, About: aboutOf(x, named), Vars: asked}, prompt).Text())
			if flows.CountSegments(body).Count == 1 {
				return body, true
			}
			if x.Firing.Group == "" {
				break
			}
		}
		return "", false
	}
	if p.Clear && naming != "" {
		if body, fits := try(naming, true); fits {
			return body, nil
		}
	}
	if body, fits := try(discreet, false); fits {
		return body, nil
	}
	return "", errNoWords
}

// said are the words of a text that staff have written to a group, in the language
// of who gets it if they wrote in that, as a phone shows them.
func said(r store.Recipient, snap *store.Snapshot) (string, error) {
	if body := flows.Fold(r.Said.Words.In(cmp.Or(r.Preferences.Language, snap.Directory.Line.Languages[0]))); body != "" {
		return body, nil
	}
	return "", errNoWords // it is gone, or was spoken
}

// message makes the text of a row.
func (o *Outbox) message(x store.Outgoing, r store.Recipient, snap *store.Snapshot) (carrier.Message, error) {
	words := func() (string, error) { return o.words(x, r.Preferences, snap) }
	if x.Kind == store.ToGroup {
		words = func() (string, error) { return said(r, snap) }
	}
	if x.Kind == store.ToGroup && r.Said.Spoken != "" {
		words = func() (string, error) { return o.saying(flows.TextedSpoken, x, r.Preferences, snap) }
	}
	body, err := words()
	if err != nil {
		return carrier.Message{}, err
	}
	valid := min(longestValid, x.ExpiresAt.Sub(o.Now())).Truncate(time.Second)
	return carrier.Message{
		From: o.From(x.Line), To: r.Number, Service: o.Service, Body: body,
		StatusCallback: o.callback(x), ValidFor: max(time.Second, valid),
	}, nil
}

// ring makes the call of a row. Who answers it is listened to first: a machine
// hears nothing, or a line that tells nothing if the member allows that.
func (o *Outbox) ring(x store.Outgoing, r store.Recipient, snap *store.Snapshot) (carrier.Ring, error) {
	address, err := carrier.Placed{
		Line: x.Line, Row: x.ID, Attempt: x.Attempts, Kind: purposeOf(x),
		Lang:    cmp.Or(r.Preferences.Language, snap.Directory.Line.Languages[0]),
		Slow:    r.Preferences.Slow,
		Neutral: r.Preferences.Machine == flows.MachineNeutral && x.Firing.Group != "",
		About:   aboutOf(x, r.Preferences.Clear),
	}.Address(o.Keys, o.PublicURL+o.VoicePath)
	if err != nil {
		return carrier.Ring{}, err
	}
	limit := longest
	if x.Firing.Group == "" {
		limit = oneQuestion
	}
	return carrier.Ring{
		From: o.From(x.Line), To: r.Number, URL: address, StatusCallback: o.callback(x),
		Timeout: ringing, TimeLimit: limit, DetectMachine: true,
	}, nil
}

// callback is where the carrier tells what became of a row's next request. It is
// told nothing by it but that: which row it is stays sealed.
func (o *Outbox) callback(x store.Outgoing) string {
	return carrier.SentToken{Line: x.Line, Row: x.ID, Attempt: x.Attempts}.Address(o.Keys, o.PublicURL+o.SentPath)
}
