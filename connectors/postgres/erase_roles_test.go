package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/postgres"
)

// TestErasingWantsARoleThatMayWrite lists what the role lacks, and changes nothing without it.
func TestErasingWantsARoleThatMayWrite(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	b.exec(t, `CREATE TABLE partly (email text, body text, two text GENERATED ALWAYS AS (body || body) STORED)`)
	b.exec(t, `CREATE TABLE never (email text)`)
	b.exec(t, `CREATE TABLE single (email text)`)
	b.exec(t, `REVOKE SELECT ON single FROM `+reader(t, b))
	b.exec(t, `GRANT SELECT (email), DELETE, UPDATE ON single TO `+reader(t, b))
	b.exec(t, `CREATE MATERIALIZED VIEW old AS SELECT email FROM mail`)
	b.exec(t, `CREATE TABLE town (id int PRIMARY KEY)`)
	b.exec(t, `CREATE TABLE lives (email text, town int REFERENCES town)`)
	b.exec(t, `CREATE TABLE tax (town int REFERENCES town)`)
	b.exec(t, `REVOKE SELECT ON tax FROM `+reader(t, b))
	b.exec(t, `GRANT DELETE, UPDATE ON lives, town TO `+reader(t, b))
	b.exec(t, `GRANT DELETE, UPDATE (email) ON partly TO `+reader(t, b))
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [
		{name: mail, fields: [{name: id, fides_meta: {primary_key: true}}, {name: email, fides_meta: {identity: email}}, {name: body}]},
		{name: partly, fields: [{name: email, fides_meta: {identity: email}}, {name: body}, {name: two}]},
		{name: never, fields: [{name: email, fides_meta: {identity: email, read_only: true}}]},
		{name: single, fields: [{name: email, fides_meta: {identity: email}}]},
		{name: old, fields: [{name: email, fides_meta: {identity: email}}]},
		{name: lives, fields: [{name: email, fides_meta: {identity: email}}, {name: town, fides_meta: {references: [{dataset: d, field: town.id, direction: to}]}}]},
		{name: town, fields: [{name: id, fides_meta: {primary_key: true}}]}]}]`)
	c := b.connector(t, postgres.Config{Datasets: datasets, AllowWrites: true})
	err := c.Test(t.Context())
	require.ErrorIs(t, err, connectors.ErrReadOnly)
	require.EqualError(t, err, `role-may-not-write: d.mail: the role may not change the table; grant UPDATE and DELETE on it to the role
role-may-not-write: d.partly: the role may not change columns: "body"; grant UPDATE on them to the role, or mark the fields read_only
privilege-missing: d.single: the role may read single columns of the table, and erasing tells rows by where they lie; grant SELECT on the whole table to the role
role-may-not-write: d.old: it is a materialised view, which can't be changed; annotate the tables that it is made of, and mark it skip_processing
privilege-missing: d.town: the table "public"."tax" refers to it by the foreign key tax_town_fkey and the role may not read it, so nobody can tell whose the rows are; grant SELECT on its columns to the role`)

	err = c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("mail")), conformance.NewLedger())
	require.ErrorIs(t, err, connectors.ErrReadOnly)
	require.EqualError(t, err, "d.mail: the role may not change it; grant UPDATE and DELETE on the table to the role")
	err = c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("old")), conformance.NewLedger())
	require.ErrorIs(t, err, connectors.ErrReadOnly)

	b.mayWrite(t)
	require.NoError(t, c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("mail")), conformance.NewLedger()))
	reading := b.connector(t, postgres.Config{Datasets: datasets})
	err = reading.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("mail")), conformance.NewLedger())
	require.EqualError(t, err, "the system is connected for reading only; connect it for erasing")
	found, err := reading.Survey(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("mail")))
	require.NoError(t, err, "to look needs no leave to write")
	require.Zero(t, found[0].Own)

	// Whose an address is that a table refers to which nobody may read can't be told.
	b.exec(t, `INSERT INTO town VALUES (1), (2)`)
	b.exec(t, `INSERT INTO lives VALUES ('a@example.org', 1), ('b@example.org', 2)`)
	found, err = c.Survey(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("town")))
	require.NoError(t, err)
	require.Equal(t, connectors.Survey{Address: conformance.AddressOf("town"), Others: 1}, found[0])
	b.exec(t, `GRANT SELECT ON tax TO `+reader(t, b))
	found, err = c.Survey(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("town")))
	require.NoError(t, err)
	require.Equal(t, connectors.Survey{Address: conformance.AddressOf("town"), Own: 1, Left: 1}, found[0])
}
