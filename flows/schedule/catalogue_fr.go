package schedule

// french is as it is spoken in Canada, where a clock has 24 hours.
// Source: Office québécois de la langue française, « Heure (notation et écriture) »
var french = language{
	weekdays:      list[[7]string]("dimanche,lundi,mardi,mercredi,jeudi,vendredi,samedi"),
	shortWeekdays: list[[7]string]("dim,lun,mar,mer,jeu,ven,sam"),
	months:        list[[12]string]("janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre"),
	shortMonths:   list[[12]string]("janv,févr,mars,avril,mai,juin,juil,août,sept,oct,nov,déc"),
	monthDays:     list[[31]string]("1er,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31"),
	numbers: list[[60]string]("zéro,un,deux,trois,quatre,cinq,six,sept,huit,neuf,dix,onze,douze,treize,quatorze,quinze,seize," +
		"dix-sept,dix-huit,dix-neuf,vingt,vingt et un,vingt-deux,vingt-trois,vingt-quatre,vingt-cinq,vingt-six,vingt-sept," +
		"vingt-huit,vingt-neuf,trente,trente et un,trente-deux,trente-trois,trente-quatre,trente-cinq,trente-six,trente-sept," +
		"trente-huit,trente-neuf,quarante,quarante et un,quarante-deux,quarante-trois,quarante-quatre,quarante-cinq," +
		"quarante-six,quarante-sept,quarante-huit,quarante-neuf,cinquante,cinquante et un,cinquante-deux,cinquante-trois," +
		"cinquante-quatre,cinquante-cinq,cinquante-six,cinquante-sept,cinquante-huit,cinquante-neuf"),
	varied: []int{1},
	inflected: map[Form]map[int]string{
		Feminine: {
			1: "une", 21: "vingt et une", 31: "trente et une", 41: "quarante et une", 51: "cinquante et une", 61: "soixante et une",
			81: "quatre-vingt-une",
		},
	},
	day: dayWords{
		yesterday: "hier",
		today:     "aujourd'hui",
		tomorrow:  "demain",
		near:      "{weekday}",
		far:       "le {weekday} {date} {month}",
		texted:    "{weekday} {date} {month},",
		month:     "{month} {year}",
	},
	clock: clockWords{
		at: timeWords{
			hours: list[[24]string]("à minuit,à une heure,à deux heures,à trois heures,à quatre heures,à cinq heures,à six heures," +
				"à sept heures,à huit heures,à neuf heures,à dix heures,à onze heures,à midi,à treize heures,à quatorze heures," +
				"à quinze heures,à seize heures,à dix-sept heures,à dix-huit heures,à dix-neuf heures,à vingt heures," +
				"à vingt et une heures,à vingt-deux heures,à vingt-trois heures"),
			sharp:    "{hour} {part}",
			past:     "{hour} {minute} {part}",
			noon:     "à midi",
			midnight: "à minuit, quand la journée commence",
		},
		now: timeWords{
			hours: list[[24]string]("minuit,une heure,deux heures,trois heures,quatre heures,cinq heures,six heures,sept heures," +
				"huit heures,neuf heures,dix heures,onze heures,midi,treize heures,quatorze heures,quinze heures,seize heures," +
				"dix-sept heures,dix-huit heures,dix-neuf heures,vingt heures,vingt et une heures,vingt-deux heures,vingt-trois heures"),
			sharp:    "{hour} {part}",
			past:     "{hour} {minute} {part}",
			noon:     "midi",
			midnight: "minuit",
		},
		parts:   []partOfDay{{1, "du matin"}, {12, ""}},
		minutes: map[int]string{1: "une", 21: "vingt et une", 31: "trente et une", 41: "quarante et une", 51: "cinquante et une"},
		tonight: "ce soir à minuit, {zone}",
		texted:  textedTimes{sharp: "{hour}h", past: "{hour}h{minute}", noon: "midi"},
	},
	zone: zoneWords{
		regions: map[region]string{
			eastern: "heure de l'Est", central: "heure du Centre", mountain: "heure des Rocheuses", arizona: "heure de l'Arizona",
			pacific: "heure du Pacifique", alaska: "heure de l'Alaska", hawaii: "heure d'Hawaï", atlantic: "heure de l'Atlantique",
			newfoundland: "heure de Terre-Neuve", universal: "temps universel",
		},
		textedRegions: map[region]string{
			eastern: "HE", central: "HC", mountain: "HR", arizona: "heure de l'Arizona", pacific: "HP", alaska: "heure de l'Alaska",
			hawaii: "heure d'Hawai", atlantic: "HA", newfoundland: "heure de Terre-Neuve", universal: "UTC",
		},
		city:   "heure de {city}",
		elided: "heure d'{city}",
		offset: "UTC{offset}",
		cities: map[string]string{
			"Algiers": "Alger", "Asuncion": "Asunción", "Athens": "Athènes", "Beirut": "Beyrouth", "Belem": "Belém", "Bogota": "Bogotá", "Brussels": "Bruxelles",
			"Cape Verde": "Praia", "Copenhagen": "Copenhague", "Egypt": "Égypte", "Eire": "Irlande", "Geneva": "Genève",
			"Guadeloupe": "la Guadeloupe", "Havana": "La Havane", "Hongkong": "Hong Kong", "Iceland": "Islande", "Jamaica": "la Jamaïque", "Japan": "Tokyo",
			"Jerusalem": "Jérusalem", "Lisbon": "Lisbonne", "London": "Londres", "Martinique": "la Martinique", "Mexico City": "Mexico",
			"Miquelon": "Saint-Pierre-et-Miquelon", "Moscow": "Moscou", "Poland": "Pologne", "Portugal": "Lisbonne", "Puerto Rico": "Porto Rico",
			"Regina": "la Saskatchewan", "Reunion": "La Réunion", "Sao Paulo": "São Paulo", "Singapore": "Singapour", "Swift Current": "la Saskatchewan",
			"St Johns": "Saint-Jean de Terre-Neuve", "Montreal": "Montréal", "Turkey": "Turquie", "Vienna": "Vienne", "Warsaw": "Varsovie",
		},
		whole: map[string]string{"Auckland": "heure de la Nouvelle-Zélande", "Calcutta": "heure de l'Inde", "Johannesburg": "heure de l'Afrique du Sud", "Kolkata": "heure de l'Inde",
			"Shanghai": "heure de Chine", "Cairo": "heure du Caire", "Dawson": "heure du Yukon", "Whitehorse": "heure du Yukon"},
	},
	spoken:  "{day} {time}, {zone}",
	written: "{day} {time} {zone}",
	marks:   latinMarks,
	series: seriesWords{
		once:       "une seule fois, {date}",
		daily:      "tous les jours",
		everyDays:  "tous les {n} jours",
		plural:     list[[7]string]("dimanches,lundis,mardis,mercredis,jeudis,vendredis,samedis"),
		weekly:     "tous les {days}",
		mondayToFr: "du lundi au vendredi",
		everyOther: "un {weekday} sur deux,",
		everyWeeks: "toutes les {n} semaines, les {days},",
		ordinals: map[int]string{
			1: "le premier", 2: "le deuxième", 3: "le troisième", 4: "le quatrième", 5: "le cinquième",
			-1: "le dernier", -2: "l'avant-dernier", -3: "l'avant-avant-dernier",
		},
		nth:         "{nths} {weekday}",
		workday:     "jour ouvrable",
		monthly:     "{list} du mois",
		everyMonths: "{list} du mois, tous les {n} mois,",
		monthDay:    "{days}",
		dayOf:       "le {day}",
		lastDay:     "le dernier jour",
		varying:     "à des dates qui varient,",
		inMonths:    "{when} en {months}",
		and:         " et ",
	},
}
