package dataset_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy/dataset"
)

const store = `store:
  name: Customers' files
  url: https://s3.eu-central-1.amazonaws.com
  region: eu-central-1
  bucket: customer-files
  limits: {objects: 5000, timeout: 20s, concurrency: 4}
  collections:
    - collection: files.uploads
      objects: uploads/{customer_id}/**
    - collection: files.invoices
      bucket: invoices
      objects: "{year}/{customer_id}-{number}.pdf"
      search: all
      fields:
        customer_id: {type: integer}
        owner: {tag: owner}
        by: {metadata: Uploaded-By}
        mail: {content: profile.mail}
        content: {type: document}
`

func TestAStoreDocumentIsRead(t *testing.T) {
	t.Parallel()
	s, err := dataset.ParseStore("files.yml", []byte(store))
	require.NoError(t, err)
	require.Equal(t, "https://s3.eu-central-1.amazonaws.com", s.Origin())
	require.False(t, s.PathStyle, "Amazon's buckets have names of their own")
	uploads, ok := s.Collection(dataset.Address{Dataset: "files", Collection: "uploads"})
	require.True(t, ok)
	require.Equal(t, "customer-files", uploads.Bucket)
	require.Equal(t, []string{"customer_id"}, uploads.Objects.Places())
	invoices, _ := s.Collection(dataset.Address{Dataset: "files", Collection: "invoices"})
	require.Equal(t, "invoices", invoices.Bucket)
	require.True(t, invoices.SearchAll)
	require.Equal(t, "uploaded-by", invoices.Fields["by"].Metadata)
	require.Equal(t, []string{"profile", "mail"}, invoices.Fields["mail"].Content)
}

// Each mistake is told at its line, with what to do.
func TestWhatAStoreDocumentMayNotSay(t *testing.T) {
	t.Parallel()
	for replaced, want := range map[[2]string]string{
		{"bucket: customer-files", "bucket: Customer Files"}:                                          "files.yml:5: store: bucket is no name of a bucket; write 3 to 63",
		{"amazonaws.com", "amazonaws.com/bucket"}:                                                     "files.yml:3: store: url has a path; buckets are named under bucket; write the store's address",
		{"https://s3", "https://key:secret@s3"}:                                                       "holds a user or password",
		{"region: eu-central-1", "region: EU!"}:                                                       "region is no name of a region",
		{"uploads/{customer_id}/**", "/uploads/{customer_id}/**"}:                                     "files.yml:9: files.uploads: keys begin without /; remove it",
		{"uploads/{customer_id}/**", "uploads/{customer_id}**"}:                                       "** stands behind the last / alone",
		{"uploads/{customer_id}/**", "uploads/**/{customer_id}"}:                                      "** stands at the end alone",
		{"uploads/{customer_id}/**", "uploads/../{customer_id}"}:                                      "between two / there has to be something",
		{"uploads/{customer_id}/**", "uploads/{customer_id/**"}:                                       "a place is a name in braces",
		{"uploads/{customer_id}/**", "uploads/{a}/{a}"}:                                               "the place {a} stands twice",
		{"uploads/{customer_id}/**", "uploads/{key}/**"}:                                              "{key} is what every object has already",
		{"uploads/{customer_id}/**", "uploads/{a}{b}"}:                                                "two places stand next to each other",
		{"uploads/{customer_id}/**", "uploads/{a}-{b}"}:                                               "say the type of places under fields (integer, word, uuid or date), or put a / between them",
		{"customer_id}-{number}", "customer_id}0{number}"}:                                            "nobody can tell where {customer_id} begins or ends",
		{"customer_id: {type: integer}", "customer_id: {type: integer}\n        year: {type: money}"}: `unknown type "money"; use one of text, integer, word, uuid, date`,
		{"owner: {tag: owner}", "year: {tag: owner}"}:                                                 "it is a place in the form of the keys, and said to be elsewhere too",
		{"owner: {tag: owner}", "owner: {}"}:                                                          "files.yml:16: files.invoices.owner: nothing says where it is; write tag:, metadata: or content:",
		{"owner: {tag: owner}", "owner: {tag: owner, metadata: o}"}:                                   "a field is at one place",
		{"owner: {tag: owner}", "size: {type: text}"}:                                                 "every object has this field",
		{"search: all", "search: some"}:                                                               `unknown search "some"; use one of all`,
		{"      bucket: invoices\n", "      bukket: invoices\n"}:                                      `unknown key "bukket"`,
		{"  bucket: customer-files\n", ""}:                                                            "nothing says in which bucket its objects are",
		{"collection: files.invoices", "collection: files.uploads"}:                                   "stands twice",
		{"concurrency: 4", "concurrency: 400"}:                                                        "concurrency is more than 64",
		{"collections:\n    - collection: files.uploads", "collections: []\n"}:                        "files.yml:",
	} {
		text := strings.Replace(store, replaced[0], replaced[1], 1)
		require.NotEqual(t, store, text, replaced[0])
		_, err := dataset.ParseStore("files.yml", []byte(text))
		require.ErrorContains(t, err, want)
	}
}

