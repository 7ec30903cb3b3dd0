package flows_test

import (
	"testing"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/lines"
)

// asWritten are texts as people write them, by language, and the prompt that answers:
// without spaces in Chinese, in digits and signs of full width, without accents, with
// small words before the order.
var asWritten = map[string]map[string]string{
	"en": {
		"JOIN482105": "how_to_enter", "please remind me of 482105": "consent_text", "I want to leave 482105": "answer_leave", "call911": "danger", "next 482105": "dates",
		"close the door 482105 4821": "answer_lock", "open the door 482105 4821": "answer_unlock", "close 482105 4821": "order_close", "end the circle 482105 4821": "order_close",
	},
	"es": {
		"proximo 482105": "dates", "olvidame": "forget", "llamame 482105": "answer_call", "por favor recuerdame 482105": "consent_text", "miercoles": "no_groups",
		"cerrar la puerta 482105 4821": "answer_lock", "cerrar 482105 4821": "answer_lock", "terminar 482105 4821": "order_close", "cerrar el circulo 482105 4821": "order_close",
	},
	"fr": {
		"vie privee": "answer_privacy", "appelez moi 482105": "answer_call", "retablissement": "_item", "svp rappel 482105": "consent_text",
		"fermer 482105 4821": "answer_lock", "fermer le cercle 482105 4821": "order_close", "deverrouiller 482105 4821": "answer_unlock",
	},
	"ht": {
		"ed": "answer_help", "cheche dey": "_item", "tanpri raple m 482105": "consent_text", "femen 482105 4821": "answer_lock", "femen sek la 482105 4821": "order_close",
	},
	"pt-BR": {
		"proxima 482105": "dates", "recuperacao": "_item", "por favor me lembre 482105": "consent_text", "inicio": "main",
		"fechar a porta 482105 4821": "answer_lock", "fechar a roda 482105 4821": "order_close", "encerrar 482105 4821": "order_close",
	},
	"zh-Hans": {
		"加入482105": "how_to_enter", "加入４８２１０５。": "how_to_enter", "我想加入482105": "how_to_enter", "提醒482105": "consent_text", "请提醒我482105": "consent_text",
		"查找悲伤": "_item", "找哀伤小组！": "_item", "下次482105": "dates", "退出小组482105": "answer_leave", "打给我482105": "answer_call", "ＭＥＮＵ": "main",
		"礼拜二": "_item", "星期天": "no_groups", "静音４８２１０５４８２１": "answer_quiet", "锁门482105，4821": "answer_lock", "关门482105 4821": "answer_lock", "散会4821054821": "order_close",
	},
}

// ordered are the same of who looks after groups.
var ordered = map[string]map[string]string{
	"en":    {"MOVE836254 wed 8pm": "order_move", "skip836254": "order_skip", "new cedar tue 7pm bereavement": "order_new"},
	"es":    {"mover 836254 miercoles 8pm": "order_move", "nuevo cedro martes 19h perdida": "order_new"},
	"fr":    {"deplacer 836254 mercredi 20h": "order_move"},
	"ht":    {"deplase 836254 mekredi 8e diswa": "order_move"},
	"pt-BR": {"mudar 836254 quarta 20h": "order_move"},
	"zh-Hans": {
		"改期836254周三晚上8点": "order_move", "改期８３６２５４周三晚上８点": "order_move", "跳过836254": "order_skip", "代班836254": "order_cover", "批准12": "order_approve", "不批准12": "order_decline",
		"新建雪松周二晚上7点哀伤": "order_new", "新建 雪松 周二晚上7点 丧亲": "order_new", "新建老年之家周二晚上7点": "order_new",
	},
}

func TestTextsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	f, v := builtIn(t), view(t)
	line := v.Directory.Line
	line.Languages, v.Text = spoken, true
	v.Directory = flows.NewDirectory(line, v.Directory.Groups(), at)
	for lang, texts := range asWritten {
		for body, want := range texts {
			out := flows.Run(f, v, flows.State{Lang: lang}, flows.Input{Event: flows.Texted, Keys: body}, admits(v))
			if got := out.Said[0].Prompt; got != want || out.State.Lang != lang && out.State.Lang != "" && want != "danger" {
				t.Errorf("%q is answered by %s in %q, not by %s in %s", body, got, out.State.Lang, want, lang)
			}
		}
	}
	for lang, texts := range ordered {
		for body, want := range texts {
			out := text(f, v, lines.At("coordinator", v.Directory), flows.State{Lang: lang}, body)
			if got := out.Said[0].Prompt; got != want {
				t.Errorf("%q is answered by %s in %s, not by %s", body, got, lang, want)
			}
			if !f.MayOrder(flows.State{}, body) {
				t.Errorf("%q is not looked at as an order", body)
			}
		}
	}
}
