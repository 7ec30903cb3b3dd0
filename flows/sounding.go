package flows

// Sounding is how a prompt may be heard and read, with values of the length that they
// have in practice where it has slots.
type Sounding struct {
	Spoken  string
	Seconds float64 // about
	Written string
	Segments
}

// Sounding is how a prompt is said in a language; an option's label is in the sentence
// that offers it. False for none of that name.
func (f *Flow) Sounding(lang, name string) (Sounding, bool) {
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
	fill := func(slot string) string {
		if value := realistic(slot, lang); value != realisticOther {
			return value
		}
		return "{" + slot + "}"
	}
	s := Sounding{Spoken: Utterance{Parts: t.parts(fill)}.Text(), Seconds: t.seconds()}
	s.Written = Fold(Utterance{Parts: written.parts(fill)}.Text())
	s.Segments = CountSegments(s.Written)
	return s, true
}
