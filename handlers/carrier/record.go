package carrier

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/hearthline/hearthline/store/vault"
)

// Voicemail (<Record>) takes down what the caller says after a beep, and goes on at Action. It is
// the one verb that records, and is for a message that the caller has been told will
// be: it hears nobody but the caller, and stands in no Dial. Where nothing was said
// the next verb runs.
// Source: https://www.twilio.com/docs/voice/twiml/record
type Voicemail struct {
	Action string
	// Most is how long it lasts at most, Silence how long nobody speaks who is done;
	// in whole seconds.
	Most, Silence time.Duration
	// Callback is where Twilio tells when the recording can be fetched.
	Callback string
}

// finish is the key that ends a message.
const finish = "#"

func (v Voicemail) verb(e *encoder) {
	if v.Action == "" || v.Callback == "" || v.Most <= 0 || v.Silence <= 0 {
		e.fail("record: it lacks an address or a length")
	}
	e.raw("<Record")
	e.attr("action", v.Action)
	e.attr("method", string(POST))
	e.seconds("timeout", v.Silence)
	e.attr("finishOnKey", finish)
	e.seconds("maxLength", v.Most)
	e.attr("playBeep", "true")
	e.attr("trim", "trim-silence")
	e.attr("recordingStatusCallback", v.Callback)
	e.attr("recordingStatusCallbackMethod", string(POST))
	e.attr("recordingStatusCallbackEvent", "completed absent")
	e.raw("/>")
}

// Recorded is what Twilio tells of a recording, at a [Voicemail]'s Action or its Callback.
type Recorded struct {
	SID     string
	Seconds int
	// Absent says that there is none: nothing was said, or nothing that can be kept.
	Absent bool
}

var recordingSID = regexp.MustCompile(`^RE[0-9a-fA-F]{32}$`)

// longestRecorded bounds what is believed of a recording's length, in seconds.
const longestRecorded = 24 * 60 * 60

// Recorded reads what a webhook tells of a recording; false when it tells of none.
// Source: https://www.twilio.com/docs/voice/twiml/record#request-parameters
func (w Webhook) Recorded() (Recorded, bool) {
	sid := w.Param("RecordingSid")
	if !recordingSID.MatchString(sid) {
		return Recorded{}, false
	}
	seconds, err := strconv.Atoi(w.Param("RecordingDuration"))
	if err != nil || seconds < 0 || seconds > longestRecorded {
		seconds = 0
	}
	return Recorded{SID: sid, Seconds: seconds, Absent: w.Param("RecordingStatus") == "absent"}, true
}

// RecordToken is what the address of a recording's callback tells us, and nobody else.
type RecordToken struct {
	Line  string `json:"line"`
	For   string `json:"for"`
	Group string `json:"group,omitempty"`
	Lang  string `json:"lang"`
}

const (
	recordKey     = "v"
	recordPurpose = "recorded"
)

// Address is where the carrier tells of a recording, where base is the address of all
// such callbacks.
func (t RecordToken) Address(k *vault.Keyring, base string) string {
	text, err := json.Marshal(t)
	if err != nil {
		return "" // a struct of strings always has a text
	}
	return base + "?" + recordKey + "=" + k.SealToken(recordPurpose, text, nil) + insistence
}

// RecordToken reads what the address of a recording's callback tells; false when its
// token is not ours.
func (w Webhook) RecordToken(k *vault.Keyring, query url.Values) (RecordToken, bool) {
	var t RecordToken
	text, err := k.OpenToken(recordPurpose, query.Get(recordKey), nil)
	if err != nil || json.Unmarshal(text, &t) != nil {
		return RecordToken{}, false
	}
	return t, t.Line != ""
}

// maxRecording bounds what is read of a recording, in bytes: two minutes of sound
// take a half of it.
const maxRecording = 4 << 20

// Recording fetches what was recorded, as WAV. One that Twilio does not know is Gone.
// Source: https://www.twilio.com/docs/voice/api/recording#fetch-a-recording-media-file
func (c *Client) Recording(ctx context.Context, sid string) ([]byte, error) {
	const op = "fetch recording"
	if !recordingSID.MatchString(sid) {
		return nil, malformed(op)
	}
	x := c.exchange(ctx)
	x.most = maxRecording
	sound, err := x.get("/2010-04-01/Accounts/" + c.credentials.Username + "/Recordings/" + sid + ".wav")
	if err != nil || !x.answered() {
		return nil, x.fault(op, err)
	}
	return sound, nil
}

// DeleteRecording has Twilio forget a recording and its sound. One that it does not
// know is forgotten already.
// Source: https://www.twilio.com/docs/voice/api/recording#delete-a-recording-resource
func (c *Client) DeleteRecording(ctx context.Context, sid string) error {
	const op = "delete recording"
	if !recordingSID.MatchString(sid) {
		return malformed(op)
	}
	return c.remove(ctx, op, func(s *api.ApiService) error { return s.DeleteRecording(sid, nil) })
}

// recordingsAtOnce keeps an answer below [maxAnswer]: a recording is 1 kB of JSON.
const recordingsAtOnce = 200

// Recordings calls do with each recording that Twilio keeps, whenever it was made, as
// [Client.Messages] does with texts. One is over as soon as it can be fetched.
// Source: https://www.twilio.com/docs/voice/api/recording#read-multiple-recording-resources
func (c *Client) Recordings(ctx context.Context, do func(Record) error) error {
	params := new(api.ListRecordingParams).SetPageSize(recordingsAtOnce)
	all, fault := list(ctx, c, "list recordings", func(s *api.ApiService, token, page string) ([]Record, *string, error) {
		answer, err := s.PageRecording(params, token, page)
		if err != nil {
			return nil, nil, err
		}
		return mapped(answer.Recordings, recordOfRecording), answer.NextPageUri, nil
	}, nil)
	return each(all, do, fault)
}

// recordOfRecording takes the moment at which a recording began for its end: Twilio
// tells no other, and none of ours lasts.
func recordOfRecording(r api.ApiV2010Recording) Record {
	one := Record{SID: deref(r.Sid), Over: slices.Contains([]string{"completed", "absent", "failed"}, deref(r.Status))}
	if one.Over {
		one.Ended = moment(r.DateCreated)
	}
	return one
}

// get asks for what is no JSON.
func (x *exchange) get(path string) ([]byte, error) {
	r, err := http.NewRequest(http.MethodGet, "https://api.twilio.com"+path, nil)
	if err != nil {
		return nil, err
	}
	r.SetBasicAuth(x.client.credentials.Username, x.client.credentials.Password)
	within, cancel := context.WithTimeout(x.ctx, requestTimeout)
	defer cancel()
	answer, err := x.RoundTrip(r.WithContext(within))
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	return io.ReadAll(answer.Body)
}
