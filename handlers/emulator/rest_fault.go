package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"
)

// ServeHTTP is Twilio's REST API, with HTTP Basic authentication by account
// SID and auth token. What Twilio does not have, or this emulator does not
// do, is a [Problem] as well as an error.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", e.clock.Now().UTC().Format(http.TimeFormat))
	if !e.authentic(r) {
		e.refuse(w, r, &restError{status: http.StatusUnauthorized, code: 20003, text: "Authenticate"})
		return
	}
	if host := r.Header.Get("X-Original-Host"); host != "" && host != hostOf(r.URL.Path) {
		e.refuse(w, r, notFound(r.URL.Path+" at "+host))
		return
	}
	f := e.befalls(r)
	if f.LoseReply || f.Early > 0 {
		reply := lateReply{header: http.Header{}}
		e.routes.ServeHTTP(&reply, bare(r))
		if f.Early > 0 {
			e.hasten(r.Context(), reply.sid(), f.Early)
		}
		if !f.LoseReply {
			reply.give(w)
			return
		}
	}
	switch {
	case f.Timeout:
		wait(r.Context(), f.Hang)
	case f.Status != 0:
		writeError(w, f.rest())
		return
	case !f.LoseReply && !f.Refuse:
		e.routes.ServeHTTP(w, bare(r))
		return
	}
	panic(http.ErrAbortHandler) // net/http's way to drop a connection
}

// befalls returns the fault of a request. It reads the body, which the server has
// to have read to notice that a client gives up.
func (e *Emulator) befalls(r *http.Request) Fault {
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxForm+1)) // what is cut off is no form
	r.Body = io.NopCloser(bytes.NewReader(body))
	whose := ""
	if form, err := url.ParseQuery(string(body)); err == nil {
		whose = form.Get("To")
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.strike(OnREST, whose, r.Method+" "+r.URL.Path)
}

// wait returns when the client gives up, or after d of the machine's time if it is
// more than 0.
func wait(ctx context.Context, d time.Duration) {
	if d > 0 {
		limited, cancel := context.WithTimeout(ctx, d)
		defer cancel()
		ctx = limited
	}
	<-ctx.Done()
}

// lateReply is an answer that is not given yet, or never.
type lateReply struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *lateReply) Header() http.Header         { return r.header }
func (r *lateReply) Write(b []byte) (int, error) { return r.body.Write(b) }
func (r *lateReply) WriteHeader(status int)      { r.status = status }

func (r *lateReply) give(w http.ResponseWriter) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	w.WriteHeader(r.status)
	w.Write(r.body.Bytes())
}

// sid is what the answer says was made, "" for none.
func (r *lateReply) sid() string {
	var made struct{ SID string }
	_ = json.Unmarshal(r.body.Bytes(), &made) // no JSON is no SID
	return made.SID
}

// hasten has a text fare as it will, n steps of it, and returns when the callbacks
// of the text or the call have been answered, or when ctx ends.
func (e *Emulator) hasten(ctx context.Context, sid string, n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer context.AfterFunc(ctx, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.idle.Broadcast()
	})()
	for range n {
		if m := e.bySID[sid]; m != nil {
			m.next.hurry()
		}
		for e.telling[sid] > 0 && ctx.Err() == nil {
			e.idle.Wait()
		}
	}
}
