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

// ConsentImportInput asks for a step of an import: check or run.
type ConsentImportInput struct {
	Tenant uuid.UUID `json:"tenant"`
	Import uuid.UUID `json:"import"`
	Step   string    `json:"step"`
}

// ConsentImportFailure says why a step did not come to its end.
type ConsentImportFailure struct {
	ConsentImportInput
	Problem string `json:"problem"`
}

// ConsentImportID is the workflow id of a step of an import.
func ConsentImportID(id uuid.UUID, step string) string {
	return "consent-import/" + id.String() + "/" + step
}

// StartConsentImport has a step of an import done, unless it is being done.
func StartConsentImport(ctx context.Context, temporal Starter, in ConsentImportInput) error {
	return startOnce(ctx, temporal, ConsentImportID(in.Import, in.Step), ConsentImportWorkflow, in)
}

// SignUpsInput asks for what is to be done about the sign-ups of a tenant.
type SignUpsInput struct {
	Tenant uuid.UUID `json:"tenant"`
}

// SignUpsID is the workflow id of a tenant's sign-ups.
func SignUpsID(tenant uuid.UUID) string { return "sign-ups/" + tenant.String() }

// StartSignUps has the sign-ups of a tenant looked at, unless they are being looked at.
func StartSignUps(ctx context.Context, temporal Starter, in SignUpsInput) error {
	return startOnce(ctx, temporal, SignUpsID(in.Tenant), SignUpsWorkflow, in)
}
