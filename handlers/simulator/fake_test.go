package simulator

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

// fakeBoard shows the scene it is given and remembers what it is told.
type fakeBoard struct {
	mu        sync.Mutex
	now       scene
	listeners []chan struct{}
	commands  chan command
	winds     chan wind
	refuse    error
}

func newFakeBoard(s scene) *fakeBoard {
	return &fakeBoard{now: s, commands: make(chan command, 100), winds: make(chan wind, 100)}
}

func (b *fakeBoard) Scene() scene {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *fakeBoard) Do(c command) error {
	b.commands <- c
	return b.refuse
}

func (b *fakeBoard) Wind(w wind) error {
	b.winds <- w
	return b.refuse
}

func (b *fakeBoard) Changes(context.Context) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := make(chan struct{}, 1)
	b.listeners = append(b.listeners, l)
	return l
}

// change shows another scene from now on.
func (b *fakeBoard) change(s scene) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = s
	for _, l := range b.listeners {
		select {
		case l <- struct{}{}:
		default:
		}
	}
}

// serve mounts the pages over b on a server that ends with the test.
func serve(t *testing.T, b board) *httptest.Server {
	t.Helper()
	p := newPages(b, Options{
		Line: "+12025550100", LineName: "The support line",
		Tries: []Try{{Label: "calls happening now", Keys: "2"}, {Label: "Evening grief circle", Keys: "1 482105"}, {Label: "help", Keys: "0"}},
	})
	return mount(t, p)
}

func mount(t *testing.T, p *Pages) *httptest.Server {
	t.Helper()
	e := echo.New()
	p.Mount(e)
	s := httptest.NewServer(e)
	t.Cleanup(s.Close)
	t.Cleanup(p.Close) // first, since a server waits for its streams
	return s
}

var sceneTime = time.Date(2026, time.November, 24, 19, 4, 0, 0, time.FixedZone("EST", -5*3600))

// quiet is a scene in which nobody has called yet.
func quiet() scene {
	s := scene{
		Clock: clockView{Now: sceneTime.UnixMilli(), Speed: 1, Offset: -300, Zone: "EST"},
		Rooms: []roomView{}, Wire: []exchangeView{}, Faults: []faultView{}, Flow: FlowNews{Problems: []string{}},
	}
	for i, p := range people {
		s.Phones = append(s.Phones, phoneView{
			Phone: i + 1, Name: p.name, Number: spaced(p.number), State: idle,
			Hears: []string{}, Captions: []captionView{}, Texts: []textView{}, Delivery: "delivered", Pickup: "person",
		})
	}
	return s
}

// busy is a scene with everything in it: two phones in a room, one in a menu,
// one that rings, a webhook, a failed one, and a fault.
func busy() scene {
	s := quiet()
	at := func(seconds int) int64 { return sceneTime.Add(time.Duration(seconds) * time.Second).UnixMilli() }
	menu := captionView{ID: "heard0", Kind: "say", At: at(-50), Lasts: 20_000, Lang: "en-US",
		Text: "Welcome to the support line. For a group code, press 1. For calls happening now, press 2. To find a group, press 3."}
	ana, ben, cora, dev := &s.Phones[0], &s.Phones[1], &s.Phones[2], &s.Phones[3]
	for i, p := range []*phoneView{ana, ben} {
		p.State, p.Since, p.Room = talking, at(-60-10*i), true
		p.Captions = []captionView{
			menu,
			{ID: "did1", Kind: "key", At: at(-29), Text: "2"},
			{ID: "heard1", Kind: "say", At: at(-28), Lasts: 9000, Lang: "en-US", Text: "Evening grief circle is open. What is said here stays here. Press 1 to join."},
			{ID: "did2", Kind: "key", At: at(-18), Text: "1"},
		}
	}
	ana.Texts = []textView{
		{ID: "SM1", Own: true, At: "6:58 pm", Text: "FIND grief", Fate: "sent"},
		{ID: "SM2", At: "6:58 pm", Text: "1 Evening grief circle, today 7 pm ET\n2 Morning pages, tomorrow 8 am ET\nReply JOIN 482105 for how to get in, MENU for more.", Size: "1 segment", Fate: "delivered"},
		{ID: "SM3", Own: true, At: "6:59 pm", Text: "¿Hay algo en español? 💛", Fate: "sent"},
		{ID: "SM4", At: "6:59 pm", Text: "Para español, responda LANG es. Si está en peligro, llame al 988.", Size: "UCS-2, 1 segment", Fate: "not delivered: the phone is off (30003)", Failed: true},
	}
	ben.Texts, ben.Delivery = []textView{
		{ID: "SM5", Own: true, At: "7:01 pm", Text: "Stop", Fate: "sent"},
		{ID: "SM6", At: "7:01 pm", Text: "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.", Fate: "from the carrier itself"},
	}, "off"
	ana.Hears, ben.Hears, ben.Muted = []string{}, []string{"Ana"}, true
	words := "I nearly didn’t call tonight. It is her birthday."
	ana.Captions = append(ana.Captions, captionView{ID: "did3", Kind: "own", At: at(-2), From: "Ana", Text: words})
	ben.Captions = append(ben.Captions, captionView{ID: "heard3", Kind: "room", At: at(-2), Lasts: 600_000, From: "Ana", Text: words})
	cora.State, cora.Since = talking, at(-8)
	cora.Captions = []captionView{{ID: "heard0", Kind: "ring", At: at(-10), Lasts: 2000, Text: "ringing"}, {ID: "heard1", Kind: "say", At: at(-8), Lasts: 20_000, Lang: "es-US", Text: "Para español, marque nueve."}, {ID: "heard2", Kind: "say", Cut: true, At: at(-6), Lasts: 2_000, Text: menu.Text}}
	dev.State, dev.Since = incoming, at(-3)
	s.Rooms = []roomView{{Label: "Room 1", People: []personView{{Name: "Ana", Hears: []string{}}, {Name: "Ben", Muted: true, Hears: []string{"Ana"}}}}}
	s.Wire = []exchangeView{
		{Seq: 1, At: at(-60), Phone: "Ana", Method: "POST", URL: "http://127.0.0.1:8080/twilio/voice", Status: 200, Took: 4,
			Params: [][2]string{{"CallSid", "CA0123456789abcdef0123456789abcdef"}, {"From", "+12025550171"}}, Signature: "0/KCTR6DLpKmkAf8muzZqo1nDgQ=",
			Body: "<Response>\n  <Gather action=\"/twilio/voice?s=AAAA\" finishOnKey=\"\">\n    <Say>Welcome.</Say>\n  </Gather>\n</Response>"},
		{Seq: 2, At: at(-20), Method: "POST", URL: "http://127.0.0.1:8080/twilio/status", Status: 500, Took: 31, Params: [][2]string{}, Error: "the server answered 500"},
	}
	s.Faults = []faultView{{Code: 12200, What: "attribute not allowed: colour", Where: "/twilio/voice Response/Say"}}
	return s
}
