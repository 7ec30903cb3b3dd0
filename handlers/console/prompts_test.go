package console

import (
	"bytes"
	"context"
	"errors"
	"math"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows/sound"
	"github.com/hearthline/hearthline/handlers/studio"
	"github.com/hearthline/hearthline/store"
)

// aTake is a second of a tone.
func aTake() []byte {
	clip := make(sound.Clip, sound.Rate)
	for i := range clip {
		clip[i] = int16(9000 * math.Sin(float64(i)*440*2*math.Pi/sound.Rate))
	}
	return clip.WAV()
}

// upload sends a form with a file in it.
func (d *desk) upload(path, field string, file []byte) (int, string) {
	d.t.Helper()
	return d.uploadWith(path, field, file, nil)
}

// uploadWith sends other fields with it.
func (d *desk) uploadWith(path, field string, file []byte, fields url.Values) (int, string) {
	d.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile(field, "a-name-of-theirs")
	if err == nil {
		_, err = part.Write(file)
	}
	for name := range fields {
		err = errors.Join(err, w.WriteField(name, fields.Get(name)))
	}
	if err := errors.Join(err, w.WriteField("token", d.who.Token), w.Close()); err != nil {
		d.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(d.ctx(), http.MethodPost, d.url+path, &b)
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Content-Type", w.FormDataContentType())
	return d.answered(request)
}

// aPrompt is the path of the first prompt of a language that can be recorded.
func aPrompt(lang string) string {
	return promptsPath + "/" + lang + "/" + builtIn().Script(lang)[0].Prompt
}

// approve has callers hear the draft of a prompt.
func (d *desk) approve(path string) {
	d.t.Helper()
	_, body := d.get(path)
	d.sure(path+"/approve", url.Values{"hash": {regexpFirst(d.t, `name="hash" value="([0-9a-f]+)"`, body)}})
}

var promptsShown = []shown{
	{"prompts, full", true, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), promptsPath, nil
	}},
	{"prompts of a language, full", true, func(t *testing.T) (*desk, string, url.Values) {
		r := stillRig(t)
		r.callMe = func(context.Context, StudioCall) error { return nil }
		return r.as(store.RoleOwner), promptsPath + "/es", nil
	}},
	{"prompts of a language, looked for", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleCoordinator, griefCode), promptsPath + "/en?state=missing&find=crisis", nil
	}},
	{"prompts of a language, none", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleCoordinator, griefCode), promptsPath + "/en?state=stale", nil
	}},
	{"prompts of a language, with a fault", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), promptsPath + "/fr", url.Values{}
	}},
	{"words taken in, some changed on both sides", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		file := d.changedTwice("main", "welcome", "closing")
		return d, promptsPath + "/en", url.Values{"catalogue": {file}}
	}},
	{"a prompt, not recorded", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleCoordinator, griefCode), aPrompt("en"), nil
	}},
	{"a prompt, full", true, func(t *testing.T) (*desk, string, url.Values) {
		r := newRig(t)
		r.callMe = func(context.Context, StudioCall) error { return nil }
		d := r.as(store.RoleOwner)
		for range 2 {
			if status, body := d.upload(aPrompt("en"), "sound", aTake()); status != http.StatusSeeOther {
				t.Fatalf("answered %d %.300s", status, body)
			}
			if _, body := d.get(aPrompt("en")); !strings.Contains(body, "kept.wav") {
				d.approve(aPrompt("en"))
			}
		}
		return d, aPrompt("en"), nil
	}},
	{"a prompt's words, full", true, func(t *testing.T) (*desk, string, url.Values) {
		d := newRig(t).as(store.RoleOwner)
		d.sure(mainWords, worded("These are the choices.", "{line.name}: choose – by a number."))
		return d, mainWords, nil
	}},
	{"a prompt's words, for who sees them", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleCoordinator, griefCode), mainWords, nil
	}},
	{"a prompt's words, a list", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), promptsPath + "/es/word_now/words", nil
	}},
	{"a prompt's words, with a fault", true, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), mainWords, worded("[slow]Hello {line.shoe}", "")
	}},
	{"a script to print, full", true, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), promptsPath + "/es/sheet", nil
	}},
	{"a prompt, with a fault", false, func(t *testing.T) (*desk, string, url.Values) {
		return stillRig(t).as(store.RoleOwner), aPrompt("en"), url.Values{}
	}},
}

// A coordinator sends a sound, an owner hears and approves it, and it is heard until it
// is removed. What was recorded anew since it was listened to is not approved.
func TestAPromptIsRecordedAndApproved(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d, owner := r.as(store.RoleCoordinator, griefCode), r.as(store.RoleOwner)
	path := aPrompt("en")
	if status, to := d.upload(path, "sound", aTake()); status != http.StatusSeeOther || !strings.HasSuffix(to, "prompts.is_drafted") {
		t.Fatalf("answered %d %.300s", status, to)
	}
	if status, body := d.get(path + "/draft.wav"); status != http.StatusOK || !strings.HasPrefix(body, "RIFF") {
		t.Errorf("the draft: answered %d", status)
	}
	if status, _ := d.get(path + "/kept.wav"); status != http.StatusNotFound {
		t.Errorf("nothing is kept: answered %d", status)
	}
	if status, _ := d.post(path+"/approve", nil); status != http.StatusNotFound {
		t.Errorf("a coordinator approves: answered %d", status)
	}
	if to := owner.sure(path+"/approve", url.Values{"hash": {"another"}}); !strings.HasSuffix(to, "prompts.gone") {
		t.Errorf("another sound is approved: led to %s", to)
	}
	owner.approve(path)
	states := func() (all []store.RecordingState) {
		list, err := owner.pages.Versions.Recordings.List(owner.ctx(), owner.line)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range list {
			all = append(all, one.State)
			if one.Account != d.who.Account {
				t.Errorf("it is %q's voice", one.Account)
			}
		}
		return all
	}
	if got := states(); !slices.Equal(got, []store.RecordingState{store.RecordingKept}) {
		t.Errorf("recordings: %v", got)
	}
	if _, body := d.get(promptsPath + "/en?state=" + string(studio.Heard)); !strings.Contains(body, "1 prompt<") {
		t.Error("the list does not have it as heard")
	}
	owner.sure(path+"/remove", url.Values{"state": {"kept"}})
	if got := states(); len(got) > 0 {
		t.Errorf("recordings: %v", got)
	}
}

