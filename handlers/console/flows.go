package console

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Versions are what callers hear, what they heard, and what they may hear next.
type Versions struct {
	Store *store.FlowVersions
	// Load is the content of a version that is kept, store.ErrNotFound for none.
	Load func(ctx context.Context, line, hash string) ([]byte, error)
	// Own is what is heard where nothing is published.
	Own func() flows.Bundle
	// BuiltIn is the built-in flow of this program.
	BuiltIn func() flows.Bundle
	// Compile holds a version to what may be heard here.
	Compile func(flows.Bundle) (*flows.Flow, []flows.Problem)
	// Rehearsal is the telephone of somebody (see tryAs) on which a flow is tried at a time:
	// it reaches nobody, and the groups that are in the view are made up around now.
	Rehearsal func(line flows.Line, who string, now, at time.Time) (flows.View, Telephone, error)
	// PINs are those that a rehearsal knows, by whose they are.
	PINs map[string]string
	// Recordings are the prompts in people's voices.
	Recordings *store.Recordings
}

// Telephone takes turns of a flow.
type Telephone interface {
	Run(f *flows.Flow, v flows.View, s flows.State, in flows.Input) flows.Outcome
}

const (
	flowsPath   = "/console/flows"
	versionPath = flowsPath + "/:version"
	ownVersion  = "own" // in the place of a hash: what is heard where nothing is published
)

// version is one that is looked at.
type version struct {
	ID, Hash string
	Own      bool
	Bundle   flows.Bundle
	// Older says of one that a draft begins from that it stands on the built-in flow of
	// another program, and the draft on that of this one.
	Older bool
}

// Brief is what people call it.
func (v version) Brief() string { return store.Brief(v.Hash) }

var hashed = regexp.MustCompile(`^[0-9a-f]{64}$`)

// versionOf is the version of an id: its hash, or ownVersion.
func (p *page) versionOf(id string) (version, error) {
	v, err := p.versionKept(id)
	if err == nil {
		p.seen = slices.DeleteFunc(p.seen, func(was version) bool { return was.Hash == v.Hash })
		p.seen = append(p.seen, v)
	}
	return v, err
}

func (p *page) versionKept(id string) (version, error) {
	if id == ownVersion || id == "" {
		own := p.desk.Versions.Own()
		return version{ID: ownVersion, Hash: own.Hash(), Own: true, Bundle: own}, nil
	}
	if !hashed.MatchString(id) {
		return version{}, missing
	}
	content, err := p.desk.Versions.Load(p.ctx(), p.line, id)
	if errors.Is(err, store.ErrNotFound) {
		return version{}, missing
	}
	if err != nil {
		return version{}, err
	}
	bundle, err := flows.DecodeBundle(content)
	if err != nil {
		bundle = flows.Bundle{} // what was kept is spoiled: a flow without a file, and the check says so
	}
	return version{ID: id, Hash: id, Bundle: bundle}, nil
}

// flowsView is what the page of versions shows.
type flowsView struct {
	Live, Draft string // hashes, "" for the line's own and for none
	Unusable    bool   // something else is heard in place of Live
	Past        []pastVersion
	Testers     int
	Most        int
	Back        bool // there is something to take back
}

type pastVersion struct {
	store.Publication
	When, Back string
}

// Brief is what people call it.
func (v pastVersion) Brief() string { return store.Brief(v.Hash) }

// Brief is what people call a version.
func (v flowsView) Brief(hash string) string { return store.Brief(hash) }

// mostPast is how many versions are listed.
const mostPast = 50

// versions is what callers hear, and what was published before.
func (p *page) versions() error {
	v, err := p.flowsView()
	if err != nil {
		return err
	}
	return p.show("flows", "flows.title", v)
}

