package schedule

import "testing"

// Every question is there in every language, and says how to answer it.
func TestWhenFaultsAreWhole(t *testing.T) {
	t.Parallel()
	for lang := range whenLanguages {
		if _, ok := catalogue[lang]; !ok {
			t.Errorf("%s is read and not spoken", lang)
		}
	}
	for lang := range catalogue {
		if whenLanguages[lang] == nil {
			t.Errorf("%s is spoken and not read", lang)
		}
	}
}
