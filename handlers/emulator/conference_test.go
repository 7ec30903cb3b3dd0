package emulator

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

const inRoom = `<Dial hangupOnStar="true" action="/left"><Conference beep="false" waitUrl="/wait" statusCallback="/room" ` +
	`statusCallbackEvent="start end join leave mute hold modify announcement" participantLabel="%s">g_x</Conference></Dial>`

// roomBench answers each caller with a conference, labelled by the end of the
// number.
func roomBench(t *testing.T, attrs string) *bench {
	b := newBench(t, map[string]string{
		"/wait":      `<Say>You are the first.</Say><Pause length="10"/><Redirect/>`,
		"/left":      `<Gather numDigits="1" action="/voice"/><Say>Goodbye.</Say>`,
		"/announce":  `<Say>Five minutes left.</Say>`,
		"/elsewhere": `<Say>elsewhere</Say><Pause length="60"/>`,
	})
	b.docs["/voice"] = func(v url.Values) string {
		from := v.Get("From")
		doc := strings.Replace(inRoom, "%s", "p"+from[len(from)-1:], 1)
		return "<Response>" + strings.Replace(doc, "<Conference ", "<Conference "+attrs+" ", 1) + "</Response>"
	}
	return b
}

// events returns the conference callbacks as "1 participant-join p1".
func (b *bench) roomEvents() []string {
	var all []string
	for _, v := range b.asked("/room") {
		all = append(all, strings.TrimSpace(v.Get("SequenceNumber")+" "+v.Get("StatusCallbackEvent")+" "+v.Get("ParticipantLabel")))
	}
	return all
}

func TestConference(t *testing.T) {
	t.Parallel()
	b := roomBench(t, "")
	one := b.Phone(anna).Call(line)
	same(t, "status", b.Rooms()[0].Status, "init")
	b.Advance(15 * time.Second)
	one.Say("is anybody there")
	two := b.Phone(ben).Call(line)
	same(t, "status", b.Rooms()[0].Status, "in-progress")
	three := b.Phone(cleo).Call(line)
	b.Advance(time.Second)
	one.Say("hello both")
	room := b.Rooms()[0]
	same(t, "name", room.Name, "g_x")
	same(t, "hears", room.Participants[0].Hears, []string{two.SID(), three.SID()})

	same(t, "mute", first(b.api("POST", "Conferences/"+room.SID+"/Participants/p2.json", url.Values{"Muted": {"true"}})), 200)
	same(t, "hold", first(b.api("POST", "Conferences/"+room.SID+"/Participants/"+three.SID()+".json", url.Values{"Hold": {"true"}})), 200)
	two.Say("can you hear me")
	three.Say("can you hear me")
	one.Say("only two hears this")
	one.Press("5")
	two.Press("*")
	b.Advance(time.Second)
	two.Press("1") // back in: the mute has to be given anew
	same(t, "muted", b.Rooms()[0].Participants[2].Muted, false)
	three.Hangup()
	two.Hangup()
	one.Hangup()
	same(t, "rooms", len(b.Rooms()), 0)
	same(t, "events", b.roomEvents(), []string{
		"1 participant-join p1", "2 participant-join p2", "3 conference-start", "4 participant-join p3",
		"5 participant-mute p2", "6 participant-hold p3", "7 participant-leave p2", "8 participant-join p2",
		"9 participant-leave p3", "10 participant-leave p2", "11 participant-leave p1", "12 conference-end",
	})
	leave, end := b.asked("/room")[10], b.asked("/room")[11]
	for k, want := range map[string]string{
		"CallSid": one.SID(), "Muted": "false", "Hold": "false", "Coaching": "false", "EndConferenceOnExit": "false", "StartConferenceOnEnter": "true",
		"ParticipantCallStatus": "completed", "ReasonParticipantLeft": "participant_hung_up", "ConferenceSid": room.SID, "FriendlyName": "g_x", "AccountSid": account,
	} {
		same(t, k, leave.Get(k), want)
	}
	same(t, "personal data", leave.Has("From"), false)
	same(t, "reason", end.Get("ReasonConferenceEnded"), "last-participant-left")
	same(t, "by", []string{end.Get("CallSidEndingConference"), end.Get("ParticipantLabelEndingConference")}, []string{one.SID(), "p1"})
	star := b.asked("/left")[0]
	same(t, "DialCallStatus", star.Get("DialCallStatus"), "answered")
	same(t, "CallStatus", star.Get("CallStatus"), "in-progress")
	same(t, "no DialCallSid after a conference", star.Has("DialCallSid"), false)
	same(t, "after a hang-up", b.last("/left").Get("CallStatus"), "completed")
	b.clean()
	golden(t, "conference", one.Transcript()+"---\n"+two.Transcript()+"---\n"+three.Transcript())
}

