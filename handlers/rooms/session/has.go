package session

// Has says whether a call has a seat, or had one that it left.
func (s *Session) Has(call string) bool { return s.of(call) != nil }
