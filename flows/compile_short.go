package flows

import "slices"

// spell writes out what a flow may say in short: a question of yes or no is a menu,
// and an option with `confirm` leads to one before it does what it says.
func (c *compiler) spell() {
	for _, name := range c.flow.order { // the questions that are added have no short forms
		n := c.flow.nodes[name]
		if n.kind == kindAsk && n.answer == answerYesNo {
			c.spellYesNo(n)
		}
		for i := range n.options {
			if o := &n.options[i]; o.confirm != "" {
				c.spellConfirm(n, o)
			}
		}
	}
}

// Yes and no have the same keys everywhere.
const yesKey, noKey = "1", "2"

func (c *compiler) spellYesNo(n *node) {
	if n.into == "" || len(choices[n.into]) == 0 {
		c.fail("F005", c.placeOf(&n.into, n.at), alternatives(choices), "node %q keeps its yes or no in %q", n.name, n.into)
	}
	n.kind = kindMenu
	n.options = []option{
		{key: yesKey, prompt: promptYes, agree: true, set: map[string]string{n.into: "yes"}, next: n.next, at: n.at},
		{key: noKey, prompt: promptNo, set: map[string]string{n.into: "no"}, next: n.next, at: n.at},
	}
	n.into, n.next = "", target{}
}

// spellConfirm puts a question of its own between an option and where it leads. It
// is named as what it says, so that other nodes can lead to it too.
func (c *compiler) spellConfirm(n *node, o *option) {
	at := c.placeOf(&o.confirm, o.at)
	if slices.Contains([]string{"true", "false", "yes", "no"}, o.confirm) {
		c.fail("F000", at, "name the prompt that asks: `confirm: leave_sure`", "the option does not say what is asked before it counts")
		return
	}
	if !nodeName.MatchString(o.confirm) || c.flow.nodes[o.confirm] != nil {
		c.fail("F000", at, "name a prompt that no node is called like", "the option that confirms %q cannot make a node of that name", o.confirm)
		return
	}
	sure := &node{
		name: o.confirm, kind: kindMenu, at: at, prompt: o.confirm, confirms: true,
		sits: n.sits, apart: n.apart, sensitive: n.sensitive, discreet: n.discreet,
		options: []option{
			{key: yesKey, prompt: promptYes, agree: true, next: o.next, at: at},
			{key: noKey, prompt: promptNo, next: target{node: n.name, at: at}, at: at},
		},
	}
	c.flow.nodes[sure.name] = sure
	c.flow.order = append(c.flow.order, sure.name)
	o.next = target{node: sure.name, at: o.next.at}
}