func first(status int, _ map[string]any) int { return status }

func TestConferenceStartsWithItsHost(t *testing.T) {
	t.Parallel()
	b := roomBench(t, `startConferenceOnEnter="false"`)
	a, c := b.Phone(anna).Call(line), b.Phone(ben).Call(line)
	a.Say("hello")
	same(t, "status", b.Rooms()[0].Status, "init")
	same(t, "hears", b.Rooms()[0].Participants[1].Hears, []string{})
	b.docs["/voice"] = func(url.Values) string { return "<Response><Dial><Conference>g_x</Conference></Dial></Response>" }
	b.Phone(cleo).Call(line)
	same(t, "status", b.Rooms()[0].Status, "in-progress")
	c.Say("we begin")
	same(t, "last heard", texts(b.Phone(cleo))[0], "we begin")
	same(t, "wait heard", texts(b.Phone(anna))[0], "You are the first.")
	same(t, "cut", b.Phone(anna).Heard()[1].Cut, true)
	b.clean()
}

func TestConferenceRefusals(t *testing.T) {
	t.Parallel()
	t.Run("full", func(t *testing.T) {
		t.Parallel()
		b := roomBench(t, `maxParticipants="2"`)
		b.Phone(anna).Call(line)
		b.Phone(ben).Call(line)
		c := b.Phone(cleo).Call(line)
		same(t, "codes", b.codes(), []int{16020})
		same(t, "goes on", b.last("/left").Get("DialCallStatus"), "failed")
		same(t, "state", c.State(), "in-progress")
	})
	t.Run("label in use", func(t *testing.T) {
		t.Parallel()
		b := roomBench(t, "")
		b.Phone(anna).Call(line)
		b.Phone("+12025550121").Call(line)
		same(t, "codes", b.codes(), []int{16025})
		same(t, "participants", len(b.Rooms()[0].Participants), 1)
	})
	t.Run("waitUrl may not gather", func(t *testing.T) {
		t.Parallel()
		b := roomBench(t, "")
		b.docs["/wait"] = func(url.Values) string { return "<Response><Gather/></Response>" }
		b.Phone(anna).Call(line)
		same(t, "codes", b.codes(), []int{13238})
		same(t, "participants", len(b.Rooms()), 0)
	})
}

