package dataset_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// TestHostileSizesStayCheap reads files of about the largest size that are made to be slow:
// their cost may not grow with the square of the size.
func TestHostileSizesStayCheap(t *testing.T) {
	t.Parallel()
	names := make([]string, 100_000)
	for i := range names {
		names[i] = fmt.Sprintf("n%d", i)
	}
	for name, text := range map[string]string{
		"a long list":     doc("") + "    tags: [" + strings.Join(names, ", ") + "]\n",
		"many references": doc("") + strings.Repeat("      - {name: x, fields: [{name: y, fides_meta: {references: [{dataset: d, field: c.email.a.a.a.a.a.a.a.a.a.a}]}}]}\n", 8000),
		"many columns":    doc(strings.Repeat("          - {name: z}\n", 40_000)),
		"dots":            doc("          - {name: a, fides_meta: {references: [{dataset: d, field: " + strings.Repeat(".", 1_000_000) + "}]}}\n"),
		"brackets":        "dataset: " + strings.Repeat("[", 9_000),
		"indents":         strings.Repeat("- ", 9_000),
		"comments":        strings.Repeat("# x\n", 250_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.LessOrEqual(t, len(text), 1<<20+1000)
			datasets, err := dataset.Parse("hostile.yml", []byte(text))
			if name == "a long list" {
				require.NoError(t, err)
				require.Len(t, datasets, 1)
				return
			}
			require.Error(t, err)
		})
	}
}

// TestTwoThousandCollectionsArePlanned orders the largest graph that is accepted, each dataset after the other.
func TestTwoThousandCollectionsArePlanned(t *testing.T) {
	t.Parallel()
	first, second := dataset.Dataset{Key: "a"}, dataset.Dataset{Key: "b", After: []string{"a"}}
	for i := range 1000 {
		c := dataset.Collection{Name: fmt.Sprintf("c%d", i), Fields: []dataset.Field{{Name: "id", Identity: "email"}}}
		first.Collections = append(first.Collections, c)
		second.Collections = append(second.Collections, c)
	}
	g, err := dataset.NewGraph(second, first)
	require.NoError(t, err)
	plan, err := g.Plan(g.Kinds())
	require.NoError(t, err)
	require.Len(t, plan.Steps, 2000)
	require.Equal(t, "a", plan.Steps[999].Dataset)
	require.Equal(t, "b", plan.Steps[1000].Dataset)

	second.Collections = append(second.Collections, dataset.Collection{Name: "one more"})
	_, err = dataset.NewGraph(first, second)
	require.ErrorContains(t, err, "more than 2000 collections")
}
