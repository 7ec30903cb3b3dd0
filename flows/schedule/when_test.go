package schedule_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/hearthline/hearthline/flows/schedule"
)

// asked is Monday noon in New York.
var asked = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)

const newYork = "America/New_York"

func TestParseWhen(t *testing.T) {
	t.Parallel()
	for lang, cases := range map[string]map[string]schedule.When{
		"en": {
			"tue 19:00":                                  when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"tuesdays at 7 p.m.":                         when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"Monday 11am":                                when("2026-11-30T11:00", "FREQ=WEEKLY;BYDAY=MO", 0),
			"monday noon":                                when("2026-11-30T12:00", "FREQ=WEEKLY;BYDAY=MO", 0),
			"monday 12:30pm":                             when("2026-11-23T12:30", "FREQ=WEEKLY;BYDAY=MO", 0),
			"next tuesday 7pm":                           when("2026-11-24T19:00", "", 0),
			"2nd tuesday 7pm":                            when("2026-12-08T19:00", "FREQ=MONTHLY;BYDAY=2TU", 0),
			"second tuesday of the month 7 pm":           when("2026-12-08T19:00", "FREQ=MONTHLY;BYDAY=2TU", 0),
			"1st and 3rd monday noon":                    when("2026-12-07T12:00", "FREQ=MONTHLY;BYDAY=1MO,3MO", 0),
			"last friday 6.30 in the evening":            when("2026-11-27T18:30", "FREQ=MONTHLY;BYDAY=-1FR", 0),
			"2nd tuesday of every other month, 7pm":      when("2026-12-08T19:00", "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU", 0),
			"tomorrow 8pm":                               when("2026-11-24T20:00", "", 0),
			"tonight at 8":                               when("2026-11-23T20:00", "", 0),
			"day after tomorrow 9 in the morning":        when("2026-11-25T09:00", "", 0),
			"every other friday 6:30 pm for 90 minutes":  when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 90),
			"every 3 weeks on monday 7:15pm for 2 hours": when("2026-11-23T19:15", "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO", 120),
			"24 november 7pm":                            when("2026-11-24T19:00", "", 0),
			"November 24th, 2026 at 7pm":                 when("2026-11-24T19:00", "", 0),
			"tuesday 24 november 7pm":                    when("2026-11-24T19:00", "", 0),
			"4 may 7pm":                                  when("2027-05-04T19:00", "", 0),
			"feb 29 7pm":                                 when("2028-02-29T19:00", "", 0),
			"2026-11-24 07:00":                           when("2026-11-24T07:00", "", 0),
			"2026-12-01T10:00":                           when("2026-12-01T10:00", "", 0),
			"12/24 5pm":                                  when("2026-12-24T17:00", "", 0),
			"tuesdays 7pm starting 15 december":          when("2026-12-15T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"every day at 7:05 am":                       when("2026-11-24T07:05", "FREQ=DAILY", 0),
			"daily 19h":                                  when("2026-11-23T19:00", "FREQ=DAILY", 0),
			"weekdays 12:15 pm":                          when("2026-11-23T12:15", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 0),
			"mon-fri 9am":                                when("2026-11-24T09:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 0),
			"Mon, Wed & Fri 7pm":                         when("2026-11-23T19:00", "FREQ=WEEKLY;BYDAY=MO,WE,FR", 0),
			"tue 7-8:30pm":                               when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 90),
			"tue from 11 to 1 pm":                        when("2026-11-24T11:00", "FREQ=WEEKLY;BYDAY=TU", 120),
			"sunday 10pm to midnight":                    when("2026-11-29T22:00", "FREQ=WEEKLY;BYDAY=SU", 120),
			"tuesday half past seven in the evening":     when("2026-11-24T19:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"tuesday quarter to 8 pm":                    when("2026-11-24T19:45", "FREQ=WEEKLY;BYDAY=TU", 0),
			"15th of every month 7pm":                    when("2026-12-15T19:00", "FREQ=MONTHLY;BYMONTHDAY=15", 0),
			"1st and 15th of the month 7pm":              when("2026-12-01T19:00", "FREQ=MONTHLY;BYMONTHDAY=1,15", 0),
			"last day of the month 7pm":                  when("2026-11-30T19:00", "FREQ=MONTHLY;BYMONTHDAY=-1", 0),
			"tuesday 7pm for an hour and a half":         when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 90),
			"tuesday 12am":                               when("2026-11-24T00:00", "FREQ=WEEKLY;BYDAY=TU", 0),
		},
		"es": {
			"el segundo martes a las 7 de la tarde":              when("2026-12-08T19:00", "FREQ=MONTHLY;BYDAY=2TU", 0),
			"jueves 19h":                                         when("2026-11-26T19:00", "FREQ=WEEKLY;BYDAY=TH", 0),
			"los martes a las 7 y media de la tarde":             when("2026-11-24T19:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"mañana a las 8 de la mañana":                        when("2026-11-24T08:00", "", 0),
			"mañana por la noche a las 8":                        when("2026-11-24T20:00", "", 0),
			"pasado mañana 18:30":                                when("2026-11-25T18:30", "", 0),
			"cada dos viernes 18:30":                             when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"un viernes sí y otro no a las 6 de la tarde":        when("2026-11-27T18:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"cada 15 días los viernes 18:30":                     when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"primer y tercer lunes a mediodía":                   when("2026-12-07T12:00", "FREQ=MONTHLY;BYDAY=1MO,3MO", 0),
			"segundo y cuarto martes 7pm":                        when("2026-11-24T19:00", "FREQ=MONTHLY;BYDAY=2TU,4TU", 0),
			"último viernes del mes a las 18 horas":              when("2026-11-27T18:00", "FREQ=MONTHLY;BYDAY=-1FR", 0),
			"24 de noviembre a las 7 p. m.":                      when("2026-11-24T19:00", "", 0),
			"el 15 de cada mes a las 19:00":                      when("2026-12-15T19:00", "FREQ=MONTHLY;BYMONTHDAY=15", 0),
			"todos los días a las 8h":                            when("2026-11-24T08:00", "FREQ=DAILY", 0),
			"de lunes a viernes a las 9 de la mañana":            when("2026-11-24T09:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 0),
			"martes de 7 a 8:30 de la tarde":                     when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 90),
			"sábados 10h durante una hora y media":               when("2026-11-28T10:00", "FREQ=WEEKLY;BYDAY=SA", 90),
			"el domingo a la una de la tarde durante 45 minutos": when("2026-11-29T13:00", "FREQ=WEEKLY;BYDAY=SU", 45),
			"próximo miércoles 20:00":                            when("2026-11-25T20:00", "", 0),
			"cada martes a las 12 del mediodía":                  when("2026-11-24T12:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"martes 19:00 a partir del 15 de diciembre":          when("2026-12-15T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"último día del mes 19:00":                           when("2026-11-30T19:00", "FREQ=MONTHLY;BYMONTHDAY=-1", 0),
			"2º martes 19h":                                      when("2026-12-08T19:00", "FREQ=MONTHLY;BYDAY=2TU", 0),
		},
		"fr": {
			"2e mardi 19h":                                    when("2026-12-08T19:00", "FREQ=MONTHLY;BYDAY=2TU", 0),
			"2ème mardi du mois à 19 h 30":                    when("2026-12-08T19:30", "FREQ=MONTHLY;BYDAY=2TU", 0),
			"mardi 19h":                                       when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"mardi 19 heures":                                 when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"les mardis à 19h":                                when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"tous les mardis à dix-neuf heures trente":        when("2026-11-24T19:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"mardi à vingt et une heures quinze":              when("2026-11-24T21:15", "FREQ=WEEKLY;BYDAY=TU", 0),
			"mardi à sept heures du soir":                     when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"mardi à sept heures et demie du soir":            when("2026-11-24T19:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"mardi à huit heures moins le quart du soir":      when("2026-11-24T19:45", "FREQ=WEEKLY;BYDAY=TU", 0),
			"mardi à midi et demi":                            when("2026-11-24T12:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"mardi à une heure de l'après-midi":               when("2026-11-24T13:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"mardi prochain 19h":                              when("2026-11-24T19:00", "", 0),
			"demain à 8h du matin":                            when("2026-11-24T08:00", "", 0),
			"demain soir à 8h":                                when("2026-11-24T20:00", "", 0),
			"après-demain 18h30":                              when("2026-11-25T18:30", "", 0),
			"ce soir à 20h":                                   when("2026-11-23T20:00", "", 0),
			"aujourd’hui 20h":                                 when("2026-11-23T20:00", "", 0),
			"un vendredi sur deux à 18h30":                    when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"toutes les deux semaines, le vendredi, 18h30":    when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"aux deux semaines le vendredi à 18h30":           when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"tous les 15 jours le vendredi à 18h30":           when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"1er et 3e lundi à midi":                          when("2026-12-07T12:00", "FREQ=MONTHLY;BYDAY=1MO,3MO", 0),
			"le premier et le troisième lundi du mois à midi": when("2026-12-07T12:00", "FREQ=MONTHLY;BYDAY=1MO,3MO", 0),
			"dernier vendredi du mois 18 h":                   when("2026-11-27T18:00", "FREQ=MONTHLY;BYDAY=-1FR", 0),
			"le 24 novembre à 19h":                            when("2026-11-24T19:00", "", 0),
			"mardi 24 nov., 19h":                              when("2026-11-24T19:00", "", 0),
			"7 sept 19h":                                      when("2027-09-07T19:00", "", 0),
			"1er mai 19h":                                     when("2027-05-01T19:00", "", 0),
			"le 15 de chaque mois à 19h":                      when("2026-12-15T19:00", "FREQ=MONTHLY;BYMONTHDAY=15", 0),
			"dernier jour du mois 19h":                        when("2026-11-30T19:00", "FREQ=MONTHLY;BYMONTHDAY=-1", 0),
			"tous les jours à 8h":                             when("2026-11-24T08:00", "FREQ=DAILY", 0),
			"du lundi au vendredi à 9h":                       when("2026-11-24T09:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 0),
			"mardi de 19h à 20h30":                            when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 90),
			"samedis 10h pendant une heure et demie":          when("2026-11-28T10:00", "FREQ=WEEKLY;BYDAY=SA", 90),
			"samedi 10h pendant 1h30":                         when("2026-11-28T10:00", "FREQ=WEEKLY;BYDAY=SA", 90),
			"samedi 10h pendant 2 h":                          when("2026-11-28T10:00", "FREQ=WEEKLY;BYDAY=SA", 120),
			"mardi 19h 90 minutes":                            when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 90),
			"mardi 19h à partir du 15 décembre":               when("2026-12-15T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"lundi, mercredi et vendredi 19h":                 when("2026-11-23T19:00", "FREQ=WEEKLY;BYDAY=MO,WE,FR", 0),
		},
		"ht": {
			"chak madi 7è diswa":                      when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"madi a 7 è diswa":                        when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"madi a setè edmi diswa":                  when("2026-11-24T19:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"madi 7è30 diswa":                         when("2026-11-24T19:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"madi 7:30 diswa":                         when("2026-11-24T19:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"madi 19:00":                              when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"madi senkè mwenka nan apremidi":          when("2026-11-24T16:45", "FREQ=WEEKLY;BYDAY=TU", 0),
			"2yèm madi 7è diswa":                      when("2026-12-08T19:00", "FREQ=MONTHLY;BYDAY=2TU", 0),
			"dezyèm madi nan mwa a a setè diswa":      when("2026-12-08T19:00", "FREQ=MONTHLY;BYDAY=2TU", 0),
			"premye ak twazyèm lendi a midi":          when("2026-12-07T12:00", "FREQ=MONTHLY;BYDAY=1MO,3MO", 0),
			"dènye vandredi nan chak mwa 6è diswa":    when("2026-11-27T18:00", "FREQ=MONTHLY;BYDAY=-1FR", 0),
			"yon vandredi sou de 6:30 diswa":          when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"chak de semèn, vandredi, 6:30 diswa":     when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"demen 8è nan maten":                      when("2026-11-24T08:00", "", 0),
			"demen swa a 8è":                          when("2026-11-24T20:00", "", 0),
			"apre demen 18h30":                        when("2026-11-25T18:30", "", 0),
			"aswè a a 8è":                             when("2026-11-23T20:00", "", 0),
			"jodi a 8è diswa":                         when("2026-11-23T20:00", "", 0),
			"madi k ap vini 7è diswa":                 when("2026-11-24T19:00", "", 0),
			"24 novanm 7è diswa":                      when("2026-11-24T19:00", "", 0),
			"le 15 chak mwa a 7è diswa":               when("2026-12-15T19:00", "FREQ=MONTHLY;BYMONTHDAY=15", 0),
			"chak jou 8è nan maten":                   when("2026-11-24T08:00", "FREQ=DAILY", 0),
			"lendi jiska vandredi 9è nan maten":       when("2026-11-24T09:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 0),
			"madi de 7è a 8:30 diswa":                 when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 90),
			"samdi 10è nan maten pandan inèdtan edmi": when("2026-11-28T10:00", "FREQ=WEEKLY;BYDAY=SA", 90),
			"samdi 10è nan maten pandan 45 minit":     when("2026-11-28T10:00", "FREQ=WEEKLY;BYDAY=SA", 45),
			"madi 7è diswa apati 15 desanm":           when("2026-12-15T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
		},
		"pt-BR": {
			"toda segunda às 19h":                     when("2026-11-23T19:00", "FREQ=WEEKLY;BYDAY=MO", 0),
			"terça às 19h":                            when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"terça-feira às sete da noite":            when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"terça às sete e meia da noite":           when("2026-11-24T19:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"terça às sete e quinze da noite":         when("2026-11-24T19:15", "FREQ=WEEKLY;BYDAY=TU", 0),
			"terça às 7 e meia da noite":              when("2026-11-24T19:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"terça 19 horas":                          when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"3ª-feira 19h30":                          when("2026-11-24T19:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"terça ao meio-dia e meia":                when("2026-11-24T12:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"terça à uma da tarde":                    when("2026-11-24T13:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"2ª terça 19h":                            when("2026-12-08T19:00", "FREQ=MONTHLY;BYDAY=2TU", 0),
			"segunda terça-feira do mês às 19h":       when("2026-12-08T19:00", "FREQ=MONTHLY;BYDAY=2TU", 0),
			"segunda e quarta terças do mês às 19h":   when("2026-11-24T19:00", "FREQ=MONTHLY;BYDAY=2TU,4TU", 0),
			"segunda e quarta às 19h":                 when("2026-11-23T19:00", "FREQ=WEEKLY;BYDAY=MO,WE", 0),
			"segunda, quarta e sexta 19h":             when("2026-11-23T19:00", "FREQ=WEEKLY;BYDAY=MO,WE,FR", 0),
			"segunda segunda-feira 19h":               when("2026-12-14T19:00", "FREQ=MONTHLY;BYDAY=2MO", 0),
			"primeira e terceira segunda ao meio-dia": when("2026-12-07T12:00", "FREQ=MONTHLY;BYDAY=1MO,3MO", 0),
			"última sexta do mês às 18h":              when("2026-11-27T18:00", "FREQ=MONTHLY;BYDAY=-1FR", 0),
			"às terças-feiras, às 19h":                when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"uma sexta sim, outra não, às 18h30":      when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"a cada duas semanas, às sextas, 18h30":   when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"a cada 15 dias, sexta, 18h30":            when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"amanhã às 8 da manhã":                    when("2026-11-24T08:00", "", 0),
			"amanhã à noite às 8":                     when("2026-11-24T20:00", "", 0),
			"depois de amanhã 18h30":                  when("2026-11-25T18:30", "", 0),
			"hoje à noite às 8":                       when("2026-11-23T20:00", "", 0),
			"terça que vem às 19h":                    when("2026-11-24T19:00", "", 0),
			"24 de novembro às 19h":                   when("2026-11-24T19:00", "", 0),
			"dia 15 de cada mês às 19h":               when("2026-12-15T19:00", "FREQ=MONTHLY;BYMONTHDAY=15", 0),
			"último dia do mês 19h":                   when("2026-11-30T19:00", "FREQ=MONTHLY;BYMONTHDAY=-1", 0),
			"todos os dias às 8h":                     when("2026-11-24T08:00", "FREQ=DAILY", 0),
			"todo dia às 8h":                          when("2026-11-24T08:00", "FREQ=DAILY", 0),
			"de segunda a sexta às 9h":                when("2026-11-24T09:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 0),
			"terça das 19h às 20h30":                  when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 90),
			"terça das 7 às 8:30 da noite":            when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 90),
			"sábados 10h durante uma hora e meia":     when("2026-11-28T10:00", "FREQ=WEEKLY;BYDAY=SA", 90),
			"sábado 10h por 45 minutos":               when("2026-11-28T10:00", "FREQ=WEEKLY;BYDAY=SA", 45),
			"terça 19h a partir de 15 de dezembro":    when("2026-12-15T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
		},
		"zh-Hans": {
			"每周二晚上7点":          when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"周二19:00":          when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"星期二晚上七点":          when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"每週二晚上七點半":         when("2026-11-24T19:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"每周二 晚上7:30":       when("2026-11-24T19:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"每周二晚上七点一刻":        when("2026-11-24T19:15", "FREQ=WEEKLY;BYDAY=TU", 0),
			"每周二晚上七点零五分":       when("2026-11-24T19:05", "FREQ=WEEKLY;BYDAY=TU", 0),
			"每周二中午十二点半":        when("2026-11-24T12:30", "FREQ=WEEKLY;BYDAY=TU", 0),
			"每周二中午":            when("2026-11-24T12:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"周二凌晨零点":           when("2026-11-24T00:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"周二、周四和周日下午两点":     when("2026-11-24T14:00", "FREQ=WEEKLY;BYDAY=TU,TH,SU", 0),
			"周一到周五上午9点":        when("2026-11-24T09:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 0),
			"工作日上午9点":          when("2026-11-24T09:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 0),
			"每月第二个星期二晚上7点":     when("2026-12-08T19:00", "FREQ=MONTHLY;BYDAY=2TU", 0),
			"每月第1个和第3个周一中午12点": when("2026-12-07T12:00", "FREQ=MONTHLY;BYDAY=1MO,3MO", 0),
			"每个月最后一个星期五晚上六点":   when("2026-11-27T18:00", "FREQ=MONTHLY;BYDAY=-1FR", 0),
			"每两周的周五晚上6点半":      when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"隔周周五晚上6点半":        when("2026-11-27T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", 0),
			"每月15号晚上7点":        when("2026-12-15T19:00", "FREQ=MONTHLY;BYMONTHDAY=15", 0),
			"每月1号和15号晚上7点":     when("2026-12-01T19:00", "FREQ=MONTHLY;BYMONTHDAY=1,15", 0),
			"每月最后一天晚上7点":       when("2026-11-30T19:00", "FREQ=MONTHLY;BYMONTHDAY=-1", 0),
			"每天早上8点":           when("2026-11-24T08:00", "FREQ=DAILY", 0),
			"明天早上8点":           when("2026-11-24T08:00", "", 0),
			"明晚8点":             when("2026-11-24T20:00", "", 0),
			"今晚八点":             when("2026-11-23T20:00", "", 0),
			"后天18:30":          when("2026-11-25T18:30", "", 0),
			"11月24日晚上7点":       when("2026-11-24T19:00", "", 0),
			"2026年11月24日晚上7点":  when("2026-11-24T19:00", "", 0),
			"十一月二十四号星期二晚上七点":   when("2026-11-24T19:00", "", 0),
			"从12月15日起每周二晚上7点":  when("2026-12-15T19:00", "FREQ=WEEKLY;BYDAY=TU", 0),
			"周二晚上7点到8点半":       when("2026-11-24T19:00", "FREQ=WEEKLY;BYDAY=TU", 90),
			"周二上午11点到1点":       when("2026-11-24T11:00", "FREQ=WEEKLY;BYDAY=TU", 120),
			"周六上午10点，一个半小时":    when("2026-11-28T10:00", "FREQ=WEEKLY;BYDAY=SA", 90),
			"周六上午10点，45分钟":     when("2026-11-28T10:00", "FREQ=WEEKLY;BYDAY=SA", 45),
			"周六上午10点两个小时":      when("2026-11-28T10:00", "FREQ=WEEKLY;BYDAY=SA", 120),
			"这周四晚上7点":          when("2026-11-26T19:00", "", 0),
		},
	} {
		for text, want := range cases {
			got, err := schedule.ParseWhen(lang, text, asked, newYork)
			if err != nil {
				t.Errorf("%s %q: %v", lang, text, err)
				continue
			}
			if got != want {
				t.Errorf("%s %q is %+v, want %+v", lang, text, got, want)
			}
			if err := got.Meeting(newYork).Validate(); err != nil {
				t.Errorf("%s %q: %v", lang, text, err)
			}
		}
	}
}

func when(start, rule string, minutes int) schedule.When {
	w, err := schedule.ParseWall(start)
	if err != nil {
		panic(err)
	}
	return schedule.When{Start: w, Rule: rule, Minutes: minutes}
}

// What can be meant in two ways is asked; what cannot be is refused with what to
// write instead.
func TestParseWhenAsks(t *testing.T) {
	t.Parallel()
	for lang, cases := range map[string]map[string]string{
		"en": {
			"tuesday 7":                  "is 7 in the morning or in the evening?",
			"tuesday 7:30":               "is 7:30 in the morning or in the evening?",
			"tuesday 12":                 "is 12 in the morning or in the evening?",
			"every second tuesday 7pm":   "every other Tuesday, or one Tuesday of each month?",
			"5/4 7pm":                    "which number is the month?",
			"tuesday midnight":           "midnight belongs to two days",
			"tuesday":                    "at what time?",
			"7pm":                        "on which day?",
			"every week 7pm":             "on which day?",
			"every month on tuesday 7pm": "which of the month?",
			"2nd 7pm":                    "which of the month?",
			"wednesday 24 november 7pm":  "that date is a Tuesday",
			"today 11am":                 "that time is past",
			"1 november 2026 7pm":        "that time is past",
			"1 may 2040 7pm":             "that is more than ten years ahead",
			"30 february 7pm":            "there is no such date",
			"tuesday 25:00":              "there is no such time of day",
			"tuesday 19:00 am":           "there is no such time of day",
			"tuesday 7pm 8pm":            "there is more than one time in it",
			"tuesday 7pm for long":       "“long” is not understood here",
			"tuesday 7pm for 0 minutes":  "how long is not understood",
			"sixth tuesday 7pm":          "“sixth” is not understood here",
			"6th tuesday 7pm":            "there is no such day",
			"tuesday 7pm eastern":        "“eastern” is not understood here",
			"call +1 212 555 0111":       "“call” is not understood here",
			"tue 7pm 12125550111":        "there is a number in it that is neither a day nor a time",
			"":                           "at what time?",
			"tuesday 2nd tuesday 7pm":    "there are two kinds of days in it",
			"tuesday 7pm " + strings.Repeat("x", 300): "that is longer than it can be read",
		},
		"es": {
			"mañana a las 8":             "¿8 de la mañana o de la tarde?",
			"cada segundo martes 7pm":    "¿un martes sí y otro no, o un martes de cada mes?",
			"martes":                     "¿a qué hora?",
			"martes a medianoche":        "la medianoche es de dos días",
			"el martes por teléfono 7pm": "no se entiende «telefono» aquí",
		},
		"fr": {
			"mardi à 7":                 "7, du matin ou du soir?",
			"mardi":                     "à quelle heure?",
			"chaque deuxième mardi 19h": "un mardi sur deux, ou un seul mardi par mois?",
			"mardi à minuit":            "minuit est entre deux jours",
			"mercredi 24 novembre 19h":  "cette date tombe un mardi",
			"mardi au téléphone 19h":    "« telephone » n'est pas compris ici",
		},
		"ht": {
			"madi 7è":          "7 nan maten oswa 7 diswa?",
			"madi":             "a ki lè?",
			"7è diswa":         "ki jou?",
			"madi nan telefòn": "nou pa konprann « telefon » isit la",
		},
		"pt-BR": {
			"terça às 7":              "7 da manhã ou da noite?",
			"terça":                   "a que horas?",
			"terça à meia-noite":      "a meia-noite é de dois dias",
			"terça pelo telefone 19h": "“pelo” não é entendido aqui",
		},
		"zh-Hans": {
			"周二7点":          "7是早上还是晚上？",
			"周二":            "几点？",
			"晚上7点":          "哪一天？",
			"周二晚上12点":       "半夜十二点分不清是哪一天",
			"周三11月24日19:00": "那一天是星期二",
			"下周二晚上7点":       "看不懂“下”",
			"周二打电话19:00":    "看不懂“打电话”",
			"13月40日19:00":   "没有这个日期",
			"一三二五五五":        "里面有看不懂的符号",
		},
	} {
		for text, want := range cases {
			got, err := schedule.ParseWhen(lang, text, asked, newYork)
			var fault *schedule.Fault
			if !errors.As(err, &fault) {
				t.Errorf("%s %q is %+v, want that it asks %q", lang, text, got, want)
				continue
			}
			if fault.Field != "when" || fault.What != want || fault.Mend == "" {
				t.Errorf("%s %q asks %q, want %q", lang, text, fault, want)
			}
		}
	}
}

func TestParseDay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"today": "2026-11-23", "monday": "2026-11-23", "next tuesday": "2026-11-24", "24 december": "2026-12-24", "2026-12-01": "2026-12-01", "2nd tuesday": "2026-12-08",
	} {
		got, err := schedule.ParseDay("en", text, asked, newYork)
		if err != nil || got.String() != want {
			t.Errorf("%q is %v (%v), want %s", text, got, err, want)
		}
	}
	for lang, text := range map[string]string{"fr": "jeudi prochain", "ht": "jedi", "pt-BR": "quinta", "zh-Hans": "星 期 四"} {
		if got, err := schedule.ParseDay(lang, text, asked, newYork); err != nil || got.String() != "2026-11-26" {
			t.Errorf("%s is %v (%v)", text, got, err)
		}
	}
	if got, err := schedule.ParseDay("es", "el jueves", asked, newYork); err != nil || got.String() != "2026-11-26" {
		t.Errorf("el jueves is %v (%v)", got, err)
	}
}

// The clocks of the zone decide what is to come.
func TestParseWhenIsInTheZone(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, time.November, 24, 2, 0, 0, 0, time.UTC) // Monday 21:00 in New York
	for zone, want := range map[string]string{newYork: "2026-11-23T22:00", "UTC": "2026-11-24T22:00"} {
		got, err := schedule.ParseWhen("en", "today 10pm", late, zone)
		if err != nil || got.Start.String() != want {
			t.Errorf("%s: %v (%v), want %s", zone, got.Start, err, want)
		}
	}
	if _, err := schedule.ParseWhen("en", "today 10pm", late, "Mars/Olympus"); err == nil {
		t.Error("a zone that there is not is taken")
	}
}

func FuzzParseWhen(f *testing.F) {
	for _, text := range []string{"2nd tuesday 7pm", "every other friday 6:30 pm for 90 minutes", "11/24 7-8:30pm", "2026-11-24T19:00", "half past seven tonight"} {
		f.Add("en", text)
	}
	for _, text := range []string{"el segundo martes a las 7 de la tarde", "de lunes a viernes 19h30 durante media hora", "cada 15 días los viernes a mediodía"} {
		f.Add("es", text)
	}
	for lang, text := range map[string]string{
		"fr": "un mardi sur deux de 19 h 30 à vingt et une heures", "ht": "chak dezyèm madi nan mwa a, 7è edmi diswa", "pt-BR": "segunda e quarta terças, das sete e meia às 8 da noite",
		"zh-Hans": "从十二月15日起每两周的周二晚上七点半到9点",
	} {
		f.Add(lang, text)
	}
	f.Fuzz(func(t *testing.T, lang, text string) {
		w, err := schedule.ParseWhen(lang, text, asked, newYork)
		if err != nil {
			var fault *schedule.Fault
			if !errors.As(err, &fault) || fault.What == "" || fault.Mend == "" {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		m := w.Meeting(newYork)
		if err := m.Validate(); err != nil {
			t.Fatalf("%q: %+v: %v", text, w, err)
		}
		first := m.Next(asked, 1)
		if len(first) != 1 || !first[0].Start.After(asked) {
			t.Fatalf("%q: %+v begins %v", text, w, first)
		}
		if schedule.SpokenSeries(lang, m) == "" {
			t.Fatalf("%q: %+v cannot be read back", text, w)
		}
	})
}
