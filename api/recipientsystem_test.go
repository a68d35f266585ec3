package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

// A recipient is told over the connector of a system that somebody is asked about: what is none is refused with its line, as are two ways of telling.
func TestRecipientsNameSystemsThatSomebodyIsAskedAbout(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	create := func(key, kind, declaration string, more map[string]any) answer {
		body := map[string]any{"key": key, "name": "S", "kind": kind, "declaration": declaration}
		for k, v := range more {
			body[k] = v
		}
		return w.call(api.Admin, http.MethodPost, "/v1/systems", body)
	}
	telling := func(how string) string {
		return strings.Replace(declaration, "    recipients: []\n", "    recipients:\n      - {name: Parcels Ltd, role: processor, purpose: {en: Delivery}, country: DE, data_categories: [user.contact], "+how+"}\n", 1)
	}
	database := map[string]any{"target": "postgres://reader:x@db.test:5432/crm"}
	for how, what := range map[string]string{
		"system: parcels": "the system \"parcels\", which is none that anybody is asked about",
		"system: crm":     "the system \"crm\", which is none that anybody is asked about",
		"system: parcels, email: dpo@parcels.example": "not both",
		"system: parcels, identities: [email]":        "identities belongs to a recipient with a mailbox",
	} {
		got := create("crm", "postgres", telling(how), database)
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, how)
		wrong := into[problem](t, got)
		require.Contains(t, string(got.Body), strings.ReplaceAll(what, "\"", "\\\""), how)
		require.Equal(t, "declaration:11", wrong.Errors[0].Location, how)
	}
	parcels := create("parcels", "email", strings.ReplaceAll(declaration, "crm", "parcels"), map[string]any{"target": "", "service": "asked:\n  of: Parcels Ltd\n  email: dpo@parcels.example\n"})
	require.Equal(t, http.StatusCreated, parcels.Status, "%s", parcels.Body)
	got := create("crm", "postgres", telling("system: parcels"), database)
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
}
