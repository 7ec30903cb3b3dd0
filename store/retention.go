package store

// Rule is how long something is kept, and how it goes.
type Rule struct {
	Name   string // in the ledger of sweeps
	Table  string
	What   string
	Period string

	// remove is a DELETE of what is over, of the line $1 as of $2, naming both;
	// call, in its place, a query that does it and returns how many rows went.
	remove, call string
	// lapse, if set, is a DELETE of what is over as of $1, on every line.
	lapse string
}

// rules are everything that ends by itself, in the order in which it goes. What
// is in no rule is in kept.
var rules = []Rule{
	{
		Name: "questions", Table: "dialogue",
		What:   "an open question to somebody who texts",
		Period: "24 hours; 2 minutes after its answer",
		remove: `DELETE FROM dialogue WHERE line_id = $1 AND expires_at <= $2`,
		lapse:  `DELETE FROM dialogue WHERE expires_at <= $1`,
	}, {
		Name: "effects", Table: "effect",
		What:   "what was done once, so that it is not done twice",
		Period: "24 hours",
		remove: `DELETE FROM effect WHERE line_id = $1 AND expires_at <= $2`,
		lapse:  `DELETE FROM effect WHERE expires_at <= $1`,
	}, {
		Name: "attempts", Table: "attempt",
		What:   "how often a PIN was tried, or the code of a question to a facilitator, and how often a number was written to or rung",
		Period: "24 hours; of codes, 36 hours; of rings, to the end of the week; of attempts at a PIN of staff, 30 days",
		remove: `DELETE FROM attempt WHERE line_id = $1 AND expires_at <= $2`,
		lapse:  `DELETE FROM attempt WHERE expires_at <= $1`,
	}, {
		Name: "outbox", Table: "outbox",
		What:   "what was sent, and what was not",
		Period: "24 hours after it would have expired and after the day of its end began; reminders and answers, 24 hours after the meeting began",
		// Who said that they are not coming is reminded no more, and nobody is for a
		// third time, at whatever offset is still to come.
		remove: `
			DELETE FROM outbox o
			USING (
				SELECT outbox_id
				FROM outbox
				WHERE line_id = $1 AND greatest(ended_at, expires_at) <= $2::timestamptz - interval '24 hours'
				  AND (kind <> 'reminder' AND answer IS NULL OR firing_id NOT IN (
					SELECT firing_id FROM firing WHERE line_id = $1 AND start_at > $2::timestamptz - interval '24 hours'))
				ORDER BY outbox_id
				FOR UPDATE) AS old
			WHERE o.line_id = $1 AND o.outbox_id = old.outbox_id`,
	}, {
		Name: "firings", Table: "firing",
		What:   "which date a group's members were told of",
		Period: "a week after the date, and after it was of no use any more",
		remove: `DELETE FROM firing WHERE line_id = $1 AND greatest(start_at, expires_at) <= $2::timestamptz - interval '7 days'`,
	}, {
		Name: "marks of what was sent", Table: "sent_mark",
		What:   "that the carrier took something of ours",
		Period: "2 hours",
		remove: `DELETE FROM sent_mark WHERE line_id = $1 AND expires_at <= $2`,
		lapse:  `DELETE FROM sent_mark WHERE expires_at <= $1`,
	}, {
		Name: "sessions", Table: "keys.session",
		What:   "a live session, and who is in it",
		Period: "15 minutes after its end",
		remove: `DELETE FROM keys.session WHERE line_id = $1 AND gone_at <= $2`,
		lapse:  `DELETE FROM keys.session WHERE gone_at <= $1`,
	}, {
		Name: "messages", Table: "message",
		What:   "what staff said to a group, and to how many",
		Period: "30 days",
		remove: `DELETE FROM message WHERE line_id = $1 AND goes_at <= $2::timestamptz - interval '30 days'`,
	}, {
		// One that the carrier has not forgotten yet is deleted there by the sweep of
		// its recordings.
		Name: "voice messages", Table: "voicemail",
		What:   "a voice message that somebody left, or that staff have for a group",
		Period: "30 days",
		remove: `DELETE FROM voicemail WHERE line_id = $1 AND came_at <= $2::timestamptz - interval '30 days'`,
	}, {
		// Whoever recorded it hung up without keeping it.
		Name: "prompts not kept", Table: "voicemail",
		What:   "a prompt that somebody spoke and did not keep",
		Period: "a day",
		remove: `DELETE FROM voicemail WHERE line_id = $1 AND purpose = 'script' AND came_at <= $2::timestamptz - interval '1 day'`,
	}, {
		// The carrier tells of a recording again for minutes, not for a day.
		Name: "erased voice messages", Table: "voicemail",
		What:   "that a voice message was erased, so that it does not come back",
		Period: "a day",
		remove: `DELETE FROM voicemail WHERE line_id = $1 AND state = 'erased' AND came_at <= $2::timestamptz - interval '1 day'`,
	}, {
		Name: "keys without voice message", Table: "keys.voicemail",
		What:   "a key of no voice message",
		Period: "a day",
		remove: `
			DELETE FROM keys.voicemail k
			WHERE line_id = $1 AND $2::timestamptz IS NOT NULL
			  AND NOT EXISTS (SELECT FROM voicemail v WHERE (k.line_id, k.voicemail_id) = (v.line_id, v.voicemail_id))`,
	}, {
		// Half an erasure: the key is destroyed, and this row tells nothing.
		Name: "members without key", Table: "member",
		What:   "somebody enrolled whose key is gone",
		Period: "a day",
		remove: `
			DELETE FROM member m
			WHERE line_id = $1 AND $2::timestamptz IS NOT NULL
			  AND NOT EXISTS (SELECT FROM keys.member k WHERE (k.line_id, k.member_id) = (m.line_id, m.member_id))`,
	}, {
		Name: "keys without member", Table: "keys.member",
		What:   "a key of nobody enrolled",
		Period: "a day",
		remove: `
			DELETE FROM keys.member k
			WHERE line_id = $1 AND $2::timestamptz IS NOT NULL
			  AND NOT EXISTS (SELECT FROM member m WHERE (k.line_id, k.member_id) = (m.line_id, m.member_id))`,
	}, {
		Name: "memberships without key", Table: "membership",
		What:   "somebody in a group whose key is gone",
		Period: "a day",
		remove: `
			DELETE FROM membership m
			WHERE line_id = $1 AND $2::timestamptz IS NOT NULL
			  AND NOT EXISTS (SELECT FROM keys.membership k WHERE (k.line_id, k.pseudonym) = (m.line_id, m.pseudonym))`,
	}, {
		// A group that is deleted takes its memberships along, not their keys.
		Name: "keys without membership", Table: "keys.membership",
		What:   "a key of nobody in a group",
		Period: "a day",
		remove: `
			DELETE FROM keys.membership k
			WHERE line_id = $1 AND $2::timestamptz IS NOT NULL
			  AND NOT EXISTS (SELECT FROM membership m WHERE (k.line_id, k.pseudonym) = (m.line_id, m.pseudonym))`,
	}, {
		Name: "desk sessions", Table: "desk_session",
		What:   "a browser at the desk",
		Period: "8 hours",
		remove: `DELETE FROM desk_session WHERE line_id = $1 AND expires_at <= $2::timestamptz`,
	}, {
		Name: "invitations", Table: "invitation",
		What:   "a link that sets an account up",
		Period: "a day",
		remove: `DELETE FROM invitation WHERE line_id = $1 AND expires_at <= $2::timestamptz`,
	}, {
		Name: "first links", Table: "first_link",
		What:   "a link that makes the first owner of the desk",
		Period: "an hour",
		remove: `DELETE FROM first_link WHERE line_id = $1 AND expires_at <= $2::timestamptz`,
	}, {
		Name: "known devices", Table: "known_device",
		What:   "a browser in which somebody has signed in before",
		Period: "90 days after it was last used",
		remove: `DELETE FROM known_device WHERE line_id = $1 AND seen_on <= ($2::timestamptz AT TIME ZONE 'UTC' - interval '90 days')::date`,
	}, {
		Name: "replicas", Table: "replica",
		What:   "which keyset a running program holds",
		Period: "a day after it was last seen",
		remove: `DELETE FROM replica WHERE line_id = $1 AND seen_at <= $2::timestamptz - interval '1 day'`,
	}, {
		Name: "traffic", Table: "traffic",
		What:   "calls and texts by hour: how many",
		Period: "13 months, so that a month can be held against last year's",
		remove: `DELETE FROM traffic WHERE line_id = $1 AND hour <= $2::timestamptz - interval '13 months'`,
	}, {
		Name: "counts", Table: "daily_count",
		What:   "what callers did, by day: how many",
		Period: "13 months",
		remove: `DELETE FROM daily_count WHERE line_id = $1 AND day <= ($2::timestamptz AT TIME ZONE 'UTC' - interval '13 months')::date`,
	}, {
		Name: "attendance", Table: "attendance",
		What:   "sessions of a group by week: how many, and how many came",
		Period: "13 months",
		remove: `DELETE FROM attendance WHERE line_id = $1 AND week <= ($2::timestamptz AT TIME ZONE 'UTC' - interval '13 months')::date`,
	}, {
		Name: "last sessions", Table: "last_session",
		What:   "when a group was last held, and how many came",
		Period: "13 months; the next session takes its place",
		remove: `DELETE FROM last_session WHERE line_id = $1 AND date <= ($2::timestamptz AT TIME ZONE 'UTC' - interval '13 months')::date`,
	}, {
		Name: "stops", Table: "stop",
		What:   "where in the menus callers gave up, by week: how many",
		Period: "13 months",
		remove: `DELETE FROM stop WHERE line_id = $1 AND week <= ($2::timestamptz AT TIME ZONE 'UTC' - interval '13 months')::date`,
	}, {
		Name: "audit", Table: "audit",
		What:   "what staff did",
		Period: "a year, by the server's clock too",
		call:   `SELECT audit_retire($1, $2::timestamptz - interval '1 year')`,
	}, {
		Name: "data requests", Table: "data_request",
		What:   "that somebody asked what is kept of them, or to be forgotten; not who",
		Period: "13 months after it was done",
		remove: `DELETE FROM data_request WHERE line_id = $1 AND done_on <= ($2::timestamptz AT TIME ZONE 'UTC' - interval '13 months')::date`,
	}, {
		// Whatever was published stays, to be gone back to. Of the others, each program
		// says each hour which one it answers calls with; a call or a question lasts a day
		// at most.
		Name: "versions", Table: "flow_version",
		What:   "a version of what the line says that was never published: an old draft, or of an old program",
		Period: "a day after the sweep that found nobody beginning a call on it; at once, a draft that the next one replaces where nobody tests drafts",
		call: `
			WITH heard AS (
				SELECT hash FROM flow_publication WHERE line_id = $1
				UNION SELECT hash FROM flow_draft WHERE line_id = $1
			), seen AS (
				UPDATE flow_version
				SET idle_since = CASE WHEN hash IN (SELECT hash FROM heard) THEN NULL ELSE $2::timestamptz END
				WHERE line_id = $1 AND (idle_since IS NULL) = (hash NOT IN (SELECT hash FROM heard))
			), gone AS (
				DELETE FROM flow_version
				WHERE line_id = $1 AND idle_since <= $2::timestamptz - interval '24 hours' AND hash NOT IN (SELECT hash FROM heard)
				RETURNING 1
			)
			SELECT count(*) FROM gone`,
	}, {
		Name: "ledger", Table: "sweep",
		What:   "what sweeps removed: how many",
		Period: "a year",
		remove: `DELETE FROM sweep WHERE line_id = $1 AND day <= ($2::timestamptz AT TIME ZONE 'UTC' - interval '1 year')::date`,
	},
}

