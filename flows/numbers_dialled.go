package flows

import "strings"

// Undialled is why a line does not dial a number, "" for one that it does.
type Undialled string

// What Undialled may be.
const (
	UndialledShape  Undialled = "shape"  // it is no telephone number
	UndialledDear   Undialled = "dear"   // it is of premium rate
	UndialledUnused Undialled = "unused" // it is in no range that is in use
	UndialledAfield Undialled = "afield" // it is in no country that may be called
	UndialledOurs   Undialled = "ours"   // it is the line's own, which would ring itself
)

// Fault is F005 for a number of a flow's own, called name, that a line does not dial;
// countries are those that may be called.
func (n Number) Fault(name string, why Undialled, countries []string) Problem {
	var what, mend Sentence
	switch why {
	case UndialledDear:
		what, mend = say("it is a premium-rate number, which the line would pay for"), say("use an ordinary number")
	case UndialledUnused:
		what, mend = say("its number is in no range that is in use"), say("check the country and the area code")
	case UndialledAfield:
		what = say("its number is in none of the countries that may be called: %s", strings.Join(countries, ", "))
		mend = say("use a number in one of them, or add its country to ALLOWED_COUNTRIES")
	case UndialledOurs:
		what, mend = say("it is a number of this line, which would call itself"), say("lead to a step of the flow instead")
	default:
		what, mend = say("it is no telephone number"), say("write it as it is dialled from abroad")
	}
	var found problems
	found.fail("F005", n.Place, mend, "the number %q is not dialled: %s", name, what)
	return found[0]
}
