package emulator

import (
	"encoding/binary"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// recordRules are the attributes of a Record that a message may have. Transcriptions
// are refused: what is said stays what is said.
// Source: https://www.twilio.com/docs/voice/twiml/record
func recordRules() map[string]rule {
	return map[string]rule{
		"action":                        reference(11100),
		"method":                        methods(13611),
		"timeout":                       whole(13612, 1, 3600),
		"finishOnKey":                   made(13613, "of 0 to 9, *, # or empty", "0123456789*#"),
		"maxLength":                     whole(13614, 1, 14400),
		"playBeep":                      boolean(13615),
		"trim":                          oneOf(schema, "trim-silence", "do-not-trim"),
		"recordingStatusCallback":       reference(11100),
		"recordingStatusCallbackMethod": methods(schema),
		"recordingStatusCallbackEvent":  eventsOf("in-progress", "completed", "absent"),
	}
}

// beep is how long Twilio's tone is before a recording; ready, until what was recorded
// can be fetched.
const (
	beep  = time.Second
	ready = 2 * time.Second
)

// recorder is a Record that is running.
type recorder struct {
	r       *runner
	n       *node
	begun   time.Time
	said    []string
	until   time.Time // when the last words end
	silence *task
	longest *task
}

func (r *runner) record(n *node) {
	begin := func() {
		rec := &recorder{r: r, n: n, begun: r.e.clock.Now()}
		rec.until = rec.begun
		r.c.recorder = rec
		r.hops = 0
		r.stop = rec.drop
		rec.longest = r.e.after(n.seconds("maxLength", 3600), func() { rec.end("") })
		rec.expect(rec.patience())
	}
	if !n.bool("playBeep", true) {
		begin()
		return
	}
	r.speak(Utterance{Kind: KindTone, Text: "beep"}, beep, begin)
}

func (rec *recorder) patience() time.Duration { return rec.n.seconds("timeout", 5) }

func (rec *recorder) expect(d time.Duration) {
	rec.silence.stop()
	rec.silence = rec.r.e.after(d, func() { rec.end("") })
}

func (rec *recorder) drop() {
	rec.silence.stop()
	rec.longest.stop()
	rec.r.c.recorder = nil
}

// hear takes down what the person says.
func (rec *recorder) hear(text string, last time.Duration) {
	rec.said = append(rec.said, text)
	rec.until = rec.r.e.clock.Now().Add(last)
	rec.expect(last + rec.patience())
}

// key ends the recording, if it is the key that does.
func (rec *recorder) key(k string) bool {
	if strings.Contains(rec.n.str("finishOnKey", "1234567890*#"), k) {
		rec.end(k)
	}
	return true // it is recorded as a sound, if nothing else
}

// end goes on at the action with what was recorded, or past the Record where that is
// nothing. How is the key that ended it, or "hangup".
func (rec *recorder) end(how string) {
	r := rec.r
	rec.drop()
	r.stop = nil
	if len(rec.said) == 0 {
		if how != "hangup" {
			r.next()
		}
		return
	}
	made := r.e.recorded(rec)
	result := url.Values{
		"RecordingUrl": {made.address}, "RecordingSid": {made.sid}, "RecordingDuration": {strconv.Itoa(made.seconds())}, "Digits": {how},
	}
	rec.tell(made)
	ref, method := rec.n.str("action", ""), rec.n.method("method")
	if how != "hangup" {
		r.fetch(ref, method, result)
		return
	}
	target, ok := r.resolve(ref)
	if !ok {
		return
	}
	params := r.c.params()
	for k, v := range result {
		params[k] = v
	}
	// Whatever it is answered, nobody is there to hear it.
	r.e.send(&webhook{kind: KindVoice, call: r.c.sid, url: target, method: method, params: params, jar: r.c.jar, done: func(answer) {}})
}

// tell sends the callback once the recording can be fetched.
func (rec *recorder) tell(made *recorded) {
	e, r := rec.r.e, rec.r
	target, ok := r.resolve(rec.n.str("recordingStatusCallback", ""))
	events := strings.Fields(rec.n.str("recordingStatusCallbackEvent", "completed"))
	if target == "" || !ok || rec.n.str("recordingStatusCallback", "") == "" || !slices.Contains(events, "completed") {
		return
	}
	params := url.Values{
		"AccountSid": {e.account}, "CallSid": {r.c.sid}, "RecordingSid": {made.sid}, "RecordingUrl": {made.address}, "RecordingStatus": {"completed"},
		"RecordingDuration": {strconv.Itoa(made.seconds())}, "RecordingChannels": {"1"}, "RecordingSource": {"RecordVerb"},
		"RecordingStartTime": {made.created.UTC().Format(time.RFC1123Z)},
	}
	jar, method := r.c.jar, rec.n.method("recordingStatusCallbackMethod")
	e.after(ready, func() {
		e.callback(&webhook{kind: KindRecording, call: made.call, about: "recording", url: target, method: method, params: params, jar: jar}, 15003)
	})
}

// recorded is a recording that Twilio keeps.
type recorded struct {
	sid, call, address string
	created            time.Time
	long               time.Duration
	words              []string
}

func (m *recorded) seconds() int { return int(math.Ceil(m.long.Seconds())) }

// recorded keeps a recording.
func (e *Emulator) recorded(rec *recorder) *recorded {
	sid := e.sid("RE")
	end := e.clock.Now()
	if rec.n.str("trim", "trim-silence") == "trim-silence" && rec.until.Before(end) {
		end = rec.until
	}
	m := &recorded{
		sid: sid, call: rec.r.c.sid, address: "https://api.twilio.com" + strings.TrimSuffix(e.uri("Recordings/"+sid), ".json"),
		created: rec.begun, long: max(end.Sub(rec.begun), time.Second), words: rec.said,
	}
	e.recordings = append(e.recordings, m)
	return m
}

// Recording is one that Twilio keeps.
type Recording struct {
	SID, Call string
	Words     string // that are said in it
	Created   time.Time
}

// Recordings returns those that Twilio keeps, oldest first.
func (e *Emulator) Recordings() []Recording {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []Recording
	for _, m := range e.recordings {
		all = append(all, Recording{SID: m.sid, Call: m.call, Words: strings.Join(m.words, " "), Created: m.created})
	}
	return all
}

func (e *Emulator) listRecordings(q *restCall) (any, *restError) {
	return page(q, "recordings", e.recordings, e.showRecording)
}

func (e *Emulator) showRecording(m *recorded) map[string]any {
	return map[string]any{
		"sid": m.sid, "account_sid": e.account, "call_sid": m.call, "conference_sid": nil, "api_version": apiVersion, "status": m.status(e.clock.Now()),
		"channels": 1, "source": "RecordVerb", "duration": strconv.Itoa(m.seconds()), "start_time": date(m.created), "date_created": date(m.created),
		"date_updated": date(m.created), "price": nil, "price_unit": "USD", "error_code": nil, "uri": e.uri("Recordings/" + m.sid),
	}
}

func (m *recorded) status(now time.Time) string {
	if now.Before(m.created.Add(m.long)) {
		return "processing"
	}
	return "completed"
}

func (e *Emulator) pathRecording(q *restCall) (*recorded, int, *restError) {
	i := slices.IndexFunc(e.recordings, func(m *recorded) bool { return m.sid == q.r.PathValue("recording") })
	if i < 0 {
		return nil, 0, notFound(q.r.URL.Path)
	}
	return e.recordings[i], i, nil
}

func (e *Emulator) fetchRecording(q *restCall) (any, *restError) {
	m, _, bad := e.pathRecording(q)
	if bad != nil {
		return nil, bad
	}
	return e.showRecording(m), nil
}

// deleteRecording forgets a recording and its sound.
func (e *Emulator) deleteRecording(q *restCall) (any, *restError) {
	_, i, bad := e.pathRecording(q)
	if bad != nil {
		return nil, bad
	}
	e.recordings = slices.Delete(e.recordings, i, i+1)
	return nil, nil
}

// soundFile is an answer that is no JSON.
type soundFile []byte

func (s soundFile) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "audio/x-wav")
	_, _ = w.Write(s)
}

// fetchSound is what is heard in a recording: a low hum as long as it is.
func (e *Emulator) fetchSound(q *restCall) (any, *restError) {
	m, _, bad := e.pathRecording(q)
	if bad != nil {
		return nil, bad
	}
	return soundFile(Hum(m.long)), nil
}

// Hum is a WAV file of a low hum of that length, as a telephone carries it.
func Hum(long time.Duration) []byte {
	const rate, header = 8000, 44
	n := int(long * rate / time.Second)
	b := make([]byte, 0, header+2*n)
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(header-8+2*n))
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	for _, v := range []uint16{1, 1} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	b = binary.LittleEndian.AppendUint32(b, rate)
	b = binary.LittleEndian.AppendUint32(b, 2*rate)
	for _, v := range []uint16{2, 16} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(2*n))
	for i := range n {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(2000*math.Sin(2*math.Pi*220*float64(i)/rate))))
	}
	return b
}
