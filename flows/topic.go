package flows

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// alsoPrefix begins the lists of what else people call a topic: `also_grief: [bereavement]`.
const alsoPrefix = "also_"

// plainNames is a name in plain words, nothing if it has none.
func plainNames(name string) []string {
	if plain := plainly(name); plain != "" {
		return []string{plain}
	}
	return nil
}

// topicSet are topics as a language names them.
type topicSet struct {
	*catalogue
	topics  []string
	unnamed []topicName // those that it has no name of, by what they are kept as
}

func (c *catalogue) topicSet(topics []string) topicSet {
	set := topicSet{catalogue: c, topics: topics}
	for _, topic := range topics {
		if _, named := c.lookedFor.topics[topic]; !named {
			set.unnamed = append(set.unnamed, topicName{plainly(topic), topic})
		}
	}
	return set
}

// named is the topic of which plain words are a name, "" for none.
func (s topicSet) named(words string) string {
	for _, among := range [...][]topicName{beginning(s.lookedFor.named, words), s.unnamed} {
		for _, n := range among {
			if n.name == words {
				return n.topic
			}
		}
	}
	return ""
}

// called is the topic of which plain words are a name; without one, that of which
// they begin a name; "" for none.
func (s topicSet) called(words string) string {
	begins, begun := tells(words, shortestBeginning), ""
	for _, among := range [...][]topicName{beginning(s.lookedFor.named, words), s.unnamed} {
		for _, n := range among {
			switch {
			case !strings.HasPrefix(n.name, words) || !slices.Contains(s.topics, n.topic):
			case n.name == words:
				return n.topic
			case begins && (begun == "" || slices.Index(s.topics, n.topic) < slices.Index(s.topics, begun)):
				begun = n.topic
			}
		}
	}
	return begun
}

// beginning are those of sorted names that begin with plain words.
func beginning(sorted []topicName, words string) []topicName {
	from, _ := slices.BinarySearchFunc(sorted, words, func(n topicName, words string) int { return cmp.Compare(n.name, words) })
	to := from
	for to < len(sorted) && strings.HasPrefix(sorted[to].name, words) {
		to++
	}
	return sorted[from:to]
}

// spoken is the topic of which plain words speak among others, as "my husband has
// died" does of grief: that of the longest name in them, and of two the one that is
// named first, with that name; "" for none.
func (s topicSet) spoken(words string) (topic, longest string) {
	for rest := words; rest != ""; {
		first, after, _ := strings.Cut(rest, " ")
		for _, among := range [...][]topicName{s.lookedFor.spoken[first], s.unnamed} {
			for _, n := range among {
				if len(n.name) > len(longest) && standsFirst(rest, n.name) && tells(n.name, shortestBeginning) && slices.Contains(s.topics, n.topic) {
					topic, longest = n.topic, n.name
				}
			}
		}
		rest = after
	}
	return topic, longest
}

// standsFirst says whether plain words begin with others as a whole.
func standsFirst(words, name string) bool {
	after, ok := strings.CutPrefix(words, name)
	return ok && (after == "" || after[0] == ' ')
}

// standsIn is where plain words hold others as a whole, -1 for nowhere.
func standsIn(words, name string) int {
	for from := 0; ; {
		at := strings.Index(words[from:], name)
		if at < 0 || name == "" {
			return -1
		}
		at += from
		end := at + len(name)
		if (at == 0 || words[at-1] == ' ') && (end == len(words) || words[end] == ' ') {
			return at
		}
		from = at + 1
	}
}

// topicHeard is the topic that a caller says at a list of topics, on whatever page of it
// the topic is; "" for none.
func (t *turn) topicHeard(n *node, said []string) string {
	if n.kind != kindPick || lists[n.source].into != "topic" {
		return ""
	}
	c := t.flow.catalogue(t.s.Lang)
	text, all := strings.Join(said, " "), c.topicSet(lists[n.source].ids(t))
	if topic := all.called(c.withoutSmall(text)); topic != "" {
		return topic
	}
	topic, name := all.spoken(text)
	if another, _ := all.spoken(strings.ReplaceAll(text, name, "")); another != "" && another != topic {
		return "" // of two at once
	}
	return topic
}

// topicLabel is what a list calls a topic.
func (c *catalogue) topicLabel(topic string) template {
	if p, ok := c.prompts[topicPrefix+topic]; ok {
		return p
	}
	return words(strings.ReplaceAll(topic, "-", " "))
}

// topicSaid is how a topic is chosen aloud: by its name, or by what else people call it.
func (c *catalogue) topicSaid(topic string) sayable {
	if x, ok := c.said[topic]; ok {
		return x
	}
	x := c.sayable("", c.topicLabel(topic))
	for _, name := range c.phrases[alsoPrefix+topic] {
		x.names, x.short, x.also = append(x.names, name), append(x.short, c.withoutSmall(name)), append(x.also, closed(name))
	}
	return x
}

// checkTopics is F006 and F020 for what topics are called: a name is one topic's.
func (c *compiler) checkTopics(cat *catalogue) {
	taken := map[string]string{}
	take := func(name, topic string) {
		if other, ok := taken[name]; ok && other != topic {
			c.fail("F006", top(catalogueFile(cat.lang)), "give each its own", "the topics %q and %q are both called %q", other, topic, name)
		}
		taken[name] = topic
	}
	for _, name := range slices.Sorted(maps.Keys(cat.prompts)) {
		if topic, ok := strings.CutPrefix(name, topicPrefix); ok {
			take(plainly(cat.prompts[name].spelling()), topic)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(cat.phrases)) {
		topic, ok := strings.CutPrefix(name, alsoPrefix)
		if !ok {
			continue
		}
		if _, told := cat.prompts[topicPrefix+topic]; !told && !c.doubtful {
			c.warn("F020", top(catalogueFile(cat.lang)), say("add `%s: …`, or remove the list", topicPrefix+topic), "%q is of a topic that is not called anything", name)
		}
		for _, phrase := range cat.phrases[name] {
			take(phrase, topic)
		}
	}
}
