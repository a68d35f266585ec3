package dataset_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/dataset"
)

const helpdesk = `service:
  name: Helpdesk
  url: https://api.helpdesk.example/v2/
  auth: {kind: oauth2, token_url: "https://login.helpdesk.example/token?tenant=1", scope: tickets}
  constants: {account: 4711}
  headers: {X-Account: <constants.account>}
  limits: {rate: 100/minute, concurrency: 2, retries: 3, timeout: 20s, answer_bytes: 1000000, pages: 50}
  test: {path: /me}
  collections:
    - collection: desk.users
      key: uid
      read:
        - by: email
          method: POST
          path: /search
          json: {query: "email:<value>", page: 1, deep: [{x: <value>}, true]}
          rows: data.users[*].user
          nobody: [404, empty]
          paging: {kind: page, parameter: page, in: body, first: 0, size_parameter: size, size: 50}
        - {all: true, path: /users, rows: "[*]", paging: {kind: link}}
      fields:
        name: {at: profile.name, required: true}
        born: {type: date}
      delete: {path: /users/<row.uid>, gone: [404], async: {status: job.url, state: job.state, done: [ok], failed: [bad], every: 500ms, within: 1h}}
      update: {path: /users/<row.uid>, method: PUT, send: whole, at: user, json: {user: {source: docket}}}
`

func TestAServiceDocumentIsRead(t *testing.T) {
	t.Parallel()
	s, err := dataset.ParseService("desk.yml", []byte(helpdesk))
	require.NoError(t, err)
	require.Equal(t, "https://api.helpdesk.example/v2", s.URL)
	require.Equal(t, dataset.ServiceLimits{Requests: 100, Per: time.Minute, Concurrency: 2, Retries: 3, Timeout: 20 * time.Second, Answer: 1_000_000, Pages: 50}, s.Limits)
	require.Equal(t, []string{"client_id", "client_secret"}, s.Auth.Secrets())
	require.Equal(t, []string{"https://api.helpdesk.example", "https://login.helpdesk.example"}, s.Origins())
	users, ok := s.Collection(dataset.Address{Dataset: "desk", Collection: "users"})
	require.True(t, ok)
	require.Equal(t, dataset.RowPath{"data", "users", dataset.EachElement, "user"}, users.Reads[0].Rows)
	require.Equal(t, dataset.Template{{Text: "email:"}, {Place: dataset.PlaceValue}}, users.Reads[0].JSON.(map[string]any)["query"])
	require.Equal(t, dataset.RowPath{dataset.EachElement}, users.Reads[1].Rows)
	require.Equal(t, dataset.Template{{Text: "/users/"}, {Place: dataset.PlaceRow, Path: []string{"uid"}}}, users.Delete.Path)
	require.Equal(t, []string{"profile", "name"}, users.Fields["name"].At)
	require.Equal(t, "DELETE", users.Delete.Method)
	require.True(t, users.Update.Whole)
}

// Each mistake is told at its line, all of them at once, with what to do.
func TestWhatAServiceDocumentMayNotSay(t *testing.T) {
	t.Parallel()
	_, err := dataset.ParseService("desk.yml", []byte(`service:
  name: Helpdesk
  url: https://user:canary@api.example/v2?x=1
  auth: {kind: magic, name: X}
  limits: {rate: often, timeout: 1ms, concurrency: 99}
  test: {path: "me?x=1", method: GET, json: {a: 1}}
  headers: {Authorization: x}
  colections: []
  collections:
    - collection: users
      read:
        - {by: email, path: /users, rows: "users[*"}
        - {path: /users/../x, query: {q: <valeu>}, rows: $, nobody: [500]}
        - {by: email, path: /u/<value>, rows: $, paging: {kind: cursor, size: 5}}
      fields:
        born: {type: day}
      delete: {path: /users/1}
      update: {path: /users/<row.id>, form: {a: b}}
    - collection: desk.users
      read:
        - {by: id, path: /users/<value>/<constants.none>, rows: $, query: {row: <row.id>}}
`))
	var wrong dataset.Problems
	require.ErrorAs(t, err, &wrong)
	lines := map[int]int{}
	for _, p := range wrong {
		require.NotEmpty(t, p.Do)
		require.NotContains(t, p.String(), "canary")
		lines[p.Line]++
	}
	require.Equal(t, map[int]int{3: 1, 4: 2, 5: 3, 6: 2, 10: 1, 8: 1, 12: 2, 13: 4, 14: 2, 16: 1, 17: 1, 18: 1, 21: 2}, lines, "%v", wrong)
}

func TestSecretsOfAService(t *testing.T) {
	t.Parallel()
	auth := dataset.ServiceAuth{Kind: dataset.AuthBasic}
	got, err := auth.ReadSecrets("user = a\r\npassword==b c\n\n")
	require.NoError(t, err)
	require.Equal(t, map[string]string{"user": " a", "password": "=b c"}, got)
	for _, text := range []string{"", "user=a", "user=a\npassword=", "user=a\npassword=b\ntoken=canary", "canary", "user=a\nuser=canary\npassword=b"} {
		_, err := auth.ReadSecrets(text)
		require.Error(t, err)
		require.NotContains(t, err.Error(), "canary")
	}
	_, err = dataset.ServiceAuth{Kind: dataset.AuthNone}.ReadSecrets("")
	require.NoError(t, err)
}

// FuzzService reads any text as a service document: it is refused with problems, or makes sense.
func FuzzService(f *testing.F) {
	f.Add(helpdesk)
	f.Add("service: {name: x, url: 'http://a', collections: [{collection: a.b, read: [{all: true, path: /, rows: $}]}]}")
	f.Add("service:\n  collections: [{read: [{rows: 'a[*][*]'}]}]")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := dataset.ParseService("fuzz.yml", []byte(text))
		if err != nil {
			var wrong dataset.Problems
			require.ErrorAs(t, err, &wrong)
			require.NotEmpty(t, wrong)
			return
		}
		require.NotEmpty(t, s.Collections)
		require.NotEmpty(t, s.Origins())
		for _, c := range s.Collections {
			require.NotEmpty(t, c.Reads)
		}
	})
}
