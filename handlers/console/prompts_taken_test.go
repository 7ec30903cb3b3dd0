package console

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// changedTwice has prompts say something else in English in the draft, and gives a file of the
// words from before that, which has them say a third thing.
func (d *desk) changedTwice(names ...string) (file string) {
	d.t.Helper()
	_, file = d.get(promptsPath + "/en/words.yaml")
	for _, name := range names {
		own := ownPrompt(d.t, name)
		d.sure(promptsPath+"/en/"+name+"/words", worded("Dear caller. "+own.Voice, own.Text))
		was := file
		if file = strings.Replace(was, own.Voice, "Our own caller. "+own.Voice, 1); file == was {
			d.t.Fatalf("the file does not say %q", own.Voice)
		}
	}
	return file
}

// take sends a file of words in English, and whether its own are wanted.
func (d *desk) take(file string, wanted bool) (status int, body string) {
	d.t.Helper()
	fields := url.Values{}
	if wanted {
		fields.Set("theirs", "yes")
	}
	return d.uploadWith(promptsPath+"/en", "catalogue", []byte(file), fields)
}

// What comes back changes what it was changed in, and puts no old words back: in YAML and
// in a table. What both have changed stays as it is in the draft, and is named, unless the
// file's is wanted.
func TestWordsThatComeBackLateOverwriteNothing(t *testing.T) {
	t.Parallel()
	edited := map[string]func(file, old, new string) string{
		"words.yaml": func(file, old, new string) string { return strings.Replace(file, old, new, 1) },
		"words.csv": func(file, old, new string) string {
			r := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, mark)))
			r.Comma, _ = isTable(file)
			rows, err := r.ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				row[5] = strings.Replace(row[5], old, new, 1) // of the language's own columns
			}
			var b strings.Builder
			w := csv.NewWriter(&b)
			w.Comma = ';'
			if err := w.WriteAll(rows); err != nil {
				t.Fatal(err)
			}
			return b.String()
		},
	}
	for of, edit := range edited {
		d := newRig(t).as(store.RoleOwner)
		main, welcome := ownPrompt(t, "main"), ownPrompt(t, "welcome")
		_, file := d.get(promptsPath + "/en/" + of)
		if !strings.Contains(file, ownBundle().Hash()) {
			t.Fatalf("%s does not say of which version it is", of)
		}
		d.sure(mainWords, worded("These are the choices.", main.Text))
		late := edit(file, welcome.Voice, welcome.Voice+" Stay well.")
		if status, to := d.take(late, false); status != http.StatusSeeOther {
			t.Fatalf("%s: answered %d %.900s", of, status, to)
		}
		if got := d.draftSays("en", "main").Voice; got != "These are the choices." {
			t.Errorf("%s: what was changed meanwhile is %q", of, got)
		}
		if got := d.draftSays("en", "welcome").Voice; got != welcome.Voice+" Stay well." {
			t.Errorf("%s: what the file changes is %q", of, got)
		}
		if n := len(flows.Diff(ownBundle(), d.draftBundle())); n != 2 {
			t.Errorf("%s: %d changes", of, n)
		}
		if _, to := d.take(late, false); !strings.HasSuffix(to, "prompts.is_same_file") {
			t.Errorf("%s: once more led to %.300s", of, to)
		}
		both := edit(late, "Main menu.", "Choose.")
		status, body := d.take(both, false)
		if status != http.StatusOK || !strings.Contains(body, `/en/main/words">main</a>`) || strings.Contains(body, "/en/welcome/words") {
			t.Errorf("%s: changed on both sides: answered %d %.900s", of, status, body)
		}
		if got := d.draftSays("en", "main").Voice; got != "These are the choices." {
			t.Errorf("%s: changed on both sides, it is %q", of, got)
		}
		if status, body = d.take(both, true); status != http.StatusOK || !strings.Contains(body, `/en/main/words">main</a>`) {
			t.Errorf("%s: the file's are wanted: answered %d %.300s", of, status, body)
		}
		if got := d.draftSays("en", "main").Voice; !strings.HasPrefix(got, "Choose.") {
			t.Errorf("%s: the file's are wanted, and it is %q", of, got)
		}
	}
}

