package main

import (
	"cmp"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/console"
	"github.com/hearthline/hearthline/store"
)

// tell prints what is held of a number, in a language of the desk.
func (d desk) tell(lang string, h store.Holdings, staff staffHoldings) {
	t := teller{d, lang}
	w := tabwriter.NewWriter(d.Out, 0, 0, 2, ' ', 0)
	row := func(key, words string) { fmt.Fprintf(w, "%s\t%s\n", t.say(key), words) }
	if m := h.Member; m != nil {
		row("number", t.say("number_is", "enrolled", m.Enrolled, "seen", m.Seen))
		row("state", t.stateOf(m))
		row("handle", m.Handle)
		row("pin", t.say(map[string]string{"set": "pin_set", "code": "pin_code", "none": "pin_none"}[m.PIN]))
		row("consent", t.say("consent_is", "channel", t.word(m.Consent.Channel), "month", m.Consent.Month, "wording", m.Consent.Wording))
		p := m.Preferences
		row("reached", t.say("reached_is", "channel", t.word(p.Channel), "language", t.word(p.Language), "zone", t.zone(p.Zone),
			"days", t.word(p.Days), "hours", t.word(p.Hours), "machine", t.word(p.Machine)))
		row("reminders", t.remindersOf(m))
		if m.Quick != "" {
			row("key_5", t.say("key_5_is", "group", t.groupName(m.Quick)))
		}
	}
	for _, g := range h.Groups {
		row("in_group", t.groupName(g.Group)+" ("+t.word(g.State)+")"+t.offsetsOf(g))
		if g.Alias != "" {
			row("called", t.say("called_is", "alias", g.Alias))
		}
		if g.Note != "" {
			row("noted", g.Note)
		}
		if g.MayCall {
			row("may_call", t.say("may_call_is"))
		}
	}
	for _, v := range h.Voice {
		row("voice", t.say("voice_is", "at", v.At.UTC().Format(heldTime), "n", v.Seconds))
	}
	if a := h.Account; a != nil {
		row("account", t.say("account_is", "name", a.Name, "role", t.word(a.Role), "state", t.word(a.State)))
	}
	for _, g := range staff.Facilitates {
		row("facilitates", t.say("facilitates_is", "group", t.groupName(g)))
	}
	for _, s := range append(h.Outbox, h.Cover...) {
		words := t.say("sent_row_is", "kind", t.word(s.Kind), "channel", t.word(s.Channel), "state", t.word(s.State))
		if s.Answer != "" {
			words += t.say("answered", "answer", t.word(s.Answer))
		}
		row("sent_row", words)
	}
	if h.DialogueUntil != nil {
		row("last_text", t.say("last_text_is", "at", h.DialogueUntil.UTC().Format(heldTime)))
	}
	for _, c := range []struct {
		key string
		n   int
	}{{"attempts", h.Attempts}, {"sent", h.Sent}, {"rung", h.Rung}, {"live", h.Seats}} {
		if c.n > 0 {
			row(c.key, t.say(c.key+"_is", "n", c.n))
		}
	}
	if h.Tester {
		row("tester", t.say("tester_is"))
	}
	if h.Shell {
		row("shell", t.say("shell_is"))
	}
	for _, m := range staff.Acts {
		did, _, err := console.SayAct(lang, store.AuditListed{Act: m.Act})
		if err != nil {
			did = m.Act
		}
		row("staff", did+", "+m.At.UTC().Format(heldTime))
	}
	_ = w.Flush()
}

// heldTime is how the times of what is held are written.
const heldTime = "2006-01-02 15:04 UTC"

// teller says what is held, in a language.
type teller struct {
	desk
	lang string
}

// say is a text of the desk's own words, and word one of the store's in them.
func (t teller) say(key string, pairs ...any) string {
	text, err := console.Say(t.lang, "held."+key, pairs...)
	if err != nil {
		return key
	}
	return text
}

func (t teller) word(of any) string {
	name := fmt.Sprint(of)
	text, err := console.Say(t.lang, "held.word_"+name)
	if err != nil {
		return strings.ReplaceAll(name, "_", " ")
	}
	return text
}

func (t teller) zone(name string) string {
	if loc, err := time.LoadLocation(name); err == nil && name != "" {
		return schedule.Place(t.lang, t.now.In(loc))
	}
	return t.say("no_zone")
}

func (t teller) stateOf(m *store.HeldMember) string {
	words := ""
	switch m.State {
	case "asked":
		words = t.say("state_asked", "day", m.ErasedOn)
	case "confirmed":
		words = t.say("state_confirmed")
	}
	if m.Stopped {
		words += t.say(map[string]string{
			string(flows.TheyAsked): "stopped_asked", string(flows.Unreachable): "stopped_unreachable", string(flows.Unanswered): "stopped_silence",
		}[m.StoppedWhy])
	}
	if m.SafeUntil != "" {
		words += t.say("safe_until", "day", m.SafeUntil)
	}
	return words
}

// remindersOf says how a member wishes to be reminded.
func (t teller) remindersOf(m *store.HeldMember) string {
	p := m.Preferences
	words := t.say(map[bool]string{true: "reminders_clear", false: "reminders_discreet"}[p.Clear])
	if p.Late {
		words += t.say("reminders_late")
	}
	if p.Ring {
		words += t.say("reminders_ring")
	}
	return words
}

// offsetsOf says when a member is reminded of a group, unless that is as the group
// has it.
func (t teller) offsetsOf(g store.HeldGroup) string {
	switch {
	case g.Offsets == nil:
		return ""
	case len(g.Offsets) == 0:
		return t.say("offsets_none")
	}
	return t.say("offsets", "before", strings.Join(g.Offsets, t.say("and")))
}

// groupName is how a person knows a group.
func (t teller) groupName(id string) string {
	for _, g := range t.groups {
		if g.ID == id {
			return g.Code + " " + g.Name.In(t.lang)
		}
	}
	return cmp.Or(id, t.say("a_group"))
}

// names are those of the groups that a disclosure tells of.
func (d desk) names(h store.Holdings, leads []string) map[string]string {
	names := map[string]string{}
	for _, g := range h.Groups {
		names[g.Group] = d.groupName(g.Group)
	}
	for _, g := range leads {
		names[g] = d.groupName(g)
	}
	return names
}

// groupName is how a person knows a group.
func (d desk) groupName(id string) string {
	for _, g := range d.groups {
		if g.ID == id {
			return g.Code + " " + g.Name.In(d.line.Languages[0])
		}
	}
	return cmp.Or(id, "a group")
}
