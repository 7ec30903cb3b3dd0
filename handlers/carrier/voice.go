package carrier

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hearthline/hearthline/flows"
)

// between is the silence from one sentence to the next. Choices run together
// are not understood, least of all by those who hear badly.
const between = 400 * time.Millisecond

// breath is the silence after which somebody has said what they had to say.
const breath = 2 * time.Second

// longestSay keeps a Say under Twilio's 4,096 characters whatever stands
// around its words.
const longestSay = 3000

// Spoken renders what a turn said. Sentences of one language that follow each
// other become one Say, in the voice that the flow gives that language.
func Spoken(f *flows.Flow, said []flows.Utterance) []Prompt {
	var prompts []Prompt
	length := 0
	for i, u := range said {
		if u.Sound != "" {
			prompts = append(prompts, Play{URL: u.Sound})
			continue
		}
		n := 0
		for _, p := range u.Parts {
			n += len(p.Text) + len(p.Alias)
		}
		if i == 0 || said[i-1].Sound != "" || u.Lang != said[i-1].Lang || length+n > longestSay {
			v := f.Voice(u.Lang)
			prompts = append(prompts, Say{Voice: v.Name, Language: v.Locale})
			length = 0
		}
		last, _ := prompts[len(prompts)-1].(Say)
		if last.Parts == nil {
			last.Parts = make([]Part, 0, 2*(len(said)-i))
		} else {
			last.Parts = append(last.Parts, Break{Time: between})
		}
		parts := u.Parts
		if n > longestSay {
			parts = cut(parts)
		}
		for _, p := range parts {
			if n > longestSay && length+len(p.Text)+len(p.Alias) > longestSay && length > 0 {
				prompts[len(prompts)-1] = last
				last = Say{Voice: last.Voice, Language: last.Language}
				prompts = append(prompts, last)
				length = 0
			}
			last.Parts = speak(last.Parts, p, u.Slow)
			length += len(p.Text) + len(p.Alias)
		}
		prompts[len(prompts)-1] = last
	}
	return prompts
}

// cut makes pieces of text of what is too long for one Say: a list with many names in it.
func cut(parts []flows.Part) (all []flows.Part) {
	for _, p := range parts {
		for p.Alias == "" && len(p.Text) > longestSay {
			at := strings.LastIndexByte(p.Text[:longestSay], ' ') + 1
			if at == 0 {
				for at = longestSay; !utf8.RuneStart(p.Text[at]); at-- {
				}
			}
			all = append(all, flows.Part{Text: p.Text[:at], Slow: p.Slow})
			p.Text = p.Text[at:]
		}
		all = append(all, p)
	}
	return all
}

// The rates of a voice: of what is slow in itself, of a caller who asked to hear
// everything more slowly, and of both. Source: percentages of the voice's own rate
// hold with neural voices too,
// https://docs.aws.amazon.com/polly/latest/dg/prosody-tag.html
const (
	rateSlow   = "slow"
	rateSlower = "80%"
	rateBoth   = "60%"
)

// speak adds a piece of an utterance to parts, within the last of them if that is
// spoken at the same rate.
func speak(parts []Part, p flows.Part, slow bool) []Part {
	var s Part = Text(p.Text)
	switch {
	case p.Pause > 0:
		return append(parts, Break{Time: p.Pause})
	case p.Alias != "":
		s = Sub{Alias: p.Alias, Text: p.Text}
	}
	rate := ""
	switch {
	case slow && p.Slow:
		rate = rateBoth
	case slow:
		rate = rateSlower
	case p.Slow:
		rate = rateSlow
	default:
		return append(parts, s)
	}
	if n := len(parts); n > 0 {
		if last, ok := parts[n-1].(Prosody); ok && last.Rate == rate {
			last.Parts = append(last.Parts, s)
			parts[n-1] = last
			return parts
		}
	}
	return append(parts, Prosody{Rate: rate, Parts: []Part{s}})
}

// Ask waits for the keys that a turn waits for; the answer goes to action. The
// words stand inside, so that a key stops them. Tone is the address of the sound
// that a wait may begin with.
func Ask(f *flows.Flow, said []flows.Utterance, a flows.Await, action, tone string) Gather {
	prompts := Spoken(f, said)
	if a.Hush > 0 {
		prompts = slices.Insert(prompts, 0, Prompt(Pause{Length: a.Hush}))
	}
	if a.Tone {
		prompts = slices.Insert(prompts, 0, Prompt(Play{URL: tone}))
	}
	if a.Grace > 0 {
		prompts = append(prompts, Pause{Length: a.Grace})
	}
	g := Gather{
		Input:               DTMF,
		Action:              action,
		Timeout:             a.Timeout,
		NumDigits:           a.Digits,
		FinishOnKey:         Some(""),
		ActionOnEmptyResult: true,
		Prompts:             prompts,
	}
	if a.Listen != "" {
		g.Input, g.Language, g.Hints, g.SpeechTimeout = DTMFOrSpeech, a.Listen, a.Hints, breath
	}
	return g
}

// Verbs are prompts as verbs of a document.
func Verbs(prompts []Prompt) Response {
	r := make(Response, len(prompts), len(prompts)+1)
	for i, p := range prompts {
		r[i] = p
	}
	return r
}
