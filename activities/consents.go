package activities

import (
	"context"
	"fmt"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Consents are what is done about consents that end by themselves.
type Consents struct{ desk *casework.Desk }

// Look looks at consents whose day has come, transaction by transaction, and says whether there may be more. A try that follows another goes on with what is left.
func (c *Consents) Look(ctx context.Context, in contract.ConsentDayInput) (more bool, err error) {
	defer beat(ctx)()
	day, err := dayOf(in)
	if err != nil {
		return false, err
	}
	began := c.desk.Clock().Now()
	for more = true; more && c.desk.Clock().Since(began) < contract.ConsentStretch; {
		if more, err = c.desk.LookAtConsents(ctx, in.Tenant, day); err != nil {
			return false, named(err)
		}
	}
	return more, nil
}

// Tell tells the staff what ends soon.
func (c *Consents) Tell(ctx context.Context, in contract.ConsentDayInput) error {
	day, err := dayOf(in)
	if err != nil {
		return err
	}
	return named(c.desk.TellConsentsEnding(ctx, in.Tenant, day))
}

// SignUps does what is to be done about the sign-ups of a tenant, and says whether there may be more. What can't be gone on with now comes again by itself.
func (c *Consents) SignUps(ctx context.Context, in contract.SignUpsInput) (more bool, err error) {
	defer beat(ctx)()
	began := c.desk.Clock().Now()
	for more = true; more && c.desk.Clock().Since(began) < contract.ConsentStretch; {
		looked, err := c.desk.LookAtSignUps(ctx, in.Tenant)
		if err != nil {
			return false, named(err)
		}
		if looked.PutOff != nil {
			activity.GetLogger(ctx).Warn("sign-ups are put off", "error", looked.PutOff)
		}
		more = looked.More
	}
	return more, nil
}

// Import does a step of an import.
func (c *Consents) Import(ctx context.Context, in contract.ConsentImportInput) error {
	defer beat(ctx)()
	return named(c.desk.ImportConsents(ctx, in.Tenant, in.Import, in.Step))
}

// ImportFailed puts on record why an import did not come to its end.
func (c *Consents) ImportFailed(ctx context.Context, f contract.ConsentImportFailure) error {
	return named(c.desk.FailConsentImport(ctx, f.Tenant, f.Import, f.Problem))
}

func dayOf(in contract.ConsentDayInput) (privacy.Date, error) {
	day, err := privacy.ParseDate(in.Day)
	if err != nil {
		return day, temporal.NewNonRetryableApplicationError(fmt.Sprintf("the day of consents: %s", err), contract.ErrorGone, nil)
	}
	return day, nil
}
