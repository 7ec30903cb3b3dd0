package console

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// wordsShown are the pages of messages, voice messages and reminders.
var wordsShown = []shown{
	{"messages, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillEmptyRig(t).as(store.RoleOwner), "/console/messages", nil
	}},
	{"messages, full", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		d.write("The hall is closed.")
		return d, "/console/messages", nil
	}},
	{"compose, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		d := stillRig(t).as(store.RoleOwner)
		return d, d.messagesPath(), nil
	}},
	{"compose, with a fault", false, func(t *testing.T) (*desk, string, url.Values) {
		d := stillRig(t).as(store.RoleOwner)
		return d, d.messagesPath(), url.Values{"text_en": {strings.Repeat("word ", 100)}}
	}},
	{"preview, nobody", false, func(t *testing.T) (*desk, string, url.Values) {
		d := stillRig(t).as(store.RoleOwner)
		return d, d.messagesPath(), url.Values{"text_en": {"The hall is closed."}}
	}},
	{"preview, full", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		d.join("+12125550143", flows.ByText)
		d.join("+12125550144", flows.ByCall)
		return d, d.messagesPath(), url.Values{"text_en": {"About grief: the hall is closed. 💛"}, "text_es": {"El salón está cerrado."}}
	}},
	{"message, waiting", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		return d, d.write("The hall is closed."), nil
	}},
	{"message, full", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		d.join("+12125550143", flows.ByText)
		path := d.write("The hall is closed.")
		d.goOut()
		return d, path, nil
	}},
	{"message, taken back", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		path := d.write("The hall is closed.")
		d.post(path+"/back", nil)
		return d, path, nil
	}},
	{"reminders, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		d := stillRig(t).as(store.RoleOwner)
		return d, "/console/groups/" + d.groupID(griefCode) + "/reminders", nil
	}},
	{"reminders, full", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleFacilitator, griefCode)
		d.remind()
		return d, "/console/groups/" + d.groupID(griefCode) + "/reminders", nil
	}},
	{"inbox, empty", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), "/console/inbox", nil
	}},
	{"inbox, full", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		d.leave(1, true)
		d.leave(2, false)
		return d, "/console/inbox", nil
	}},
	{"inbox, to ring back", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleCoordinator, griefCode)
		d.pages.Ring = func(context.Context, Ringing) error { return nil }
		d.leave(1, true)
		d.leave(2, false)
		return d, "/console/inbox", nil
	}},
	{"inbox, to delete", false, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		return d, "/console/inbox/" + d.leave(1, true) + "/delete", nil
	}},
}

func (d *desk) messagesPath() string { return "/console/groups/" + d.groupID(griefCode) + "/messages" }

// write sends a message to the grief circle, and returns the path of its page.
func (d *desk) write(text string) string {
	d.t.Helper()
	status, to := d.post(d.messagesPath()+"/send", url.Values{"text_en": {text}, "once": {text}})
	path, _, _ := strings.Cut(to, "?")
	if status != 303 || !strings.Contains(path, "/messages/") {
		d.t.Fatalf("answered %d %.300s", status, to)
	}
	return path
}

// join makes somebody a member of the grief circle.
func (d *desk) join(phone string, by flows.Channel) {
	d.t.Helper()
	n, err := vault.ParseNumber(phone)
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := store.NewMembers(d.db, d.keys).Enrol(d.ctx(), store.Enrolment{
		Event: store.Event{Line: d.line, SID: "SM" + phone, Turn: 1, At: d.time()}, Number: n, Group: d.groupID(griefCode), Confirmed: true,
		Preferences: flows.Preferences{Channel: by, Language: "en"}.Complete(), Consent: flows.Consent{Wording: "test", Channel: flows.ByText, Month: "2026-11"},
	}); err != nil {
		d.t.Fatal(err)
	}
}

// goOut has what waits go into the outbox, two minutes later.
func (d *desk) goOut() {
	d.t.Helper()
	d.pass(2 * time.Minute)
	if _, err := store.NewOutbox(d.db, d.keys).PlanMessages(d.ctx(), d.time(), d.line); err != nil {
		d.t.Fatal(err)
	}
}

// remind plans tomorrow's reminder for two members.
func (d *desk) remind() {
	d.t.Helper()
	d.join("+12125550143", flows.ByText)
	d.join("+12125550144", flows.ByCall)
	id := d.groupID(griefCode)
	snap, _ := d.snapshots.Line(d.line)
	o := snap.Directory.Next(id, d.time(), 1)[0]
	if rows, err := store.NewOutbox(d.db, d.keys).Plan(d.ctx(), d.line, []store.Firing{{
		Group: id, Meeting: o.Meeting, Date: o.Date, Purpose: "24h", Start: o.Start, Due: d.time(), Expires: o.Start,
	}}); err != nil || rows != 2 {
		d.t.Fatal(rows, err)
	}
}

// leave is a voice message that a caller left, which is here, or is still at the
// carrier. It returns its id.
func (d *desk) leave(n int, here bool) string {
	d.t.Helper()
	v := store.NewVoicemail(d.db, d.keys)
	number, err := vault.ParseNumber("+12125550143")
	if err != nil {
		d.t.Fatal(err)
	}
	sid := fmt.Sprintf("RE%032d", n)
	if err := v.Left(d.ctx(), store.LeftVoice{Line: d.line, SID: sid, Purpose: store.LeftForStaff, Lang: "en", Seconds: 73, Number: number, At: d.time()}); err != nil {
		d.t.Fatal(err)
	}
	if here {
		all, err := v.Coming(d.ctx(), d.time(), d.line, 1)
		if err != nil || len(all) != 1 {
			d.t.Fatal(all, err)
		}
		if err := v.Keep(d.ctx(), all[0], []byte("RIFF sound")); err != nil {
			d.t.Fatal(err)
		}
	}
	return v.ID(d.line, sid)
}

