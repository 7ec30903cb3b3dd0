package console

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/flowstest"
	"github.com/hearthline/hearthline/handlers/rooms"
	"github.com/hearthline/hearthline/handlers/rooms/session"
	"github.com/hearthline/hearthline/store"
)

// builtIn is the flow that a line begins with.
var builtIn = flowstest.BuiltIn

// fakeRooms are sessions that do what a test says.
type fakeRooms struct {
	mu     sync.Mutex
	on     map[string]*rooms.Watched // by group
	orders []session.Request
	actor  string
	came   session.Outcome
	err    error
}

func (f *fakeRooms) Watch(_ context.Context, _ *flows.Flow, _ flows.View, group, _ string) (*rooms.Watched, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.on[group] == nil {
		return nil, nil
	}
	w := *f.on[group]
	w.People = slices.Clone(w.People)
	return &w, nil
}

func (f *fakeRooms) Order(_ context.Context, _ *flows.Flow, _ flows.View, _, actor string, r session.Request) (session.Outcome, *flows.Session, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.orders, f.actor = append(f.orders, r), actor
	return f.came, nil, f.err
}

// is has a session be otherwise from now on.
func (f *fakeRooms) is(group string, change func(w *rooms.Watched)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.on == nil {
		f.on = map[string]*rooms.Watched{}
	}
	w := f.on[group]
	if w == nil {
		w = evening()
		f.on[group] = w
	}
	change(w)
}

func evening() *rooms.Watched {
	return &rooms.Watched{
		Minutes: 42, Opened: true, Mode: session.Circle, Here: 6, Waiting: 1, Hosted: true, Ringing: true, Line: session.LineCalled,
		Speaker: "Blue Heron", Queue: []string{"Red Fox", "Green Turtle"}, Silent: []string{"Silver Birch"}, Screened: true,
		People: []rooms.Watching{
			{Seat: 1, Alias: "Rose", Role: session.Facilitator, Leads: true, At: session.AtRoom, Minutes: 18},
			{Seat: 2, Alias: "Blue Heron", At: session.AtRoom, Speaks: true, Minutes: 17},
			{Seat: 3, Alias: "Red Fox", At: session.AtRoom, Muted: true, Hand: 1, Minutes: 16},
			{Seat: 4, Alias: "Green Turtle", At: session.AtMenu, Muted: true, Doing: session.DoingAsked, Minutes: 9},
			{Seat: 5, Alias: "Silver Birch", At: session.AtRoom, Signal: session.Unsafe, Doing: session.DoingFailed, Minutes: 4},
			{Seat: 6, Alias: "White Crane", Place: session.Waiting, Waits: true, At: session.AtDoor, Minutes: 1},
			{Seat: 7, Alias: "Grey Owl", At: session.AtRoom, Doing: session.DoingAsked, Leaving: true, Minutes: 12},
			{Seat: 15, Alias: "Black Swan", At: session.AtRoom, Muted: true, Goes: true, Minutes: 2},
			{Seat: 8, Alias: "Brown Hare", Role: session.CoFacilitator, Leads: true, At: session.AtGone, Aside: true, Minutes: 3},
		},
	}
}

// crowded has twelve be in, as many as fit.
func crowded(w *rooms.Watched) {
	for i := range 6 {
		w.People = append(w.People, rooms.Watching{Seat: 9 + i, Alias: "Singing Nightingale", At: session.AtRoom, Muted: i%2 == 0, Minutes: 3})
	}
}

var liveShown = []shown{
	{"live, nobody", false, func(t *testing.T) (*desk, string, url.Values) {
		r := stillRig(t)
		return r.as(store.RoleFacilitator, griefCode), "/console/groups/" + r.groupID(griefCode) + "/live", nil
	}},
	{"live, full", true, func(t *testing.T) (*desk, string, url.Values) {
		r := stillRig(t)
		r.rooms.is(r.groupID(griefCode), crowded)
		return r.as(store.RoleFacilitator, griefCode), "/console/groups/" + r.groupID(griefCode) + "/live", nil
	}},
	{"live, asked", false, func(t *testing.T) (*desk, string, url.Values) {
		r := stillRig(t)
		d, path := r.live(func(*rooms.Watched) {})
		return d, path + "?" + asking(r, session.RemoveSoon, 15).Encode(), nil
	}},
	{"live, refused", false, func(t *testing.T) (*desk, string, url.Values) {
		r := stillRig(t)
		r.rooms.is(r.groupID(griefCode), func(*rooms.Watched) {})
		r.rooms.came = session.NotNow
		return r.as(store.RoleOwner), "/console/groups/" + r.groupID(griefCode) + "/live", url.Values{"verb": {"pairs"}, "minutes": {"3"}, "once": {"1"}}
	}},
}

// live is a desk of a facilitator of a group in session.
func (r *rig) live(change func(w *rooms.Watched)) (d *desk, path string) {
	r.t.Helper()
	group := r.groupID(griefCode)
	r.rooms.is(group, change)
	r.rooms.came = session.OK
	return r.as(store.RoleFacilitator, griefCode), "/console/groups/" + group + "/live"
}

