package console

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Setup is what groups are set up with.
type Setup struct {
	// DB is a pool under serve's own roles: who changes a date has its members told.
	DB   *store.DB
	Keys func() *vault.Keyring
	// Countries are those whose numbers may be called, and whose holidays are offered.
	Countries []string
	// Owned has a group be somebody's who made it.
	Owned func(ctx context.Context, line, account, group string) error
}

// groupsPerPage is how many groups the list shows at once.
const groupsPerPage = 25

// groupsPage is the list of groups.
type groupsPage struct {
	Rows          []groupRow
	All, Found    int // groups of who looks, and those that were looked for
	Query, Stage  string
	Stages        []flows.Stage
	Before, After string // addresses of the pages beside this one
}

// groupRow is a group in the list.
type groupRow struct {
	ID, Name, Code, Times, Next string
	Stage                       flows.Stage
}

var stages = []flows.Stage{flows.StageForming, flows.StageOpen, flows.StagePaused, flows.StageAdjourning, flows.StageClosed}

func (p *page) groups() error {
	groups, err := p.ownGroups()
	if err != nil {
		return err
	}
	data := groupsPage{All: len(groups), Query: strings.TrimSpace(p.QueryParam("q")), Stage: p.QueryParam("stage"), Stages: stages}
	groups = slices.DeleteFunc(groups, func(g store.Group) bool { return !data.finds(g, p.lang) })
	data.Found = len(groups)
	slices.SortFunc(groups, func(a, b store.Group) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name.In(p.lang)), strings.ToLower(b.Name.In(p.lang))), strings.Compare(a.Code, b.Code))
	})
	at, _ := strconv.Atoi(p.QueryParam("page")) // the first one for anything else
	at = max(0, min(at, (len(groups)-1)/groupsPerPage))
	if at > 0 {
		data.Before = data.address(at - 1)
	}
	if (at+1)*groupsPerPage < len(groups) {
		data.After = data.address(at + 1)
	}
	for _, g := range groups[min(len(groups), at*groupsPerPage):min(len(groups), (at+1)*groupsPerPage)] {
		data.Rows = append(data.Rows, p.groupRow(g))
	}
	return p.show("groups", "groups.title", data)
}

// ownGroups are the groups of who is signed in.
func (p *page) ownGroups() ([]store.Group, error) {
	groups, err := p.desk.DB.Groups(p.ctx(), p.line)
	return slices.DeleteFunc(groups, func(g store.Group) bool { return !p.who.may(sees, g.ID) }), err
}

// finds reports whether a group is looked for. Closed ones are found by their stage.
func (g groupsPage) finds(group store.Group, lang string) bool {
	if g.Stage == "" && group.Stage == flows.StageClosed || g.Stage != "" && g.Stage != string(group.Stage) {
		return false
	}
	text := strings.ToLower(strings.Join(append([]string{group.Code, group.Name.In(lang), group.Name.In("")}, group.Topics...), " "))
	return strings.Contains(text, strings.ToLower(g.Query))
}

func (g groupsPage) address(page int) string {
	return "/console/groups?" + url.Values{"q": {g.Query}, "stage": {g.Stage}, "page": {strconv.Itoa(page)}}.Encode()
}

func (p *page) groupRow(g store.Group) groupRow {
	row := groupRow{ID: g.ID, Name: g.Name.In(p.lang), Code: spacedCode(g.Code), Stage: g.Stage, Times: p.times(g.Meetings)}
	if dates := coming(g.Meetings, p.now, 1); len(dates) > 0 && g.Stage.Meets() {
		row.Next = schedule.Written(p.lang, dates[0].Start, p.now)
	}
	return row
}

// times are when a group meets, in words.
func (p *page) times(meetings []schedule.Meeting) string {
	var all []string
	for _, m := range meetings {
		if m.Rule != "" || len(m.Next(p.now, 1)) > 0 {
			all = append(all, sentence(schedule.SpokenSeries(p.lang, m)))
		}
	}
	return strings.Join(all, ". ")
}

// sentence begins with a capital.
func sentence(text string) string {
	for i, r := range text {
		return strings.ToUpper(string(r)) + text[i+len(string(r)):]
	}
	return ""
}

// spacedCode is a code as people say it: in threes, or in twos if it is short.
func spacedCode(code string) string {
	n := 3
	if len(code)%3 != 0 && len(code)%2 == 0 {
		n = 2
	}
	var parts []string
	for part := range slices.Chunk([]byte(code), n) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, " ")
}

// coming are the next dates of meetings that have not ended.
func coming(meetings []schedule.Meeting, now time.Time, n int) []schedule.Occurrence {
	var all []schedule.Occurrence
	for _, m := range meetings {
		all = append(all, m.Next(now, n)...)
	}
	slices.SortFunc(all, func(a, b schedule.Occurrence) int { return a.Start.Compare(b.Start) })
	return all[:min(n, len(all))]
}

// groupPage is one group at a glance.
type groupPage struct {
	Code, Times, Next, Said, Texted, Place string
	Topics, Languages                      []string
	Meets                                  bool
}

func (p *page) groupHome() error {
	return p.show("group", "groups.group", p.glance(*p.group))
}

// glance is what a group looks like to who coordinates it and to who calls.
func (p *page) glance(g store.Group) groupPage {
	row := p.groupRow(g)
	data := groupPage{Code: row.Code, Times: row.Times, Next: row.Next, Topics: g.Topics, Place: g.Place, Meets: g.Stage.Meets()}
	for _, lang := range g.Languages {
		data.Languages = append(data.Languages, languageName(p.lang, lang))
	}
	said := strings.Trim(g.Name.In(p.lang), ".") + ". " + row.Times
	if data.Said = said; row.Times != "" {
		data.Said += "."
	}
	data.Texted = g.Name.In(p.lang)
	if row.Next != "" {
		data.Texted += ": " + row.Next
	}
	data.Texted += ". " + g.Code
	return data
}

func (p *page) setStage() error {
	stage := flows.Stage(p.FormValue("stage"))
	said, ok := map[flows.Stage]string{
		flows.StageOpen: "groups.resumed", flows.StagePaused: "groups.paused", flows.StageClosed: "groups.archived",
	}[stage]
	if !ok {
		return missing
	}
	if err := p.desk.Setup.DB.SetStage(p.ctx(), p.desk.Setup.Keys(), p.line, p.by(), p.group.ID, stage); err != nil {
		return err
	}
	return p.done(p.inGroup("/console/groups/:group"), said)
}

// thisLine is the line as it is set up.
func (p *page) thisLine() (flows.Line, error) {
	snapshot, ok := p.desk.Directories.Line(p.line)
	if !ok {
		return flows.Line{}, errors.New("the line's directory is not loaded")
	}
	return snapshot.Directory.Line, nil
}
