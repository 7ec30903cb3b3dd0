package console

import (
	"strings"
	"sync"
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// Two owners change the draft at the same time: what either has done is in it.
func TestNobodysChangeIsLost(t *testing.T) {
	t.Parallel()
	own := ownPrompt(t, "main")
	d := newRig(t).as(store.RoleOwner)
	theirs := ownBundle()
	theirs["prompts/es.yaml"] = strings.Replace(theirs["prompts/es.yaml"], `welcome: "{line.name}.`, `welcome: "{line.name}. Buenas.`, 1)
	var once sync.Once
	compile := d.pages.Versions.Compile
	d.pages.Versions.Compile = func(b flows.Bundle) (*flows.Flow, []flows.Problem) {
		if strings.Contains(b["prompts/en.yaml"], "These are the choices.") {
			once.Do(func() { d.begin(theirs) }) // while this one is being looked at
		}
		return compile(b)
	}
	d.sure(mainWords, worded("These are the choices.", own.Text))
	if got := d.draftSays("en", "main").Voice; got != "These are the choices." {
		t.Errorf("who was slower has changed nothing: %q", got)
	}
	if got := d.draftSays("es", "welcome").Voice; !strings.HasPrefix(got, "{line.name}. Buenas.") {
		t.Errorf("what the quicker one has changed is lost: %q", got)
	}
}
