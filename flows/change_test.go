package flows_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
)

// The directory may change between what a caller hears and the key they
// press. These tests hold what is then heard.

// weekly is an open group that meets on the weekday of start.
func weekly(t testing.TB, id, name string, start time.Time) flows.Group {
	t.Helper()
	m, err := schedule.New(start.Format("2006-01-02T15:04"), "America/New_York", "FREQ=WEEKLY", 60)
	if err != nil {
		t.Fatal(err)
	}
	return flows.Group{
		ID: id, Code: id, Name: flows.Words{"": name}, Topics: []string{"grief"}, Languages: []string{"en"},
		Access: flows.AccessOpen, Host: flows.HostNone, Stage: flows.StageOpen, Meetings: []schedule.Meeting{m},
	}
}

// only replaces the sample groups.
func only(groups ...flows.Group) func([]flows.Group) []flows.Group {
	return func([]flows.Group) []flows.Group { return slices.Clone(groups) }
}

func newYork(t testing.TB) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return at.In(zone)
}

// many are n groups that begin an hour apart.
func many(t testing.TB, n int) []flows.Group {
	t.Helper()
	groups := make([]flows.Group, n)
	for i := range groups {
		groups[i] = weekly(t, fmt.Sprintf("%06d", 500001+i), fmt.Sprintf("Group %c", 'A'+i), newYork(t).Add(time.Duration(i+1)*time.Hour))
	}
	return groups
}

// call presses one after the other, from the beginning.
func call(f *flows.Flow, v flows.View, keys ...string) flows.Outcome {
	out := flows.Run(f, v, flows.State{}, flows.Input{}, admits(v))
	for _, k := range keys {
		out = flows.Run(f, v, out.State, press(k), admits(v))
	}
	return out
}

func heard(out flows.Outcome) string {
	var all []string
	for _, u := range out.Said {
		all = append(all, u.Text())
	}
	return strings.Join(all, " ")
}

func TestListOfWhichNothingIsLeftIsMadeAnew(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	before, after := view(t), view(t, only())
	for name, in := range map[string]flows.Input{"#": press("#"), "silence": {Event: flows.Silent}, "wrong": press("8"), "again": {Event: flows.Again}} {
		for _, path := range [][]string{{"2"}, {"3", "1", "2"}} {
			out := flows.Run(f, after, call(f, before, path...).State, in, admits(after))
			if s := out.State.Node; s != "nothing_now" && s != "main" || !strings.Contains(heard(out), "press 1") {
				t.Errorf("after %v and %s, the caller is at %s and hears %q", path, name, s, heard(out))
			}
		}
	}
}

func TestPageTurnsToWhatWasNotHeard(t *testing.T) {
	t.Parallel()
	f, groups := builtIn(t), many(t, 7)
	before := view(t, only(groups...))
	out := call(f, before, "3", "1", "1")
	if !strings.Contains(heard(out), "Group D") || strings.Contains(heard(out), "Group E") {
		t.Fatalf("the first page is %q", heard(out))
	}
	after := view(t, only(groups[2:]...))
	if got := flows.Run(f, after, out.State, press("9"), admits(after)); got.State.Offered[0] != groups[4].ID {
		t.Errorf("after two groups ended, the next page is %q", heard(got))
	}
}

func TestPagesGoRound(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	for _, n := range []int{1, 4, 5, 8, 9} {
		v := view(t, only(many(t, n)...))
		out, names := call(f, v, "3", "1", "1"), map[string]bool{}
		for range (n + 3) / 4 {
			for _, id := range out.State.Offered {
				names[id] = true
			}
			if out.State.More == flows.NoMore {
				break
			}
			out = flows.Run(f, v, out.State, press("9"), admits(v))
		}
		if len(names) != n || out.State.Page != 0 {
			t.Errorf("of %d groups %d were offered; key 9 leads to item %d in the end", n, len(names), out.State.Page)
		}
		if n <= 4 && flows.Run(f, v, out.State, press("9"), admits(v)).State.Wrongs != 1 {
			t.Errorf("with %d groups, key 9 does something", n)
		}
	}
}

func TestOptionMeansWhatWasSaid(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	dated := weekly(t, "482105", "Evening grief circle", newYork(t).Add(-15*time.Minute))
	once := dated
	once.Meetings = []schedule.Meeting{{Start: dated.Meetings[0].Start, Zone: dated.Meetings[0].Zone, Minutes: 60}}
	withDates, without := view(t, only(dated)), view(t, only(once))
	leave := func(v flows.View) flows.Outcome {
		out := call(f, v, "1", "482105", "1")
		out = flows.Run(f, v, out.State, flows.Input{Event: flows.Returned, Result: "answered"}, admits(v))
		return flows.Run(f, v, out.State, press("*"), admits(v))
	}
	offered, not := leave(withDates), leave(without)
	if !strings.Contains(heard(offered), "three dates") || strings.Contains(heard(not), "three dates") {
		t.Fatalf("heard %q and %q", heard(offered), heard(not))
	}
	if got := flows.Run(f, without, offered.State, press("3"), admits(without)); got.State.Wrongs > 0 || !strings.Contains(heard(got), "no date") {
		t.Errorf("an option that was said leads to %q", heard(got))
	}
	if got := flows.Run(f, withDates, not.State, press("3"), admits(withDates)); got.State.Wrongs != 1 {
		t.Errorf("an option that was not said leads to %q", heard(got))
	}
}

