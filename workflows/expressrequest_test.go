package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// asks has a tenant ask people 30 days before their implied consent ends.
func (c *canada) asks() *signUpForms {
	c.t.Helper()
	c.Change(func(ctx context.Context, tx *storage.Tx) error {
		tenant := tx.Tenant()
		tenant.Settings.Consents.AskDays = 30
		err := tx.UpdateTenant(ctx, storage.NewTenant{
			Name: tenant.Name, Country: tenant.Country, Calendar: tenant.Calendar, Zone: tenant.Zone.String(), Language: tenant.Language, Regime: tenant.Regime, Profile: tenant.Profile, Settings: tenant.Settings,
		})
		if err != nil {
			return err
		}
		p, err := casework.PurposeOf(tenant, "offers")
		if err != nil {
			return err
		}
		_, err = tx.AddConsentText(ctx, p, "en", "Our offers", "Yes, I want your offers.")
		return err
	})
	c.DB.ForgetTenant(c.Tenant)
	return &signUpForms{World: c.World, t: c.t, clock: c.clock}
}

// mailOf are the letters to people that came since the last look, by their mailbox.
func (f *signUpForms) mailOf() map[string]mailed {
	f.t.Helper()
	out := map[string]mailed{}
	for _, l := range f.letters() {
		if l.kind != "consents_ending" {
			require.NotContains(f.t, out, l.to, "one letter each")
			out[l.to] = l
		}
	}
	return out
}

// CASL s.1(3), s.10: the request to consent expressly is a message that needs consent itself. It goes out once, while implied consent holds, to whom it is allowed
// to write; who agrees is written to on, for all others it ends on the day on which it would have.
func TestCASLSection1AskingWhileItIsAllowed(t *testing.T) {
	t.Parallel()
	c := newCanada(t)
	f := c.asks()
	start := c.clock.Now().Add(-time.Hour)
	for _, who := range []string{"agrees", "silent", "refuses", "bought", "left", "given"} {
		c.happened(who+"@person.example", consent.Refreshed, "inquiry", start)
	}
	c.until("2026-06-04")
	require.Empty(t, f.mailOf())
	c.happened("bought@person.example", consent.Refreshed, "purchase", c.clock.Now())
	c.happened("left@person.example", consent.Withdrawn, "", c.clock.Now())
	c.happened("given@person.example", consent.Given, "", c.clock.Now())
	c.until("2026-06-05")
	f.passes(0)
	got := f.mailOf()
	require.Len(t, got, 3, "who may be written to for two years more, who wants nothing and who has agreed are not asked")
	asked := got["agrees@person.example"]
	require.Equal(t, "express_request", asked.kind)
	require.Contains(t, asked.text, "until 5 July\n2026")
	require.Contains(t, asked.text, "Our offers")
	require.Equal(t, consent.SignUpConfirmed, f.confirms(asked.link))
	require.Equal(t, consent.SignUpDenied, f.denies(got["refuses@person.example"].link))
	require.Equal(t, consent.WasWithdrawn, c.mayWrite("refuses@person.example").Reason)
	c.until("2026-07-06")
	f.passes(0)
	require.Empty(t, f.mailOf(), "nobody is asked twice, and nobody is welcomed to what they get already")
	require.Equal(t, consent.ByConfirmed, c.mayWrite("agrees@person.example").Reason)
	require.Equal(t, consent.WindowOver, c.mayWrite("silent@person.example").Reason)
	require.Equal(t, consent.SignUpExpired, f.confirms(got["silent@person.example"].link), "the question came while it was allowed; the answer came too late")
	c.until("2028-05-10")
	f.passes(0)
	require.Contains(t, f.mailOf(), "bought@person.example", "a month before the two years after the purchase are over")
}
