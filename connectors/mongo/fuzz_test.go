package mongo

import (
	"encoding/json"
	"net"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/document"
)

// FuzzForeign reads what comes from outside into this connector: an address that an administrator gives, what a person is known by, and documents as
// a server sends them.
func FuzzForeign(f *testing.F) {
	doc, err := bson.Marshal(bson.D{{Key: "_id", Value: bson.NewObjectID()}, {Key: "f", Value: bson.D{{Key: "a", Value: bson.A{1, 2.5, "x", nil}}}}})
	require.NoError(f, err)
	for _, text := range []string{
		"mongodb://reader:secret@db.example:27017/shop?authSource=admin&tls=true", "mongodb://u:p%40@[::1]:1/d", "mongodb://u:p@a,b/d", "mongodb+srv://u:p@h/d", "mongodb://u:p@h/d?tls=true&tls-ca=/dev/zero",
		"a.b+c@example.org", ".*", "[$ne]", "ıſK", `\E`, "é", "(?i)",
	} {
		f.Add(text, doc)
	}
	f.Fuzz(func(t *testing.T, text string, doc []byte) {
		readAddress(t, text)
		readPattern(t, text)
		readDocument(t, doc)
	})
}

// readAddress holds an accepted address to what it says: that host, that user, and no other.
func readAddress(t *testing.T, text string) {
	t.Helper()
	at, err := parseDSN(text)
	if err != nil {
		require.ErrorIs(t, err, connectors.ErrDSN)
		return
	}
	u, err := url.Parse(text)
	require.NoError(t, err)
	host, _, err := net.SplitHostPort(at.host)
	require.NoError(t, err)
	require.Equal(t, u.Hostname(), host)
	require.Equal(t, u.User.Username(), at.user)
	require.NotEmpty(t, at.password)
	require.NotEmpty(t, at.database)
	require.NotContains(t, at.host, ",", "of hosts there is one; databases may have a comma in their names")
}

// readPattern wants a pattern to be the text, in any case, and nothing else.
func readPattern(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\n") {
		return
	}
	pattern, err := regexp.Compile(anyCase(text))
	require.NoError(t, err)
	require.True(t, pattern.MatchString(text))
	for _, other := range []string{text + "x", "x" + text, "a@example.org", "", text + text} {
		require.Equal(t, strings.EqualFold(other, text), pattern.MatchString(other), "%q", other)
	}
}

// readDocument wants a document to be JSON, or to be refused, and what isn't changed to be written as it was.
func readDocument(t *testing.T, doc []byte) {
	t.Helper()
	_, _ = noted(nil, doc, 1)
	row, err := rowOf(doc, nil)
	if err != nil {
		return
	}
	require.True(t, json.Valid(row), "%q", row)
	_, err = idOf(row)
	require.NoError(t, err)
	elements, err := bson.Raw(doc).Elements()
	require.NoError(t, err)
	for _, e := range elements {
		was := bson.Raw(doc).Lookup(e.Key())
		is, err := appendValue(nil, was, 1)
		require.NoError(t, err)
		got, err := merged(was, document.At(json.RawMessage(`{"v": `+string(is)+`}`), []string{"v"}), typed{})
		require.NoError(t, err)
		require.Equal(t, was, got)
	}
}
