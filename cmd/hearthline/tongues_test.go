package main

import (
	"strings"
	"testing"
)

func TestTongues(t *testing.T) {
	t.Parallel()
	speaks := []string{"en", "es", "fr", "ht", "pt-BR", "zh-Hans"}
	for setting, want := range map[string]string{
		"en,es": "en,es", "es": "es", "ES, en-US": "es,en", "pt,zh-CN,fr-CA,ht": "pt-BR,zh-Hans,fr,ht", "pt,pt-BR": "pt-BR", "en,de": "", "english": "", "": "", ",": "",
	} {
		all, ok := tongues(list(setting), speaks)
		if got := strings.Join(all, ","); got != want || ok != (want != "") {
			t.Errorf("%q is %q, want %q", setting, got, want)
		}
	}
}
