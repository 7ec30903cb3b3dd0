package console

import (
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/store"
)

func TestActsAreSentences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ act, detail, en, es, more string }{
		{"group.pause", "482105", "paused the group 482105", "pausó el grupo 482105", ""},
		{"group.pause", "=1+1", "paused the group", "pausó el grupo", "=1+1"},
		{"group.change", "482105 (discreet name, capacity)", "changed the group 482105: discreet name, places", "cambió el grupo 482105: nombre discreto, plazas", ""},
		{"group.skip", "group 482105 on 2026-11-24", "cancelled the group 482105 on 2026-11-24", "canceló el grupo 482105 del 2026-11-24", ""},
		{"group.move", "group 482105 on 2026-11-24 to 2026-11-25T20:00", "moved the group 482105 from 2026-11-24 to 2026-11-25 20:00", "pasó el grupo 482105 del 2026-11-24 al 2026-11-25 20:00", ""},
		{"group.add_date", "group 482105 at 2026-11-25T20:00", "added a date to the group 482105, 2026-11-25 20:00", "añadió una fecha al grupo 482105, 2026-11-25 20:00", ""},
		{"account.invite", "Bo Lee, coordinator", "invited Bo Lee as coordinator", "invitó a Bo Lee como coordinación", ""},
		{"account.groups", "Bo, 3", "changed the groups of Bo, now 3", "cambió los grupos de Bo, ahora 3", ""},
		{"account.password", "Ada", "set a new password", "puso una contraseña nueva", ""},
		{"account.password", "Smith, Bo", "set a new password for Smith, Bo", "puso una contraseña nueva para Smith, Bo", ""},
		{"account.sign_in", "Ada, passkey", "signed in with a passkey", "entró con llave de acceso", ""},
		{"account.sign_in", "", "signed in", "entró", ""},
		{"request.add", "erase R-7", "noted a data request: to be forgotten, R-7", "anotó una solicitud de datos: ser olvidado, R-7", ""},
		{"request.close", "R-7", "marked the data request R-7 as answered", "marcó la solicitud de datos R-7 como respondida", ""},
		{"line.settings", "zone crisis_number", "changed the line’s settings: time zone, number of the crisis line", "cambió los ajustes de la línea: zona horaria, número de la línea de crisis", ""},
		{"number.provision", "2 settings at the carrier", "entered settings at the carrier: 2", "puso ajustes en el operador telefónico: 2", ""},
		{"flow.publish", "0f9e8d7c6b5a", "published a version of what callers hear: 0f9e8d7c6b5a", "publicó una versión de lo que se oye: 0f9e8d7c6b5a", ""},
		{"flow.tester.add", "2", "added a tester, now 2", "añadió un número de prueba, ahora 2", ""},
		{"member.erase", "", "forgot a number", "olvidó un número", ""},
		{"teapot.boil", "482105", "teapot.boil", "teapot.boil", "482105"},
	} {
		for lang, want := range map[string]string{"en": c.en, "es": c.es} {
			did, more, err := SayAct(lang, store.AuditListed{Actor: "Ada", Act: c.act, Detail: c.detail})
			if err != nil || did != want || more != c.more {
				t.Errorf("%s, %s %q: %q and %q, %v; want %q and %q", lang, c.act, c.detail, did, more, err, want, c.more)
			}
		}
	}
}

// Whatever a detail is, what it says is said, and nothing of a text's own marks.
func FuzzSayAct(f *testing.F) {
	f.Add("group.move", "group 482105 on 2026-11-24 to 2026-11-25T20:00")
	f.Add("account.invite", "[{name}], {word}")
	f.Fuzz(func(t *testing.T, act, detail string) {
		for _, lang := range languages {
			did, _, err := SayAct(lang, store.AuditListed{Actor: "Ada", Act: act, Detail: detail})
			if err != nil || !strings.ContainsAny(act+detail, "[]{}") && strings.ContainsAny(did, "[]{}") {
				t.Errorf("%q %q: %q, %v", act, detail, did, err)
			}
		}
	})
}

// TestEveryActHasWords finds in the source what is entered into the audit log.
func TestEveryActHasWords(t *testing.T) {
	t.Parallel()
	words, err := ownWords()
	if err != nil {
		t.Fatal(err)
	}
	acts := actsInSource(t)
	for _, known := range []string{"group.pause", "group.archive", "group.move", "session.remove", "account.password", "roster.read", "voicemail.hear", "cover.take", "subpoena"} {
		if !slices.Contains(acts, known) {
			t.Errorf("%s is not found in the source, so that others may be missed", known)
		}
	}
	for _, act := range acts {
		kind, _, _ := strings.Cut(act, ".")
		for _, key := range []string{"acts." + act, "acts.kind." + kind} {
			if words["en"][key] == "" {
				t.Errorf("%s is entered into the audit log, and has no words %q", act, key)
			}
		}
	}
	for key := range words["en"] {
		act, is := strings.CutPrefix(key, "acts.")
		kind, _, _ := strings.Cut(act, ".")
		if is && !slices.Contains([]string{"kind", "field", "word"}, kind) && !slices.Contains(acts, act) {
			t.Errorf("%q are the words of an act that nobody enters", key)
		}
	}
}
