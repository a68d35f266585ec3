package notify

import "time"

// Digest tells a member of staff in the morning what is overdue, due soon and to do. It holds references and nothing about people.
type Digest struct {
	// Tenant is the controller's name.
	Tenant string
	// Headline says it in a few words: "2 overdue, 1 due soon".
	Headline string
	// Overdue and Soon are lines, soonest first.
	Overdue, Soon []string
	// More is how many further ones there are.
	More int
	// Tasks is how many tasks wait for them or for nobody yet.
	Tasks int
	Link  string
	// Zone of the dates; nil means UTC.
	Zone *time.Location
}

func (d *Digest) frame() *Frame { return &Frame{Controller: Controller{Name: d.Tenant, Zone: d.Zone}} }

func (d *Digest) notice() *Notice { return &Notice{Tenant: d.Tenant, Link: d.Link, Zone: d.Zone} }

// ofNoCase says that it is of many.
func (*Digest) ofNoCase() {}

func (d *Digest) whole() error { return need(d.Link != "" && d.Headline != "", "Link and Headline") }

// Kind of the letter.
func (*Digest) Kind() Kind { return KindDigest }