// Where nobody knows what a file was taken out of, all its words are taken, and the page
// names what of the draft they took the place of.
func TestWordsOfNobodyKnowsWhenAreAllTaken(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	main := ownPrompt(t, "main")
	_, file := d.get(promptsPath + "/en/words.yaml")
	_, silent, _ := strings.Cut(file, "\n")
	for name, text := range map[string]string{
		"it says none": silent,
		"it is gone":   strings.Replace(file, ownBundle().Hash(), strings.Repeat("0a", 32), 1),
	} {
		d.sure(mainWords, worded("These are the choices.", main.Text))
		status, body := d.take(text, false)
		if status != http.StatusOK || !strings.Contains(body, `/en/main/words">main</a>`) || !strings.Contains(body, "kept no more") || strings.Contains(body, "/en/welcome/words") {
			t.Errorf("%s: answered %d %.900s", name, status, body)
		}
		if got := d.draftSays("en", "main").Voice; got != main.Voice {
			t.Errorf("%s: the draft says %q", name, got)
		}
		if strings.Contains(d.draftBundle()["prompts/en.yaml"], "Keep this line") {
			t.Errorf("%s: what the file was taken out of stands in the draft", name)
		}
	}
}

// What translators write into a file for people is shown once, and not what stood in it before.
func TestRemarksOfTranslatorsAreShown(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	_, yaml := d.get(promptsPath + "/en/words.yaml")
	_, table := d.get(promptsPath + "/es/words.csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table, mark))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows[1][1], rows[2][1] = "Is she a <friend>?", strings.Repeat("ñ", 1000)
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	for lang, sent := range map[string]struct {
		file string
		want []string
	}{
		"en": {strings.Replace(strings.Replace(yaml, "\nwelcome:", "\n# Who is we?\nwelcome:", 1), "\n_now: ", "\n\n# For now?\n_now: ", 1), []string{"welcome", "Who is we?", "_now", "For now?"}},
		"es": {b.String(), []string{rows[1][0], "Is she a &lt;friend&gt;?", strings.Repeat("ñ", 50) + "…"}},
	} {
		status, body := d.upload(promptsPath+"/"+lang, "catalogue", []byte(sent.file))
		if status != http.StatusOK || strings.Count(body, "<dt") != 2 {
			t.Errorf("%s: answered %d with %d remarks: %.900s", lang, status, strings.Count(body, "<dt"), body)
		}
		for _, want := range sent.want {
			if !strings.Contains(body, want) {
				t.Errorf("%s: %q is not shown", lang, want)
			}
		}
	}
	if d.heard().Draft != "" {
		t.Errorf("remarks are a draft: %+v", flows.Diff(ownBundle(), d.draftBundle()))
	}
}

// What a catalogue has beside words is taken in as words are.
func TestSettingsComeBack(t *testing.T) {
	t.Parallel()
	d := newRig(t).as(store.RoleOwner)
	_, file := d.get(promptsPath + "/en/words.yaml")
	d.sure(mainWords, worded("These are the choices.", ownPrompt(t, "main").Text))
	voice := ownBundle().Settings("en")["_voice"]
	other := strings.Replace(file, "Polly.Joanna", "Polly.Ruth", 1)
	if status, to := d.take(other, false); other == file || status != http.StatusSeeOther {
		t.Fatalf("answered %d %.900s", status, to)
	}
	if got := d.draftBundle().Settings("en")["_voice"]; got == voice || !strings.Contains(got, "Polly.Ruth") {
		t.Errorf("the voice is %q", got)
	}
	if got := d.draftSays("en", "main").Voice; got != "These are the choices." {
		t.Errorf("what was changed meanwhile is %q", got)
	}
}

// Whatever a file of words says, what comes of it over the version that it was taken out
// of can be read, and says what the file does.
func FuzzMerged(f *testing.F) {
	own := "_speech: en-US\nmain: Main menu.\nlater: {voice: Later., sms: Later}\nword_now: [now]\n"
	f.Add(own)
	f.Add("main: Choices.\nword_now: [now, open]\n_speech: en-GB\n")
	f.Add("later: {sms: Later}\nmain: \"\\x00\"\nnew: [\n")
	f.Fuzz(func(t *testing.T, text string) {
		b := flows.Bundle{"main.yaml": "flow: x\n", "prompts/en.yaml": own}
		was, theirs := wordsIn(b, "en"), wordsIn(flows.Bundle{}.WithCatalogue("en", text), "en")
		got, both, err := merged(b, "en", was, was, theirs, false)
		if err != nil {
			return
		}
		if len(both) > 0 {
			t.Errorf("%q: changed on both sides are %q", text, both)
		}
		for _, name := range theirs.names(was) {
			if is := wordsIn(got, "en"); !is.same(theirs, name) && utf8.ValidString(text) {
				t.Errorf("%q: %q is %+v", text, name, is.prompts[name])
			}
		}
	})
}
