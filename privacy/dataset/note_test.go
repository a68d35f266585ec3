package dataset_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/dataset"
)

func TestParseReadsWhatOtherVersionsWrite(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/versions.yml")
	require.NoError(t, err)
	datasets, err := dataset.Parse("exported.yml", text)
	require.NoError(t, err)
	d := datasets[0]
	require.Equal(t, map[string]any{"schema": "web"}, d.Meta)
	fields := d.Collections[0].Fields
	got := map[string]string{}
	for _, f := range fields {
		got[f.Name] = f.Type.String()
		if len(f.Categories) > 0 {
			got[f.Name] += " " + f.Categories[0]
		}
	}
	require.Equal(t, map[string]string{
		"id": "integer user.unique_id", "email": "string user.contact.email", "seen": " user.behavior", "secret": " user.authorization.password",
		"condition": " user.health_and_medical", "plan": " user", "origin": "object",
	}, got)
	require.Len(t, fields[5].Categories, 1, "the file's own category counts as its parent, which stands there already")
	require.Equal(t, "email", fields[1].Identity)
	require.Equal(t, []string{"exported.visits"}, d.Collections[0].EraseAfter)
	var notes []string
	for _, n := range d.Notes {
		require.Equal(t, "exported.yml", n.File)
		notes = append(notes, strconv.Itoa(n.Line)+" "+n.String())
	}
	require.Equal(t, []string{
		"2 organization is kept and not used",
		"5 data_category is kept and not used",
		"17 data_qualifier is kept and not used (and so in 2 more places)",
		"18 data_uses is kept and not used",
		"19 data_purposes is kept and not used",
		"20 data_subjects is kept and not used (and so in 1 more place)",
		"21 retention is kept and not used (and so in 2 more places)",
		"22 third_country_transfers is kept and not used",
		"23 joint_controller is kept and not used",
		"24 fidesctl_meta is kept and not used",
		"25 dataset_type is kept and not used",
		"26 location is kept and not used",
		"28 exported: resource_id is kept and not used",
		`30 exported: the schema "web" is taken from namespace`,
		"42 exported.users: path is kept and not used",
		`43 exported.users.id: the category "user.derived.identifiable.unique_id" is read as user.unique_id`,
		`49 exported.users.id: data_type "bigint" is read as integer`,
		"55 exported.users.id: redact is kept and not used",
		`58 exported.users.email: the category "user.provided.identifiable.contact.email" is read as user.contact.email`,
		`60 exported.users.email: data_type "varchar(320)" is read as string`,
		`61 exported.users.seen: the category "user.observed" is read as user.behavior`,
		`61 exported.users.seen: data_type "timestamp" is kept and not used: the format has no such type`,
		`62 exported.users.secret: the category "user.credentials.password" is read as user.authorization.password`,
		`63 exported.users.condition: the category "user.health.condition" is read as user.health_and_medical`,
		`64 exported.users.plan: the category "user.loyalty.tier" is read as user`,
		`66 exported.users.origin: data_type "jsonb" is read as object`,
		"73 exported.users: masking_strategy_override is kept and not used",
		"74 exported.users: partitioning is kept and not used",
	}, notes)
}

func TestParseOfOurOwnNotesNothing(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"shop", "crm", "surveys"} {
		text, err := os.ReadFile(sampleFolder + name + ".yml")
		require.NoError(t, err)
		datasets, err := dataset.Parse(name, text)
		require.NoError(t, err)
		require.Empty(t, datasets[0].Notes)
	}
}

func TestParseSaysWhereAMisplacedKeyBelongs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"          - {name: a, references: []}\n":                               `unknown key "references"; move it into fides_meta`,
		"          - {name: a, data_type: string}\n":                            `unknown key "data_type"; move it into fides_meta`,
		"          - {name: a, fides_meta: {type: object}}\n":                   `unknown key "type"; write data_type in its place`,
		"          - {name: a, fides_meta: {data_categories: [user]}}\n":        `unknown key "data_categories"; move it out of fides_meta`,
		"      - {name: <table>, fields: [{name: x}]}\n":                        `the name "<table>" is a placeholder; write the dataset's own name in its place`,
		"          - {name: a, data_categories: [user.nothing.of.the.kind]}\n":  `the nearest is "user"`,
		"          - {name: a, data_categories: [account.number, nothing]}\n":   `"nothing" in data_categories is not in the taxonomy`,
		"          - {name: a, fides_meta: {data_type: 'varchar(3'}, pii: 1}\n": `unknown key "pii"; the keys here are name`,
	} {
		_, err := dataset.Parse("f.yml", []byte(doc(text)))
		require.ErrorContains(t, err, want, text)
	}
}

// Every key that was renamed leads to one that is in the taxonomy, and none of them is.
func TestRenamedCategoriesAreInTheTaxonomy(t *testing.T) {
	t.Parallel()
	x := dataset.NewTaxonomy()
	for _, key := range []string{"user.biometrics.voice", "user.health.record_id", "user.provided.identifiable.government_id.passport_number", "user.derived.identifiable.device.cookie_id",
		"user.credentials.password", "user.children.thirteen_to_sixteen", "account.contact.email", "user.professional_information.workplace"} {
		now, renamed := x.Here(key)
		require.True(t, renamed, key)
		require.True(t, x.Category(now), "%s → %s", key, now)
		require.NotEqual(t, "user", now, key)
	}
	_, renamed := x.Here("user.nothing")
	require.False(t, renamed)
}
