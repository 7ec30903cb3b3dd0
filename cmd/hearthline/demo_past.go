package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/handlers/emulator"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// past is what the demo's line has behind it when somebody looks around at its desk.
type past struct {
	db     *store.DB
	keys   *vault.Keyring
	line   flows.Line
	groups map[string]string // ids, by code
	now    time.Time
}

// weeksPast is for how many weeks the line has been open: as many as the page of
// statistics shows, and what four complete ones take.
const weeksPast = 16

// seed gives the statistics weeks to show, the inbox messages, and the list of requests
// one.
func (p past) seed(ctx context.Context) error {
	sessions := store.NewSessions(p.db, p.keys)
	today := schedule.DateOf(p.now.In(p.zone()))
	for n := weeksPast; n > 0; n-- {
		if err := p.week(ctx, sessions, today.Add(-7*n), n); err != nil {
			return err
		}
	}
	// What was counted is kept, and nothing of the sessions.
	if _, err := sessions.Drop(ctx, p.line.ID, p.now); err != nil {
		return err
	}
	by := store.By{Actor: demoStaff[0].name, At: p.now}
	_, err := p.db.AddDataRequest(ctx, store.NewAudit(p.db, p.keys), p.line.ID, by, store.RequestExport, today.Add(-5))
	return errors.Join(err, p.voices(ctx))
}

func (p past) zone() *time.Location {
	if zone, err := time.LoadLocation(p.line.Zone); err == nil {
		return zone
	}
	return time.UTC
}

// cameTo is how many came to a group's session so many weeks ago. One group is small, so
// that its number is not shown, and one week was quiet.
func cameTo(code string, ago int) int {
	const quiet = 5
	switch code {
	case "482105":
		if ago == quiet {
			return 6
		}
		return 7 + ago*3%4
	case "593716":
		if ago == quiet {
			return 0
		}
		return 5 + ago*5%6
	case "714829":
		if ago == quiet || ago > 12 { // it began a month after the others
			return 0
		}
		return 4 + ago%4
	case circleCode:
		if ago%4 == 1 {
			return 2
		}
	}
	return 0
}

// week counts what was in the week of a day, so many ago.
func (p past) week(ctx context.Context, sessions *store.Sessions, day schedule.Date, ago int) error {
	all := 0
	for code, group := range p.groups {
		came := cameTo(code, ago)
		all += came
		if came == 0 {
			continue
		}
		held := store.Attended{Line: p.line.ID, Group: group, Date: day, Came: came}
		if err := sessions.Change(ctx, sessions.ID(p.line.ID, "past"), func([]byte) (store.SessionChange, error) {
			return store.SessionChange{State: []byte("over"), Gone: p.now, Attended: &held}, nil
		}); err != nil {
			return err
		}
	}
	return errors.Join(
		p.db.AddCounts(ctx, p.line.ID, day, map[store.Count]int{
			store.Reached: 2 * all, store.PickedUp: all / 2, store.MemberComing: all - all/4, store.MemberNotComing: 1 + ago%3,
		}),
		p.db.AddTraffic(ctx, map[store.TrafficHour]int{{Hour: schedule.Wall{Date: day, Hour: 18}.In(p.zone()), Kind: store.CallIn}: all + 12 + ago%5}),
		p.db.AddStops(ctx, p.line.ID, day, map[store.Stop]store.Stopped{
			"main": {Asked: all + 12, Stayed: all + 3}, "code": {Asked: all, Stayed: all - 4}, "topic": {Asked: 9, Stayed: 8},
		}),
	)
}

// voices are messages that callers have left: one from a phone of the page, which may be
// rung back, and an older one that was heard.
func (p past) voices(ctx context.Context) error {
	const phone = "+12025550174"
	n, err := vault.ParseNumber(phone)
	if err != nil {
		return err
	}
	id, err := p.left(ctx, store.LeftVoice{SID: "RE" + strings.Repeat("1", 32), Seconds: 14, At: p.now.Add(-26 * time.Hour)})
	if err != nil {
		return err
	}
	v := store.NewVoicemail(p.db, p.keys)
	if err := v.Heard(ctx, p.line.ID, store.By{Actor: demoStaff[1].name, At: p.now}, id); err != nil {
		return err
	}
	_, err = p.left(ctx, store.LeftVoice{SID: "RE" + strings.Repeat("2", 32), Seconds: 9, At: p.now.Add(-40 * time.Minute), Number: n})
	return err
}

// left has a message be here as one is that was recorded, fetched and sealed, and that
// the carrier has forgotten. It returns what it is called.
func (p past) left(ctx context.Context, l store.LeftVoice) (string, error) {
	v := store.NewVoicemail(p.db, p.keys)
	l.Line, l.Purpose, l.Lang = p.line.ID, store.LeftForStaff, p.line.Languages[0]
	if err := v.Left(ctx, l); err != nil {
		return "", err
	}
	coming, err := v.Coming(ctx, p.now, l.Line, 1)
	if err != nil {
		return "", err
	}
	for _, c := range coming {
		if err := errors.Join(v.Keep(ctx, c, emulator.Hum(time.Duration(l.Seconds)*time.Second)), v.Forgotten(ctx, c)); err != nil {
			return "", err
		}
	}
	return v.ID(l.Line, l.SID), nil
}
