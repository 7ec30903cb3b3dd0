package lines

import (
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
)

// What Practice tells: the member number and the code of the one who enrols.
const (
	PracticeHandle = "482913"
	PracticeCode   = "193746"
)

// nobodys are told to whom enrols again: they look the same and open nothing.
const (
	nobodysHandle = "715204"
	nobodysCode   = "640281"
)

// memberID is what a State calls the member.
const memberID = "member"

// Practice is an edge in memory for one phone, without limits of attempts: the
// terminal, the dialogues and the tests speak with it. The zero value knows
// nobody. It is not safe for concurrent use.
type Practice struct {
	member  *flows.Member // of this phone; nil before they enrol
	pin     string        // "" for who has none yet
	code    string        // that a PIN is first set with, "" once used
	told    bool          // of their member number
	willing bool          // see Willing
	circle  *circle       // that the phone sits in, nil before
	flow    *flows.Flow   // that is spoken
	desk    *office       // of who looks after groups; nil of everybody else
	// Room is what the rooms are like: "" for an open one that nobody leads; "led",
	// "alone", "held" where the phone is muted by who leads, or one of the outcomes of
	// session.admit and session.stepped.
	Room string
	// Passes is told each node that a turn goes through, as [flows.Follow] tells it; nil
	// for nobody.
	Passes func(node string, here bool)
}

// Willing says whether the phone has agreed to what comes to it.
func (p *Practice) Willing() bool { return p.willing }

// Enrolled returns an edge whose phone has enrolled, with a PIN, in groups.
func Enrolled(pin string, groups ...string) *Practice {
	p := &Practice{}
	p.enrol(flows.View{}, flows.State{Lang: "en", Vars: map[string]string{"pin": pin}})
	p.member.Groups, p.member.Zone, p.willing = groups, "America/New_York", true
	return p
}

// Run takes a turn to where the caller is waited for.
func (p *Practice) Run(f *flows.Flow, v flows.View, s flows.State, in flows.Input) flows.Outcome {
	v.Member, v.Session, v.Desk, p.flow = nil, nil, nil, f
	if v.Text || s.Staff != "" {
		v.Desk = p.desk.here()
	}
	if f.Sits(s) || in.Event == flows.Waiting {
		v.Session = p.session(v, s)
	}
	if s.Member == memberID {
		v.Member = p.here()
	}
	return flows.RunAlong(f, v, s, in, func(r flows.Request) flows.Answer { return p.Answer(v, r) }, p.Passes)
}

// here is what the member may hear now, a copy.
func (p *Practice) here() *flows.Member {
	if p.member == nil {
		return nil
	}
	m := *p.member
	m.Groups = slices.Clone(m.Groups)
	return &m
}

// Answer runs a host function.
func (p *Practice) Answer(v flows.View, r flows.Request) flows.Answer {
	s := r.State
	switch r.Function {
	case "groups.by_code":
		if g, ok := v.Directory.ByCode(s.Code); ok {
			return flows.Answer{Result: "found", Set: map[string]string{"group": g.ID}}
		}
		return flows.Answer{Result: "unknown"}
	case "member.enrol":
		return flows.Answer{Result: "ok", Set: p.enrol(v, s)}
	case "member.log_in":
		return p.logIn(s.Vars["handle"], s.Vars["pin"])
	case "message.read":
		return flows.Answer{Result: "written", Spoken: &flows.Spoken{Words: "The hall is closed on Tuesday. We meet by phone."}}
	case "message.newest":
		return flows.Answer{Result: "spoken", Spoken: &flows.Spoken{Sound: practiceSound}}
	case "member.quick":
		if p.member == nil || p.member.Quick == "" {
			return flows.Answer{Result: "none"}
		}
		return flows.Answer{Result: "found", Set: map[string]string{"group": p.member.Quick}}
	}
	switch {
	case strings.HasPrefix(r.Function, "session."):
		return p.live(v, r)
	case strings.HasPrefix(r.Function, "desk."), strings.HasPrefix(r.Function, "studio."):
		return p.office(v, r)
	}
	return p.act(v, r.Function, s)
}

