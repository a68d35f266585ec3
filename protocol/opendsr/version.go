package opendsr

import "net/http"

// Version is one of the names that the protocol has had. Processors go on honouring the routes and headers of the older ones (section 10.1).
type Version struct {
	// Number is what api_version says.
	Number string
	// Route is the noun of its addresses, Header the beginning of its headers.
	Route, Header string
}

// The versions, as their routes tell them apart.
var (
	OpenGDPR       = Version{Number: "1.0", Route: "opengdpr_requests", Header: "X-OpenGDPR-"}
	OpenCompliance = Version{Number: "1.0", Route: "opencompliance_requests", Header: "X-OpenCompliance-"}
	OpenDSR        = Version{Number: "2.0", Route: "requests", Header: "X-OpenDSR-"}
)

// Versions lists them.
func Versions() []Version { return []Version{OpenGDPR, OpenCompliance, OpenDSR} }

// VersionNamed finds a version by its route; the newest for a route that is none.
func VersionNamed(route string) Version {
	for _, v := range Versions() {
		if v.Route == route {
			return v
		}
	}
	return OpenDSR
}

// early says that requests of the version name no regulation.
func (v Version) early() bool { return v.Number == "1.0" }

// SetHeaders puts on who answers, and the signature.
func (v Version) SetHeaders(h http.Header, domain, signature string) {
	h.Set(v.Header+"Processor-Domain", domain)
	h.Set(v.Header+"Signature", signature)
}
