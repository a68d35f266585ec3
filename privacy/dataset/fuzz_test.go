package dataset_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// annotations are the annotation files of this repository.
func annotations(f *testing.F, names ...string) [][]byte {
	f.Helper()
	var out [][]byte
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(f, err)
		out = append(out, text)
	}
	return out
}

const sampleFolder = "../../deploy/sample/annotation/"

// FuzzParse reads an annotation file. What is refused is refused with its line and a remedy; what is read can be planned
// for every identity, visits each collection once, and gives the same plan again.
func FuzzParse(f *testing.F) {
	for _, text := range annotations(f, "testdata/shop.yml", "testdata/versions.yml", sampleFolder+"shop.yml", sampleFolder+"crm.yml", "../../connectors/conformance/fixture.yml") {
		f.Add(text, "email")
	}
	for _, text := range []string{
		doc(""), doc("            after: [c]\n"), "{? {a: b} : [}",
		"dataset: [{fides_key: a, collections: [{name: b, fields: [{name: c, fides_meta: {identity: email, references: [{dataset: a, field: b.c}]}}]}]}]",
		"dataset: [{fides_key: a, fides_meta: {after: [a]}, collections: [{name: ., fides_meta: {after: [., a..]}, fields: []}]}]",
	} {
		f.Add([]byte(text), "phone_number")
	}
	f.Fuzz(func(t *testing.T, text []byte, identity string) {
		datasets, err := dataset.Parse("fuzz.yml", text)
		if err != nil {
			refusedWithRemedy(t, err, text)
			return
		}
		require.NotEmpty(t, datasets)
		_, err = json.Marshal(datasets)
		require.NoError(t, err, "what was read can be stored")
		g, err := dataset.NewOpenGraph(datasets...)
		require.NoError(t, err, "Parse has built this graph already")
		for _, ids := range []dataset.Identities{{}, {Kinds: []string{identity}}, g.Kinds()} {
			planned(t, g, ids, datasets)
		}
	})
}

// planned holds a plan to what the activities rely on: each collection stands in exactly one place, and every way into it
// comes from a collection visited before.
func planned(t *testing.T, g *dataset.Graph, ids dataset.Identities, datasets []dataset.Dataset) {
	t.Helper()
	plan, err := g.Plan(ids)
	if err != nil {
		var problems dataset.Problems
		require.ErrorAs(t, err, &problems)
		return
	}
	visited := map[dataset.Address]bool{}
	for _, step := range plan.Steps {
		require.False(t, visited[step.Address], "%s is visited twice", step.Address)
		require.NotEmpty(t, step.FoundBy, "%s cannot be found", step.Address)
		for _, entry := range step.FoundBy {
			require.True(t, entry.From == nil || visited[entry.From.Address], "%s is found by what comes later", step.Address)
		}
		visited[step.Address] = true
	}
	collections := 0
	for _, d := range datasets {
		collections += len(d.Collections)
	}
	require.Equal(t, collections, len(plan.Steps)+len(plan.Unreached)+len(plan.Skipped))
	again, err := g.Plan(ids)
	require.NoError(t, err)
	require.Equal(t, plan, again)
}

// FuzzParseDeclarations reads a declaration file. What is read has everything that Art. 15 GDPR asks for.
func FuzzParseDeclarations(f *testing.F) {
	for _, text := range annotations(f, sampleFolder+"shop_declaration.yml", sampleFolder+"crm_declaration.yml") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		declarations, err := dataset.ParseDeclarations("fuzz.yml", text)
		if err != nil {
			refusedWithRemedy(t, err, text)
			return
		}
		seen := map[string]bool{}
		for _, d := range declarations {
			require.False(t, seen[d.System], d.System)
			seen[d.System] = true
			require.NotEmpty(t, d.Name.In("de"))
			require.NotEmpty(t, d.Purposes)
			require.NotEmpty(t, d.Retention)
			require.True(t, d.Source.FromSubject || d.Source.Text.In("fr") != "")
			for _, r := range d.Recipients {
				require.True(t, !r.ThirdCountry() || r.Safeguard != "" && r.SafeguardText.In("es") != "", r.Country)
			}
		}
	})
}

func refusedWithRemedy(t *testing.T, err error, text []byte) {
	t.Helper()
	var problems dataset.Problems
	require.ErrorAs(t, err, &problems)
	require.NotEmpty(t, problems)
	breaks := 0
	for _, mark := range []string{"\n", "\r", "\u0085", "\u2028", "\u2029"} { // where YAML breaks lines
		breaks += strings.Count(string(text), mark)
	}
	for _, p := range problems {
		require.Equal(t, "fuzz.yml", p.File)
		require.Positive(t, p.Line, p.What)
		require.LessOrEqual(t, p.Line, breaks+2, p.What) // the library counts the end of the text as a line of its own
		require.NotEmpty(t, p.What)
		require.NotEmpty(t, p.Do)
	}
}
