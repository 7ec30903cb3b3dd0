package emulator

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// form says what Twilio takes of one element. The tables below follow
// https://www.twilio.com/docs/voice/twiml; codes follow
// https://www.twilio.com/docs/api/errors.
type form struct {
	attrs    map[string]rule
	children []string
	nesting  int // the code of a child that does not belong
	text     text
	textCode int
}

type text int

const (
	noText text = iota
	mayText
	mustText
)

type rule struct {
	code int
	ok   func(string) bool
	want string
}

const schema = 12200

var (
	voiceName    = regexp.MustCompile(`^(man|woman|alice|(Polly|Google)\.[A-Za-z0-9-]+)$`)
	callSID      = regexp.MustCompile(`^CA[0-9a-f]{32}$`)
	breakTime    = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?)(ms|s)$`)
	prosodyRate  = regexp.MustCompile(`^(x-slow|slow|medium|fast|x-fast|default|[0-9]+%)$`)
	prosodyPitch = regexp.MustCompile(`^(x-low|low|medium|high|x-high|default|[+-]?[0-9]+(\.[0-9]+)?%)$`)
	prosodyLoud  = regexp.MustCompile(`^(silent|x-soft|soft|medium|loud|x-loud|default|[+-][0-9]+(\.[0-9]+)?dB)$`)
)

func is(code int, want string, ok func(string) bool) rule { return rule{code, ok, want} }

func oneOf(code int, values ...string) rule {
	return is(code, "one of "+strings.Join(values, ", "), func(s string) bool { return slices.Contains(values, s) })
}

// among is oneOf for a list too long to be told.
func among(code int, want string, values []string) rule {
	return is(code, want, func(s string) bool { return slices.Contains(values, s) })
}

func whole(code, least, most int) rule {
	return is(code, fmt.Sprintf("a whole number from %d to %d", least, most), func(s string) bool {
		var n int
		return number10(s, least, most, &n)
	})
}

func like(code int, want string, re *regexp.Regexp) rule { return is(code, want, re.MatchString) }

func made(code int, want, of string) rule {
	return is(code, want, func(s string) bool { return strings.Trim(s, of) == "" })
}

func boolean(code int) rule { return oneOf(code, "true", "false") }
func methods(code int) rule { return oneOf(code, "GET", "POST") }
func free() rule            { return is(schema, "", func(string) bool { return true }) }

func reference(code int) rule {
	return is(code, "a URL, absolute (http, https) or relative", func(s string) bool {
		u, err := url.Parse(s)
		return err == nil && (u.Scheme == "" || goodURL(s))
	})
}

func eventsOf(names ...string) rule {
	return is(schema, "a space-separated list of "+strings.Join(names, ", "), func(s string) bool {
		return !slices.ContainsFunc(strings.Fields(s), func(w string) bool { return !slices.Contains(names, w) })
	})
}

func either(a, b rule) rule {
	return is(a.code, a.want+" or "+b.want, func(s string) bool { return a.ok(s) || b.ok(s) })
}

// foreign are elements that Twilio knows and this emulator does not play.
var foreign = []string{
	"Application", "Assistant", "AutopilotConnect", "Client", "Connect", "ConversationRelay", "Conversation", "Echo", "Pay", "Prompt", "Queue",
	"Refer", "Room", "Sim", "Sip", "Siprec", "Sms", "Start", "Stop", "Stream", "Transcription", "VirtualAgent", "WhatsApp",
}

// forms returns the table. It is built per document check, being small, so
// that nothing is shared and changeable.
func forms() map[string]form {
	all := ssmlForms()
	speech := []string{"Say", "Play", "Pause"}
	all["Response"] = form{nesting: schema, children: []string{
		"Say", "Play", "Pause", "Gather", "Redirect", "Hangup", "Reject", "Dial", "Enqueue", "Leave", "Record",
	}}
	all["Say"] = form{text: mustText, textCode: 13520, children: ssmlNames, nesting: 13520, attrs: map[string]rule{
		"voice":    like(13511, "man, woman, alice, Polly.* or Google.*", voiceName),
		"language": among(13511, "a language that Say speaks, such as es-MX", spokenLanguages),
		"loop":     whole(13510, 0, 1000),
	}}
	all["Play"] = form{text: mayText, nesting: schema, attrs: map[string]rule{
		"loop":   whole(13410, 0, 1000),
		"digits": made(schema, "digits, *, #, w and W", "0123456789*#wW"),
	}}
	all["Pause"] = form{nesting: schema, attrs: map[string]rule{"length": whole(13910, 1, 86400)}}
	all["Redirect"] = form{text: mayText, nesting: schema, attrs: map[string]rule{"method": methods(13710)}}
	all["Hangup"] = form{nesting: schema}
	all["Leave"] = form{nesting: schema}
	all["Reject"] = form{nesting: schema, attrs: map[string]rule{"reason": oneOf(13810, "rejected", "busy")}}
	all["Gather"] = form{children: speech, nesting: 13320, attrs: gatherRules()}
	all["Dial"] = form{text: mayText, children: []string{"Number", "Conference"}, nesting: 13215, attrs: dialRules()}
	all["Record"] = form{nesting: schema, attrs: recordRules()}
	all["Number"] = form{text: mustText, textCode: 13223, nesting: 13215, attrs: map[string]rule{
		"sendDigits":           made(13222, "digits, *, #, w and W", "0123456789*#wW"),
		"url":                  reference(11100),
		"method":               methods(13221),
		"statusCallback":       reference(11100),
		"statusCallbackMethod": methods(13221),
		"statusCallbackEvent":  eventsOf("initiated", "ringing", "answered", "completed"),

		"machineDetection":        oneOf(schema, "Enable", "DetectMessageEnd"),
		"machineDetectionTimeout": whole(schema, 3, 60),
		"amdStatusCallback":       reference(11100),
		"amdStatusCallbackMethod": methods(schema),
	}}
	all["Conference"] = form{text: mustText, textCode: 13237, nesting: 13215, attrs: conferenceRules()}
	all["Enqueue"] = form{text: mustText, textCode: 14204, nesting: schema, attrs: map[string]rule{
		"action":        reference(14203),
		"method":        methods(14201),
		"maxQueueSize":  whole(schema, 1, 5000),
		"waitUrl":       reference(14202),
		"waitUrlMethod": methods(14206),
	}}
	return all
}

func gatherRules() map[string]rule {
	return map[string]rule{
		"input":                       oneOf(schema, "dtmf", "speech", "dtmf speech", "speech dtmf"),
		"action":                      reference(11100),
		"method":                      methods(13312),
		"timeout":                     either(whole(13313, 1, 3600), oneOf(13313, "auto")),
		"numDigits":                   whole(13314, 1, 1000),
		"finishOnKey":                 made(13310, "of 0 to 9, *, # or empty", "0123456789*#"),
		"actionOnEmptyResult":         boolean(schema),
		"speechTimeout":               either(whole(schema, 1, 3600), oneOf(schema, "auto")),
		"maxSpeechTime":               whole(schema, 1, 60),
		"language":                    among(13512, "a language in which speech is understood, such as es-MX", heardLanguages),
		"hints":                       is(schema, "at most 500 hints of at most 100 characters", goodHints),
		"speechModel":                 free(),
		"profanityFilter":             boolean(schema),
		"partialResultCallback":       reference(11100),
		"partialResultCallbackMethod": methods(13312),
		"bargeIn":                     boolean(schema),
		"debug":                       boolean(schema),
		"enhanced":                    boolean(schema),
	}
}

func goodHints(s string) bool {
	hints := strings.Split(s, ",")
	return len(hints) <= 500 && !slices.ContainsFunc(hints, func(h string) bool { return utf8.RuneCountInString(h) > 100 })
}

func dialRules() map[string]rule {
	return map[string]rule{
		"action":         reference(11100),
		"method":         methods(13210),
		"timeout":        whole(13212, 1, 600),
		"timeLimit":      whole(13216, 1, 86400),
		"hangupOnStar":   boolean(13213),
		"answerOnBridge": boolean(schema),
		"callerId":       is(13214, "an E.164 number", isE164),
		"record":         oneOf(13217, "do-not-record"),
	}
}

func conferenceRules() map[string]rule {
	return map[string]rule{
		"muted":                  boolean(13230),
		"endConferenceOnExit":    boolean(13231),
		"startConferenceOnEnter": boolean(13232),
		"waitUrl":                reference(13233),
		"waitMethod":             methods(13234),
		"beep":                   oneOf(13235, "true", "false", "onEnter", "onExit"),
		"maxParticipants":        whole(schema, 2, 250),
		"record":                 oneOf(schema, "do-not-record"),
		"region":                 oneOf(schema, "us1", "us2", "ie1", "de1", "sg1", "br1", "au1", "jp1"),
		"jitterBufferSize":       oneOf(schema, "off", "small", "medium", "large"),
		"participantLabel":       is(16023, "at most 128 characters, no CallSid, no slash", goodLabel),
		"statusCallback":         reference(11100),
		"statusCallbackMethod":   methods(schema),
		"statusCallbackEvent":    eventsOf("start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"),
	}
}

func goodLabel(s string) bool {
	return utf8.RuneCountInString(s) <= 128 && !callSID.MatchString(s) && !strings.Contains(s, "/") && !strings.Contains(strings.ToLower(s), "%2f")
}

var ssmlNames = []string{"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}

func ssmlForms() map[string]form {
	const bad = 13520
	inside := func(attrs map[string]rule) form {
		return form{text: mayText, children: ssmlNames, nesting: bad, attrs: attrs}
	}
	leaf := func(attrs map[string]rule) form {
		return form{text: mustText, textCode: bad, nesting: bad, attrs: attrs}
	}
	return map[string]form{
		"break": {nesting: bad, attrs: map[string]rule{
			"strength": oneOf(bad, "none", "x-weak", "weak", "medium", "strong", "x-strong"),
			"time":     is(bad, "at most 10s, such as 400ms", func(s string) bool { d, ok := breakLength(s); return ok && d <= longestBreak }),
		}},
		"emphasis": inside(map[string]rule{"level": oneOf(bad, "strong", "moderate", "reduced")}),
		"lang":     inside(map[string]rule{"xml:lang": among(bad, "a language that Say speaks", spokenLanguages)}),
		"p":        inside(nil),
		"s":        inside(nil),
		"prosody": inside(map[string]rule{
			"rate":   like(bad, "x-slow to x-fast or a percentage", prosodyRate),
			"pitch":  like(bad, "x-low to x-high or a percentage", prosodyPitch),
			"volume": like(bad, "silent to x-loud or decibels", prosodyLoud),
		}),
		"phoneme": leaf(map[string]rule{"alphabet": oneOf(bad, "ipa", "x-sampa", "x-amazon-pinyin"), "ph": free()}),
		"say-as": leaf(map[string]rule{"role": free(), "format": free(), "interpret-as": oneOf(bad,
			"characters", "spell-out", "cardinal", "number", "ordinal", "digits", "fraction", "unit", "date", "time", "address", "expletive", "telephone")}),
		"sub": leaf(map[string]rule{"alias": free()}),
		"w":   leaf(map[string]rule{"role": free()}),
	}
}
