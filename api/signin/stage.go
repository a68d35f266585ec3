package signin

import (
	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
)

// Standing is what decides how a sign-in goes on.
type Standing struct {
	// Factors says that the person has a second factor, Given that they gave one in this sign-in.
	Factors, Given bool
	Members        []storage.Membership
	// Only is the one tenant that the sign-in is for; the zero id when it is for all.
	Only uuid.UUID
	// Chosen is the tenant that the person works in already.
	Chosen *Place
}

// Place is a tenant that somebody signs in to, and what it demands of them.
type Place struct {
	Tenant       uuid.UUID
	Staff        uuid.UUID
	Role         string
	SecondFactor bool
}

// Next says which stage a sign-in is at, and in which place: nobody gets to a tenant without the factors that they have, and nobody
// works in one that demands a factor they lack.
func Next(s Standing) (stage string, place *Place) {
	if s.Factors && !s.Given {
		return storage.StageCode, nil
	}
	place = s.place()
	switch {
	case place == nil:
		return storage.StageTenant, nil
	case place.SecondFactor && !s.Given:
		return storage.StageEnrol, place
	default:
		return storage.StageDone, place
	}
}

// place is the tenant that was chosen, or the only one that can be.
func (s Standing) place() *Place {
	if s.Chosen != nil {
		return s.Chosen
	}
	if s.Only == uuid.Nil && len(s.Members) != 1 {
		return nil
	}
	for _, m := range s.Members {
		if s.Only == uuid.Nil || m.Tenant == s.Only {
			return PlaceOf(m)
		}
	}
	return nil
}

// PlaceOf is a membership as the place of a session.
func PlaceOf(m storage.Membership) *Place {
	return &Place{Tenant: m.Tenant, Staff: m.Staff, Role: m.Role, SecondFactor: m.SecondFactor}
}