func (p *page) flowsView() (flowsView, error) {
	heard, err := p.desk.Versions.Store.Heard(p.ctx(), p.line)
	if err != nil {
		return flowsView{}, err
	}
	all, err := p.desk.Versions.Store.Publications(p.ctx(), p.line)
	if err != nil {
		return flowsView{}, err
	}
	v := flowsView{Live: heard.Live, Draft: heard.Draft, Testers: len(heard.Testers), Most: store.MostTesters}
	if v.Unusable, err = p.isUnusable(heard.Live); err != nil {
		return flowsView{}, err
	}
	if v.Draft == v.Live {
		v.Draft = "" // testers hear what everybody does
	}
	for _, one := range all[:min(mostPast, len(all))] {
		past := pastVersion{Publication: one, When: p.written(one.Published)}
		if one.Withdrawn.IsZero() {
			v.Back = true
		} else {
			past.Back = p.written(one.Withdrawn)
		}
		v.Past = append(v.Past, past)
	}
	return v, nil
}

// isUnusable says whether a published version cannot be heard: "" is the line's own.
func (p *page) isUnusable(live string) (bool, error) {
	if live == "" {
		return false, nil
	}
	one, err := p.versionOf(live)
	if errors.Is(err, missing) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	flow, _, err := p.compile(one)
	return flow == nil, err
}

// rollBack has everybody hear what they heard before.
func (p *page) rollBack() error {
	err := p.desk.Versions.Store.Rollback(p.ctx(), p.line, p.by(), p.FormValue("live"))
	if errors.Is(err, store.ErrHeardElse) {
		return p.done(flowsPath, "flows.heard_else")
	}
	if errors.Is(err, store.ErrNotFound) {
		return p.done(flowsPath, "flows.nothing_back")
	}
	if err != nil {
		return err
	}
	return p.done(flowsPath, "flows.is_back")
}

// dropDraft has testers hear what everybody does.
func (p *page) dropDraft() error {
	err := p.desk.Versions.Store.DropDraft(p.ctx(), p.line, p.by())
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return p.done(flowsPath, "flows.is_dropped")
}

// addTester has a number hear drafts. No page shows it again.
func (p *page) addTester() error {
	n, err := vault.ParseNumber(p.FormValue("number"))
	if err != nil {
		return p.wrongTester("flows.fault_number")
	}
	err = p.desk.Versions.Store.AddTester(p.ctx(), p.line, p.by(), n)
	if errors.Is(err, store.ErrTooManyTesters) {
		return p.wrongTester("flows.fault_many")
	}
	if err != nil {
		return err
	}
	return p.done(flowsPath, "flows.is_added")
}

// removeTester has a number hear what everybody does.
func (p *page) removeTester() error {
	n, err := vault.ParseNumber(p.FormValue("number"))
	if err != nil {
		return p.wrongTester("flows.fault_number")
	}
	err = p.desk.Versions.Store.RemoveTester(p.ctx(), p.line, p.by(), n)
	if errors.Is(err, store.ErrNotFound) {
		return p.wrongTester("flows.fault_none")
	}
	if err != nil {
		return err
	}
	return p.done(flowsPath, "flows.is_removed")
}

func (p *page) wrongTester(fault string) error {
	v, err := p.flowsView()
	if err != nil {
		return err
	}
	return p.wrong("flows", "flows.title", map[string]string{"number": fault}, v)
}

// versionView is what the page of a version shows.
type versionView struct {
	version
	Live, Draft bool
	// Base is what is to be known of the built-in flow that it stands on, a key of the
	// catalogue without its area, "" for nothing.
	Base       string
	Usable     bool
	Problems   []flows.Problem
	MoreFaults int // that are not shown
	// Changes are from what everybody hears to this one.
	Changes     []flows.Change
	MoreChanges int
	words       bool // a change of words is made in it
	nodes       func() []flows.Node
	promptAt    func(flows.Place) (lang, name string)
}

// mostListed is how many problems or changes a page lists.
const mostListed = 60

// version is what is wrong with a version, and what it changes.
func (p *page) version() error {
	v, err := p.versionView()
	if err != nil {
		return err
	}
	return p.show("flow", "flows.version_title", v)
}

