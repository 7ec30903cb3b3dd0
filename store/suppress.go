package store

import (
	"slices"
	"strconv"
)

// few is the least number of people that statistics show: 1 to 10 are not shown, nor
// what would tell them.
// Source: CMS cell size suppression policy, https://resdac.org/articles/cms-cell-size-suppression-policy
const few = 11

// Cell is a number as it may be shown. Hidden, it is 1 to 10, or would tell one that
// is; N is 0 then.
type Cell struct {
	N      int
	Hidden bool
}

// String is the number, or that it is not shown.
func (c Cell) String() string {
	if c.Hidden {
		return "not shown"
	}
	return strconv.Itoa(c.N)
}

// cell hides a number that is of nothing but itself.
func cell(n, few int) Cell {
	if n > 0 && n < few {
		return Cell{Hidden: true}
	}
	return Cell{N: n}
}

// sum is a number in a list whose sum may be known otherwise. It is known to be least
// at least, if it is not 0.
type sum struct{ n, least int }

// hidden says which groups' numbers of a period are not shown, given the numbers of
// the same period's weeks, of which those from 1 to few-1 are not shown either. The two
// have the same sum: so what is hidden among the groups has to leave the weeks open,
// and the other way round.
//
// Groups are taken in twos, in their order: a small number hides the other one of its
// two as well, however large that is, for what is hidden beside it must not tell
// by having been chosen. Where what is hidden follows from what it comes to all the
// same, none of the groups' numbers is shown.
func hidden(weeks []int, groups []sum, few int) []bool {
	hide := make([]bool, len(groups))
	n, inWeeks := small(weeks, few)
	open := n == 0 || free(n, inWeeks, few)
	sets := twos(groups)
	all := func() []bool {
		for i := range hide {
			hide[i] = true
		}
		return hide
	}
	some, left := false, 0 // what the hidden ones come to, beyond what each is known to be
	for _, set := range sets {
		if !slices.ContainsFunc(set, func(i int) bool { return groups[i].n < few }) {
			continue
		}
		beyond := cover(groups, hide, set)
		if beyond < few-1 {
			return all()
		}
		some, left = true, left+beyond
	}
	switch {
	case open:
		return hide
	case len(sets) == 0:
		return hide
	case !some:
		last := sets[len(sets)-1]
		if len(last) < 2 {
			return all()
		}
		left = cover(groups, hide, last)
	}
	if left-(inWeeks-n) < few-1 { // what the weeks come to beyond one each is not known
		return all()
	}
	return hide
}

// cover hides a set, and returns what it comes to beyond what each is known to be.
func cover(groups []sum, hide []bool, set []int) int {
	beyond := 0
	for _, i := range set {
		hide[i] = true
		beyond += groups[i].n - groups[i].least
	}
	return beyond
}

// twos are the groups that are not 0, two and two; the last ones may be three, and one
// alone if there is no other.
func twos(groups []sum) [][]int {
	var sets [][]int
	for i, g := range groups {
		switch last := len(sets) - 1; {
		case g.n == 0:
		case last < 0 || len(sets[last]) == 2:
			sets = append(sets, []int{i})
		default:
			sets[last] = append(sets[last], i)
		}
	}
	if last := len(sets) - 1; last > 0 && len(sets[last]) == 1 {
		sets[last-1] = append(sets[last-1], sets[last]...)
		sets = sets[:last]
	}
	return sets
}

// small returns how many weeks are hidden, and what they come to.
func small(weeks []int, few int) (n, sum int) {
	for _, w := range weeks {
		if w > 0 && w < few {
			n++
			sum += w
		}
	}
	return n, sum
}

// free says whether n small numbers do not follow from what they come to.
func free(n, sum, few int) bool {
	return n > 1 && sum-n >= few/2 && n*(few-1)-sum >= few/2
}
