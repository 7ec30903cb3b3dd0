package store

import (
	"path/filepath"
	"strings"
)

// Feed is a meeting list that somebody else keeps, read. Its groups have a
// slug, and neither code nor stage: those are the line's.
type Feed struct {
	// Name is the same at every import of the list: small letters, digits and -.
	Name   string
	Groups []Group
	// Held are the slugs of rows that are there but could not be read. A slip in
	// a row does not take its group off the line: it stays as the last import
	// left it.
	Held []string
}

// FeedName makes a feed's name of the name of its file; "" if it holds neither
// letter nor digit.
func FeedName(file string) string {
	base := filepath.Base(file)
	base = strings.ToLower(strings.TrimSuffix(base, filepath.Ext(base)))
	return strings.Trim(notSlug.ReplaceAllString(base, "-"), "-")
}

// IsFeedName reports whether a feed may be called so.
func IsFeedName(name string) bool { return len(name) <= maxName && slug.MatchString(name) }

// IsTopic reports whether a text is a topic's slug.
func IsTopic(text string) bool { return len(text) <= maxName && slug.MatchString(text) }
