package phone

import (
	"context"
	"errors"
	"strconv"

	"github.com/hearthline/hearthline/flows"
)

// ErrUnclear says that what somebody spoke as a prompt cannot be made one.
var ErrUnclear = errors.New("it is silent or too long")

// voiced has what was recorded be played in place of the same words. What it is given
// stays as it is.
func (c *Calls) voiced(line string, said []flows.Utterance) []flows.Utterance {
	if c.Recorded == nil {
		return said
	}
	all := said
	for i, u := range said {
		address := c.Recorded(line, u)
		if address == "" {
			continue
		}
		if &all[0] == &said[0] {
			all = append([]flows.Utterance(nil), said...)
		}
		all[i] = flows.Utterance{Prompt: u.Prompt, Lang: u.Lang, Sound: address}
	}
	return all
}

// nextPrompt goes on to a prompt that nobody has recorded. What was spoken and is not
// kept is destroyed.
func (d deskwork) nextPrompt(ctx context.Context) (string, map[string]string, error) {
	if spoken := d.s.Vars[flows.VarSpoken]; spoken != "" {
		d.drop(ctx, d.in.view.Directory.Line.ID, spoken)
	}
	after, _ := strconv.Atoi(d.s.Vars[flows.VarScript])
	number, err := d.Desk.Unrecorded(ctx, d.act(), d.in.flow, d.s.Lang, after)
	if err != nil || number == 0 {
		return "none", nil, err
	}
	return "some", map[string]string{flows.VarScript: strconv.Itoa(number)}, nil
}

func (d deskwork) take() string {
	if d.s.Vars[flows.VarSpoken] == "" {
		return "gone"
	}
	return done
}

// keepPrompt keeps what was spoken for an owner to approve. The recording that it was
// made of is destroyed, whatever comes of it.
func (d deskwork) keepPrompt(ctx context.Context) (string, map[string]string, error) {
	line, spoken := d.in.view.Directory.Line.ID, d.s.Vars[flows.VarSpoken]
	number, _ := strconv.Atoi(d.s.Vars[flows.VarScript])
	of, ok := d.in.flow.ScriptLine(d.s.Lang, number)
	if !ok || spoken == "" {
		return "gone", nil, nil
	}
	wav, err := d.Voicemail.Spoken(ctx, line, spoken)
	if err == nil {
		err = d.Desk.Record(ctx, d.act(), d.s.Lang, of, wav)
	}
	d.drop(ctx, line, spoken)
	if errors.Is(err, ErrUnclear) {
		return "unclear", nil, nil
	}
	return done, nil, err
}
