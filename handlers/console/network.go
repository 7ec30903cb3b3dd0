package console

import "net/netip"

// network is an IPv4 address, or the /64 of an IPv6 one; what is neither is one of a
// kind.
func network(address string) string {
	at, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	if at = at.Unmap().WithZone(""); at.Is4() {
		return at.String()
	}
	prefix, _ := at.Prefix(64) // fails for no IPv6 address
	return prefix.String()
}
