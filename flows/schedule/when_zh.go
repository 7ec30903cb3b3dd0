package schedule

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// chineseWhen reads Chinese by the words of English: its own stand in no order of
// ours and without spaces. What is not rewritten is not understood, and said so.
func chineseWhen() *whenLanguage {
	return &whenLanguage{names: &chinese, known: englishWhen().known, rewrite: chineseWords, say: whenFaults{
		tooLong:         "太长了，读不了; 请写短一点，比如：每周二晚上7点",
		unknown:         "看不懂“{word}”; 请写星期几和几点，比如：周二晚上7点，或每月第二个周二19:00",
		unknownSign:     "里面有看不懂的符号; 请写星期几和几点，比如：周二晚上7点",
		badNumber:       "里面有一个数字，既不是日期也不是时间; 请写星期几和几点，比如：周二晚上7点",
		noTime:          "几点？; 请加上时间，比如：晚上7点，或19:00",
		which:           "{time}是早上还是晚上？; 请写：早上{time}点，或晚上{time}点",
		badTime:         "没有这个时间; 请这样写：晚上7点、晚上7点半，或19:30",
		midnight:        "半夜十二点分不清是哪一天; 请写凌晨0点和新的一天，或晚上11点59分",
		twoTimes:        "里面的时间不止一个; 请写一个，比如：晚上7点，或晚上7点到8点半",
		noDay:           "哪一天？; 请加上，比如：每周二、每月第二个周二，或11月24日",
		noDate:          "没有这个日期; 请这样写：11月24日",
		twoDays:         "里面有两种日子; 请写一种，比如：每周二，或每月第二个和第四个周二",
		otherDay:        "那一天是{weekday}; 请写日期，或写星期几",
		past:            "这个时间已经过了; 请写一个以后的时间",
		monthFirst:      "哪个数字是月份？; 请这样写：5月4日",
		whichOfMonth:    "是每月的哪一个？; 请写：每月第二个周二，或每月15号",
		otherOrNumbered: "是每两周的{weekday}，还是每月一次？; 请写：每两周的{weekday}，或每月第二个{weekday}",
		far:             "那是十年以后了; 请写近一点的日期",
		howLong:         "看不懂有多长时间; 请这样写：90分钟",
		never:           "没有这一天; 请写：每月第二个周二，或每两周的周五",
	}}
}

// hanDigits are those of which numbers are made.
const hanDigits = "零〇一二两三四五六七八九十"

// simplified are the characters of times that are written otherwise elsewhere.
var simplified = lettersFor("點点週周禮礼後后個个鐘钟時时開开從从號号兩两這这間间為为〜~～~")

// chineseStep puts what it finds into other words, by its groups.
type chineseStep struct {
	needs string // characters without any of which there is nothing to find
	found *regexp.Regexp
	says  func(m matched) string
}

// matched is what an expression finds in a text, by its groups.
type matched struct {
	text string
	at   []int
}

// group is what a group finds, "" for nothing.
func (m matched) group(n int) string {
	if m.at[2*n] < 0 {
		return ""
	}
	return m.text[m.at[2*n]:m.at[2*n+1]]
}

// replaced is a text with what an expression finds in it put into other words.
func replaced(text string, found *regexp.Regexp, says func(m matched) string) string {
	all, end := found.FindAllStringSubmatchIndex(text, -1), 0
	if len(all) == 0 {
		return text
	}
	put := make([]byte, 0, 2*len(text))
	for _, at := range all {
		put = append(append(put, text[end:at[0]]...), says(matched{text, at})...)
		end = at[1]
	}
	return string(append(put, text[end:]...))
}

const hanNumber = `([0-9]{1,2}|[零〇一二两三四五六七八九十]{1,3})`

