package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/storage"
)

// SingleSignOnBody is how a tenant's people sign in with its own provider.
type SingleSignOnBody struct {
	Issuer    string            `json:"issuer" minLength:"1" maxLength:"500" doc:"The provider's address, as it writes it itself." example:"https://login.example.com"`
	ClientID  string            `json:"client_id" minLength:"1" maxLength:"500"`
	Label     string            `json:"label" minLength:"1" maxLength:"100" doc:"What the button says."`
	RoleClaim string            `json:"role_claim" minLength:"1" maxLength:"100" doc:"The claim that holds roles or groups."`
	Roles     map[string]string `json:"roles" doc:"Which value of the claim gives which role."`
	Trust     bool              `json:"trust_second_factor" doc:"The provider asks for a second factor itself."`
}

type ssoInput struct {
	Body struct {
		SingleSignOnBody
		Secret string `json:"client_secret" minLength:"1" maxLength:"1000" doc:"Sealed, and never shown again."`
	}
}

type methodsInput struct {
	Tenant string `query:"tenant" required:"true" maxLength:"62" doc:"The tenant's slug."`
}

type methodsView struct {
	SingleSignOn *ssoLabel `json:"single_sign_on" doc:"null when the tenant has none."`
}

type ssoLabel struct {
	Label string `json:"label"`
}

func (s *server) singleSignOnOperations() {
	register(s, operation{
		id: "sign-in-methods", method: http.MethodGet, path: "/v1/sign-in/methods", summary: "How one signs in to a tenant, beside with a password", tag: "sign-in",
	}, s.signInMethods)
	register(s, operation{
		id: "sign-in-elsewhere", method: http.MethodGet, path: "/v1/sign-in/oidc/{tenant}", summary: "Go to the tenant's provider to sign in there", tag: "sign-in",
		status: http.StatusSeeOther,
	}, s.signInElsewhere)
	register(s, operation{
		id: "signed-in-elsewhere", method: http.MethodGet, path: "/v1/sign-in/oidc/callback", summary: "Come back from the provider", tag: "sign-in", status: http.StatusSeeOther,
		lenient: true,
	}, s.signedInElsewhere)
	register(s, operation{
		id: "get-single-sign-on", method: http.MethodGet, path: "/v1/tenant/single-sign-on", summary: "The tenant's provider, without the secret", tag: "tenant",
		errors: []int{http.StatusNotFound},
	}, s.singleSignOn)
	register(s, operation{
		id: "set-single-sign-on", method: http.MethodPut, path: "/v1/tenant/single-sign-on", summary: "Set the provider that the tenant's people sign in with", tag: "tenant",
	}, s.setSingleSignOn)
	register(s, operation{
		id: "drop-single-sign-on", method: http.MethodDelete, path: "/v1/tenant/single-sign-on", summary: "Take the provider away", tag: "tenant",
		errors: []int{http.StatusNotFound},
	}, s.dropSingleSignOn)
}

func (s *server) readSingleSignOn(ctx context.Context, tenant uuid.UUID) (sso storage.SingleSignOn, err error) {
	err = s.db.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		sso, err = tx.SingleSignOn(ctx)
		return err
	})
	return sso, err
}

func (s *server) singleSignOn(ctx context.Context, who *caller, _ *struct{}) (*shown[SingleSignOnBody], error) {
	sso, err := s.readSingleSignOn(ctx, who.tenant.ID)
	return &shown[SingleSignOnBody]{Body: SingleSignOnBody{
		Issuer: sso.Issuer, ClientID: sso.ClientID, Label: sso.Label, RoleClaim: sso.RoleClaim, Roles: sso.Roles, Trust: sso.TrustSecondFactor,
	}}, err
}

func (s *server) setSingleSignOn(ctx context.Context, who *caller, in *ssoInput) (*shown[SingleSignOnBody], error) {
	b := in.Body
	if err := s.providers.CheckIssuer(b.Issuer); err != nil {
		return nil, invalid("body.issuer", err.Error())
	}
	for _, role := range b.Roles {
		if !slices.Contains(signin.MappedRoles(), role) {
			return nil, invalid("body.roles", "gives a role that single sign-on cannot give; it can give "+strings.Join(signin.MappedRoles(), ", "))
		}
	}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		return tx.SaveSingleSignOn(ctx, storage.SingleSignOn{
			Issuer: b.Issuer, ClientID: b.ClientID, Secret: b.Secret, Label: b.Label, RoleClaim: b.RoleClaim, Roles: b.Roles, TrustSecondFactor: b.Trust,
		})
	})
	return &shown[SingleSignOnBody]{Body: b.SingleSignOnBody}, err
}

func (s *server) dropSingleSignOn(ctx context.Context, who *caller, _ *struct{}) (*struct{}, error) {
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error { return tx.DropSingleSignOn(ctx) })
}

// providerOf finds a tenant's provider by the tenant's slug; ErrNotFound for a tenant that there is not and for one without.
func (s *server) providerOf(ctx context.Context, slug string) (storage.Tenant, storage.SingleSignOn, error) {
	tenant, err := s.db.TenantBySlug(ctx, slug)
	if err != nil {
		return storage.Tenant{}, storage.SingleSignOn{}, err
	}
	sso, err := s.readSingleSignOn(ctx, tenant.ID)
	return tenant, sso, err
}

func (s *server) signInMethods(ctx context.Context, _ *caller, in *methodsInput) (*shown[methodsView], error) {
	_, sso, err := s.providerOf(ctx, in.Tenant)
	if isNotFound(err) {
		return &shown[methodsView]{}, nil
	}
	return &shown[methodsView]{Body: methodsView{SingleSignOn: &ssoLabel{Label: sso.Label}}}, err
}
