package flows

import (
	"slices"
	"strings"
)

// wordHalt is the name of the word by which somebody wants to be left alone.
const wordHalt = "halt"

// halted takes a text that asks us to stop, in whatever language: somebody may
// have any, and the law asks for every reasonable way. It is answered in a
// language of the line.
// Source: 47 CFR 64.1200(a)(10)
func (t *turn) halted(body, text string) bool {
	langs := halts(body, text)
	i := slices.IndexFunc(t.flow.words, func(w word) bool { return w.name == wordHalt })
	if len(langs) == 0 || i < 0 {
		return false
	}
	of := func(l string) bool { return slices.Contains(langs, baseOf(l)) }
	if !of(t.s.Lang) && !slices.Contains(langs, anyTongue) {
		if known := slices.IndexFunc(t.languages(), of); known >= 0 {
			t.s.Lang = t.languages()[known]
		}
	}
	t.enter(t.flow.words[i].next.node)
	return true
}

// halts names the languages in which a text asks us to stop: in so many words,
// or in a sentence that can mean nothing else. Whole is all of it in plain words.
func halts(body, whole string) (langs []string) {
	if whole == "" {
		return nil
	}
	clauses := append(make([]string, 0, 4), whole)
	if strings.ContainsFunc(body, clauseEnd) {
		for clause := range strings.FieldsFuncSeq(body, clauseEnd) {
			if c := plainly(clause); c != "" {
				clauses = append(clauses, c)
			}
		}
	}
	for _, h := range haltings {
		if h.asks(whole, clauses) {
			langs = append(langs, h.lang)
		}
	}
	return langs
}

func clauseEnd(r rune) bool { return strings.ContainsRune(".,;:!?¡¿。，；：！？、\n", r) }

// halting is how people of one language ask for it.
type halting struct {
	lang string // without its script or country
	// whole are whole texts; first may also begin one, before a comma or a stop.
	whole, first []string
	// sentence matches one that is whole between stops.
	sentence *requests
	// within are enough wherever they stand, in a script without spaces.
	within []string
}

func (h halting) asks(whole string, clauses []string) bool {
	if slices.Contains(h.whole, whole) || slices.Contains(h.first, whole) || len(clauses) > 1 && slices.Contains(h.first, clauses[1]) {
		return true
	}
	return h.holds(whole) || slices.ContainsFunc(clauses, h.sentence.match)
}

// holds says whether something that is enough by itself stands in a text. Texts of other
// scripts need not be looked through.
func (h halting) holds(whole string) bool {
	if len(h.within) == 0 || !hasHan(whole) {
		return false
	}
	solid := strings.ReplaceAll(whole, " ", "")
	return slices.ContainsFunc(h.within, func(w string) bool { return strings.Contains(solid, w) })
}

// anyTongue is the language of a word that is everybody's.
const anyTongue = ""

