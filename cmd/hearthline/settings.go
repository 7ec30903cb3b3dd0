package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/text/language"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// settings are the environment as it stands: text, for all faults to be told
// at once.
type settings struct {
	DatabaseURL       string `env:"DATABASE_URL" help:"Postgres; may be a pooler." placeholder:"URL"`
	DatabaseDirectURL string `env:"DATABASE_DIRECT_URL" help:"Postgres, past the pooler (default: DATABASE_URL)." placeholder:"URL"`
	DatabaseDeskURL   string `env:"DATABASE_CONSOLE_URL" name:"database-console-url" help:"Postgres, as the console's role (default: DATABASE_URL)." placeholder:"URL"`
	Listen            string `env:"LISTEN" default:":8080" help:"Address of webhooks and pages."`
	TrustedProxies    string `env:"TRUSTED_PROXIES" help:"Addresses or networks of the web servers in front, whose X-Forwarded-For says where the desk is opened from." placeholder:"127.0.0.1,::1"`
	PublicURL         string `env:"PUBLIC_URL" help:"What Twilio calls; signatures are checked against it." placeholder:"URL"`
	TwilioAccountSID  string `env:"TWILIO_ACCOUNT_SID" name:"twilio-account-sid" help:"The account." placeholder:"AC…"`
	TwilioAuthToken   string `env:"TWILIO_AUTH_TOKEN" help:"Its auth token; two, comma-separated, during rotation." placeholder:"TOKEN"`
	TwilioAPIURL      string `env:"TWILIO_API_URL" name:"twilio-api-url" help:"Where REST goes (default: Twilio's own)." placeholder:"URL"`
	TwilioNumber      string `env:"TWILIO_NUMBER" help:"The line's numbers, comma-separated E.164." placeholder:"+1…"`
	TwilioService     string `env:"TWILIO_MESSAGING_SERVICE_SID" name:"twilio-messaging-service-sid" help:"Send texts through this messaging service." placeholder:"MG…"`
	TwilioTextRate    string `env:"TWILIO_TEXTS_PER_SECOND" help:"What the account may send (default: 3 from a toll-free number, else 1)." placeholder:"N"`
	TwilioCallRate    string `env:"TWILIO_CALLS_PER_SECOND" help:"Calls that the account may place (default: 1)." placeholder:"N"`
	LineName          string `env:"LINE_NAME" help:"How the line is called (default: as said at the desk, else The support line)." placeholder:"NAME"`
	LineTimezone      string `env:"LINE_TIMEZONE" help:"IANA time zone (default: as said at the desk, else America/New_York)." placeholder:"ZONE"`
	LineLanguages     string `env:"LINE_LANGUAGES" help:"Languages, the first greets (default: as said at the desk, else en,es)." placeholder:"en,es"`
	FlowDir           string `env:"LINE_FLOW_DIR" help:"Folder of what the line says and does; what it leaves out, the built-in flow does (default: the built-in flow)." placeholder:"FOLDER"`
	LineCodeLength    string `env:"LINE_CODE_LENGTH" default:"6" help:"Digits of a group code, 4 to 8."`
	LineSpeech        string `env:"LINE_SPEECH" help:"on or off: callers may also say what they could press, and Twilio listens (default: as said at the desk, else off)." placeholder:"off"`
	CrisisNumber      string `env:"CRISIS_NUMBER" help:"The crisis line, dialled, E.164 (default: as said at the desk, else +18002738255)." placeholder:"+1…"`
	CrisisName        string `env:"CRISIS_NAME" help:"How it is said; dialling it directly works too (default: as said at the desk, else 988)." placeholder:"988"`
	EmergencyNumber   string `env:"EMERGENCY_NUMBER" help:"What people dial in danger where the line is, 2 to 6 digits (default: as said at the desk, else 911)." placeholder:"911"`
	AllowedCountries  string `env:"ALLOWED_COUNTRIES" default:"US,CA" help:"Where the line may call, text and bridge."`
	KeysetFile        string `env:"HEARTHLINE_KEYSET_FILE" default:"hearthline-keyset.json" help:"The keyset."`
	KeysetPassphrase  string `env:"HEARTHLINE_KEYSET_PASSPHRASE" help:"Wraps the keyset file, if it is set." placeholder:"WORDS"`
	LogLevel          string `env:"HEARTHLINE_LOG_LEVEL" default:"info" help:"debug, info, warn or error."`
	LogFormat         string `env:"HEARTHLINE_LOG_FORMAT" help:"json or text (default: text on a terminal, else json)."`
	// unread are the faults of files that settings stand in.
	unread settingsError

	StateDir string `env:"HEARTHLINE_STATE_DIR" default:".hearthline" help:"Folder of the directory's copy and of the demo."`
}

