package outbox_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/handlers/outbox"
	"github.com/hearthline/hearthline/store"
)

// tells adds a row of the nth member that tells of the group's meeting.
func (r *rig) tells(n int, kind store.Kind, purpose string, channel flows.Channel, who store.Recipient, expires time.Time) (id string) {
	r.t.Helper()
	pseudonym := r.belong(n, channel, who)
	r.do(`UPDATE membership SET offsets = '{}'`) // they are told of nothing else
	id = fmt.Sprintf("00000000-0000-4000-9000-%012d", n)
	r.do(`
		INSERT INTO firing (line_id, firing_id, group_id, meeting_id, date, purpose, start_at, was_at, expires_at)
		VALUES ($1, gen_random_uuid(), $2, $2, '2026-11-24', $3, $4, CASE WHEN $3 LIKE 'moved%' THEN $4::timestamptz - interval '1 day' END, $5)
		ON CONFLICT DO NOTHING`, r.line, groupID, purpose, begins, expires)
	r.do(`
		INSERT INTO outbox (line_id, outbox_id, kind, channel, pseudonym, firing_id, state, due_at, expires_at, attempts)
		SELECT line_id, $2, $3, $4, $5, firing_id, 'due', $6, $7, 0
		FROM firing
		WHERE line_id = $1 AND purpose = $8`, r.line, id, string(kind), string(channel), []byte(pseudonym), r.clock.now(), expires, purpose)
	return id
}

// begins is when the group's meeting does.
var begins = time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)

var told = []struct {
	kind    store.Kind
	purpose string
	as      string
	says    map[string]string
}{
	{store.Reminder, "6h", "reminder", map[string]string{"en": "Reply IN", "es": "Responda VOY"}},
	{store.Change, "skipped", "skipped", map[string]string{"en": "will not be held", "es": "no se"}},
	{store.Change, "held", "held", map[string]string{"en": "after all", "es": "s"}},
	{store.Change, "moved 2026-11-24T19:00", "moved", map[string]string{"en": "moves from", "es": "s"}},
}

// Every text is one segment, in each language, however long a group's name is; what
// it tells is what its member allows.
func TestTextsAreOneSegment(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Círculo de las tardes sin prisa ", 5)
	for _, tt := range []struct{ name, discreet, named string }{
		{"Evening grief circle", "Tuesday call", "Evening grief circle"},
		{long, long, "Circulo"},
		{"晚间悲伤互助小组每周二晚上七点钟开始的电话聚会请大家准时参加谢谢", "Tuesday call", "Tuesday call"}, // it does not fit
	} {
		r := newRig(t)
		r.do(`UPDATE groups SET name = jsonb_build_object('', $1::text), discreet_name = jsonb_build_object('', $2::text)`, tt.name, tt.discreet)
		r.reload()
		n := 0
		for _, row := range told {
			for _, lang := range []string{"en", "es"} {
				for _, clear := range []bool{false, true} {
					r.carrier.texts = nil
					who := asked(t, ida)
					who.Preferences.Language, who.Preferences.Clear = lang, clear
					n++
					r.tells(n, row.kind, row.purpose, flows.ByText, who, begins)
					r.pass(outbox.New(r.o))
					if len(r.carrier.texts) != 1 {
						t.Fatalf("%s, %s: %d texts leave", row.as, lang, len(r.carrier.texts))
					}
					body := r.carrier.texts[0].Body
					if s := flows.CountSegments(body); s.Count != 1 || !strings.Contains(body, row.says[lang]) {
						t.Errorf("%s, %s: %d segments of %s: %s", row.as, lang, s.Count, s.Encoding, body)
					}
					want := tt.named
					if !clear {
						want = flows.Fold(tt.discreet)[:7]
					}
					if !strings.Contains(body, want) {
						t.Errorf("%s, %s, clear %t: it does not name the group: %s", row.as, lang, clear, body)
					}
					if !clear && (strings.Contains(body, "482105") || strings.Contains(body, "grief") || strings.Contains(body, "Support line")) {
						t.Errorf("%s, %s: it tells too much: %s", row.as, lang, body)
					}
					if !strings.HasPrefix(r.carrier.texts[0].StatusCallback, publicURL+"/twilio/sent?r=") || r.carrier.texts[0].ValidFor != 4*time.Hour {
						t.Errorf("%s: %s, %s", row.as, r.carrier.texts[0].StatusCallback, r.carrier.texts[0].ValidFor)
					}
				}
			}
		}
	}
}

func TestAReminderShortBeforeSaysSo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.clock.set(begins.Add(-15 * time.Minute))
	who := asked(t, ida)
	who.Preferences.Zone = "America/Los_Angeles"
	r.tells(1, store.Reminder, "15m", flows.ByText, who, begins)
	r.pass(outbox.New(r.o))
	if len(r.carrier.texts) != 1 || !strings.HasPrefix(r.carrier.texts[0].Body, "Soon:") || r.carrier.texts[0].ValidFor != 15*time.Minute {
		t.Errorf("%+v", r.carrier.texts)
	}
}

