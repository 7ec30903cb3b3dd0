package rooms_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store/vault"
)

// edge is the least that a front end does: it lets a caller in by the code that the
// test says, and gives verbs keys of its own.
func (r *rig) edge(e *echo.Echo) {
	guard, err := carrier.NewGuard(carrier.GuardOptions{PublicURL: r.web.URL, AccountSID: account, AuthTokens: []string{authToken}})
	if err != nil {
		r.t.Fatal(err)
	}
	document := func(h func(c echo.Context, w carrier.Webhook) carrier.Response) echo.HandlerFunc {
		return func(c echo.Context) error {
			w, _ := carrier.WebhookOf(c)
			body, err := h(c, w).Encode()
			if err != nil {
				return err
			}
			return c.Blob(http.StatusOK, carrier.ContentType, body)
		}
	}
	e.POST("/twilio/voice", document(r.voice), guard.Middleware)
	e.POST("/hook", func(c echo.Context) error {
		w, _ := carrier.WebhookOf(c)
		r.hook = w
		return c.Blob(http.StatusOK, carrier.ContentType, []byte("<Response/>"))
	}, guard.Middleware)
	e.POST("/left", document(r.left), guard.Middleware)
	e.POST("/menu", document(r.menu), guard.Middleware)
	e.POST("/wait", document(func(echo.Context, carrier.Webhook) carrier.Response {
		return carrier.Response{say("nobody else"), carrier.Pause{Length: 20 * time.Second}, carrier.Redirect{URL: r.web.URL + "/wait", Method: carrier.POST}}
	}), guard.Middleware)
	e.POST("/queue", document(func(echo.Context, carrier.Webhook) carrier.Response {
		return carrier.Response{say("please wait"), carrier.Gather{Action: r.web.URL + "/key", Timeout: 20 * time.Second, NumDigits: 1, FinishOnKey: carrier.Some("")}}
	}), guard.Middleware)
	e.POST("/key", document(func(echo.Context, carrier.Webhook) carrier.Response { return carrier.Response{carrier.Leave{}} }), guard.Middleware)
	e.POST(rooms.RejoinPath, document(func(c echo.Context, w carrier.Webhook) carrier.Response {
		if _, state, err := r.any().Open(c.QueryParams()); err != nil || state.Group == "" {
			r.t.Error("a room's address does not open: ", err)
		}
		return r.enter(w)
	}), guard.Middleware)
	e.POST(rooms.NotePath, document(func(c echo.Context, w carrier.Webhook) carrier.Response {
		v, err := r.any().Voice(c.Request().Context(), c.QueryParams())
		if err != nil {
			r.t.Error(err)
			return nil
		}
		if v.Slow {
			return carrier.Response{say("slow " + v.Prompt)}
		}
		if v.Lang == "es" {
			return carrier.Response{say("nota " + v.Prompt)}
		}
		seen, err := r.any().Tells(c.Request().Context(), r.flow, v)
		if err != nil || seen == nil {
			return carrier.Response{say("note " + v.Prompt)}
		}
		return carrier.Response{say(strings.TrimSpace("note " + v.Prompt + " " + seen.About))}
	}), guard.Middleware)
	took := func(h func(*rooms.Service, context.Context, carrier.Webhook, url.Values) error) echo.HandlerFunc {
		return func(c echo.Context) error {
			w, _ := carrier.WebhookOf(c)
			if err := h(r.any(), c.Request().Context(), w, c.QueryParams()); err != nil {
				return c.NoContent(http.StatusServiceUnavailable)
			}
			return c.NoContent(http.StatusNoContent)
		}
	}
	e.POST(rooms.EventPath, took((*rooms.Service).Happened), guard.Middleware)
	e.POST(rooms.RungPath, took((*rooms.Service).Rung), guard.Middleware)
}

func say(words string) carrier.Say { return carrier.Say{Parts: []carrier.Part{carrier.Text(words)}} }

func (r *rig) group(w carrier.Webhook) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	code := r.code[w.Caller().Number.Reveal(vault.ForDial)]
	if code == "" {
		code = openCode
	}
	return r.groups[code]
}