// lookup finds an environment variable.
type lookup func(name string) (string, bool)

// resolver reads NAME_FILE for every setting NAME that is not set itself, so
// that a secret need not stand in the environment. Files that cannot be read
// are told of with the other faults.
func (env lookup) resolver(unread *settingsError) kong.Resolver {
	told := map[string]bool{} // a setting is asked for more than once
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		for _, name := range flag.Envs {
			if v, ok := env(name); ok {
				return v, nil
			}
			file, ok := env(name + "_FILE")
			if !ok {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				if !told[name] {
					*unread = append(*unread, fmt.Sprintf("%s_FILE cannot be read: %s. Example: %s_FILE=/run/secrets/%s", name, reasonOf(err), name, strings.ToLower(name)))
				}
				told[name] = true
				return nil, nil
			}
			return strings.TrimSpace(string(text)), nil
		}
		return nil, nil
	})
}

// reasonOf is what the system says of a file, without its name.
func reasonOf(err error) string {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// config is the settings, read.
type config struct {
	databaseURL, directURL string
	deskURL                string // of the console's role
	listen, publicURL      string
	accountSID             string
	authTokens             []string // the first is in force
	apiURL                 string
	service                string // to send texts through, "" for none
	numbers                []vault.Number
	textRate, callRate     float64 // a second
	lineName, crisisName   string
	emergency              string // what people dial in danger, "" where that is not set
	zone                   string
	flowDir                string // of the line's own flow, "" for the built-in one
	languages              []string
	speech                 bool
	// open is what the environment leaves to the desk, and openCrisis, the number of
	// the crisis line.
	open                 store.LineFields
	openCrisis           bool
	codeLength           int
	crisis               vault.Number
	countries            []string
	proxies              []netip.Prefix
	keysetFile, stateDir string
	passphrase           vault.Passphrase // of the keyset file
	logLevel, logFormat  string
}

// settingsError is every fault of the settings.
type settingsError []string

func (e settingsError) Error() string {
	return "These settings need mending:\n  " + strings.Join(e, "\n  ") + "\n"
}

// reader reads settings and gathers their faults.
type reader struct {
	settings
	faults settingsError
}

func (r *reader) fault(field, what, example string) {
	f, _ := reflect.TypeFor[settings]().FieldByName(field)
	name := f.Tag.Get("env")
	r.faults = append(r.faults, fmt.Sprintf("%s %s. Example: %s=%s", name, what, name, example))
}

// forDatabase reads what a command on the database needs.
func (s settings) forDatabase() (config, error) {
	r := reader{settings: s}
	var c config
	r.common(&c)
	r.database(&c)
	return c, r.err()
}

// forServing reads everything.
func (s settings) forServing() (config, error) {
	r := reader{settings: s}
	var c config
	r.common(&c)
	r.database(&c)
	r.line(&c)
	r.carrier(&c)
	return c, r.err()
}

// forFlow reads what a flow is checked by, whatever becomes of the rest: where the line
// may call, and its own numbers.
func (s settings) forFlow() (config, error) {
	r := reader{settings: s}
	var c config
	r.where(&c)
	return c, r.err()
}

// keyset reads where the keyset is.
func (s settings) keyset() (vault.File, error) {
	if len(s.unread) > 0 {
		return vault.File{}, s.unread
	}
	return vault.File{Path: s.KeysetFile, Passphrase: vault.NewPassphrase(s.KeysetPassphrase)}, nil
}

// keyset is where the keyset is.
func (c config) keyset() vault.File {
	return vault.File{Path: c.keysetFile, Passphrase: c.passphrase}
}

// forLine reads what a command without a database needs: the line as callers
// would meet it.
func (s settings) forLine() (config, error) {
	r := reader{settings: s}
	var c config
	r.common(&c)
	r.line(&c)
	return c, r.err()
}

func (r *reader) err() error {
	if len(r.faults) > 0 {
		return r.faults
	}
	return nil
}

func (r *reader) common(c *config) {
	r.faults = append(r.faults, r.unread...)
	c.keysetFile, c.stateDir, c.listen = r.KeysetFile, r.StateDir, r.Listen
	c.passphrase = vault.NewPassphrase(r.KeysetPassphrase)
	if !strings.Contains(r.Listen, ":") {
		r.fault("Listen", "is no address: it needs a port", ":8080")
	}
	if c.logLevel = strings.ToLower(r.LogLevel); !slices.Contains([]string{"debug", "info", "warn", "error"}, c.logLevel) {
		r.fault("LogLevel", "is none of debug, info, warn, error", "info")
	}
	if c.logFormat = strings.ToLower(r.LogFormat); !slices.Contains([]string{"", "json", "text"}, c.logFormat) {
		r.fault("LogFormat", "is neither json nor text", "json")
	}
	if c.codeLength, _ = strconv.Atoi(r.LineCodeLength); c.codeLength < 4 || c.codeLength > 8 {
		r.fault("LineCodeLength", "is not a number from 4 to 8", "6")
	}
	for _, text := range list(r.TrustedProxies) {
		proxy, err := netip.ParsePrefix(text)
		if at, e := netip.ParseAddr(text); e == nil {
			proxy, err = netip.PrefixFrom(at, at.BitLen()), nil
		}
		if err != nil {
			r.fault("TrustedProxies", "is not a list of addresses and networks", "127.0.0.1,::1")
			break
		}
		c.proxies = append(c.proxies, proxy)
	}
	r.where(c)
	c.open = store.LineFields{Name: r.LineName == "", Zone: r.LineTimezone == "", Languages: r.LineLanguages == "", CrisisName: r.CrisisName == "", Emergency: r.EmergencyNumber == "", Speech: r.LineSpeech == ""}
	c.openCrisis = r.CrisisNumber == ""
	if c.speech = r.LineSpeech == store.SpeechOn; !c.speech && r.LineSpeech != "" && r.LineSpeech != store.SpeechOff {
		r.fault("LineSpeech", "is neither on nor off", "off")
	}
	r.LineName, r.LineTimezone, r.LineLanguages = cmp.Or(r.LineName, "The support line"), cmp.Or(r.LineTimezone, "America/New_York"), cmp.Or(r.LineLanguages, "en,es")
	r.CrisisNumber, r.CrisisName = cmp.Or(r.CrisisNumber, "+18002738255"), cmp.Or(r.CrisisName, "988")
	var err error
	if c.crisis, err = vault.ParseNumber(r.CrisisNumber); err != nil || !strings.HasPrefix(r.CrisisNumber, "+") {
		r.fault("CrisisNumber", "is not an E.164 number", "+18002738255")
	}
	if c.emergency = r.EmergencyNumber; c.emergency != "" && !flows.IsUrgent(c.emergency) {
		r.fault("EmergencyNumber", "is not 2 to 6 digits, as they are dialled", flows.UsualEmergency)
	}
	if c.zone = r.LineTimezone; !isZone(c.zone) {
		r.fault("LineTimezone", "is not an IANA time zone", "America/New_York")
	}
	c.flowDir = r.FlowDir
	own, err := readFlow(c.flowDir)
	if err != nil && c.flowDir != "" {
		r.fault("FlowDir", "is no folder with a main.yaml in it", "/etc/hearthline/flow")
		own, err = lines.BuiltIn()
	}
	speaks := own.Languages()
	var known bool
	if c.languages, known = tongues(list(r.LineLanguages), speaks); err != nil || !known {
		r.fault("LineLanguages", "is not a list of languages that the line speaks, which are "+strings.Join(speaks, ", "), "en,es")
	}
}

func (r *reader) where(c *config) {
	if c.countries = list(strings.ToUpper(r.AllowedCountries)); len(c.countries) == 0 || !all(c.countries, country) {
		r.fault("AllowedCountries", "is not a list of two-letter countries", "US,CA")
	}
	for _, text := range list(r.TwilioNumber) {
		n, err := vault.ParseNumber(text)
		if err != nil || !strings.HasPrefix(text, "+") {
			c.numbers = nil // which is told where they are needed
			break
		}
		c.numbers = append(c.numbers, n)
	}
}

func (r *reader) database(c *config) {
	c.databaseURL, c.directURL, c.deskURL = r.DatabaseURL, r.DatabaseDirectURL, cmp.Or(r.DatabaseDeskURL, r.DatabaseURL)
	if c.databaseURL == "" {
		r.fault("DatabaseURL", "is not set: it says where Postgres is", "postgres://hearthline@localhost/hearthline")
	}
}

func (r *reader) line(c *config) {
	if c.lineName = strings.TrimSpace(r.LineName); c.lineName == "" {
		r.fault("LineName", "is empty: callers are greeted with it", "'The support line'")
	}
	if c.crisisName = strings.TrimSpace(r.CrisisName); c.crisisName == "" {
		r.fault("CrisisName", "is empty: callers are told to dial it", "988")
	}
}

func (r *reader) carrier(c *config) {
	if c.publicURL = strings.TrimRight(r.PublicURL, "/"); !isURL(c.publicURL) {
		r.fault("PublicURL", "is not the address that Twilio calls", "https://line.example.org")
	}
	if c.accountSID = r.TwilioAccountSID; !regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`).MatchString(c.accountSID) {
		r.fault("TwilioAccountSID", "is not AC and 32 hexadecimal digits", "AC0123456789abcdef0123456789abcdef")
	}
	if c.authTokens = list(r.TwilioAuthToken); len(c.authTokens) < 1 || len(c.authTokens) > 2 || !all(c.authTokens, isToken) {
		r.fault("TwilioAuthToken", "is not one token, or two with a comma between", "0123456789abcdef0123456789abcdef")
	}
	if c.apiURL = strings.TrimRight(r.TwilioAPIURL, "/"); c.apiURL != "" && !isURL(c.apiURL) {
		r.fault("TwilioAPIURL", "is not an address", "http://127.0.0.1:4010")
	}
	if c.service = r.TwilioService; c.service != "" && !regexp.MustCompile(`^MG[0-9a-fA-F]{32}$`).MatchString(c.service) {
		r.fault("TwilioService", "is not MG and 32 hexadecimal digits", "MG0123456789abcdef0123456789abcdef")
	}
	if len(c.numbers) == 0 {
		r.fault("TwilioNumber", "is not a list of E.164 numbers", "+12025550143")
	}
	r.rates(c)
}

// What Twilio takes in a second: texts from a local number, texts from a toll-free
// one, and calls of an account, unless it has been granted more. What a messaging
// service may send depends on its numbers, so that it is taken for a local one.
// Source: https://help.twilio.com/articles/115002943027
const (
	longCodeRate   = 1
	tollFreeRate   = 3
	newAccountRate = 1

	lowestRate, highestRate = 0.1, 1000 // short codes have 100 and more
)

func (r *reader) rates(c *config) {
	c.textRate, c.callRate = longCodeRate, newAccountRate
	if len(c.numbers) > 0 && c.numbers[0].TollFree() && c.service == "" {
		c.textRate = tollFreeRate
	}
	for field, of := range map[string]struct {
		text string
		rate *float64
	}{"TwilioTextRate": {r.TwilioTextRate, &c.textRate}, "TwilioCallRate": {r.TwilioCallRate, &c.callRate}} {
		if of.text == "" {
			continue
		}
		n, err := strconv.ParseFloat(of.text, 64)
		if err != nil || !(n >= lowestRate && n <= highestRate) { // NaN is neither
			r.fault(field, "is not a number from 0.1 to 1000", "1")
		}
		*of.rate = n
	}
}

// list splits at commas and drops what is empty.
func list(s string) []string {
	var parts []string
	for p := range strings.SplitSeq(s, ",") {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	return parts
}

func all(parts []string, good func(string) bool) bool {
	return !slices.ContainsFunc(parts, func(p string) bool { return !good(p) })
}

func country(s string) bool {
	_, err := language.ParseRegion(s)
	return err == nil && len(s) == 2
}

func isZone(s string) bool {
	_, err := time.LoadLocation(s)
	return err == nil && s != "" && s != "Local"
}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.RawQuery == "" && u.Fragment == "" &&
		!strings.Contains(u.Hostname(), "_") // Twilio calls no such host
}

func isToken(s string) bool { return regexp.MustCompile(`^[0-9A-Za-z]+$`).MatchString(s) }
