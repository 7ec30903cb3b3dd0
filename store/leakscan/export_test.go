package leakscan

// Written returns the needles of a number by encoding.
func Written(e164 string) map[string][]string {
	all := map[string][]string{}
	for _, e := range encodings {
		all[e.name] = e.needles(parse(e164))
	}
	return all
}