// voice is a call's beginning: a caller's, or one of ours to a facilitator, who has
// the PIN at hand.
func (r *rig) voice(c echo.Context, w carrier.Webhook) carrier.Response {
	from := w.Caller().Number.Reveal(vault.ForDial)
	who := rooms.Caller{Call: w.CallSID(), Number: w.Caller().Number, Lang: "en"}
	r.mu.Lock()
	if r.spanish[from] {
		who.Lang = "es"
	}
	who.Slow = r.slow[from]
	typed := r.staff[from]
	r.mu.Unlock()
	if p, ours := w.Placed(r.keys, c.QueryParams()); ours && (p.Kind != flows.PlacedHost && p.Kind != flows.PlacedBackup || p.About.Group != r.group(w)) {
		r.t.Errorf("a call of ours is %q", p.Kind)
	}
	if typed != "" {
		id, ok, err := r.any().SignIn(c.Request().Context(), r.view(), r.group(w), typed, 1, w.Verified(), w)
		if err != nil || !ok {
			r.t.Errorf("sign in: %v, %v", ok, err)
		}
		who.Facilitator = id
	}
	door := r.any().Admit(c.Request().Context(), r.flow, r.view(), r.group(w), who)
	if door == "ok" || door == "waits" {
		return r.enter(w)
	}
	return r.out(w, door)
}

func (r *rig) out(w carrier.Webhook, why string) carrier.Response {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refused[w.Caller().Number.Reveal(vault.ForDial)] = why
	return carrier.Response{say(why), carrier.Hangup{}}
}

func (r *rig) enter(w carrier.Webhook) carrier.Response {
	ctx := context.Background()
	r.mu.Lock()
	r.turns[w.CallSID()]++
	turn := r.turns[w.CallSID()]
	r.mu.Unlock()
	way, err := r.any().Enter(ctx, r.view(), rooms.Leg{
		Group: r.group(w), Call: w.CallSID(), Turn: turn, WaitURL: r.web.URL + "/wait", QueueURL: r.web.URL + "/queue", Action: r.web.URL + "/left",
	})
	if err != nil {
		return r.out(w, r.any().Stepped(ctx, r.view(), r.group(w), w.CallSID(), false))
	}
	if way.Queue != nil {
		return carrier.Response{*way.Queue}
	}
	return carrier.Response{carrier.Dial{Action: r.web.URL + "/left", HangupOnStar: true, To: way.Conference}}
}

func (r *rig) left(c echo.Context, w carrier.Webhook) carrier.Response {
	if w.Param("QueueResult") == "redirected" {
		return carrier.Response{}
	}
	if w.QueueResult() == carrier.QueueLeft {
		r.any().Stepped(c.Request().Context(), r.view(), r.group(w), w.CallSID(), false)
		return carrier.Response{carrier.Dial{Action: r.web.URL + "/left", To: carrier.Number{Number: number(r.t, crisisTo)}}}
	}
	switch where := r.any().Stepped(c.Request().Context(), r.view(), r.group(w), w.CallSID(), w.CallStatus().Over()); where {
	case "menu":
		return carrier.Response{
			carrier.Gather{Action: r.web.URL + "/menu", Timeout: 7 * time.Second, NumDigits: 1, FinishOnKey: carrier.Some(""), ActionOnEmptyResult: true},
		}
	case "room", "waits":
		return r.enter(w)
	default:
		return r.out(w, where)
	}
}

// keys are what a test presses at the menu of a room.
var keys = map[string]session.Verb{"6": session.MuteSelf, "9": session.Hand, "3": session.Done, "8": session.Tell}

func (r *rig) menu(c echo.Context, w carrier.Webhook) carrier.Response {
	digits, _ := w.Digits()
	if verb, ok := keys[digits]; ok {
		r.mu.Lock()
		id := w.CallSID() + strconv.Itoa(r.turns[w.CallSID()]) + digits
		r.mu.Unlock()
		came, _, err := r.any().Do(c.Request().Context(), r.flow, r.view(), r.group(w), w.CallSID(), "en", session.Request{ID: id, Verb: verb, Signal: session.Sound})
		if err != nil {
			r.t.Error(err)
		}
		return append(carrier.Response{say(string(came))}, r.enter(w)...)
	}
	return r.enter(w)
}
