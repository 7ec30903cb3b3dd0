package doctor

import (
	"net/url"
	"strings"
	"time"

	"github.com/hearthline/hearthline/handlers/carrier"
	"github.com/hearthline/hearthline/store/vault"
)

// twimlet is the carrier's own service that answers with the document in its address:
// what stands there is heard whatever has happened to this machine. Of TwiML Bins,
// which are the same, there is no API.
// Source: https://www.twilio.com/labs/twimlets/echo
const twimlet = "https://twimlets.com/echo"

// comeBack is how long a caller is asked to wait until the line is tried again: a
// restart takes less.
const comeBack = 5 * time.Second

// apologies are what callers hear while the line is down: no group, no topic, the
// crisis number, and what happens next.
var apologies = map[string]string{
	"en":      "We cannot take your call at this moment. If you need help right now, dial {crisis}, at any hour. Please hold on: we try again.",
	"es":      "No podemos atender su llamada en este momento. Si necesita ayuda ahora mismo, marque {crisis}, a cualquier hora. Por favor, no cuelgue: lo intentamos de nuevo.",
	"fr":      "Nous ne pouvons pas répondre à votre appel en ce moment. S'il vous faut de l'aide tout de suite, composez le {crisis}, à toute heure. Restez en ligne, s'il vous plaît : nous essayons de nouveau.",
	"ht":      "Nou pa kapab reponn apèl ou a kounye a. Si ou bezwen èd touswit, konpoze {crisis}, nenpòt ki lè. Tanpri pa rakwoche : n ap eseye ankò.",
	"pt-BR":   "Não podemos atender a sua ligação neste momento. Se precisar de ajuda agora mesmo, disque {crisis}, a qualquer hora. Por favor, não desligue: vamos tentar de novo.",
	"zh-Hans": "我们暂时无法接听您的电话。如果您现在需要帮助，请随时拨打 {crisis}。请不要挂断，我们会再试。",
}

// Fallback is the address that the carrier asks when the line does not answer: a
// document that lies in the address itself. It says the crisis number, waits, and
// leads to the line's beginning, so that a restart costs the place and not the call.
func (d *Doctor) Fallback() string {
	said := d.Said()
	var r carrier.Response
	for _, lang := range said.Languages {
		words, ok := apologies[lang]
		if !ok {
			continue
		}
		v := d.Voice(lang)
		r = append(r, carrier.Say{Voice: v.Name, Language: v.Locale, Parts: []carrier.Part{carrier.Text(strings.ReplaceAll(words, "{crisis}", said.crisis()))}})
	}
	r = append(r, carrier.Pause{Length: comeBack}, carrier.Redirect{URL: d.base() + d.VoicePath, Method: carrier.POST})
	document, err := r.Encode()
	if err != nil {
		return "" // of verbs that are complete; nothing is set then
	}
	return twimlet + "?" + url.Values{"Twiml": {string(document)}}.Encode()
}

func isEcho(address string) bool { return withoutQuery(address) == twimlet }

func withoutQuery(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return address
}

// crisis is how the crisis line is dialled, digit by digit.
func (s Said) crisis() string {
	name := s.CrisisName
	if name != "" && strings.Trim(name, "0123456789") == "" {
		return spaced(name)
	}
	digits := strings.TrimPrefix(s.Crisis.Reveal(vault.ForWords), "+")
	return name + ", " + spaced(digits)
}

func spaced(digits string) string { return strings.Join(strings.Split(digits, ""), " ") }
