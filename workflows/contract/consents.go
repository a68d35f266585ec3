package contract

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// ConsentDayInput asks for a tenant's implied consents to be looked at whose day has come: to warn of their end, or to put on record that they are over.
type ConsentDayInput struct {
	Tenant uuid.UUID `json:"tenant"`
	// Day is the tenant's, as 2006-01-02.
	Day string `json:"day"`
}

// ConsentDayID is the workflow id of a tenant's day.
func ConsentDayID(tenant uuid.UUID, day string) string {
	return "consents/" + tenant.String() + "/" + day
}

// StartConsentDay has a day's consents looked at, unless they are being looked at.
func StartConsentDay(ctx context.Context, temporal Starter, in ConsentDayInput) error {
	return startOnce(ctx, temporal, ConsentDayID(in.Tenant, in.Day), ConsentDayWorkflow, in)
}

// ConsentStretch is how long one activity looks at consents before it lets the workflow go on with another.
const ConsentStretch = 10 * time.Minute
