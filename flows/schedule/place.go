package schedule

import (
	"slices"
	"strings"
	"time"
)

// region is a stretch of North America whose people share a name for their
// time.
type region string

// The regions, named by the zone whose clock they go by.
const (
	eastern      region = "America/New_York"
	central      region = "America/Chicago"
	mountain     region = "America/Denver"
	arizona      region = "America/Phoenix"
	pacific      region = "America/Los_Angeles"
	alaska       region = "America/Anchorage"
	hawaii       region = "Pacific/Honolulu"
	atlantic     region = "America/Halifax"
	newfoundland region = "America/St_Johns"
	universal    region = "UTC"
)

// regionZones are the zones of each region, by name without "America/", and
// the old names that data still uses.
var regionZones = map[region]string{
	eastern: "New_York Detroit Toronto Montreal Thunder_Bay Nipigon Iqaluit Pangnirtung Louisville Kentucky/Louisville " +
		"Kentucky/Monticello Indianapolis Fort_Wayne Indiana/Indianapolis Indiana/Marengo Indiana/Petersburg Indiana/Vevay " +
		"Indiana/Vincennes Indiana/Winamac US/Eastern US/Michigan US/East-Indiana Canada/Eastern EST5EDT",
	central: "Chicago Menominee Indiana/Knox Indiana/Tell_City Knox_IN North_Dakota/Beulah North_Dakota/Center North_Dakota/New_Salem " +
		"Winnipeg Rainy_River Rankin_Inlet Resolute Matamoros Ojinaga US/Central US/Indiana-Starke Canada/Central CST6CDT",
	mountain: "Denver Boise Shiprock Edmonton Yellowknife Inuvik Cambridge_Bay Ciudad_Juarez US/Mountain Canada/Mountain Navajo MST7MDT",
	arizona:  "Phoenix US/Arizona",
	pacific: "Los_Angeles Vancouver Tijuana Ensenada Santa_Isabel US/Pacific Canada/Pacific Mexico/BajaNorte " +
		"PST8PDT",
	alaska:       "Anchorage Juneau Nome Sitka Yakutat Metlakatla US/Alaska",
	hawaii:       "Pacific/Honolulu Pacific/Johnston US/Hawaii HST",
	atlantic:     "Halifax Glace_Bay Goose_Bay Moncton Thule Atlantic/Bermuda Canada/Atlantic",
	newfoundland: "St_Johns Canada/Newfoundland",
	universal: "UTC UCT GMT GMT0 GMT+0 GMT-0 Zulu Universal Greenwich Etc/UTC Etc/UCT Etc/GMT Etc/GMT0 Etc/GMT+0 Etc/GMT-0 " +
		"Etc/Zulu Etc/Universal Etc/Greenwich",
}

// regionByZone is the region of each of these zones.
var regionByZone = func() map[string]region {
	by := map[string]region{}
	for r, zones := range regionZones {
		for zone := range strings.FieldsSeq(zones) {
			by[zone] = r
		}
	}
	return by
}()

// regionOf returns the region whose name people would use for the time of the
// instants' zone. A zone that has left its region's clock at one of them, as
// legislatures have it now and then, has none.
func regionOf(instants []time.Time) (region, bool) {
	r, ok := regionByZone[strings.TrimPrefix(instants[0].Location().String(), "America/")]
	return r, ok && !slices.ContainsFunc(instants, func(t time.Time) bool { return !sameClock(t, r) })
}

func sameClock(t time.Time, r region) bool {
	if t.Location().String() == string(r) {
		return true // and no zone is read for it: a step of a call has no time for that
	}
	loc, err := LoadZone(string(r))
	if err != nil {
		return false
	}
	return offsetAt(t, t.Location()) == offsetAt(t, loc)
}

// cityOf returns the place in a zone's name: "Buenos Aires" for
// America/Argentina/Buenos_Aires, "Japan" for Japan. A zone that is a bare
// offset (Etc/GMT+5, EST) has none.
func cityOf(zone string) (string, bool) {
	if strings.HasPrefix(zone, "Etc/") || !strings.Contains(zone, "/") && zone == strings.ToUpper(zone) {
		return "", false
	}
	return strings.ReplaceAll(zone[strings.LastIndexByte(zone, '/')+1:], "_", " "), true
}
