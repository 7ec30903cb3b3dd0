package vault

import (
	"bytes"
	"testing"
)

func TestSeat(t *testing.T) {
	t.Parallel()
	k := fresh(t)
	one, two := mustParse(t, "+12025550143"), mustParse(t, "+12025550144")
	mark := k.Seat("room", one)
	if len(mark) != labelLength || !bytes.Equal(mark, k.Seat("room", one)) {
		t.Errorf("the mark is %d bytes, or not the same twice", len(mark))
	}
	for name, other := range map[string][]byte{"another room": k.Seat("hall", one), "another number": k.Seat("room", two), "an index": k.Index("room", one)} {
		if bytes.Equal(mark, other) {
			t.Errorf("%s has the same mark", name)
		}
	}
	if k.Seat("room", Number{}) != nil {
		t.Error("a withheld number has a mark")
	}
}
