package schedule

import "regexp"

func frenchWhen() *whenLanguage {
	known := vocabularyOf(&french, map[string]string{
		"":         "le,la,les,l,de,d,du,en,un,svp,vers,jour,date",
		"workdays": "en semaine,jours de semaine,les jours de semaine,jours ouvrables,les jours ouvrables",
		"am":       "am,du matin,le matin,au matin,matin,matins",
		"pm":       "pm,de l'après-midi,l'après-midi,en après-midi,après-midi,du soir,le soir,au soir,soir,soirs",
		"night":    "de la nuit,la nuit", "noon": "midi,à midi", "midnight": "minuit,à minuit", "half": "demi,demie", "quarter": "quart,un quart,le quart",
		"clock": "pile", "hours": "h,hrs",
		"today": "aujourd'hui", "tomorrow": "demain", "after": "après-demain", "tonight": "ce soir,cette nuit", "this evening": "cet après-midi",
		"every": "chaque,toutes les,tous les,aux", "other": "sur deux,sur 2", "day": "jours", "week": "semaine,semaines",
		"month": "mois,du mois,de chaque mois,par mois", "hour": "heure,heures", "minute": "minute,minutes,min",
		"30": "une demi-heure,demi-heure", "90": "une heure et demie,heure et demie",
		"next": "prochain,prochaine,ce,cette,qui vient,une fois,une seule fois,une seule fois le", "start": "à partir du,à partir de,à compter du,dès le,depuis le,à partir",
		"for": "pendant,durant,pour", "to": "à,au,jusqu'à,jusqu'au", "and": "et,puis", "last": "dernier,dernière",
	}, "premier première,deuxième second seconde,troisième,quatrième,cinquième", "une=1,vingt et une=21").
		counting(&french).with(weekdayWord, "merc=3").with(monthWord, "dec=12,fev=2,aout=8,jan=1")
	known["quotidien"] = meaning{kind: everyWord, n: unitDay}
	known["tous les jours"] = meaning{kind: everyWord, n: unitDay}
	known["chaque jour"] = meaning{kind: everyWord, n: unitDay}
	known["sept"] = meaning{kind: numeral, n: 7, also: 9} // septembre
	known["moins le quart"] = meaning{kind: halfWord, n: -15}
	known["moins quart"] = known["moins le quart"]
	return &whenLanguage{names: &french, known: known, hourFirst: true, nth: regexp.MustCompile(`^(\d{1,2})(?:(?:er|re|ere|e|eme|ieme|nd|nde|d)\b|[ºª°])`), say: whenFaults{
		tooLong:         "c'est plus long que ce qui peut être lu; écrivez en peu de mots, comme 2e mardi 19h",
		unknown:         "« {word} » n'est pas compris ici; écrivez un jour et une heure, comme mardi 19h ou 2e mardi 19h30",
		unknownSign:     "il y a un signe qui n'est pas compris; écrivez un jour et une heure, comme mardi 19h",
		badNumber:       "il y a un nombre qui n'est ni un jour ni une heure; écrivez un jour et une heure, comme mardi 19h",
		noTime:          "à quelle heure?; ajoutez-la, comme 19h ou 19h30",
		which:           "{time}, du matin ou du soir?; écrivez {time} du matin ou {time} du soir",
		badTime:         "cette heure n'existe pas; écrivez-la comme 19h ou 19h30",
		midnight:        "minuit est entre deux jours; écrivez 0h et le jour qui commence, ou 23h59",
		twoTimes:        "il y a plus d'une heure; écrivez-en une, comme 19h ou de 19h à 20h30",
		noDay:           "quel jour?; ajoutez-le, comme chaque mardi, 2e mardi ou 24 novembre",
		noDate:          "cette date n'existe pas; écrivez-la comme 24 novembre",
		twoDays:         "il y a deux sortes de jours; écrivez-en une, comme chaque mardi, ou 2e et 4e mardi",
		otherDay:        "cette date tombe un {weekday}; écrivez la date ou le jour de la semaine voulu",
		past:            "cette heure est passée; écrivez-en une à venir",
		monthFirst:      "quel nombre est le mois?; écrivez le mois en lettres, comme 4 mai",
		whichOfMonth:    "lequel du mois?; écrivez par exemple 2e mardi, ou le 15 de chaque mois",
		otherOrNumbered: "un {weekday} sur deux, ou un seul {weekday} par mois?; écrivez un {weekday} sur deux, ou 2e {weekday} du mois",
		far:             "c'est dans plus de dix ans; écrivez une date plus proche",
		howLong:         "la durée n'est pas comprise; écrivez par exemple pendant 90 minutes",
		never:           "ce jour n'existe pas; écrivez par exemple 2e mardi ou un vendredi sur deux",
	}}
}