// chineseSteps are taken in order: what is longer comes first.
var chineseSteps = func() []chineseStep {
	to := func(says string) func(matched) string { return func(matched) string { return says } }
	step := func(needs, found string, says func(matched) string) chineseStep {
		return chineseStep{needs, regexp.MustCompile(found), says}
	}
	return []chineseStep{
		step("月", `(每月|每个月)`+hanNumber+`[号日]((?:(?:[、,]|和|跟)`+hanNumber+`[号日])*)`, func(m matched) string { return " every month " + m.group(2) + "号" + m.group(3) + "共" }),
		step("月", `(?:从|自)?(?:([0-9]{4})年)?`+hanNumber+`月`+hanNumber+`[日号]?(起|开始)?`, chineseDate),
		step("半", `一个半(小时|钟头)`, to(" for 90 minutes ")),
		step("半", `半个?(小时|钟头)`, to(" for 30 minutes ")),
		step("小钟", hanNumber+`个?(半)?(?:小时|钟头)`, func(m matched) string {
			return fmt.Sprintf(" for %d minutes ", 60*hanValue(m.group(1))+30*len(m.group(2))/len("半"))
		}),
		step("分", `([0-9]{1,3})分钟`, func(m matched) string { return " for " + m.group(1) + " minutes " }),
		step("分", hanNumber+`分钟`, func(m matched) string { return fmt.Sprintf(" for %d minutes ", hanValue(m.group(1))) }),
		step("周星礼", `(?:隔周|每隔一个?(?:周|星期|礼拜)|双周)的?`, to(" every 2 weeks ")),
		step("周星礼", `每`+hanNumber+`个?(?:周|星期|礼拜)([^一二三四五六日天]|$)`, func(m matched) string { return fmt.Sprintf(" every %d weeks ", hanValue(m.group(1))) + m.group(2) }),
		step("天", `每`+hanNumber+`天`, func(m matched) string { return fmt.Sprintf(" every %d days ", hanValue(m.group(1))) }),
		step("月", `每`+hanNumber+`个?月`, func(m matched) string { return fmt.Sprintf(" every %d months ", hanValue(m.group(1))) }),
		step("周星礼", `(?:这个?|本)(?:周|星期|礼拜)([一二三四五六日天])`, func(m matched) string { return " this 周" + m.group(1) }),
		step("周星礼", `(?:周|星期|礼拜)([一二三四五六日天])`, func(m matched) string {
			return " " + map[string]string{"一": "mon", "二": "tue", "三": "wed", "四": "thu", "五": "fri", "六": "sat", "日": "sun", "天": "sun"}[m.group(1)] + " "
		}),
		step("最", `最后一天`, to(" last day ")),
		step("最", `最后一?个?`, to(" last ")),
		step("第", `第`+hanNumber+`个?`, func(m matched) string { return fmt.Sprintf(" %dth ", hanValue(m.group(1))) }),
		step("天日", `(?:每|毎)(?:一)?(?:天|日)|天天`, to(" every day ")),
		step("月", `每个?月`, to(" every month ")),
		step("周星礼", `每个?(?:周|星期|礼拜)`, to(" every week ")),
		step("每", `每`, to(" every ")),
		step("工", `工作日`, to(" weekdays ")),
		step("次", `(?:只有|只)?一次`, to(" once ")),
		step("今", `今天?(晚上|晚)`, to(" tonight ")),
		step("明", `明天?(晚上|晚)`, to(" tomorrow 晚上")),
		step("明", `明天?(早上|早)`, to(" tomorrow 早上")),
		step("今", `今天`, to(" today ")),
		step("明", `明天`, to(" tomorrow ")),
		step("后", `后天`, to(" day after tomorrow ")),
	}
}()

var (
	chineseDay   = regexp.MustCompile(hanNumber + `[号日]`)
	chineseClock = regexp.MustCompile(`(凌晨|半夜|清晨|早晨|早上|上午|中午|下午|午后|傍晚|晚上|夜里|夜晚)?` + hanNumber + `(?:[点时](?:(半)|(一刻)|(三刻)|零?` + hanNumber + `分?|[整钟])?|:([0-9]{2}))`)
	chineseRange = regexp.MustCompile(`^[ ]*(?:到|至|-|~|—)[ ]*$`)
	chineseSigns = strings.NewReplacer("到", " to ", "至", " to ", "~", " to ", "—", " to ", "和", " and ", "跟", " and ", "与", " and ", "及", " and ", "、", ",", "。", " ", "的", " ",
		"在", " ", "请", " ", "从", " ", "开始", " ", "中午", " noon ", "共", " ")
)

