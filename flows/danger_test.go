package flows_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hearthline/hearthline/flows"
)

// inDanger are the things of which people speak who are dying or in danger, each as it
// may be texted in every language of the built-in flow, and badly.
var inDanger = map[string]map[string]string{
	"suicide":         {"en": "thinking about suicide", "es": "pienso en el suicidio", "fr": "je pense au suicide", "ht": "m ap panse ak swisid", "pt-BR": "penso em suicidio", "zh-Hans": "我想自杀"},
	"kill oneself":    {"en": "I'm gonna kill myself", "es": "me voy a matar", "fr": "je vais me tuer", "ht": "m pral touye tet mwen", "pt-BR": "vou me matar", "zh-Hans": "我要杀了自己"},
	"wish to die":     {"en": "I just want to die", "es": "ya me quiero morir", "fr": "jveux mourir", "ht": "mwen vle mouri", "pt-BR": "eu quero morrer", "zh-Hans": "我好想死"},
	"not to live":     {"en": "i dont wanna live anymore", "es": "ya no quiero vivir", "fr": "je veux plus vivre", "ht": "m pa vle viv anko", "pt-BR": "nao quero mais viver", "zh-Hans": "不想活了"},
	"not to wake":     {"en": "I don't want to wake up tomorrow", "es": "no quiero despertar mañana", "fr": "j'aimerais ne plus me réveiller", "ht": "mwen pa vle reveye anko", "pt-BR": "não quero mais acordar", "zh-Hans": "我不想醒过来"},
	"to sleep on":     {"en": "I want to sleep forever", "es": "quiero dormir para siempre", "fr": "dormir pour toujours", "ht": "m vle domi pou tout tan", "pt-BR": "quero dormir para sempre", "zh-Hans": "想一睡不醒"},
	"to be dead":      {"en": "I wish I was dead", "es": "ojalá estuviera muerta", "fr": "je voudrais être mort", "ht": "m swete m te mouri", "pt-BR": "queria estar morta", "zh-Hans": "死了就好了"},
	"better dead":     {"en": "I'd be better off dead", "es": "estaría mejor muerto", "fr": "je serais mieux morte", "ht": "pito m mouri", "pt-BR": "seria melhor morrer", "zh-Hans": "还不如死了"},
	"better without":  {"en": "they are better off without me", "es": "estarían mejor sin mí", "fr": "ils seraient mieux sans moi", "ht": "y ap pi byen san mwen", "pt-BR": "ficariam melhor sem mim", "zh-Hans": "没有我大家会更好"},
	"let me die":      {"en": "just let me die", "es": "déjenme morir", "fr": "laissez-moi mourir", "ht": "kite m mouri", "pt-BR": "me deixem morrer", "zh-Hans": "让我死吧"},
	"cannot go on":    {"en": "I can't do this anymore", "es": "ya no puedo más", "fr": "j'en peux plus", "ht": "m pa kapab anko", "pt-BR": "nao aguento mais", "zh-Hans": "我撑不下去了"},
	"no reason":       {"en": "there's nothing to live for", "es": "no tengo razón para vivir", "fr": "aucune raison de vivre", "ht": "m pa gen rezon pou m viv", "pt-BR": "não tenho motivo pra viver", "zh-Hans": "没有理由活下去"},
	"tired of life":   {"en": "so tired of living", "es": "estoy cansada de vivir", "fr": "fatiguée de vivre", "ht": "m bouke viv", "pt-BR": "cansado de viver", "zh-Hans": "我活腻了"},
	"life worthless":  {"en": "life is not worth living", "es": "la vida no vale la pena", "fr": "la vie ne vaut pas la peine", "ht": "lavi pa vo anyen", "pt-BR": "a vida nao vale a pena", "zh-Hans": "活着没有意义"},
	"end it":          {"en": "going to end it tonight", "es": "quiero acabar con todo", "fr": "je veux en finir", "ht": "m vle fini ak lavi m", "pt-BR": "quero acabar com tudo", "zh-Hans": "想结束这一切"},
	"end my life":     {"en": "end my life", "es": "terminar con mi vida", "fr": "mettre fin à mes jours", "ht": "retire lavi m", "pt-BR": "tirar a minha vida", "zh-Hans": "结束自己的生命"},
	"disappear":       {"en": "I want to disappear", "es": "quiero desaparecer", "fr": "je veux disparaître", "ht": "m vle disparet", "pt-BR": "quero sumir", "zh-Hans": "我想消失"},
	"nobody cares":    {"en": "no one would miss me", "es": "nadie me extrañaría", "fr": "je ne manquerais à personne", "ht": "pesonn pap sonje m", "pt-BR": "ninguém sentiria minha falta", "zh-Hans": "我死了没人会在乎"},
	"last note":       {"en": "I wrote a suicide note", "es": "ya escribí mi carta de despedida", "fr": "j'ai écrit ma lettre d'adieu", "ht": "m ekri let adye m", "pt-BR": "escrevi a carta de despedida", "zh-Hans": "写好遗书了"},
	"hanging":         {"en": "hang myself", "es": "quiero ahorcarme", "fr": "je vais me pendre", "ht": "m pral pann tet mwen", "pt-BR": "vou me enforcar", "zh-Hans": "想上吊"},
	"jumping":         {"en": "jump off the bridge", "es": "tirarme de un puente", "fr": "sauter d'un pont", "ht": "m pral sote pon an", "pt-BR": "vou pular da ponte", "zh-Hans": "我在天台想跳下去"},
	"wrists":          {"en": "slit my wrists", "es": "cortarme las venas", "fr": "m'ouvrir les veines", "ht": "koupe venn mwen", "pt-BR": "cortar os pulsos", "zh-Hans": "想割腕"},
	"looks harmless":  {"en": "I will jump off the bridge", "es": "me corto la piel", "fr": "je me coupe les veines", "ht": "m koupe tet mwen anko", "pt-BR": "vou morrer de tanta dor", "zh-Hans": "我又想死了"},
	"cutting":         {"en": "I cut myself again", "es": "me corté otra vez", "fr": "je me coupe", "ht": "m koupe tet mwen", "pt-BR": "eu me cortei", "zh-Hans": "又自残了"},
	"hurting oneself": {"en": "I want to hurt myself", "es": "hacerme daño", "fr": "me faire du mal", "ht": "m vle fe tet mwen mal", "pt-BR": "quero me machucar", "zh-Hans": "想伤害自己"},
	"pills":           {"en": "I took all my pills", "es": "me tomé todas las pastillas", "fr": "j'ai pris toutes mes pilules", "ht": "m bwe tout grenn yo", "pt-BR": "tomei todos os remedios", "zh-Hans": "我吞药了"},
	"too many pills":  {"en": "took too many pills", "es": "tomé muchas pastillas", "fr": "trop de médicaments", "ht": "m pran twop grenn", "pt-BR": "tomei remédio demais", "zh-Hans": "吃了很多安眠药"},
	"overdose":        {"en": "i overdosed", "es": "una sobredosis", "fr": "une surdose", "ht": "ovèdoz", "pt-BR": "tive uma overdose", "zh-Hans": "吃药过量"},
	"poison":          {"en": "I drank bleach", "es": "tomé veneno", "fr": "j'ai bu du poison", "ht": "m bwe pwazon", "pt-BR": "tomei veneno", "zh-Hans": "我喝农药了"},
	"shooting":        {"en": "going to shoot myself", "es": "darme un tiro", "fr": "me tirer une balle", "ht": "m pral tire tet mwen", "pt-BR": "dar um tiro na cabeça", "zh-Hans": "我想开枪打死自己"},
	"beaten":          {"en": "my boyfriend beats me", "es": "mi marido me pega", "fr": "mon mari me frappe", "ht": "mari m ap bat mwen", "pt-BR": "meu marido me bate", "zh-Hans": "我老公打我"},
	"was beaten":      {"en": "he hit me", "es": "me pegó", "fr": "il m'a frappée", "ht": "li frape m", "pt-BR": "ele me bateu", "zh-Hans": "他打我了"},
	"will be killed":  {"en": "he is going to kill me", "es": "me va a matar", "fr": "il va me tuer", "ht": "li vle touye m", "pt-BR": "ele vai me matar", "zh-Hans": "他要杀我"},
	"threatened":      {"en": "he threatened to kill me", "es": "me amenaza", "fr": "il me menace", "ht": "li menase m", "pt-BR": "ele me ameaçou", "zh-Hans": "他威胁我"},
	"choked":          {"en": "he choked me", "es": "me está ahorcando", "fr": "il m'étrangle", "ht": "li trangle m", "pt-BR": "ele me enforcou", "zh-Hans": "他掐我脖子"},
	"gun":             {"en": "he has a gun", "es": "tiene una pistola", "fr": "il a un fusil", "ht": "li gen yon zam", "pt-BR": "ele tem uma arma", "zh-Hans": "他手里有枪"},
	"knife":           {"en": "she has a knife", "es": "tiene un cuchillo", "fr": "elle a un couteau", "ht": "li gen yon kouto", "pt-BR": "ela tem uma faca", "zh-Hans": "他拿着刀"},
	"rape":            {"en": "he raped me", "es": "me violó", "fr": "il m'a violée", "ht": "li vyole m", "pt-BR": "ele me estuprou", "zh-Hans": "他强奸我"},
	"in danger":       {"en": "I'm in danger", "es": "estoy en peligro", "fr": "je suis en danger", "ht": "m an danje", "pt-BR": "to em perigo", "zh-Hans": "我有危险"},
	"fear for life":   {"en": "I fear for my life", "es": "temo por mi vida", "fr": "j'ai peur pour ma vie", "ht": "m pè pou lavi m", "pt-BR": "tenho medo de morrer", "zh-Hans": "我怕他会打死我"},
	"dying":           {"en": "help im dying", "es": "me estoy muriendo", "fr": "je suis en train de mourir", "ht": "m ap mouri tanpri", "pt-BR": "estou morrendo", "zh-Hans": "我快死了"},
	"police":          {"en": "call the police", "es": "llamen a la policía", "fr": "appelez la police", "ht": "rele lapolis", "pt-BR": "chamem a policia", "zh-Hans": "帮我报警"},
	"ambulance":       {"en": "i need an ambulance", "es": "una ambulancia", "fr": "une ambulance svp", "ht": "m bezwen anbilans", "pt-BR": "preciso de uma ambulancia", "zh-Hans": "叫救护车"},
	"911":             {"en": "call911", "es": "llame al 911", "fr": "faites le 911", "ht": "rele 911", "pt-BR": "ligue 911", "zh-Hans": "打911"},
}

