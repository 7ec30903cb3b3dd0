package emulator

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestCreateMessage(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	status, got := b.api("POST", "Messages.json", url.Values{
		"To": {anna}, "From": {line}, "Body": {"Tuesday call, today 7 pm ET"}, "StatusCallback": {b.web.URL + "/fared"}, "ValidityPeriod": {"600"}, "RiskCheck": {"disable"},
	})
	same(t, "status", status, 201)
	sid := got["sid"].(string)
	same(t, "body", got, map[string]any{
		"sid": sid, "account_sid": account, "api_version": "2010-04-01", "messaging_service_sid": nil, "from": line, "to": anna,
		"body": "Tuesday call, today 7 pm ET", "direction": "outbound-api", "status": "queued", "num_segments": "1", "num_media": "0",
		"price": nil, "price_unit": "USD", "error_code": nil, "error_message": nil, "date_created": "Tue, 24 Nov 2026 12:00:00 +0000",
		"date_updated": "Tue, 24 Nov 2026 12:00:00 +0000", "date_sent": nil, "uri": "/2010-04-01/Accounts/" + account + "/Messages/" + sid + ".json",
		"subresource_uris": map[string]any{"media": "/2010-04-01/Accounts/" + account + "/Messages/" + sid + "/Media.json"},
	})
	same(t, "nothing is told of the initial status", len(b.asked("/fared")), 0)
	b.Advance(2 * time.Second)
	same(t, "callbacks", statuses(b, "/fared"), []string{"sent", "delivered"})
	same(t, "the last one", b.last("/fared"), url.Values{
		"path": {"/fared"}, "method": {"POST"}, "MessageSid": {sid}, "SmsSid": {sid}, "MessageStatus": {"delivered"}, "SmsStatus": {"delivered"},
		"From": {line}, "To": {anna}, "AccountSid": {account}, "ApiVersion": {"2010-04-01"}, "RawDlrDoneDate": {"2611241200"},
	})
	_, got = b.api("GET", "Messages/"+sid+".json", nil)
	same(t, "afterwards", []any{got["status"], got["date_sent"]}, []any{"delivered", "Tue, 24 Nov 2026 12:00:00 +0000"})
	b.clean()
}

