package main

import (
	"strings"
	"sync"
	"testing"
	"time"
)

func TestTextsAreAnsweredLikeCalls(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := s.carrier.Phone(ida)
	for _, body := range []string{
		"hello", "2", "3", "FIND grief", "1", "JOIN 836254", "1", "AHORA", "LANG en", "HELP", "STOP", "START", "NOW", "i want to die",
	} {
		p.Text(lineNumber, body)
		s.carrier.Advance(3 * time.Second)
	}
	s.golden("texts", p.Thread())
	s.strict()
}

// One script, both channels: what is heard and what is read lead to the same
// room.
func TestOneScriptBothChannels(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := s.carrier.Phone(ida)
	call := p.Call(lineNumber)
	p.Text(lineNumber, "MENU")
	for _, answer := range []string{"2", "3"} {
		call.Press(answer)
		p.Text(lineNumber, answer)
		s.carrier.Advance(2 * time.Second)
	}
	call.Hangup()
	if !heard(p, "One day at a time. What is said here stays here.") || !strings.Contains(p.Thread(), "enter 593716") {
		t.Errorf("they part:\n%s\n%s", call.Transcript(), p.Thread())
	}
}

func TestAnOpenQuestionIsOneSealedRow(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := s.carrier.Phone(ida)
	rows := func() int { return len(s.rows()["dialogue"]) }
	p.Text(lineNumber, "PRIVACY")
	if rows() != 0 {
		t.Error("a text without a question leaves a row")
	}
	p.Text(lineNumber, "NOW")
	p.Text(lineNumber, "9 no such thing")
	if rows() != 1 {
		t.Errorf("an open question is %d rows", rows())
	}
	if found := leaks(s.sinks(), ida); len(found) > 0 {
		t.Errorf("the sender's number is in %s", strings.Join(found, ", "))
	}
	for _, words := range []string{"grief", "NOW", "no such thing"} {
		if strings.Contains(strings.Join(s.rows()["dialogue"], ""), words) {
			t.Errorf("the row shows %q", words)
		}
	}
}

func TestARepeatedTextHasTheSameAnswer(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := s.carrier.Phone(ida)
	for _, body := range []string{"NOW", "3", "find", "2", "1", "MINE"} {
		p.Text(lineNumber, body)
		// Eight times at once, at two replicas: as it was answered.
		last := s.carrier.Exchanges()[len(s.carrier.Exchanges())-1]
		other := s.start()
		var wg sync.WaitGroup
		for i := range 8 {
			if i == 4 {
				wg.Wait()
				s.sendTo(other)
			}
			wg.Go(func() {
				if got := s.send(last); got != last.Body {
					t.Errorf("%s, repeated, is answered by\n%s\nafter\n%s", body, got, last.Body)
				}
			})
		}
		wg.Wait()
		s.sendTo(s.replica)
	}
}

func TestWhoTextsIsNotKnownToBeAnybody(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, body := range []string{"MINE", "JOIN 482105", "REMIND", "LEAVE 482105", "CALL", "IN", "OUT", "FORGET ME"} {
		var answers []string
		for _, from := range []string{ida, sam} {
			m := s.carrier.Phone(from).Text(lineNumber, body)
			for _, r := range m.Replies() {
				answers = append(answers, r.Body)
			}
		}
		if len(answers) != 2 || answers[0] != answers[1] {
			t.Errorf("%s: %q", body, answers)
		}
	}
}
