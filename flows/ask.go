package flows

import (
	"strconv"
	"strings"

	"github.com/hearthline/hearthline/flows/schedule"
)

// longestWritten is how many letters are kept of what somebody writes.
const longestWritten = 60

// read takes what was pressed or written as an answer to an ask, if it is one. Words
// come without case, accents and punctuation.
func (t *turn) read(n *node, said string) (value string, ok bool) {
	switch n.answer {
	case answerText:
		letters := []rune(closed(said))
		return string(letters[:min(len(letters), longestWritten)]), t.view.Text && said != ""
	case answerWeekday:
		return t.readWeekday(said)
	}
	keys := strings.ReplaceAll(said, " ", "")
	least, most := t.digits(n)
	fits := len(keys) >= least && len(keys) <= most && strings.Trim(keys, "0123456789") == ""
	switch n.answer {
	case answerPIN:
		fits = fits && isPIN(keys)
	case answerTime:
		fits = fits && isClock(keys)
	}
	return keys, fits
}

// readWeekday reads a key from 1 for Monday to 7, or in a text the name of a day.
func (t *turn) readWeekday(said string) (key string, ok bool) {
	if len(said) == 1 {
		return said, said >= "1" && said <= "7"
	}
	if !t.view.Text {
		return "", false
	}
	for _, lang := range deskTongues(t) {
		date, err := schedule.ParseDay(lang, said, t.view.Now, t.view.Directory.zone.String())
		if err == nil {
			return strconv.Itoa((int(date.Weekday())+6)%7 + 1), true
		}
	}
	return "", false
}

// isClock says whether three or four digits are an hour and minutes.
func isClock(digits string) bool {
	at, err := strconv.Atoi(digits)
	return err == nil && at/100 <= 23 && at%100 <= 59
}

// digits is how few and how many an ask takes.
func (t *turn) digits(n *node) (least, most int) {
	switch {
	case n.answer == answerConfirm:
		return confirmLength, confirmLength
	case n.answer == answerWeekday:
		return 1, 1
	case n.answer == answerTime:
		return 3, 4
	case n.length > 0:
		return n.least, n.length
	}
	return t.view.Directory.Line.CodeLength, t.view.Directory.Line.CodeLength
}
