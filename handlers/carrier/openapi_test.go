package carrier

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// openAPI is the part of Twilio's own description that holds requests to it.
//
// testdata/twilio_api_v2010.json is src/services/twilio-api/twilio_api_v2010.json
// of the npm package @twilio/cli-core 9.0.0 (MIT, the licence lies beside it),
// cut down to the paths that this project asks, the schemas that they name, and
// what a machine reads: examples, response headers and prose are left out.
type openAPI struct {
	Paths      map[string]map[string]json.RawMessage
	Components struct{ Schemas map[string]schema }
}

type operation struct {
	Parameters  []parameter
	RequestBody struct {
		Content map[string]struct{ Schema schema }
	}
}

type parameter struct {
	Name, In string
	Required bool
	Schema   schema
}

type schema struct {
	Ref                  string `json:"$ref"`
	Type, Format         string
	Pattern              string
	Enum                 []string
	Minimum, Maximum     *float64
	MinLength, MaxLength *int
	Required             []string
	Properties           map[string]schema
	Items                *schema
}

func readOpenAPI(t *testing.T) openAPI {
	t.Helper()
	data, err := os.ReadFile("testdata/twilio_api_v2010.json")
	if err != nil {
		t.Fatal(err)
	}
	var api openAPI
	if err := json.Unmarshal(data, &api); err != nil {
		t.Fatal(err)
	}
	return api
}

// check returns everything about r, whose body is form, that the description
// does not allow.
func (a openAPI) check(r *http.Request, form url.Values) []string {
	for template, methods := range a.Paths {
		values, ok := match(template, r.URL.Path)
		if !ok {
			continue
		}
		raw, ok := methods[strings.ToLower(r.Method)]
		if !ok {
			return []string{r.Method + " is not described for " + template}
		}
		var op operation
		if err := json.Unmarshal(raw, &op); err != nil {
			return []string{err.Error()}
		}
		faults := a.checkParameters("path", op.Parameters, values)
		faults = append(faults, a.checkParameters("query", op.Parameters, r.URL.Query())...)
		return append(faults, a.checkForm(op, r, form)...)
	}
	return []string{"no path describes " + r.URL.Path}
}

// match reads the parameters of a path template out of path.
func match(template, path string) (url.Values, bool) {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	values := url.Values{}
	for i, segment := range want {
		name, rest, found := strings.Cut(strings.TrimPrefix(segment, "{"), "}")
		if !found {
			if segment != got[i] {
				return nil, false
			}
			continue
		}
		value, ok := strings.CutSuffix(got[i], rest)
		if !ok {
			return nil, false
		}
		values.Set(name, value)
	}
	return values, true
}

func (a openAPI) checkParameters(in string, described []parameter, given url.Values) []string {
	properties, required := map[string]schema{}, []string{}
	for _, p := range described {
		if p.In != in {
			continue
		}
		properties[p.Name] = p.Schema
		if p.Required {
			required = append(required, p.Name)
		}
	}
	return a.checkValues(in, properties, required, given)
}

func (a openAPI) checkForm(op operation, r *http.Request, form url.Values) []string {
	content, ok := op.RequestBody.Content[r.Header.Get("Content-Type")]
	if !ok && len(op.RequestBody.Content) == 0 {
		return a.checkValues("body", nil, nil, form)
	}
	if !ok {
		return []string{fmt.Sprintf("content type %q is not described", r.Header.Get("Content-Type"))}
	}
	return a.checkValues("body", content.Schema.Properties, content.Schema.Required, form)
}

func (a openAPI) checkValues(in string, properties map[string]schema, required []string, given url.Values) []string {
	var faults []string
	for _, name := range required {
		if !given.Has(name) {
			faults = append(faults, in+" parameter "+name+" is required")
		}
	}
	for name, values := range given {
		s, ok := properties[name]
		if !ok {
			faults = append(faults, in+" parameter "+name+" is not described")
			continue
		}
		if s.Items != nil {
			s = *s.Items
		} else if len(values) != 1 {
			faults = append(faults, in+" parameter "+name+" is not a list")
		}
		for _, v := range values {
			if what := a.checkValue(s, v); what != "" {
				faults = append(faults, fmt.Sprintf("%s parameter %s: %q %s", in, name, v, what))
			}
		}
	}
	slices.Sort(faults)
	return faults
}

