package emulator

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// where returns where Twilio keeps a string, each place once.
func (b *bench) where(part string) []string {
	var all []string
	for _, trace := range b.Kept().Traces() {
		if strings.Contains(trace.What, part) {
			all = append(all, trace.Where)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestKeptOfACall(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{
		"/voice": `<Say>greetings</Say><Gather numDigits="6" action="/got?t=opaque"/>`,
		"/got":   `<Dial><Conference participantLabel="l_marker" waitUrl="/wait?w=opaque">g_marker</Conference></Dial>`,
		"/wait":  `<Say>patience</Say>`,
	})
	// six digits, which no port of the test server has
	c := b.Phone(anna).Call(line)
	b.Advance(time.Second)
	c.Press("471193")
	same(t, "label and name", []KeptRoom{{SID: b.Rooms()[0].SID, Name: "g_marker", Labels: []string{"l_marker"}}}, b.Kept().Rooms)
	c.Hangup()
	b.Advance(time.Minute)
	same(t, "the record", b.Kept().Calls, []KeptCall{{SID: c.SID(), From: anna, To: line, Direction: "inbound", Status: "completed", Over: noon.Add(time.Second + 1250*time.Millisecond)}})
	same(t, "the caller", b.where(anna), []string{"call From", "parameter Caller", "parameter From"})
	same(t, "the keys", b.where("471193"), []string{"parameter Digits"})
	same(t, "what was said", b.where("greetings"), []string{"document"})
	same(t, "what was heard while waiting", b.where("patience"), []string{"document"})
	same(t, "the room", b.where("g_marker"), []string{"document", "parameter FriendlyName", "room"})
	same(t, "the label", b.where("l_marker"), []string{"document", "label"})
	same(t, "the address", b.where("w=opaque"), []string{"document", "url"})

	same(t, "deleted", first(b.api("DELETE", "Calls/"+c.SID()+".json", nil)), 204)
	for _, gone := range []string{anna, "471193", "greetings", "patience"} {
		same(t, gone, b.where(gone), []string(nil))
	}
	same(t, "the room stays", b.where("g_marker"), []string{"room"})
	same(t, "the label stays", b.where("l_marker"), []string{"label"})
	same(t, "the address stays", b.where("w=opaque"), []string{"url"})
	b.clean()
}

func TestKeptOfAPlacedCall(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/placed": `<Enqueue waitUrl="">q_marker</Enqueue>`})
	b.Phone(anna).Behave(Behaviour{Kind: Answer})
	_, made := b.api("POST", "Calls.json", url.Values{"To": {anna}, "From": {line}, "Url": {b.web.URL + "/placed?n=marker"}})
	b.Phone(anna).Current().Hangup()
	same(t, "the number", b.where(anna), []string{"call To", "parameter Called", "parameter To"})
	same(t, "the queue", b.where("q_marker"), []string{"document", "queue"})
	same(t, "the address", b.where("n=marker"), []string{"parameter Url", "url"})
	b.api("GET", "Calls.json?To="+url.QueryEscape(anna), nil)
	same(t, "a number in a query", b.where(url.QueryEscape(anna)), []string{"url"})
	b.api("DELETE", "Calls/"+made["sid"].(string)+".json", nil)
	same(t, "the number is gone", b.where(anna), []string(nil))
	same(t, "the queue stays", b.where("q_marker"), []string{"queue"})
	same(t, "the address stays", b.where("n=marker"), []string{"url"})

	b.Advance(time.Second) // a call a second
	_, seat := b.api("POST", "Conferences/g_x/Participants.json", url.Values{"To": {ben}, "From": {line}, "Label": {"l_marker"}})
	same(t, "called in", b.where(ben), []string{"call To", "parameter To"})
	b.Phone(ben).Current().Hangup()
	b.api("DELETE", "Calls/"+seat["call_sid"].(string)+".json", nil)
	same(t, "and gone", b.where(ben), []string(nil))
	same(t, "but for the label", b.where("l_marker"), []string{"label"})
}

func TestKeptOfATextAndItsAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]string{"/sms": `<Message>answer</Message>`})
	m := b.Phone(anna).Text(line, "question")
	_, sent := b.api("POST", "Messages.json", url.Values{"To": {ben}, "From": {line}, "Body": {"reminder"}})
	b.Advance(time.Minute)
	same(t, "the question", b.where("question"), []string{"parameter Body", "text Body"})
	same(t, "the answer", b.where("answer"), []string{"document", "text Body"})
	same(t, "the reminder", b.where("reminder"), []string{"parameter Body", "text Body"})

	b.api("POST", "Messages/"+m.SID()+".json", url.Values{"Body": {""}})
	b.api("POST", "Messages/"+sent["sid"].(string)+".json", url.Values{"Body": {""}})
	same(t, "a question redacted", b.where("question"), []string(nil))
	same(t, "a reminder redacted", b.where("reminder"), []string(nil))
	same(t, "its number", b.where(ben), []string{"parameter To", "text To"})

	for _, sid := range []string{m.SID(), m.Replies()[0].SID, sent["sid"].(string)} {
		same(t, "deleted", first(b.api("DELETE", "Messages/"+sid+".json", nil)), 204)
	}
	for _, gone := range []string{anna, ben, "question", "answer", "reminder"} {
		same(t, gone, b.where(gone), []string(nil))
	}
	b.clean()
}