func TestCallsCarryWhatTheyAreAbout(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	rows := append(told, told[0])
	rows[len(rows)-1].kind, rows[len(rows)-1].purpose, rows[len(rows)-1].as = store.CallMe, "start", "call_me"
	for i, row := range rows {
		r.carrier.rings = nil
		who := asked(t, ida)
		who.Preferences.Language, who.Preferences.Machine, who.Preferences.Clear = "es", flows.MachineNeutral, i%2 == 0
		id := r.tells(i, row.kind, row.purpose, flows.ByCall, who, begins)
		r.o.Limits.CallsAWeek = 100
		r.pass(outbox.New(r.o))
		if len(r.carrier.rings) != 1 {
			t.Fatalf("%s: %d calls are placed", row.as, len(r.carrier.rings))
		}
		ring := r.carrier.rings[0]
		if !ring.DetectMachine || ring.Timeout != 25*time.Second || ring.TimeLimit != 4*time.Hour || ring.StatusCallback == "" {
			t.Errorf("%s: %+v", row.as, ring)
		}
		got := placed(t, r, ring.URL)
		about := flows.About{Group: groupID, Start: begins.Unix() / 60, Named: i%2 == 0}
		if row.as == "moved" {
			about.Was = begins.AddDate(0, 0, -1).Unix() / 60
		}
		if want := (carrier.Placed{Line: r.line, Row: id, Lang: "es", Kind: row.as, Neutral: true, About: about}); got != want {
			t.Errorf("%s: %+v, want %+v", row.as, got, want)
		}
	}
}

// placed is what the address of a call tells us.
func placed(t *testing.T, r *rig, address string) carrier.Placed {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := r.keys.OpenToken("placed", u.Query().Get("c"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var p carrier.Placed
	if err := json.Unmarshal(plain, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// A facilitator is asked in one segment, with digits of their own, and told without any.
func TestFacilitatorsAreAskedInOneSegment(t *testing.T) {
	t.Parallel()
	r, n := newRig(t), 0
	for _, purpose := range []string{"cover", "covered"} {
		for lang, want := range map[string]string{"en": "YES %s takes it, NO %[1]s does not.", "es": "SI %s si puede, NO %[1]s si no."} {
			r.carrier.texts = nil
			who := asked(t, ida)
			who.Preferences.Language = lang
			n++
			code := store.QuestionCode(r.keys, r.line, r.tells(n, store.Cover, purpose, flows.ByText, who, begins))
			r.pass(outbox.New(r.o))
			if len(r.carrier.texts) != 1 {
				t.Fatalf("%s, %s: %d texts leave", purpose, lang, len(r.carrier.texts))
			}
			body := r.carrier.texts[0].Body
			if s := flows.CountSegments(body); s.Count != 1 || s.Encoding != flows.GSM7 {
				t.Errorf("%s, %s: %d segments of %s: %s", purpose, lang, s.Count, s.Encoding, body)
			}
			if strings.Contains(body, fmt.Sprintf(want, code)) != (purpose == "cover") || strings.Contains(body, code) != (purpose == "cover") {
				t.Errorf("%s, %s: %s", purpose, lang, body)
			}
		}
	}
}

// Which sentence a text says is the flow's: a line may choose another one, and one that
// names the group for those alone who wish it.
func TestATextSaysWhatTheFlowHasForIt(t *testing.T) {
	t.Parallel()
	builtIn, err := lines.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	own := flows.Bundle{
		"main.yaml":       "extends: built-in\nlanguages: [en]\ntexted: {reminder: {say: our_text, named: our_text_named}, skipped: {say: our_text}}\n",
		"prompts/en.yaml": "our_text: {sms: \"We meet {reminder.when}. {line.number} STOP\"}\nour_text_named: {sms: \"{reminder.name} meets {reminder.when}. {line.number} STOP\"}\n",
	}
	f, problems := flows.Compile(own.Over(builtIn))
	if f == nil {
		t.Fatal(problems)
	}
	r := newRig(t)
	r.o.Flows = oneFlow{f}
	for n, tt := range []struct {
		kind    store.Kind
		purpose string
		clear   bool
		want    string
	}{
		{store.Reminder, "6h", false, "We meet "}, {store.Reminder, "6h", true, "Evening grief circle meets "},
		{store.Change, "skipped", true, "We meet "}, {store.Change, "held", true, "Change: Evening grief circle,"},
	} {
		r.carrier.texts = nil
		who := asked(t, ida)
		who.Preferences.Clear = tt.clear
		r.tells(n+1, tt.kind, tt.purpose, flows.ByText, who, begins)
		r.pass(outbox.New(r.o))
		if len(r.carrier.texts) != 1 || !strings.HasPrefix(r.carrier.texts[0].Body, tt.want) {
			t.Errorf("%s, %s, clear %t: %+v", tt.kind, tt.purpose, tt.clear, r.carrier.texts)
		}
	}
}
