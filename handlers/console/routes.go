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
	// Statistics
	{get, "/console/statistics", sees, (*page).statistics, wide},
	{get, "/console/statistics.csv", sees, (*page).statisticsCSV, wide},
	{get, "/console/groups/:group/statistics", sees, (*page).groupStatistics, 0},
	{get, "/console/groups/:group/statistics.csv", sees, (*page).groupStatisticsCSV, 0},
	// Print
	{get, "/console/print", sees, (*page).printing, 0},
	{get, "/console/print/sheet", sees, (*page).printSheet, 0},
	{get, "/console/groups/:group/print", sees, (*page).groupPrinting, 0},
	{get, "/console/groups/:group/print/sheet", sees, (*page).printSheet, 0},
	// Audit, data requests
	// Number health
}
