package emulator

import (
	"sort"
	"strconv"
	"strings"
)

// logged is a text or a call in the account's log.
type logged struct{ seq uint64 }

func (l logged) order() uint64 { return l.seq }

// tokenPrefix begins the token of a page of a log.
const tokenPrefix = "PA"

// newest returns one page of a log, newest first, of what fits. All is oldest
// first. The token is that of the last item before the page, so that what is made
// or deleted meanwhile neither hides an item nor shows one twice; a page that is
// asked for by its number alone is counted.
func newest[T interface{ order() uint64 }](q *restCall, key string, all []T, fits func(T) bool, show func(T) map[string]any) (any, *restError) {
	p, bad := q.paging()
	if bad != nil {
		return nil, bad
	}
	end, skip := len(all), p.number*p.size
	if p.token != "" {
		before, err := strconv.ParseUint(strings.TrimPrefix(p.token, tokenPrefix), 10, 64)
		if err != nil {
			return nil, badToken()
		}
		end, skip = indexOf(all, before), 0
	}
	var items []map[string]any
	var last uint64
	more := false
	for i := end - 1; i >= 0 && !more; i-- {
		switch {
		case !fits(all[i]):
		case skip > 0:
			skip--
		case len(items) == p.size:
			more = true
		default:
			items, last = append(items, show(all[i])), all[i].order()
		}
	}
	next := ""
	if more {
		next = p.uri(p.number+1, tokenPrefix+strconv.FormatUint(last, 10))
	}
	return p.show(key, p.number*p.size, items, next), nil
}

// indexOf returns where in a log the item of that order is, or would be.
func indexOf[T interface{ order() uint64 }](all []T, order uint64) int {
	return sort.Search(len(all), func(i int) bool { return all[i].order() >= order })
}
