package emulator

import (
	"net/url"
	"strconv"
	"time"
)

// paging is which page of a list is asked for.
type paging struct {
	q            *restCall
	size, number int
	token        string
}

func (q *restCall) paging() (paging, *restError) {
	p := paging{q: q, size: 50, token: q.str("PageToken")}
	if q.given("PageSize") && !number10(q.str("PageSize"), 1, 1000, &p.size) {
		return p, badParameter(20006, "Page size must be from 1 to 1000")
	}
	if q.given("Page") && !number10(q.str("Page"), 0, 1<<30, &p.number) {
		return p, badToken()
	}
	return p, nil
}

func badToken() *restError { return badParameter(21481, "Invalid PageToken") }

// uri is the address of a page; the token "" is that of a page counted from the
// first.
func (p paging) uri(number int, token string) string {
	v := url.Values{}
	for k := range p.q.form {
		v.Set(k, p.q.str(k))
	}
	v.Set("Page", strconv.Itoa(number))
	v.Set("PageSize", strconv.Itoa(p.size))
	v.Set("PageToken", token)
	if token == "" {
		v.Del("PageToken")
	}
	return p.q.r.URL.EscapedPath() + ".json?" + v.Encode()
}

// show is a page as Twilio's list resources give it; next is the address of the
// one after it, "" for none.
func (p paging) show(key string, from int, items []map[string]any, next string) map[string]any {
	if items == nil {
		items = []map[string]any{}
	}
	out := map[string]any{
		key: items, "page": p.number, "page_size": p.size, "start": from, "end": max(from+len(items)-1, 0),
		"uri": p.uri(p.number, p.token), "first_page_uri": p.uri(0, ""), "next_page_uri": orNull(next), "previous_page_uri": nil,
	}
	if p.number > 0 {
		out["previous_page_uri"] = p.uri(p.number-1, "")
	}
	return out
}

// page returns one page of a list that is short. Its token is the index of the
// first item.
func page[T any](q *restCall, key string, all []T, show func(T) map[string]any) (any, *restError) {
	p, bad := q.paging()
	if bad != nil {
		return nil, bad
	}
	from := p.number * p.size
	if p.token != "" && !number10(p.token, 0, 1<<30, &from) {
		return nil, badToken()
	}
	from = min(from, len(all))
	to := min(from+p.size, len(all))
	var items []map[string]any
	for _, item := range all[from:to] {
		items = append(items, show(item))
	}
	next := ""
	if to < len(all) {
		next = p.uri(p.number+1, strconv.Itoa(to))
	}
	return p.show(key, from, items, next), nil
}

// during reads the filters of a list by a date of its items: name is a day in
// UTC, name< and name> are a day or a moment, which they include. An item
// without the date passes only where there is no filter.
func during(q *restCall, name string) (func(time.Time) bool, *restError) {
	bounds := map[string]time.Time{}
	for _, bound := range []string{"", "<", ">"} {
		if !q.given(name + bound) {
			continue
		}
		t, err := time.Parse(time.DateOnly, q.str(name+bound))
		if err != nil {
			if t, err = time.Parse(time.RFC3339, q.str(name+bound)); err != nil {
				return nil, badParameter(20001, "%s is neither YYYY-MM-DD nor an ISO 8601 time", name+bound)
			}
		} else if bound == "<" {
			t = t.Add(24*time.Hour - time.Nanosecond)
		}
		bounds[bound] = t.UTC()
	}
	return func(at time.Time) bool {
		if len(bounds) == 0 {
			return true
		}
		day, onDay := bounds[""]
		last, hasLast := bounds["<"]
		first, hasFirst := bounds[">"]
		return !at.IsZero() &&
			(!onDay || at.UTC().Format(time.DateOnly) == day.Format(time.DateOnly)) &&
			(!hasLast || !at.After(last)) && (!hasFirst || !at.Before(first))
	}, nil
}
