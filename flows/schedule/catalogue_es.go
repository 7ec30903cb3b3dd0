package schedule

var spanish = language{
	weekdays:      list[[7]string]("domingo,lunes,martes,miércoles,jueves,viernes,sábado"),
	shortWeekdays: list[[7]string]("dom,lun,mar,mié,jue,vie,sab"),
	months:        list[[12]string]("enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre"),
	shortMonths:   list[[12]string]("ene,feb,mar,abr,may,jun,jul,ago,sep,oct,nov,dic"),
	monthDays:     list[[31]string]("primero,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31"),
	numbers: list[[60]string]("cero,uno,dos,tres,cuatro,cinco,seis,siete,ocho,nueve,diez,once,doce,trece,catorce,quince," +
		"dieciséis,diecisiete,dieciocho,diecinueve,veinte,veintiuno,veintidós,veintitrés,veinticuatro,veinticinco,veintiséis," +
		"veintisiete,veintiocho,veintinueve,treinta,treinta y uno,treinta y dos,treinta y tres,treinta y cuatro," +
		"treinta y cinco,treinta y seis,treinta y siete,treinta y ocho,treinta y nueve,cuarenta,cuarenta y uno," +
		"cuarenta y dos,cuarenta y tres,cuarenta y cuatro,cuarenta y cinco,cuarenta y seis,cuarenta y siete," +
		"cuarenta y ocho,cuarenta y nueve,cincuenta,cincuenta y uno,cincuenta y dos,cincuenta y tres,cincuenta y cuatro," +
		"cincuenta y cinco,cincuenta y seis,cincuenta y siete,cincuenta y ocho,cincuenta y nueve"),
	inflected: map[Form]map[int]string{
		Feminine: {
			1: "una", 21: "veintiuna", 31: "treinta y una", 41: "cuarenta y una", 51: "cincuenta y una", 61: "sesenta y una",
			71: "setenta y una", 81: "ochenta y una", 91: "noventa y una",
		},
		Masculine: {
			1: "un", 21: "veintiún", 31: "treinta y un", 41: "cuarenta y un", 51: "cincuenta y un", 61: "sesenta y un",
			71: "setenta y un", 81: "ochenta y un", 91: "noventa y un",
		},
	},
	day: dayWords{
		yesterday: "ayer",
		today:     "hoy",
		tomorrow:  "mañana",
		near:      "el {weekday}",
		far:       "el {weekday} {date} de {month}",
		texted:    "{weekday} {date} {month},",
		month:     "{month} de {year}",
	},
	clock: clockWords{
		at: timeWords{
			hours: twice("a las doce,a la una,a las dos,a las tres,a las cuatro,a las cinco,a las seis,a las siete," +
				"a las ocho,a las nueve,a las diez,a las once"),
			sharp:    "{hour} {part}",
			past:     "{hour} y {minute} {part}",
			noon:     "a mediodía",
			midnight: "a medianoche, cuando empieza el día",
		},
		now: timeWords{
			hours: twice("son las doce,es la una,son las dos,son las tres,son las cuatro,son las cinco,son las seis," +
				"son las siete,son las ocho,son las nueve,son las diez,son las once"),
			sharp:    "{hour} {part}",
			past:     "{hour} y {minute} {part}",
			noon:     "es mediodía",
			midnight: "es medianoche",
		},
		parts: []partOfDay{
			{0, "de la madrugada"}, {5, "de la mañana"}, {12, "de la tarde"}, {19, "de la noche"},
		},
		minutes: map[int]string{15: "cuarto", 30: "media"},
		tonight: "esta noche a medianoche, {zone}",
		texted:  textedTimes{sharp: "{hour} {part}", past: "{hour}:{minute} {part}", noon: "mediodia", twelve: true, parts: []partOfDay{{0, "am"}, {12, "pm"}}},
	},
	zone: zoneWords{
		regions: map[region]string{
			eastern: "hora del Este", central: "hora del Centro", mountain: "hora de la Montaña", arizona: "hora de Arizona",
			pacific: "hora del Pacífico", alaska: "hora de Alaska", hawaii: "hora de Hawái", atlantic: "hora del Atlántico",
			newfoundland: "hora de Terranova", universal: "hora universal",
		},
		textedRegions: map[region]string{
			eastern: "ET", central: "CT", mountain: "MT", arizona: "hora de Arizona", pacific: "PT", alaska: "hora de Alaska",
			hawaii: "hora de Hawai", atlantic: "hora del Atlantico", newfoundland: "hora de Terranova", universal: "UTC",
		},
		city:   "hora de {city}",
		offset: "UTC{offset}",
		cities: map[string]string{
			"Asuncion": "Asunción", "Athens": "Atenas", "Belem": "Belém", "Belize": "Belice", "Berlin": "Berlín",
			"Bogota": "Bogotá", "Brussels": "Bruselas", "Cancun": "Cancún", "Ciudad Juarez": "Ciudad Juárez",
			"Cordoba": "Córdoba", "Havana": "La Habana", "Cuba": "Cuba", "Dawson": "Yukón", "Eire": "Irlanda",
			"Egypt": "Egipto", "Hongkong": "Hong Kong", "Japan": "Japón", "Lisbon": "Lisboa", "London": "Londres",
			"Martinique": "Martinica", "Mazatlan": "Mazatlán", "Merida": "Mérida", "Mexico City": "Ciudad de México",
			"Moscow": "Moscú", "Panama": "Panamá", "Paris": "París", "Poland": "Polonia", "Port-au-Prince": "Puerto Príncipe",
			"Port of Spain": "Puerto España", "Regina": "Saskatchewan", "Rome": "Roma", "Sao Paulo": "São Paulo",
			"Tokyo": "Tokio", "Turkey": "Turquía", "Whitehorse": "Yukón",
			"New York": "Nueva York", "Los Angeles": "Los Ángeles", "Honolulu": "Honolulú", "St Johns": "San Juan de Terranova",
			"Dublin": "Dublín", "Sydney": "Sídney", "Kolkata": "la India", "Calcutta": "la India", "Shanghai": "China",
			"Johannesburg": "Sudáfrica", "Auckland": "Nueva Zelanda",
		},
	},
	spoken:  "{day} {time}, {zone}",
	written: "{day} {time} {zone}",
	marks:   latinMarks,
	series: seriesWords{
		once:       "una sola vez, {date}",
		daily:      "todos los días",
		everyDays:  "cada {n} días",
		plural:     list[[7]string]("domingos,lunes,martes,miércoles,jueves,viernes,sábados"),
		weekly:     "los {days}",
		mondayToFr: "de lunes a viernes",
		everyOther: "un {weekday} sí y otro no,",
		everyWeeks: "cada {n} semanas, los {days},",
		ordinals: map[int]string{
			1: "primer", 2: "segundo", 3: "tercer", 4: "cuarto", 5: "quinto", -1: "último", -2: "penúltimo", -3: "antepenúltimo",
		},
		nth:         "el {nths} {weekday}",
		workday:     "día laborable",
		monthly:     "{list} del mes",
		everyMonths: "{list} del mes, cada {n} meses,",
		monthDay:    "{days}",
		dayOf:       "el {day}",
		lastDay:     "el último día",
		varying:     "en días que varían,",
		inMonths:    "{when} en {months}",
		and:         " y ",
	},
}
