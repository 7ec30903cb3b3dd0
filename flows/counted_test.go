package flows_test

import (
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// TestCountsFollowWhatIsCounted holds that no voice is left to guess the gender of a number,
// that a place in a line has none, and that a text has digits.
func TestCountsFollowWhatIsCounted(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	for _, tt := range []struct {
		lang, prompt string
		session      flows.Session
		voice, text  string
	}{
		{"pt-BR", "status", flows.Session{Here: 2, Hand: 2, Minutes: 2},
			"Há duas pessoas aqui. Você é o número 2 da fila. Faltam 2 minutos.", "Há 2 pessoas aqui. Seu lugar na fila: 2. Faltam 2 minutos."},
		{"es", "status", flows.Session{Here: 21, Hand: 21, Minutes: 21},
			"Hay veintiuna personas. Su lugar en la fila es el número 21. Quedan veintiún minutos.", "Hay 21 personas. Su lugar es el 21. Quedan 21 minutos."},
		{"fr", "status", flows.Session{Here: 21, Minutes: 61},
			"Vous êtes 21 ici. Il reste soixante et une minutes.", "Vous êtes 21 ici. Il reste 61 minutes."},
		{"ht", "status", flows.Session{Here: 21, Minutes: 3}, "Gen 21 moun la. Li rete twa minit.", "Gen 21 moun la. Li rete 3 minit."},
		{"zh-Hans", "status", flows.Session{Here: 2, Hand: 2, Minutes: 12}, "这里一共有两个人。您排在第2位。还剩十二分钟。", "这里一共有2个人。您排第2位。还剩12分钟。"},
		{"es", "one_waiting", flows.Session{Number: 1}, "en la puerta: una.", "en la puerta: 1."},
		{"pt-BR", "one_waiting", flows.Session{Number: 2}, "na porta: duas.", "na porta: 2."},
		{"fr", "one_waiting", flows.Session{Number: 21}, "à la porte : vingt et une.", "à la porte : 21."},
		{"zh-Hans", "one_waiting", flows.Session{Number: 2}, "有两个人在门口等候。", "有2个人在门口等候。"},
		{"es", "waiting_door", flows.Session{Waiting: 22}, "Otras veintiuna personas esperan con usted.", "Otras 21 personas esperan con usted."},
	} {
		v := view(t)
		v.Session = &tt.session
		for _, want := range []string{tt.voice, tt.text} {
			if got := f.Say(v, flows.State{Lang: tt.lang}, tt.prompt).Text(); !strings.Contains(got, want) {
				t.Errorf("%s in %s (text: %v) is %q, not %q", tt.prompt, tt.lang, v.Text, got, want)
			}
			v.Text = true
		}
	}
}
