package flows

// Rule is what one code of a [Problem] stands for.
type Rule struct{ Code, What string }

// Rules lists the codes in order. They are stable: one is never given to another rule.
func Rules() []Rule {
	return []Rule{
		{"F000", "A file can be read: YAML, with settings that there are and prompts whose marks are closed."},
		{"F001", "Whatever leads somewhere leads to a node that there is."},
		{"F002", "Every node can be come to."},
		{"F003", "Every node leads on, and a text to where one need not listen."},
		{"F004", "No round goes on without asking, and silence ends in the end."},
		{"F005", "Functions, lists, conditions and variables are used as they are declared."},
		{"F006", "Keys are each used once, in order, and never instead of those that work everywhere; so are words."},
		{"F007", "No PIN is asked for in a text."},
		{"F008", "A call that the line places tells nothing before its key is pressed, and can be ended for good."},
		{"F009", "What reads a session is asked only of who sits in one."},
		{"F010", "A menu has as many options as can be kept in mind, and nothing lies deeper than four keys."},
		{"F011", "Silence and wrong keys are met twice, each time in other words."},
		{"F012", "What is said is short enough to listen to, and says what a key is for before the key."},
		{"F020", "Every language has every prompt, in its own words, with the same slots, and none that nobody uses."},
		{"F021", "A recording says what its prompt says, in every language that can be recorded, and sounds well."},
		{"F022", "A voice is one of the carrier's, and is given nothing that it speaks badly."},
		{"F030", "A text fits its segments with the longest values it takes."},
		{"F031", "No word is one that carriers answer themselves."},
		{"F032", "A text names no group and no topic unless its reader has just asked."},
		{"F040", "What is sensitive is not recorded, counted or spoken back, and what cannot be undone is asked about."},
		{"F041", "The crisis line is two keys away, and named in every language and channel."},
	}
}
