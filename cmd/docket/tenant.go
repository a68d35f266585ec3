package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/storage"
)

const tenantLong = `Make and show tenants.

create, list, key and show SLUG open the register itself, by DOCKET_REGISTER_URL and DOCKET_MASTER_KEY, because before
the first tenant there is no API key to ask the server with. Without those variables they use the local stack. show
without a slug asks the server about the tenant of the key.`

// tenantCommand is `docket tenant`.
func (v *verbs) tenantCommand() *cobra.Command {
	cmd := group("tenant", "Make and show tenants", v.tenantCreate(), v.tenantList(), v.tenantShow(), v.tenantKey())
	cmd.Long = tenantLong
	return cmd
}

// direct makes a command that opens the register itself.
func (v *verbs) direct(use, short string, args cobra.PositionalArgs, do func(ctx context.Context, s *session, r *register, args []string) error) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: told(args)}
	addJSONFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return v.onRegister(cmd, args, do) }
	return cmd
}

func (v *verbs) onRegister(cmd *cobra.Command, args []string, do func(ctx context.Context, s *session, r *register, args []string) error) error {
	s := v.session(cmd)
	r, err := v.openRegister(cmd.Context(), s.errs)
	if err != nil {
		return err
	}
	defer r.Close()
	return do(cmd.Context(), s, r, args)
}

// madeTenant is what tenant create prints.
type madeTenant struct {
	ID      uuid.UUID `json:"id"`
	Slug    string    `json:"slug"`
	Created bool      `json:"created"`
	// Key is the secret of the first key, when it was made just now.
	Key string `json:"key,omitempty"`
}

// firstKey names the key that tenant create makes.
const firstKey = "first administrator"

func (v *verbs) tenantCreate() *cobra.Command {
	var in newTenant
	cmd := v.direct("create --slug SLUG --name NAME …", "Make a tenant and an administrator's API key, which is shown this once", cobra.NoArgs,
		func(ctx context.Context, s *session, r *register, _ []string) error {
			tenant, err := in.read(s, r.book)
			if err != nil {
				return err
			}
			made, err := bootstrapTenant(ctx, r.DB, tenantSpec{tenant: tenant, keys: []keySpec{{name: firstKey, role: api.Admin}}})
			if err != nil {
				return err
			}
			return s.tenantMade(r, madeTenant{ID: made.id, Slug: tenant.Slug, Created: made.created, Key: made.secrets[firstKey]})
		})
	cmd.Long = cmd.Short + `.

A tenant is known by its slug. One that is there is left as it is: PUT /v1/tenant changes what it says of itself, and
docket tenant key makes another key.`
	in.flags(cmd)
	return cmd
}

func (s *session) tenantMade(r *register, made madeTenant) error {
	if !made.Created {
		_, _ = fmt.Fprintf(s.errs, "There is a tenant %s already; what it says of itself was not changed.\n", made.Slug)
	}
	err := s.show(made, func(w io.Writer) {
		pairs(w, [2]string{"tenant", made.Slug}, [2]string{"id", made.ID.String()}, [2]string{"key", made.Key})
	})
	if err != nil {
		return err
	}
	if made.Key == "" {
		_, err = fmt.Fprintf(s.errs, "It has its first key. If that is lost: docket tenant key %s --name NAME --role admin\n", made.Slug)
		return err
	}
	return s.keyMade(r, made.Key)
}

// keyMade says what to do with a key that is shown this once.
func (s *session) keyMade(r *register, secret string) error {
	kept, err := r.keepKey(secret)
	if err != nil {
		return err
	}
	words := "Keep the key now: it cannot be shown again. Give it to commands in DOCKET_API_KEY or DOCKET_API_KEY_FILE."
	if kept {
		words = fmt.Sprintf("Keep the key now: it cannot be shown again. Commands on the local stack in %s use it by themselves.", r.local)
	}
	_, err = fmt.Fprintln(s.errs, words)
	return err
}

func (v *verbs) tenantKey() *cobra.Command {
	var name, role string
	cmd := v.direct("key SLUG --name NAME --role ROLE", "Make an API key of a tenant without asking the server, when no administrator's key is left", cobra.ExactArgs(1),
		func(ctx context.Context, s *session, r *register, args []string) error {
			if err := checkKey(name, role); err != nil {
				return err
			}
			tenant, err := r.TenantBySlug(ctx, args[0])
			if err != nil {
				return noTenant(err)
			}
			key := client.CreatedKey{Key: api.NewKey()}
			err = r.Change(ctx, tenant.ID, casework.System(setup), func(ctx context.Context, tx *storage.Tx) (err error) {
				key.ID, err = tx.AddAPIKey(ctx, storage.NewAPIKey{Name: name, Role: role, SecretHash: api.KeyHash(key.Key)})
				return err
			})
			if err != nil {
				return err
			}
			err = s.show(key, func(w io.Writer) { pairs(w, [2]string{"id", key.ID.String()}, [2]string{"key", key.Key}) })
			if err != nil || role != string(api.Admin) {
				return err
			}
			return s.keyMade(r, key.Key)
		})
	cmd.Flags().StringVar(&name, "name", "", "what the key is for")
	cmd.Flags().StringVar(&role, "role", "", "admin, dpo, agent or auditor")
	_ = cmd.MarkFlagRequired("name")
	_ = cmd.MarkFlagRequired("role")
	return cmd
}

