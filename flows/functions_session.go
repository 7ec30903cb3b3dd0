package flows

import "slices"

// The variables of a session in State.Vars. "facilitator" is the id of who has shown
// a facilitator's PIN, "seat" whom a facilitator has picked; "mode", "minutes" and
// "signal" are what an option sets; "key" is the key that came with a text.
const (
	varFacilitator = "facilitator"
	varSeat        = "seat"
	varMode        = "mode"
	varMinutes     = "minutes"
	varSignal      = "signal"
	varKey         = "key"
)

// sessionFunctions are what somebody can do who sits in a session, or wants to. The
// answer of a host function carries the Session as it is then, whenever it can be
// had. Later says that it could not be done now, whatever the cause.
var sessionFunctions = map[string]function{
	// session.role tells what the caller is in their session: none says that nothing
	// is known of it.
	"session.role": {outcomes: []string{"host", "guest", "none"}, resolve: role},
	// session.whom tells where somebody is who was picked.
	"session.whom": {outcomes: []string{"here", "waiting", "gone"}, resolve: whom},

	// session.admit lets the caller into the live occurrence of State.Group, as
	// "facilitator" of State.Vars if that is set; waits says that they go to its door.
	"session.admit": {outcomes: []string{"ok", "waits", "closed", "gone", "full", "locked", "late", "removed", "later"}},
	// session.stepped tells where a caller goes on who has come out of a room: to the
	// menu of its star; in again, or to its door; or out, unheld of a session to which
	// nobody came who leads.
	"session.stepped": {
		outcomes: []string{"menu", "room", "waits", "ended", "unheld", "removed", "unknown"},
		moves:    []string{"room", "waits"},
	},
	// session.sign_in looks for a facilitator of State.Group by "pin", and sets
	// "facilitator".
	"session.sign_in": {outcomes: []string{"ok", "refused", "later"}, spends: []string{varPIN}},

	// Of everybody. On says muted, a hand up, or a turn passed in advance; off says
	// the contrary; held that a facilitator muted them.
	"session.mute": {outcomes: []string{"on", "off", "not_now", "held", "later"}},
	"session.hand": {outcomes: []string{"on", "off", "later"}},
	"session.done": {outcomes: []string{"ok", "on", "off", "not_now", "later"}},
	// session.tell gives the facilitators "signal".
	"session.tell":   {outcomes: []string{"ok", "nobody", "later"}, spends: []string{varSignal}},
	"session.leave":  {outcomes: []string{"ok", "later"}},
	"session.rejoin": {outcomes: []string{"ok", "later"}},

	// Of facilitators. Those that come to refused are also led to by texts, which have
	// the group's code in State.Code and "key" in State.Vars instead of a seat: refused
	// says that either is wrong.
	"session.look":   {outcomes: []string{"ok", resultRefused, "later"}, spends: []string{varKey}},
	"session.next":   {outcomes: []string{"ok", "nobody", "not_now", resultRefused, "later"}, spends: []string{varKey}},
	"session.quiet":  {outcomes: []string{"ok", resultRefused, "later"}, spends: []string{varKey}},
	"session.lock":   {outcomes: []string{"ok", resultRefused, "later"}, spends: []string{varKey}},
	"session.unlock": {outcomes: []string{"ok", resultRefused, "later"}, spends: []string{varKey}},
	"session.close":  {outcomes: []string{"ok", resultRefused, "later"}, spends: []string{varKey}},

	"session.mode":     {outcomes: []string{"ok", "later"}, spends: []string{varMode}},
	"session.screen":   {outcomes: []string{"ok", "later"}},
	"session.unscreen": {outcomes: []string{"ok", "later"}},
	"session.pairs":    {outcomes: []string{"ok", "nobody", "later"}, spends: []string{varMinutes}},
	"session.together": {outcomes: []string{"ok", "nobody", "later"}},
	"session.extend":   {outcomes: []string{"ok", "not_now", "later"}, spends: []string{varMinutes}},
	"session.closing":  {outcomes: []string{"ok", "later"}},

	// About "seat", who may be gone by then. session.admit_seat without one lets
	// everybody in.
	"session.mute_seat":  {outcomes: []string{"on", "off", "gone", "later"}},
	"session.talk":       {outcomes: []string{"ok", "not_now", "gone", "later"}},
	"session.to_wait":    {outcomes: []string{"ok", "gone", "later"}},
	"session.admit_seat": {outcomes: []string{"ok", "nobody", "gone", "later"}},
	"session.remove":     {outcomes: []string{"ok", "gone", "later"}},
	"session.hand_over":  {outcomes: []string{"ok", "gone", "later"}},
	"session.backup":     {outcomes: []string{"ok", "nobody", "not_now", "gone", "later"}},
	"session.crisis":     {outcomes: []string{"ok", "not_now", "gone", "later"}},
}

// resultRefused is how a function ends that was asked for with a wrong key.
const resultRefused = "refused"

// destructive are the functions that are never reached but by a question that asks
// for one of them alone.
var destructive = []string{"member.erase", "session.remove", "session.close", "session.hand_over"}

// session is what the caller may hear of theirs: nothing, if they sit in none.
func (t *turn) session() Session {
	if t.view.Session == nil {
		return Session{}
	}
	return *t.view.Session
}

func role(t *turn) string {
	switch s := t.session(); {
	case s.Seat == 0:
		return "none"
	case s.Host:
		return "host"
	}
	return "guest"
}

// picked is the person whom a facilitator has picked.
func (s Session) picked(seat string) (Person, bool) {
	i := slices.IndexFunc(s.People, func(p Person) bool { return p.ID == seat })
	if i < 0 || seat == "" {
		return Person{}, false
	}
	return s.People[i], true
}

func whom(t *turn) string {
	switch p, ok := t.session().picked(t.s.Vars[varSeat]); {
	case !ok:
		return "gone"
	case p.Waiting:
		return "waiting"
	}
	return "here"
}

// spoken says whether the group in hand is in a language of the caller. Who looked
// for a language knows what they chose.
func (t *turn) spoken() bool {
	g := t.view.group(t.s)
	return len(g.Languages) == 0 || g.speaks(t.s.Lang) || t.s.Speaks != "" && g.speaks(t.s.Speaks)
}

// speaks says whether the group is in a language, of wherever.
func (g Group) speaks(lang string) bool {
	return slices.ContainsFunc(g.Languages, func(l string) bool { return sameTongue(l, lang) })
}

// otherOpen are the listed calls open now in the caller's language, but for the
// group in hand.
func otherOpen(t *turn) []string {
	return slices.DeleteFunc(openNow(t), func(id string) bool {
		g, _ := t.view.Directory.Group(id)
		return id == t.s.Group || !g.speaks(t.s.Lang)
	})
}

// people are whom a facilitator can pick: who waits first, then the others as they
// sit; not themselves.
func people(t *turn) []string {
	s := t.session()
	var ids []string
	for _, waiting := range []bool{true, false} {
		for _, p := range s.People {
			if p.Waiting == waiting && p.ID != "" && p.ID != seatID(s.Seat) {
				ids = append(ids, p.ID)
			}
		}
	}
	return ids
}

func personItem(t *turn, id string) (item, bool) {
	p, ok := t.session().picked(id)
	return itemOf(p.Alias), ok && p.Alias != ""
}
