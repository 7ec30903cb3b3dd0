package console

import "strings"

// place is an entry of the navigation, by the path of its route.
type place struct{ Path, Words string }

const homePath = "/console"

// places are the navigation, in order. Who may not go to one does not see it.
var places = []place{
	{homePath, "layout.home"},
	{"/console/groups", "layout.groups"},
	{"/console/messages", "layout.messages"},
	{"/console/inbox", "layout.inbox"},
	{"/console/statistics", "layout.statistics"},
	{"/console/print", "layout.print"},
	{flowsPath, "layout.flows"},
	{promptsPath, "layout.prompts"},
	{"/console/people", "layout.people"},
	{"/console/audit", "layout.audit"},
	{"/console/requests", "layout.requests"},
	{"/console/health", "layout.health"},
	{"/console/settings", "layout.settings"},
	{"/console/me", "layout.me"},
}

// groupPlaces are those of one group, below the others.
var groupPlaces = []place{
	{"/console/groups/:group", "layout.group"},
	{"/console/groups/:group/schedule", "layout.schedule"},
	{"/console/groups/:group/live", "layout.live"},
	{"/console/groups/:group/roster", "layout.roster"},
	{"/console/groups/:group/reminders", "layout.reminders"},
	{"/console/groups/:group/messages", "layout.message"},
	{"/console/groups/:group/statistics", "layout.statistics"},
	{"/console/groups/:group/print", "layout.print"},
}

// shownPlace is an entry as it is drawn.
type shownPlace struct {
	Path, Words string
	// Current is what its link says to who hears the page (WAI-ARIA aria-current): that it is
	// the page, or that the page is below it; "" for neither.
	Current string
}

// Nav is where who is signed in can go.
func (p *page) Nav() []shownPlace { return p.shown(places) }

// GroupNav is where they can go in the group that the page is about.
func (p *page) GroupNav() []shownPlace { return p.shown(groupPlaces) }

func (p *page) shown(places []place) []shownPlace {
	here, at := p.Context.Path(), -1
	for i, to := range places {
		below := to.Path != homePath && strings.HasPrefix(here, to.Path+"/")
		if !p.placeless && (here == to.Path || below) && (at < 0 || len(to.Path) > len(places[at].Path)) {
			at = i
		}
	}
	var all []shownPlace
	for i, to := range places {
		if !p.Can(get, to.Path) {
			continue
		}
		one := shownPlace{Path: p.inGroup(to.Path), Words: to.Words}
		switch {
		case i == at && here == to.Path:
			one.Current = "page"
		case i == at:
			one.Current = "true"
		}
		all = append(all, one)
	}
	return all
}

// inGroup is a route's path for the group that the page is about.
func (p *page) inGroup(path string) string {
	if p.group == nil {
		return path
	}
	return strings.Replace(path, ":group", p.group.ID, 1)
}
