package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

const (
	maxTwiML     = 64 << 10 // bytes
	maxMedia     = 40 << 20 // bytes
	maxRedirects = 10
)

// perform makes the request and follows redirects. It is called without mu.
func (e *Emulator) perform(w *webhook) ([]Exchange, answer) {
	ctx, cancel := context.WithTimeout(context.Background(), w.patience.total)
	defer cancel()
	client := &http.Client{
		Transport:     e.transport,
		Jar:           w.jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	var all []Exchange
	method, target := w.method, w.url
	for hop := 0; ; hop++ {
		x := Exchange{At: e.clock.Now(), Kind: w.kind, Call: w.call, Message: w.message, Method: method, URL: target}
		if method == http.MethodPost {
			x.Params = w.params
		}
		a, location := e.roundTrip(ctx, client, w, &x)
		all = append(all, x)
		if location == "" {
			return all, a
		}
		if hop == maxRedirects {
			return all, answer{code: 11215, what: fmt.Sprintf("more than %d redirects", maxRedirects), status: a.status}
		}
		next, err := a.at.Parse(location)
		if err != nil {
			return all, answer{code: 11200, what: "the redirect's Location is not a URL", status: a.status}
		}
		target = next.String()
		// RFC 9110 §15.4 keeps the method for 307 and 308 only.
		if a.status != http.StatusTemporaryRedirect && a.status != http.StatusPermanentRedirect {
			method = http.MethodGet
		}
	}
}

// roundTrip makes one request and completes x. A redirect is returned as its
// Location.
func (e *Emulator) roundTrip(ctx context.Context, client *http.Client, w *webhook, x *Exchange) (answer, string) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var connected atomic.Bool
	limit := time.AfterFunc(w.patience.connect, cancel)
	defer limit.Stop()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		connected.Store(true)
		limit.Reset(w.patience.read)
	}})
	req, err := e.request(ctx, w, x)
	if err != nil {
		return answer{code: 11100, what: "the URL cannot be requested"}, ""
	}
	if a, ok := twimlet(req.URL); ok {
		x.Status, x.Body = a.status, string(a.body)
		return a, ""
	}
	start := time.Now()
	resp, err := client.Do(req)
	if err != nil {
		x.Latency, x.Err = time.Since(start), reason(err)
		return unreached(err, connected.Load()), ""
	}
	defer resp.Body.Close()
	limit.Stop()
	most := int64(maxTwiML)
	if w.kind == KindMedia {
		most = maxMedia
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	x.Latency, x.Status = time.Since(start), resp.StatusCode
	if w.kind != KindMedia {
		x.Body = string(body)
	}
	if err != nil {
		x.Err = reason(err)
		return unreached(err, true), ""
	}
	a := answer{status: resp.StatusCode, body: body, at: req.URL, cache: resp.Header.Get("Cache-Control")}
	a.media, _, _ = mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if location := resp.Header.Get("Location"); location != "" && resp.StatusCode/100 == 3 {
		return a, location
	}
	if resp.StatusCode/100 != 2 {
		return refusedStatus(resp.StatusCode), ""
	}
	if int64(len(body)) > most {
		a.code, a.what = 11750, fmt.Sprintf("the answer is longer than %d bytes", most)
	}
	return a, ""
}

func (e *Emulator) request(ctx context.Context, w *webhook, x *Exchange) (*http.Request, error) {
	var body io.Reader
	var form url.Values
	if x.Method == http.MethodPost {
		form = x.Params
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, x.Method, x.URL, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "TwilioProxy/1.1")
	req.Header.Set("Accept", "*/*")
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	if !w.plain {
		x.Signature = Sign(e.token, x.URL, form)
		req.Header.Set("X-Twilio-Signature", x.Signature)
		req.Header.Set("I-Twilio-Idempotency-Token", w.token)
	}
	return req, nil
}

func refusedStatus(status int) answer {
	return answer{code: 11200, what: fmt.Sprintf("the answer has status %d", status), status: status, cause: fmt.Sprintf("%dxx", status/100)}
}

func unreached(err error, connected bool) answer {
	dns := (*net.DNSError)(nil)
	switch {
	case errors.As(err, &dns):
		return answer{code: 11210, what: "the host is not known", cause: "ct"}
	case !connected:
		return answer{code: 11205, what: "no connection: " + reason(err), cause: "ct"}
	case errors.Is(err, context.DeadlineExceeded):
		return answer{code: 11203, what: "the exchange took too long in all", cause: "rt"}
	default:
		return answer{code: 11200, what: "no answer: " + reason(err), cause: "rt"}
	}
}

// reason returns what went wrong without the URL, which is told apart.
func reason(err error) string {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err
	}
	return err.Error()
}
