package flows

import "cmp"

// Sounding is how a prompt may be heard and read, with values of the length that they
// have in practice where it has slots.
type Sounding struct {
	Spoken  string
	Seconds float64 // about
	Written string
	Segments
}

// Sounding is how a prompt is said in a language, on a line as far as that is known; an
// option's label is in the sentence that offers it. False for none of that name.
func (f *Flow) Sounding(lang, name string, on Line) (Sounding, bool) {
	cat := f.catalogues[lang]
	if cat == nil {
		return Sounding{}, false
	}
	t, ok := cat.prompts[name]
	written, texted := cat.texts[name]
	if !ok && !texted {
		return Sounding{}, false
	}
	if !texted {
		written = t
	}
	for _, node := range f.order {
		for i := range f.nodes[node].options {
			if o := &f.nodes[node].options[i]; o.prompt == name && o.spoken() && ok {
				t = cat.sentence(o)
			}
		}
	}
	of := map[string]string{"line.name": on.Name, "crisis.name": on.CrisisName, "emergency.number": on.Emergency}
	fill := func(slot string) string {
		if value := cmp.Or(of[slot], realistic(slot, lang)); value != realisticOther {
			return value
		}
		return "{" + slot + "}"
	}
	s := Sounding{Spoken: Utterance{Parts: t.parts(fill)}.Text(), Seconds: t.seconds()}
	s.Written = Fold(Utterance{Parts: written.parts(fill)}.Text())
	s.Segments = CountSegments(s.Written)
	return s, true
}
