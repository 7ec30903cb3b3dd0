package flows

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hearthline/hearthline/flows/schedule"
)

// What an order takes of what follows it in a text.
const (
	intoPlan     = "plan"          // all of it, as it was written
	intoCodePlan = "code_and_plan" // a group's code, and the rest as it was written
	intoWaiting  = "applicant"     // the number of somebody who waits
)

// confirmLength is how many digits the code has by which an order is confirmed: more
// than the number of who waits, so that OK 12 and OK 4821 are two things.
const (
	confirmLength = 4
	waitingLength = 3
)

// longestPrefix is how far into a text an order may end, in bytes.
const longestPrefix = 60

// longestOrder is how many words of a text are looked at for a time.
const longestOrder = 14

// MayOrder says whether a text may be one of who looks after groups: the edge looks
// at whose number it is only then. Whoever sent it, the same is looked up.
func (f *Flow) MayOrder(s State, body string) bool {
	if n := f.nodes[s.Node]; n != nil && n.answer == answerConfirm {
		return true
	}
	text := plainly(numberApart(body))
	for _, lang := range f.languages {
		if _, _, ok := f.catalogue(lang).orderOf(text); ok {
			return true
		}
	}
	return false
}

// orderOf finds the order that plain words begin with: the longest of its names. OK and
// no are orders only with the number of who waits, or with a code, behind them.
func (c *catalogue) orderOf(text string) (found word, name string, ok bool) {
	if text == "" {
		return word{}, "", false
	}
	for _, w := range c.lookedFor.orders[text[0]] {
		after, begins := strings.CutPrefix(text, w.phrase)
		if !begins || after != "" && (w.into == "" || after[0] != ' ') || ok && len(w.phrase) <= len(name) {
			continue
		}
		if digits := strings.TrimSpace(after); w.into == intoWaiting && (len(digits) < 2 || len(digits) > confirmLength || !isDigits(digits)) {
			continue
		}
		found, name, ok = *w.word, w.phrase, true
	}
	return found, name, ok
}

// ordered takes a text of who looks after groups that begins with an order. To
// anybody else there are none.
func (t *turn) ordered(body string, said []string, text string) bool {
	if t.view.Desk == nil {
		return false
	}
	return t.anyLanguage(func(c *catalogue) bool {
		w, name, ok := c.orderOf(text)
		if !ok {
			return false
		}
		to, rest := w.next, restOf(body, said, name)
		if w.into == intoWaiting && t.answersQuestion(c, text) {
			return false
		}
		t.s = State{Flow: t.flow.Hash, Hour: t.view.Now.Unix() / 3600, Turn: t.s.Turn, Lang: c.lang, Staff: t.view.Desk.Account}
		if !t.takeOrder(w, rest) && w.without.node != "" {
			to = w.without
		}
		t.enter(to.node)
		return true
	})
}

// answersQuestion says whether a text of somebody who looks after groups, an OK or a no
// with a number, is not about who waits: nobody does with that number, and it is as
// long as the digits of a question that they may have been asked themselves.
func (t *turn) answersQuestion(c *catalogue, text string) bool {
	w, rest, ok := c.wordOf(text)
	if !ok || w.into != intoQuestion {
		return false
	}
	digits := questionIn(rest)
	return digits != "" && !slices.ContainsFunc(t.desk().Waiting, func(a Applicant) bool { return strconv.Itoa(a.Number) == digits })
}

// restOf is what follows a name in a text, as it was written if that can be told.
func restOf(body string, said []string, name string) string {
	n := len(strings.Fields(name))
	if hasHan(name) {
		for i, r := range body { // no space need follow it
			if end := i + utf8.RuneLen(r); i < longestPrefix && isHan(r) && plainly(body[:end]) == name {
				return strings.TrimSpace(body[end:])
			}
		}
	}
	if written := strings.Fields(body); len(written) >= n && plainly(strings.Join(written[:n], " ")) == name {
		return strings.Join(written[n:], " ")
	}
	return closed(strings.Join(said[n:], " "))
}

// takeOrder takes what follows an order, and says whether that is all it needs.
func (t *turn) takeOrder(w word, rest string) bool {
	switch w.into {
	case intoPlan:
		t.s.Query = rest
		return rest != ""
	case intoCodePlan:
		fields := strings.Fields(rest)
		for i := range fields {
			if code := digitsOf(plainly(strings.Join(fields[:i+1], " "))); len(code) == t.view.Directory.Line.CodeLength {
				t.s.Code, t.s.Query = code, strings.Join(fields[i+1:], " ")
				return true
			}
		}
		return false
	case intoWaiting:
		number := digitsOf(plainly(rest))
		if len(number) > waitingLength {
			return false // a code, and nothing is open that it could confirm
		}
		t.keep(VarApplicant, number)
	}
	return true
}