// chineseWords rewrites a plain text in words that English has as well.
func chineseWords(text string) string {
	text = strings.Map(simplified.of, solid(norm.NFKC.String(text)))
	for _, s := range chineseSteps {
		if strings.ContainsAny(text, s.needs) {
			text = replaced(text, s.found, s.says)
		}
	}
	text = chineseTimesOf(text)
	monthly := strings.Contains(text, "共")
	text = replaced(text, chineseDay, func(m matched) string {
		says := fmt.Sprintf(" %dth ", hanValue(m.group(1)))
		if monthly {
			says += "month "
		}
		return says
	})
	if strings.ContainsAny(text, "到至~—和跟与及、。的在请从开中共") {
		text = chineseSigns.Replace(text)
	}
	return text
}

// solid is a text without the spaces around Chinese characters.
func solid(text string) string {
	put := make([]byte, 0, longestWhen)
	for word := range strings.FieldsSeq(text) {
		before, _ := utf8.DecodeLastRune(put)
		after, _ := utf8.DecodeRuneInString(word)
		if len(put) > 0 && !unicode.Is(unicode.Han, before) && !unicode.Is(unicode.Han, after) {
			put = append(put, ' ')
		}
		put = append(put, word...)
	}
	return string(put)
}

var monthNames = list[[12]string]("jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec")

func chineseDate(m matched) string {
	month, day := hanValue(m.group(2)), hanValue(m.group(3))
	if month < 1 || month > 12 {
		return " 99 jan "
	}
	says := fmt.Sprintf(" %d %s %s ", day, monthNames[month-1], m.group(1))
	if m.group(4) != "" {
		return " starting" + says
	}
	return says
}

// chineseTimesOf puts the part of a day behind its time. The end of a range is of the
// same part as its start, or of the next.
func chineseTimesOf(text string) string {
	end, part, from := 0, "", 0
	return replaced(text, chineseClock, func(m matched) string {
		own, digits, minute := m.group(1), m.group(2), 0
		hour := hanValue(digits)
		switch {
		case m.group(3) != "":
			minute = 30
		case m.group(4) != "":
			minute = 15
		case m.group(5) != "":
			minute = 45
		case m.group(6) != "":
			minute = hanValue(m.group(6))
		case m.group(7) != "":
			minute, _ = strconv.Atoi(m.group(7))
		}
		if between := text[end:m.at[0]]; own == "" && part != "" && chineseRange.MatchString(between) {
			if own = part; partOfChinese(part, from) == "am" && (hour < from || hour == 12) {
				own = "下午"
			}
		}
		if digits[0] > '9' {
			digits = strconv.Itoa(hour)
		}
		end, part, from = m.at[1], own, hour
		var room [32]byte
		put := append(append(append(room[:0], ' '), digits...), ':')
		return string(append(append(append(padded(put, minute, 2), ' '), partOfChinese(own, hour)...), ' '))
	})
}

// partOfChinese is the part of the day, as English has it, of an hour.
func partOfChinese(part string, hour int) string {
	switch {
	case part == "" || hour > 12:
		return ""
	case part == "中午" && hour >= 10 && hour < 12, slices.Contains([]string{"凌晨", "清晨", "早晨", "早上", "上午"}, part):
		return "am"
	case slices.Contains([]string{"半夜", "晚上", "夜里", "夜晚"}, part):
		return "at night"
	}
	return "pm"
}

var hanValues = map[rune]int{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

// hanValue is the number that up to three characters or digits write.
func hanValue(number string) int {
	if n, err := strconv.Atoi(number); err == nil {
		return n
	}
	total, last := 0, 0
	for i, r := range number {
		switch {
		case r == '十' && i == 0:
			total = 10
		case r == '十':
			total, last = 10*last, 0
		default:
			last = hanValues[r]
		}
	}
	return total + last
}