func (v *verbs) tenantList() *cobra.Command {
	return v.direct("list", "List the tenants of the installation", cobra.NoArgs, func(ctx context.Context, s *session, r *register, _ []string) error {
		ids, err := r.TenantIDs(ctx)
		if err != nil {
			return err
		}
		page := client.Page[client.Tenant]{Items: []client.Tenant{}}
		for _, id := range ids {
			tenant, err := r.Tenant(ctx, id)
			if err != nil {
				return err
			}
			page.Items = append(page.Items, tenantOf(tenant))
		}
		return listing[client.Tenant]{
			head: "SLUG\tNAME\tCOUNTRY\tCALENDAR\tZONE\tLANGUAGE\tREGIME",
			row: func(t client.Tenant) []string {
				return []string{t.Slug, t.Name, t.Country, t.Calendar, t.Zone, t.Language, t.Regime}
			},
			empty: "There are no tenants. docket tenant create makes one.",
		}.print(s, page)
	})
}

func (v *verbs) tenantShow() *cobra.Command {
	cmd := &cobra.Command{Use: "show [SLUG]", Short: "Show the tenant of the key, or one by its slug from the register", Args: told(cobra.MaximumNArgs(1))}
	addJSONFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			return v.onRegister(cmd, args, func(ctx context.Context, s *session, r *register, args []string) error {
				tenant, err := r.TenantBySlug(ctx, args[0])
				if err != nil {
					return noTenant(err)
				}
				return s.showTenant(tenantOf(tenant))
			})
		}
		s, err := v.open(cmd)
		if err != nil {
			return err
		}
		tenant, err := s.Tenant(cmd.Context())
		if err != nil {
			return s.explained(err)
		}
		return s.showTenant(tenant)
	}
	return cmd
}

func noTenant(err error) error {
	return fmt.Errorf("there is no tenant with this slug; docket tenant list shows them: %w", err)
}

// tenantOf is a tenant as the API shows it.
func tenantOf(t storage.Tenant) client.Tenant {
	s := t.Settings
	return client.Tenant{
		ID: t.ID, Slug: t.Slug, Name: t.Name, Country: t.Country, Calendar: t.Calendar, Zone: t.Zone.String(), Language: t.Language,
		Regime: t.Regime, Profile: client.Profile(t.Profile), Settings: client.Settings{
			Ladder: s.Ladder, VerifyDays: s.VerifyDays, VerifyRemindDays: s.VerifyRemindDays, PackageDays: s.PackageDays, AssertionKeys: s.AssertionKeys,
			SlackChannel: s.SlackChannel, PhoneCountry: s.PhoneCountry, Regimes: s.Regimes, Colour: s.Colour, SmallAgent: s.SmallAgent, Retention: s.Retention,
			Supervised: s.Supervised, YearEnd: s.YearEnd, CaseMonths: s.CaseMonths, ErasureWaitDays: s.ErasureWaitDays, LiftNoticeDays: s.LiftNoticeDays,
			DRPBusinessID: s.DRPBusinessID, GPCUpdated: s.GPCUpdated, Consents: consentsOf(s.Consents), SecondFactor: s.SecondFactor,
		},
	}
}

func (s *session) showTenant(t client.Tenant) error {
	return s.show(t, func(w io.Writer) {
		pairs(w, [2]string{"slug", t.Slug}, [2]string{"id", t.ID.String()}, [2]string{"name", t.Name}, [2]string{"country", t.Country},
			[2]string{"calendar", t.Calendar}, [2]string{"zone", t.Zone}, [2]string{"language", t.Language}, [2]string{"regime", t.Regime},
			[2]string{"address", t.Profile.Address}, [2]string{"contact", t.Profile.Contact}, [2]string{"dpo", t.Profile.DPO},
			[2]string{"authority", t.Profile.Authority}, [2]string{"authority page", t.Profile.AuthorityURL},
			[2]string{"ladder", t.Settings.Ladder}, [2]string{"identity within", several(t.Settings.VerifyDays, "day")},
			[2]string{"package lives", several(t.Settings.PackageDays, "day")}, [2]string{"slack channel", t.Settings.SlackChannel})
		row(w, "now there", s.clock.Now().In(zoneNamed(t.Zone, s.zone)).Format(exact))
	})
}

func zoneNamed(name string, otherwise *time.Location) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	return otherwise
}
