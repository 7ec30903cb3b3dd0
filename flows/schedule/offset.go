package schedule

import (
	"regexp"
	"strconv"
	"time"
)

// The shortest and the longest [Offset].
const (
	shortestOffset = 5 * time.Minute
	longestOffset  = 7 * 24 * time.Hour
)

var offsetPattern = regexp.MustCompile(`^([1-9][0-9]{0,4})([mh])$`)

// Offset is how long before its start an occurrence is told of: "24h", "15m".
// Its whole days are days of the calendar, so that "24h" is the same time on the
// wall the day before; what is left is time as a stopwatch counts it.
type Offset struct {
	text  string
	spans time.Duration
}

// ParseOffset reads minutes or hours, from "5m" to "168h".
func ParseOffset(s string) (Offset, bool) {
	m := offsetPattern.FindStringSubmatch(s)
	if m == nil {
		return Offset{}, false
	}
	n, _ := strconv.Atoi(m[1]) // five digits at most
	o := Offset{text: s, spans: time.Duration(n) * time.Minute}
	if m[2] == "h" {
		o.spans = time.Duration(n) * time.Hour
	}
	return o, o.spans >= shortestOffset && o.spans <= longestOffset
}

// String is the offset as it was written.
func (o Offset) String() string { return o.text }

// Spans is how long the offset is on a day without a change of clocks.
func (o Offset) Spans() time.Duration { return o.spans }

// Before returns the moment that lies the offset before start, which carries the
// zone of its meeting. A time on the wall that a change of clocks leaves out is
// the first moment after the gap; one that comes twice is the first of them.
func (o Offset) Before(start time.Time) time.Time {
	days := int(o.spans / (24 * time.Hour))
	w := wallAt(start)
	w.Date = w.Date.Add(-days)
	at := w.In(start.Location())
	if days == 0 {
		at = start
	}
	return at.Add(-(o.spans % (24 * time.Hour)))
}
