package console

import (
	"net/http"
	"slices"
	"strings"

	"github.com/hearthline/hearthline/flows"
)

// typed reads what the form says into the view, and what of it is another prompt than
// before; faulty says that some of it cannot be said.
func (p *page) typed(v *wordsView) (changes []flows.Prompt, faulty bool) {
	for i := range v.Parts {
		part := &v.Parts[i]
		was := part.Prompt
		line := func(field string) string { return strings.Join(strings.Fields(p.FormValue(field+part.Suffix)), " ") }
		if part.Prompt = (flows.Prompt{Name: was.Name, Note: was.Note}); v.List {
			for word := range strings.SplitSeq(p.FormValue("words"), "\n") {
				if word = strings.TrimSpace(word); word != "" {
					part.Words = append(part.Words, word)
				}
			}
		} else {
			part.Voice, part.Text = line("voice"), line("text")
		}
		unchanged := same(was, part.Prompt)
		switch sent := p.FormValue("was" + part.Suffix); {
		case len(part.Voice) > mostWords || len(part.Text) > mostWords || len(part.Typed()) > mostWords:
			part.Fault = "prompts.fault_long"
		case !unchanged && sent != "" && sent != part.Was:
			part.Fault, part.Theirs = "prompts.fault_changed", &was
		case part.Voice == "" && part.Text == "" && len(part.Words) == 0 && (part.Suffix == "" || !unchanged && p.remains(v.Lang, was.Name)):
			part.Fault = "prompts.fault_empty"
		case part.Voice == "" && part.Text != "" && was.Voice != "":
			part.Fault = "prompts.fault_unspoken"
		case !unchanged:
			changes = append(changes, part.Prompt)
		}
		faulty = faulty || part.Fault != ""
	}
	return changes, faulty
}

// same says whether two say the same, but for where their lines end.
func same(a, b flows.Prompt) bool {
	line := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	return line(a.Voice) == line(b.Voice) && line(a.Text) == line(b.Text) && slices.Equal(a.Words, b.Words)
}

// remains says whether a prompt would still be said if this line's own words for it were
// taken out: the flow that it extends has some.
func (p *page) remains(lang, name string) bool {
	of, _, _, err := p.changing()
	if err != nil {
		return true
	}
	without, err := of.Bundle.WithPrompts(lang, []flows.Prompt{{Name: name}})
	return err != nil || slices.ContainsFunc(without.Prompts(lang), func(one flows.Prompt) bool { return one.Name == name })
}

// wrongWords answers with the form as it was sent, and what is wrong with it beside each
// field.
func (p *page) wrongWords(v wordsView) error {
	faults := map[string]string{}
	for _, part := range v.Parts {
		if part.Fault != "" {
			faults["voice"+part.Suffix] = part.Fault
		}
	}
	if len(faults) == 0 {
		faults["words"] = "prompts.fault_elsewhere"
	}
	return p.draw(http.StatusUnprocessableEntity, "prompt_words", view{page: p, Title: "prompts.words_title", Faults: faults, Data: v})
}
