package api_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/storage/storagetest"
)

const peopleAnnotation = `
dataset:
  - fides_key: crm
    name: People
    collections:
      - name: people
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: integer}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email, data_type: string}}
          - {name: first_name, data_categories: [user.name]}
          - {name: born, data_categories: [user.demographic.date_of_birth]}
`

const peopleDeclaration = `
declaration:
  - system: crm
    name: {en: The people}
    subjects: [customer]
    purposes:
      - {use: essential.service, description: {en: Selling}, lawful_basis: contract, data_categories: [user]}
    recipients: []
    retention:
      - {data_categories: [user], criteria: {en: as the law says}}
    source: {from_subject: true}
    corrections:
      self_service: [crm.people.first_name, crm.people.born]
`

// withPeople adds a database with two people of the same name, which may be changed.
func (w *world) withPeople() *pgx.Conn {
	w.t.Helper()
	dsn := localtest.Database(w.t, localtest.Template{Name: "api_people_1", Migrate: func(ctx context.Context, dsn string) error {
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return err
		}
		defer conn.Close(ctx) //nolint:errcheck // the statement was checked
		_, err = conn.Exec(ctx, `CREATE TABLE people (id integer PRIMARY KEY, email text NOT NULL, first_name varchar(20) NOT NULL, born date);
			INSERT INTO people VALUES (1, 'ana@example.test', 'Anna', NULL), (2, 'bea@example.test', 'Anna', NULL)`)
		return err
	}})
	made := w.call(api.Admin, http.MethodPost, "/v1/systems", map[string]any{
		"key": "crm", "name": "People", "kind": "postgres", "target": dsn, "change_target": dsn, "declaration": peopleDeclaration,
	})
	require.Equal(w.t, http.StatusCreated, made.Status, "%s", made.Body)
	id := into[struct{ ID string }](w.t, made).ID
	put := w.call(api.Admin, http.MethodPut, "/v1/systems/"+id+"/dataset", peopleAnnotation, "Content-Type", "application/yaml")
	require.Equal(w.t, http.StatusOK, put.Status, "%s", put.Body)
	return storagetest.Connect(w.t, dsn)
}

func (w *world) firstNames(conn *pgx.Conn) (names []string) {
	w.t.Helper()
	rows, err := conn.Query(w.t.Context(), "SELECT first_name FROM people ORDER BY id")
	require.NoError(w.t, err)
	names, err = pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(w.t, err)
	return names
}

// unlocked opens a page of a request with the code that is mailed for it.
func (w *world) unlocked(id uuid.UUID, at string) answer {
	w.t.Helper()
	w.clock.Advance(time.Minute)
	require.Equal(w.t, http.StatusOK, w.visit(at+"/code", url.Values{}).Status)
	code := sixDigits.FindStringSubmatch(w.letter(id.String(), "message_code"))[1]
	require.Equal(w.t, http.StatusUnprocessableEntity, w.visit(at, url.Values{"code": {flip(code)}}).Status)
	got := w.visit(at, url.Values{"code": {code}})
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	return got
}

var valueField = regexp.MustCompile(`name="was-(value-[0-9-]+)" value="([^"]*)"`)

// A person sees what their system lets them correct, behind a code, and corrects it: their own row, once, and nobody else's.
func TestPeopleCorrectTheirData(t *testing.T) {
	t.Parallel()
	w := working(t, wide)
	conn := w.withPeople()
	filed := w.file("ana@example.test", func(b map[string]any) { b["right"] = "rectification" })
	w.until(filed.ID, "verifying")
	id := filed.ID.String()
	status := statusLink.FindStringSubmatch(w.letter(id, "acknowledgement"))[1]
	require.NotContains(t, string(w.visit(status, nil).Body), status+"/data", "nobody knows yet who asks")
	code := sixDigits.FindStringSubmatch(w.letter(id, "one_time_code"))[1]
	require.Equal(t, http.StatusOK, w.visit(status+"/code", url.Values{"code": {code}}).Status)
	w.until(filed.ID, "reviewing")
	require.Regexp(t, `/acme/status/\S+/data\n`, w.letter(id, "correct_yourself"))
	require.Contains(t, string(w.visit(status, nil).Body), status+"/data")
	locked := w.visit(status+"/data", nil)
	require.NotContains(t, string(locked.Body), "Anna", "the link alone shows nothing")

	page := w.unlocked(filed.ID, status+"/data")
	require.Contains(t, string(page.Body), "first name")
	require.NotContains(t, string(page.Body), "unique_id")
	pass := passField.FindStringSubmatch(string(page.Body))[1]
	fields := valueField.FindAllStringSubmatch(string(page.Body), -1)
	require.Len(t, fields, 2)
	form := func(change func(url.Values)) url.Values {
		sent := url.Values{"pass": {pass}, "whole": {"yes"}}
		for _, f := range fields {
			sent.Set("was-"+f[1], f[2])
			sent.Set(f[1], f[2])
		}
		change(sent)
		return sent
	}
	name, born := fields[0][1], fields[1][1]
	require.Equal(t, "Anna", fields[0][2])
	for said, change := range map[string]func(url.Values){
		"Nothing was changed":    func(url.Values) {},
		"This cannot stand here": func(f url.Values) { f.Set(born, "31.12.1980") },
		"This has changed":       func(f url.Values) { f.Set("was-"+name, "Other"); f.Set(name, "Ana") },
	} {
		got := w.visit(status+"/data/correct", form(change))
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, "%s", got.Body)
		require.Contains(t, string(got.Body), said)
	}
	require.Equal(t, http.StatusForbidden, w.visit(status+"/data/correct", form(func(f url.Values) { f.Set("pass", "forged") })).Status)
	require.Equal(t, []string{"Anna", "Anna"}, w.firstNames(conn))
	right := form(func(f url.Values) { f.Set(name, "Ana"); f.Set(born, "1980-12-31") })
	done := w.visit(status+"/data/correct", right)
	require.Equal(t, http.StatusOK, done.Status, "%s", done.Body)
	require.Contains(t, string(done.Body), "It is being written into our systems")
	require.Equal(t, http.StatusOK, w.visit(status+"/data/correct", right).Status, "sent twice")
	w.until(filed.ID, "closed")
	require.Equal(t, []string{"Ana", "Anna"}, w.firstNames(conn))
	require.Contains(t, w.letter(id, "corrected"), "The people (first name)")
}