func TestClosedGroupNeverHasAnEmptyDate(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	soon := weekly(t, "482105", "Evening grief circle", newYork(t).Add(30*time.Minute))
	soon.Meetings[0].Rule = ""
	v := view(t, only(soon))
	out := call(f, v, "1", "482105")
	v.Now = v.Now.Add(40 * time.Minute)
	if got := flows.Run(f, v, out.State, press("#"), admits(v)); !strings.Contains(heard(got), "today at") {
		t.Errorf("while the date begins the caller hears %q", heard(got))
	}
}

func TestSearchByDaySaysThatDay(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	daily := weekly(t, "482105", "Every evening", newYork(t).Add(time.Hour))
	daily.Meetings[0].Rule = "FREQ=DAILY"
	v := view(t, only(daily))
	out := call(f, v, "3", "2", "3") // Thursday
	if !strings.Contains(heard(out), "Every evening, Thursday at seven") {
		t.Errorf("heard %q", heard(out))
	}
}

func TestRepeatBeginsTheCountAnew(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	silence := flows.Input{Event: flows.Silent}
	out := call(f, v)
	for _, in := range []flows.Input{silence, silence, press("#"), silence, silence} {
		out = flows.Run(f, v, out.State, in, admits(v))
	}
	if out.State.Node != "main" {
		t.Errorf("somebody who asked to hear it again is sent to %s", out.State.Node)
	}
}

func TestLanguageThatIsGoneIsTheFirst(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	out := flows.Run(f, v, flows.State{Node: "main", Lang: "fr"}, press("1"), admits(v))
	if out.State.Lang != "en" || out.Said[0].Lang != "en" {
		t.Errorf("the caller is answered in %s", out.State.Lang)
	}
}

func TestLanguageWithoutAFlowIsNotOffered(t *testing.T) {
	t.Parallel()
	b := small(t)
	b["prompts/fr.yaml"] = "_voice: {}\n"
	f, problems := flows.Compile(b)
	if f == nil {
		t.Fatal(problems)
	}
	v := view(t)
	groups := v.Directory.Groups()
	v.Directory = flows.NewDirectory(flows.Line{Languages: []string{"fr", "en"}, CodeLength: 6}, slices.Clone(groups), at)
	if out := flows.Run(f, v, flows.State{}, flows.Input{}, admits(v)); out.State.Lang != "en" || strings.Contains(heard(out), "press 9") {
		t.Errorf("in %s the line said %q", out.State.Lang, heard(out))
	}
}

func TestLanguageChangeKeepsTheCall(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	out := call(f, v, "1", "111111", "*", "9")
	if out.State.Lang != "es" || out.State.Node != "main" || out.State.Visits["code_unknown"] != 1 {
		t.Errorf("after the change of language: %+v", out.State)
	}
}

func TestCodeIsForgottenOnceLookedUp(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	for _, code := range []string{"482105", "111111"} {
		if s := call(f, v, "1", code).State; s.Code != "" {
			t.Errorf("the state still holds %s", s.Code)
		}
	}
}

func TestOutcomeNobodyDeclaredStartsOver(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	room := call(f, v, "1", "482105", "1")
	for _, result := range []string{"", "ok", "?"} {
		out := flows.Run(f, v, room.State, flows.Input{Event: flows.Returned, Result: result}, admits(v))
		if out.State.Node != "main" || out.Said[0].Prompt != "welcome" {
			t.Errorf("a room that ended with %q leads to %s", result, out.State.Node)
		}
	}
	for _, in := range []flows.Input{{Event: flows.Silent}, press("7"), {Event: flows.Answered, Result: "ok"}, {Event: flows.Again}} {
		if j, ok := flows.Run(f, v, room.State, in, admits(v)).Then.(flows.Join); !ok || j.Group != "482105" {
			t.Errorf("%+v does not lead back into the room", in)
		}
	}
}

func TestStateFitsIntoAnAddress(t *testing.T) {
	t.Parallel()
	f, groups := builtIn(t), many(t, 9)
	for i := range groups {
		groups[i].ID = fmt.Sprintf("0195b5a0-7c1e-7d3a-9f00-%012d", i)
		groups[i].Topics = []string{"living-with-an-illness-of-somebody-near"}
	}
	v, longest := view(t, only(groups...)), 0
	everyWait(t, f, v, func(path string, out flows.Outcome) {
		out.State.Visits = map[string]int{"code_unknown": 2}
		out.State.About = flows.About{ // of a call of ours, in which somebody looks for another group
			Row: "0195b5a0-7c1e-7d3a-9f00-000000000000", Group: groups[0].ID, Start: at.Unix() / 60, Was: at.Unix() / 60, Named: true,
		}
		b, err := out.State.AppendBinary(nil)
		if longest = max(longest, len(b)); err != nil || len(b) > roomyState {
			t.Errorf("after %s the state has %d bytes: %v", path, len(b), err)
		}
	})
	t.Logf("the longest state has %d bytes", longest)
}

func TestTopicLabelIsReadAsMarkup(t *testing.T) {
	t.Parallel()
	b := small(t)
	b[en] = strings.Replace(b[en], `topic_grief: "grief"`, `topic_grief: "[say:greef|grief]"`, 1)
	f, problems := flows.Compile(b)
	if f == nil {
		t.Fatal(problems)
	}
	v := view(t)
	out := call(f, v, "3")
	i := slices.IndexFunc(out.Said, func(u flows.Utterance) bool { return strings.Contains(u.Text(), "grief") })
	if i < 0 || out.Said[i].Text() != "For grief, press 3." || !slices.Contains(out.Said[i].Parts, flows.Part{Text: "grief", Alias: "greef"}) {
		t.Errorf("heard %q", heard(out))
	}
}
