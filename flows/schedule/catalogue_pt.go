package schedule

// portuguese is as it is spoken and written in Brazil: twelve hours aloud, 24 in a text.
var portuguese = language{
	weekdays:      list[[7]string]("domingo,segunda-feira,terça-feira,quarta-feira,quinta-feira,sexta-feira,sábado"),
	shortWeekdays: list[[7]string]("dom,seg,ter,qua,qui,sex,sáb"),
	months:        list[[12]string]("janeiro,fevereiro,março,abril,maio,junho,julho,agosto,setembro,outubro,novembro,dezembro"),
	shortMonths:   list[[12]string]("jan,fev,mar,abr,mai,jun,jul,ago,set,out,nov,dez"),
	monthDays:     list[[31]string]("1º,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31"),
	numbers: list[[60]string]("zero,um,dois,três,quatro,cinco,seis,sete,oito,nove,dez,onze,doze,treze,catorze,quinze,dezesseis," +
		"dezessete,dezoito,dezenove,vinte,vinte e um,vinte e dois,vinte e três,vinte e quatro,vinte e cinco,vinte e seis," +
		"vinte e sete,vinte e oito,vinte e nove,trinta,trinta e um,trinta e dois,trinta e três,trinta e quatro,trinta e cinco," +
		"trinta e seis,trinta e sete,trinta e oito,trinta e nove,quarenta,quarenta e um,quarenta e dois,quarenta e três," +
		"quarenta e quatro,quarenta e cinco,quarenta e seis,quarenta e sete,quarenta e oito,quarenta e nove,cinquenta," +
		"cinquenta e um,cinquenta e dois,cinquenta e três,cinquenta e quatro,cinquenta e cinco,cinquenta e seis," +
		"cinquenta e sete,cinquenta e oito,cinquenta e nove"),
	varied: []int{1, 2},
	inflected: map[Form]map[int]string{
		Feminine: {
			1: "uma", 2: "duas", 21: "vinte e uma", 22: "vinte e duas", 31: "trinta e uma", 32: "trinta e duas", 41: "quarenta e uma",
			42: "quarenta e duas", 51: "cinquenta e uma", 52: "cinquenta e duas", 61: "sessenta e uma", 62: "sessenta e duas",
			71: "setenta e uma", 72: "setenta e duas", 81: "oitenta e uma", 82: "oitenta e duas", 91: "noventa e uma",
			92: "noventa e duas",
		},
	},
	day: dayWords{
		yesterday: "ontem",
		today:     "hoje",
		tomorrow:  "amanhã",
		near:      "{weekday}",
		far:       "{weekday}, {date} de {month},",
		texted:    "{weekday} {date} {month},",
		month:     "{month} de {year}",
	},
	clock: clockWords{
		at: timeWords{
			hours: list[[24]string]("à meia-noite,à uma,às duas,às três,às quatro,às cinco,às seis,às sete,às oito,às nove,às dez,às onze," +
				"ao meio-dia,à uma,às duas,às três,às quatro,às cinco,às seis,às sete,às oito,às nove,às dez,às onze"),
			sharp:    "{hour} {part}",
			past:     "{hour} e {minute} {part}",
			noon:     "ao meio-dia",
			midnight: "à meia-noite, quando o dia começa",
		},
		now: timeWords{
			hours: list[[24]string]("é meia-noite,é uma,são duas,são três,são quatro,são cinco,são seis,são sete,são oito,são nove,são dez,são onze," +
				"é meio-dia,é uma,são duas,são três,são quatro,são cinco,são seis,são sete,são oito,são nove,são dez,são onze"),
			sharp:    "{hour} {part}",
			past:     "{hour} e {minute} {part}",
			noon:     "é meio-dia",
			midnight: "é meia-noite",
		},
		parts: []partOfDay{
			{0, ""}, {1, "da madrugada"}, {5, "da manhã"}, {12, ""}, {13, "da tarde"}, {18, "da noite"},
		},
		minutes: map[int]string{30: "meia"},
		tonight: "hoje à meia-noite, {zone}",
		texted:  textedTimes{sharp: "{hour}h", past: "{hour}h{minute}", noon: "meio-dia"},
	},
	zone: zoneWords{
		regions: map[region]string{
			eastern: "horário do Leste", central: "horário Central", mountain: "horário da Montanha", arizona: "horário do Arizona",
			pacific: "horário do Pacífico", alaska: "horário do Alasca", hawaii: "horário do Havaí", atlantic: "horário do Atlântico",
			newfoundland: "horário da Terra Nova", universal: "horário universal",
		},
		textedRegions: map[region]string{
			eastern: "ET", central: "CT", mountain: "MT", arizona: "hora do Arizona", pacific: "PT", alaska: "hora do Alasca",
			hawaii: "hora do Havaí", atlantic: "hora do Atlântico", newfoundland: "hora da Terra Nova", universal: "UTC",
		},
		city:   "horário de {city}",
		offset: "UTC{offset}",
		cities: map[string]string{
			"Acre": "Rio Branco", "Asuncion": "Assunção", "Athens": "Atenas", "Belem": "Belém", "Berlin": "Berlim", "Bogota": "Bogotá",
			"Brussels": "Bruxelas", "Cape Verde": "Cabo Verde", "Cuiaba": "Cuiabá", "Dawson": "Yukon", "East": "Brasília",
			"Jerusalem": "Jerusalém", "Lisbon": "Lisboa", "London": "Londres",
			"Maceio": "Maceió", "Madrid": "Madri", "Montevideo": "Montevidéu", "Moscow": "Moscou",
			"Noronha": "Fernando de Noronha", "DeNoronha": "Fernando de Noronha", "New York": "Nova York", "Shanghai": "Pequim", "St Johns": "St. John's",
			"Port-au-Prince": "Porto Príncipe", "Puerto Rico": "Porto Rico", "Regina": "Saskatchewan", "Rome": "Roma",
			"Santarem": "Santarém", "Sao Paulo": "Brasília", "Sao Tome": "São Tomé", "Tokyo": "Tóquio", "Whitehorse": "Yukon",
		},
		whole: map[string]string{
			"Auckland": "horário da Nova Zelândia", "Calcutta": "horário da Índia", "Kolkata": "horário da Índia", "Johannesburg": "horário da África do Sul",
			"Cairo": "horário do Cairo", "Egypt": "horário do Egito", "Eire": "horário da Irlanda", "Jamaica": "horário da Jamaica", "Japan": "horário do Japão",
			"Mexico City": "horário da Cidade do México", "Panama": "horário do Panamá", "Poland": "horário da Polônia", "Turkey": "horário da Turquia",
		},
	},
	spoken:  "{day} {time}, {zone}",
	written: "{day} {time} {zone}",
	marks:   latinMarks,
	series: seriesWords{
		once:      "uma única vez, {date}",
		daily:     "todos os dias",
		everyDays: "a cada {n} dias",
		plural: list[[7]string]("aos domingos,às segundas-feiras,às terças-feiras,às quartas-feiras,às quintas-feiras,às sextas-feiras," +
			"aos sábados"),
		weekly:     "{days},",
		mondayToFr: "de segunda a sexta-feira",
		everyOther: "a cada duas semanas, {days},",
		everyWeeks: "a cada {n} semanas, {days},",
		ordinals: map[int]string{
			1: "no primeiro", 2: "no segundo", 3: "no terceiro", 4: "no quarto", 5: "no quinto",
			-1: "no último", -2: "no penúltimo", -3: "no antepenúltimo",
		},
		feminine: map[int]string{
			1: "na primeira", 2: "na segunda", 3: "na terceira", 4: "na quarta", 5: "na quinta",
			-1: "na última", -2: "na penúltima", -3: "na antepenúltima",
		},
		womanly:     [7]bool{1: true, 2: true, 3: true, 4: true, 5: true},
		nth:         "{nths} {weekday}",
		workday:     "dia útil",
		monthly:     "{list} do mês",
		everyMonths: "{list} do mês, a cada {n} meses,",
		monthDay:    "{days}",
		dayOf:       "no dia {day}",
		lastDay:     "no último dia",
		varying:     "em dias que variam,",
		inMonths:    "{when} em {months},",
		and:         " e ",
		twoWeeks:    "duas",
	},
}
