package emulator

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const apiVersion = "2010-04-01"

// restError is Twilio's error body.
type restError struct {
	status int
	code   int
	text   string
}

func (r *restError) Error() string { return r.text }

func notFound(what string) *restError {
	return &restError{http.StatusNotFound, 20404, "The requested resource " + what + " was not found"}
}

func badParameter(code int, format string, args ...any) *restError {
	return &restError{http.StatusBadRequest, code, fmt.Sprintf(format, args...)}
}

// restCall is a REST request that was let in.
type restCall struct {
	r    *http.Request
	form url.Values // of a GET, its query
}

func (q *restCall) str(name string) string { return q.form.Get(name) }

func (q *restCall) given(name string) bool { return q.form.Has(name) }

func (q *restCall) verb(name, byDefault string) string {
	if v := q.str(name); v != "" {
		return v
	}
	return byDefault
}

// route is one operation. Params are those that are acted on; any other is
// refused, though Twilio may know it.
type route struct {
	pattern string
	params  string
	status  int
	do      func(*Emulator, *restCall) (any, *restError)
}

const paging = " Page PageSize PageToken"

func routes() []route {
	const (
		calls = "Calls"
		rooms = "Conferences"
		seats = "Conferences/{conference}/Participants"
		texts = "Messages"
	)
	return []route{
		{"POST " + calls, createCallParams, 201, (*Emulator).createCall},
		{"GET " + calls, "To From ParentCallSid Status" + paging, 200, (*Emulator).listCalls},
		{"GET " + calls + "/{call}", "", 200, (*Emulator).fetchCall},
		{"POST " + calls + "/{call}", updateCallParams, 200, (*Emulator).updateCall},
		{"DELETE " + calls + "/{call}", "", 204, (*Emulator).deleteCall},
		{"GET " + rooms, "FriendlyName Status" + paging, 200, (*Emulator).listRooms},
		{"GET " + rooms + "/{conference}", "", 200, (*Emulator).fetchRoom},
		{"POST " + rooms + "/{conference}", "Status AnnounceUrl AnnounceMethod", 200, (*Emulator).updateRoom},
		{"GET " + seats, "Muted Hold" + paging, 200, (*Emulator).listSeats},
		{"POST " + seats, createSeatParams, 201, (*Emulator).createSeat},
		{"GET " + seats + "/{who}", "", 200, (*Emulator).fetchSeat},
		{"POST " + seats + "/{who}", updateSeatParams, 200, (*Emulator).updateSeat},
		{"DELETE " + seats + "/{who}", "", 204, (*Emulator).deleteSeat},
		{"POST " + texts, createMessageParams, 201, (*Emulator).createMessage},
		{"GET " + texts, "To From DateSent DateSent< DateSent>" + paging, 200, (*Emulator).listMessages},
		{"GET " + texts + "/{message}", "", 200, (*Emulator).fetchMessage},
		{"POST " + texts + "/{message}", "Body Status", 200, (*Emulator).updateMessage},
		{"DELETE " + texts + "/{message}", "", 204, (*Emulator).deleteMessage},
		{"GET IncomingPhoneNumbers", "PhoneNumber" + paging, 200, (*Emulator).listNumbers},
	}
}

func (e *Emulator) mux() http.Handler {
	m := http.NewServeMux()
	for _, r := range routes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		m.HandleFunc(method+" /"+apiVersion+"/Accounts/{account}/"+path, e.operation(r))
	}
	m.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		e.refuse(w, r, notFound(r.URL.Path))
	})
	return m
}

// ServeHTTP is Twilio's REST API, with HTTP Basic authentication by account
// SID and auth token. What Twilio does not have, or this emulator does not
// do, is a [Problem] as well as an error.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	if user != e.account || subtle.ConstantTimeCompare([]byte(password), []byte(e.token)) != 1 {
		e.refuse(w, r, &restError{http.StatusUnauthorized, 20003, "Authenticate"})
		return
	}
	e.mu.Lock()
	f := e.strike(OnREST, r.Method+" "+r.URL.Path)
	e.mu.Unlock()
	switch {
	case f.Timeout:
		// The server notices that the client has gone only once the body is read.
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		return
	case f.Refuse:
		panic(http.ErrAbortHandler) // net/http's way to drop a connection
	case f.Status != 0:
		writeError(w, f.rest())
		return
	case f.LoseReply:
		e.routes.ServeHTTP(nobody{}, bare(r))
		panic(http.ErrAbortHandler)
	}
	e.routes.ServeHTTP(w, bare(r))
}

// nobody takes an answer that is lost.
type nobody struct{}

func (nobody) Header() http.Header         { return http.Header{} }
func (nobody) Write(b []byte) (int, error) { return len(b), nil }
func (nobody) WriteHeader(int)             {}

// bare takes the .json off the path, which a ServeMux pattern cannot.
func bare(r *http.Request) *http.Request {
	c := r.Clone(r.Context())
	path, ok := strings.CutSuffix(r.URL.Path, ".json")
	if !ok {
		path = "/"
	}
	c.URL.Path, c.URL.RawPath = path, strings.TrimSuffix(r.URL.RawPath, ".json")
	return c
}

