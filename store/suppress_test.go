package store

import (
	"fmt"
	"slices"
	"testing"
)

// TestNothingHiddenCanBeComputed has somebody look at what is shown who knows how it is
// made, that the weeks and the groups have the same sum, and the program: they list
// every case that gives the same picture. No hidden number may be the same in all of
// them.
func TestNothingHiddenCanBeComputed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ weeks, groups, most, few int }{
		{1, 1, 12, 4}, {2, 1, 9, 4}, {1, 2, 14, 4}, {2, 2, 8, 4}, {1, 3, 14, 4}, {2, 3, 7, 4}, {3, 2, 6, 4}, {1, 4, 12, 4}, {2, 4, 6, 3},
	} {
		t.Run(fmt.Sprintf("%d weeks, %d groups", c.weeks, c.groups), func(t *testing.T) {
			t.Parallel()
			for _, told := range tells(t, c.weeks, c.groups, c.most, c.few, hidden) {
				t.Error(told)
			}
		})
	}
}

// TestSmallAloneTells is the same with the small numbers hidden alone, which tells.
func TestSmallAloneTells(t *testing.T) {
	t.Parallel()
	alone := func(_ []int, groups []sum, few int) []bool {
		hide := make([]bool, len(groups))
		for i, g := range groups {
			hide[i] = g.n > 0 && g.n < few
		}
		return hide
	}
	if len(tells(t, 2, 3, 7, 4, alone)) == 0 {
		t.Error("hiding small numbers alone tells nothing")
	}
}

// tells is what can be told of hidden numbers, of every list of so many weeks, each at
// most most, and of groups that come to the same.
func tells(t *testing.T, nWeeks, nGroups, most, few int, hide func([]int, []sum, int) []bool) []string {
	t.Helper()
	values := map[string][]map[int]bool{} // by picture, each number's
	bySum := lists(nWeeks, most, nWeeks*most)
	for total, groups := range lists(nGroups, nWeeks*most, nWeeks*most) {
		for _, weeks := range bySum[total] {
			for _, g := range groups {
				shown := picture(weeks, g, few, hide)
				numbers := slices.Concat(weeks, g)
				if values[shown] == nil {
					values[shown] = make([]map[int]bool, len(numbers))
					for i := range numbers {
						values[shown][i] = map[int]bool{}
					}
				}
				for i, n := range numbers {
					values[shown][i][n] = true
				}
			}
		}
	}
	if len(values) < 2 {
		t.Fatal("nothing is shown at all")
	}
	var told []string
	for shown, each := range values {
		for i, of := range each {
			for n := range of {
				if len(of) == 1 && n > 0 && n < few {
					told = append(told, fmt.Sprintf("%s: number %d can only be %d", shown, i, n))
				}
			}
		}
	}
	return told
}

// lists are all lists of n numbers from 0 to most, by their sum, which is at most sum.
func lists(n, most, sum int) map[int][][]int {
	if n == 0 {
		return map[int][][]int{0: {nil}}
	}
	all := map[int][][]int{}
	for total, rests := range lists(n-1, most, sum) {
		for _, rest := range rests {
			for first := range min(most, sum-total) + 1 {
				all[total+first] = append(all[total+first], append([]int{first}, rest...))
			}
		}
	}
	return all
}

// picture is what is shown.
func picture(weeks, groups []int, few int, hide func([]int, []sum, int) []bool) string {
	of := make([]sum, len(groups))
	for i, n := range groups {
		of[i] = sum{n: n, least: min(n, 1)}
	}
	var text string
	for _, n := range weeks {
		text += mark(cell(n, few))
	}
	text += "|"
	for i, hide := range hide(weeks, of, few) {
		if hide {
			text += " -"
		} else {
			text += mark(Cell{N: groups[i]})
		}
	}
	return text
}

func mark(c Cell) string {
	if c.Hidden {
		return " -"
	}
	return fmt.Sprintf(" %d", c.N)
}

// A mutant each: what is hidden has to be more than the small numbers themselves.
func TestSmallNumbersAloneWouldTell(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		weeks  []int
		groups []sum
		want   string
	}{
		{"large ones are shown", []int{20, 30}, []sum{{n: 25, least: 1}, {n: 25, least: 1}}, "shown shown"},
		{"one small group takes another with it", []int{40}, []sum{{n: 5, least: 1}, {n: 35, least: 1}, {n: 0}}, "hidden hidden shown"},
		{"and that one of its two, not the smallest", []int{100}, []sum{{n: 50, least: 1}, {n: 5, least: 1}, {n: 30, least: 1}, {n: 15, least: 1}}, "hidden hidden shown shown"},
		{"two that came to the least", []int{11}, []sum{{n: 6, least: 6}, {n: 5, least: 5}}, "hidden hidden"},
		{"one week hides groups", []int{5, 40}, []sum{{n: 20, least: 1}, {n: 25, least: 1}}, "hidden hidden"},
		{"weeks of a small line stay open", []int{8, 9, 7, 9}, []sum{{n: 33, least: 4}}, "shown"},
		{"weeks that would be told", []int{10, 10, 10, 9}, []sum{{n: 39, least: 4}}, "hidden"},
	} {
		got := ""
		for i, hide := range hidden(c.weeks, c.groups, few) {
			if i > 0 {
				got += " "
			}
			if hide {
				got += "hidden"
			} else {
				got += "shown"
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
