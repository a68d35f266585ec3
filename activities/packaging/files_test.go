package packaging_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/connectors"
)

// filed is a system with files in two parts.
func filed(keys ...string) packaging.Contents {
	c := contents("en")
	var parts []packaging.Part
	for i, key := range keys {
		rows := rowsOf(packaging.Row{connectors.Text(key), connectors.Int(int64(i)), connectors.Bytes(fmt.Appendf(nil, "%%PDF-1.7 no %d \x00\xff", i))},
			packaging.Row{connectors.Text("empty"), connectors.Int(int64(-i)), connectors.Null()})
		parts = append(parts, rows...)
	}
	c.Redactions = nil
	c.Systems = []packaging.System{{Key: "files", Collections: []packaging.Collection{{
		Name: "uploads", Parts: parts,
		Columns: []packaging.Column{{Name: "key"}, {Name: "number"}, {Name: "content", File: true, Named: "key"}},
	}}}}
	return c
}

// A value that was a file in its system is one in the package, under its name, and the data say which it is.
func TestValuesThatWereFilesAreFiles(t *testing.T) {
	t.Parallel()
	m, zip, files := pack(t, filed("users/7/Rechnung März.pdf", "users/7/other/scan.tar.gz"))
	require.Equal(t, "%PDF-1.7 no 0 \x00\xff", files["files/files/uploads/1-Rechnung_M_rz.pdf"])
	require.Equal(t, "%PDF-1.7 no 1 \x00\xff", files["files/files/uploads/2-scan.tar.gz"])
	rows := parse(t, files["data/files/uploads.json"])
	require.Len(t, rows, 4)
	require.Equal(t, "files/files/uploads/1-Rechnung_M_rz.pdf", rows[0]["content"])
	require.Nil(t, rows[1]["content"])
	require.Equal(t, "files/files/uploads/2-scan.tar.gz", rows[2]["content"])
	require.Contains(t, files["data/files/uploads.csv"], "files/files/uploads/2-scan.tar.gz")
	require.EqualValues(t, 4, m.Rows)
	report, err := verify(zip)
	require.NoError(t, err)
	require.True(t, report.OK())
	_, again, _ := pack(t, filed("users/7/Rechnung März.pdf", "users/7/other/scan.tar.gz"))
	require.True(t, bytes.Equal(zip, again))
}

// What somebody called a file can't lead out of the folder, and two of one name are two files.
func TestNamesOfFilesLeadNowhere(t *testing.T) {
	t.Parallel()
	_, zip, files := pack(t, filed("../../../etc/passwd", "a/..", "x/", `c:\con.txt`, "same.pdf", "b/same.pdf", "x."+strings.Repeat("y", 300), ".htaccess", ""))
	report, err := verify(zip)
	require.NoError(t, err)
	require.True(t, report.OK())
	found := 0
	for name := range files {
		if strings.HasPrefix(name, "files/") {
			found++
			require.Regexp(t, `^files/files/uploads/[0-9]+-[A-Za-z0-9_.-]{1,90}$`, name)
			require.NotContains(t, name, "..")
		}
	}
	require.Equal(t, 9, found)
}

// A file that is kept back is in no folder either.
func TestRedactedFilesStayOut(t *testing.T) {
	t.Parallel()
	c := filed("users/7/mine.pdf", "users/7/theirs.pdf", "users/7/secret.pdf")
	c.Redactions = []packaging.Redaction{
		{System: "files", Collection: "uploads", Field: "content", KeyField: "key", KeyValue: "users/7/theirs.pdf", Ground: packaging.AnothersRights},
		{System: "files", Collection: "uploads", KeyField: "key", KeyValue: "users/7/secret.pdf", Ground: packaging.AnothersRights},
	}
	m, _, files := pack(t, c)
	for name := range files {
		require.NotContains(t, name, "theirs")
		require.NotContains(t, name, "secret")
	}
	require.Contains(t, files, "files/files/uploads/1-mine.pdf")
	require.EqualValues(t, 1, m.RedactedValues)
	require.EqualValues(t, 1, m.RemovedRows)
	require.Contains(t, parse(t, files["data/files/uploads.json"])[2]["content"], "Left out")
}