// haltings are written as plainWords reads them: see init.
var haltings = []halting{
	{lang: anyTongue, first: phrases("stop; stopall; stop all; stopp; unsubscribe; optout; opt out")},
	{
		lang: "en",
		whole: phrases(`cancel; end; quit; revoke; unsub; opt me out; no more; no more please; no more thanks; no more thank you; go away;
			remove me; remove my number; lose my number; lose this number; not interested; im not interested; i am not interested;
			do not disturb; do not contact; no texts; no calls; no reminders; i do not consent; fuck off; enough already`),
		sentence: english(),
	},
	{
		lang: "es",
		whole: phrases(`para; pare; paren; parar; parale; detener; detenganse; cancelar; cancele; cancelen; cancela; baja; darme de baja; dar de baja;
			dame de baja; deme de baja; denme de baja; salir; fin; terminar; ya no quiero; ya no quiero nada; ya para; ya pare; ya paren;
			no molestar; no molesten; no moleste; no mas; no mas por favor; no mas gracias; por favor no mas; numero equivocado; no me interesa`),
		first: phrases(`alto; basta; basta ya; ya basta; por favor pare; por favor paren; por favor alto; pare por favor; paren por favor; alto por favor; basta por favor`),
		sentence: politely(
			`por favor; porfa; hola; gracias; oiga; oigan; ya; pues; les pido que; le pido que; quiero que; necesito que; pueden; puede; podrian; podria`,
			`(?:deja|deje|dejen|dejar|para|pare|paren|parar) de (?:escribir|llamar|mandar|enviar|molestar|contactar|textear|mensajear|recordar)(?:me|nos|le|les)?(?: .*)?`,
			`(?:que )?(?:ya )?no me (?:vuelva|vuelvan|vuelvas) a (?:escribir|llamar|mandar|enviar|molestar|contactar|textear)(?: .*)?`,
			`(?:que )?(?:ya )?no (?:me|nos) (?:escriba|escriban|escribas|llame|llamen|llames|mande|manden|mandes|envie|envien|envies|contacte|contacten|contactes|moleste|molesten|molestes|textee|texteen|textees|recuerden|recuerde)(?: .*)?`,
			`(?:ya )?no (?:quiero|deseo|necesito) (?:(?:recibir|que me|mas|sus|estos|los|tantos|ningun|de) )*(?:mensajes?|llamadas?|recordatorios?|textos?|avisos?|sms|escriban|llamen|manden|envien|contacten)(?: .*)?`,
			`no mas (?:mensajes?|llamadas?|recordatorios?|textos?|avisos?|sms)(?: .*)?`,
			`(?:quitenme|quiteme|quitame|saquenme|saqueme|sacame|borrenme|eliminenme|eliminen mi numero|quiten mi numero|saquen mi numero)(?: de (?:la|su|esta|las|sus) listas?)?`,
			`(?:dejenme|dejeme|dejame) (?:en paz|tranquil[oa])`,
			`(?:quiero|deseo|quisiera|como (?:puedo )?)? ?(?:darme de baja|cancelar|cancelo|detener|parar|terminar)(?: (?:de|los|las|mis|estos|estas|sus|mi|la))* (?:mensajes|llamadas|recordatorios|textos|avisos|sms|suscripcion|lista|servicio)(?: .*)?`,
			`(?:quiero|deseo|quisiera|como) (?:puedo )?darme de baja(?: .*)?`,
			`(?:es|tiene|tienen|marco|este es) (?:el |un )?numero equivocado`,
		),
	},
	{
		lang: "fr",
		whole: phrases(`arret; arreter; annuler; fin; ca suffit; desabonner; desabonnement; desabonnez moi; se desabonner; me desabonner; desinscrire; desinscription;
			desinscrivez moi; desinscris moi; retirez moi; supprimez mon numero; plus rien; non plus de messages; mauvais numero; pas interesse; pas interessee; ne pas deranger`),
		first: phrases(`arrete; arretez; stop svp; stop sil vous plait; arretez svp; arretez sil vous plait; arrete svp; sil vous plait arretez; svp arretez`),
		sentence: politely(
			`sil vous plait; sil te plait; svp; stp; bonjour; merci; merci de; non; veuillez; pouvez vous; je vous demande d; je vous prie de`,
			`(?:arrete|arretez|cesse|cessez|arreter|cesser) (?:de )?(?:me |nous |m|mes )?(?:ecrire|mecrire|decrire|appeler|mappeler|dappeler|envoyer|menvoyer|denvoyer|contacter|texter|deranger|harceler|rappeler)(?: .*)?`,
			`(?:arretez|arrete|cessez|stoppez) (?:les|vos|ces|tous les|tous ces) (?:messages?|appels?|textos?|sms|rappels?)(?: .*)?`,
			`ne (?:mecri(?:vez|s)|mappel(?:ez|le)|menvo(?:yez|ie)|me (?:contactez?|textez?|rappelez|derangez?)|nous (?:ecrivez|appelez)) (?:plus|pas)(?: .*)?`,
			`(?:je )?(?:ne )?veux plus (?:(?:recevoir|de|d|vos|ces|les|aucun|que vous) )*(?:messages?|appels?|textos?|sms|rappels?|mecriviez|mappeliez)(?: .*)?`,
			`plus (?:de|d|aucun) ?(?:messages?|appels?|textos?|sms|rappels?)(?: .*)?`,
			`(?:laissez|laisse|fichez|foutez) moi (?:tranquille|en paix|la paix)`,
			`(?:enlevez|retirez|supprimez|rayez|otez) (?:moi|mon numero) de (?:la|votre|vos|cette) listes?`,
			`(?:je (?:veux|voudrais|souhaite)|comment) (?:me |puis je me )?(?:desabonner|desinscrire)(?: .*)?`,
			`(?:cest|vous avez) (?:un|le) mauvais numero`,
		),
	},
	{
		lang:  "ht",
		whole: phrases(`rete; kanpe; ase; sa ase; dezabone; anile; mwen pa vle anko; m pa vle anko; pa vle anko; retire mwen; retire m; move nimewo; se move nimewo; pa deranje m`),
		first: phrases(`sispann; sispan; tanpri sispann; sispann tanpri; silvouple sispann; silteple sispann; sispann silvouple`),
		sentence: politely(
			`tanpri; silvouple; silteple; bonjou; mesi; non`,
			`(?:sispann|sispan|rete|kanpe) (?:voye|ekri|rele|tekste|kontakte|deranje|mesaje)(?: .*)?`,
			`(?:sispann|sispan|rete) (?:mesaj|apel|rapel)(?: .*)?`,
			`pa (?:voye|ekri|rele|kontakte|tekste|deranje)(?: (?:m|mwen|ban m|ban mwen|nou))?(?: (?:mesaj|tekst|apel|rapel))?(?: yo)? (?:anko|ank[oò])(?: .*)?`,
			`(?:mwen|m) pa (?:vle|bezwen) (?:(?:resevwa|plis|okenn|anko|jwenn) )*(?:mesaj|apel|tekst|rapel)(?: .*)?`,
			`(?:retire|wete) (?:m|mwen|nimewo m|nimewo mwen) (?:nan|sou) lis(?: la)?`,
			`(?:kite|lese) (?:m|mwen) (?:trankil|anpe)`,
		),
	},
	{
		lang: "pt",
		whole: phrases(`pare; parem; parar; para; cancelar; cancele; cancela; cancelem; sair; remover; descadastrar; descadastre; me descadastre; me remova; me remove;
			fim; nao quero mais; nao quero mais nada; nao mais; numero errado; e engano; nao perturbe; nao tenho interesse; nao me interessa`),
		first: phrases(`chega; basta; por favor pare; por favor parem; pare por favor; parem por favor; chega por favor`),
		sentence: politely(
			`por favor; pfv; ola; oi; obrigado; obrigada; ja; quero que; preciso que; podem; pode; poderiam`,
			`(?:pare|parem|para|parar|deixe|deixem|deixar) de (?:me |nos )?(?:mandar|enviar|ligar|escrever|incomodar|contatar|chamar|lembrar|perturbar)(?: .*)?`,
			`nao (?:me|nos) (?:mande|mandem|manda|envie|enviem|ligue|liguem|liga|escreva|escrevam|contate|contatem|incomode|incomodem|perturbe|perturbem|chame|chamem)(?: .*)?`,
			`nao (?:mande|mandem|envie|enviem) mais(?: .*)?`,
			`(?:eu )?nao (?:quero|desejo|preciso) (?:(?:mais|receber|de|essas|suas|as|os|esses|que me|nenhuma) )*(?:mensage(?:m|ns)|ligacoes|lembretes?|chamadas|sms|textos?|liguem|mandem|escrevam)(?: .*)?`,
			`chega de (?:mensage(?:m|ns)|ligacoes|lembretes|chamadas|sms)(?: .*)?`,
			`(?:me deixe|me deixem|deixa me|deixe me|me deixa) em paz`,
			`(?:me tire|me tirem|me tira|tirem me|tire meu numero|tirem meu numero|me remova|me removam) d(?:a|as|essa|esta|e sua) (?:sua )?listas?`,
			`(?:e|este e|voce tem|ligou para o) (?:o |um )?numero errado`,
		),
	},
	{
		lang: "zh",
		whole: phrases(`停; 停止; 请停止; 請停止; 停止吧; 停下; 取消; 取消吧; 拒收; 拒绝接收; 打扰; 不要了; 不需要了; 够了; 夠了; 别发; 別發; 不要发; 不要發; td;
			打错了; 打錯了; 发错了; 發錯了; 号码错了; 號碼錯了; 不要打扰; 不要打擾; 别打扰我; 別打擾我; 不要短信; 不要簡訊`),
		within: solid(`退订; 退訂; 取消订阅; 取消訂閱; 取消提醒; 取消短信; 停止发; 停止發; 停止给我发; 停止給我發; 停止提醒; 停止打电话; 停止打電話; 停止联系; 停止聯繫;
			不要再发; 不要再發; 别再发; 別再發; 别发了; 別發了; 不要发了; 不要發了; 不要给我发; 不要給我發; 别给我发; 別給我發; 不要发短信; 不要發短信; 不要發簡訊;
			不要再给我发; 不要再給我發; 别再给我发; 別再給我發; 不要打电话; 不要打電話; 不要再打电话; 不要再打電話; 别再打电话; 別再打電話; 不要给我打电话; 不要給我打電話;
			别给我打电话; 別給我打電話; 不要再给我打电话; 别再给我打电话; 不要再联系; 不要再聯繫; 别再联系我; 別再聯繫我; 不想再收到; 不想收到; 不要再提醒; 别再提醒; 不再接收`),
	},
	{lang: "de", whole: phrases(`stoppen; abmelden; abbestellen; aufhoren; schluss; bitte aufhoren; keine nachrichten mehr; keine sms mehr; keine anrufe mehr; bitte nicht mehr schreiben`)},
	{lang: "it", whole: phrases(`basta; smettere; smettila; smettetela; annulla; cancella; disiscrivimi; basta messaggi; basta chiamate; non scrivetemi piu; non chiamatemi piu`)},
	{lang: "vi", whole: phrases(`dừng; dừng lại; ngừng; ngưng; hủy; huỷ; từ chối; đừng nhắn nữa; đừng gọi nữa; đừng nhắn tin nữa; đừng gọi tôi nữa`)},
	{lang: "tl", whole: phrases(`itigil; tigil; itigil na; tigilan mo ako; tama na; huwag na; huwag na kayong mag text; huwag na kayong tumawag`)},
	{lang: "ru", whole: phrases(`стоп; хватит; отписаться; отпишите; отменить; отмена; прекратите; не пишите; не звоните; не пишите мне; не звоните мне; не пишите мне больше; не звоните мне больше`)},
	{lang: "ko", whole: phrases(`중지; 그만; 그만하세요; 그만 보내세요; 수신거부; 수신 거부; 취소; 해지; 문자 그만; 보내지 마세요; 전화하지 마세요`)},
	{lang: "ar", whole: phrases(`توقف; توقفوا; قف; إلغاء; الغاء; إلغاء الاشتراك; كفى; لا ترسلوا; لا تتصلوا بي; أوقف`)},
	{lang: "ja", whole: phrases(`停止; 解除; やめて; やめてください; 止めて; 止めてください; 配信停止; 送らないで; 送らないでください`)},
}