func (p *page) versionView() (versionView, error) {
	one, err := p.versionOf(p.Param("version"))
	if err != nil {
		return versionView{}, err
	}
	heard, err := p.desk.Versions.Store.Heard(p.ctx(), p.line)
	if err != nil {
		return versionView{}, err
	}
	live, err := p.versionOf(heard.Live)
	if err != nil && !errors.Is(err, missing) {
		return versionView{}, err
	}
	v := versionView{version: one, Live: live.Hash == one.Hash, Draft: heard.Draft == one.Hash}
	switch builtIn := p.desk.Versions.BuiltIn(); {
	case p.older(one.Bundle):
		v.Base = "older"
	case v.Draft && p.older(live.Bundle):
		v.Base = "newer"
	case len(one.Bundle) > 0 && !one.Bundle.Extends() && !maps.Equal(one.Bundle, builtIn):
		v.Base = "whole"
	}
	v.words = v.Draft || v.Live && heard.Draft == ""
	v.promptAt = one.Bundle.PromptsAt()
	v.nodes = sync.OnceValue(func() []flows.Node { return one.Bundle.Steps("").Nodes })
	flow, problems, err := p.compile(one)
	if err != nil {
		return versionView{}, err
	}
	v.Usable, v.Problems = flow != nil, problems
	if n := len(v.Problems) - mostListed; n > 0 {
		v.Problems, v.MoreFaults = v.Problems[:mostListed], n
	}
	if !v.Live {
		now := live.Bundle
		if len(now) == 0 {
			now = p.desk.Versions.Own() // which is heard in place of what is spoiled
		}
		v.Changes = flows.Diff(now, one.Bundle)
	}
	if n := len(v.Changes) - mostListed; n > 0 {
		v.Changes, v.MoreChanges = v.Changes[:mostListed], n
	}
	return v, nil
}

// publish has everybody hear a version that has no error.
func (p *page) publish() error {
	return p.putOut(p.desk.Versions.Store.Publish, "flows.is_published")
}

// draft has testers hear it.
func (p *page) draft() error {
	return p.putOut(p.desk.Versions.Store.Draft, "flows.is_drafted")
}

func (p *page) putOut(put func(context.Context, string, store.By, store.FlowVersion) error, said string) error {
	one, err := p.versionOf(p.Param("version"))
	if err != nil {
		return err
	}
	flow, _, err := p.compile(one)
	if err != nil {
		return err
	}
	if flow == nil {
		v, err := p.versionView()
		if err != nil {
			return err
		}
		return p.wrong("flow", "flows.version_title", map[string]string{"version": "flows.fault_unusable"}, v)
	}
	if err := put(p.ctx(), p.line, p.by(), store.FlowVersion{Hash: one.Hash, Content: one.Bundle.Encode()}); err != nil {
		return err
	}
	return p.done(flowsPath, said)
}

// Where is the address of the page where a problem can be mended or looked at, "" for none:
// the words of a prompt, if a change of words is made in this version, or a step.
func (v versionView) Where(problem flows.Problem) string {
	lang, name := v.promptAt(problem.Place)
	if lang == "" {
		for _, n := range v.nodes() {
			if n.File == problem.File && n.From <= problem.Line && problem.Line <= n.To {
				return stepAt(v.ID, n.Name)
			}
		}
		return ""
	}
	if name = flows.BaseName(name); name == "" || strings.HasPrefix(name, "_") || !v.words {
		return ""
	}
	return promptsPath + "/" + lang + "/" + url.PathEscape(name) + "/words"
}

// Errors is how many of the problems keep the version from being heard.
func (v versionView) Errors() int { return len(flows.Errors(v.Problems)) }

// Langs are the languages whose words change.
func (v versionView) Langs() (langs []string) {
	for _, c := range v.Changes {
		if !slices.Contains(langs, c.Lang) {
			langs = append(langs, c.Lang)
		}
	}
	return langs
}

// AllChanges is how many there are, shown or not.
func (v versionView) AllChanges() int { return len(v.Changes) + v.MoreChanges }

// In are the changes of a language, "" for where the flow leads.
func (v versionView) In(lang string) []flows.Change {
	return slices.DeleteFunc(slices.Clone(v.Changes), func(c flows.Change) bool { return c.Lang != lang })
}
