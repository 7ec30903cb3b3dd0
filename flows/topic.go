package flows

import (
	"maps"
	"slices"
	"strings"
)

// alsoPrefix begins the lists of what else people call a topic: `also_grief: [bereavement]`.
const alsoPrefix = "also_"

// topicNames are what a topic is called, in plain words; its own name first.
func (c *catalogue) topicNames(topic string) []string {
	if all, ok := c.lookedFor.topics[topic]; ok {
		return all
	}
	return plainNames(topic)
}

// plainNames is a name in plain words, nothing if it has none.
func plainNames(name string) []string {
	if plain := plainly(name); plain != "" {
		return []string{plain}
	}
	return nil
}

// topicCalled is the topic of which plain words are a name; without one, that of which
// they begin a name; "" for none.
func (c *catalogue) topicCalled(words string, topics []string) string {
	begun := ""
	for _, topic := range topics {
		for _, name := range c.topicNames(topic) {
			switch {
			case name == words:
				return topic
			case begun == "" && strings.HasPrefix(name, words) && tells(words, shortestBeginning):
				begun = topic
			}
		}
	}
	return begun
}

// spokenOf is the topic of which plain words speak among others, as "my husband has
// died" does of grief: that of the longest name in them, and of two the one that is
// named first, with that name; "" for none.
func (c *catalogue) spokenOf(words string, topics []string) (topic, longest string) {
	first := 0
	for _, slug := range topics {
		for _, name := range c.topicNames(slug) {
			at := standsIn(words, name)
			if at >= 0 && (len(name) > len(longest) || len(name) == len(longest) && at < first) && tells(name, shortestBeginning) {
				topic, longest, first = slug, name, at
			}
		}
	}
	return topic, longest
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
	c, all := t.flow.catalogue(t.s.Lang), lists[n.source].ids(t)
	text := strings.Join(said, " ")
	if topic := c.topicCalled(c.withoutSmall(text), all); topic != "" {
		return topic
	}
	topic, name := c.spokenOf(text, all)
	if another, _ := c.spokenOf(strings.ReplaceAll(text, name, ""), all); another != "" && another != topic {
		return "" // of two at once
	}
	return topic
}

// otherNamesOf are what else people call what an item of a list is, if it is a topic.
func (c *catalogue) otherNamesOf(n *node, id string) []string {
	if lists[n.source].into != "topic" {
		return nil
	}
	return c.phrases[alsoPrefix+id]
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
