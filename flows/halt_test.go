package flows

import (
	"slices"
	"strings"
	"testing"
)

// Every reasonable way to say stop, in the languages of who may text.
var stops = map[string][]string{
	"": {"STOP", "Stop.", "stop!!!", "STOPALL", "unsubscribe", "Opt out", "optout", "STOP 🛑"},
	"en": {
		"cancel", "END", "quit", "Revoke", "please stop", "Stop please", "Stop it", "STOP TEXTING ME", "please stop texting me!", "Stop calling me.",
		"stop sending me messages", "Quit texting me", "Can you please stop messaging this number", "I told you to stop", "Stop, I don't want these",
		"Thanks but no. Please stop texting me.", "I changed my number, stop texting me", "Don't text me anymore", "do not call me again", "Do not contact me",
		"dont ever call me", "never text this number", "I don’t want any more texts", "i do not want to receive these messages", "I no longer want reminders",
		"I don't want you to call me", "no more", "No more texts please", "no more calls", "no more of this", "I want to opt out", "opt me out please", "How do I unsubscribe?",
		"how do i stop these texts", "How can I stop getting reminders", "I want to stop receiving these", "I'd like to stop getting messages", "take me off your list",
		"Please remove me from this list", "Remove my number", "cancel my reminders", "end all messages", "stop the reminders", "Stop all texts now", "I revoke my consent",
		"wrong number", "You have the wrong number.", "Sorry, wrong person", "leave me alone", "Please leave me alone now", "lose my number", "go away", "I'm not interested",
		"turn off notifications", "stop with the texts", "pls stop bothering me", "hey stop spamming my phone",
	},
	"es": {
		"alto", "¡BASTA!", "no más", "No más, gracias", "pare", "Por favor paren", "ya basta", "cancelar", "baja", "quiero darme de baja", "No me escriban más", "no me llamen",
		"Deje de escribirme", "dejen de llamarme por favor", "ya no me manden mensajes", "No quiero recibir más mensajes", "ya no quiero recordatorios", "no más mensajes",
		"Quítenme de la lista", "déjenme en paz", "número equivocado", "Basta, no quiero más", "no me vuelvan a llamar", "cómo cancelo los mensajes",
	},
	"fr": {
		"arrêt", "Arrêtez", "ARRÊTER", "arrête", "Arrêtez de m'écrire", "Cessez de m’appeler svp", "Ne m'écrivez plus", "ne m'appelez plus jamais", "Je ne veux plus de messages",
		"plus de messages", "désabonnez-moi", "Laissez-moi tranquille", "retirez-moi de votre liste", "s'il vous plaît arrêtez", "ça suffit", "je voudrais me désabonner",
	},
	"ht": {"sispann", "rete", "Tanpri sispann", "sispann voye mesaj ban mwen", "pa voye mesaj ankò", "Pa rele m ankò", "mwen pa vle mesaj ankò", "kite m trankil", "retire m nan lis la"},
	"pt": {
		"pare", "PARAR", "chega", "sair", "Pare de me mandar mensagens", "não me ligue mais", "Não quero mais mensagens", "parem de ligar", "me deixe em paz",
		"me tire da lista", "chega de mensagens", "número errado", "não me mandem mais nada",
	},
	"zh": {"停止", "退订", "请停止", "不要再发了", "别发了", "不要再给我打电话", "取消订阅", "請不要再發簡訊", "我不想再收到这些短信", "TD"},
	"de": {"abmelden"}, "it": {"smettila"}, "vi": {"Dừng lại"}, "tl": {"Itigil na"}, "ru": {"Хватит!"}, "ko": {"수신거부"}, "ar": {"إلغاء"}, "ja": {"配信停止"},
}

// What has such a word in it, and asks for something else.
var goesOn = []string{
	"", "ok", "yes", "non-stop help", "I need non stop help", "I can't stop crying", "I cant stop", "how do I stop drinking", "I want to stop drinking", "I want to quit",
	"quit smoking group", "stop smoking", "find quit smoking", "my son won't stop using", "he won't stop calling me", "He wont stop texting me", "my ex keeps calling, please stop him",
	"please don't stop", "don't stop the reminders", "bus stop", "the bus stop is far", "can i stop by", "stop by anytime", "end of life", "when does it end", "the weekend", "no more pain",
	"i have no more strength", "I dont want to be alone", "i don't want my husband to see my phone", "I don't want him reading my texts", "do not call the office", "dont send help", "please call me",
	"call me", "cancel tonight", "cancel my spot", "I have to cancel, sorry", "leave", "leave 482105", "OUT", "not coming", "I can't come tonight", "in", "out", "never mind", "remind me",
	"reminders", "text me", "please text me back", "when is the next call", "the calls help me", "I love these messages", "your messages help", "wrong", "take me to the group",
	"take me off this world", "remove the pain", "How do I stop these thoughts", "make it stop", "i just want it to stop", "she told me to stop talking", "one stop", "stop lights",
	"no voy", "no puedo parar de llorar", "no puedo más", "para mi hermana", "busco grupo para padres", "mi esposo no me llama", "no me siento bien", "voy", "parada de autobús", "alto riesgo", "la baja autoestima",
	"je n'arrive pas à arrêter de boire", "arrêt de bus", "la fin de vie", "je viens", "à plus", "plus de dates",
	"mwen ka rete", "ki lè", "não consigo parar de chorar", "para mim", "estou chegando", "他不停地打我", "我停不下来", "请停止伤害我", "他不要再打我", "我想参加", "我取消不了",
}

func TestEveryWayToSayStop(t *testing.T) {
	t.Parallel()
	n := 0
	for lang, texts := range stops {
		for _, text := range texts {
			n++
			if got := halts(text, plainly(text)); !slices.Contains(got, lang) {
				t.Errorf("%q is no stop in %q: %q", text, lang, got)
			}
			loud := "  " + strings.ToUpper(text) + " "
			if got := halts(loud, plainly(loud)); len(got) == 0 {
				t.Errorf("%q in capitals is no stop", text)
			}
		}
	}
	for _, text := range goesOn {
		if got := halts(text, plainly(text)); len(got) > 0 {
			t.Errorf("%q is a stop in %q", text, got)
		}
	}
	if n < 60 || len(goesOn) < 40 {
		t.Errorf("only %d and %d texts are tried", n, len(goesOn))
	}
}

// FuzzHalts reads whatever is texted. What is one in capitals is one in small
// letters, and what is said around it in a sentence of its own does not hide it.
func FuzzHalts(f *testing.F) {
	for _, texts := range stops {
		for _, text := range texts {
			f.Add(text)
		}
	}
	for _, text := range goesOn {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, body string) {
		got := halts(body, plainly(body))
		if again := halts(body, plainly(body)); !slices.Equal(got, again) {
			t.Fatalf("%q and %q", got, again)
		}
		if len(got) > 0 && len(plainWords(body)) == 0 {
			t.Fatal("nothing was a stop")
		}
		asked := "Please stop texting me. " + body
		if len(halts(asked, plainly(asked))) == 0 {
			t.Fatal("a clear sentence was not seen")
		}
	})
}
