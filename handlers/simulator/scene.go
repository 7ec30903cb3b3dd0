package simulator

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hearthline/hearthline/handlers/emulator"
)

// How much of the past a page is sent.
const (
	captionsKept = 30
	wireKept     = 60
	faultsKept   = 5
	textsKept    = 30
)

func (b *exchangeBoard) Scene() scene {
	rooms := b.rooms()
	var s scene
	s.Clock = b.moment()
	s.Rooms = roomViews(rooms)
	for i := range people {
		s.Phones = append(s.Phones, b.phone(i, rooms))
	}
	b.mu.Lock()
	owner := maps.Clone(b.owner)
	s.Flow = b.flow
	b.mu.Unlock()
	s.Wire = []exchangeView{}
	for _, x := range last(b.emulator.Exchanges(), wireKept) {
		s.Wire = append(s.Wire, exchangeOf(x, owner[cmp.Or(x.Call, x.Message)]))
	}
	s.Faults = []faultView{}
	for _, p := range last(b.emulator.Problems(), faultsKept) {
		s.Faults = append(s.Faults, faultView{Code: p.Code, What: p.What, Where: p.Where})
	}
	return s
}

func last[T any](all []T, n int) []T { return all[max(0, len(all)-n):] }

func (b *exchangeBoard) moment() clockView {
	now := b.clock.Now().In(b.zone)
	zone, offset := now.Zone()
	return clockView{Now: now.UnixMilli(), Speed: b.clock.Speed(), Offset: offset / 60, Zone: zone}
}

// rooms returns the conferences that somebody is in.
func (b *exchangeBoard) rooms() []emulator.Room {
	return slices.DeleteFunc(b.emulator.Rooms(), func(r emulator.Room) bool {
		return r.Status == "completed" || len(r.Participants) == 0
	})
}

// roomViews numbers the rooms: their names are tokens that nobody can read.
func roomViews(rooms []emulator.Room) []roomView {
	views := []roomView{}
	for i, r := range rooms {
		v := roomView{Label: fmt.Sprintf("Room %d", i+1), People: []personView{}}
		for _, p := range r.Participants {
			v.People = append(v.People, personView{
				Name: nameOf(p.Phone), Muted: p.Muted, Held: p.Hold, Hears: heardBy(r, p),
			})
		}
		views = append(views, v)
	}
	return views
}

// heardBy returns the names of whom p would hear speak.
func heardBy(r emulator.Room, p emulator.Participant) []string {
	names := []string{}
	for _, other := range r.Participants {
		if slices.Contains(p.Hears, other.CallSID) {
			names = append(names, nameOf(other.Phone))
		}
	}
	return names
}

func (b *exchangeBoard) phone(i int, rooms []emulator.Room) phoneView {
	who := people[i]
	b.mu.Lock()
	h := *b.handset(who.number)
	b.mu.Unlock()
	v := phoneView{
		Phone: i + 1, Name: who.name, Number: spaced(who.number),
		State: stateOf(&h), Hears: []string{}, Captions: append([]captionView{}, h.told...),
		Texts: []textView{}, Delivery: h.delivery, Pickup: h.pickup, Ended: h.ended,
	}
	for _, t := range last(b.emulator.Phone(who.number).Texts(), textsKept) {
		v.Texts = append(v.Texts, b.textOf(t))
	}
	if !h.since.IsZero() {
		v.Since = h.since.UnixMilli()
	}
	for _, r := range rooms {
		for _, p := range r.Participants {
			if p.Phone == who.number {
				v.Room, v.Muted, v.Held, v.Hears = true, p.Muted, p.Hold, heardBy(r, p)
			}
		}
	}
	return v
}

// captionOf returns the caption of something heard or done at a phone.
func captionOf(e emulator.Event) captionView {
	v := captionView{ID: strconv.FormatUint(e.Seq, 10), Kind: e.Kind, At: e.At.UnixMilli(), Text: e.Text}
	switch e.Kind {
	case emulator.EventPressed:
		v.Kind = keyPressed
		if key, lost := strings.CutSuffix(e.Text, " (lost)"); lost {
			v.Kind, v.Text = keyLost, key
		}
	case emulator.EventSaid:
		v.Kind, v.From = ownWords, nameOf(e.Phone)
	}
	if u := e.Utterance; u != nil {
		v.At, v.Lasts, v.Lang, v.Cut = u.At.UnixMilli(), u.Duration.Milliseconds(), u.Language, u.Cut
		if u.From != "" {
			v.From = nameOf(u.From)
		}
		if u.Kind == emulator.KindTone && u.From != "" {
			v.Text = "presses " + u.Text
		}
		if u.Kind == emulator.KindPlay {
			v.Text, v.Sound = soundOf(u.Text)
		}
	}
	return v
}

// soundOf is a recording in words, and where on this machine it is had. Its address is
// nothing to read, unless it is a word: the tone, the chime.
func soundOf(address string) (words, at string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address, "" // hold music
	}
	words = strings.TrimSuffix(path.Base(u.Path), ".wav")
	if words != "tone" && words != "chime" {
		words = "a recording"
	}
	return words, u.RequestURI()
}

func exchangeOf(x emulator.Exchange, owner string) exchangeView {
	v := exchangeView{
		Seq: x.Seq, At: x.At.UnixMilli(), Method: x.Method, URL: x.URL, Params: sorted(x.Params),
		Signature: x.Signature, Status: x.Status, Body: indented(x.Body), Took: x.Latency.Milliseconds(), Error: x.Err,
	}
	if owner != "" {
		v.Phone = nameOf(owner)
	}
	return v
}

// sorted returns the parameters in the order in which Twilio signs them.
func sorted(params url.Values) [][2]string {
	pairs := [][2]string{}
	for _, k := range slices.Sorted(maps.Keys(params)) {
		for _, v := range params[k] {
			pairs = append(pairs, [2]string{k, v})
		}
	}
	return pairs
}

// indented lays a document out for reading: an element a line, its text beside
// it. What is not XML comes back as it is.
func indented(doc string) string {
	var b strings.Builder
	in := xml.NewDecoder(strings.NewReader(doc))
	out := xml.NewEncoder(&b)
	out.Indent("", "  ")
	for {
		t, err := in.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return doc
		}
		if _, prolog := t.(xml.ProcInst); prolog {
			continue
		}
		if err := out.EncodeToken(t); err != nil {
			return doc
		}
	}
	if err := out.Flush(); err != nil || b.Len() == 0 {
		return doc
	}
	return b.String()
}
