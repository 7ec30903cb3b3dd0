package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/storetest"
)

// ownFlow is a version of a flow, published the same at every repetition.
var (
	ownFlow   = store.FlowVersion{Hash: strings.Repeat("cd", 32), Content: []byte(`{"main.yaml":"start: welcome\n"}`)}
	ownersAct = store.By{Actor: "Ann Owner", Event: "flow", At: noon}
)

func (p *paths) flows() *store.FlowVersions { return store.NewFlowVersions(p.db, p.keys, p.archive) }

func flowPath(name, method string, before, do func(context.Context, *paths) error) writePath {
	w := writePath{name: name, covers: "FlowVersions." + method, do: do}
	if before != nil {
		w.before = func(t *testing.T, p *paths) {
			t.Helper()
			if err := before(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
	}
	return w
}

var flowPaths = []writePath{
	flowPath("Publish", "Publish", nil, func(ctx context.Context, p *paths) error { return p.flows().Publish(ctx, p.id, ownersAct, ownFlow) }),
	flowPath("Rollback", "Rollback", func(ctx context.Context, p *paths) error { return p.flows().Publish(ctx, p.id, ownersAct, ownFlow) },
		func(ctx context.Context, p *paths) error { return p.flows().Rollback(ctx, p.id, ownersAct) }),
	flowPath("Draft", "Draft", nil, func(ctx context.Context, p *paths) error { return p.flows().Draft(ctx, p.id, ownersAct, ownFlow) }),
	flowPath("Edit", "Edit", nil, func(ctx context.Context, p *paths) error {
		return p.flows().Edit(ctx, p.id, ownersAct, "", ownFlow, "main")
	}),
	flowPath("DropDraft", "DropDraft", func(ctx context.Context, p *paths) error { return p.flows().Draft(ctx, p.id, ownersAct, ownFlow) },
		func(ctx context.Context, p *paths) error { return p.flows().DropDraft(ctx, p.id, ownersAct) }),
	flowPath("AddTester", "AddTester", nil, func(ctx context.Context, p *paths) error { return p.flows().AddTester(ctx, p.id, ownersAct, p.ann) }),
	flowPath("RemoveTester", "RemoveTester", func(ctx context.Context, p *paths) error { return p.flows().AddTester(ctx, p.id, ownersAct, p.ann) },
		func(ctx context.Context, p *paths) error { return p.flows().RemoveTester(ctx, p.id, ownersAct, p.ann) }),
}

// A version is published, taken back and drafted; each replica is told, and the log.
func TestFlowVersions(t *testing.T) {
	t.Parallel()
	p := newPaths(t, storetest.URL(t))
	ctx, f := t.Context(), p.flows()
	live := func() string {
		t.Helper()
		h, err := f.Heard(ctx, p.id)
		if err != nil {
			t.Fatal(err)
		}
		return h.Live
	}
	well := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	by := store.By{Actor: "Ann Owner", At: noon}
	theirs := store.FlowVersion{Hash: strings.Repeat("ef", 32), Content: []byte(`{}`)}
	if err := f.Rollback(ctx, p.id, by); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("nothing taken back: %v", err)
	}
	for _, step := range []struct {
		do   func() error
		want string
	}{
		{func() error { return f.Publish(ctx, p.id, by, ownFlow) }, ownFlow.Hash},
		{func() error { return f.Publish(ctx, p.id, by, ownFlow) }, ownFlow.Hash},
		{func() error { return f.Publish(ctx, p.id, by, theirs) }, theirs.Hash},
		{func() error { return f.Rollback(ctx, p.id, by) }, ownFlow.Hash},
		{func() error { return f.Publish(ctx, p.id, by, theirs) }, theirs.Hash},
		{func() error { return f.Rollback(ctx, p.id, by) }, ownFlow.Hash},
		{func() error { return f.Rollback(ctx, p.id, by) }, ""},
	} {
		well(step.do())
		if got := live(); got != step.want || f.LastLive(p.id) != got {
			t.Fatalf("%s is heard, want %s", got, step.want)
		}
	}
	all, err := f.Publications(ctx, p.id)
	if err != nil || len(all) != 3 || all[0].Seq != 3 || all[0].Hash != theirs.Hash || all[0].Withdrawn.IsZero() {
		t.Errorf("published: %+v, %v", all, err)
	}
	if content, err := p.archive.Load(ctx, p.id, theirs.Hash); err != nil || string(content) != "{}" {
		t.Errorf("a version that was taken back: %s, %v", content, err)
	}
	well(f.Draft(ctx, p.id, by, theirs))
	if err := f.Edit(ctx, p.id, by, "", ownFlow, "main"); !errors.Is(err, store.ErrDraftMoved) {
		t.Errorf("a draft that has moved is changed: %v", err)
	}
	well(f.Edit(ctx, p.id, by, theirs.Hash, ownFlow, "main"))
	well(f.Edit(ctx, p.id, by, ownFlow.Hash, theirs, "main"))
	well(f.AddTester(ctx, p.id, by, p.ann))
	well(f.AddTester(ctx, p.id, by, p.ann))
	h, err := f.Heard(ctx, p.id)
	if err != nil || h.Draft != theirs.Hash || len(h.Testers) != 1 || !h.Testers[0].Equal(p.ann) {
		t.Errorf("the draft: %+v, %v", h, err)
	}
	if held, err := p.Members.Holdings(ctx, p.id, p.ann, p.groups, noon); err != nil || !held.Tester || held.Empty() {
		t.Errorf("what is held of a tester's number: %+v, %v", held, err)
	}
	well(f.DropDraft(ctx, p.id, by))
	well(f.RemoveTester(ctx, p.id, by, p.ann))
	if h, err := f.Heard(ctx, p.id); err != nil || h.Draft != "" || len(h.Testers) != 0 {
		t.Errorf("after all is removed: %+v, %v", h, err)
	}
	if got := strings.Join(texts(t, p.look, `SELECT act FROM audit ORDER BY seq`), " "); got != "flow.publish flow.publish flow.rollback flow.publish flow.rollback flow.rollback flow.draft flow.edit flow.edit flow.tester.add flow.draft.drop flow.tester.remove" {
		t.Errorf("the log says %s", got)
	}
}
