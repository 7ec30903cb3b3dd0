package schedule

// whenFaults are what is asked of who wrote when: what is wrong, a semicolon, and
// how to mend it.
type whenFaults struct {
	tooLong, unknown, unknownSign, badNumber   string // {word}
	noTime, which, badTime, midnight, twoTimes string // {time}
	noDay, noDate, twoDays, otherDay, past     string // {weekday}
	monthFirst, whichOfMonth, otherOrNumbered  string // {weekday}
	howLong, never, far                        string
}

func englishWhen() *whenLanguage {
	known := vocabularyOf(&english, map[string]string{
		"":     "the,of,on,in,a,an,is,please",
		"many": "all", "workdays": "weekdays,weekday,every weekday,working days",
		"am":    "am,in the morning,morning,mornings",
		"pm":    "pm,p,in the afternoon,afternoon,afternoons,in the evening,evening,evenings",
		"night": "at night,night,nights", "noon": "noon,at noon,midday,at midday", "midnight": "midnight,at midnight",
		"half": "half,a half", "quarter": "quarter,a quarter", "past": "past", "clock": "oclock", "hours": "h,hrs",
		"today": "today", "tomorrow": "tomorrow,tmrw", "after": "day after tomorrow,the day after tomorrow", "tonight": "tonight",
		"this evening": "this evening,this afternoon",
		"every":        "every,each", "other": "other,alternate,alternating,fortnightly", "day": "day,days", "week": "week,weeks", "month": "month,months",
		"hour": "hour,hours", "minute": "minute,minutes,min,mins",
		"30": "half an hour,half hour", "60": "an hour,one hour", "90": "an hour and a half,one hour and a half",
		"next": "next,this,coming,once", "start": "starting,starting on,beginning,from,since,as of", "for": "for,lasting", "to": "to,till,til,until,through,thru",
		"and": "and", "at": "at", "last": "last",
	}, "first,second,third,fourth,fifth", "one=1,two=2,three=3,four=4,five=5,six=6,seven=7,eight=8,nine=9,ten=10,eleven=11,twelve=12,"+
		"fifteen=15,thirty=30,forty five=45,sixty=60,ninety=90").
		with(weekdayWord, "tues=2,weds=3,thur=4,thurs=4").with(monthWord, "sept=9")
	known["daily"] = meaning{kind: everyWord, n: unitDay}
	known["weekly"] = meaning{kind: everyWord, n: unitWeek}
	known["monthly"] = meaning{kind: everyWord, n: unitMonth}
	return &whenLanguage{names: &english, known: known, bareMinutes: true, say: whenFaults{
		tooLong:         "that is longer than it can be read; write it shortly, like 2nd Tuesday 7 pm",
		unknown:         "“{word}” is not understood here; write a day and a time, like Tuesday 7 pm or 2nd Tuesday 19:00",
		unknownSign:     "there is a sign in it that is not understood; write a day and a time, like Tuesday 7 pm",
		badNumber:       "there is a number in it that is neither a day nor a time; write a day and a time, like Tuesday 7 pm",
		noTime:          "at what time?; add it, like 7 pm or 19:00",
		which:           "is {time} in the morning or in the evening?; write {time} am or {time} pm",
		badTime:         "there is no such time of day; write it like 7 pm, 7:30 pm or 19:30",
		midnight:        "midnight belongs to two days; write 12 am and the day that begins, or 11:59 pm",
		twoTimes:        "there is more than one time in it; write one, like 7 pm or 7 to 8:30 pm",
		noDay:           "on which day?; add it, like every Tuesday, 2nd Tuesday or 24 November",
		noDate:          "there is no such date; write it like 24 November",
		twoDays:         "there are two kinds of days in it; write one, like every Tuesday or 2nd and 4th Tuesday",
		otherDay:        "that date is a {weekday}; write the date or the day of the week that is meant",
		past:            "that time is past; write one that is to come",
		monthFirst:      "which number is the month?; write the month as a word, like 4 May",
		whichOfMonth:    "which of the month?; write it like 2nd Tuesday, or the 15th of every month",
		otherOrNumbered: "every other {weekday}, or one {weekday} of each month?; write every other {weekday}, or 2nd {weekday} of the month",
		far:             "that is more than ten years ahead; write an earlier date",
		howLong:         "how long is not understood; write it like for 90 minutes",
		never:           "there is no such day; write it like 2nd Tuesday or every other Friday",
	}}
}
