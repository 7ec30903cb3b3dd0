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

// filePaths are those of forms that may have a file in them.
var filePaths = []string{languagePath, promptPath}

// routes is everything that the desk serves besides its static files. A route that
// is not here cannot be reached, and a test holds each to its permission.
var routes = []route{
	// Signing in, and one's own account
	{get, "/console/sign-in", anybody, (*page).signIn, 0},
	{post, "/console/sign-in", anybody, (*page).signInWith, 0},
	{post, "/console/sign-in/passkey/begin", anybody, (*page).askForKey, 0},
	{post, "/console/sign-in/passkey", anybody, (*page).signInWithKey, 0},
	{post, "/console/sign-in/demo", anybody, (*page).signInToDemo, 0},
	{post, "/console/sign-out", sees, (*page).signOut, 0},
	{get, "/console/again", sees, (*page).again, 0},
	{post, "/console/again", sees, (*page).againWithPassword, 0},
	{post, "/console/again/demo", sees, (*page).againInDemo, 0},
	{post, "/console/again/passkey/begin", sees, (*page).againAskForKey, 0},
	{post, "/console/again/passkey", sees, (*page).againWithKey, 0},
	{get, "/console/join", anybody, (*page).join, 0},
	{post, "/console/join", anybody, (*page).joinWith, 0},
	{post, "/console/join/first", anybody, (*page).joinFirst, 0},
	{post, "/console/join/password", anybody, (*page).joinWithPassword, 0},
	{post, "/console/join/passkey/begin", anybody, (*page).joinAskForKey, 0},
	{post, "/console/join/passkey", anybody, (*page).joinWithKey, 0},
	{get, "/console/me", sees, (*page).myPage, 0},
	{post, "/console/me", sees, (*page).renameMe, 0},
	{get, "/console/me/steps", sees, (*page).mySteps, fresh},
	{post, "/console/me/steps", sees, (*page).setMySteps, fresh},
	{post, "/console/me/password", sees, (*page).setMyPassword, fresh},
	{get, "/console/me/codes", sees, (*page).myCodes, 0},
	{post, "/console/me/codes", sees, (*page).makeMyCodes, fresh},
	{post, "/console/me/passkeys/begin", sees, (*page).askForMyKey, fresh},
	{post, "/console/me/passkeys", sees, (*page).addMyKey, fresh},
	{post, "/console/me/passkeys/:passkey/remove", sees, (*page).removeMyKey, fresh},
	{post, "/console/me/phone", sees, (*page).setMyPhone, fresh},
	{post, "/console/me/phone/remove", sees, (*page).clearMyPhone, fresh},
	{post, "/console/me/sessions/:session/end", sees, (*page).endMySession, 0},
	{post, "/console/me/sessions/end", sees, (*page).endMySessions, 0},
	// First run and home
	{get, "/console", sees, (*page).home, 0},
	{get, "/console/first", owns, (*page).first, wide},
	{get, "/console/first/:step", owns, (*page).first, wide},
	{post, "/console/first/:step", owns, (*page).setFirst, wide},
	{get, "/console/settings", owns, (*page).showSettings, wide},
	{post, "/console/settings", owns, (*page).setSettings, wide},
	// People
	{get, "/console/people", owns, (*page).people, wide},
	{get, "/console/people/new", owns, (*page).invite, wide | fresh},
	{post, "/console/people/new", owns, (*page).inviteThem, wide | fresh},
	{get, "/console/people/:account", owns, (*page).person, wide},
	{post, "/console/people/:account/role", owns, (*page).setRole, wide | fresh},
	{post, "/console/people/:account/groups", owns, (*page).setGroups, wide | fresh},
	{post, "/console/people/:account/disable", owns, (*page).disable, wide | fresh},
	{post, "/console/people/:account/enable", owns, (*page).enable, wide | fresh},
	{post, "/console/people/:account/delete", owns, (*page).deletePerson, wide | fresh},
	{post, "/console/people/:account/link", owns, (*page).relink, wide | fresh},
	{post, "/console/people/:account/sessions/end", owns, (*page).endTheirSessions, wide},
	{post, "/console/people/:account/sessions/:session/end", owns, (*page).endTheirSession, wide},
	// Groups and schedules
	{get, "/console/groups", sees, (*page).groups, 0},
	{get, "/console/groups/new", keeps, (*page).newGroup, 0},
	{post, "/console/groups", keeps, (*page).addGroup, 0},
	{get, "/console/groups/:group", sees, (*page).groupHome, 0},
	{get, "/console/groups/:group/edit", keeps, (*page).editGroup, 0},
	{post, "/console/groups/:group/edit", keeps, (*page).changeGroup, 0},
	{get, "/console/groups/:group/copy", keeps, (*page).copyGroup, 0},
	{post, "/console/groups/:group/stage", keeps, (*page).setStage, 0},
	{get, "/console/groups/:group/schedule", sees, (*page).schedule, 0},
	{post, "/console/groups/:group/schedule", keeps, (*page).setTime, 0},
	{post, "/console/groups/:group/schedule/read", keeps, (*page).readBack, 0},
	{post, "/console/groups/:group/schedule/remove", keeps, (*page).removeTime, 0},
	{post, "/console/groups/:group/schedule/skip", keeps, (*page).skipDates, 0},
	{post, "/console/groups/:group/schedule/unskip", keeps, (*page).unskipDate, 0},
	{get, "/console/groups/:group/dates.ics", sees, (*page).calendar, 0},
	// Live session
	{get, livePath, holds, (*page).live, 0},
	{get, livePath + "/stream", holds, (*page).follow, 0},
	{post, livePath, holds, (*page).order, 0},
	// Roster and approvals
	{get, rosterPath, holds, (*page).roster, 0},
	{post, rosterPath, keeps, (*page).decide, 0},
	{post, rosterPath + "/name", keeps, (*page).nameThem, 0},
	{post, rosterPath + "/call", keeps, (*page).call, 0},
	{get, rosterPath + "/invite", keeps, (*page).inviteByNumber, 0},
	{post, rosterPath + "/invite", keeps, (*page).inviteNumber, 0},
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
	{post, "/console/inbox/:voice/ring", keeps, (*page).voiceRing, 0},
	{get, "/console/inbox/:voice/delete", keeps, (*page).voiceDelete, 0},
	{post, "/console/inbox/:voice/delete", keeps, (*page).voiceDeleted, 0},
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
	// What callers hear
	{get, flowsPath, keeps, (*page).versions, 0},
	{post, flowsPath + "/rollback", owns, (*page).rollBack, wide | fresh},
	{post, flowsPath + "/draft/drop", owns, (*page).dropDraft, wide},
	{post, flowsPath + "/testers", owns, (*page).addTester, wide},
	{post, flowsPath + "/testers/remove", owns, (*page).removeTester, wide},
	{get, versionPath, keeps, (*page).version, 0},
	{post, versionPath + "/publish", owns, (*page).publish, wide | fresh},
	{post, versionPath + "/draft", owns, (*page).draft, wide},
	{get, versionPath + "/try", keeps, (*page).try, 0},
	{post, versionPath + "/try", keeps, (*page).tryOn, 0},
	{get, versionPath + "/diagram.svg", keeps, (*page).diagram, 0},
	{get, versionPath + "/map", keeps, (*page).flowMap, 0},
	{get, versionPath + "/folder.zip", keeps, (*page).folder, 0},
	{get, stepsPath, keeps, (*page).stepList, 0},
	{get, stepPath, keeps, (*page).step, 0},
	{post, stepPath + "/way", owns, ofADraft((*page).leadElsewhere), wide},
	{post, stepPath + "/option", owns, ofADraft((*page).addOption), wide},
	{post, stepPath + "/option/remove", owns, ofADraft((*page).removeOption), wide},
	{post, stepPath + "/add", owns, (*page).addStep, wide},
	{post, stepPath + "/remove", owns, ofADraft((*page).removeStep), wide},
	{post, stepPath + "/name", owns, ofADraft((*page).renameStep), wide},
	{get, numbersPath, keeps, (*page).numbers, 0},
	{post, numbersPath, owns, (*page).setNumber, wide},
	{post, numbersPath + "/remove", owns, ofADraft((*page).removeNumber), wide},
	{get, promptsPath, keeps, (*page).prompts, 0},
	{get, languagePath, keeps, (*page).promptsOf, 0},
	{get, languagePath + "/words.yaml", keeps, (*page).catalogueYAML, 0},
	{get, languagePath + "/words.csv", keeps, (*page).catalogueCSV, 0},
	{post, languagePath, owns, (*page).takeCatalogue, wide},
	{get, languagePath + "/sheet", keeps, (*page).scriptSheet, 0},
	{post, languagePath + "/call", keeps, (*page).callMeForAll, 0},
	{get, promptPath, keeps, (*page).prompt, 0},
	{post, promptPath + "/call", keeps, (*page).callMe, 0},
	{get, wordsPath, keeps, (*page).words, 0},
	{post, wordsPath, owns, (*page).setWords, wide},
	{get, promptPath + "/kept.wav", keeps, (*page).keptSound, 0},
	{get, promptPath + "/draft.wav", keeps, (*page).draftSound, 0},
	{post, promptPath, keeps, (*page).recordPrompt, 0},
	{post, promptPath + "/approve", owns, (*page).approvePrompt, wide},
	{post, promptPath + "/remove", owns, (*page).removePrompt, wide},
	// Audit, data requests
	{get, "/console/audit", owns, (*page).auditLog, wide},
	{get, "/console/audit.csv", owns, (*page).auditCSV, wide},
	{get, "/console/requests", owns, (*page).requests, wide},
	{post, "/console/requests", owns, (*page).addRequest, wide},
	{get, "/console/requests/:request", owns, (*page).dataRequest, wide | fresh},
	{post, "/console/requests/:request/answer", owns, (*page).answerRequest, wide | fresh},
	{post, "/console/requests/:request/close", owns, (*page).closeRequest, wide | fresh},
	// Number health
	{get, healthPath, owns, (*page).health, wide},
	{post, healthPath, owns, (*page).lookAgain, wide},
	{get, healthPath + "/plan", owns, (*page).plan, wide},
	{post, healthPath + "/plan", owns, (*page).provision, wide | fresh},
	{post, healthPath + "/undo", owns, (*page).putBack, wide | fresh},
}