// phrases reads phrases, set apart by semicolons, as plainWords reads a text.
func phrases(text string) (all []string) {
	for _, p := range strings.Split(text, ";") {
		all = append(all, plainly(p))
	}
	return all
}

// solid reads phrases, set apart by semicolons, of a script without spaces.
func solid(text string) (all []string) {
	for _, p := range phrases(text) {
		all = append(all, strings.ReplaceAll(p, " ", ""))
	}
	return all
}

// english is the sentence by which somebody asks for it who may also speak of
// what they cannot stop, of who will not stop, or of a bus stop: it asks us, and
// names what we do.
func english() *requests {
	const (
		what = `(?:texts?|txts?|texting|messages?|messaging|msgs?|sms|calls|calling|reminders?|notifications?|alerts?|subscriptions?|spam)`
		rest = `(?: (?:me|us|this|these|those|the|your|my|our|all|any|of|more|` + what + `|now|immediately|anymore|forever|to|on|at|from|with|number|phone|cell|here|for|good|it|` +
			`again|asap|already|everything|stuff|and|or|right|away|completely|service|automated|automatic|sending|both|ever|that|crap|shit|nonsense))*`
		doing   = `(?:texting|calling|messaging|msging|contacting|writing|bothering|reminding|phoning|ringing|emailing|harassing|spamming|pestering|sending|blowing up my phone)`
		toDo    = `(?:text|call|message|msg|contact|write|write to|bother|remind|phone|ring|send|sms)`
		whom    = `(?:me|us|this|to this|any|anything|my|these|those|here|more)`
		asking  = `(?:(?:i (?:want|would like|need|wish|d like) to|id like to|how (?:do|can|could) i|how to|let me|can i|may i|where do i) )?`
		filling = `(?:(?:any|more|anymore|your|these|those|the|this|to|get|getting|receive|receiving|be|you|further|such|automated|text|phone|of|have) )*`
	)
	return politely(
		`please; pls; plz; kindly; just; ok; okay; hi; hello; hey; sorry; thanks; thank you; no; no thanks; now; yes; so; and; but; also; again; maam; sir; can you; could you; would you; will you; can u;
			i want you to; i need you to; i would like you to; id like you to; you need to; you have to; you must; you should; i said; i told you to; i asked you to; i am asking you to`,
		`(?:stop|quit|cease)(?: with)?`+rest,
		`(?:stop|quit|cease) `+doing+`(?: .*)?`,
		asking+`(?:stop|quit|end|cancel|turn off|get rid of) (?:getting |receiving |having )?(?:(?:all|any|of|the|these|those|this|your|my|more|automated|text|phone) )*`+what+`(?: .*)?`,
		asking+`stop (?:getting|receiving) (?:these|them|this|those|anything)(?: .*)?`,
		`(?:do not|dont|dnt|never)(?: ever)? `+toDo+` `+whom+`(?: .*)?`,
		`(?:i |we )?(?:really )?(?:do not|dont|no longer|never) (?:want|wish|need|wanna) `+filling+`(?:`+what+`|texted|called|contacted|reminded|messaged|`+toDo+` me)(?: .*)?`,
		`no more `+what+`(?: .*)?`,
		`no more (?:of )?(?:this|these|those)`,
		asking+`(?:unsubscribe|unsub|opt ?out|opt me out)(?: .*)?`,
		`(?:remove|delete|take) (?:me|us|my number|my phone number|my phone|my name|this number) (?:off|from)(?: (?:of|your|the|this|these|ur|all|any))*(?: (?:sms|text|call|calling|texting|mailing|contact|reminder|message|phone))?(?: (?:lists?|texts|messages|calls|reminders|service|system))?`,
		`(?:i )?(?:revoke|withdraw|take back|cancel) (?:my|all|any) (?:consent|permission|agreement)(?: .*)?`,
		`(?:(?:you (?:have|got|have got)|youve got|you ve got|this is|its|it is|u have) )?(?:the |a )?wrong (?:number|person)`,
		`leave (?:me|us) (?:alone|be|in peace)(?: now| please| already)*`,
		`(?:cancel|end) (?:it |them )?all (?:texts|messages|calls|reminders)`,
	)
}
