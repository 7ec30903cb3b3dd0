package emulator

import "slices"

// replyForms is the table of what may answer a text. It follows
// https://www.twilio.com/docs/messaging/twiml; action, which asks for another
// document once the message is queued, is not followed and so not taken.
func replyForms() map[string]form {
	return map[string]form{
		"Response": {nesting: schema, children: []string{"Message", "Redirect"}},
		"Redirect": {text: mayText, nesting: schema, attrs: map[string]rule{"method": methods(schema)}},
		"Message": {text: mayText, nesting: schema, children: []string{"Body", "Media"}, attrs: map[string]rule{
			"to":             free(), // checked where it is acted on, with from
			"from":           free(),
			"statusCallback": reference(11100),
		}},
		"Body":  {text: mayText, nesting: schema},
		"Media": {text: mustText, textCode: schema, nesting: schema},
	}
}

// checkReply returns everything in the answer to a text that Twilio would
// complain of, in the order of the document.
func checkReply(verbs []*node) []defect {
	c := checker{forms: replyForms()}
	voice := forms()
	for _, n := range verbs {
		if slices.Contains(c.forms["Response"].children, n.name) {
			c.element(n)
			continue
		}
		// See https://www.twilio.com/docs/api/errors/14110.
		if _, spoken := voice[n.name]; spoken || slices.Contains(foreign, n.name) {
			before := len(c.found)
			c.complain(14110, n, "%s does not answer a text: only Message and Redirect do", n.name)
			if recording.MatchString(n.name) {
				c.blame(before)
			}
			continue
		}
		c.stranger(schema, n, "Response")
	}
	return c.found
}

// message checks that there is something to send, said in one place.
func (c *checker) message(n *node) {
	bodies := 0
	empty := n.text() == ""
	for _, child := range n.children() {
		switch {
		case child.name == "Body":
			bodies++
			empty = empty && child.text() == ""
		case child.name == "Media":
			empty = false
			if !reference(0).ok(child.text()) {
				c.complain(11100, child, "Media has no good URL")
			}
		}
	}
	switch {
	case empty:
		c.complain(14103, n, "Message is empty: give it a Body or Media")
	case bodies > 1 || bodies == 1 && n.text() != "":
		c.complain(schema, n, "Message has more than one body")
	}
}