// Whatever would record, transcribe or stream is told apart from other problems.
func TestRecordingIsAProblem(t *testing.T) {
	t.Parallel()
	documents := map[string]string{
		"a transcribed message":  `<Record transcribe="true"/>`,
		"a stream":               `<Start><Stream url="wss://x.example"/></Start>`,
		"a connected stream":     `<Connect><Stream url="wss://x.example"/></Connect>`,
		"a transcription":        `<Start><Transcription/></Start>`,
		"a dial":                 `<Dial record="record-from-answer">` + ben + `</Dial>`,
		"a dial's callback":      `<Dial recordingStatusCallback="/x">` + ben + `</Dial>`,
		"a room":                 `<Dial><Conference record="record-from-start">g</Conference></Dial>`,
		"a room's callback":      `<Dial><Conference recordingStatusCallback="/x">g</Conference></Dial>`,
		"a number's transcriber": `<Dial><Number transcribe="true">` + ben + `</Number></Dial>`,
	}
	for name, doc := range documents {
		b := newBench(t, map[string]string{"/voice": doc})
		b.Phone(anna).Call(line)
		if !slices.ContainsFunc(b.Problems(), func(p Problem) bool { return p.Recording }) {
			t.Errorf("%s: the problems are %+v", name, b.Problems())
		}
	}
	b := newBench(t, map[string]string{"/sms": `<Record/>`})
	b.Phone(anna).Text(line, "hi")
	call := url.Values{"To": {anna}, "From": {line}, "Url": {b.web.URL + "/x"}}
	with := func(name, value string) url.Values {
		form := url.Values{name: {value}}
		for k, v := range call {
			form[k] = v
		}
		return form
	}
	for _, name := range []string{"Record", "RecordingChannels", "RecordingStatusCallback", "RecordingTrack", "Transcribe"} {
		b.api("POST", "Calls.json", with(name, "true"))
	}
	b.api("POST", "Conferences/g/Participants.json", with("ConferenceRecord", "true"))
	for _, path := range []string{"Calls/CA0/Recordings.json", "Calls/CA0/Streams.json", "Calls/CA0/Siprec.json", "Calls/CA0/Transcriptions.json", "Conferences/CF0/Recordings.json"} {
		b.api("POST", path, nil)
	}
	same(t, "problems", len(b.Problems()), 12)
	for _, p := range b.Problems() {
		if !p.Recording {
			t.Errorf("not told apart: %+v", p)
		}
	}

	b = newBench(t, map[string]string{"/voice": `<Dial record="do-not-record" colour="red"><Conference record="do-not-record" muted="perhaps">g</Conference></Dial>`})
	b.Phone(anna).Call(line)
	b.api("POST", "Calls.json", with("Colour", "red"))
	b.api("GET", "Nothing.json", nil)
	same(t, "other problems", len(b.Problems()), 4)
	for _, p := range b.Problems() {
		if p.Recording {
			t.Errorf("no recording: %+v", p)
		}
	}
}