type correctionsAnswer struct {
	Holdings []struct {
		System string
		Fields []struct {
			Field   string
			Present []struct {
				Value *string
				Rows  int64
			}
		}
	}
	Corrections []struct {
		ID    uuid.UUID
		State string
	}
	SHA256 string
}

// Staff see what the systems say, propose, decide, and have it written; who is refused puts a statement beside it.
func TestStaffCorrect(t *testing.T) {
	t.Parallel()
	w := working(t, wide)
	conn := w.withPeople()
	filed := w.file("ana@example.test", func(b map[string]any) { b["right"] = "rectification" })
	w.until(filed.ID, "verifying")
	w.proveByDocument(filed.ID)
	w.until(filed.ID, "reviewing")
	at := "/v1/requests/" + filed.ID.String()
	require.Equal(t, http.StatusForbidden, w.call(api.Auditor, http.MethodGet, at+"/corrections", nil).Status, "auditors see no person")
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodGet, at+"/corrections", nil).Status)
	seen := into[correctionsAnswer](t, w.call(api.Agent, http.MethodGet, at+"/corrections", nil))
	require.Equal(t, "email", seen.Holdings[0].Fields[1].Field)
	require.EqualValues(t, 1, seen.Holdings[0].Fields[2].Present[0].Rows, "one row, of the two with that name")

	body := func(change func(map[string]any)) map[string]any {
		b := map[string]any{"system": "crm", "dataset": "crm", "collection": "people", "field": "first_name", "was": "Anna", "becomes": "Ana", "why": "passport"}
		change(b)
		return b
	}
	refused := w.command(api.Agent, filed.ID, "corrections", body(func(b map[string]any) { b["becomes"] = "far too long a name for this" }))
	require.Equal(t, http.StatusConflict, refused.Status)
	require.Contains(t, string(refused.Body), "the field takes 20")
	require.NotContains(t, string(refused.Body), "far too long")
	made := w.command(api.Agent, filed.ID, "corrections", body(func(map[string]any) {}))
	require.Equal(t, http.StatusCreated, made.Status, "%s", made.Body)
	require.NotContains(t, string(made.Body), "Ana")
	one := into[struct{ ID uuid.UUID }](t, made).ID.String()
	other := into[struct{ ID uuid.UUID }](t, w.command(api.Agent, filed.ID, "corrections", body(func(b map[string]any) {
		delete(b, "was")
		b["field"], b["becomes"] = "born", "1980-12-31"
	}))).ID.String()
	require.Equal(t, http.StatusUnprocessableEntity, w.command(api.Agent, filed.ID, "corrections/"+one, map[string]any{"decision": "refuse"}).Status, "without a ground")
	require.Equal(t, http.StatusOK, w.command(api.Agent, filed.ID, "corrections/"+one, map[string]any{"decision": "accept"}).Status)
	require.Equal(t, http.StatusOK, w.command(api.Agent, filed.ID, "corrections/"+other, map[string]any{"decision": "refuse", "reason": "data_accurate"}).Status)
	stale := w.command(api.Agent, filed.ID, "correct", map[string]any{"sha256": seen.SHA256})
	require.Equal(t, http.StatusConflict, stale.Status)
	require.Contains(t, string(stale.Body), "corrections_changed")
	now := into[correctionsAnswer](t, w.call(api.Agent, http.MethodGet, at+"/corrections", nil))
	got := w.command(api.DPO, filed.ID, "correct", map[string]any{"sha256": now.SHA256})
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	w.until(filed.ID, "closed")
	require.Equal(t, []string{"Ana", "Anna"}, w.firstNames(conn))

	letter := w.letter(filed.ID.String(), "corrected")
	status := statusLink.FindStringSubmatch(w.letter(filed.ID.String(), "acknowledgement"))[1]
	require.Regexp(t, `/acme/status/\S+/statement\n`, letter)
	page := w.unlocked(filed.ID, status+"/statement")
	pass := passField.FindStringSubmatch(string(page.Body))[1]
	require.Equal(t, http.StatusUnprocessableEntity, w.visit(status+"/statement/make", url.Values{"pass": {pass}, "text": {" "}}).Status)
	kept := w.visit(status+"/statement/make", url.Values{"pass": {pass}, "text": {"I was born in 1980."}})
	require.Equal(t, http.StatusOK, kept.Status, "%s", kept.Body)
	require.Contains(t, string(kept.Body), "We keep your statement")
	require.Contains(t, string(w.call(api.Agent, http.MethodGet, at+"/corrections", nil).Body), "I was born in 1980.")
}