// harmless are texts with words of death that are not about anybody's own.
var harmless = map[string][]string{
	"en": {"just killing time", "dying to meet you all", "I'm dying to know", "my mother died", "I lost my husband", "that cake is to die for", "my phone died", "I killed it today", "the deadline is tonight",
		"this traffic is killing me", "wake me up before", "I don't want to", "I can't come anymore", "join 482105", "how long is the call"},
	"es":      {"matando el tiempo", "me muero de ganas de verles", "me muero de risa", "mi madre murió", "perdí a mi hijo", "no puedo ir", "no quiero", "estoy cansada"},
	"fr":      {"je tue le temps", "je meurs d'envie de vous voir", "mort de rire", "ma mère est morte", "je ne peux pas venir", "je suis fatiguée"},
	"ht":      {"m ap mouri grangou", "m ap mouri ri", "manman m mouri", "m pa ka vini", "m bouke"},
	"pt-BR":   {"matando o tempo", "morrendo de vontade de ir", "morrendo de rir", "estou morrendo de fome", "minha mãe morreu", "não posso ir", "estou cansada"},
	"zh-Hans": {"想死你们了", "我想死大家了", "笑死我了", "忙死了", "累死了", "饿死了", "妈妈去世了", "打发时间", "他打电话给我", "不想来", "打死也不去"},
}

