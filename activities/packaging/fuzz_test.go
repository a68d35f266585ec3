package packaging_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/connectors"
)

// FuzzVerify reads any bytes as a package. Only what can be opened safely gets a report, and a package that verifies holds,
// byte for byte, the files that its manifest lists.
func FuzzVerify(f *testing.F) {
	c := contents("en")
	c.Systems = c.Systems[1:]
	c.Redactions = nil
	var small bytes.Buffer
	manifest, err := packaging.Write(f.Context(), &small, c)
	require.NoError(f, err)
	f.Add(small.Bytes())
	f.Add(small.Bytes()[:small.Len()/2])
	f.Add(rezip(f, map[string]string{packaging.ManifestName: `{"version":1,"files":[{"name":"a","size":1,"sha256":""}]}`, "a": "x"}))
	f.Add(rezip(f, map[string]string{packaging.ManifestName: `{"version":1,"files":[{"name":"a","size":-1},{"name":"a","size":0}]}`}))
	f.Fuzz(func(t *testing.T, data []byte) {
		report, err := verify(data)
		if err != nil {
			require.ErrorIs(t, err, packaging.ErrRefused)
			return
		}
		if !report.OK() {
			return
		}
		require.Equal(t, len(report.Manifest.Files), report.Checked)
		files := plainFiles(t, data)
		delete(files, packaging.ManifestName)
		require.Len(t, files, report.Checked, "every file of the package was checked once")
		if report.Manifest.SHA256 == manifest.SHA256 {
			require.Equal(t, plainFiles(t, small.Bytes())[packaging.ManifestName], plainFiles(t, data)[packaging.ManifestName])
		}
	})
}

// plainFiles unpacks an archive that was found to be harmless.
func plainFiles(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	out := map[string]string{}
	for _, file := range z.File {
		r, err := file.Open()
		require.NoError(t, err, file.Name)
		body, err := io.ReadAll(r)
		require.NoError(t, err, file.Name)
		out[file.Name] = string(body)
	}
	return out
}

// FuzzRedact packs a row of which something is to be kept back, whatever the row holds and however the redaction is put.
// Either the redaction is refused, or what it names is in no file of the package.
func FuzzRedact(f *testing.F) {
	const secret = "canary-7f3e"
	f.Add("agent", "agent", "", "", "1", "x", "en")
	f.Add("agent", "agent", "id", "1", "1", "=1+1", "de")
	f.Add("agent", "", "id", "1", "1", "a\"b\r\n", "fr")
	f.Add("agent", "", "id", "2", "1", "", "es")
	f.Add("id", "id", "", "", "<b>", "\xff", "en")
	f.Add("agent", "Agent", "id", "", "", "x", "")
	f.Fuzz(func(t *testing.T, column, field, keyField, keyValue, id, text, language string) {
		c := contents(language)
		c.Systems = []packaging.System{{
			Key: "crm", Title: "CRM",
			Collections: []packaging.Collection{{
				Name: "people", Columns: []packaging.Column{{Name: "id"}, {Name: column}},
				Parts: rowsOf(packaging.Row{connectors.Text(id), connectors.Text(secret + text)}),
			}},
		}}
		c.Redactions = []packaging.Redaction{{
			System: "crm", Collection: "people", Field: field, KeyField: keyField, KeyValue: keyValue, Ground: packaging.AnothersRights,
		}}
		var out bytes.Buffer
		if _, err := packaging.Write(t.Context(), &out, c); err != nil {
			require.ErrorIs(t, err, packaging.ErrRedaction)
			return
		}
		report, err := verify(out.Bytes())
		require.NoError(t, err)
		require.True(t, report.OK())
		kept := field == "id" && column != "id" || strings.Contains(keyValue+column+id, secret) // another column, or the secret's own name
		for name, body := range plainFiles(t, out.Bytes()) {
			require.True(t, kept || !strings.Contains(body, secret), "%s holds what was to be kept back", name)
		}
	})
}
