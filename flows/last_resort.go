package flows

// LastWords are what is said in one language where there is no flow to say anything: no
// program answers, or none knows the line. They name no group and no topic.
type LastWords struct {
	Lang string
	// Voice reads them where no flow says who does. No carrier's speaks Haitian Creole.
	Voice Voice
	// Down is to who calls while no program answers. In place of {crisis} is the crisis
	// line's number.
	Down string
	// Again is to who calls, and Instead to who texts, when it is not known on which line.
	Again, Instead string
}

// LastResort are they in every language that the built-in flow speaks, in its order. The
// caller must not change it.
func LastResort() []LastWords { return lastResort }

var lastResort = []LastWords{
	{
		Lang: "en", Voice: Voice{Name: "Polly.Joanna", Locale: "en-US"},
		Down:    "We cannot take your call at this moment. If you need help right now, dial {crisis}, at any hour. Please hold on: we try again.",
		Again:   "Please call again in a few minutes.",
		Instead: "Please call this number instead.",
	},
	{
		Lang: "es", Voice: Voice{Name: "Polly.Lupe", Locale: "es-US"},
		Down:    "No podemos atender su llamada en este momento. Si necesita ayuda ahora mismo, marque {crisis}, a cualquier hora. Por favor, no cuelgue: lo intentamos de nuevo.",
		Again:   "Por favor, llame de nuevo en unos minutos.",
		Instead: "Por favor, llame a este número.",
	},
	{
		Lang: "fr", Voice: Voice{Name: "Polly.Chantal", Locale: "fr-CA"},
		Down:    "Nous ne pouvons pas répondre à votre appel en ce moment. S'il vous faut de l'aide tout de suite, composez le {crisis}, à toute heure. Restez en ligne, s'il vous plaît : nous essayons de nouveau.",
		Again:   "Rappelez dans quelques minutes, s'il vous plaît.",
		Instead: "Appelez ce numéro, s'il vous plaît.",
	},
	{
		Lang: "ht", Voice: Voice{Name: "Polly.Chantal", Locale: "fr-CA"},
		Down:    "Nou pa kapab reponn apèl ou a kounye a. Si ou bezwen èd touswit, rele {crisis}, nenpòt ki lè. Tanpri, pa rakwoche: nou ap eseye ankò.",
		Again:   "Tanpri, rele ankò nan kèk minit.",
		Instead: "Tanpri, rele nimewo sa a.",
	},
	{
		Lang: "pt-BR", Voice: Voice{Name: "Polly.Camila", Locale: "pt-BR"},
		Down:    "Não podemos atender a sua ligação neste momento. Se precisar de ajuda agora mesmo, disque {crisis}, a qualquer hora. Por favor, não desligue: vamos tentar de novo.",
		Again:   "Por favor, ligue de novo em alguns minutos.",
		Instead: "Por favor, ligue para este número.",
	},
	{
		Lang: "zh-Hans", Voice: Voice{Name: "Polly.Zhiyu", Locale: "cmn-CN"},
		Down:    "我们暂时无法接听您的电话。如果您现在需要帮助，请随时拨打 {crisis}。请不要挂断，我们会再试。",
		Again:   "请过几分钟再打来。",
		Instead: "请改打这个号码。",
	},
}