func TestMessageErrors(t *testing.T) {
	t.Parallel()
	in := func(d time.Duration) string { return noon.Add(d).Format(time.RFC3339) }
	good := url.Values{"To": {anna}, "From": {line}, "Body": {"x"}}
	tests := map[string]struct {
		change url.Values // an empty value takes the parameter away
		code   int
	}{
		"nobody to send to":       {url.Values{"To": {""}}, 21604},
		"nobody to send from":     {url.Values{"From": {""}}, 21603},
		"nothing to say":          {url.Values{"Body": {""}}, 21602},
		"too much to say":         {url.Values{"Body": {strings.Repeat("é", 1601)}}, 21617},
		"just enough":             {url.Values{"Body": {strings.Repeat("é", 1600)}}, 0},
		"a picture says it":       {url.Values{"Body": {""}, "MediaUrl": {"https://x.example/1"}}, 0},
		"To is no number":         {url.Values{"To": {"anonymous"}}, 21211},
		"To is short":             {url.Values{"To": {"+1202555014"}}, 21211},
		"To has no area":          {url.Values{"To": {"+11025550143"}}, 21211},
		"From is no number":       {url.Values{"From": {"5550100"}}, 21212},
		"From is not ours":        {url.Values{"From": {"+12025550177"}}, 21606},
		"to itself":               {url.Values{"To": {line}}, 21266},
		"a landline":              {url.Values{"To": {ben}}, 21614},
		"opted out":               {url.Values{"To": {cleo}}, 21610},
		"a bad callback":          {url.Values{"StatusCallback": {"/relative"}}, 21609},
		"an underscore in it":     {url.Values{"StatusCallback": {"https://my_host.example/"}}, 21609},
		"eleven pictures":         {url.Values{"MediaUrl": strings.Split(strings.Repeat("https://x.example/1 ", 11), " ")[:11]}, 21623},
		"a bad picture":           {url.Values{"MediaUrl": {"x"}}, 21620},
		"no validity":             {url.Values{"ValidityPeriod": {"0"}}, 20001},
		"too much validity":       {url.Values{"ValidityPeriod": {"36001"}}, 20001},
		"an unknown risk":         {url.Values{"RiskCheck": {"maybe"}}, 20001},
		"an unknown parameter":    {url.Values{"Colour": {"red"}}, 20001},
		"an unknown service":      {url.Values{"MessagingServiceSid": {"MG1"}}, 21701},
		"an empty service":        {url.Values{"MessagingServiceSid": {"MG2"}}, 21704},
		"not of the service":      {url.Values{"From": {line}, "MessagingServiceSid": {service}}, 21712},
		"of the service":          {url.Values{"From": {second}, "MessagingServiceSid": {service}}, 0},
		"a landline by a service": {url.Values{"To": {ben}, "From": {""}, "MessagingServiceSid": {service}}, 0},
		"scheduled by nobody":     {url.Values{"ScheduleType": {"fixed"}, "SendAt": {in(time.Hour)}}, 35118},
		"scheduled for never":     {url.Values{"ScheduleType": {"fixed"}, "MessagingServiceSid": {service}, "From": {""}}, 35111},
		"scheduled too soon":      {url.Values{"ScheduleType": {"fixed"}, "MessagingServiceSid": {service}, "From": {""}, "SendAt": {in(299 * time.Second)}}, 35114},
		"scheduled too late":      {url.Values{"ScheduleType": {"fixed"}, "MessagingServiceSid": {service}, "From": {""}, "SendAt": {in(36 * 24 * time.Hour)}}, 35114},
		"scheduled for some day":  {url.Values{"ScheduleType": {"fixed"}, "MessagingServiceSid": {service}, "From": {""}, "SendAt": {"tomorrow"}}, 35114},
		"scheduled otherwise":     {url.Values{"SendAt": {in(time.Hour)}}, 20001},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			b.AddNumber(Number{E164: second})
			b.AddService(MessagingService{SID: "MG2"})
			b.AddService(MessagingService{SID: service, Numbers: []string{second}})
			b.Phone(ben).Deliver(DeliveryBehaviour{Kind: Landline})
			b.Phone(cleo).Text(line, "STOP")
			form := url.Values{}
			for _, set := range []url.Values{good, tt.change} {
				for k, v := range set {
					form[k] = v
					if v[0] == "" {
						form.Del(k)
					}
				}
			}
			status, body := b.api("POST", "Messages.json", form)
			if tt.code == 0 {
				same(t, "status", status, 201)
				return
			}
			same(t, "error", []any{status, body["code"]}, []any{400, float64(tt.code)})
			if text := body["message"].(string); text == "" || strings.Contains(text, form.Get("To")) && len(form.Get("To")) > 4 {
				t.Errorf("the message is %q", text)
			}
		})
	}
}

