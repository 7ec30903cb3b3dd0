package main

import (
	"bytes"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// inspector stands before the carrier's REST API and keeps what the program
// asks of it, as the carrier itself would.
type inspector struct {
	url  string
	mu   sync.Mutex
	asks []ask
}

// ask is one request to the REST API.
type ask struct {
	method, path string
	params       url.Values // of the address and of the form
}

// newInspector passes every request on to the API at an address.
func newInspector(t testing.TB, api string) *inspector {
	t.Helper()
	target, err := url.Parse(api)
	if err != nil {
		t.Fatal(err)
	}
	i := &inspector{}
	pass := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.note(r)
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	i.url = server.URL
	return i
}

func (i *inspector) note(r *http.Request) {
	a := ask{method: r.Method, path: r.URL.Path, params: r.URL.Query()}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, _ := url.ParseQuery(string(body))
	for name, values := range form {
		a.params[name] = append(a.params[name], values...)
	}
	i.mu.Lock()
	i.asks = append(i.asks, a)
	i.mu.Unlock()
}

// addressing are the parameters that hold a number because a call or a text has
// two ends: the carrier knows them by itself.
var addressing = []string{"From", "To", "Called", "Caller", "ForwardedFrom"}

// told is what the carrier is told, as bytes that anybody there could read:
// addresses as they are and unescaped, documents as they are and unescaped.
type told struct {
	addresses, documents, parameters, names, texts []piece
	// requests are those to the REST API, but for the bodies of texts to members who
	// asked for clear ones, which are among the texts.
	requests []piece
}

// told gathers it from what the simulated carrier and the inspector kept.
func (w *watch) told() told {
	var all told
	for _, x := range w.carrier.Exchanges() {
		address, err := url.QueryUnescape(x.URL)
		if err != nil {
			w.t.Fatal(err)
		}
		all.addresses = append(all.addresses, said(x.URL), said(address))
		all.documents = append(all.documents, said(x.Body), said(html.UnescapeString(x.Body)))
		for name, values := range x.Params {
			switch {
			case slices.Contains(addressing, name):
			case name == "FriendlyName" || name == "ParticipantLabel": // among the names below
			default:
				all.parameters = append(all.parameters, saidIn(name, values...))
			}
		}
	}
	kept := w.carrier.Kept()
	for _, name := range kept.Queues {
		all.names = append(all.names, saidIn("queue", name))
	}
	for _, room := range kept.Rooms {
		all.names = append(all.names, saidIn("room", room.Name), saidIn("label", room.Labels...))
	}
	w.rest.mu.Lock()
	defer w.rest.mu.Unlock()
	for _, a := range w.rest.asks {
		all.requests = append(all.requests, saidIn(a.method, a.path))
		for name, values := range a.params {
			if !slices.Contains(addressing, name) && (name != "Body" || !w.clear[a.params.Get("To")]) {
				all.requests = append(all.requests, saidIn(name, values...))
			}
		}
	}
	for _, t := range w.outbound("", nil) {
		all.texts = append(all.texts, said(t.Body))
	}
	return all
}

// outbound are the texts to all phones, but for some, of a direction; "" means both,
// the answers and those that we start.
func (w *watch) outbound(direction string, but map[string]bool) []emulator.Text {
	var all []emulator.Text
	for _, p := range w.carrier.Phones() {
		if but[p.Number()] {
			continue
		}
		for _, t := range p.Texts() {
			if !t.Canned && (t.Direction == direction || direction == "" && strings.HasPrefix(t.Direction, "outbound")) {
				all = append(all, t)
			}
		}
	}
	return all
}

func said(text string) piece { return piece{text: []byte(text)} }

func saidIn(name string, values ...string) piece {
	return piece{where: name, text: []byte(strings.Join(values, "\n"))}
}
