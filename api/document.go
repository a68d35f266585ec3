package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

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
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key": {Type: "http", Scheme: "bearer", Description: "An API key, dk_…"},
	}
	config.Security = []map[string][]string{{"key": {}}}
	return config
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
		Unmarshal: func(data []byte, v any) error {
			if bytes.Contains(data, []byte(`\u0000`)) {
				return errors.New("the character U+0000 is not accepted")
			}
			return json.Unmarshal(data, v)
		},
	}
}
