package api

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"
)

func TestTheBareAddressLeadsToTheConsole(t *testing.T) {
	t.Parallel()
	router := gin.New()
	require.NoError(t, console(router))
	for path, want := range map[string]string{"/": "/console/", "/console": "/console/"} {
		w := httptest.NewRecorder()
		router.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		require.Equal(t, http.StatusSeeOther, w.Code, path)
		require.Equal(t, want, w.Header().Get("Location"), path)
	}
}

// The program is built with and without the console; either way its addresses are pages, also those of single screens.
func TestEveryScreenIsAPage(t *testing.T) {
	t.Parallel()
	router := gin.New()
	require.NoError(t, console(router))
	for _, path := range []string{"/console/", "/console/requests/01a2", "/console/sign-in"} {
		w := httptest.NewRecorder()
		router.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		require.Contains(t, w.Header().Get("Content-Type"), "text/html", path)
		require.Contains(t, w.Body.String(), "Docket", path)
	}
}