// What is no sound is refused in words, and what is too large before it is read; no
// other form takes a file.
func TestOnlySoundsAreTaken(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	for name, c := range map[string]struct {
		path   string
		file   []byte
		status int
	}{
		"an MP3":           {aPrompt("en"), []byte("ID3\x04 and more"), http.StatusUnprocessableEntity},
		"nothing":          {aPrompt("en"), nil, http.StatusUnprocessableEntity},
		"too large":        {aPrompt("en"), make([]byte, longestFile+1), http.StatusRequestEntityTooLarge},
		"what has a slot":  {promptsPath + "/en/welcome", aTake(), http.StatusNotFound},
		"no language":      {promptsPath + "/tlh/" + builtIn().Script("en")[0].Prompt, aTake(), http.StatusNotFound},
		"a form of others": {flowsPath + "/testers", aTake(), http.StatusUnsupportedMediaType},
	} {
		if status, body := d.upload(c.path, "sound", c.file); status != c.status {
			t.Errorf("%s: answered %d %.200s", name, status, body)
		}
	}
	d.who = nil
	request, err := http.NewRequestWithContext(d.ctx(), http.MethodPost, d.url+aPrompt("en"), strings.NewReader("--x\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if _ = answer.Body.Close(); answer.StatusCode != http.StatusForbidden {
		t.Errorf("from nobody: answered %d", answer.StatusCode)
	}
}

// Who heard a sentence finds where it stands by its words, written or with values in its
// slots; what belongs to no step stands last.
func TestAPromptIsFoundByWhatIsHeard(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleCoordinator, griefCode)
	for find, want := range map[string]string{
		"main MENU": "main", "menu principal": "", "we record nothing": "welcome", "{line.name}. no group": "welcome", "opt_privacy": "opt_privacy",
		"The support line. No group": "welcome", // its own name
	} {
		_, body := d.get(promptsPath + "/en?" + url.Values{"find": {find}}.Encode())
		if has := strings.Contains(body, `/en/`+want+`/words"`); has != (want != "") || strings.Contains(body, "/en/closing/words") {
			t.Errorf("looking for %q: %v that %q is listed", find, has, want)
		}
	}
	if _, body := d.get(promptsPath + "/es?find=menu+principal"); !strings.Contains(body, "/es/main/words") {
		t.Error("accents left out are not found")
	}
	_, body := d.get(promptsPath + "/en")
	if strings.Contains(body, "/en/_option/words") || !strings.Contains(body, "/en/welcome/words") {
		t.Error("the list does not begin with what is heard first")
	}
}

// The words of a language go out and come back as a draft, one language over the other;
// what has faults changes nothing.
func TestWordsGoOutAndComeBack(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	_, english := d.get(promptsPath + "/en/words.yaml")
	_, spanish := d.get(promptsPath + "/es/words.yaml")
	if stamp, words, _ := strings.Cut(english, "\n"); !strings.Contains(stamp, ownBundle().Hash()) || words != ownBundle()["prompts/en.yaml"] {
		t.Error("what is taken out is not the file")
	}
	if _, table := d.get(promptsPath + "/es/words.csv"); !strings.HasPrefix(table, mark+"name,") || !strings.Contains(table, "spoken en") || !strings.Contains(table, "Menú principal") || !strings.Contains(table, "Main menu") {
		t.Errorf("the table: %.300s", table)
	}
	for lang, text := range map[string]string{
		"en": strings.Replace(english, "Main menu.", "These are the choices.", 1),
		"es": strings.Replace(spanish, "Menú principal.", "Estas son las opciones.", 1),
	} {
		if status, to := d.upload(promptsPath+"/"+lang, "catalogue", []byte(text)); status != http.StatusSeeOther || !strings.Contains(to, "prompts.is_taken") {
			t.Fatalf("%s: answered %d %.300s", lang, status, to)
		}
	}
	draft := d.heard().Draft
	_, body := d.get(flowsPath + "/" + draft)
	for _, want := range []string{"These are the choices.", "Estas son las opciones."} {
		if !strings.Contains(body, want) {
			t.Errorf("the draft does not say that it has %q", want)
		}
	}
	for name, text := range map[string]string{
		"no YAML": "welcome: [", "half of it": english[:len(english)/2], "no text": "\xff\xfe", "a slot of none": strings.Replace(english, "{line.name}", "{line.shoe}", 1),
	} {
		if status, _ := d.upload(promptsPath+"/en", "catalogue", []byte(text)); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: answered %d", name, status)
		}
	}
	if got := d.heard(); got.Draft != draft || got.Live != "" {
		t.Errorf("heard: %+v", got)
	}
}
