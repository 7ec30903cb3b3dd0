package carrier

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// maxAnswer bounds what is read of an answer, in bytes. A full conference's list
// is a fifth of it.
const maxAnswer = 1 << 20

var errAnswerTooLong = errors.New("the answer is longer than any should be")

// exchange is one request and its answer. twilio-go takes no context, forgets
// the HTTP status of an answer that is not its JSON, and leaves the bodies of
// failed requests open, so each request gets a transport of its own that mends
// these.
type exchange struct {
	ctx    context.Context
	client *Client
	acts   bool        // to do it twice would be to do two things: a POST
	unsent atomic.Bool // proof that no byte of it has left
	url    *url.URL    // where it went
	status int         // of HTTP; 0 without an answer
	most   int64       // that is read of the answer, in bytes; 0 is [maxAnswer]
}

func (c *Client) exchange(ctx context.Context) *exchange { return &exchange{ctx: ctx, client: c} }

// api returns a service whose one request is x. Its handler is made by hand:
// the library's constructor reads TWILIO_EDGE and TWILIO_REGION.
func (x *exchange) api() *api.ApiService {
	return api.NewApiService(&client.RequestHandler{Client: x.library()})
}

// library is the library's client whose one request is x.
func (x *exchange) library() *client.Client {
	c := &client.Client{
		Credentials: x.client.credentials,
		HTTPClient: &http.Client{
			Timeout:   requestTimeout,
			Transport: x,
			CheckRedirect: func(*http.Request, []*http.Request) error {
				return http.ErrUseLastResponse
			},
		},
	}
	c.SetAccountSid(x.client.credentials.Username)
	return c
}

// originalHost tells who stands in for Twilio which of its hosts was asked.
const originalHost = "X-Original-Host"

// RoundTrip sends r where it should go, for as long as x's context lasts, and
// reads the answer whole.
func (x *exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	x.acts = r.Method == http.MethodPost
	if err := x.ctx.Err(); err != nil {
		x.unsent.Store(true)
		return nil, err
	}
	// r's own context ends with the library's timeout.
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	defer context.AfterFunc(x.ctx, func() { cancel(context.Cause(x.ctx)) })()

	// Only a transport that tells of its connections can prove that it had none.
	r = r.Clone(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { x.unsent.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { x.unsent.Store(false) },
	}))
	if base := x.client.base; base != nil {
		r.Header.Set(originalHost, r.URL.Host)
		r.URL.Scheme, r.URL.Host, r.Host = base.Scheme, base.Host, ""
		r.URL.Path = base.Path + r.URL.Path
	}
	x.url = r.URL
	answer, err := x.client.transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	x.status = answer.StatusCode
	most := cmp.Or(x.most, maxAnswer)
	body, err := io.ReadAll(io.LimitReader(answer.Body, most+1))
	err = errors.Join(err, answer.Body.Close())
	if int64(len(body)) > most {
		err = errAnswerTooLong
	}
	if err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	return answer, nil
}

// done is [exchange.fault] for a request whose answer is not needed: a 2xx is
// success, however the rest of it reads.
func (x *exchange) done(op string, err error) error {
	if x.answered() {
		return nil
	}
	return x.fault(op, err)
}

// answered reports whether Twilio says that it did what it was asked.
func (x *exchange) answered() bool { return x.status >= 200 && x.status < 300 }

// fault classifies what went wrong, and drops the words.
func (x *exchange) fault(op string, err error) *Error {
	e := &Error{Op: op, Status: x.status, Class: x.class()}
	if rest := (*client.TwilioRestError)(nil); errors.As(err, &rest) {
		e.Code = rest.Code
		if class := classOfCode(rest.Code); class != "" {
			e.Class = class
		}
	}
	if e.Code == 0 {
		e.cause = x.ctx.Err()
	}
	return e
}

// class is what is known without Twilio's own error number.
func (x *exchange) class() Class {
	switch {
	case x.status >= 300:
		return classOfStatus(x.status, x.acts)
	case x.acts && !x.unsent.Load():
		return Unknown
	}
	return Temporary
}
