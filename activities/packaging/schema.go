package packaging

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/privacy-docket/docket/connectors"
)

// A package that is taken along says in what form its data is, for the programs of whoever receives it (Art. 20(1) GDPR: structured, commonly used and
// machine-readable): JSON Schema 2020-12 beside each JSON file, and CSV on the Web (W3C) beside each CSV file.
const (
	jsonSchemaOf = "https://json-schema.org/draft/2020-12/schema"
	csvwOf       = "http://www.w3.org/ns/csvw"
)

// schemas writes the two files that describe those of a collection.
func (b *builder) schemas(j, v File, s System, c Collection, t tally) error {
	described := []struct {
		file File
		text any
	}{
		{File{Name: strings.TrimSuffix(j.Name, ".json") + ".schema.json", Type: "application/schema+json", System: s.Key, Collection: c.Name}, jsonSchema(s, c, t)},
		{File{Name: v.Name + "-metadata.json", Type: "application/csvm+json", System: s.Key, Collection: c.Name}, csvMetadata(path.Base(v.Name), c, t)},
	}
	for _, d := range described {
		text, err := json.MarshalIndent(d.text, "", "  ")
		if err != nil {
			return fmt.Errorf("describe a file: %w", err)
		}
		err = b.archive.add(d.file, func(w io.Writer) error {
			_, err := w.Write(append(text, '\n'))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type schemaField struct {
	Type        []string `json:"type,omitempty"`
	Description string   `json:"description,omitempty"`
}

// jsonSchema describes an array of objects. A column of documents may hold anything.
func jsonSchema(s System, c Collection, t tally) any {
	fields, required := map[string]schemaField{}, []string{}
	for i, name := range jsonNames(c.Columns) {
		if c.Columns[i].Beyond != "" {
			continue
		}
		fields[name] = schemaField{Type: jsonTypes(t.kindsOf(i)), Description: strings.Join(c.Columns[i].Categories, ", ")}
		required = append(required, name)
	}
	return map[string]any{
		"$schema": jsonSchemaOf, "title": s.Key + "." + c.Name, "type": "array",
		"items": map[string]any{"type": "object", "properties": fields, "required": required, "additionalProperties": false},
	}
}

// jsonTypes are the types of JSON that values of some kinds are written as; none where it may be any. A text may always stand in the place of a value
// that was left out, and an object in that of one that was too long.
func jsonTypes(kinds uint16) []string {
	if kinds&(1<<connectors.KindJSON) != 0 {
		return nil
	}
	out := []string{"null", "string"}
	for _, of := range []struct {
		kind connectors.Kind
		name string
	}{{connectors.KindBool, "boolean"}, {connectors.KindInt, "number"}, {connectors.KindDecimal, "number"}, {connectors.KindList, "array"}, {connectors.KindOversize, "object"}} {
		if kinds&(1<<of.kind) != 0 && out[len(out)-1] != of.name {
			out = append(out, of.name)
		}
	}
	return out
}

type csvColumn struct {
	Name     string `json:"name"`
	Titles   string `json:"titles"`
	Datatype string `json:"datatype"`
	Required bool   `json:"required"`
}

// csvMetadata describes a CSV file. Cells that a spreadsheet would run have an apostrophe in front, so that all but plain numbers are strings.
func csvMetadata(url string, c Collection, t tally) any {
	columns := []csvColumn{}
	for i, column := range c.Columns {
		if column.Beyond != "" {
			continue
		}
		columns = append(columns, csvColumn{Name: fmt.Sprintf("c%d", i+1), Titles: column.Name, Datatype: csvType(t.kindsOf(i))})
	}
	return map[string]any{
		"@context": csvwOf, "url": url,
		"dialect":     map[string]any{"encoding": "utf-8", "header": true, "delimiter": ",", "quoteChar": "\"", "doubleQuote": true, "lineTerminators": []string{"\r\n"}},
		"tableSchema": map[string]any{"columns": columns},
	}
}

func csvType(kinds uint16) string {
	switch kinds &^ (1 << connectors.KindNull) {
	case 1 << connectors.KindBool:
		return "boolean"
	case 1 << connectors.KindInt:
		return "integer"
	case 1<<connectors.KindInt | 1<<connectors.KindDecimal, 1 << connectors.KindDecimal:
		return "number"
	default:
		return "string"
	}
}

// kindsOf are the kinds of the values of a column; none were seen where there was no row.
func (t tally) kindsOf(column int) uint16 {
	if column >= len(t.kinds) {
		return 0
	}
	return t.kinds[column]
}
