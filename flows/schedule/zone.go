package schedule

import (
	"errors"
	"path"
	"strings"
	"sync"
	"time"
)

// widestOffset is more than any zone has ever been away from UTC: the zone
// database's largest is Manila's before 1845, 15:56.
const widestOffset = 16 * time.Hour

var errNotZone = errors.New("not an IANA time zone")

// LoadZone returns the zone of that name. "" and "Local", which Go takes for
// UTC and for this machine's zone, are no zones of a meeting; nor are the
// copies under posix/ and right/ that only some machines have.
func LoadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" || strings.HasPrefix(name, "posix/") || strings.HasPrefix(name, "right/") {
		return nil, errNotZone
	}
	if loc, ok := zonesRead.Load(name); ok {
		return loc.(*time.Location), nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, errNotZone
	}
	if path.Clean(name) == name { // else one zone has names without end
		zonesRead.Store(name, loc)
	}
	return loc, nil
}

// zonesRead are the zones by name that were asked for: each is a file, and every date of a
// group asks for one.
var zonesRead sync.Map

// In returns the instant at which clocks of that zone show w. One that they
// show twice is its first coming; one that they skip moves forward by as much
// as they do, which is to read it by the offset in force before the change
// (RFC 5545 §3.3.5). time.Date guarantees neither, and Time.ZoneBounds, which
// would give the change itself, is wrong on December 31st of leap years beyond
// 2037 (Go 1.26): it ends there, and begins again where it ended.
func (w Wall) In(loc *time.Location) time.Time {
	floating := w.utc()
	before := offsetAt(floating.Add(-widestOffset), loc)
	after := offsetAt(floating.Add(widestOffset), loc)
	// The larger offset is the earlier instant.
	for _, offset := range []time.Duration{max(before, after), min(before, after)} {
		if at := floating.Add(-offset); offsetAt(at, loc) == offset {
			return at.In(loc)
		}
	}
	return floating.Add(-before).In(loc)
}

func offsetAt(t time.Time, loc *time.Location) time.Duration {
	_, seconds := t.In(loc).Zone()
	return time.Duration(seconds) * time.Second
}

// utc is w on a clock without changes.
func (w Wall) utc() time.Time {
	return time.Date(w.Date.Year, w.Date.Month, w.Date.Day, w.Hour, w.Minute, 0, 0, time.UTC)
}

// wallAt is what a wall clock shows at t in t's own zone.
func wallAt(t time.Time) Wall {
	return Wall{Date: DateOf(t), Hour: t.Hour(), Minute: t.Minute()}
}