func (a openAPI) checkValue(s schema, v string) string {
	if s.Ref != "" {
		s = a.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
		return fmt.Sprintf("is not one of %q", s.Enum)
	}
	switch s.Type {
	case "string":
		return s.checkString(v)
	case "boolean":
		if v != "true" && v != "false" {
			return "is not a boolean"
		}
	case "integer":
		n, err := strconv.Atoi(v)
		if err != nil {
			return "is not an integer"
		}
		if s.Minimum != nil && float64(n) < *s.Minimum || s.Maximum != nil && float64(n) > *s.Maximum {
			return "is out of range"
		}
	default:
		return fmt.Sprintf("has type %q, which this test does not read", s.Type)
	}
	return ""
}

func (s schema) checkString(v string) string {
	if s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(v) {
		return "does not match " + s.Pattern
	}
	if s.MinLength != nil && len(v) < *s.MinLength || s.MaxLength != nil && len(v) > *s.MaxLength {
		return "has a wrong length"
	}
	if u, err := url.Parse(v); s.Format == "uri" && (err != nil || !u.IsAbs()) {
		return "is not an absolute address"
	}
	if _, err := time.Parse(time.RFC3339, v); s.Format == "date-time" && err != nil {
		return "is not a moment"
	}
	return ""
}

// Every request that the client can make is one that Twilio describes.
func TestRequestsConform(t *testing.T) {
	t.Parallel()
	api := readOpenAPI(t)
	operations := map[string]func(context.Context, *Client) error{
		"GET Conferences/{ConferenceSid}/Participants.json": func(ctx context.Context, c *Client) error {
			_, err := c.Participants(ctx, testConference)
			return err
		},
		"POST Calls/{Sid}.json": func(ctx context.Context, c *Client) error { return c.Redirect(ctx, testCall, testPublic+"/rejoin?r=x") },
		"POST Messages.json": func(ctx context.Context, c *Client) error {
			_, err := c.Send(ctx, testText(t))
			return err
		},
		"POST Calls.json": func(ctx context.Context, c *Client) error {
			_, err := c.Place(ctx, testRing(t))
			return err
		},
		"POST Calls/{Sid}.json to end it": func(ctx context.Context, c *Client) error { return c.Hangup(ctx, testCall) },
		"GET Conferences.json": func(ctx context.Context, c *Client) error {
			_, err := c.ConferenceNamed(ctx, "abcdefgh")
			return err
		},
		"POST Conferences/{Sid}.json": func(ctx context.Context, c *Client) error { return c.EndConference(ctx, testConference) },
		"POST Conferences/{Sid}.json to tell all": func(ctx context.Context, c *Client) error {
			return c.Announce(ctx, testConference, "", testPublic+"/note?n=x")
		},
		"POST Conferences/{ConferenceSid}/Participants.json": func(ctx context.Context, c *Client) error {
			_, err := c.Invite(ctx, testInvitation(t))
			return err
		},
		"POST Conferences/{ConferenceSid}/Participants/{CallSid}.json": func(ctx context.Context, c *Client) error {
			_, err := c.Mute(ctx, testConference, testCall, true)
			return err
		},
		"POST Conferences/{ConferenceSid}/Participants/{CallSid}.json to tell one": func(ctx context.Context, c *Client) error {
			return c.Announce(ctx, testConference, testCall, testPublic+"/note?n=x")
		},
		"GET Messages.json":            func(ctx context.Context, c *Client) error { return c.Messages(ctx, testDay, nil) },
		"GET Calls.json":               func(ctx context.Context, c *Client) error { return c.Calls(ctx, testDay, nil) },
		"DELETE Messages/{Sid}.json":   func(ctx context.Context, c *Client) error { return c.DeleteMessage(ctx, testMessage) },
		"DELETE Calls/{Sid}.json":      func(ctx context.Context, c *Client) error { return c.DeleteCall(ctx, testCall) },
		"GET Recordings.json":          func(ctx context.Context, c *Client) error { return c.Recordings(ctx, nil) },
		"DELETE Recordings/{Sid}.json": func(ctx context.Context, c *Client) error { return c.DeleteRecording(ctx, testRecording) },
		"GET Messages/{MessageSid}/Media.json": func(ctx context.Context, c *Client) error {
			return c.DeleteMedia(ctx, testMessage)
		},
		"GET Messages.json of late": func(ctx context.Context, c *Client) error {
			_, err := c.TextsSince(ctx, testDay)
			return err
		},
		"GET Calls.json of late": func(ctx context.Context, c *Client) error {
			_, err := c.CallsSince(ctx, testDay)
			return err
		},
	}
	for name, do := range operations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			words := strings.Fields(name)
			method, template := words[0], words[1]
			asked := 0
			c := newClient(t, ClientOptions{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				asked++
				if r.Method != method {
					t.Errorf("method = %s", r.Method)
				}
				if _, ok := match("/2010-04-01/Accounts/{AccountSid}/"+template, r.URL.Path); !ok {
					t.Errorf("path = %s", r.URL.Path)
				}
				form := readForm(t, r)
				for _, fault := range api.check(r, form) {
					t.Error(fault)
				}
				for _, values := range []url.Values{form, r.URL.Query()} {
					for name := range values {
						if telling.MatchString(name) && template != "Conferences.json" {
							t.Errorf("%s is sent", name)
						}
					}
				}
				return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{}`))}, nil
			})})
			if err := do(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			if asked != 1 {
				t.Errorf("asked %d times", asked)
			}
		})
	}
}

func readForm(t *testing.T, r *http.Request) url.Values {
	t.Helper()
	if r.Body == nil {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// The check above can fail: each of these is wrong in one way.
func TestOpenAPICheckFinds(t *testing.T) {
	t.Parallel()
	api := readOpenAPI(t)
	const account = "/2010-04-01/Accounts/" + testAccount + "/"
	participant := account + "Conferences/" + testConference + "/Participants/" + testCall + ".json"
	tests := []struct{ method, target, form, want string }{
		{"POST", account + "Nothing.json", "", "no path describes"},
		{"PUT", participant, "", "PUT is not described"},
		{"POST", account + "Calls/CA1.json", "Status=completed", "does not match"},
		{"POST", account + "Calls/" + testCall + ".json", "Status=finished", "is not one of"},
		{"POST", account + "Calls/" + testCall + ".json", "Status=completed&Status=canceled", "is not a list"},
		{"POST", account + "Calls/" + testCall + ".json", "Kick=true", "Kick is not described"},
		{"POST", participant, "Muted=yes", "is not a boolean"},
		{"POST", participant, "AnnounceUrl=/relative", "is not an absolute address"},
		{"GET", account + "Conferences/" + testConference + "/Participants.json?PageSize=1001", "", "out of range"},
		{"GET", account + "Conferences/" + testConference + "/Participants.json?Size=1", "", "Size is not described"},
		{"POST", account + "Calls.json", "To=%2B12025550143", "From is required"},
		{"GET", account + "Calls.json?StartTime%3E=yesterday", "", "is not a moment"},
		{"DELETE", account + "Messages/" + testMessage + "/Media/" + testMessage + ".json", "", "does not match"},
	}
	for _, tt := range tests {
		r, err := http.NewRequest(tt.method, testPublic+tt.target, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		form, err := url.ParseQuery(tt.form)
		if err != nil {
			t.Fatal(err)
		}
		faults := api.check(r, form)
		if len(faults) != 1 || !strings.Contains(faults[0], tt.want) {
			t.Errorf("%s %s %s: faults = %q, want one about %q", tt.method, tt.target, tt.form, faults, tt.want)
		}
	}
}
