package flows

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

func (c *compiler) options(n *node) setting {
	return func(v *yaml.Node) {
		if v.Kind != yaml.SequenceNode {
			c.fail("F000", c.at(v), "write `- {key: 1, say: …, next: …}` lines", "options are expected here")
			return
		}
		n.options = make([]option, len(v.Content))
		for i, entry := range v.Content {
			o := &n.options[i]
			o.at = c.at(entry)
			c.fields(entry, map[string]setting{
				"key": c.text(&o.key), "say": c.text(&o.prompt), "when": c.text(&o.when),
				"spoken_in": c.text(&o.spokenIn), "next": c.target(&o.next),
				"voice_only": c.flag(&o.voiceOnly), "sms_only": c.flag(&o.smsOnly), "lang": c.text(&o.lang), "confirm": c.text(&o.confirm),
				"quiet": c.flag(&o.quiet), "instead": c.flag(&o.instead), "ok": c.flag(&o.agree), "do": c.text(&o.does), "set": c.sets(o),
			})
		}
	}
}

// sets reads what choosing an option sets: F005 for a name or a value that
// there is not.
func (c *compiler) sets(o *option) setting {
	return func(v *yaml.Node) {
		o.set = map[string]string{}
		c.pairs(v, "write {channel: text}", func(k, v *yaml.Node) {
			values, ok := choices[k.Value]
			value, _ := scalar(v)
			switch {
			case !ok:
				c.fail("F005", c.at(k), alternatives(choices), "no option can set %q", k.Value)
			case !slices.Contains(values, value):
				c.fail("F005", c.at(v), thereAre(values), "%q cannot be %q", k.Value, value)
			}
			o.set[k.Value] = value
		})
	}
}

// routes reads where each of several names leads.
func (c *compiler) routes(to *map[string]target) setting {
	return func(v *yaml.Node) {
		*to = map[string]target{}
		c.pairs(v, "write {name: node}", func(k, v *yaml.Node) {
			t := target{named: c.at(k)}
			c.target(&t)(v)
			(*to)[k.Value] = t
		})
	}
}
