package lines

import (
	"slices"
	"strconv"

	"github.com/hearthline/hearthline/flows"
)

// What Practice takes for a facilitator's PIN, and what it tells as their key for
// texts.
const (
	PracticePIN = "73914626"
	PracticeKey = "4821"
)

// longestExtension is how many minutes a session can be extended by.
const longestExtension = 30

// Rooms are what Practice's rooms may be like.
func Rooms() []string {
	all := slices.Concat([]string{"led", "alone", "held"}, flows.Outcomes("session.admit"), flows.Outcomes("session.stepped"))
	slices.Sort(all)
	return slices.Compact(all)
}

// circle is a session in memory: the phone has the first seat.
type circle struct {
	// me is what the phone hears of it but for names, which are seats here.
	me      flows.Session
	passed  bool
	speaker string   // seat
	queue   []string // seats
	added   int      // minutes
	held    bool     // the phone was muted by who leads
}

const ownSeat = "1"

// sit is the circle that the phone sits in, with three others and one at its door.
func (p *Practice) sit(s flows.State) *circle {
	if p.circle != nil {
		return p.circle
	}
	host := s.Vars["facilitator"] != ""
	p.circle = &circle{held: p.Room == "held", me: flows.Session{Muted: p.Room == "held", Seat: 1, Host: host, Hosted: host || p.Room == "led", Mode: "open", Minutes: 40}}
	for seat := 2; seat <= 5 && p.Room != "alone"; seat++ {
		p.circle.me.People = append(p.circle.me.People, flows.Person{ID: strconv.Itoa(seat), Waiting: seat == 5})
	}
	return p.circle
}

// session is what the phone may hear of its circle.
func (p *Practice) session(v flows.View, s flows.State) *flows.Session {
	c := p.sit(s)
	if p.flow == nil {
		return nil
	}
	name := func(seat string) string {
		n, _ := strconv.Atoi(seat)
		return p.flow.Alias(s.Lang, n-1)
	}
	me := c.me
	me.Alias, me.Here, me.Hand, me.Mine = name(ownSeat), 1, slices.Index(c.queue, ownSeat)+1, c.speaker == ownSeat
	if v.Text {
		me.Seat, me.Alias, me.Here, me.Host = 0, "", 0, true
	}
	if c.speaker != "" {
		me.Speaker = name(c.speaker)
	}
	for _, seat := range c.queue {
		me.Queue = append(me.Queue, name(seat))
	}
	me.People = slices.Clone(me.People)
	for i := range me.People {
		q := &me.People[i]
		if q.Alias = name(q.ID); q.Waiting {
			me.Waiting++
			continue
		}
		if me.Here++; me.Host && c.me.Mode != "open" && q.ID != c.speaker {
			me.Silent = append(me.Silent, q.Alias)
		}
	}
	if me.Host {
		me.Key = PracticeKey
	}
	return &me
}

// live runs a function of a session.
func (p *Practice) live(v flows.View, r flows.Request) flows.Answer {
	s := r.State
	switch r.Function {
	case "session.admit":
		return p.admit(v, s)
	case "session.stepped":
		if slices.Contains(flows.Outcomes(r.Function), p.Room) && p.Room != "waits" {
			return flows.Answer{Result: p.Room}
		}
		return flows.Answer{Result: "menu", Session: p.session(v, s)}
	case "session.sign_in":
		if s.Vars["pin"] != PracticePIN {
			return flows.Answer{Result: "refused"}
		}
		return flows.Answer{Result: "ok", Set: map[string]string{"facilitator": "facilitator"}}
	}
	if _, known := v.Directory.ByCode(s.Code); v.Text && (!known || s.Vars["key"] != PracticeKey) {
		return flows.Answer{Result: "refused"}
	}
	c := p.sit(s)
	do, ok := ownVerbs[r.Function]
	if !ok {
		do = groupVerbs[r.Function]
	}
	return flows.Answer{Result: do(c, s.Vars), Session: p.session(v, s)}
}

func (p *Practice) admit(v flows.View, s flows.State) flows.Answer {
	_, known := v.Directory.Group(s.Group)
	_, open := v.Directory.Live(s.Group, v.Now)
	switch {
	case !known:
		return flows.Answer{Result: "gone"}
	case !open:
		return flows.Answer{Result: "closed"}
	case slices.Contains(flows.Outcomes("session.admit"), p.Room):
		return flows.Answer{Result: p.Room}
	}
	return flows.Answer{Result: "ok", Session: p.session(v, s)}
}

// toggle turns something on or off.
func toggle(is *bool) string {
	if *is = !*is; *is {
		return "on"
	}
	return "off"
}

// verb is what a function does to a circle.
type verb func(c *circle, vars map[string]string) string

