package dataset_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/dataset"
)

func TestParseReadsEveryKeyOfTheFormat(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/shop.yml")
	require.NoError(t, err)
	datasets, err := dataset.Parse("shop.yml", text)
	require.NoError(t, err)
	d := datasets[0]
	require.Equal(t, "shop", d.Key)
	require.Equal(t, []string{"crm"}, d.After)
	require.Equal(t, map[string]any{"schema": "web", "weight": 1.5, "flags": []any{true, nil, "text"}}, d.Meta)
	customer := d.Collections[0]
	id, email, loyalty, aliases, profile := customer.Fields[0], customer.Fields[1], customer.Fields[2], customer.Fields[3], customer.Fields[4]
	require.True(t, id.PrimaryKey && id.ReadOnly)
	require.Equal(t, "integer", id.Type.String())
	require.Equal(t, 40, email.Length)
	require.Equal(t, "loyalty_number", loyalty.RequestField, "the older name of fides_meta")
	require.True(t, aliases.ReturnAllElements)
	require.Equal(t, "string[]", aliases.Type.String())
	require.Equal(t, map[string]any{"rewrite_value": "x", "format_preservation": map[string]any{"suffix": "-x"}}, profile.Fields[0].Masking.Configuration)
	require.Equal(t, []string{"shop.items"}, d.Collections[1].EraseAfter)
	require.Equal(t, dataset.Reference{Dataset: "shop", Field: "customer.id", Direction: dataset.From, Line: d.Collections[1].Fields[1].References[0].Line}, d.Collections[1].Fields[1].References[0])
	require.Equal(t, dataset.Both, d.Collections[2].Fields[0].References[0].Direction)
	require.True(t, d.Collections[3].Skip)
}

func TestParsedDatasetsSurviveJSON(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/shop.yml")
	require.NoError(t, err)
	datasets, err := dataset.Parse("shop.yml", text)
	require.NoError(t, err)
	first, err := json.Marshal(datasets)
	require.NoError(t, err)
	var back []dataset.Dataset
	require.NoError(t, json.Unmarshal(first, &back))
	second, err := json.Marshal(back)
	require.NoError(t, err)
	require.JSONEq(t, string(first), string(second))
}

// doc puts fields and collections into a document; the collection c has an identity.
func doc(lines string) string {
	return "dataset:\n  - fides_key: d\n    collections:\n      - name: c\n        fields:\n          - name: email\n            fides_meta: {identity: email}\n" + lines
}

