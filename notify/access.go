package notify

import "time"

// Access is what a letter about signing in carries: it belongs to no case.
type Access struct {
	// Tenant is the controller's name.
	Tenant string
	// Link opens the door once; it is a secret until then.
	Link    string
	Expires time.Time
	// Zone of the dates; nil means UTC.
	Zone *time.Location
}

func (a *Access) frame() *Frame { return &Frame{Controller: Controller{Name: a.Tenant, Zone: a.Zone}} }

func (a *Access) notice() *Notice { return &Notice{Tenant: a.Tenant, Link: a.Link, Zone: a.Zone} }

func (a *Access) access() *Access { return a }

// Invitation asks a member of staff to sign in for the first time.
type Invitation struct{ Access }

// Reset lets somebody who forgot their password set another.
type Reset struct{ Access }

// Kind of each.
func (*Invitation) Kind() Kind { return KindInvitation }
func (*Reset) Kind() Kind      { return KindReset }
