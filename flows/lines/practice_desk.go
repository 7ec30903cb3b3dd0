package lines

import (
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
)

// What Practice knows of a coordinator: the digits and the PIN that they sign in
// with, the code of a group that they set up, and that by which an order counts.
const (
	PracticeStaff   = "614382"
	PracticeDeskPIN = "58203917"
	PracticeOpened  = "736459"
	PracticeConfirm = "4821"
	// PracticeQuestion is what goes with the answer of a facilitator who was asked.
	PracticeQuestion = "412"
)

// MemberPrefix begins what a member's phone is called, and PracticeMemberPIN is their PIN.
const (
	MemberPrefix      = "member:"
	PracticeMemberPIN = "739146"
)

// practiceTries is how many wrong digits end a question.
const practiceTries = 3

// staffID is what a State calls the coordinator.
const staffID = "coordinator"

// practiceSound is what was spoken for a group, or as a prompt, and practiceScript the
// first prompt that is missing.
const (
	practiceSound  = "https://line.example.org/spoken.wav"
	practiceScript = "101"
)

// office is what a coordinator looks after.
type office struct {
	flows.Desk
	asked   bool // facilitators were asked to hold a session
	covered bool // and somebody does
	wrong   int  // answers without the right digits: three end the question
}

// PINs are those that practice asks for, by whose they are: of a member, of who leads
// a group, and of who looks after all.
func PINs() map[string]string {
	return map[string]string{"member": PracticeMemberPIN, "facilitator": PracticePIN, "coordinator": PracticeDeskPIN}
}

// At returns an edge whose phone is somebody's of the staff: a "coordinator" of all
// groups of a directory, one of a "single" group, or a facilitator who was "asked" to
// hold a session; or a member's, "member" or "member:" and any name, who is in the first
// two groups; anybody's for "", "nobody" and "facilitator", whom nothing but a PIN tells.
func At(who string, d *flows.Directory) *Practice {
	if who == "member" || strings.HasPrefix(who, MemberPrefix) {
		return Enrolled(PracticeMemberPIN, d.IDs()[:min(len(d.IDs()), 2)]...)
	}
	switch who {
	case "", "nobody", "facilitator":
		return &Practice{}
	case "asked":
		return &Practice{desk: &office{asked: true}}
	}
	o := &office{Desk: flows.Desk{Account: staffID, Groups: d.IDs(), Opens: true}}
	if who == "single" {
		o.Groups = o.Groups[:min(len(o.Groups), 1)]
	}
	if len(o.Groups) > 0 {
		o.Waiting = []flows.Applicant{{ID: "applicant", Group: o.Groups[0], Number: 12, Calls: true}}
		o.Live = []flows.Gathering{{Group: o.Groups[0], Here: 5, Minutes: 25}}
	}
	return &Practice{desk: o}
}

// here is what the coordinator may hear now, a copy.
func (o *office) here() *flows.Desk {
	if o == nil || o.Account == "" {
		return nil
	}
	d := o.Desk
	d.Waiting = slices.Clone(o.Waiting)
	return &d
}

// office runs a function of the desk.
func (p *Practice) office(v flows.View, r flows.Request) flows.Answer {
	o, vars := p.desk, r.State.Vars
	switch {
	case r.Function == "desk.take" || r.Function == "desk.pass":
		return flows.Answer{Result: o.answers(r.Function == "desk.take", vars[flows.VarQuestion])}
	case r.Function == "desk.sign_in":
		if o == nil || vars["pin"] != PracticeDeskPIN || vars["handle"] != "" && vars["handle"] != PracticeStaff {
			return flows.Answer{Result: "refused"}
		}
		return flows.Answer{Result: "ok", Set: map[string]string{"staff": staffID}, Desk: o.here()}
	case o == nil:
		return flows.Answer{Result: flows.Outcomes(r.Function)[1]}
	case r.Function == "desk.reach" && atNight(v):
		return flows.Answer{Result: "not_now"}
	}
	switch r.Function {
	case "desk.code":
		return flows.Answer{Result: "ok", Set: map[string]string{"confirm": PracticeConfirm}}
	case "desk.confirm":
		if vars["key"] != PracticeConfirm {
			return flows.Answer{Result: "refused"}
		}
	case "desk.spoken":
		return flows.Answer{Result: "ok", Set: map[string]string{"rung": "2", "texted": "1"}, Spoken: &flows.Spoken{Sound: practiceSound}}
	case "studio.next":
		return flows.Answer{Result: "some", Set: map[string]string{flows.VarScript: practiceScript}}
	case "studio.heard":
		return flows.Answer{Result: "ok", Spoken: &flows.Spoken{Sound: practiceSound}}
	case "desk.open":
		return flows.Answer{Result: "ok", Set: map[string]string{"opened": PracticeOpened}}
	case "desk.approve", "desk.decline":
		o.Waiting = slices.DeleteFunc(slices.Clone(o.Waiting), func(a flows.Applicant) bool { return a.ID == vars["applicant"] })
	}
	return flows.Answer{Result: "ok", Desk: o.here()}
}

// atNight says whether it is night where the line is, at whose clock everybody is.
func atNight(v flows.View) bool {
	wishes := flows.Preferences{}.Complete()
	return wishes.SafeFrom(wishes.Zones(v.Directory.Line.Zone, nil), v.Now).After(v.Now)
}

// answers is what becomes of a facilitator's answer.
func (o *office) answers(yes bool, digits string) string {
	switch {
	case o == nil || !o.asked || o.wrong == practiceTries:
		return "none"
	case digits != PracticeQuestion:
		o.wrong++
		return "none"
	case yes && o.covered:
		return "taken"
	case yes:
		o.covered = true
	}
	return "ok"
}
