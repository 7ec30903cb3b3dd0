package store

import (
	"encoding/json"

	"github.com/hearthline/hearthline/flows"
)

// MarshalJSON writes the group under the groups file's names, without numbers,
// PINs and bridges.
func (g Group) MarshalJSON() ([]byte, error) {
	out := groupJSON{
		Code: g.Code, Name: wordsJSON(g.Name), DiscreetName: wordsJSON(g.DiscreetName),
		Topics: emptyNotNull(g.Topics), Languages: emptyNotNull(g.Languages),
		Format: string(g.Format), Access: string(g.Access), Host: string(g.Host), Stage: string(g.Stage),
		Capacity: g.Capacity, Reminders: emptyNotNull(g.Reminders),
		Feed: g.Feed, Slug: g.Slug, HasBridge: g.Bridge, Place: g.Place,
		Meetings: []meetingJSON{}, Facilitators: []facilitatorJSON{},
	}
	for _, m := range g.Meetings {
		out.Meetings = append(out.Meetings, meetingJSON{
			Start: m.Start.String(), Timezone: m.Zone, Rule: m.Rule, Minutes: m.Minutes,
			Skip: dateStrings(m.Skipped), Move: moveStrings(m.Moved),
		})
	}
	for _, f := range g.Facilitators {
		out.Facilitators = append(out.Facilitators, facilitatorJSON{Alias: f.Alias})
	}
	return json.Marshal(out)
}

type groupJSON struct {
	Code         string            `json:"code"`
	Name         any               `json:"name"`
	DiscreetName any               `json:"discreet_name"`
	Topics       []string          `json:"topics"`
	Languages    []string          `json:"languages"`
	Format       string            `json:"format"`
	Access       string            `json:"access"`
	Host         string            `json:"host"`
	Stage        string            `json:"stage"`
	Capacity     int               `json:"capacity"`
	Reminders    []string          `json:"reminders"`
	Meetings     []meetingJSON     `json:"meetings"`
	Facilitators []facilitatorJSON `json:"facilitators"`
	Feed         string            `json:"feed,omitempty"`
	Slug         string            `json:"slug,omitempty"`
	HasBridge    bool              `json:"has_bridge"`
	Place        string            `json:"place"`
}

type meetingJSON struct {
	Start    string            `json:"start"`
	Timezone string            `json:"timezone"`
	Rule     string            `json:"rrule"`
	Minutes  int               `json:"minutes"`
	Skip     []string          `json:"skip,omitempty"`
	Move     map[string]string `json:"move,omitempty"`
}

type facilitatorJSON struct {
	Alias string `json:"alias"`
}

// wordsJSON writes words as the groups file does: a plain text where one serves
// every language.
func wordsJSON(w flows.Words) any {
	if len(w) == 0 {
		return ""
	}
	if s, ok := w[""]; ok && len(w) == 1 {
		return s
	}
	return w
}

func emptyNotNull(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
