package schedule

// haitian is Haitian Creole in the official spelling of 1979.
var haitian = language{
	weekdays:      list[[7]string]("dimanch,lendi,madi,mèkredi,jedi,vandredi,samdi"),
	shortWeekdays: list[[7]string]("dim,len,madi,mèk,jedi,van,sam"),
	months:        list[[12]string]("janvye,fevriye,mas,avril,me,jen,jiyè,out,septanm,oktòb,novanm,desanm"),
	shortMonths:   list[[12]string]("janv,fev,mas,avr,me,jen,jiyè,out,sept,okt,nov,des"),
	monthDays: list[[31]string]("premye,de,twa,kat,senk,sis,sèt,uit,nèf,dis,onz,douz,trèz,katòz,kenz,sèz,disèt,dizuit,diznèf,ven," +
		"venteyen,vennde,venntwa,vennkat,vennsenk,vennsis,vennsèt,ventuit,ventnèf,trant,tranteyen"),
	numbers: list[[60]string]("zewo,en,de,twa,kat,senk,sis,sèt,uit,nèf,dis,onz,douz,trèz,katòz,kenz,sèz,disèt,dizuit,diznèf,ven," +
		"venteyen,vennde,venntwa,vennkat,vennsenk,vennsis,vennsèt,ventuit,ventnèf,trant,tranteyen,trannde,tranntwa,trannkat," +
		"trannsenk,trannsis,trannsèt,trantuit,trantnèf,karant,karanteyen,karannde,karanntwa,karannkat,karannsenk,karannsis," +
		"karannsèt,karantuit,karantnèf,senkant,senkanteyen,senkannde,senkanntwa,senkannkat,senkannsenk,senkannsis,senkannsèt," +
		"senkantuit,senkantnèf"),
	varied: []int{1},
	day: dayWords{
		yesterday: "yè",
		today:     "jodi a,", // its own "a" would run into the one before the time
		tomorrow:  "demen",
		near:      "{weekday}",
		far:       "{weekday} {date} {month}",
		texted:    "{weekday} {date} {month},",
		month:     "{month} {year}",
	},
	clock: clockWords{
		at: timeWords{
			hours: list[[24]string]("a minwi,a inè,a dezè,a twazè,a katrè,a senkè,a sizè,a setè,a uitè,a nevè,a dizè,a onzè," +
				"a midi,a inè,a dezè,a twazè,a katrè,a senkè,a sizè,a setè,a uitè,a nevè,a dizè,a onzè"),
			sharp:    "{hour} {part}",
			past:     "{hour} {minute} {part}",
			noon:     "a midi",
			midnight: "a minwi, lè jounen an ap kòmanse",
		},
		now: timeWords{
			hours: list[[24]string]("minwi,inè,dezè,twazè,katrè,senkè,sizè,setè,uitè,nevè,dizè,onzè," +
				"midi,inè,dezè,twazè,katrè,senkè,sizè,setè,uitè,nevè,dizè,onzè"),
			sharp:    "{hour} {part}",
			past:     "{hour} {minute} {part}",
			noon:     "midi",
			midnight: "minwi",
		},
		parts:   []partOfDay{{1, "nan maten"}, {12, ""}, {13, "nan apremidi"}, {18, "diswa"}},
		minutes: map[int]string{30: "edmi"},
		tonight: "aswè a, a minwi, {zone}",
		texted: textedTimes{
			sharp: "{hour}è {part}", past: "{hour}:{minute} {part}", noon: "midi", twelve: true,
			parts: []partOfDay{{0, "nan maten"}, {12, "nan apremidi"}, {18, "diswa"}},
		},
	},
	zone: zoneWords{
		regions: map[region]string{
			eastern: "lè Lès", central: "lè Santral", mountain: "lè Montay", arizona: "lè Arizona",
			pacific: "lè Pasifik", alaska: "lè Alaska", hawaii: "lè Awayi", atlantic: "lè Atlantik",
			newfoundland: "lè Tènèv", universal: "lè inivèsèl",
		},
		textedRegions: map[region]string{
			eastern: "ET", central: "CT", mountain: "MT", arizona: "lè Arizona", pacific: "PT", alaska: "lè Alaska",
			hawaii: "lè Awayi", atlantic: "lè Atlantik", newfoundland: "lè Tènèv", universal: "UTC",
		},
		city:   "lè {city}",
		offset: "UTC{offset}",
		cities: map[string]string{
			"Asuncion": "Asunción", "Belem": "Belém", "Bogota": "Bogota", "Cayenne": "Kayèn", "Cuba": "Kiba", "Curacao": "Kiraso",
			"Dawson": "Yukon", "Eire": "Ilann", "Guadeloupe": "Gwadloup", "Havana": "Lavàn", "Jamaica": "Jamayik", "London": "Lonn",
			"Martinique": "Matinik", "Mexico City": "Meksiko", "Miquelon": "Sen Pyè ak Miklon", "Panama": "Panama", "New York": "Nouyòk", "Montreal": "Monreyal", "Paris": "Pari",
			"Port-au-Prince": "Pòtoprens", "Puerto Rico": "Pòtoriko", "Regina": "Saskatchewan", "Santiago": "Santyago", "Shanghai": "Lachin", "Kolkata": "End", "Calcutta": "End", "St Johns": "Senjan Tènèv",
			"Santo Domingo": "Sendomeng", "Sao Paulo": "São Paulo", "Whitehorse": "Yukon",
		},
	},
	spoken:  "{day} {time}, {zone}",
	written: "{day} {time} {zone}",
	marks:   latinMarks,
	series: seriesWords{
		once:       "yon sèl fwa, {date}",
		daily:      "chak jou",
		everyDays:  "chak {n} jou",
		plural:     list[[7]string]("dimanch,lendi,madi,mèkredi,jedi,vandredi,samdi"),
		weekly:     "chak {days}",
		mondayToFr: "lendi jiska vandredi",
		everyOther: "yon {weekday} sou de,",
		everyWeeks: "chak {n} semèn, {weekdays},",
		ordinals: map[int]string{
			1: "premye", 2: "dezyèm", 3: "twazyèm", 4: "katriyèm", 5: "senkyèm", -1: "dènye", -2: "avandènye", -3: "twazyèm dènye",
		},
		nth:         "{nths} {weekday}",
		workday:     "jou travay",
		monthly:     "{list} nan chak mwa",
		everyMonths: "{list} nan mwa a, chak {n} mwa,",
		monthDay:    "{days}",
		dayOf:       "le {day}",
		lastDay:     "dènye jou",
		varying:     "nan jou ki chanje,",
		inMonths:    "{when} nan mwa {months}",
		and:         " ak ",
	},
}
