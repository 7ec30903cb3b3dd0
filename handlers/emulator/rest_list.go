package emulator

import (
	"net/url"
	"strconv"
	"time"
)

// page returns one page of a list, as Twilio's list resources do. The token
// is the index of its first item.
func page[T any](q *restCall, key string, all []T, show func(T) map[string]any) (any, *restError) {
	size, number, from := 50, 0, 0
	if q.given("PageSize") && !number10(q.str("PageSize"), 1, 1000, &size) {
		return nil, badParameter(20006, "Page size must be from 1 to 1000")
	}
	if q.given("Page") && !number10(q.str("Page"), 0, 1<<30, &number) || q.given("PageToken") && !number10(q.str("PageToken"), 0, 1<<30, &from) {
		return nil, badParameter(21481, "Invalid PageToken")
	}
	if !q.given("PageToken") {
		from = number * size
	}
	uri := func(number, from int) string {
		v := url.Values{}
		for k := range q.form {
			v.Set(k, q.str(k))
		}
		v.Set("Page", strconv.Itoa(number))
		v.Set("PageSize", strconv.Itoa(size))
		v.Set("PageToken", strconv.Itoa(from))
		return q.r.URL.EscapedPath() + ".json?" + v.Encode()
	}
	from = min(from, len(all))
	to := min(from+size, len(all))
	items := []map[string]any{}
	for _, item := range all[from:to] {
		items = append(items, show(item))
	}
	out := map[string]any{
		key: items, "page": number, "page_size": size, "start": from, "end": max(to-1, 0),
		"uri": uri(number, from), "first_page_uri": uri(0, 0), "next_page_uri": nil, "previous_page_uri": nil,
	}
	if to < len(all) {
		out["next_page_uri"] = uri(number+1, to)
	}
	if from > 0 {
		out["previous_page_uri"] = uri(max(number-1, 0), max(from-size, 0))
	}
	return out, nil
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
