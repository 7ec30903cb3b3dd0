package main

// visit is what one caller does, in steps:
//
//	call 1 482105 1 ~   calls and presses keys, a second apart
//	hide 1 482105 1     does so with the number withheld
//	text JOIN 482105    texts
//	wait                has the line send what is due, and takes it
//	answer 1            so does this, and answers a call with a key
//	staff subpoena      has staff run a command on their number
//
// Among keys a ~ waits half a minute, in which every prompt ends and is
// repeated; PIN is the caller's own, CODE the last that they were texted, NUMBER
// the last member number that they were told; SAY speaks after the tone of a recorder. What is heard or read on the way
// holds words that show where it leads to.
type visit struct {
	flow, words string
	steps       []string
}

// ownPIN is every caller's.
const ownPIN = "739146"

// visits are every flow there is. Who adds a flow adds a line.
var visits = append([]visit{
	{"join by code", "You are the first one here.", []string{"call 1 482105 1 ~", "text JOIN 482105", "text 2"}},
	{"open now", "You have left the room.", []string{"call 2 1 1 ~ * *", "text NOW", "text 3"}},
	{"find by topic", "1 Evening grief circle", []string{"call 3 1 1 1", "text FIND grief", "text 1", "text 2"}},
	{"find by day", "To choose by day", []string{"call 3 2 1 1", "text FIND tuesday"}},
	{"find by language", "For English,", []string{"call 3 3 1 1 1", "text FIND español"}},
	{"privacy", "we keep nothing about you", []string{"call 4 1 ~", "text PRIVACY", "text MINE"}},
	{"help and crisis", "Connecting you to 9, 8, 8.", []string{"call 0 1 ~", "text HELP", "text i want to die"}},
	{"language", "Nadie más ha llegado todavía.", []string{"call 9 1 482105 1 1 ~", "text LANG es", "text AHORA", "text 3"}},
	{"closed door", "is not open now.", []string{"call 1 836254 1 ~ 2", "text NEXT 836254", "text JOIN 836254"}},
	{"elsewhere", "Connecting you to Night owls.", []string{"call 1 648392 ~ 2", "text JOIN 648392"}},
	{"in person", "12 Elm Street", []string{"call 1 714829 ~ 1", "text JOIN 714829"}},
	{"wrong codes", "", []string{"call 1 111111 222222 333333 ~", "text JOIN 111111", "text JOIN"}},
	{"silence", "I did not hear a key.", []string{"call ~ ~", "text hello"}},
	{"wrong keys", "That key has no use here.", []string{"call 7 8 5 6", "text 9 no such thing", "text what is this"}},
	{"a voice message", "We have your message.", []string{"call 0 3 1 SAY ~"}},
	{"a voice message from nobody", "We have your message.", []string{"call 0 3 2 SAY ~"}},
	{"staff by phone", "That did not match.", []string{"call 7 1 80519260 ~"}},
	{"staff by text", "", []string{"text STATUS", "text SKIP 482105", "text COVER 482105", "text OK 12", "text YES 412", "text no 412"}},
	{"withheld number", "You are the first one here.", []string{"hide 1 482105 1 ~", "hide 1 836254 3 1 2 PIN PIN"}},
	{"leave and come back", "You have left the room.", []string{"call 1 593716 1 ~ * ~ * * ~ 1 ~", "text CALL 593716"}},
	{"in a room", "Your hand is up.", []string{"call 1 482105 1 ~ * 6 ~ * 9 ~ * 3 ~ * 8 1 ~ * # ~ * 0 2 ~ * *", "text WHO 482105 1234"}},
	{"who holds a room", "You lead this circle.", []string{"call 1 593716 3 73914626 ~ * # 3 ~ * # 5 ~ * # 2 2 ~ * # 5 ~ * * 1 ~"}},
	{"reminders", "Reply OK to agree.", []string{"text REMIND", "text REMIND 482105", "text IN", "text OUT"}},
	{"opt out and in", "9 Español", []string{"text STOP", "text START", "text MENU"}},
}, memberVisits...)

// memberVisits are of who becomes a member, or ceases to be one.
var memberVisits = []visit{
	{"enrol by phone", "You enrolled in November 2026", []string{"call 1 836254 3 1 2 PIN PIN ~", "wait", "text OK", "hide 4 2 2 NUMBER PIN 3 ~"}},
	{"enrol for calls", "call this number within a day", []string{"call 1 836254 3 2 2 PIN PIN ~", "answer 1", "call 4 2 1 PIN 3 ~"}},
	{"enrol after a call", "your answer is kept", []string{"call 1 482105 1 ~ * * 4 1 PIN PIN", "wait", "text OK", "text LEAVE 482105"}},
	{"enrol by text", "Your own menu.", []string{"text JOIN 482105", "text 1", "text OK", "call 4 2 1 CODE PIN PIN 2 3 ~"}},
	{"enrol twice", "Your member number is", []string{"text REMIND 482105", "text OK", "text REMIND 482105", "text OK", "call 1 836254 3 1 2 PIN PIN ~"}},
	{"reminders as wished", "Your reminders come by phone. They name the group.", []string{
		"text REMIND 482105", "text OK", "call 4 2 1 CODE PIN PIN 2 2 1 2 2 2 3 1 2 3 2 4 3 3 2 3 4 1",
	}},
	{"my groups", "You have left Evening grief circle.", []string{
		"text REMIND 482105", "text OK", "text REMIND 593716", "text OK", "call 4 2 1 CODE PIN PIN 2 1 1 1 ~", "call 4 2 1 PIN 1 1 2 1 ~ * 4 2", "call 4 2 1 PIN 1 1 3 1",
	}},
	{"quick join", "Quick join leads to Evening grief circle.", []string{
		"text REMIND 482105", "text OK", "call 4 2 1 CODE PIN PIN 2 4 2 1 1", "call 5 1 ~", "call 4 2 1 PIN 4 2 2",
	}},
	{"another PIN", "Your new pin is set.", []string{"text REMIND 593716", "text OK", "call 4 2 1 CODE PIN PIN 2 4 1 852046 852046 ~", "call 4 2 1 852046 ~", "call 4 2 1 PIN"}},
	{"wrong PINs", "That did not match.", []string{
		"text REMIND 593716", "text OK", "call 4 2 1 555123 2 111222 193746", "call 4 2 1 555123 1 555124", "call 4 2 1 CODE PIN PIN 2",
	}},
	{"a member opts out and in", "Reply OK to agree.", []string{"text REMIND 482105", "text OK", "text STOP", "wait", "text START", "text REMIND 482105"}},
	{"forget me, by text", "We hold nothing about this number any more.", []string{"text REMIND 482105", "text OK", "text FORGET ME", "text OK", "wait", "staff subpoena"}},
	{"forget me, by phone", "It is done. We hold nothing about you any more.", []string{
		"text REMIND 482105", "text OK", "call 4 2 1 CODE PIN PIN 2 4 3 1", "wait", "call 4 2 1 PIN",
	}},
	{"forget me, a stranger", "We hold nothing about this number any more.", []string{"text FORGET ME", "text OK"}},
	{"invited", "your answer is kept", []string{"staff member invite --group=482105 --consent=said-so", "wait", "text OK", "staff member export", "staff subpoena --json"}},
	{"invited by phone", "llame a este número en las próximas veinticuatro horas", []string{"staff member invite --group=593716 --consent=said-so --channel=call --language=es", "answer 1", "staff member erase"}},
	{"invited and silent", "You may have asked for messages", []string{"staff member invite --group=482105 --consent=said-so", "wait"}},
}
