package packaging_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/connectors"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "run the test with -update if the change is meant")
}

func TestCoverInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "fr", "es"} {
		m, _, files := pack(t, contents(language))
		require.Equal(t, language, m.Language)
		cover := files[packaging.CoverName]
		golden(t, filepath.Join("testdata", "cover", language+".html"), cover)
		require.Contains(t, cover, `<html lang="`+language+`">`)
		require.NotContains(t, cover, "⟨", "a text is missing")
		require.NotContains(t, cover, "%!", "a text has the wrong placeholders")
		require.NotContains(t, cover, "<b>saw</b>")
		require.NotContains(t, cover, "<script")
		for _, link := range regexp.MustCompile(`(?:href|src)="([^"]+)"`).FindAllStringSubmatch(cover, -1) {
			_, inside := files[link[1]]
			require.True(t, inside || strings.HasPrefix(link[1], "https://datenschutz-hamburg"), link[1])
		}
	}
	m, _, files := pack(t, contents("pt-BR"))
	require.Equal(t, "en", m.Language)
	golden(t, filepath.Join("testdata", "cover", "en.html"), files[packaging.CoverName])
}

// Art. 15(1)(a) to (h) and (2) GDPR, one by one.
func TestArticle15(t *testing.T) {
	t.Parallel()
	_, _, files := pack(t, contents("en"))
	for paragraph, words := range map[string]string{
		"(1)(a)": "To deliver what you order", "(1)(b)": "e-mail address", "(1)(c)": "Paketdienst Nord", "(1)(d)": "10 years",
		"(1)(e)": "correct data", "(1)(f)": "Der Hamburgische Beauftragte", "(1)(g)": "From you", "(1)(h)": "You may have to pay first",
		"(2)": "standard contractual clauses",
	} {
		require.Contains(t, files[packaging.CoverName], "Art. 15"+paragraph+" GDPR")
		require.Contains(t, files[packaging.CoverName], words)
	}
	other := contents("en")
	other.Cover.Regime = "ccpa"
	_, _, files = pack(t, other)
	require.NotContains(t, files[packaging.CoverName], "GDPR")
}

func TestFilesHoldTheRows(t *testing.T) {
	t.Parallel()
	m, _, files := pack(t, contents("en"))
	rows := parse(t, files["data/shop/orders.json"])
	require.Len(t, rows, 2)
	require.Equal(t, map[string]any{
		"id": json.Number("1"), "total": json.Number("19.90"), "note": "=HYPERLINK(\"http://x\")",
		"agent": "[Left out: rights of other people, Art. 15(4) GDPR]", "placed_at": "2026-01-05T10:00:00Z",
	}, rows[0])
	require.Nil(t, rows[1]["agent"], "nothing was there, so nothing was left out")
	require.Equal(t, "data/shop/baskets.json", m.Files[2].Name)
	require.Equal(t, "[\n]\n", files["data/shop/baskets.json"])

	cells, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(files["data/shop/orders.csv"], "\ufeff"))).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"id", "total", "note", "agent", "placed_at"}, cells[0])
	require.Equal(t, "'=HYPERLINK(\"http://x\")", cells[1][2])
	require.Equal(t, "1234567890123456789.123", cells[2][1])
	require.Equal(t, "Grüße, \"Ann\"\nund mehr", cells[2][2])

	person := parse(t, files["data/crm/people.json"])[0]
	require.Equal(t, []any{"vip", json.Number("7")}, person["tags"])
	require.Equal(t, json.Number("9000000"), person["photo"].(map[string]any)["bytes"])
	require.Contains(t, files["data/crm/people.csv"], "[9000000 bytes, too long to include; begins: iVBORw0KGgo]")
	require.Equal(t, []any{json.Number("1"), nil}, person["extra"].(map[string]any)["a"])
}

func TestManifestCounts(t *testing.T) {
	t.Parallel()
	m, _, files := pack(t, contents("en"))
	require.Equal(t, int64(3), m.Rows)
	require.Equal(t, int64(1), m.RemovedRows)
	require.Equal(t, int64(1), m.RedactedValues)
	require.Equal(t, int64(1), m.OversizeValues)
	require.Len(t, m.SHA256, 64)
	require.Len(t, m.Files, len(files)-1)
	require.NotContains(t, files[packaging.ManifestName], "ann@secret.example")
	var read packaging.Manifest
	require.NoError(t, json.Unmarshal([]byte(files[packaging.ManifestName]), &read))
	require.Equal(t, int64(2), *read.Files[0].Rows)
}

func TestTheSameContentsGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	first, a, _ := pack(t, contents("de"))
	second, b, _ := pack(t, contents("de"))
	require.Equal(t, a, b)
	require.Equal(t, first.SHA256, second.SHA256)
}

