package store_test

import (
	"testing"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
)

// tells has changes of dates told as in the night after so many days.
func (l planned) tells(t *testing.T, days int) int {
	t.Helper()
	told, err := l.db.TellChanges(t.Context(), l.id, noon.AddDate(0, 0, days))
	if err != nil {
		t.Fatal(err)
	}
	return told
}

var (
	inFourWeeks = tuesday.Add(28)
	itsFriday   = schedule.Wall{Date: tuesday.Add(31), Hour: 18}
)

func (l planned) changed(t *testing.T, days int, do func(now time.Time) (store.DateChange, error)) store.DateChange {
	t.Helper()
	c, err := do(noon.AddDate(0, 0, days))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (l planned) skipFar(t *testing.T, days int) store.DateChange {
	return l.changed(t, days, func(now time.Time) (store.DateChange, error) {
		return l.db.SkipBy(t.Context(), l.keys, l.id, adaAt(now), store.OfDate{Group: l.groups[0], Date: inFourWeeks})
	})
}

func (l planned) unskipFar(t *testing.T, days int) store.DateChange {
	return l.changed(t, days, func(now time.Time) (store.DateChange, error) {
		return l.db.UnskipBy(t.Context(), l.keys, l.id, adaAt(now), store.OfDate{Group: l.groups[0], Date: inFourWeeks})
	})
}

func (l planned) moveFar(t *testing.T, days int, to schedule.Wall) store.DateChange {
	return l.changed(t, days, func(now time.Time) (store.DateChange, error) {
		return l.db.MoveBy(t.Context(), l.keys, l.id, adaAt(now), store.OfDate{Group: l.groups[0], Date: inFourWeeks}, to)
	})
}

// Whoever comes each week hears of a date that was cancelled or moved long before,
// once, a week before, whichever nights are missed.
func TestAChangeOfLongBeforeIsToldWhenItIsNear(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(planned) store.DateChange
		want   string
	}{
		"cancelled": {func(l planned) store.DateChange { return l.skipFar(t, 0) }, "change skipped 3"},
		"moved":     {func(l planned) store.DateChange { return l.moveFar(t, 0, itsFriday) }, "change moved 2026-12-25T18:00 3"},
	} {
		for _, night := range []int{22, 24, 28} {
			l := changing(t)
			if did := c.change(l); !did.Changed || did.Told != 0 || !did.Later {
				t.Errorf("%s: %+v", name, did)
			}
			if told := l.tells(t, 20); told != 0 {
				t.Errorf("%s, eight days before: %d are told", name, told)
			}
			if told := l.tells(t, night); told != 3 {
				t.Errorf("%s, after %d days: %d are told", name, night, told)
			}
			l.wantDue(t, name, c.want)
			l.sent(t)
			for again := night; again < 34; again++ {
				do(t, l.look, `DELETE FROM firing WHERE expires_at <= $1::timestamptz - interval '7 days'`, noon.AddDate(0, 0, again))
				if told := l.tells(t, again); told != 0 {
					t.Errorf("%s, told after %d days and again after %d", name, night, again)
				}
			}
		}
	}
}

func TestWhatIsNotToldWhenItIsNear(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(planned)
		night  int
	}{
		"told already":        {func(l planned) { l.skipFar(t, 20); l.sent(t) }, 22},
		"moved, told already": {func(l planned) { l.moveFar(t, 20, itsFriday); l.sent(t) }, 22},
		"taken back":          {func(l planned) { l.skipFar(t, 0); l.unskipFar(t, 10) }, 22},
		"it would have begun": {func(l planned) { l.skipFar(t, 0) }, 29},
		"its time is past":    {func(l planned) { l.moveFar(t, 0, itsFriday) }, 29},
		"the group is paused": {func(l planned) { l.skipFar(t, 0); do(t, l.look, `UPDATE groups SET stage = 'paused'`) }, 22},
		"a date of no rule's": {func(l planned) { do(t, l.look, `UPDATE meeting SET skipped = '{2026-12-23}'`) }, 22},
		"there is nothing":    {func(planned) {}, 22},
		"too far ahead":       {func(l planned) { l.skipFar(t, 0) }, 0},
	} {
		l := changing(t)
		c.change(l)
		if told := l.tells(t, c.night); told != 0 {
			t.Errorf("%s: %d are told", name, told)
		}
		l.wantDue(t, name)
	}
}

// A change that was too far ahead to be told is not known to members: taken back, it
// never was, and of what follows they hear as from what the rule says.
func TestAChangeThatNobodyKnowsOfIsNotTakenBack(t *testing.T) {
	t.Parallel()
	saturday := schedule.Wall{Date: itsFriday.Date.Add(1), Hour: 18}
	l := changing(t)
	for what, took := range map[string]store.DateChange{
		"cancelled": func() store.DateChange { l.skipFar(t, 0); return l.unskipFar(t, 20) }(),
		"moved":     func() store.DateChange { l.moveFar(t, 0, itsFriday); return l.unskipFar(t, 20) }(),
	} {
		if !took.Changed || took.Told != 0 || took.Later {
			t.Errorf("%s, and taken back: %+v", what, took)
		}
	}
	l.wantDue(t, "taken back")
	l.moveFar(t, 0, itsFriday)
	if did := l.moveFar(t, 20, saturday); did.Told != 3 {
		t.Errorf("moved further: %+v", did)
	}
	begins := time.Date(2026, 12, 22, 19, 0, 0, 0, newYork)
	if n := l.count(t, `SELECT count(*) FROM firing WHERE purpose = 'moved 2026-12-26T18:00' AND was_at = $1 AND expires_at = $1`, begins); n != 1 {
		t.Error("it is not told as moved from the rule's time")
	}
	l.unskipFar(t, 20)
	l.moveFar(t, 0, itsFriday)
	if did := l.skipFar(t, 20); did.Told != 3 {
		t.Errorf("cancelled then: %+v", did)
	}
	if n := l.count(t, `SELECT count(*) FROM firing WHERE purpose = 'skipped' AND start_at = $1`, begins); n != 1 {
		t.Error("it is not told as cancelled at the rule's time")
	}
}

func TestHowManyAreTold(t *testing.T) {
	t.Parallel()
	l := changing(t)
	skip := func() store.DateChange {
		return l.changed(t, 0, func(now time.Time) (store.DateChange, error) {
			return l.db.SkipBy(t.Context(), l.keys, l.id, adaAt(now), store.OfDate{Group: l.groups[0], Date: tuesday})
		})
	}
	if did := skip(); !did.Changed || did.Told != 3 || did.Later {
		t.Errorf("skipped: %+v", did)
	}
	if did := skip(); did.Changed || did.Told != 0 || did.Later || !did.Start.Equal(evening) {
		t.Errorf("skipped again: %+v", did)
	}
	l.sent(t)
	do(t, l.look, `DELETE FROM membership`)
	if did := l.changed(t, 0, func(now time.Time) (store.DateChange, error) {
		return l.db.UnskipBy(t.Context(), l.keys, l.id, adaAt(now), store.OfDate{Group: l.groups[0], Date: tuesday})
	}); !did.Changed || did.Told != 0 {
		t.Errorf("unskipped, and nobody belongs: %+v", did)
	}
}
