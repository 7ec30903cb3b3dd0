package console

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// languages are those of the console, the first for who wants none of them.
var languages = []string{"en", "es"}

var matcher = language.NewMatcher([]language.Tag{language.English, language.Spanish})

// catalogue is what pages say, by language and key. A file words/<area>.<lang>.yaml
// holds the keys of an area, "groups.title"; {name} is a slot. A text that depends on
// a number has a key per plural form (CLDR): "groups.count.one", "groups.count.other".
type catalogue map[string]map[string]string

func readCatalogue(files fs.FS) (catalogue, error) {
	all := catalogue{}
	for _, lang := range languages {
		all[lang] = map[string]string{}
		err := readAreas(files, "words/*."+lang+".yaml", func(name string, area map[string]string) {
			prefix, _, _ := strings.Cut(path.Base(name), ".")
			for key, words := range area {
				all[lang][prefix+"."+key] = strings.TrimSpace(words)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// readAreas reads the files of a pattern, each of words by their keys.
func readAreas(files fs.FS, pattern string, take func(name string, area map[string]string)) error {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		var area map[string]string
		if err := yaml.Unmarshal(text, &area); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		take(name, area)
	}
	return nil
}

// match is the language of a page: that of who is signed in, else the one asked for
// by ?lang=, else the browser's.
func (c catalogue) match(w *who, r echo.Context) string {
	if w != nil && slices.Contains(languages, w.Lang) {
		return w.Lang
	}
	if asked := r.QueryParam("lang"); slices.Contains(languages, asked) {
		return asked
	}
	accepted, _, _ := language.ParseAcceptLanguage(r.Request().Header.Get("Accept-Language"))
	_, i, _ := matcher.Match(accepted...)
	return languages[i]
}

func (c catalogue) text(lang, key string, pairs []any) (string, error) {
	words, ok := c[lang][key]
	if !ok {
		return "", fmt.Errorf("no words %q in %s", key, lang)
	}
	var slots []string
	for i := 0; i+1 < len(pairs); i += 2 {
		slots = append(slots, fmt.Sprintf("{%v}", pairs[i]), fmt.Sprint(pairs[i+1]))
	}
	return strings.NewReplacer(slots...).Replace(words), nil
}

func (c catalogue) count(lang, key string, n int, pairs []any) (string, error) {
	form := ".other"
	if plural.Cardinal.MatchPlural(language.Make(lang), n, 0, 0, 0, 0) == plural.One {
		form = ".one"
	}
	return c.text(lang, key+form, append([]any{"n", n}, pairs...))
}

// Languages are those that the desk has words in.
func Languages() []string { return slices.Clone(languages) }

// Say is one of the desk's texts in a language of its own, for who prints what a page
// would show.
func Say(lang, key string, pairs ...any) (string, error) {
	words, err := ownWords()
	if err != nil {
		return "", err
	}
	return words.text(lang, key, pairs)
}
