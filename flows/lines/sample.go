package lines

import (
	"fmt"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
)

// SampleBridge is the dial string of the sample group that is held on another
// conference line; its number is a fictional one.
const SampleBridge = "+12155550123,,4821#"

// Sample returns six groups around now: two live, one in ten minutes, one
// later today, one in Spanish, one held on another conference line. The demo,
// `flow run` and the dialogues share them. zone is the line's.
func Sample(now time.Time, zone string) ([]flows.Group, error) {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fmt.Errorf("sample groups: %w", err)
	}
	started := now.In(loc).Truncate(5 * time.Minute)
	s := sampler{zone: zone}
	groups := []flows.Group{
		s.group("482105", "Evening grief circle", "Tuesday call", "grief", started.Add(-15*time.Minute), 90),
		s.group("593716", "One day at a time", "Morning call", "recovery", started.Add(-10*time.Minute), 60),
		s.group("714829", "Living with illness", "Afternoon call", "living-with-illness", now.In(loc).Add(20*time.Minute).Truncate(time.Minute), 60),
		s.group("836254", "Caring for someone", "Evening call", "caregivers", started.Add(4*time.Hour), 60),
		s.group("927461", "Círculo de duelo", "Llamada de la tarde", "grief", started.Add(2*time.Hour), 60),
		s.group("648392", "Night owls", "Night call", "anxiety", started.Add(-5*time.Minute), 120),
	}
	groups[4].Languages = []string{"es"}
	groups[5].Bridge = true
	return groups, s.err
}

// sampler keeps the first error, so that the list above reads as one.
type sampler struct {
	zone string
	err  error
}

func (s *sampler) group(code, name, discreet, topic string, start time.Time, minutes int) flows.Group {
	wall := start.Format("2006-01-02T15:04")
	m, err := schedule.New(wall, s.zone, "FREQ=WEEKLY", minutes)
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("sample groups: %w", err)
	}
	return flows.Group{
		ID: code, Code: code,
		Name: flows.Words{"": name}, DiscreetName: flows.Words{"": discreet},
		Topics: []string{topic}, Languages: []string{"en"},
		Format: flows.PeerLed, Access: flows.AccessOpen, Host: flows.HostNone, Stage: flows.StageOpen,
		Capacity: 10, Reminders: []string{"24h", "15m"}, Meetings: []schedule.Meeting{m},
	}
}
