package schedule

import (
	"regexp"
	"strings"
)

func portugueseWhen() *whenLanguage {
	known := vocabularyOf(&portuguese, map[string]string{
		"":     "o,os,de,do,da,dos,das,em,no,na,nos,nas,um,dia,por favor,feira,feiras,lá pelas,pelas",
		"many": "aos", "workdays": "dias úteis,nos dias úteis,dias de semana,durante a semana,em dias úteis",
		"am":    "am,da manhã,de manhã,pela manhã,manhã,da madrugada,de madrugada",
		"pm":    "pm,da tarde,de tarde,à tarde,tarde",
		"night": "da noite,de noite,à noite,noite", "noon": "meio-dia,ao meio-dia,do meio-dia", "midnight": "meia-noite,à meia-noite,da meia-noite", "half": "meia",
		"clock": "em ponto", "hours": "h,hs,hrs",
		"today": "hoje", "tomorrow": "amanhã", "after": "depois de amanhã", "tonight": "hoje à noite,esta noite", "this evening": "hoje à tarde,esta tarde",
		"every": "cada,a cada,toda,todo,todas as,todos os", "other": "sim e outra não,sim outra não,sim e outro não,sim outro não,quinzenal,quinzenalmente,alternadas,alternados",
		"day": "dias", "week": "semana,semanas", "month": "mês,meses,do mês,de cada mês,por mês,de todo mês,de todos os meses", "hour": "hora,horas", "minute": "minuto,minutos,min",
		"30": "meia hora", "90": "hora e meia,uma hora e meia",
		"next":  "próximo,próxima,este,esta,nesta,neste,que vem,uma vez,uma única vez,uma só vez",
		"start": "a partir de,a partir do,a partir da,desde,começando em,a começar em,começando",
		"for":   "durante,por", "to": "a,as,às,até,até as,até às,ao", "and": "e", "last": "último,última",
	}, "primeiro primeira,segundo,terceiro terceira,quarto,quinto", "uma=1,duas=2").
		counting(&portuguese).
		with(weekdayWord, "segunda feira=1,terca feira=2,quarta feira=3,quinta feira=4,sexta feira=5,terca=2,sexta=5").
		with(weekdaysWord, "segundas=1,tercas=2,quartas=3,quintas=4,sextas=5,segundas feiras=1,tercas feiras=2,quartas feiras=3,quintas feiras=4,sextas feiras=5,sabados=6,domingos=0")
	known["uma"] = meaning{kind: numeral, n: 1}
	known["dez"] = meaning{kind: numeral, n: 10, also: 12} // dezembro
	for word, m := range map[string]meaning{"segunda": {n: 1, also: 2}, "quarta": {n: 3, also: 4}, "quinta": {n: 4, also: 5}} {
		m.kind = weekdayWord
		known[word] = m
	}
	for _, day := range []string{"segunda", "terca", "quarta", "quinta", "sexta"} {
		known["uma "+day] = meaning{kind: weekdayWord, n: known[day].n} // a Monday, not one o'clock
		known["uma "+day+" feira"] = known["uma "+day]
	}
	for _, word := range []string{"todo dia", "todos os dias", "cada dia", "diariamente", "diario"} {
		known[word] = meaning{kind: everyWord, n: unitDay}
	}
	return &whenLanguage{
		names: &portuguese, known: known, hourFirst: true, andMinutes: true, rewrite: portugueseWords,
		nth: regexp.MustCompile(`^(\d{1,2})(?:(?:o|a|ro|ra)\b|[ºª°])`), say: whenFaults{
			tooLong:         "é mais longo do que dá para ler; escreva curto, como 2ª terça 19h",
			unknown:         "“{word}” não é entendido aqui; escreva um dia e uma hora, como terça 19h ou 2ª terça 19h30",
			unknownSign:     "há um sinal que não é entendido; escreva um dia e uma hora, como terça 19h",
			badNumber:       "há um número que não é dia nem hora; escreva um dia e uma hora, como terça 19h",
			noTime:          "a que horas?; escreva a hora, como 19h ou 19h30",
			which:           "{time} da manhã ou da noite?; escreva {time} da manhã ou {time} da noite",
			badTime:         "essa hora não existe; escreva como 19h ou 19h30",
			midnight:        "a meia-noite é de dois dias; escreva 0h e o dia que começa, ou 23h59",
			twoTimes:        "há mais de uma hora; escreva uma só, como 19h ou das 19h às 20h30",
			noDay:           "em que dia?; escreva o dia, como toda terça, 2ª terça ou 24 de novembro",
			noDate:          "essa data não existe; escreva como 24 de novembro",
			twoDays:         "há dois tipos de dia; escreva um só, como toda terça, ou 2ª e 4ª terça",
			otherDay:        "essa data cai em {weekday}; escreva a data ou o dia da semana que quer dizer",
			past:            "essa hora já passou; escreva uma que ainda venha",
			monthFirst:      "qual dos números é o mês?; escreva o mês por extenso, como 4 de maio",
			whichOfMonth:    "qual do mês?; escreva como 2ª terça, ou dia 15 de cada mês",
			otherOrNumbered: "a cada duas semanas, {weekday}, ou um só dia por mês?; escreva {weekday} a cada duas semanas, ou 2ª {weekday} do mês",
			far:             "faltam mais de dez anos; escreva uma data mais próxima",
			howLong:         "a duração não é entendida; escreva como durante 90 minutos",
			never:           "esse dia não existe; escreva como 2ª terça ou sexta a cada duas semanas",
		},
	}
}

// numberedDay is a weekday as it is often written: 2ª-feira.
var numberedDay = regexp.MustCompile(`\b([2-6])[aª]?[ -]?feiras?\b`)

// portugueseWords writes out what is not a word of its own.
func portugueseWords(text string) string {
	text = numberedDay.ReplaceAllStringFunc(text, func(day string) string {
		return [...]string{"segunda", "terca", "quarta", "quinta", "sexta"}[day[0]-'2'] + " feira"
	})
	return strings.NewReplacer("sim, outr", "sim outr").Replace(text)
}