func (e *Emulator) operation(rt route) http.HandlerFunc {
	known := strings.Fields(rt.params)
	return func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("account") != e.account {
			e.refuse(w, r, notFound(r.URL.Path))
			return
		}
		q := &restCall{r: r, form: r.URL.Query()}
		if r.Method == http.MethodPost {
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
			if err == nil {
				q.form, err = url.ParseQuery(string(body))
			}
			if err != nil {
				e.refuse(w, r, badParameter(20001, "The body is not a form"))
				return
			}
		}
		for name := range q.form {
			if !slices.Contains(known, name) {
				e.refuse(w, r, badParameter(20001, "Unknown parameter %s: this emulator does not act on it", name))
				return
			}
		}
		e.mu.Lock()
		body, bad := rt.do(e, q)
		var out []byte
		if bad == nil && body != nil {
			out, _ = json.Marshal(body) // of maps, strings and booleans only
		}
		e.mu.Unlock()
		if bad != nil {
			writeError(w, bad)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(rt.status)
		w.Write(out)
	}
}

// refuse answers what a program that knows Twilio would not have asked.
func (e *Emulator) refuse(w http.ResponseWriter, r *http.Request, bad *restError) {
	e.mu.Lock()
	e.problem("", bad.code, bad.text, r.Method+" "+r.URL.Path)
	e.mu.Unlock()
	writeError(w, bad)
}

func writeError(w http.ResponseWriter, bad *restError) {
	out, _ := json.Marshal(map[string]any{ // of strings and numbers only
		"code": bad.code, "message": bad.text, "status": bad.status,
		"more_info": fmt.Sprintf("https://www.twilio.com/docs/errors/%d", bad.code),
	})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(bad.status)
	w.Write(out)
}

// page returns one page of a list, as Twilio's list resources do. The token
// is the index of its first item.
func page[T any](q *restCall, key string, all []T, show func(T) map[string]any) (any, *restError) {
	size, number, from := 50, 0, 0
	if q.given("PageSize") && !number10(q.str("PageSize"), 1, 1000, &size) {
		return nil, badParameter(20006, "Page size must be from 1 to 1000")
	}
	if q.given("Page") && !number10(q.str("Page"), 0, 1<<30, &number) || q.given("PageToken") && !number10(q.str("PageToken"), 0, 1<<30, &from) {
		return nil, badParameter(21481, "Invalid PageToken")
	}
	if !q.given("PageToken") {
		from = number * size
	}
	uri := func(number, from int) string {
		v := url.Values{}
		for k := range q.form {
			v.Set(k, q.str(k))
		}
		v.Set("Page", strconv.Itoa(number))
		v.Set("PageSize", strconv.Itoa(size))
		v.Set("PageToken", strconv.Itoa(from))
		return q.r.URL.EscapedPath() + ".json?" + v.Encode()
	}
	from = min(from, len(all))
	to := min(from+size, len(all))
	items := []map[string]any{}
	for _, item := range all[from:to] {
		items = append(items, show(item))
	}
	out := map[string]any{
		key: items, "page": number, "page_size": size, "start": from, "end": max(to-1, 0),
		"uri": uri(number, from), "first_page_uri": uri(0, 0), "next_page_uri": nil, "previous_page_uri": nil,
	}
	if to < len(all) {
		out["next_page_uri"] = uri(number+1, to)
	}
	if from > 0 {
		out["previous_page_uri"] = uri(max(number-1, 0), max(from-size, 0))
	}
	return out, nil
}

// date is how the REST API writes a time: RFC 2822 in UTC, null for none.
func date(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC1123Z)
}

// orNull is null for "".
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (e *Emulator) uri(path string) string {
	return "/" + apiVersion + "/Accounts/" + e.account + "/" + path + ".json"
}

func (e *Emulator) listNumbers(q *restCall) (any, *restError) {
	var all []*number
	for _, n := range e.numbers {
		if want := q.str("PhoneNumber"); want == "" || want == n.E164 {
			all = append(all, n)
		}
	}
	return page(q, "incoming_phone_numbers", all, func(n *number) map[string]any {
		return map[string]any{
			"sid": n.sid, "account_sid": e.account, "api_version": apiVersion, "phone_number": n.E164, "friendly_name": n.E164,
			"voice_url": n.VoiceURL, "voice_method": "POST", "voice_fallback_url": n.VoiceFallbackURL, "voice_fallback_method": "POST",
			"status_callback": n.StatusCallbackURL, "status_callback_method": "POST", "sms_url": n.SMSURL, "sms_method": "POST", "sms_fallback_url": n.SMSFallbackURL, "sms_fallback_method": "POST",
			"voice_caller_id_lookup": false, "capabilities": map[string]bool{"voice": true, "sms": true, "mms": false, "fax": false},
			"date_created": date(n.created), "date_updated": date(n.created), "status": "in-use", "uri": e.uri("IncomingPhoneNumbers/" + n.sid),
		}
	})
}
