package main

import (
	"slices"

	"github.com/hearthline/hearthline/flows"
)

// tongues are the languages of the line that are meant by tags as people write them
// ("pt" for pt-BR, "zh-CN" for zh-Hans), each once. It is false where one is none of
// them, or none is named.
func tongues(tags, speaks []string) (all []string, ok bool) {
	for _, tag := range tags {
		lang, known := flows.Tongue(tag, speaks)
		if !known {
			return nil, false
		}
		if !slices.Contains(all, lang) {
			all = append(all, lang)
		}
	}
	return all, len(all) > 0
}
