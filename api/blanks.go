package api

import "github.com/danielgtaylor/huma/v2"

// legible is what a text must be that may not be empty: a reason of spaces gives none.
const legible = `[^\s\p{Z}]`

// refuseBlanks has every text that must not be empty say something: what asks for one character asks for one that can be seen.
func (s *server) refuseBlanks() {
	for _, schema := range s.huma.OpenAPI().Components.Schemas.Map() {
		refuseBlank(schema)
	}
}

func refuseBlank(schema *huma.Schema) {
	for _, property := range schema.Properties {
		refuseBlank(property)
	}
	if schema.Type != huma.TypeString || schema.MinLength == nil || *schema.MinLength == 0 || schema.Pattern != "" || schema.Format != "" {
		return
	}
	schema.Pattern, schema.PatternDescription = legible, "more than spaces"
	schema.PrecomputeMessages()
}
