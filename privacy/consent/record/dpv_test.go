package record_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/piprate/json-gold/ld"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/consent/record"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden holds bytes against a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, got, 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

func indented(t *testing.T, v any) []byte {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	require.NoError(t, encoder.Encode(v))
	return out.Bytes()
}

func plain(t *testing.T, data []byte) any {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal(data, &v))
	return v
}

// offline fetches nothing: a record has to be readable by itself.
type offline struct{}

func (offline) LoadDocument(address string) (*ld.RemoteDocument, error) {
	return nil, errors.New("a record sends its reader to " + address)
}

func processor() (*ld.JsonLdProcessor, *ld.JsonLdOptions) {
	options := ld.NewJsonLdOptions("")
	options.DocumentLoader = offline{}
	options.ProcessingMode = ld.JsonLd_1_1
	return ld.NewJsonLdProcessor(), options
}

func samples() map[string]*record.Consent {
	return map[string]*record.Consent{"confirmed": confirmed(), "implied": implied(), "bare": bare()}
}

// A record is read by a processor of JSON-LD without the network, loses nothing on the way, and says the same as before: the triples are kept, too.
func TestTS27560RecordIsJSONLD(t *testing.T) {
	t.Parallel()
	for name, c := range samples() {
		r, err := record.NewDPV(c)
		require.NoError(t, err, name)
		document := indented(t, r)
		golden(t, name+".jsonld", document)
		p, options := processor()
		expanded, err := p.Expand(plain(t, document), options)
		require.NoError(t, err, name)
		require.Len(t, expanded, 1)
		require.Equal(t, leaves(withoutContext(plain(t, document))), leaves(expanded[0]), "%s: something is lost when it is read", name)
		options.Format, options.Algorithm = "application/n-quads", ld.AlgorithmURDNA2015
		triples, err := p.Normalize(plain(t, document), options)
		require.NoError(t, err, name)
		golden(t, name+".nq", []byte(triples.(string)))
	}
}

func withoutContext(v any) any {
	delete(v.(map[string]any), "@context")
	return v
}

// leaves counts the values of a document: texts, however they are wrapped.
func leaves(v any) (n int) {
	switch v := v.(type) {
	case map[string]any:
		if _, wrapped := v["@value"]; wrapped {
			return 1
		}
		for _, inner := range v {
			n += leaves(inner)
		}
		return n
	case []any:
		for _, inner := range v {
			n += leaves(inner)
		}
		return n
	default:
		return 1
	}
}

// Every word of a record is one of the vocabularies that it names.
func TestTS27560RecordsHaveTheWordsOfTheirVocabularies(t *testing.T) {
	t.Parallel()
	listed := terms(t)
	for name, c := range samples() {
		r, err := record.NewDPV(c)
		require.NoError(t, err)
		p, options := processor()
		expanded, err := p.Expand(plain(t, indented(t, r)), options)
		require.NoError(t, err)
		used := map[string]bool{}
		collect(expanded, used)
		require.Greater(t, len(used), 20, name)
		for word := range used {
			require.True(t, listed[word], "%s: %s is in no vocabulary", name, word)
		}
	}
}

// terms reads the list of terms, in full addresses.
func terms(t *testing.T) map[string]bool {
	t.Helper()
	spaces := map[string]string{
		"dpv": "https://w3id.org/dpv#", "pd": "https://w3id.org/dpv/pd#", "loc": "https://w3id.org/dpv/loc#", "dct": "http://purl.org/dc/terms/",
		"skos": "http://www.w3.org/2004/02/skos/core#", "schema": "https://schema.org/", "spdx": "http://spdx.org/rdf/terms#",
		"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
	}
	data, err := os.ReadFile("testdata/terms.txt")
	require.NoError(t, err)
	out := map[string]bool{record.Profile: true}
	for _, line := range strings.Split(string(data), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		prefix, term, _ := strings.Cut(line, ":")
		require.Contains(t, spaces, prefix, line)
		out[spaces[prefix]+term] = true
	}
	return out
}

// collect finds the properties, the types and the references of an expanded document. Addresses of pages, blank nodes and the record itself are no words.
func collect(v any, used map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			collect(inner, used)
		}
	case map[string]any:
		for key, inner := range v {
			switch key {
			case "@type":
				for _, word := range ld.Arrayify(inner) {
					if _, value := v["@value"]; !value {
						used[word.(string)] = true
					}
				}
			case "@id":
				if id := inner.(string); !strings.HasPrefix(id, "_:") && !strings.HasPrefix(id, "urn:") && !strings.Contains(id, ".example/") {
					used[id] = true
				}
			case "@value":
			default:
				used[key] = true
				collect(inner, used)
			}
		}
	}
}