// However the rows are split into parts, and however large those say they are, the package is the same: no row out of its
// place, no comma too many where the first parts are left out.
func TestPartsMakeNoDifference(t *testing.T) {
	t.Parallel()
	const rows = 20_000
	packed := func(perPart int, size int64) []byte {
		c := contents("en")
		c.Systems = []packaging.System{{Key: "shop", Collections: []packaging.Collection{{
			Name: "orders", Columns: []packaging.Column{{Name: "id"}, {Name: "note"}},
		}}}}
		orders := &c.Systems[0].Collections[0]
		for at := 0; at < rows; at += perPart {
			var part []packaging.Row
			for i := at; i < min(at+perPart, rows); i++ {
				note := strings.Repeat("x", i%200)
				if i == rows/2 {
					note = strings.Repeat("long ", 100_000)
				}
				part = append(part, packaging.Row{connectors.Int(int64(i / 100)), connectors.Text(note)})
			}
			one := partOf(part...)
			one.Size = size
			orders.Parts = append(orders.Parts, one)
		}
		c.Redactions = []packaging.Redaction{{System: "shop", Collection: "orders", KeyField: "id", KeyValue: "0", Ground: packaging.TradeSecret}}
		m, out, files := pack(t, c)
		require.Equal(t, int64(rows-100), m.Rows)
		require.Equal(t, int64(100), m.RemovedRows)
		read := parse(t, files["data/shop/orders.json"])
		require.Len(t, read, rows-100)
		require.Equal(t, json.Number("1"), read[0]["id"])
		return out
	}
	whole := packed(rows, 0)
	for perPart, size := range map[int]int64{37: 0, 100: 20 << 20, 999: 1 << 40} {
		require.True(t, bytes.Equal(whole, packed(perPart, size)), "%d rows to a part", perPart)
	}
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	trouble := errors.New("trouble")
	for name, c := range map[string]struct {
		change func(*packaging.Contents)
		is     error
		says   string
	}{
		"no reference": {func(c *packaging.Contents) { c.Cover.Reference = "" }, nil, "needs a reference"},
		"level 9":      {func(c *packaging.Contents) { c.Level = 9 }, nil, "compression level"},
		"twice":        {func(c *packaging.Contents) { c.Systems = append(c.Systems, crm()) }, nil, "crm.people is there twice"},
		"no rows":      {func(c *packaging.Contents) { c.Systems[1].Collections[0].Parts[0].Rows = nil }, nil, "without a source"},
		"short row": {func(c *packaging.Contents) {
			c.Systems[1].Collections[0].Parts = rowsOf(packaging.Row{connectors.Null()})
		}, nil, "1 values for 4 columns"},
		"source breaks": {func(c *packaging.Contents) {
			c.Systems[1].Collections[0].Parts[0].Rows = func(func(packaging.Row) error) error { return trouble }
		}, trouble, "pack crm.people"},
		"rows change": {func(c *packaging.Contents) {
			n := 0
			c.Systems[0].Collections[1].Parts[0].Rows = func(yield func(packaging.Row) error) error {
				if n++; n > 1 {
					return nil
				}
				return yield(packaging.Row{connectors.Int(1)})
			}
		}, packaging.ErrChanged, "shop.baskets"},
		"attachment": {func(c *packaging.Contents) {
			c.Attachments = []packaging.Attachment{{Name: "a", Open: func() (io.ReadCloser, error) { return nil, trouble }}}
		}, trouble, "attachment"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := contents("en")
			c.change(&given)
			_, err := packaging.Write(t.Context(), &bytes.Buffer{}, given)
			require.ErrorContains(t, err, c.says)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
		})
	}
}

func TestTheContextEndsTheWriting(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := contents("en")
	c.Systems[0].Collections[1].Parts[0].Rows = func(yield func(packaging.Row) error) error {
		cancel()
		for {
			if err := yield(packaging.Row{connectors.Text(strings.Repeat("x", 1000))}); err != nil {
				return err
			}
		}
	}
	_, err := packaging.Write(ctx, &bytes.Buffer{}, c)
	require.ErrorIs(t, err, context.Canceled)
}

func TestAttachmentsAndHostileNames(t *testing.T) {
	t.Parallel()
	c := contents("en")
	file := func(name, body string) packaging.Attachment {
		return packaging.Attachment{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(body)), nil }}
	}
	c.Attachments = []packaging.Attachment{file("../../etc/passwd", "a"), file("photo.png", "b"), file("PHOTO.png", "c"), file("..", "d"), file("con.txt", "e"), file("", "f")}
	c.Systems[1].Key, c.Systems[1].Collections[0].Name = "../x", "a/b\\c:d"
	_, b, files := pack(t, c)
	report, err := packaging.Verify(bytes.NewReader(b), int64(len(b)))
	require.NoError(t, err)
	require.True(t, report.OK())
	for name, body := range map[string]string{
		"attachments/_.._etc_passwd": "a", "attachments/photo.png": "b", "attachments/PHOTO.png-2": "c", "attachments/_": "d",
		"attachments/_con.txt": "e", "attachments/_-2": "f",
	} {
		require.Equal(t, body, files[name], name)
	}
	require.Contains(t, files, "data/_x/a_b_c_d.json")
}
