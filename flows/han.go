package flows

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isHan says whether a letter is a word by itself: Chinese sets no spaces between words.
func isHan(r rune) bool { return r >= firstHan && unicode.Is(unicode.Han, r) }

// firstHan is the first character of Chinese: what most texts are made of stands before it.
const firstHan = '⺀'

func hasHan(s string) bool { return strings.ContainsFunc(s, isHan) }

// closed takes out the spaces that plain words have between letters that stand without any.
func closed(words string) string {
	var b strings.Builder
	letters := []rune(words)
	for i, r := range letters {
		if r == ' ' && i > 0 && i+1 < len(letters) && (isHan(letters[i-1]) || isHan(letters[i+1])) {
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// tells says whether plain words are enough of a name to stand for it: four letters, or
// two that are words.
func tells(words string, letters int) bool {
	if hasHan(words) {
		letters = (letters+1)/2 + strings.Count(words, " ")
	}
	return utf8.RuneCountInString(words) >= letters
}

// chineseValues are long values of slots in Chinese, of which a text holds fewer characters
// and which needs fewer. {when} is a long time.
var chineseValues = map[string]string{
	"group.name": "与慢性病同行互助小组", "reminder.name": "与慢性病同行互助小组", "open.name": "与慢性病同行互助小组", "applicant.group": "与慢性病同行互助小组",
	"open.topic": "与慢性病共处", "open.speaks": "西班牙语", "line.name": "周二互助热线",
	"desk.status":  "有12人等待批准。现在有2个通话。下一次：与慢性病同行互助小组，{when}。",
	"desk.live":    "与慢性病同行互助小组有12人。晚间哀伤互助小组有8人。",
	"group.series": "每星期三东部时间晚上六点半", "open.series": "每月第二个星期三东部时间晚上6:30", "open.title": "与慢性病同行互助小组（照顾家人）",
	"session.report": "有12人。门外有2人等候。正在发言：金色向日葵。接下来：稳稳的锚。还有9人没有发言。还剩25分钟。",
	"session.floor":  "正在发言：金色向日葵。", "session.about": "金色向日葵", "session.alias": "金色向日葵",
}

// chineseTime is a run of characters of which some are a time.
var chineseTime = regexp.MustCompile(`[每隔双今明后本这下个周星期礼拜天月日号年早晚上中午凌晨傍夜点半时分钟刻零一二三四五六七八九十两第最次起开始小到至0-9０-９:：~—-]{4,}`)

// mostOver is how many characters of a name may look like those of a time beside it.
const mostOver = 3

// timeApart sets a time apart from what it stands among without a space, as in
// 雪松周二晚上7点哀伤; what reads one decides.
func timeApart(text string, reads func(string) bool) string {
	if !hasHan(text) {
		return text
	}
	for _, at := range chineseTime.FindAllStringIndex(text, mostOver) {
		if !hasHan(text[at[0]:at[1]]) {
			continue // it stands apart by its digits
		}
		run := []rune(text[at[0]:at[1]])
		for over := range 2*mostOver + 1 {
			for from := max(0, over-mostOver); from <= min(over, mostOver) && over < len(run); from++ {
				to := len(run) - (over - from)
				if found := string(run[from:to]); reads(found) {
					return text[:at[0]] + string(run[:from]) + " " + found + " " + string(run[to:]) + text[at[1]:]
				}
			}
		}
	}
	return text
}