// confirmed is the code in a text that confirms an order: OK 4821, "" for none.
func (t *turn) confirmed(said []string) string {
	if len(said) < 2 || !t.agrees(strings.Join(said[:len(said)-1], " ")) {
		return ""
	}
	return digitsOf(said[len(said)-1])
}

// when reads a time in the first of some languages in which it is one.
func (t *turn) when(tongues []string, text string) (schedule.When, bool) {
	w, err := schedule.ParseWhenIn(tongues, text, t.view.Now, t.zoneInHand().String())
	return w, err == nil
}

func orderMove(t *turn) string {
	if came := t.theirGroup(); came == "unknown" || came != "ok" && t.desk().Opens {
		return came
	}
	if !t.desk().Opens {
		return resultRefused
	}
	w, ok := t.when(deskTongues(t), t.s.Query)
	if date, err := schedule.ParseDate(t.s.Vars[varDate]); err == nil {
		w = w.Near(date)
	}
	if !ok || w.Rule != "" && !weeklyOn(w) || !w.Start.In(t.zoneInHand()).After(t.view.Now) {
		return "unclear"
	}
	t.keep(varTo, w.Start.String())
	return "ok"
}

// weeklyOn says whether a time is every week's: whoever moves one date means the next
// such day.
func weeklyOn(w schedule.When) bool { return w.Rule == weekly(w.Start.Date) }

// orderOpen reads "cedar tue 7pm grief": what stands before the time is the name, and
// what stands behind it the topic, if it is one.
func orderOpen(t *turn) string {
	if !t.desk().Opens {
		return resultRefused
	}
	tongues := deskTongues(t)
	fields := strings.Fields(timeApart(t.s.Query, func(text string) bool { _, ok := t.when(tongues, text); return ok }))
	fields = fields[:min(len(fields), longestOrder)]
	var never [longestOrder]bool
	for i, word := range fields {
		never[i] = !schedule.MayTell(tongues, word)
	}
	for length := len(fields); length > 0; length-- {
		for from := 0; from+length <= len(fields); from++ {
			if slices.Contains(never[from:from+length], true) {
				continue
			}
			w, ok := t.when(tongues, strings.Join(fields[from:from+length], " "))
			if !ok {
				continue
			}
			return t.plan(w, fields[:from], fields[from+length:])
		}
	}
	return "unclear"
}

// plan keeps what a group is to be. A day without more is meant for every week.
func (t *turn) plan(w schedule.When, before, after []string) string {
	if w.Rule == "" {
		w.Rule = weekly(w.Start.Date)
	}
	t.keep(varTo, w.Start.String())
	t.keep(varRule, w.Rule)
	t.keep(varLength, t.minutesOf(w))
	t.keep(varTongue, t.s.Lang)
	name := slices.Concat(before, after)
	if slug := t.topicCalled(after); slug != "" {
		t.keep(varAbout, slug)
		name = before
	} else if slug := t.topicCalled(before); slug != "" {
		t.keep(varAbout, slug)
		name = after
	}
	t.keep(varName, titled(strings.Join(name, " ")))
	if t.s.Vars[varName] == "" && t.s.Vars[varAbout] == "" {
		return "unclear"
	}
	return "ok"
}

// titled is a name as it is kept: of letters, digits and what stands between them, and
// beginning with a capital.
func titled(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || strings.ContainsRune(" '-&.", r) {
			return r
		}
		return -1
	}, name)
	letters := []rune(strings.Join(strings.Fields(name), " "))
	name = strings.TrimSpace(string(letters[:min(len(letters), longestName)]))
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 || first == utf8.RuneError {
		return ""
	}
	return string(unicode.ToUpper(first)) + name[size:]
}

// topicCalled is the topic of that name in any language of the line, "" for none.
func (t *turn) topicCalled(words []string) string {
	said := plainly(strings.Join(words, " "))
	if said == "" {
		return ""
	}
	for _, lang := range deskTongues(t) {
		if topic := t.flow.catalogue(lang).topicSet(t.view.Directory.topics).named(said); topic != "" {
			return topic
		}
	}
	return ""
}
