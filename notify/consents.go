package notify

import "time"

// ConsentsEnding tells the staff how many implied consents end soon. It names purposes and nobody.
type ConsentsEnding struct {
	// Tenant is the controller's name.
	Tenant string
	// Lines are counts by purpose: "newsletter: 120 end within 7 days".
	Lines []string
	Total int64
	Link  string
	// Zone of the dates; nil means UTC.
	Zone *time.Location
}

func (c *ConsentsEnding) frame() *Frame {
	return &Frame{Controller: Controller{Name: c.Tenant, Zone: c.Zone}}
}

func (c *ConsentsEnding) notice() *Notice {
	return &Notice{Tenant: c.Tenant, Link: c.Link, Zone: c.Zone}
}

// ofNoCase says that it is of none.
func (*ConsentsEnding) ofNoCase() {}

// Kind of the letter.
func (*ConsentsEnding) Kind() Kind { return KindConsentsEnding }

func (c *ConsentsEnding) whole() error {
	return need(c.Link != "" && len(c.Lines) > 0, "Link and Lines")
}
