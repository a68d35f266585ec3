package web

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func built(t *testing.T) http.Handler {
	t.Helper()
	h, err := handler(fstest.MapFS{
		"index.html":             {Data: []byte(`<meta name="csp-nonce" content="{{.Nonce}}">`)},
		"icon.svg":               {Data: []byte("<svg/>")},
		"assets/main-aa.js":      {Data: []byte("plain")},
		"assets/main-aa.js.br":   {Data: []byte("brotli")},
		"assets/main-aa.js.gz":   {Data: []byte("gzip")},
		"assets/only-bb.js":      {Data: []byte("plain")},
		"assets/sheet-cc.css":    {Data: []byte("plain")},
		"assets/sheet-cc.css.gz": {Data: []byte("gzip")},
	})
	require.NoError(t, err)
	return h
}

func get(h http.Handler, path, encoding string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestEveryAddressOfTheConsoleIsItsOnePage(t *testing.T) {
	t.Parallel()
	h := built(t)
	for _, path := range []string{"/console/", "/console", "/console/requests/01a2", "/console/assets/../requests", "/console/no/such/screen"} {
		w := get(h, path, "")
		require.Equal(t, http.StatusOK, w.Code, path)
		require.Contains(t, w.Body.String(), "csp-nonce", path)
	}
}

func TestThePageAndItsPolicyHaveOneNonceAndNoTwoAnswersTheSame(t *testing.T) {
	t.Parallel()
	h := built(t)
	seen := map[string]bool{}
	for range 20 {
		w := get(h, "/console/", "")
		nonce := regexp.MustCompile(`content="([\w-]{22})"`).FindStringSubmatch(w.Body.String())
		require.Len(t, nonce, 2)
		require.Contains(t, w.Header().Get("Content-Security-Policy"), "style-src 'self' 'nonce-"+nonce[1]+"'")
		require.NotContains(t, w.Header().Get("Content-Security-Policy"), "unsafe")
		require.False(t, seen[nonce[1]])
		seen[nonce[1]] = true
	}
}

func TestAFileIsAnsweredInTheSmallestFormTheBrowserTakes(t *testing.T) {
	t.Parallel()
	h := built(t)
	for _, c := range []struct{ path, accept, encoding, body string }{
		{"/console/assets/main-aa.js", "gzip, deflate, br", "br", "brotli"},
		{"/console/assets/main-aa.js", "gzip, br;q=0", "gzip", "gzip"},
		{"/console/assets/main-aa.js", "gzip;q=0.000, br; q=0.0", "", "plain"},
		{"/console/assets/main-aa.js", "", "", "plain"},
		{"/console/assets/only-bb.js", "gzip, br", "", "plain"},
		{"/console/assets/sheet-cc.css", "gzip, br", "gzip", "gzip"},
	} {
		w := get(h, c.path, c.accept)
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, c.encoding, w.Header().Get("Content-Encoding"), c.accept)
		require.Equal(t, c.body, w.Body.String())
		require.Contains(t, w.Header().Get("Cache-Control"), "immutable")
		require.Equal(t, "Accept-Encoding", w.Header().Get("Vary"))
	}
	require.True(t, strings.HasPrefix(get(h, "/console/assets/main-aa.js", "br").Header().Get("Content-Type"), "text/javascript"))
}

func TestAFileThatIsNotThereIsNeitherThePageNorKept(t *testing.T) {
	t.Parallel()
	w := get(built(t), "/console/assets/old-dd.js", "br")
	require.Equal(t, http.StatusNotFound, w.Code)
	require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
}

func TestWithoutABuildItSaysWhatToRun(t *testing.T) {
	t.Parallel()
	h, err := handler(fstest.MapFS{})
	require.NoError(t, err)
	w := get(h, "/console/", "")
	require.Equal(t, http.StatusNotFound, w.Code)
	require.Contains(t, w.Body.String(), "make web")
}

func TestTheEmbeddedFolderServes(t *testing.T) {
	t.Parallel()
	h, err := Handler()
	require.NoError(t, err)
	require.NotEmpty(t, get(h, "/console/", "").Body.String())
}
