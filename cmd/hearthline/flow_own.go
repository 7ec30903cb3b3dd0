package main

import (
	"context"
	"log/slog"
	"maps"
	"os"
	"sync"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
	"github.com/hearthline/hearthline/handlers/phone"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// readFlow reads the flow of a folder, with the built-in one under it if it extends
// that; the built-in one itself for "".
func readFlow(dir string) (flows.Bundle, error) {
	builtIn, err := lines.BuiltIn()
	if err != nil || dir == "" {
		return builtIn, err
	}
	own, err := flows.ReadBundle(os.DirFS(dir))
	if err != nil {
		return nil, err
	}
	return own.Over(builtIn), nil
}

// compileBuiltIn compiles the built-in flow when it is first asked for, however many ask.
var compileBuiltIn = sync.OnceValues(func() (*flows.Flow, []flows.Problem) {
	bundle, err := lines.BuiltIn()
	if err != nil {
		return nil, nil
	}
	return flows.Compile(bundle)
})

// compile is [flows.Compile], which does not compile the built-in flow again, and warns of
// what that takes for words of danger and the flow does not.
func compile(b flows.Bundle) (*flows.Flow, []flows.Problem) {
	if builtIn, err := lines.BuiltIn(); err == nil && maps.Equal(b, builtIn) {
		return compileBuiltIn()
	}
	flow, problems := flows.Compile(b)
	if builtIn, _ := compileBuiltIn(); flow != nil && builtIn != nil {
		problems = append(problems, flows.CheckDangers(flow, builtIn)...)
	}
	return flow, problems
}

// compile is flows.Compile that also holds a flow's numbers to where the line may call, and
// to those of others.
func (c config) compile(b flows.Bundle) (*flows.Flow, []flows.Problem) {
	flow, problems := c.dialling(compile(b))
	return unless(phone.CheckLoops(flow, c.numbers), flow, problems)
}

// compileOwn is compile of a folder that callers hear: who is in danger is heard by every
// word for it that the built-in flow has too, as in a version that was kept.
func (c config) compileOwn(b flows.Bundle) (*flows.Flow, []flows.Problem) {
	flow, problems := c.compile(b)
	if flow == nil {
		return nil, problems
	}
	if whole, _ := c.compileKept(b); whole != nil {
		flow = whole
	}
	return flow, problems
}

// compileKept is compile of a version that an older program may have kept: see
// [flows.CompileKept]. Of a number that is the line's own by now it warns alone: that is
// not dialled, and the rest stays heard.
func (c config) compileKept(b flows.Bundle) (*flows.Flow, []flows.Problem) {
	builtIn, err := lines.BuiltIn()
	if err != nil || maps.Equal(b, builtIn) {
		return c.compile(b)
	}
	flow, problems := c.dialling(flows.CompileKept(b, builtIn))
	for _, loop := range phone.CheckLoops(flow, c.numbers) {
		loop.Warning = true
		problems = append(problems, loop)
	}
	return flow, problems
}

func (c config) dialling(flow *flows.Flow, problems []flows.Problem) (*flows.Flow, []flows.Problem) {
	return unless(phone.CheckNumbers(flow, c.countries), flow, problems)
}

// unless is a flow and its problems, or no flow where it has these faults besides.
func unless(faults []flows.Problem, flow *flows.Flow, problems []flows.Problem) (*flows.Flow, []flows.Problem) {
	if len(faults) > 0 {
		return nil, append(problems, faults...)
	}
	return flow, problems
}

// readFlow finds what is heard where nothing is published: the flow of the line's
// folder, and the built-in one if that cannot be used, so that calls are answered
// whatever stands there.
func (a *app) readFlow() error {
	bundle, err := readFlow(a.config.flowDir)
	var problems []flows.Problem
	if err == nil {
		if a.flow, problems = a.config.compileOwn(bundle); a.flow != nil {
			a.bundle = bundle
			return nil
		}
		err = flowError(flows.Errors(problems))
		if a.flow, _ = a.config.compileKept(bundle); a.flow != nil {
			a.bundle = bundle
			a.log.Warn("the flow of LINE_FLOW_DIR is heard but for what is wrong with it; see `hearthline flow check`", "error", err)
			return nil
		}
	}
	if a.config.flowDir == "" {
		return err
	}
	a.ownBroken.Store(true)
	a.log.Error("the flow of LINE_FLOW_DIR cannot be used; callers hear the built-in one in its place", "error", err)
	if a.bundle, err = lines.BuiltIn(); err != nil {
		return err
	}
	a.flow, err = usable(a.bundle)
	return err
}

// refreshFlows has what is published be heard from the next call on. Without Postgres
// all stays as it is; its coming back is told, and asked about again.
func (a *app) refreshFlows(ctx context.Context) {
	line := a.deskLine()
	if line == "" {
		return
	}
	if err := a.shelf.Refresh(ctx, line); err != nil {
		a.log.DebugContext(ctx, "which flow is heard stays as it is", "error", err)
	}
}

// unusable are the versions that should be heard and cannot be: "" for the folder's.
func (a *app) unusable() []string {
	bad := briefly(a.shelf.Unusable(a.deskLine()))
	if a.ownBroken.Load() {
		bad = append(bad, "")
	}
	return bad
}

func briefly(hashes []string) (brief []string) {
	for _, h := range hashes {
		brief = append(brief, store.Brief(h))
	}
	return brief
}

// heard is what callers hear by now.
func (a *app) heard() *flows.Flow { return a.shelf.Current(a.deskLine()) }

// looksAt is for a command what a running program knows of a line's flows. It looks as a
// program does that starts.
type looksAt struct {
	heard    *flows.Flow // by callers; the folder's, or the built-in one, where Postgres is out of reach
	unusable []string    // see app.unusable
}

// ownFlow is what is heard where nothing is published, and whether that is the built-in one
// for want of the folder's.
func (c config) ownFlow() (*flows.Flow, bool, error) {
	a := app{config: c, log: slog.New(slog.DiscardHandler)}
	err := a.readFlow()
	return a.flow, a.ownBroken.Load(), err
}

// lookAt finds what callers of a line hear. An error is about the built-in flow alone.
func (c config) lookAt(ctx context.Context, db *store.DB, keys *vault.Keyring, line string) (looksAt, error) {
	own, broken, err := c.ownFlow()
	if err != nil {
		return looksAt{}, err
	}
	archive := store.NewFlowArchive(db, "")
	shelf := phone.NewPublishedShelf(phone.ShelfOptions{Flow: own, Archive: archive, Published: store.NewFlowVersions(db, keys, archive), Compile: c.compileKept})
	if shelf.Refresh(ctx, line) != nil {
		return looksAt{heard: own}, nil // which other things say
	}
	l := looksAt{heard: shelf.Current(line), unusable: briefly(shelf.Unusable(line))}
	if broken {
		l.unusable = append(l.unusable, "")
	}
	return l, nil
}
