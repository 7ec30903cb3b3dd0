package flows

import (
	"encoding/binary"
	"encoding/hex"
)

// UnmarshalBinary reads what AppendBinary wrote. Its errors tell nothing of
// the content.
func (s *State) UnmarshalBinary(b []byte) error {
	if len(b) == 0 || b[0] < plainVersion || b[0] > stateVersion {
		return errState
	}
	r := reader{rest: string(b[1:]), plain: b[0] == plainVersion, unpaired: b[0] == unpairedVersion}
	var t State
	t.Hour = r.varint()
	flags := r.flags()
	t.Attested, t.About.Named = flags&flagAttested != 0, flags&flagNamed != 0
	t.Slow, t.Invited = flags&flagSlow != 0, flags&flagInvited != 0
	t.Turn, t.Page, t.More = r.count(mostCounted), r.count(mostCounted), More(r.count(int(FirstItems)))
	t.Silences, t.Wrongs = r.count(mostCounted), r.count(mostCounted)
	for _, v := range [...]*string{&t.Flow, &t.Node, &t.Lang, &t.Group, &t.Code, &t.Topic, &t.Day, &t.Speaks, &t.Query, &t.Member} {
		*v = r.text()
	}
	if flags&flagAbout != 0 {
		if t.About.Row = r.text(); flags&flagSame != 0 {
			t.About.Group = t.Group
		} else {
			t.About.Group = r.text()
		}
		t.About.Start, t.About.Was = r.varint(), r.varint()
	}
	if t.same() != (flags&flagSame != 0) && b[0] == stateVersion {
		r.bad = true
	}
	if flags&flagStaff != 0 {
		t.Staff = r.text()
		r.bad = r.bad || t.Staff == "" // else two encodings would be the same state's
	}
	if flags&flagReturns != 0 {
		t.Returns = r.texts()
		r.bad = r.bad || len(t.Returns) == 0
	}
	t.Offered = r.texts()
	if n := r.count(len(r.rest)); n > 0 {
		t.Vars = make(map[string]string, n)
		for range n {
			name := r.text()
			t.Vars[name] = r.text()
		}
	}
	if n := r.count(len(r.rest)); n > 0 {
		t.Visits = make(map[string]int, n)
		for range n {
			name := r.text()
			t.Visits[name] = r.count(mostCounted)
		}
	}
	if r.bad || len(r.rest) != 0 {
		return errState
	}
	*s = t
	return nil
}

// reader takes values off the front and remembers whether one was amiss. What it takes
// shares the memory of the whole.
type reader struct {
	rest  string
	bad   bool
	plain bool // every string is written as it is
	// unpaired says that nothing is written as a pair.
	unpaired bool
}

func (r *reader) varint() int64 {
	v, n := binary.Varint([]byte(r.rest[:min(len(r.rest), binary.MaxVarintLen64)]))
	r.pass(n)
	return v
}

// pass passes a number by that has so many bytes, none if something was amiss.
func (r *reader) pass(n int) {
	if n <= 0 {
		r.bad, r.rest = true, ""
		return
	}
	r.rest = r.rest[n:]
}

// flags are one byte, of which every bit has a meaning.
func (r *reader) flags() byte {
	if one := r.take(1); one != "" {
		return one[0]
	}
	return 0
}

func (r *reader) count(most int) int {
	v, n := binary.Uvarint([]byte(r.rest[:min(len(r.rest), binary.MaxVarintLen64)]))
	if r.pass(n); v > uint64(most) {
		r.bad, r.rest = true, ""
		return 0
	}
	return int(v)
}

// texts reads a list, which is at most as long as the bytes that hold it: a length
// cannot make us allocate what was never sent.
func (r *reader) texts() []string {
	n := r.count(len(r.rest))
	if n == 0 {
		return nil
	}
	all := make([]string, n)
	for i := range all {
		all[i] = r.text()
	}
	return all
}

func (r *reader) text() string {
	if r.plain {
		return r.take(r.count(len(r.rest)))
	}
	switch n := r.count(len(r.rest) << 2); {
	case n == formPair && !r.unpaired:
		r.unpaired = true // a pair has none within
		s := r.text() + ":" + r.text()
		r.unpaired = false
		if _, _, ok := pairOf(s); !ok {
			r.bad = true
		}
		return s
	case n == formHash:
		var digits [2 * hashSize]byte
		hex.Encode(digits[:], []byte(r.take(hashSize)))
		return r.written(digits[:])
	case n == formID:
		var d [2 * idSize]byte
		var id [idLength]byte
		hex.Encode(d[:], []byte(r.take(idSize)))
		written := id[:0]
		for i, digit := range d {
			if i == 8 || i == 12 || i == 16 || i == 20 {
				written = append(written, '-')
			}
			written = append(written, digit)
		}
		return r.written(written)
	case n&3 == formPlain:
		s := r.take(n >> 2)
		if _, _, paired := pairOf(s); shortForm(s) != formPlain || paired && !r.unpaired {
			r.bad = true // else two encodings would be the same state's
		}
		return s
	}
	r.bad = true
	return ""
}

// written is what was written otherwise than it is, "" if something was amiss.
func (r *reader) written(s []byte) string {
	if r.bad {
		return ""
	}
	return string(s)
}

// take takes so many bytes off the front, none if something was amiss.
func (r *reader) take(n int) string {
	if n > len(r.rest) {
		r.bad, r.rest = true, ""
	}
	if r.bad {
		return ""
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}
