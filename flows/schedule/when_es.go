package schedule

func spanishWhen() *whenLanguage {
	known := vocabularyOf(&spanish, map[string]string{
		"":     "el,la,las,de,del,en,un,por,dia,al",
		"many": "los,todos los", "workdays": "dias laborables,entre semana,dias de semana",
		"am":    "am,de la manana,por la manana,en la manana,de la madrugada",
		"pm":    "pm,de la tarde,por la tarde,en la tarde",
		"night": "de la noche,por la noche,en la noche", "noon": "mediodia,a mediodia,al mediodia,del mediodia,de mediodia",
		"midnight": "medianoche,a medianoche,a la medianoche", "half": "media", "clock": "en punto", "hours": "h,hs,hrs",
		"today": "hoy", "tomorrow": "manana", "after": "pasado manana", "tonight": "esta noche", "this evening": "esta tarde",
		"every": "cada,todas las,todos", "other": "si y otro no,si otro no,alternos,quincenal,quincenalmente", "day": "dias",
		"week": "semana,semanas", "month": "mes,meses,de cada mes,del mes,de mes", "hour": "hora,horas", "minute": "minuto,minutos,min",
		"30": "media hora", "60": "una hora", "90": "hora y media,una hora y media",
		"next": "proximo,proxima,este,esta,que viene,una vez,una sola vez", "start": "desde,desde el,a partir de,a partir del,empezando,empezando el,comenzando,comenzando el",
		"for": "durante,por espacio de", "to": "a,hasta,hasta las,hasta la", "and": "y,e", "at": "a las,a la,sobre las", "last": "ultimo,ultima",
	}, "primer primero,segundo,tercer tercero,cuarto,quinto", "uno=1,una=1,dos=2,tres=3,cuatro=4,cinco=5,seis=6,siete=7,ocho=8,nueve=9,diez=10,once=11,doce=12,"+
		"quince=15,treinta=30,sesenta=60,noventa=90").
		with(weekdaysWord, "sabados=6,domingos=0").with(weekdayWord, "mier=3").with(monthWord, "set=9,setiembre=9")
	known["diario"] = meaning{kind: everyWord, n: unitDay}
	known["diariamente"] = meaning{kind: everyWord, n: unitDay}
	known["todos los dias"] = meaning{kind: everyWord, n: unitDay}
	known["cuarto"] = meaning{kind: halfWord, n: 15, also: 4}
	known["cada dia"] = meaning{kind: everyWord, n: unitDay}
	return &whenLanguage{names: &spanish, known: known, say: whenFaults{
		tooLong:         "es más largo de lo que se puede leer; escríbalo corto, como segundo martes 7 pm",
		unknown:         "no se entiende «{word}» aquí; escriba un día y una hora, como martes 7 pm o segundo martes 19:00",
		unknownSign:     "hay un signo que no se entiende; escriba un día y una hora, como martes 7 pm",
		badNumber:       "hay un número que no es ni día ni hora; escriba un día y una hora, como martes 7 pm",
		noTime:          "¿a qué hora?; añádala, como 7 pm o 19:00",
		which:           "¿{time} de la mañana o de la tarde?; escriba {time} am o {time} pm",
		badTime:         "no existe esa hora; escríbala como 7 pm, 7:30 pm o 19:30",
		midnight:        "la medianoche es de dos días; escriba 12 am y el día que empieza, o 11:59 pm",
		twoTimes:        "hay más de una hora; escriba una, como 7 pm o de 7 a 8:30 pm",
		noDay:           "¿qué día?; añádalo, como cada martes, segundo martes o 24 de noviembre",
		noDate:          "no existe esa fecha; escríbala como 24 de noviembre",
		twoDays:         "hay dos clases de días; escriba una, como cada martes o segundo y cuarto martes",
		otherDay:        "esa fecha cae en {weekday}; escriba la fecha o el día de la semana que quiere decir",
		past:            "esa hora ya pasó; escriba una que esté por venir",
		monthFirst:      "¿cuál de los números es el mes?; escriba el mes con letras, como 4 de mayo",
		whichOfMonth:    "¿cuál del mes?; escríbalo como segundo martes, o el 15 de cada mes",
		otherOrNumbered: "¿un {weekday} sí y otro no, o un {weekday} de cada mes?; escriba cada dos {weekday}, o segundo {weekday} del mes",
		far:             "faltan más de diez años; escriba una fecha más cercana",
		howLong:         "no se entiende cuánto dura; escríbalo como durante 90 minutos",
		never:           "no existe ese día; escríbalo como segundo martes o cada dos viernes",
	}}
}