// ownVerbs are everybody's.
var ownVerbs = map[string]verb{
	"session.look":   func(*circle, map[string]string) string { return "ok" },
	"session.leave":  func(*circle, map[string]string) string { return "ok" },
	"session.rejoin": func(c *circle, _ map[string]string) string { c.me.Aside = false; return "ok" },
	"session.mute": func(c *circle, _ map[string]string) string {
		switch {
		case c.held:
			return "held"
		case c.me.Mode != "open" && !c.me.Host && c.speaker != ownSeat:
			return "not_now"
		}
		return toggle(&c.me.Muted)
	},
	"session.hand": func(c *circle, _ map[string]string) string {
		if at := slices.Index(c.queue, ownSeat); at >= 0 {
			c.queue = slices.Delete(c.queue, at, at+1)
			return "off"
		}
		c.queue = append(c.queue, ownSeat)
		return "on"
	},
	"session.done": func(c *circle, _ map[string]string) string {
		switch {
		case c.speaker == ownSeat:
			c.speaker = ""
			return "ok"
		case c.me.Mode == "circle":
			return toggle(&c.passed)
		}
		return "not_now"
	},
	"session.tell": func(c *circle, _ map[string]string) string {
		if c.me.Hosted {
			return "ok"
		}
		return "nobody"
	},
}

// groupVerbs are those of who holds it.
var groupVerbs = map[string]verb{
	"session.next": func(c *circle, _ map[string]string) string {
		switch {
		case c.me.Mode == "listen":
			return "not_now"
		case len(c.queue) == 0:
			return "nobody"
		}
		c.speaker, c.queue = c.queue[0], c.queue[1:]
		return "ok"
	},
	"session.mode": func(c *circle, vars map[string]string) string {
		c.me.Mode, c.speaker, c.queue = vars["mode"], "", nil
		for _, q := range c.me.People {
			if c.me.Mode == "circle" && !q.Waiting {
				c.queue = append(c.queue, q.ID)
			}
		}
		return "ok"
	},
	"session.quiet":    func(*circle, map[string]string) string { return "ok" },
	"session.closing":  func(*circle, map[string]string) string { return "ok" },
	"session.close":    func(*circle, map[string]string) string { return "ok" },
	"session.lock":     func(c *circle, _ map[string]string) string { c.me.Locked = true; return "ok" },
	"session.unlock":   func(c *circle, _ map[string]string) string { c.me.Locked = false; return "ok" },
	"session.screen":   func(c *circle, _ map[string]string) string { c.me.Screened = true; return "ok" },
	"session.unscreen": func(c *circle, _ map[string]string) string { c.me.Screened = false; return "ok" },
	"session.together": func(c *circle, _ map[string]string) string { c.me.Paired = false; return "ok" },
	"session.pairs": func(c *circle, _ map[string]string) string {
		if c.me.Paired = len(c.me.People) > 1; c.me.Paired {
			return "ok"
		}
		return "nobody"
	},
	"session.extend": func(c *circle, vars map[string]string) string {
		more, _ := strconv.Atoi(vars["minutes"])
		if c.added+more > longestExtension {
			return "not_now"
		}
		c.added, c.me.Minutes = c.added+more, c.me.Minutes+more
		return "ok"
	},
	"session.admit_seat": func(c *circle, vars map[string]string) string {
		result := "nobody"
		for i := range c.me.People {
			if q := &c.me.People[i]; q.Waiting && (vars["seat"] == "" || vars["seat"] == q.ID) {
				q.Waiting, result = false, "ok"
			}
		}
		return result
	},
	"session.mute_seat": about(func(_ *circle, q *flows.Person) string { return toggle(&q.Muted) }),
	"session.to_wait":   about(func(_ *circle, q *flows.Person) string { q.Waiting = true; return "ok" }),
	"session.talk":      about(func(c *circle, _ *flows.Person) string { c.me.Aside = true; return "ok" }),
	"session.crisis":    about(func(c *circle, _ *flows.Person) string { c.me.Aside = true; return "ok" }),
	"session.backup":    about(func(*circle, *flows.Person) string { return "nobody" }),
	"session.hand_over": about(func(c *circle, _ *flows.Person) string { c.me.Host = false; return "ok" }),
	"session.remove": about(func(c *circle, q *flows.Person) string {
		c.me.People = slices.DeleteFunc(c.me.People, func(p flows.Person) bool { return p.ID == q.ID })
		return "ok"
	}),
}

// about does something to who was picked.
func about(do func(c *circle, q *flows.Person) string) verb {
	return func(c *circle, vars map[string]string) string {
		for i := range c.me.People {
			if q := &c.me.People[i]; q.ID == vars["seat"] {
				return do(c, q)
			}
		}
		return "gone"
	}
}
