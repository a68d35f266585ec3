package audit_test

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
)

// Who adds an action adds it to the list too, which searches and webhooks are held against.
func TestActionsListsEveryConstant(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(gotoken.NewFileSet(), "action.go", nil, 0)
	require.NoError(t, err)
	var declared []audit.Action
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			declared = append(declared, audit.Action(text))
		}
		return true
	})
	require.NotEmpty(t, declared)
	require.ElementsMatch(t, declared, audit.Actions())
}