// A message is looked at, sent and taken back; what is wrong with it is said, and
// what was written is still there.
func TestWritingToAGroup(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleCoordinator, griefCode)
	d.join("+12125550143", flows.ByText)
	see := func(status int, body string, want int, has ...string) {
		t.Helper()
		if status != want {
			t.Fatalf("answered %d %.300s", status, body)
		}
		for _, words := range has {
			if !strings.Contains(body, words) {
				t.Errorf("the page lacks %q", words)
			}
		}
	}
	status, body := d.post(d.messagesPath(), nil)
	see(status, body, 422, "Please write something")
	status, body = d.post(d.messagesPath(), url.Values{"text_es": {strings.Repeat("más ", 200)}})
	see(status, body, 422, "This is too long", "más más")
	status, body = d.post(d.messagesPath(), url.Values{"text_en": {"Grief is heavy “today”"}})
	see(status, body, 200, "this says", "grief", `Grief is heavy &#34;today&#34;`, "1 text each", "Send it to 1 person", "$0.02")
	status, body = d.post(d.messagesPath(), url.Values{"text_en": {"With all of you, always and everywhere 💛 at seven"}, "text_es": {"明 a las siete"}})
	see(status, body, 200, "are left out", "<strong>💛</strong> in", "…always and everywhere <mark>💛</mark> at seven", "“明” first")
	status, body = d.post(d.messagesPath(), url.Values{"text_en": {"💛"}, "text_es": {strings.Repeat("más ", 200)}})
	see(status, body, 422, "please use words", "This is too long")
	if n := len(d.list()); n != 0 {
		t.Fatalf("%d messages were written by looking", n)
	}
	path := d.write("The hall is closed.")
	if again := d.write("The hall is closed."); again != path || len(d.list()) != 1 {
		t.Error("a form that was sent twice is two messages")
	}
	status, body = d.get(path)
	see(status, body, 200, "Take this message back", "The hall is closed.")
	status, body = d.post(path+"/back", nil)
	see(status, body, 303, "messages.taken_back")
	status, body = d.get(path)
	see(status, body, 200, "taken back", "Nobody got it, and nobody will.")
	if strings.Contains(body, "Take this message back") || strings.Contains(body, "Nothing yet") || strings.Contains(body, "Look again") {
		t.Error("it can be taken back twice, or is waited for")
	}

	path = d.write("We meet on Wednesday.")
	d.goOut()
	status, body = d.post(path+"/back", nil)
	see(status, body, 303, "messages.too_late")
	status, body = d.get(path)
	see(status, body, 200, "sent", "1 person", "waits for its turn")

	other := "/console/groups/" + d.groupID(illnessCode) + "/messages"
	if status, _ := d.get(other + "/" + path[strings.LastIndex(path, "/")+1:]); status != 404 {
		t.Errorf("in a group that is not theirs: %d", status)
	}
	owner := d.rig.as(store.RoleOwner)
	if status, _ := owner.get(other + "/" + path[strings.LastIndex(path, "/")+1:]); status != 404 {
		t.Errorf("under another group: %d", status)
	}
}

func (d *desk) list() []store.Message {
	d.t.Helper()
	all, err := store.NewMessages(d.db, d.keys).List(d.ctx(), d.line, []string{d.groupID(griefCode)})
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

// A voice message is played to staff, and gone once it is deleted.
func TestInbox(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleCoordinator)
	id := d.leave(1, true)
	if status, body := d.get("/console/inbox/" + id + "/sound.wav"); status != 200 || body != "RIFF sound" {
		t.Errorf("%d %q", status, body)
	}
	if status, to := d.post("/console/inbox/"+id+"/heard", nil); status != 303 || !strings.Contains(to, "was_heard") {
		t.Errorf("%d %s", status, to)
	}
	if _, body := d.get("/console/inbox"); strings.Contains(body, ">New<") || !strings.Contains(body, "1:13") {
		t.Error("it is still new, or not as long as it is")
	}
	if status, to := d.post("/console/inbox/"+id+"/delete", nil); status != 303 || !strings.Contains(to, "was_deleted") {
		t.Errorf("%d %s", status, to)
	}
	for _, path := range []string{"/sound.wav", "/delete"} {
		if status, _ := d.get("/console/inbox/" + id + path); status != 404 {
			t.Errorf("%s of one that is gone: %d", path, status)
		}
	}
}

// Every way in which a row may end has words in the catalogue.
func TestOutcomesHaveWords(t *testing.T) {
	t.Parallel()
	all, err := readCatalogue(files)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, words := range codeWords {
		keys = append(keys, words)
	}
	for _, words := range reasonWords {
		keys = append(keys, words)
	}
	for _, state := range []store.SendState{store.SendDue, store.SendIntent, store.SendUnknown, store.SendAccepted, store.SendDone, store.SendFailed, store.SendLapsed} {
		for _, o := range []store.Outcome{"", store.Delivered, store.NotDelivered, store.Answered, store.Machine, store.Busy, store.NoAnswer, store.CallFailed} {
			words, _ := outcome(store.FiringFate{State: state, Outcome: o})
			keys = append(keys, words)
		}
	}
	for _, key := range keys {
		if all["en"]["outcomes."+key] == "" {
			t.Errorf("no words for %q", key)
		}
	}
	for reason, want := range map[string]string{"permanent 30003": "phone_off", "permanent 400/21614": "landline", "opted out 400/21610": "opted_out", "something else": "failed"} {
		if got, mark := outcome(store.FiringFate{State: store.SendFailed, Reason: reason}); got != want || mark != "bad" {
			t.Errorf("%s: %s %s", reason, got, mark)
		}
	}
}