func TestDangerIsReadInEveryLanguage(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	line := v.Directory.Line
	line.Languages, v.Text = spoken, true
	v.Directory = flows.NewDirectory(line, v.Directory.Groups(), at)
	dangerous := func(lang, body string) bool {
		out := flows.Run(f, v, flows.State{Lang: lang}, flows.Input{Event: flows.Texted, Keys: body}, admits(v))
		return out.Said[0].Prompt == "danger"
	}
	for what, texts := range inDanger {
		if got := slices.Sorted(maps.Keys(texts)); !slices.Equal(got, spoken) {
			t.Errorf("%s is told in %v alone", what, got)
		}
		for lang, body := range texts {
			if !dangerous(lang, body) {
				t.Errorf("%s: %q is not taken for danger in %s", what, body, lang)
			}
		}
	}
	for _, lang := range spoken {
		for name, words := range f.Words(lang) {
			if i := slices.IndexFunc(words, func(word string) bool { return dangerous(lang, word) }); i >= 0 {
				t.Errorf("%q, which is called %q in %s, is taken for danger", name, words[i], lang)
			}
		}
	}
	for lang, bodies := range harmless {
		for _, body := range bodies {
			if dangerous(lang, body) {
				t.Errorf("%q is taken for danger in %s", body, lang)
			}
		}
	}
}

