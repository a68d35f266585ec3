package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
)

// TenantBody is what a tenant says of itself and has chosen.
type TenantBody struct {
	Name     string           `json:"name" minLength:"1" maxLength:"200"`
	Country  string           `json:"country" pattern:"^[A-Z]{2}$"`
	Calendar string           `json:"calendar" minLength:"2" maxLength:"20" doc:"The holidays of the place that answers: DE, FR, GB-SCT, US-FED, …"`
	Zone     string           `json:"zone" minLength:"1" maxLength:"60" doc:"IANA name." example:"Europe/Berlin"`
	Language string           `json:"language" enum:"en,de,fr,es"`
	Regime   string           `json:"regime" minLength:"1" maxLength:"40"`
	Profile  storage.Profile  `json:"profile"`
	Settings storage.Settings `json:"settings"`
	Version  string           `json:"version,omitempty" maxLength:"64" doc:"Of what was read. Sent back with a change, the change is refused where somebody else has changed the tenant since."`
}

// version names what a tenant says of itself and has chosen, as it stands.
func (b TenantBody) version() string {
	b.Version = ""
	text, err := json.Marshal(b)
	if err != nil { // it was read out of JSON
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

type tenantView struct {
	ID   uuid.UUID `json:"id" format:"uuid"`
	Slug string    `json:"slug" doc:"The tenant's name in the addresses of the public pages."`
	TenantBody
}

type changeTenant struct{ Body TenantBody }

type callerView struct {
	Tenant  string     `json:"tenant"`
	Role    string     `json:"role"`
	Key     string     `json:"key_name"`
	StaffID *uuid.UUID `json:"staff_id,omitempty" format:"uuid"`
	Expires *time.Time `json:"expires_at,omitempty"`
	Scopes  []string   `json:"scopes,omitempty" doc:"What the key was narrowed to; absent when it may all that its role may."`
	Can     []string   `json:"operations" doc:"The operations that this key may do."`
}

func (s *server) tenantOperations() {
	register(s, operation{id: "get-tenant", method: http.MethodGet, path: "/v1/tenant", summary: "Show the tenant of the key", tag: "tenant"}, s.getTenant)
	register(s, operation{id: "change-tenant", method: http.MethodPut, path: "/v1/tenant", summary: "Change what the tenant says of itself and has chosen", tag: "tenant"}, s.changeTenant)
	register(s, operation{id: "get-caller", method: http.MethodGet, path: "/v1/caller", summary: "Who calls, and what they may do", tag: "tenant"}, s.caller)
}

func tenantOf(t storage.Tenant) tenantView {
	body := TenantBody{
		Name: t.Name, Country: t.Country, Calendar: t.Calendar, Zone: t.Zone.String(), Language: t.Language, Regime: t.Regime,
		Profile: t.Profile, Settings: t.Settings,
	}
	body.Version = body.version()
	return tenantView{ID: t.ID, Slug: t.Slug, TenantBody: body}
}

func (s *server) getTenant(_ context.Context, who *caller, _ *struct{}) (*shown[tenantView], error) {
	return &shown[tenantView]{Body: tenantOf(who.tenant)}, nil
}

func (s *server) changeTenant(ctx context.Context, who *caller, in *changeTenant) (*shown[tenantView], error) {
	if err := s.checkTenant(in.Body); err != nil {
		return nil, err
	}
	b := in.Body
	if guards(who.tenant.Settings, b.Settings) {
		if refusal := s.fresh(who); refusal != nil {
			return nil, refusal
		}
	}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		before, err := tx.LockTenant(ctx)
		if err != nil {
			return err
		}
		stands := tenantOf(before).TenantBody
		if b.Version != "" && b.Version != stands.Version {
			return refused(http.StatusConflict, "changed-meanwhile", "Somebody else has changed the tenant since you read it. Nothing was changed by you; read it again, and make your change to that.")
		}
		err = tx.UpdateTenant(ctx, storage.NewTenant{
			Name: b.Name, Country: b.Country, Calendar: b.Calendar, Zone: b.Zone, Language: b.Language, Regime: b.Regime,
			Profile: b.Profile, Settings: b.Settings,
		})
		if err != nil {
			return err
		}
		return tx.Audit(ctx, audit.Event{
			Action: audit.TenantChanged, Object: audit.Object{Kind: "tenant", ID: who.tenant.ID.String()},
			Facts: map[audit.FactKey]string{audit.FactChanged: changed(stands, b)},
		})
	})
	if err != nil {
		return nil, err
	}
	s.db.ForgetTenant(who.tenant.ID)
	tenant, err := s.db.Tenant(ctx, who.tenant.ID)
	return &shown[tenantView]{Body: tenantOf(tenant)}, err
}

// changed names what a change is of, as much as a fact holds.
func changed(before, after TenantBody) string {
	var names []string
	for _, of := range []struct {
		name string
		same bool
	}{
		{"assertion_keys", slices.Equal(before.Settings.AssertionKeys, after.Settings.AssertionKeys)},
		{"second_factor", before.Settings.SecondFactor == after.Settings.SecondFactor},
		{"regime", before.Regime == after.Regime}, {"regimes", slices.Equal(before.Settings.Regimes, after.Settings.Regimes)},
		{"calendar", before.Calendar == after.Calendar}, {"zone", before.Zone == after.Zone}, {"country", before.Country == after.Country},
		{"ladder", before.Settings.Ladder == after.Settings.Ladder}, {"slack_channel", before.Settings.SlackChannel == after.Settings.SlackChannel},
		{"profile", before.Profile == after.Profile}, {"name", before.Name == after.Name}, {"language", before.Language == after.Language},
	} {
		if !of.same {
			names = append(names, of.name)
		}
	}
	if len(names) == 0 {
		return "other"
	}
	return strings.Join(names, ",")
}

// guards says whether a change is of what keeps others out: whose word proves an identity, and whether staff need a second factor.
func guards(before, after storage.Settings) bool {
	return before.SecondFactor != after.SecondFactor || !slices.Equal(before.AssertionKeys, after.AssertionKeys)
}

// checkTenant refuses what would break the next request.
func (s *server) checkTenant(b TenantBody) error {
	if _, err := s.Policies.Regime(b.Regime, s.Clock.Now()); err != nil {
		return invalid("body.regime", "no such regime in force; GET /v1/policies lists them")
	}
	faults := casework.CheckTenant(storage.NewTenant{
		Country: b.Country, Calendar: b.Calendar, Zone: b.Zone, Profile: b.Profile, Settings: b.Settings,
	}, s.Policies, s.Clock.Now())
	if len(faults) > 0 {
		return invalid("body."+faults[0].Field, faults[0].Problem)
	}
	return nil
}

func (s *server) caller(_ context.Context, who *caller, _ *struct{}) (*shown[callerView], error) {
	view := callerView{Tenant: who.tenant.Slug, Role: string(who.role), Key: who.key.Name, StaffID: who.staffID(), Expires: who.key.ExpiresAt, Scopes: who.key.Scopes, Can: []string{}}
	for _, id := range operationIDs() {
		if may(who.role, id) && (who.session != nil || inScope(who.key.Scopes, s.known[id])) {
			view.Can = append(view.Can, id)
		}
	}
	return &shown[callerView]{Body: view}, nil
}
