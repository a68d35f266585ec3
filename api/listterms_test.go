package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

// A list that nobody could be put on is refused when it is declared, with its line; a list comes before its dataset, too.
func TestListsAreCheckedWhenTheyAreDeclared(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	listing := func(field string) string {
		return declaration + "    limits:\n      - {collection: crm.contacts, list: " + field + ", kinds: [direct_marketing]}\n"
	}
	got := w.call(api.Admin, http.MethodPost, "/v1/systems", map[string]any{
		"key": "crm", "name": "CRM", "kind": "postgres", "target": "postgres://reader:x@db.test:5432/crm", "declaration": listing("name"),
	})
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	at := "/v1/systems/" + into[struct{ ID string }](t, got).ID
	put := w.call(api.Admin, http.MethodPut, at+"/dataset", annotation, "Content-Type", "application/yaml")
	require.Equal(t, http.StatusOK, put.Status, "%s", put.Body)
	require.Contains(t, string(put.Body), "the list has no field", "the dataset is kept, and what leads nowhere said")
	change := func(field string) answer {
		return w.call(api.Admin, http.MethodPatch, at, map[string]any{"declaration": listing(field)})
	}
	wrong := into[problem](t, change("id"))
	require.Equal(t, "declaration:17", wrong.Errors[0].Location)
	require.Equal(t, http.StatusOK, change("email").Status, "%s", change("email").Body)

	others := w.call(api.Admin, http.MethodPost, "/v1/systems", map[string]any{
		"key": "crm", "name": "P", "kind": "manual", "target": "", "service": "asked:\n  of: P\n", "declaration": listing("email"),
	})
	require.Equal(t, http.StatusUnprocessableEntity, others.Status)
	require.Contains(t, string(others.Body), "systems of the kind manual have no lists")
}
