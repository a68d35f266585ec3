package storage_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// statement is one generated method over the register, with the SQL behind it and the names of its parameters.
type statement struct {
	name   string
	sql    string
	params []string // of the method, behind the context; one "arg" stands for a struct
}

// statements reads the generated code: the methods as the compiler has them, names and SQL as they stand in the source.
func statements(t *testing.T) map[string]statement {
	t.Helper()
	texts, params := generated(t, "internal/db")
	found := map[string]statement{}
	queries := reflect.TypeFor[*db.Queries]()
	for i := range queries.NumMethod() {
		name := queries.Method(i).Name
		if name == "WithTx" {
			continue
		}
		require.Contains(t, texts, name, "no SQL found for %s", name)
		found[name] = statement{name: name, sql: texts[name], params: params[name]}
	}
	require.Len(t, found, len(texts), "every statement has a method")
	return found
}

func generated(t *testing.T, folder string) (texts map[string]string, params map[string][]string) {
	t.Helper()
	texts, params = map[string]string{}, map[string][]string{}
	files, err := filepath.Glob(filepath.Join(folder, "*.sql.go"))
	require.NoError(t, err)
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); err == nil && strings.HasPrefix(text, "-- name: ") {
					texts[strings.Fields(text)[2]] = text
				}
			case *ast.FuncDecl:
				for _, field := range n.Type.Params.List[1:] {
					for _, p := range field.Names {
						params[n.Name.Name] = append(params[n.Name.Name], p.Name)
					}
				}
			}
			return true
		})
	}
	return texts, params
}

// body is the SQL without its heading.
func (s statement) body() string {
	_, body, _ := strings.Cut(s.sql, "\n")
	return body
}

// tables lists the tables that the statement names, in order.
func (s statement) tables() (names []string) {
	for _, m := range regexp.MustCompile(`(?i)\b(?:FROM|INTO|UPDATE|JOIN)\s+([a-z_]+)`).FindAllStringSubmatch(s.body(), -1) {
		names = append(names, m[1])
	}
	return names
}

// accountTables are those whose rows belong to an account and to no tenant.
func accountTables() []string {
	return []string{"accounts", "oidc_links", "passkeys", "recovery_codes", "resets", "sessions"}
}

// ofAccount says whether the statement is about an account's rows.
func (s statement) ofAccount() bool {
	names := s.tables()
	return len(names) > 0 && slices.Contains(accountTables(), names[0])
}

// column turns a Go parameter's name into that of the column.
func column(name string) string {
	name = regexp.MustCompile(`_\d+$`).ReplaceAllString(name, "")
	name = regexp.MustCompile(`^iD$|ID$`).ReplaceAllString(name, "_id")
	name = regexp.MustCompile(`([a-z0-9])([A-Z])`).ReplaceAllString(name, "${1}_$2")
	return strings.TrimPrefix(strings.ReplaceAll(strings.ToLower(name), "__", "_"), "_")
}

func TestColumnNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"iD": "id", "iD_2": "id", "ID": "id", "tenantID": "tenant_id", "CaseID": "case_id", "expiresAt": "expires_at",
		"ManifestSha256": "manifest_sha256", "SubjectIds": "subject_ids", "Position": "position",
	} {
		require.Equal(t, want, column(name), name)
	}
}

// acrossTenants are the statements that name no tenant, each with the reason why it may.
func acrossTenants() map[string]string {
	const key = "the installation's keys belong to no tenant and are wrapped by the master key"
	const relay = "a relay learns which tenants have work, through a function that tells nothing else"
	const before = "it is asked before an account or tenant is known; the function answers one question and cannot list"
	const hashed = "the row is named by a hash and says neither who nor where"
	return map[string]string{
		"SetTenant":             "it is what names the tenant",
		"TenantBySlug":          "a sign-in or public page knows the slug alone; the function answers one",
		"FindAPIKey":            "a call knows its key alone; the function answers one",
		"KeepPlans":             "it reads no row",
		"SetAccount":            "it is what names the account",
		"AccountByEmail":        before,
		"AccountByPasskey":      before,
		"AccountBySubject":      before,
		"AccountByReset":        before,
		"InvitationByToken":     before,
		"SessionByToken":        before,
		"Memberships":           "the function answers for the account that the transaction has named",
		"SpendSignInTry":        hashed,
		"WaitUntil":             hashed,
		"ForgiveTries":          hashed,
		"ForgetTries":           hashed,
		"ReturnTry":             hashed,
		"InsertChallenge":       hashed,
		"TakeChallenge":         hashed,
		"ForgetChallenges":      hashed,
		"TenantIDs":             relay,
		"TenantsWithMail":       relay,
		"TenantsWithSignUps":    relay,
		"TenantsWithAudit":      relay,
		"TenantsToArchive":      relay,
		"TenantsToCertify":      relay,
		"TenantsWithNews":       relay,
		"TenantsRotating":       relay,
		"InstallationKeyDates":  key,
		"TenantsWithDeliveries": relay, "TenantsWithCallbacks": relay,
		"TenantsWithStarts":     relay,
		"TenantsWithSignals":    relay,
		"PackagesPast":          relay,
		"InstallationKey":       key,
		"InstallationKeys":      key,
		"LockInstallationKey":   key,
		"InsertInstallationKey": key,
		"UpdateInstallationKey": key,
		"InsertTenant":          "the tenant's id is the column id",
		"TenantByID":            "the tenant's id is the column id",
		"UpdateTenant":          "the tenant's id is the column id",
		"LockTenantKeys":        "the tenant's id is the column id",
		"SetTenantKeys":         "the tenant's id is the column id",
		"LockRecordKey":         "the tenant's id is the column id",
		"SetRecordKey":          "the tenant's id is the column id",
	}
}

// Every statement lists its columns and, unless there is a reason, names the tenant.
func TestStatementsListColumnsAndNameTheTenant(t *testing.T) {
	t.Parallel()
	found := statements(t)
	require.Greater(t, len(found), 100)
	star := regexp.MustCompile(`(?i)(SELECT|RETURNING|,|\.)\s*\*`)
	for name, s := range found {
		require.False(t, star.MatchString(s.body()), "%s must list its columns: %s", name, s.body())
		if _, free := acrossTenants()[name]; free {
			require.NotContains(t, s.body(), "tenant_id =", "%s names a tenant, so it needs no exception", name)
			continue
		}
		if s.ofAccount() {
			require.Regexp(t, `account_id|\bid = \$\d|INTO accounts \(id`, s.body(), "%s must name the account", name)
			continue
		}
		require.Contains(t, s.body(), "tenant_id", "%s must name the tenant", name)
	}
	for name := range acrossTenants() {
		require.Contains(t, found, name, "the exception for %s is for nothing", name)
	}
}