func TestMessageThroughAService(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.AddNumber(Number{E164: second})
	b.AddService(MessagingService{SID: service, Numbers: []string{line, second}})
	send := func() map[string]any {
		_, body := b.api("POST", "Messages.json", url.Values{"To": {anna}, "MessagingServiceSid": {service}, "Body": {"x"}, "StatusCallback": {b.web.URL + "/fared"}})
		return body
	}
	body := send()
	same(t, "created as", []any{body["status"], body["from"], body["num_segments"], body["messaging_service_sid"]}, []any{"accepted", nil, "0", service})
	b.Advance(2 * time.Second)
	same(t, "callbacks", statuses(b, "/fared"), []string{"queued", "sent", "delivered"})
	same(t, "of the service", b.last("/fared").Get("MessagingServiceSid"), service)
	same(t, "from the first", b.last("/fared").Get("From"), line)
	b.Phone(anna).Text(second, "hi")
	b.Phone(ben).Text(line, "hi")
	send()
	b.Advance(2 * time.Second)
	same(t, "from the last one used", b.last("/fared").Get("From"), second)
	b.Phone(anna).Text(line, "STOP")
	body = send()
	same(t, "accepted", body["status"], any("accepted"))
	b.Advance(2 * time.Second)
	same(t, "and failed", statuses(b, "/fared")[6:], []string{"queued", "failed 21610"})
	_, body = b.api("GET", "Messages/"+body["sid"].(string)+".json", nil)
	same(t, "why", []any{body["error_code"], body["error_message"]}, []any{21610., "Attempt to send to unsubscribed recipient"})
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		behaviour DeliveryBehaviour
		service   bool
		want      []string
	}{
		"delivered":             {DeliveryBehaviour{}, false, []string{"sent", "delivered"}},
		"phone off":             {DeliveryBehaviour{Kind: Undelivered}, false, []string{"sent", "undelivered 30003"}},
		"filtered":              {DeliveryBehaviour{Kind: Undelivered, Code: 30007}, false, []string{"sent", "undelivered 30007"}},
		"unknown handset":       {DeliveryBehaviour{Kind: Undelivered, Code: 30005}, false, []string{"sent", "undelivered 30005"}},
		"unregistered":          {DeliveryBehaviour{Kind: Unsent, Code: 30034}, false, []string{"failed 30034"}},
		"failed":                {DeliveryBehaviour{Kind: Unsent}, false, []string{"failed 30008"}},
		"no report":             {DeliveryBehaviour{Kind: NoReport}, false, []string{"sent"}},
		"landline by a service": {DeliveryBehaviour{Kind: Landline}, true, []string{"queued", "failed 21614"}},
		"slow":                  {DeliveryBehaviour{Queued: 59 * time.Second, After: time.Minute}, false, []string{"sent", "delivered"}},
		"too slow":              {DeliveryBehaviour{Queued: time.Minute}, false, []string{"failed 30036"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			b.AddService(MessagingService{SID: service, Numbers: []string{line}})
			b.Phone(anna).Deliver(tt.behaviour)
			form := url.Values{"To": {anna}, "From": {line}, "Body": {"x"}, "StatusCallback": {b.web.URL + "/fared"}, "ValidityPeriod": {"60"}}
			if tt.service {
				form.Set("MessagingServiceSid", service)
			}
			_, body := b.api("POST", "Messages.json", form)
			b.Advance(time.Hour)
			same(t, "callbacks", statuses(b, "/fared"), tt.want)
			last, _, _ := strings.Cut(tt.want[len(tt.want)-1], " ")
			same(t, "at the phone", b.Phone(anna).Texts()[0].Status, last)
			_, body = b.api("GET", "Messages/"+body["sid"].(string)+".json", nil)
			same(t, "at Twilio", body["status"], any(last))
			b.clean()
		})
	}
}

func TestMessageCallbackFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault Fault
		want  []string
	}{
		"dropped":   {Fault{Match: "delivered", Drop: true}, []string{"sent"}},
		"doubled":   {Fault{Match: "sent", Duplicate: 1}, []string{"sent", "sent", "delivered"}},
		"reordered": {Fault{Match: "sent", Reorder: true}, []string{"delivered", "sent"}},
		"delayed":   {Fault{Match: "sent", Delay: time.Minute}, []string{"delivered", "sent"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			tt.fault.On = OnCallback
			b.Inject(tt.fault)
			b.api("POST", "Messages.json", url.Values{"To": {anna}, "From": {line}, "Body": {"x"}, "StatusCallback": {b.web.URL + "/fared"}})
			b.Advance(time.Hour)
			same(t, "callbacks", statuses(b, "/fared"), tt.want)
			b.clean()
		})
	}
}

func TestScheduledMessage(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.AddService(MessagingService{SID: service, Numbers: []string{line}})
	schedule := func() string {
		_, body := b.api("POST", "Messages.json", url.Values{
			"To": {anna}, "MessagingServiceSid": {service}, "Body": {"x"}, "ScheduleType": {"fixed"}, "SendAt": {b.clock.Now().Add(time.Hour).Format(time.RFC3339)},
			"StatusCallback": {b.web.URL + "/fared"},
		})
		same(t, "created as", body["status"], any("scheduled"))
		return "Messages/" + body["sid"].(string) + ".json"
	}
	kept, canceled := schedule(), schedule()
	b.Advance(59 * time.Minute)
	same(t, "not yet", len(b.asked("/fared")), 0)
	same(t, "not over", first(b.api("DELETE", kept, nil)), 409)
	_, body := b.api("POST", canceled, url.Values{"Status": {"canceled"}})
	same(t, "canceled", body["status"], any("canceled"))
	b.Advance(2 * time.Minute)
	same(t, "callbacks", statuses(b, "/fared"), []string{"canceled", "queued", "sent", "delivered"})
	_, body = b.api("POST", kept, url.Values{"Status": {"canceled"}})
	same(t, "too late", body["code"], any(30409.))
	if thread := b.Phone(anna).Thread(); strings.Count(thread, "missed: x (GSM-7, 1 character, 1 segment, canceled)") != 1 {
		t.Errorf("the thread is\n%s", thread)
	}
}

