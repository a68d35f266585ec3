package notify

import "time"

// HandoverUnconfirmed tells the staff that another system has not confirmed in time that it writes no more to whoever wants that. It names the system and nobody else.
type HandoverUnconfirmed struct {
	// Tenant is the controller's name, Receiver that of the system.
	Tenant, Receiver string
	// Day is that on which the withdrawals came to be known, as 2006-01-02.
	Day string
	// Withdrawals are all of that day, Left those that are not confirmed.
	Withdrawals, Left int
	// Due is the earliest moment that a law sets, Citation where it does. Over says that it has passed.
	Due      time.Time
	Citation string
	Over     bool
	// Problem is why the system was not reached; empty where that is not known.
	Problem string
	Link    string
	// Zone of the dates; nil means UTC.
	Zone *time.Location
}

func (h *HandoverUnconfirmed) frame() *Frame {
	return &Frame{Controller: Controller{Name: h.Tenant, Zone: h.Zone}}
}

func (h *HandoverUnconfirmed) notice() *Notice {
	return &Notice{Tenant: h.Tenant, Link: h.Link, Zone: h.Zone}
}

// ofNoCase says that it is of none.
func (*HandoverUnconfirmed) ofNoCase() {}

// Kind of the letter.
func (*HandoverUnconfirmed) Kind() Kind { return KindHandoverUnconfirmed }

func (h *HandoverUnconfirmed) whole() error {
	return need(h.Link != "" && h.Receiver != "" && h.Day != "" && h.Citation != "" && h.Left > 0 && !h.Due.IsZero(), "Link, Receiver, Day, Citation, Left and Due")
}
