package flows

import (
	"cmp"

	"github.com/hearthline/hearthline/flows/schedule"
)

// zones are those that people in the United States and Canada go by, in the
// order they are offered.
var zones = []string{
	"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles", "America/Anchorage",
	"Pacific/Honolulu", "America/Halifax", "America/St_Johns", "America/Puerto_Rico", "America/Regina",
}

// zoneIDs are the line's own zone and then the others, each time once. One that
// this machine does not know is left out.
func zoneIDs(t *turn) []string {
	own := t.view.Directory.zone.String()
	ids, ownName := []string{own}, t.zoneName(own)
	for _, zone := range zones {
		if name := t.zoneName(zone); name != "" && name != ownName {
			ids = append(ids, zone)
		}
	}
	return ids
}

// zone is the IANA name of the zone of who has signed in, the line's unless they
// chose another.
func (t *turn) zone() string { return cmp.Or(t.member().Zone, t.view.Directory.zone.String()) }

func zoneItem(t *turn, id string) (item, bool) {
	name := t.zoneName(id)
	return itemOf(name), name != ""
}

// zoneName is what an IANA zone's time is called, "" if there is none of that
// name.
func (t *turn) zoneName(id string) string {
	if id == t.view.Directory.zone.String() {
		return schedule.Zone(t.s.Lang, t.view.Now.In(t.view.Directory.zone))
	}
	zone, err := schedule.LoadZone(id)
	if err != nil || id == "" {
		return ""
	}
	return schedule.Zone(t.s.Lang, t.view.Now.In(zone))
}
