package api

import (
	"encoding/json"
	"io"
	"path"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// document is the frame of the OpenAPI document. It needs no third party to be read: /openapi.json is all there is.
func document(version string) huma.Config {
	config := huma.DefaultConfig("Docket", version)
	config.Info.Description = "Privacy operations: every request is an obligation with a legal due date. Authenticate with an API key: Authorization: Bearer dk_…"
	config.DocsPath, config.SchemasPath = "", ""
	config.CreateHooks = nil
	config.Transformers = []huma.Transformer{uniform}
	config.Formats = map[string]huma.Format{jsonType: jsonFormat(), "json": jsonFormat()}
	config.DefaultFormat = jsonType
	config.RejectUnknownQueryParameters = true
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key": {Type: "http", Scheme: "bearer", Description: "An API key, dk_…"},
	}
	config.Security = []map[string][]string{{"key": {}}}
	return config
}

// schemaName keeps types of other packages apart from ours of the same name.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Name() == "" || t.PkgPath() == "" || strings.HasSuffix(t.PkgPath(), "/api") {
		return name
	}
	pack := path.Base(t.PkgPath())
	return strings.ToUpper(pack[:1]) + pack[1:] + name
}

const jsonType = "application/json"

// jsonFormat is JSON as PostgreSQL can keep it: without the character U+0000.
func jsonFormat() huma.Format {
	return huma.Format{
		Marshal: func(w io.Writer, v any) error {
			encoder := json.NewEncoder(w)
			encoder.SetEscapeHTML(false)
			return encoder.Encode(v)
		},
		Unmarshal: readJSON,
	}
}
