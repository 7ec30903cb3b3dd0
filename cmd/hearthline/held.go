package main

import (
	"cmp"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// tell says in words what is held about a number, and what staff did about it.
func (d desk) tell(h store.Holdings, staff staffHoldings) {
	w := tabwriter.NewWriter(d.Out, 0, 0, 2, ' ', 0)
	row := func(what, words string) { fmt.Fprintf(w, "%s\t%s\n", what, words) }
	if m := h.Member; m != nil {
		row("number", "this one, sealed; enrolled "+m.Enrolled+", last seen "+m.Seen)
		row("state", stateOf(m))
		row("member number", m.Handle)
		row("PIN", map[string]string{"set": "set; a hash of it is kept", "code": "none yet; a hash of the code that was texted is kept", "none": "none"}[m.PIN])
		row("consent", fmt.Sprintf("by %s, %s, wording %s", m.Consent.Channel, m.Consent.Month, m.Consent.Wording))
		p := m.Preferences
		row("reached by", fmt.Sprintf("%s, in %s, %s; days: %s, hours: %s, answering machine: %s", p.Channel, p.Language, cmp.Or(p.Zone, "no zone chosen"), p.Days, p.Hours, p.Machine))
		row("reminders", remindersOf(m))
		if m.Quick != "" {
			row("key 5", "leads to "+d.groupName(m.Quick))
		}
	}
	for _, g := range h.Groups {
		row("in group", d.groupName(g.Group)+" ("+g.State+")"+offsetsOf(g))
		if g.Alias != "" {
			row("called there", g.Alias+", by its coordinators")
		}
		if g.Note != "" {
			row("noted there", g.Note)
		}
		if g.MayCall {
			row("may be called", "by a coordinator of it, through the line")
		}
	}
	for _, v := range h.Voice {
		row("voice message", fmt.Sprintf("%s, %d seconds, sealed; they may be rung back", v.At.UTC().Format("2006-01-02 15:04 UTC"), v.Seconds))
	}
	if a := h.Account; a != nil {
		row("account", a.Name+" ("+string(a.Role)+", "+string(a.State)+"); signs in to the desk by telephone; the number is sealed with it")
	}
	for _, g := range staff.Facilitates {
		row("facilitates", d.groupName(g)+"; the number is sealed with the group")
	}
	for _, s := range append(h.Outbox, h.Cover...) {
		words := fmt.Sprintf("%s by %s (%s)", strings.ReplaceAll(s.Kind, "_", " "), s.Channel, s.State)
		if s.Answer != "" {
			words += ", answered " + s.Answer
		}
		row("sent, or to be", words)
	}
	if h.DialogueUntil != nil {
		row("last text", "its place in a menu, sealed, until "+h.DialogueUntil.UTC().Format("2006-01-02 15:04 UTC"))
	}
	if h.Attempts > 0 {
		row("PIN attempts", fmt.Sprintf("%d from this number, yesterday and today", h.Attempts))
	}
	if h.Sent > 0 {
		row("sent", fmt.Sprintf("%d by us, yesterday and today", h.Sent))
	}
	if h.Rung > 0 {
		row("reminded by call", fmt.Sprintf("%d times, this week and the one before", h.Rung))
	}
	if h.Seats > 0 {
		row("live sessions", fmt.Sprintf("known in %d, sealed, until a quarter of an hour after: a seat in a live session, or that it is to stay out of one", h.Seats))
	}
	if h.Shell {
		row("shell", "a row that tells that the number was enrolled; what was in it cannot be opened any more")
	}
	for _, m := range staff.Acts {
		row("staff", m.Act+", "+m.At.UTC().Format("2006-01-02 15:04 UTC"))
	}
	_ = w.Flush()
}

func stateOf(m *store.HeldMember) string {
	words := map[string]string{
		"asked":     "asked, and not confirmed; forgotten on " + m.ErasedOn + " if nobody answers",
		"confirmed": "confirmed",
	}[m.State]
	if m.Stopped {
		why := map[string]string{
			string(flows.TheyAsked):   "told us to stop",
			string(flows.Unreachable): "the carrier says that the phone cannot be reached",
			string(flows.Unanswered):  "did not say that it is still safe",
		}[m.StoppedWhy]
		words += "; " + why + ": nothing is sent"
	}
	if m.SafeUntil != "" {
		words += "; asked again whether it is safe after " + m.SafeUntil
	}
	return words
}

// remindersOf says how a member wishes to be reminded.
func remindersOf(m *store.HeldMember) string {
	p := m.Preferences
	words := map[bool]string{true: "name the group, as the member asked", false: "name no group"}[p.Clear]
	if p.Late {
		words += "; also in the quiet hours"
	}
	if p.Ring {
		words += "; may be rung when they ask for it"
	}
	return words
}

// offsetsOf says when a member is reminded of a group, unless that is as the group
// has it.
func offsetsOf(g store.HeldGroup) string {
	switch {
	case g.Offsets == nil:
		return ""
	case len(g.Offsets) == 0:
		return ", no reminders"
	}
	return ", reminded " + strings.Join(g.Offsets, " and ") + " before"
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