// expiry goes by the members' own way of erasing, which Retention is given.
var expiry = Rule{
	Name: "members", Table: "member",
	What:   "somebody who enrolled",
	Period: "7 days if a confirmation stays unanswered; 12 months without a call or text; else until they leave",
}

// kept are the tables without a rule of their own, and why nothing there ends
// by itself.
var kept = map[string]string{
	"line":             "the operator's configuration",
	"line_number":      "the line's own numbers, public",
	"provision":        "what stood at the carrier before the line was entered there, to be put back; nothing of callers",
	"contact":          "one row a line: the last hour in which the carrier called; nothing of who did",
	"setting":          "what an owner said of the line; nothing of callers",
	"groups":           "coordinators' work; nothing of callers",
	"meeting":          "coordinators' work; nothing of callers",
	"facilitator":      "coordinators' work; removed with the group or by an import",
	"account":          "staff, until an owner deletes them; once disabled, a name and an address and nothing to sign in with; the audit log names them for a year more",
	"account_group":    "which groups are whose; goes with the account or the group",
	"passkey":          "staff's, until they or an owner remove it",
	"recovery_code":    "staff's, until it is used",
	"circle":           "one row a group: on which date its circle began at which end; nothing of who was in it",
	"recording":        "prompts in somebody's voice, which callers hear; until they are spoken anew or removed, whoever spoke them",
	"flow_publication": "which versions were heard, and when; nothing of callers",
	"flow_draft":       "one row a line: the version that testers hear; nothing of callers",
	"flow_tester":      "staff's own numbers, sealed, until they are removed",
	"audit_anchor":     "one row a line: where the audit log goes on after what was retired",
	"sending":          "one row a line: how much it sent in an hour, until the next one begins",
	"sender":           "a row for texts and one for calls: how many may go now",
	"goose_db_version": "the numbers of the migrations",
}