func TestTheSecretsOfAStore(t *testing.T) {
	t.Parallel()
	got, err := dataset.ReadStoreSecrets("access_key=A\r\nsecret_key=b=c \n\n")
	require.NoError(t, err)
	require.Equal(t, map[string]string{"access_key": "A", "secret_key": "b=c "}, got)
	for _, text := range []string{"", "access_key=A", "access_key=A\nsecret_key=", "access_key=A\nsecret_key=canary\ntoken=x", "canary", "access_key=A\naccess_key=canary\nsecret_key=x"} {
		_, err := dataset.ReadStoreSecrets(text)
		require.Error(t, err)
		require.NotContains(t, err.Error(), "canary")
	}
}

// patterns are forms as people write them, with the types of their places.
func patterns() map[string]map[string]string {
	return map[string]map[string]string{
		"users/{person}/**": nil, "mail/{person}.json": nil, "{person}": nil, "{person}/{n}": nil, "a/{person}/b/*.pdf": nil, "*/{person}/**": nil,
		"invoices/{year}/{person}-{number}.pdf": {"person": "integer"}, "x/{person}_{n}": {"person": "word"}, "{n}/scan-{person}-*": {"person": "uuid"}, "{d}-{person}/**": {"d": "date"},
		"by/*-{person}.txt": {"person": "integer"},
	}
}

// hostile draws what somebody may call themselves.
func hostileValue(t *rapid.T, label string) string {
	if rapid.Bool().Draw(t, label+" plain") {
		return rapid.SampledFrom([]string{"", "1", "17", "170", "1-2", "1-2-3", "a", "ana", "*", "**", "?", "[a-z]", "{person}", ".", "..", "...", "../2", "2/../1", "/", "//", "1/", "/1", "a/b", "%2F", "%2e%2e", "1\x00", "1\n", "é",
			"e\u0301", "\u202e1", "ana@example.org", "2024-01-02", "0b1e6f2c-6f0e-4c6e-9b0e-0123456789ab", "0B1E6F2C-6F0E-4C6E-9B0E-0123456789AB", strings.Repeat("x", 2000), "\xff", "1_2", "1.json"}).Draw(t, label)
	}
	return rapid.StringOfN(rapid.RuneFrom([]rune("1a-_./*{}?%@\x00é ")), 0, 12, -1).Draw(t, label)
}

// Whatever somebody is called: no key is read as theirs that isn't, in none of the ways in which keys are found, and a value in a key is read in one
// way alone.
func TestKeysAreNobodyElses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		forms := patterns()
		names := make([]string, 0, len(forms))
		for name := range forms {
			names = append(names, name)
		}
		slices.Sort(names)
		form := rapid.SampledFrom(names).Draw(t, "form")
		p, err := dataset.NewStorePattern(form, forms[form])
		require.NoError(t, err)

		mine, theirs := hostileValue(t, "mine"), hostileValue(t, "theirs")
		key, written := write(t, p, form, "person", theirs)
		step, err := p.With("person", mine)
		if err != nil {
			if len(mine) > 3 {
				require.NotContains(t, err.Error(), mine)
			}
			return
		}
		require.NotContains(t, mine, "/")
		require.NotEmpty(t, mine)
		if !written {
			return
		}
		values, ok := p.Match(key)
		require.True(t, ok, "a key that was written by the form has it: %q", key)
		require.Equal(t, theirs, values["person"], "it is read as it was written: %q", key)
		found := reach(p, step, key, mine)
		require.Equal(t, mine == theirs, found && values["person"] == mine, "%q looked for, %q there", mine, key)
		if mine == theirs {
			require.True(t, found, "%q is looked for below %q", key, step.Prefix)
		}
	})
}