func TestConferenceEnds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		attrs  string
		end    func(b *bench, room Room, one, two *Call)
		reason string
		left   []string // ReasonParticipantLeft, in order
		asked  int      // how many Dial actions go on with a call in progress
	}{
		"by REST": {``, func(b *bench, room Room, _, _ *Call) {
			b.api("POST", "Conferences/"+room.SID+".json", url.Values{"Status": {"completed"}})
		}, "conference-ended-via-api", []string{"conference_ended_via_api", "conference_ended_via_api"}, 2},
		"by endConferenceOnExit": {`endConferenceOnExit="true"`, func(_ *bench, _ Room, one, _ *Call) {
			one.Hangup()
		}, "participant-with-end-conference-on-exit-left", []string{"participant_hung_up", "moderator_ended_conference"}, 1},
		"by removing who ends it": {`endConferenceOnExit="true"`, func(b *bench, room Room, one, _ *Call) {
			b.api("DELETE", "Conferences/"+room.SID+"/Participants/"+one.SID()+".json", nil)
		}, "participant-with-end-conference-on-exit-kicked", []string{"participant_updated_via_api", "moderator_ended_conference"}, 2},
		"by redirecting": {``, func(b *bench, _ Room, one, two *Call) {
			b.api("POST", "Calls/"+one.SID()+".json", url.Values{"Url": {b.web.URL + "/elsewhere"}})
			two.Hangup()
		}, "last-participant-left", []string{"participant_updated_via_api", "participant_hung_up"}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := roomBench(t, tt.attrs)
			one, two := b.Phone(anna).Call(line), b.Phone(ben).Call(line)
			tt.end(b, b.Rooms()[0], one, two)
			end := b.last("/room")
			same(t, "event", end.Get("StatusCallbackEvent"), "conference-end")
			same(t, "reason", end.Get("ReasonConferenceEnded"), tt.reason)
			var left []string
			for _, v := range b.asked("/room") {
				if v.Get("StatusCallbackEvent") == "participant-leave" {
					left = append(left, v.Get("ReasonParticipantLeft"))
				}
			}
			same(t, "left", left, tt.left)
			asked := 0
			for _, v := range b.asked("/left") {
				if v.Get("CallStatus") == "in-progress" {
					asked++
				}
			}
			same(t, "actions", asked, tt.asked)
			b.clean()
		})
	}
}

func TestConferenceAnnouncement(t *testing.T) {
	t.Parallel()
	b := roomBench(t, "")
	b.Phone(anna).Call(line)
	b.Phone(ben).Call(line)
	room := b.Rooms()[0]
	b.api("POST", "Conferences/"+room.SID+".json", url.Values{"AnnounceUrl": {b.web.URL + "/announce"}})
	b.api("POST", "Conferences/"+room.SID+"/Participants/p1.json", url.Values{"AnnounceUrl": {b.web.URL + "/announce"}})
	b.Advance(5 * time.Second)
	count := func(p *Phone) (n int) {
		for _, s := range texts(p) {
			if s == "Five minutes left." {
				n++
			}
		}
		return n
	}
	same(t, "heard", []int{count(b.Phone(anna)), count(b.Phone(ben))}, []int{2, 1})
	same(t, "event", b.last("/room").Get("StatusCallbackEvent"), "announcement-end")
	b.clean()
}

func TestBeeps(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/voice": `<Dial><Conference waitUrl="">loud</Conference></Dial>`})
	b.Phone(anna).Call(line)
	b.Phone(ben).Call(line)
	c := b.Phone(cleo).Call(line)
	c.Hangup()
	same(t, "heard", texts(b.Phone(anna)), []string{"beep", "beep"})
	b.clean()
}

func TestTimeLimitLeavesTheConference(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/voice": `<Dial timeLimit="60" action="/left"><Conference>short</Conference></Dial>`, "/left": `<Say>Time is up.</Say>`})
	b.Phone(anna).Call(line)
	b.Advance(61 * time.Second)
	same(t, "heard", texts(b.Phone(anna)), []string{"hold music", "Time is up."})
	same(t, "rooms", len(b.Rooms()), 0)
	b.clean()
}

func TestFirstParticipantSettlesTheCallback(t *testing.T) {
	t.Parallel()
	b := roomBench(t, "")
	b.Phone(anna).Call(line)
	b.docs["/voice"] = func(url.Values) string {
		return `<Response><Dial><Conference statusCallback="/other" statusCallbackEvent="join">g_x</Conference></Dial></Response>`
	}
	b.Phone(ben).Call(line)
	same(t, "other", len(b.asked("/other")), 0)
	same(t, "events", b.roomEvents(), []string{"1 participant-join p1", "2 participant-join", "3 conference-start"})
}