func TestRedactAndDeleteMessage(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	_, body := b.api("POST", "Messages.json", url.Values{"To": {anna}, "From": {line}, "Body": {"secret"}})
	path := "Messages/" + body["sid"].(string) + ".json"
	for _, step := range []struct {
		method string
		form   url.Values
		status int
		code   any
	}{
		{"POST", url.Values{"Body": {""}}, 409, 20009.}, {"DELETE", nil, 409, 20009.}, {"POST", url.Values{"Body": {"other"}}, 400, 20001.},
		{"POST", url.Values{"Status": {"sent"}}, 400, 20001.}, {"POST", url.Values{"Status": {"canceled"}}, 400, 30409.},
	} {
		status, body := b.api(step.method, path, step.form)
		same(t, step.method+" "+step.form.Encode(), []any{status, body["code"]}, []any{step.status, step.code})
	}
	b.Advance(2 * time.Second)
	status, body := b.api("POST", path, url.Values{"Body": {""}})
	same(t, "redacted", []any{status, body["body"], body["num_segments"]}, []any{200, "", "1"})
	same(t, "the phone keeps it", b.Phone(anna).Texts()[0].Body, "secret")
	same(t, "deleted", first(b.api("DELETE", path, nil)), 204)
	for _, method := range []string{"GET", "POST", "DELETE"} {
		status, body := b.api(method, path, nil)
		same(t, method+" afterwards", []any{status, body["code"]}, []any{404, 20404.})
	}
	same(t, "the phone still keeps it", len(b.Phone(anna).Texts()), 1)
	sid := b.Phone(anna).Text(line, "hi").SID()
	same(t, "an inbound one", first(b.api("DELETE", "Messages/"+sid+".json", nil)), 204)
	b.clean()
}

func TestListMessages(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	send := func(to, body string) {
		b.api("POST", "Messages.json", url.Values{"To": {to}, "From": {line}, "Body": {body}})
	}
	send(anna, "1")
	b.Advance(24 * time.Hour)
	b.Phone(anna).Text(line, "2")
	send(ben, "3")
	b.Advance(24 * time.Hour)
	send(anna, "4") // not sent yet
	tests := map[string]struct {
		query url.Values
		want  string
	}{
		"all, newest first": {nil, "4321"},
		"to Anna":           {url.Values{"To": {anna}}, "41"},
		"from Anna":         {url.Values{"From": {anna}}, "2"},
		"of a day":          {url.Values{"DateSent": {"2026-11-25"}}, "32"},
		"of a moment's day": {url.Values{"DateSent": {"2026-11-24T23:00:00Z"}}, "1"},
		"until a day":       {url.Values{"DateSent<": {"2026-11-25"}}, "321"},
		"since a day":       {url.Values{"DateSent>": {"2026-11-25"}}, "32"},
		"until a moment":    {url.Values{"DateSent<": {"2026-11-25T12:00:00Z"}}, "21"},
		"since a moment":    {url.Values{"DateSent>": {"2026-11-25T12:00:00.1Z"}}, "3"},
		"a page":            {url.Values{"PageSize": {"2"}, "Page": {"1"}}, "21"},
	}
	for name, tt := range tests {
		status, body := b.api("GET", "Messages.json?"+tt.query.Encode(), nil)
		same(t, name, status, 200)
		got := ""
		for _, m := range body["messages"].([]any) {
			got += m.(map[string]any)["body"].(string)
		}
		same(t, name, got, tt.want)
	}
	_, body := b.api("GET", "Messages.json?DateSent=today", nil)
	same(t, "a bad date", body["code"], any(20001.))
}
