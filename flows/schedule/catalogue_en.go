package schedule

import "strings"

// list makes an array of a language's words from one line: comma-separated.
func list[A [7]string | [12]string | [24]string | [31]string | [60]string](words string) (a A) {
	for i, w := range strings.Split(words, ",") {
		a[i] = w
	}
	return a
}

const englishHours = "twelve,one,two,three,four,five,six,seven,eight,nine,ten,eleven"

var english = language{
	weekdays:      list[[7]string]("Sunday,Monday,Tuesday,Wednesday,Thursday,Friday,Saturday"),
	shortWeekdays: list[[7]string]("Sun,Mon,Tue,Wed,Thu,Fri,Sat"),
	months:        list[[12]string]("January,February,March,April,May,June,July,August,September,October,November,December"),
	shortMonths:   list[[12]string]("Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec"),
	monthDays: list[[31]string]("1st,2nd,3rd,4th,5th,6th,7th,8th,9th,10th,11th,12th,13th,14th,15th,16th,17th,18th,19th,20th," +
		"21st,22nd,23rd,24th,25th,26th,27th,28th,29th,30th,31st"),
	numbers: list[[60]string]("zero,one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen,fifteen," +
		"sixteen,seventeen,eighteen,nineteen,twenty,twenty-one,twenty-two,twenty-three,twenty-four,twenty-five,twenty-six," +
		"twenty-seven,twenty-eight,twenty-nine,thirty,thirty-one,thirty-two,thirty-three,thirty-four,thirty-five,thirty-six," +
		"thirty-seven,thirty-eight,thirty-nine,forty,forty-one,forty-two,forty-three,forty-four,forty-five,forty-six," +
		"forty-seven,forty-eight,forty-nine,fifty,fifty-one,fifty-two,fifty-three,fifty-four,fifty-five,fifty-six," +
		"fifty-seven,fifty-eight,fifty-nine"),
	day: dayWords{
		yesterday: "yesterday",
		today:     "today",
		tomorrow:  "tomorrow",
		near:      "{weekday}",
		far:       "{weekday}, {month} {date}",
		texted:    "{weekday} {month} {date},",
		month:     "{month} {year}",
	},
	clock: clockWords{
		at: timeWords{
			hours:    twice(englishHours),
			sharp:    "at {hour} {part}",
			past:     "at {hour} {minute} {part}",
			noon:     "at noon",
			midnight: "at midnight, as the day begins",
		},
		now: timeWords{
			hours:    twice(englishHours),
			sharp:    "{hour} {part}",
			past:     "{hour} {minute} {part}",
			noon:     "noon",
			midnight: "midnight",
		},
		parts: []partOfDay{
			{0, "at night"}, {1, "in the morning"}, {12, "in the afternoon"}, {17, "in the evening"}, {21, "at night"},
		},
		tens:    "oh {minute}",
		tonight: "tonight at midnight, {zone}",
		texted:  textedTimes{sharp: "{hour} {part}", past: "{hour}:{minute} {part}", noon: "noon", twelve: true, parts: []partOfDay{{0, "am"}, {12, "pm"}}},
	},
	zone: zoneWords{
		regions: map[region]string{
			eastern: "Eastern time", central: "Central time", mountain: "Mountain time", arizona: "Arizona time",
			pacific: "Pacific time", alaska: "Alaska time", hawaii: "Hawaii time", atlantic: "Atlantic time",
			newfoundland: "Newfoundland time", universal: "universal time",
		},
		textedRegions: map[region]string{
			eastern: "ET", central: "CT", mountain: "MT", arizona: "Arizona time", pacific: "PT", alaska: "Alaska time",
			hawaii: "Hawaii time", atlantic: "Atlantic time", newfoundland: "Newfoundland time", universal: "UTC",
		},
		city:   "{city} time",
		offset: "UTC{offset}",
		cities: map[string]string{
			"Bogota": "Bogotá", "Sao Paulo": "São Paulo", "Regina": "Saskatchewan", "Whitehorse": "Yukon", "Dawson": "Yukon",
			"Eire": "Ireland", "St Johns": "St. John's", "Kolkata": "India", "Calcutta": "India", "Shanghai": "China",
			"Johannesburg": "South Africa", "Auckland": "New Zealand",
		},
	},
	spoken:  "{day} {time}, {zone}",
	written: "{day} {time} {zone}",
	marks:   latinMarks,
	series: seriesWords{
		once:       "once, on {date}",
		daily:      "every day",
		everyDays:  "every {n} days",
		plural:     list[[7]string]("Sundays,Mondays,Tuesdays,Wednesdays,Thursdays,Fridays,Saturdays"),
		weekly:     "{days}",
		mondayToFr: "Monday to Friday",
		everyOther: "every second {weekday}",
		everyWeeks: "every {n} weeks on {weekdays}",
		ordinals: map[int]string{
			1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "second to last", -3: "third to last",
		},
		nth:         "the {nths} {weekday}",
		workday:     "working day",
		monthly:     "{list} of the month",
		everyMonths: "{list} of the month, every {n} months,",
		monthDay:    "the {days}",
		lastDay:     "last day",
		varying:     "on days that vary,",
		inMonths:    "{when} in {months}",
		and:         " and ",
	},
}
