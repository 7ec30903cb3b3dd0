package flows

import (
	"cmp"
	"slices"
	"strings"
)

// namedGroup is a name by which a listed group may be asked for.
type namedGroup struct{ name, id string }

// namedTongue is a language by what it may be asked for by, in plain words.
type namedTongue struct {
	lang  string
	names []string
}

func namedTongues(in string, langs []string) []namedTongue {
	all := make([]namedTongue, len(langs))
	for i, lang := range langs {
		all[i] = namedTongue{lang, tongueIn(in, lang).plain}
	}
	return all
}

// tongueCalled returns the first language of a listed group that plain words ask for in
// another language.
func (d *Directory) tongueCalled(query, in string) (lang string, ok bool) {
	all, known := d.tongues[in]
	if !known { // the line does not speak it
		all = namedTongues(in, d.spoken)
	}
	for _, t := range all {
		if slices.ContainsFunc(t.names, func(name string) bool { return names(query, name) }) {
			return t.lang, true
		}
	}
	return "", false
}

// list takes in what a group is found by.
func (d *Directory) list(g Group) {
	if !listed(g) {
		return
	}
	d.topics = append(d.topics, g.Topics...)
	d.spoken = append(d.spoken, g.Languages...)
	for _, name := range g.Name {
		d.named = append(d.named, namedGroup{name: plainly(name), id: g.ID})
	}
}

// called returns the id of the first listed group with that name, in plain
// words, or whose name begins so.
func (d *Directory) called(query string) (id string, ok bool) {
	at, _ := slices.BinarySearchFunc(d.named, query, func(g namedGroup, q string) int { return cmp.Compare(g.name, q) })
	if at < len(d.named) && (d.named[at].name == query || tells(query, shortestBeginning) && strings.HasPrefix(d.named[at].name, query)) {
		return d.named[at].id, true
	}
	return "", false
}