// Every button is an order, and a form that comes twice is the same one.
func TestButtonsAreOrders(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d, path := r.live(func(*rooms.Watched) {})
	for _, form := range []url.Values{
		{"verb": {"mute_seat"}, "seat": {"3"}, "once": {"a"}},
		{"verb": {"mute_seat"}, "seat": {"3"}, "once": {"a"}},
		{"mode": {"hands"}, "once": {"b"}},
		{"verb": {"extend"}, "minutes": {"10"}, "once": {"c"}},
	} {
		if status, to := d.post(path, form); status != http.StatusSeeOther || !strings.HasPrefix(to, path+"?asked=") {
			t.Errorf("%v: %d %.200s", form, status, to)
		}
	}
	got := r.rooms.orders
	if len(got) != 4 || got[0].ID != got[1].ID || got[0].ID == got[2].ID || r.rooms.actor != "Ada" {
		t.Fatalf("orders by %s: %+v", r.rooms.actor, got)
	}
	if got[0].Seat != 3 || got[2].Verb != session.SetMode || got[2].Mode != session.Hands || got[3].Minutes != 10 {
		t.Errorf("orders: %+v", got)
	}
	for _, form := range []url.Values{
		{"verb": {"mute"}, "once": {"d"}}, {"verb": {"remove"}, "seat": {"3"}, "once": {"d"}}, {"verb": {"dance"}, "once": {"d"}}, {"verb": {"lock"}},
		{"verb": {"mute_seat"}, "seat": {"x"}, "once": {"d"}}, {"verb": {"extend"}, "minutes": {"ten"}, "once": {"d"}},
	} {
		if status, _ := d.post(path, form); status != http.StatusNotFound {
			t.Errorf("%v: answered %d", form, status)
		}
	}
}

func TestWhatIsRefusedIsSaid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d, path := r.live(func(*rooms.Watched) {})
	for _, came := range []session.Outcome{session.Already, session.Nobody, session.NotNow, session.NotAllowed, session.Gone, session.Held} {
		r.rooms.came = came
		if status, body := d.post(path, url.Values{"verb": {"lock"}, "once": {"a"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, `role="alert"`) {
			t.Errorf("%s: %d %.300s", came, status, body)
		}
	}
	r.rooms.err = rooms.ErrClosed
	if status, body := d.post(path, url.Values{"verb": {"lock"}, "once": {"a"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "not there any more") {
		t.Errorf("a session that is over: %d %.300s", status, body)
	}
}

// asking is the query of a page that tells what became of a button's order, just now.
func asking(r *rig, verb session.Verb, seat int) url.Values {
	p := page{now: r.time()}
	return p.askedOf(session.Request{Verb: verb, Seat: seat})
}

// What was asked for is told as done once it is, as failed while it is not, and no more
// when it is long ago, was taken back, or who it was about has left.
func TestWhatBecameOfAnOrder(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d, path := r.live(func(*rooms.Watched) {})
	note := func(q url.Values) string {
		t.Helper()
		status, body := d.get(path + "?" + q.Encode())
		if status != http.StatusOK {
			t.Fatalf("%v: answered %d", q, status)
		}
		_, after, _ := strings.Cut(body, `id="live_note"`)
		_, after, _ = strings.Cut(after, ">")
		says, _, _ := strings.Cut(after, "<")
		return says
	}
	for want, q := range map[string]url.Values{
		"Done: Mute Red Fox.": asking(r, session.MuteSeat, 3),
		"Asked: Mute Green Turtle. You see here when it is done.":  asking(r, session.MuteSeat, 4),
		"Not done yet: Let Silver Birch speak. It is tried again.": asking(r, session.UnmuteSeat, 5),
		"Asked: Remove Grey Owl. You see here when it is done.":    asking(r, session.RemoveSoon, 7),
		"Asked: Remove Black Swan. You see here when it is done.":  asking(r, session.RemoveSoon, 15),
		"They are out, and stay out until the session is over.":    asking(r, session.RemoveSoon, 99),
		"Done: Keep Red Fox.":                        asking(r, session.Keep, 3),
		"Done: Lock the door.":                       asking(r, session.Lock, 0),
		"Not done yet: Mute all. It is tried again.": asking(r, session.Quiet, 0),
		"Done: Give Red Fox the word.":               asking(r, session.Next, 3),
	} {
		if got := note(q); got != want {
			t.Errorf("%v: %q, not %q", q, got, want)
		}
	}
	old := asking(r, session.Lock, 0)
	r.pass(2 * askedFor)
	for name, q := range map[string]url.Values{
		"long ago":    old,
		"kept":        asking(r, session.RemoveSoon, 3),
		"who left":    asking(r, session.MuteSeat, 99),
		"no verb":     asking(r, "dance", 0),
		"no moment":   {"asked": {"lock"}},
		"no such way": {"asked": {"lock"}, "at": {"x"}, "seat": {"y"}},
	} {
		if got := note(q); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
	// Each verb of the page has words for what was asked for, in each language.
	for _, lang := range languages {
		p := &page{desk: d.pages, lang: lang}
		for _, verb := range ordered {
			for _, mode := range (liveView{}).Modes() {
				for _, seat := range []int{0, 3} {
					if words, err := p.button(verb, mode, seat, "Red Fox"); err != nil || words == "" {
						t.Errorf("%s of %d in %s: %q, %v", verb, seat, lang, words, err)
					}
				}
			}
		}
	}
}

// stream reads a page's events.
type stream struct {
	t      *testing.T
	answer *http.Response
	lines  *bufio.Reader
}

func (d *desk) stream(path string) *stream {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.ctx(), http.MethodGet, d.url+path, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = answer.Body.Close() })
	return &stream{d.t, answer, bufio.NewReader(answer.Body)}
}

// event is the next one; false at the end of the stream.
func (s *stream) event() (name string, data map[string]string, ok bool) {
	s.t.Helper()
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			return "", nil, false
		}
		if rest, found := strings.CutPrefix(line, "event: "); found {
			name = strings.TrimSpace(rest)
		}
		if rest, found := strings.CutPrefix(line, "data: "); found {
			if err := json.Unmarshal([]byte(rest), &data); err != nil {
				s.t.Fatal(err)
			}
			return name, data, true
		}
	}
}

