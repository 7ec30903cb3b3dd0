package schedule

import "regexp"

func haitianWhen() *whenLanguage {
	known := vocabularyOf(&haitian, map[string]string{
		"":     "le,la,nan,de,yo,tanpri,vè,yon",
		"many": "tout", "workdays": "lasemèn,nan lasemèn,jou travay,jou lasemèn",
		"am":    "am,nan maten,di maten,dimaten,maten",
		"pm":    "pm,nan apremidi,apremidi,nan apre midi,apre midi,aprèmidi,nan aprèmidi",
		"night": "diswa,di swa,nan aswè,aswè,swa,nan nwit,lannwit", "noon": "midi,a midi", "midnight": "minwi,a minwi", "half": "edmi,e dmi,e demi,demi",
		"quarter": "eka,e ka,ka,enka", "clock": "è,zè,pil", "hours": "h",
		"today": "jodi a,jodia,jodi", "tomorrow": "demen", "after": "apre demen,apredemen", "tonight": "aswè a,aswè sa,aswea", "this evening": "apremidi a",
		"every": "chak,tou le,toule,chak le", "other": "sou de,sou 2,chak de,chak 2", "day": "jou", "week": "semèn,semenn,senmenn",
		"month": "mwa,nan mwa,mwa a,nan mwa a,chak mwa,nan chak mwa,pa mwa", "hour": "èdtan,zèdtan", "minute": "minit",
		"30": "demi è,yon demi è,demi èdtan,yon demi èdtan,demiyè", "60": "inèdtan,yon èdtan,in èdtan",
		"90":   "inèdtan edmi,yon èdtan edmi,inèdtan e demi",
		"next": "pwochen,k ap vini,kap vini,ki ap vini,sa a,sa,yon fwa,yon sèl fwa,yon grenn fwa", "start": "apati,a pati,apati de,depi,kòmanse,kòmanse le",
		"for": "pandan,pou,diran", "to": "a,rive,rive a,jiska,jiske,jis", "and": "ak,epi,avèk", "last": "dènye",
	}, "premye,dezyèm,twazyèm,katriyèm,senkyèm", "inè=1,dezè=2,twazè=3,katrè=4,senkè=5,sizè=6,setè=7,uitè=8,nevè=9,dizè=10,onzè=11").
		counting(&haitian).with(weekdayWord, "mekredi=3,merkredi=3,vandredi=5").with(monthWord, "janvie=1,fevrie=2,sektanm=9,desanm=12")
	known["de"] = meaning{} // from, rather than two
	known["dezedtan"] = meaning{kind: spanWord, n: 120}
	known["de zedtan"] = known["dezedtan"]
	known["chak jou"] = meaning{kind: everyWord, n: unitDay}
	known["mwenka"] = meaning{kind: halfWord, n: -15}
	known["mwen ka"] = known["mwenka"]
	return &whenLanguage{names: &haitian, known: known, hourFirst: true, nth: regexp.MustCompile(`^(\d{1,2})(?:(?:ye|yem|zyem|em|iem)\b|[ºª°])`), say: whenFaults{
		tooLong:         "li twò long pou nou li l; ekri l kout, tankou 2yèm madi 7è diswa",
		unknown:         "nou pa konprann « {word} » isit la; ekri yon jou ak yon lè, tankou madi 7è diswa oswa 2yèm madi 19:00",
		unknownSign:     "gen yon siy nou pa konprann; ekri yon jou ak yon lè, tankou madi 7è diswa",
		badNumber:       "gen yon chif ki pa ni yon jou ni yon lè; ekri yon jou ak yon lè, tankou madi 7è diswa",
		noTime:          "a ki lè?; mete l, tankou 7è diswa oswa 19:00",
		which:           "{time} nan maten oswa {time} diswa?; ekri {time} nan maten oswa {time} diswa",
		badTime:         "lè sa a pa egziste; ekri l tankou 7è diswa, 7:30 diswa oswa 19:30",
		midnight:        "minwi se ant de jou; ekri 0:00 ak jou k ap kòmanse a, oswa 11:59 diswa",
		twoTimes:        "gen plis pase yon lè; ekri youn, tankou 7è diswa oswa 7è a 8:30 diswa",
		noDay:           "ki jou?; mete l, tankou chak madi, 2yèm madi oswa 24 novanm",
		noDate:          "dat sa a pa egziste; ekri l tankou 24 novanm",
		twoDays:         "gen de kalite jou; ekri youn, tankou chak madi oswa 2yèm ak 4yèm madi",
		otherDay:        "dat sa a se yon {weekday}; ekri dat la oswa jou ou vle di a",
		past:            "lè sa a pase deja; ekri youn ki poko rive",
		monthFirst:      "kilès nan chif yo ki mwa a?; ekri mwa a an lèt, tankou 4 me",
		whichOfMonth:    "kilès nan mwa a?; ekri l tankou 2yèm madi, oswa le 15 chak mwa",
		otherOrNumbered: "yon {weekday} sou de, oswa yon sèl {weekday} chak mwa?; ekri yon {weekday} sou de, oswa 2yèm {weekday} nan mwa a",
		far:             "sa plis pase dizan devan; ekri yon dat ki pi pre",
		howLong:         "nou pa konprann konbyen tan; ekri l tankou pandan 90 minit",
		never:           "jou sa a pa egziste; ekri l tankou 2yèm madi oswa yon vandredi sou de",
	}}
}