func TestParseRefusesWithLineAndRemedy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		line int
		what string
	}{
		"empty":                {"", 1, "the file is empty"},
		"comment only":         {"# nothing\n", 1, "the file is empty"},
		"not YAML":             {"dataset:\n  - [\n", 2, "this is not YAML"},
		"not UTF-8":            {"dataset: \xff", 1, "not UTF-8"},
		"two documents":        {doc("") + "---\na: b\n", 8, "more than one YAML document"},
		"a list on top":        {"- a\n", 1, "has to be a mapping"},
		"no dataset":           {"dataset: []\n", 1, "there is no dataset"},
		"unknown top key":      {"datasets: []\n", 1, `unknown key "datasets"`},
		"key twice":            {"dataset:\n  - fides_key: d\n    fides_key: e\n", 3, `the key "fides_key" stands twice`},
		"no fides_key":         {"dataset:\n  - name: x\n    collections: []\n", 2, "fides_key is missing"},
		"number as name":       {doc("          - name: 7\n"), 8, "name has to be a text"},
		"unknown field key":    {doc("          - {name: a, pii: true}\n"), 8, `unknown key "pii"`},
		"unknown meta key":     {doc("          - {name: a, fides_meta: {primary: true}}\n"), 8, `unknown key "primary"`},
		"field twice":          {doc("          - {name: email}\n"), 8, `the field "email" stands twice, first in line 6`},
		"quote in name":        {doc("          - {name: 'a\"b'}\n"), 8, "is not accepted"},
		"path as name":         {doc("          - {name: '..'}\n"), 8, "is not accepted"},
		"slash in name":        {doc("          - {name: a/b}\n"), 8, "is not accepted"},
		"unknown category":     {doc("          - {name: a, data_categories: [user.contact.emial]}\n"), 8, `"user.contact.emial" in data_categories is not in the taxonomy; use a key of the fideslang taxonomy; the nearest is "user.contact"`},
		"category twice":       {doc("          - {name: a, data_categories: [user, user]}\n"), 8, "stands twice"},
		"object's categories":  {doc("          - name: a\n            data_categories: [user]\n            fields: [{name: b}]\n"), 8, "a field of type object has data categories of its own"},
		"object as identity":   {doc("          - {name: a, fides_meta: {data_type: object, identity: email}}\n"), 8, "can't find rows by itself"},
		"nested in a string":   {doc("          - {name: a, fides_meta: {data_type: string}, fields: [{name: b}]}\n"), 8, "can't have nested fields"},
		"both metas":           {doc("          - {name: a, fides_meta: {length: 1}, fidesops_meta: {length: 1}}\n"), 8, "both fides_meta and fidesops_meta"},
		"unknown type":         {doc("          - {name: a, fides_meta: {data_type: sometype}}\n"), 8, `unknown data_type "sometype"`},
		"zero length":          {doc("          - {name: a, fides_meta: {length: 0}}\n"), 8, "whole number above zero"},
		"truth value in text":  {doc("          - {name: a, fides_meta: {primary_key: 'yes'}}\n"), 8, "has to be true or false"},
		"elements of a scalar": {doc("          - {name: a, fides_meta: {return_all_elements: true}}\n"), 8, "no array"},
		"unknown direction":    {doc("          - {name: a, fides_meta: {references: [{dataset: d, field: c.email, direction: up}]}}\n"), 8, `unknown direction "up"`},
		"reference to table":   {doc("          - {name: a, fides_meta: {references: [{dataset: d, field: c}]}}\n"), 8, "does not name a field"},
		"reference to nothing": {doc("          - {name: a, fides_meta: {references: [{dataset: d, field: c.x}]}}\n"), 8, "is no field of dataset"},
		"reference to object":  {doc("          - {name: o, fields: [{name: p}]}\n          - {name: a, fides_meta: {references: [{dataset: d, field: c.o}]}}\n"), 9, "which is an object"},
		"endless reference":    {doc("          - {name: a, fides_meta: {references: [{dataset: d, field: " + strings.Repeat("c.", 300) + "x}]}}\n"), 8, "more than 512 bytes"},
		"endless after":        {doc("      - {name: e, fides_meta: {after: [" + strings.Repeat("x", 513) + "]}, fields: [{name: f, fides_meta: {identity: email}}]}\n"), 8, "a name in after has 513 bytes"},
		"masking nothing":      {doc("          - {name: a, fides_meta: {masking_strategy_override: {configuration: {}}}}\n"), 8, "strategy is missing"},
		"collection twice":     {doc("      - {name: c, fields: [{name: x}]}\n"), 8, `the collection "c" stands twice`},
		"unreachable":          {doc("      - {name: lost, fields: [{name: x}]}\n"), 8, "d.lost: no identity reaches this collection"},
		"no fields":            {doc("      - {name: e}\n"), 8, "the collection has no fields"},
		"after nothing":        {doc("      - {name: e, fides_meta: {after: [x]}, fields: [{name: f, fides_meta: {identity: email}}]}\n"), 8, `after names "x"`},
		"after itself":         {doc("      - {name: e, fides_meta: {after: [e]}, fields: [{name: f, fides_meta: {identity: email}}]}\n"), 8, "d.e → d.e"},
		"anchor":               {doc("          - &a {name: x}\n"), 8, "anchors and aliases"},
		"alias":                {"a: &a [x]\nb: *a\n", 1, "anchors and aliases"},
		"tag":                  {doc("          - {name: !!binary aGk=}\n"), 8, "YAML tags"},
		"deep":                 {"dataset: " + strings.Repeat("[", 40) + strings.Repeat("]", 40), 1, "nesting is deeper than 32 levels"},
		"long":                 {strings.Repeat("#", 1<<20+1), 1, "the limit is 1048576"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := dataset.Parse("file.yml", []byte(c.text))
			var problems dataset.Problems
			require.ErrorAs(t, err, &problems)
			require.Contains(t, err.Error(), c.what)
			var lines []int
			for _, p := range problems {
				require.Equal(t, "file.yml", p.File)
				require.NotEmpty(t, p.Do)
				if strings.Contains(p.String(), c.what) {
					lines = append(lines, p.Line)
				}
			}
			require.Contains(t, lines, c.line, err.Error())
		})
	}
}

