package console

import (
	"net"
	"net/netip"

	"github.com/labstack/echo/v4"
)

// addressesBehind says where requests come from: what X-Forwarded-For says counts as far
// as proxies have written it, and nobody else's does.
func addressesBehind(proxies []netip.Prefix) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trusted := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		p = p.Masked()
		trusted = append(trusted, echo.TrustIPRange(&net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(trusted...)
}

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
