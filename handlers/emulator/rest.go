package emulator

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const apiVersion = "2010-04-01"

// maxForm is the longest body of a request, in bytes.
const maxForm = 1 << 20

// restError is Twilio's error body.
type restError struct {
	status int
	code   int
	text   string

	recording bool // what was asked would have recorded
}

func (r *restError) Error() string { return r.text }

func notFound(what string) *restError {
	return &restError{status: http.StatusNotFound, code: 20404, text: "The requested resource " + what + " was not found"}
}

func badParameter(code int, format string, args ...any) *restError {
	return &restError{status: http.StatusBadRequest, code: code, text: fmt.Sprintf(format, args...)}
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

const pages = " Page PageSize PageToken"

func routes() []route {
	const (
		calls = "Calls"
		rooms = "Conferences"
		seats = "Conferences/{conference}/Participants"
		texts = "Messages"
	)
	return []route{
		{"POST " + calls, createCallParams, 201, (*Emulator).createCall},
		{"GET " + calls, "To From ParentCallSid Status StartTime StartTime< StartTime>" + pages, 200, (*Emulator).listCalls},
		{"GET " + calls + "/{call}", "", 200, (*Emulator).fetchCall},
		{"POST " + calls + "/{call}", updateCallParams, 200, (*Emulator).updateCall},
		{"DELETE " + calls + "/{call}", "", 204, (*Emulator).deleteCall},
		{"GET " + rooms, "FriendlyName Status" + pages, 200, (*Emulator).listRooms},
		{"GET " + rooms + "/{conference}", "", 200, (*Emulator).fetchRoom},
		{"POST " + rooms + "/{conference}", "Status AnnounceUrl AnnounceMethod", 200, (*Emulator).updateRoom},
		{"GET " + seats, "Muted Hold" + pages, 200, (*Emulator).listSeats},
		{"POST " + seats, createSeatParams, 201, (*Emulator).createSeat},
		{"GET " + seats + "/{who}", "", 200, (*Emulator).fetchSeat},
		{"POST " + seats + "/{who}", updateSeatParams, 200, (*Emulator).updateSeat},
		{"DELETE " + seats + "/{who}", "", 204, (*Emulator).deleteSeat},
		{"POST " + texts, createMessageParams, 201, (*Emulator).createMessage},
		{"GET " + texts, "To From DateSent DateSent< DateSent>" + pages, 200, (*Emulator).listMessages},
		{"GET " + texts + "/{message}", "", 200, (*Emulator).fetchMessage},
		{"POST " + texts + "/{message}", "Body Status", 200, (*Emulator).updateMessage},
		{"DELETE " + texts + "/{message}", "", 204, (*Emulator).deleteMessage},
		{"GET " + texts + "/{message}/Media", pages, 200, (*Emulator).listMedia},
		{"DELETE " + texts + "/{message}/Media/{media}", "", 204, (*Emulator).deleteMedia},
		{"GET Recordings", pages, 200, (*Emulator).listRecordings},
		{"GET Recordings/{recording}", "", 200, (*Emulator).fetchRecording},
		{"GET Recordings/{recording}/wav", "", 200, (*Emulator).fetchSound},
		{"DELETE Recordings/{recording}", "", 204, (*Emulator).deleteRecording},
		{"GET IncomingPhoneNumbers", "PhoneNumber" + pages, 200, (*Emulator).listNumbers},
		{"POST IncomingPhoneNumbers/{number}", updateNumberParams, 200, (*Emulator).updateNumber},
		{"GET Balance", "", 200, (*Emulator).fetchBalance},
		{"GET ", "", 200, (*Emulator).fetchAccount},
	}
}

func (e *Emulator) mux() http.Handler {
	m := http.NewServeMux()
	for _, r := range routes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		m.HandleFunc(method+" "+strings.TrimSuffix("/"+apiVersion+"/Accounts/{account}/"+path, "/"), e.operation(r))
	}
	for _, r := range products() {
		m.HandleFunc(r.pattern, e.operation(r))
	}
	m.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		bad := notFound(r.URL.Path)
		bad.recording = recording.MatchString(r.URL.Path)
		e.refuse(w, r, bad)
	})
	return m
}

func (e *Emulator) authentic(r *http.Request) bool {
	user, password, _ := r.BasicAuth()
	return user == e.account && subtle.ConstantTimeCompare([]byte(password), []byte(e.token)) == 1
}

// bare takes the .json off the path, which a ServeMux pattern cannot. The newer
// products have none.
func bare(r *http.Request) *http.Request {
	c := r.Clone(r.Context())
	if strings.HasPrefix(r.URL.Path, "/v1/") {
		return c
	}
	path, ok := strings.CutSuffix(r.URL.Path, ".json")
	if sound, is := strings.CutSuffix(r.URL.Path, ".wav"); is {
		path, ok = sound+"/wav", true
	}
	if !ok {
		path = "/"
	}
	c.URL.Path, c.URL.RawPath = path, strings.TrimSuffix(r.URL.RawPath, ".json")
	return c
}

func (e *Emulator) operation(rt route) http.HandlerFunc {
	known := strings.Fields(rt.params)
	return func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/v1/") && r.PathValue("account") != e.account {
			e.refuse(w, r, notFound(r.URL.Path))
			return
		}
		q := &restCall{r: r, form: r.URL.Query()}
		if r.Method == http.MethodPost {
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
			if err == nil {
				q.form, err = url.ParseQuery(string(body))
			}
			if err != nil {
				e.refuse(w, r, badParameter(20001, "The body is not a form"))
				return
			}
		}
		if unknown := strangers(q.form, known); len(unknown) > 0 {
			bad := badParameter(20001, "Unknown parameter %s: this emulator does not act on it", strings.Join(unknown, ", "))
			bad.recording = slices.ContainsFunc(unknown, recording.MatchString)
			e.refuse(w, r, bad)
			return
		}
		e.mu.Lock()
		body, bad := rt.do(e, q)
		e.asked = append(e.asked, q.request(e.clock.Now(), body))
		var out []byte
		sound, isSound := body.(soundFile)
		if bad == nil && body != nil && !isSound {
			out, _ = json.Marshal(body) // of maps, strings and booleans only
		}
		e.mu.Unlock()
		if bad != nil {
			writeError(w, bad)
			return
		}
		if isSound {
			sound.write(w)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(rt.status)
		w.Write(out)
	}
}

// strangers returns the names in a form that are not known.
func strangers(form url.Values, known []string) []string {
	isKnown := func(name string) bool { return slices.Contains(known, name) }
	return slices.DeleteFunc(slices.Sorted(maps.Keys(form)), isKnown)
}

// refuse answers what a program that knows Twilio would not have asked.
func (e *Emulator) refuse(w http.ResponseWriter, r *http.Request, bad *restError) {
	e.mu.Lock()
	e.complain(Problem{Code: bad.code, What: bad.text, Where: r.Method + " " + r.URL.Path, Recording: bad.recording})
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