func TestParseListsAllProblemsAtOnceInOrder(t *testing.T) {
	t.Parallel()
	_, err := dataset.Parse("f.yml", []byte(doc("          - {name: a, x: 1}\n          - {name: b, data_categories: [nope]}\n          - {name: 'c d'}\n")))
	require.EqualError(t, err, `f.yml:8: d.c: unknown key "x"; the keys here are name, description, data_categories, fides_meta, fidesops_meta, fields
f.yml:9: d.c.b: "nope" in data_categories is not in the taxonomy; use a key of the fideslang taxonomy
f.yml:10: d.c.c d: the name "c d" is not accepted; use up to 128 letters, digits and _ . -; a table named otherwise can be read through a view`)
}

func TestProblemsAreBounded(t *testing.T) {
	t.Parallel()
	_, err := dataset.Parse("f.yml", []byte(doc(strings.Repeat("          - {name: '?'}\n", 5000))))
	var problems dataset.Problems
	require.ErrorAs(t, err, &problems)
	require.Len(t, problems, 201)
	require.Contains(t, problems[200].What, "more problems")
}

// TestAliasBombIsRefusedUnexpanded reads the classic bomb, which expands to a thousand million texts.
func TestAliasBombIsRefusedUnexpanded(t *testing.T) {
	t.Parallel()
	bomb := "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
	for i := '1'; i <= '9'; i++ {
		bomb += "a" + string(i) + ": &a" + string(i) + " [" + strings.TrimSuffix(strings.Repeat("*a"+string(i-1)+", ", 10), ", ") + "]\n"
	}
	_, err := dataset.Parse("bomb.yml", []byte(bomb))
	require.ErrorContains(t, err, "anchors and aliases")
}

func TestFilesThatReferToEachOtherAreReadTogether(t *testing.T) {
	t.Parallel()
	crm := dataset.File{Name: "crm.yml", Text: []byte("dataset: [{fides_key: crm, collections: [{name: contact, fields: [{name: email, fides_meta: {identity: email}}, " +
		"{name: shop_id, fides_meta: {references: [{dataset: shop, field: customer.id, direction: to}]}}]}]}]")}
	shop := dataset.File{Name: "shop.yml", Text: []byte("dataset: [{fides_key: shop, collections: [{name: customer, fields: [{name: id}]}]}]")}
	_, err := dataset.Parse(shop.Name, shop.Text)
	require.ErrorContains(t, err, "no identity reaches")
	_, err = dataset.Parse(crm.Name, crm.Text)
	require.NoError(t, err, "the other end may be in another file")
	both, err := dataset.ParseFiles([]dataset.File{crm, shop})
	require.NoError(t, err)
	_, err = dataset.NewGraph(both...)
	require.NoError(t, err)
	_, err = dataset.NewGraph(both[0])
	require.ErrorContains(t, err, `the dataset "shop", which is not loaded`)
	_, err = dataset.NewGraph(both[0], both[1], both[1])
	require.ErrorContains(t, err, "the dataset stands twice")
}

func TestTaxonomyHasTheFideslangKeys(t *testing.T) {
	t.Parallel()
	x := dataset.NewTaxonomy()
	for _, key := range []string{"system.operations", "user.contact.email", "user.demographic.date_of_birth", "user.health_and_medical.genetic"} {
		require.True(t, x.Category(key), key)
	}
	require.True(t, x.Use("essential.service.payment_processing"))
	require.True(t, x.Subject("customer"))
	require.False(t, x.Category("user.contact.emails") || x.Use("user") || x.Subject("user") || x.Category(""))
}