// enrol answers whoever enrols in the same form, and changes nothing of who
// has enrolled before but their groups.
func (p *Practice) enrol(v flows.View, s flows.State) map[string]string {
	told := map[string]string{"told": nobodysHandle}
	if v.Text {
		told = map[string]string{"code": nobodysCode}
	}
	if p.member == nil {
		p.member = &flows.Member{
			Preferences: flows.Preferences{Channel: flows.Channel(s.Vars["channel"]), Language: s.Lang, Zone: s.Vars["zone"], Late: s.Vars["late"] == "yes", Slow: s.Slow}.Complete(),
			Enrolled:    v.Now.Format("2006-01"),
			Consent:     flows.Consent{Channel: flows.ByCall, Month: v.Now.Format("2006-01")},
		}
		p.pin, p.told, told = s.Vars["pin"], true, map[string]string{"told": PracticeHandle}
		if v.Text {
			p.told, p.willing, p.code, told = false, true, PracticeCode, map[string]string{"code": PracticeCode}
			p.member.Consent.Channel = flows.ByText
		}
	}
	p.join(v, s.Group)
	return told
}

func (p *Practice) logIn(handle, pin string) flows.Answer {
	result := "ok"
	switch {
	case p.member == nil || handle != "" && handle != PracticeHandle || pin == "":
		return flows.Answer{Result: "refused"}
	case p.pin == "" && pin == p.code:
		p.code, result = "", "first"
	case pin != p.pin:
		return flows.Answer{Result: "refused"}
	}
	return flows.Answer{Result: result, Set: map[string]string{"member": memberID}, Member: p.here()}
}

// act does what is the same for everybody, whether there is a member or not.
func (p *Practice) act(v flows.View, function string, s flows.State) flows.Answer {
	done := flows.Answer{Result: "ok"}
	if function == "member.confirm" {
		done.Set = map[string]string{"code": nobodysCode}
	}
	if p.member == nil {
		return done
	}
	switch function {
	case "member.set_pin":
		done.Set = map[string]string{"told": ""}
		if !p.told {
			done.Set["told"] = PracticeHandle
		}
		p.pin, p.told = s.Vars["pin"], true
	case "member.prefer":
		p.prefer(s.Vars)
	case "member.join":
		p.join(v, s.Group)
	case "member.leave":
		p.leave(s.Group)
	case "member.set_quick":
		p.member.Quick = s.Group
	case "member.stop":
		p.member.Stopped = true
	case "member.resume":
		p.member.Stopped = false
	case "member.confirm":
		p.willing = true
		if p.pin == "" {
			p.code, done.Set = PracticeCode, map[string]string{"code": PracticeCode}
		}
	case "member.erase":
		*p = Practice{Room: p.Room, Passes: p.Passes}
	}
	if s.Member == memberID {
		done.Member = p.here()
	}
	return done
}

func (p *Practice) join(v flows.View, group string) {
	if group == "" || slices.Contains(p.member.Groups, group) {
		return
	}
	in := append(p.member.Groups, group)
	p.member.Groups = nil
	for _, g := range v.Directory.Groups() {
		if slices.Contains(in, g.ID) {
			p.member.Groups = append(p.member.Groups, g.ID)
		}
	}
}

func (p *Practice) leave(group string) {
	p.member.Groups = slices.DeleteFunc(slices.Clone(p.member.Groups), func(id string) bool { return id == group })
	if p.member.Quick == group {
		p.member.Quick = ""
	}
}

func (p *Practice) prefer(vars map[string]string) {
	m := p.member
	for name, set := range map[string]func(string){
		"channel": func(v string) { m.Channel = flows.Channel(v) },
		"clear":   func(v string) { m.Clear = v == "yes" },
		"days":    func(v string) { m.Days = flows.Days(v) },
		"hours":   func(v string) { m.Hours = flows.Hours(v) },
		"machine": func(v string) { m.Machine = flows.Machine(v) },
		"ring":    func(v string) { m.Ring = v == "yes" },
		"late":    func(v string) { m.Late = v == "yes" },
		"pace":    func(v string) { m.Slow = v == "slow" },
		"zone":    func(v string) { m.Zone = v },
	} {
		if value := vars[name]; value != "" {
			set(value)
		}
	}
}
