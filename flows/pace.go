package flows

// How fast a voice speaks to somebody.
const (
	paceSlow  = "slow"
	paceUsual = "usual"
)

// pace changes how fast a voice speaks, for as long as the call lasts, and sets what
// member.prefer keeps of it.
func (t *turn) pace() string {
	t.s.Slow = !t.s.Slow
	t.keep(varPace, paceOf(t.s.Slow))
	return paceOf(t.s.Slow)
}

func paceOf(slow bool) string {
	if slow {
		return paceSlow
	}
	return paceUsual
}