// What people dial in danger is the line's: it is told in every language, and a text
// that names it is one of danger. Where nobody said, it is 911.
func TestWhatPeopleDialInDangerIsTheLines(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	on := func(emergency string) flows.View {
		v, line := v, v.Directory.Line
		line.Languages, line.Emergency, v.Text = spoken, emergency, true
		v.Directory = flows.NewDirectory(line, v.Directory.Groups(), at)
		return v
	}
	b := inTwo(t)
	for _, file := range []string{en, es} {
		before, after, _ := strings.Cut(b[file], "\ngoodbye:")
		b[file] = before + "\ngoodbye:" + strings.Replace(after, "{line.name}", "{emergency.number}", 1)
	}
	spokenToo, problems := flows.Compile(b)
	if spokenToo == nil {
		t.Fatal(problems)
	}
	for emergency, want := range map[string]string{"": "911", "112": "112", "10111": "10111"} {
		v := on(emergency)
		for _, lang := range spoken {
			said := flows.Run(f, v, flows.State{Lang: lang}, flows.Input{Event: flows.Texted, Keys: "911"}, admits(v)).Said[0].Text()
			if !strings.Contains(said, want) || want != "911" && strings.Contains(said, "911") {
				t.Errorf("on a line of %q, %s says %q", emergency, lang, said)
			}
		}
		v.Text = false
		if said, want := spokenToo.Say(v, flows.State{Lang: "en"}, "goodbye").Text(), strings.Join(strings.Split(want, ""), ", "); !strings.Contains(said, want) {
			t.Errorf("a voice says %q", said)
		}
	}
	for _, tt := range []struct {
		emergency, body string
		want            bool
	}{
		{"999", "call 999", true}, {"999", "999!", true}, {"999", "call999", true}, {"", "call 999", false}, {"999", "join 999482", false},
		{"15", "15", true}, {"15", "in 15 minutes", false},
	} {
		v := on(tt.emergency)
		out := flows.Run(f, v, flows.State{Lang: "en"}, flows.Input{Event: flows.Texted, Keys: tt.body}, admits(v))
		if got := out.Said[0].Prompt == "danger"; got != tt.want {
			t.Errorf("on a line of %q, %q is taken for danger: %t", tt.emergency, tt.body, got)
		}
	}
}
