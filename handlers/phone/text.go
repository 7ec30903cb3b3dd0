package phone

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store"
)

// Dialogues keep the questions that are open to those who text.
type Dialogues interface {
	Answer(ctx context.Context, t store.Text, answer func(state []byte) store.Answer) (string, error)
}

// text answers a text: exactly once, whatever it is, but for the words that
// the carrier answers itself, and for what no answer is spent on.
func (c *Calls) text(e echo.Context) error {
	w, ok := carrier.WebhookOf(e)
	if !ok {
		return echo.ErrForbidden
	}
	ctx, cancel := context.WithTimeout(e.Request().Context(), c.deadline)
	defer cancel()
	return e.Blob(http.StatusOK, carrier.ContentType, carrier.Reply(c.reply(ctx, w)))
}

// reply is the answer to a text, "" for none.
func (c *Calls) reply(ctx context.Context, w carrier.Webhook) (answer string) {
	asked, answered := w.OptOut()
	if answered {
		c.optOut(ctx, w, asked)
		return ""
	}
	snap, ok := c.Directories.For(w.Line())
	if !c.payable(w) {
		if ok {
			c.Spending.Refused(snap.Directory.Line.ID)
		}
		return ""
	}
	if !ok {
		if answer = cannotSay(); !c.affords(ctx, w, "", answer, false) {
			return ""
		}
		return answer
	}
	body := w.Body()
	if asked == carrier.OptHelp {
		body = flows.HelpKey
	}
	line := snap.Directory.Line.ID
	var caller []byte
	if from := w.Caller(); !from.Withheld() {
		caller = c.Keys.Index(line, from.Number)
	}
	in := call{hook: w, snap: snap, view: c.textView(w, snap)}
	answer, err := c.answerText(ctx, in, caller, body)
	if err != nil {
		c.Log.ErrorContext(ctx, "a text could not be answered as usual", "error", err)
	}
	sender := string(caller)
	if caller == nil {
		sender = w.Param("From") // a short code, say: machines have those
	}
	help := slices.Contains(c.helpTexts(in), answer)
	if c.Echoes.Silences(Sent{Line: line, To: sender, Message: w.MessageSID(), Reply: answer, Help: help}) || !c.affords(ctx, w, line, answer, help) {
		return ""
	}
	return answer
}

// optOut heeds what the carrier was told: STOP and START hold for everything that
// we would send. These are the carrier's own words and no flow's: it has acted on them, and
// answered, before we are told. It takes YES for a START; who was reminded of a meeting
// means that they come.
func (c *Calls) optOut(ctx context.Context, w carrier.Webhook, asked carrier.OptOut) {
	snap, ok := c.Directories.For(w.Line())
	from := w.Caller()
	if !ok || from.Withheld() || asked != carrier.OptStop && asked != carrier.OptStart {
		return
	}
	e := store.Event{Line: snap.Directory.Line.ID, SID: w.MessageSID(), At: c.Now()}
	if err := c.Members.Stop(ctx, e, from.Number, asked == carrier.OptStop, snap.Directory.IDs()); err != nil {
		c.Log.ErrorContext(ctx, "an opt-out could not be kept; the carrier's own block stands", "error", err)
	}
	if asked != carrier.OptStart || !strings.EqualFold(strings.TrimSpace(w.Body()), "yes") {
		return
	}
	if err := c.Members.Coming(ctx, e, from.Number, true, snap.Directory.IDs()); err != nil {
		c.Log.ErrorContext(ctx, "that somebody is coming could not be kept", "error", err)
	}
}

// answerText takes the turn. Without Postgres a text is answered as if no
// question were open. There is an answer whatever the error.
func (c *Calls) answerText(ctx context.Context, in call, caller []byte, body string) (answer string, err error) {
	line := in.view.Directory.Line.ID
	in.flow = c.Flows.For(line, in.hook.Caller().Number)
	defer func() {
		if p := recover(); p != nil {
			// What panicked may hold a number: say only that it did.
			answer, err = c.sorry(in), fmt.Errorf("panic in a text: %T", p)
		}
	}()
	if caller == nil {
		return c.textTurn(ctx, in, nil, body).Reply, nil
	}
	indexes := c.Keys.Indexes(line, in.hook.Caller().Number)
	answer, err = c.Dialogues.Answer(ctx, store.Text{
		Line: line, Caller: indexes[0], Older: indexes[1:], Message: []byte(c.Keys.Label("message", in.hook.MessageSID())), At: c.Now(),
	}, func(state []byte) store.Answer { return c.textTurn(ctx, in, state, body) })
	if err != nil {
		in.adrift = true
		return c.textTurn(ctx, in, nil, body).Reply, err
	}
	return answer, nil
}

// textTurn is one exchange: state is that of the open question, nil for none.
func (c *Calls) textTurn(ctx context.Context, in call, state []byte, body string) store.Answer {
	var s flows.State
	if s.UnmarshalBinary(state) == nil {
		if f, err := c.Flows.Version(ctx, in.view.Directory.Line.ID, s.Flow); err == nil {
			in.flow = f
		} else {
			c.lost(ctx, "a text", s.Flow, err)
			s = flows.State{Lang: s.Lang}
		}
	}
	in.view.Desk = c.orders(ctx, in, s, body)
	var a store.Answer
	host := c.host(ctx, in)
	out := flows.Run(in.flow, in.view, s, flows.Input{Event: flows.Texted, Keys: body}, func(r flows.Request) flows.Answer {
		came := host(r)
		a.Forget = a.Forget || r.Function == "member.erase" && came.Result == done
		return came
	})
	a.Reply = out.Message()
	if _, open := out.Then.(flows.Await); open {
		a.State, _ = out.State.AppendBinary(nil) // cannot fail
	}
	return a
}

// helpTexts are the answers that tell where help is, in each language.
func (c *Calls) helpTexts(in call) []string {
	f := c.Flows.Current(in.view.Directory.Line.ID)
	var all []string
	for _, lang := range in.view.Directory.Line.Languages {
		all = append(all, f.HelpTexts(in.view, lang)...)
	}
	return all
}

func (c *Calls) sorry(in call) string {
	return flows.Fold(in.flow.Say(in.view, flows.State{Lang: in.view.Directory.Line.Languages[0]}, flows.TryLater).Text())
}

func (c *Calls) textView(w carrier.Webhook, snap *store.Snapshot) flows.View {
	v := c.viewOf(w, snap)
	v.Text = true
	return v
}