// write makes a key of a form, with a value in one place; false when the value can't stand there.
func write(t *rapid.T, p dataset.StorePattern, form, place, value string) (string, bool) {
	if _, err := p.With(place, value); err != nil {
		return "", false
	}
	others := map[string]string{"year": "2024", "number": "7-8", "n": "n", "d": "2024-05-06"}
	key := strings.ReplaceAll(form, "{"+place+"}", "\x01")
	for name, v := range others {
		key = strings.ReplaceAll(key, "{"+name+"}", v)
	}
	key = strings.ReplaceAll(key, "**", rapid.SampledFrom([]string{"", "x", "x/y", "17/", "../z"}).Draw(t, "rest"))
	key = strings.ReplaceAll(key, "*", rapid.SampledFrom([]string{"", "s", "1-2", "é"}).Draw(t, "star"))
	key = strings.ReplaceAll(key, "\x01", value)
	return key, len(key) <= 1024 && !strings.Contains(form, "*/") || !strings.HasPrefix(key, "/")
}

// reach reports whether a key is come by, going from a step through folders.
func reach(p dataset.StorePattern, step dataset.StoreStep, key, value string) bool {
	if !strings.HasPrefix(key, step.Prefix) {
		return false
	}
	if !step.Folders {
		return true
	}
	rest := key[len(step.Prefix):]
	i := strings.Index(rest, "/")
	if i < 0 {
		return false
	}
	next, ok := p.Behind(step, step.Prefix+rest[:i+1], "person", value)
	return ok && reach(p, next, key, value)
}

// Folders that a store names, and that the form doesn't have, lead nowhere.
func TestForeignFoldersLeadNowhere(t *testing.T) {
	t.Parallel()
	p, err := dataset.NewStorePattern("invoices/{year}/{person}/*", map[string]string{"year": "integer"})
	require.NoError(t, err)
	step, err := p.With("person", "17")
	require.NoError(t, err)
	require.Equal(t, "invoices/", step.Prefix)
	require.True(t, step.Folders)
	next, ok := p.Behind(step, "invoices/2024/", "person", "17")
	require.True(t, ok)
	require.Equal(t, "invoices/2024/17/", next.Prefix)
	require.False(t, next.Folders)
	for _, folder := range []string{"invoices/", "invoices/old/", "invoices/2024", "invoices/2024/18/", "other/2024/", "../2024/", "invoices//", "invoices/../"} {
		_, ok := p.Behind(step, folder, "person", "17")
		require.False(t, ok, folder)
	}
}

func FuzzStore(f *testing.F) {
	f.Add(store, "uploads/17/x")
	f.Add(store, "2024/17-5.pdf")
	f.Add("store: {name: x, url: 'http://a', bucket: abc, collections: [{collection: a.b, objects: '**'}]}", "../a")
	f.Add("store:\n  collections: [{objects: '{a}{b}'}]", "")
	f.Fuzz(func(t *testing.T, text, key string) {
		s, err := dataset.ParseStore("fuzz.yml", []byte(text))
		if err != nil {
			var wrong dataset.Problems
			require.ErrorAs(t, err, &wrong)
			require.NotEmpty(t, wrong)
			return
		}
		require.NotEmpty(t, s.Collections)
		require.NotEmpty(t, s.Origin())
		for _, c := range s.Collections {
			require.NotEmpty(t, c.Bucket)
			values, ok := c.Objects.Match(key)
			if !ok {
				continue
			}
			require.True(t, strings.HasPrefix(key, c.Objects.Start()))
			for name, value := range values {
				step, err := c.Objects.With(name, value)
				require.NoError(t, err, "a value that was read out of a key can stand in one")
				require.True(t, strings.HasPrefix(key, step.Prefix), "and is found by it: %q, %q", step.Prefix, key)
			}
		}
	})
}
