package console

import (
	"net/http"

	"github.com/hearthline/hearthline/store"
)

// need is what a route asks of who comes.
type need int

const (
	anybody need = iota // signed in or not
	sees                // a viewer, and everybody above
	holds               // a facilitator
	keeps               // a coordinator
	owns                // an owner
)

// has says what a role can do at most.
var has = map[store.Role]need{
	store.RoleViewer: sees, store.RoleFacilitator: holds, store.RoleCoordinator: keeps, store.RoleOwner: owns,
}

// also are further conditions of a route.
type also int

const (
	// fresh: who comes has proven within five minutes who they are.
	fresh also = 1 << iota
	// wide: it concerns the whole line, and is for who may see all its groups.
	wide
)

// route is a line of the table: what it serves, for whom, and how. A route with
// :group is for who may do what it needs in that group; to others there is none.
type route struct {
	method, path string
	need         need
	page         func(*page) error
	also         also
}

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// routes is everything that the desk serves besides its static files. A route that
// is not here cannot be reached, and a test holds each to its permission.
var routes = []route{
	// Signing in, and one's own account
	// First run and home
	{get, "/console", sees, (*page).home, 0},
	// People
	// Groups and schedules
	// Live session
	// Roster and approvals
	// Messages, the inbox, reminders and their outcomes
	{get, "/console/messages", keeps, (*page).messages, 0},
	{get, "/console/groups/:group/messages", keeps, (*page).compose, 0},
	{post, "/console/groups/:group/messages", keeps, (*page).preview, 0},
	{post, "/console/groups/:group/messages/send", keeps, (*page).send, 0},
	{get, "/console/groups/:group/messages/:message", keeps, (*page).message, 0},
	{post, "/console/groups/:group/messages/:message/back", keeps, (*page).takeBack, 0},
	{get, "/console/groups/:group/reminders", holds, (*page).reminders, 0},
	{get, "/console/inbox", keeps, (*page).inbox, 0},
	{get, "/console/inbox/:voice/sound.wav", keeps, (*page).voice, 0},
	{post, "/console/inbox/:voice/heard", keeps, (*page).voiceHeard, 0},
	{get, "/console/inbox/:voice/delete", keeps, (*page).voiceDelete, 0},
	{post, "/console/inbox/:voice/delete", keeps, (*page).voiceDeleted, 0},
	// Statistics
	// Print
	// Audit, data requests
	// Number health
}
