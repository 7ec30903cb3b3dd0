package console

import (
	"errors"
	"maps"
	"regexp"
	"slices"

	"github.com/hearthline/hearthline/flows"
)

// A file of words says of which version it was taken out, and of which language: in the
// comment that a YAML file begins with, and in the last column's name of a table, which
// spreadsheets keep. So what somebody else has changed meanwhile is told from what the file
// changes.

// origin is what a file says so of itself, "" for what it does not say.
type origin struct{ hash, lang string }

func (o origin) String() string { return "version " + o.hash + " in " + o.lang }

var (
	stamped = regexp.MustCompile(`(?i)\bversion ([0-9a-f]{64})\b(?: in ([a-z]{2,3}(?:-[a-z0-9]+)*))?`)
	// originLine is what such a comment is as a line, which is in no version itself.
	originLine = regexp.MustCompile(`(?m)^# version [0-9a-f]{64} .*\n?`)
)

// mostStamped is how many bytes of a file are looked at for it.
const mostStamped = 2000

func originIn(text string) origin {
	if m := stamped.FindStringSubmatch(text[:min(mostStamped, len(text))]); m != nil {
		return origin{m[1], m[2]}
	}
	return origin{}
}

// since is the version that a file was taken out of, nil where the file does not say, or
// it is kept no more.
func (p *page) since(of origin) (*version, error) {
	if of.hash == "" {
		return nil, nil
	}
	id := of.hash
	if p.desk.Versions.Own().Hash() == id {
		id = ownVersion
	}
	v, err := p.versionOf(id)
	if errors.Is(err, missing) || err == nil && len(v.Bundle) == 0 {
		return nil, nil
	}
	return &v, err
}

// catalogueWords is what a language says, and what its catalogue has beside, by name.
type catalogueWords struct {
	prompts  map[string]flows.Prompt
	settings map[string]string
}

func wordsIn(b flows.Bundle, lang string) catalogueWords {
	w := catalogueWords{map[string]flows.Prompt{}, b.Settings(lang)}
	for _, one := range b.Prompts(lang) {
		w.prompts[one.Name] = one
	}
	return w
}

// same says whether both have the same under a name.
func (w catalogueWords) same(o catalogueWords, name string) bool {
	return same(w.prompts[name], o.prompts[name]) && w.settings[name] == o.settings[name]
}

// names are those that either has.
func (w catalogueWords) names(o catalogueWords) []string {
	all := map[string]bool{}
	for _, of := range []catalogueWords{w, o} {
		for name := range of.prompts {
			all[name] = true
		}
		for name := range of.settings {
			all[name] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// merged is what becomes of a draft, which says mine, by a file that says theirs: what the
// file changes of the version since that it was taken out of. What the draft has changed
// too stays as it is there, and is in both, unless the file's is wanted.
func merged(draft flows.Bundle, lang string, since, mine, theirs catalogueWords, wanted bool) (b flows.Bundle, both []string, err error) {
	var prompts []flows.Prompt
	settings := map[string]string{}
	for _, name := range theirs.names(since) {
		if theirs.same(since, name) || theirs.same(mine, name) {
			continue
		}
		if !mine.same(since, name) {
			if both = append(both, name); !wanted {
				continue
			}
		}
		if theirs.settings[name] != mine.settings[name] {
			settings[name] = theirs.settings[name]
			continue
		}
		is := theirs.prompts[name]
		is.Name = name
		prompts = append(prompts, is)
	}
	if b, err = draft.WithPrompts(lang, prompts); err == nil && len(settings) > 0 {
		b, err = b.WithSettings(lang, settings)
	}
	return b, both, err
}