// until returns the first event with some words in it.
func (s *stream) until(words string) (name string, data map[string]string) {
	s.t.Helper()
	for {
		name, data, ok := s.event()
		if !ok {
			s.t.Fatalf("the stream ended without %q", words)
		}
		if strings.Contains(data["html"]+data["text"], words) {
			return name, data
		}
	}
}

func TestAStreamTellsWhatChanges(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d, path := r.live(func(*rooms.Watched) {})
	s := d.stream(path + "/stream")
	if got := s.answer.Header.Get("Content-Type") + s.answer.Header.Get("X-Accel-Buffering"); got != "text/event-streamno" {
		t.Errorf("headers: %s", got)
	}
	s.until("Blue Heron")
	r.rooms.is(r.groupID(griefCode), func(w *rooms.Watched) {
		w.People[4].Hand = 2
		w.People = append(w.People, rooms.Watching{Seat: 9, Alias: "Wild Goose", At: session.AtRoom})
	})
	if name, data := s.until("Wild Goose"); name != "part" || data["id"] != "live_people" {
		t.Errorf("somebody came: %s %s", name, data["id"])
	}
	if name, data := s.until("raised a hand"); name != "say" || data["text"] != "Silver Birch raised a hand. 1 came in." {
		t.Errorf("said: %s %v", name, data)
	}
}

// A stream ends when the program does, and somebody has so many and no more.
func TestStreamsEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d, path := r.live(func(*rooms.Watched) {})
	var all []*stream
	for range mostStreams {
		s := d.stream(path + "/stream")
		s.until("Blue Heron")
		all = append(all, s)
	}
	if s := d.stream(path + "/stream"); s.answer.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one too many: %d", s.answer.StatusCode)
	}
	d.pages.Close()
	for _, s := range all {
		for ok := true; ok; {
			_, _, ok = s.event()
		}
	}
}

// Who may look no more is shown no more.
func TestWhoMayNotLookAnyMore(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d, _ := r.live(func(*rooms.Watched) {})
	group, err := r.db.Group(r.ctx(), r.line, r.groupID(griefCode))
	if err != nil {
		t.Fatal(err)
	}
	request, _ := http.NewRequestWithContext(r.ctx(), http.MethodGet, "/", nil)
	was := *d.who
	p := &page{desk: d.pages, who: &was, line: r.line, group: group, now: r.time()}
	p.Context = echo.New().NewContext(request, nil)
	if !p.stays() {
		t.Error("who may look may not")
	}
	d.who.Groups = nil
	if p.stays() {
		t.Error("who lost the group looks on")
	}
	d.who = nil
	if p.stays() {
		t.Error("who signed out looks on")
	}
}

// Whatever a form says, what comes of it is a verb of the page's, about one seat.
func FuzzLiveForm(f *testing.F) {
	f.Add("mute_seat", "3", "", "", "a")
	f.Add("", "", "hands", "", "b")
	f.Add("extend", "", "", "10", "c")
	f.Fuzz(func(t *testing.T, verb, seat, mode, minutes, once string) {
		form := url.Values{"verb": {verb}, "seat": {seat}, "mode": {mode}, "minutes": {minutes}, "once": {once}}
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form.Encode()))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		p := &page{Context: echo.New().NewContext(request, httptest.NewRecorder()), who: &who{Account: "ada", Name: "Ada"}}
		r, ok := p.request()
		if ok && (!slices.Contains(ordered, r.Verb) || r.Seat < 0 || r.Role != "" || r.By != 0 || once == "") {
			t.Errorf("%+v", r)
		}
	})
}
