package console

import "strings"

// place is an entry of the navigation, by the path of its route.
type place struct{ Path, Words string }

// places are the navigation, in order. Who may not go to one does not see it.
var places = []place{
	{"/console", "layout.home"},
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
	Here        bool
}

// Nav is where who is signed in can go.
func (p *page) Nav() []shownPlace { return p.shown(places) }

// GroupNav is where they can go in the group that the page is about.
func (p *page) GroupNav() []shownPlace { return p.shown(groupPlaces) }

func (p *page) shown(places []place) []shownPlace {
	var all []shownPlace
	for _, to := range places {
		if !p.Can(get, to.Path) {
			continue
		}
		all = append(all, shownPlace{Path: p.inGroup(to.Path), Words: to.Words, Here: p.Context.Path() == to.Path})
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
