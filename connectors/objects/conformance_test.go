package objects_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/objects"
	"github.com/privacy-docket/docket/deploy/local/localtest"
)

// servers are those that the suite runs against, by the kinds of buckets: nothing may depend on one maker's.
func servers(t *testing.T) map[string]func(*testing.T) *bench {
	t.Helper()
	minio, versity := localtest.MinIO(t), localtest.Versity(t)
	return map[string]func(*testing.T) *bench{
		"minio":     func(t *testing.T) *bench { t.Helper(); return newBench(t, plain, minio).extracting() },
		"versitygw": func(t *testing.T) *bench { t.Helper(); return newBench(t, plain, versity) },
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, open := range servers(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conformance.Run(t, func(t *testing.T, s conformance.Setup) connectors.Connector {
				f := fill(t, open(t), s)
				return f.connector(t, objects.Config{Document: fixtureDocument, Datasets: s.Datasets, BatchRows: s.BatchRows, ValueLimit: s.ValueLimit, KeyLimit: s.KeyLimit, AllowWrites: true})
			})
		})
	}
}

// A store has no catalogue, and knows nothing that refers to something.
func TestErasingConformance(t *testing.T) {
	t.Parallel()
	server := localtest.MinIO(t)
	for name, kind := range map[string]kind{"minio": plain, "minio, versions": versioned} {
		open := func(t *testing.T) *bench { t.Helper(); return newBench(t, kind, server).extracting() }
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conformance.RunErasing(t, func(t *testing.T, s conformance.Setup) (connectors.Eraser, conformance.System) {
				f := fill(t, open(t), s)
				return f.connector(t, objects.Config{Document: erasingDocument, Datasets: s.Datasets, BatchRows: s.BatchRows, ValueLimit: s.ValueLimit, KeyLimit: s.KeyLimit, EraseRows: s.EraseRows, AllowWrites: true}), f
			}, conformance.Traits{Blind: true, Loose: true})
		})
	}
}

// fixture is a bucket with the suite's tables: each row an object, whose columns stand in its key, tags, metadata or content.
type fixture struct {
	*bench
	places map[string]map[string]place
}

// place says where a column is; content is where nothing is said.
type place struct{ tag, metadata string }

func places() map[string]map[string]place {
	return map[string]map[string]place{
		"visits": {"page": {tag: "page"}},
		"orders": {"address_id": {tag: "address"}, "card_id": {metadata: "card-id"}},
	}
}

// forms of the keys, with columns in braces; {#} is the row's place in the table.
func forms() map[string]string {
	return map[string]string{
		"people": "people/{id}.json", "items": "items/{id}.json", "purchases": "purchases/{#}.json", "visits": "visits/{email}/{#}",
		"customers": "customers/{id}.json", "cards": "cards/{customer_id}-{id}.json", "addresses": "addresses/{id}.json", "shops": "shops/{id}.json",
		"orders": "orders/{customer_id}/{id}.json", "threads": "threads/{id}.json",
	}
}

const fixtureDocument = `
store:
  name: Fixture
  url: URL
  bucket: BUCKET
  limits: {concurrency: 3}
  collections:
  - collection: fixture.people
    objects: people/{id}.json
    search: all
    fields: {id: {type: integer}, email: {content: email}, name: {content: name}, score: {content: score, type: number}, born: {content: born, type: date}, joined: {content: joined, type: moment},
      active: {content: active, type: boolean}, avatar: {content: avatar, type: bytes}, settings: {content: settings, type: document}, tags: {content: tags, type: list}, note: {content: note}}
  - collection: fixture.purchases
    objects: purchases/*.json
    search: all
    fields: {shop: {content: shop}, number: {content: number, type: integer}, person_id: {content: person_id, type: integer}, item_id: {content: item_id, type: integer}}
  - collection: fixture.items
    objects: items/{id}.json
    fields: {id: {type: integer}, title: {content: title}}
  - collection: fixture.visits
    objects: visits/{email}/*
    fields: {page: {tag: page}}
`

const erasingDocument = `
store:
  name: Fixture
  url: URL
  bucket: BUCKET
  limits: {concurrency: 3}
  collections:
  - collection: fixture.customers
    objects: customers/{id}.json
    search: all
    fields: {id: {type: integer}, email: {content: email}, name: {content: name}, code: {content: code}, score: {content: score, type: number}, visits: {content: visits, type: integer},
      born: {content: born, type: date}, joined: {content: joined, type: moment}, active: {content: active, type: boolean}, avatar: {content: avatar, type: bytes},
      settings: {content: settings, type: document}, tags: {content: tags, type: list}, note: {content: note, type: text}, fixed: {content: fixed}}
  - collection: fixture.cards
    objects: cards/{customer_id}-{id}.json
    search: all
    fields: {id: {type: integer}, customer_id: {type: integer}, number: {content: number}}
  - collection: fixture.addresses
    objects: addresses/{id}.json
    fields: {id: {type: integer}, street: {content: street}}
  - collection: fixture.orders
    objects: orders/{customer_id}/{id}.json
    fields: {id: {type: integer}, customer_id: {type: integer}, card_id: {metadata: card-id, type: integer}, address_id: {tag: address, type: integer},
      placed: {content: placed, type: moment}, recipient: {content: recipient}, remark: {content: remark}}
  - collection: fixture.threads
    objects: threads/{id}.json
    search: all
    fields: {id: {type: integer}, starter: {content: starter}, readers: {content: readers}, doc: {content: doc, type: document}}
  - collection: fixture.visits
    objects: visits/{email}/*
    fields: {page: {tag: page}}
`

// fill puts the suite's rows into a bucket.
func fill(t *testing.T, b *bench, s conformance.Setup) *fixture {
	t.Helper()
	f := &fixture{bench: b, places: places()}
	var all []filling
	for _, table := range s.Tables {
		rows := slices.Clone(table.Rows)
		slices.SortStableFunc(rows, func(x, y connectors.Row) int {
			for i := range table.Key {
				if c := strings.Compare(x[i].Raw(), y[i].Raw()); c != 0 {
					return c
				}
				if c := x[i].Int64() - y[i].Int64(); c != 0 {
					return int(c)
				}
			}
			return 0
		})
		for n, row := range rows {
			key, content, opts := f.object(t, table, n, row)
			all = append(all, filling{key, content, opts})
		}
	}
	b.fill(t, all)
	return f
}

// filling is an object to be put away.
type filling struct {
	key, content string
	opts         minio.PutObjectOptions
}

// fill puts objects away: on MinIO with one request, which takes a tenth of the time.
func (b *bench) fill(t *testing.T, all []filling) {
	t.Helper()
	if b.extracts {
		objects := make(chan minio.SnowballObject, len(all))
		for _, o := range all {
			objects <- minio.SnowballObject{Key: o.key, Size: int64(len(o.content)), ModTime: time.Unix(1_700_000_000, 0), Content: strings.NewReader(o.content), Headers: o.opts.Header()}
		}
		close(objects)
		require.NoError(t, b.PutObjectsSnowball(t.Context(), b.Bucket, minio.SnowballOptions{InMemory: true}, objects))
		return
	}
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(8)
	for _, o := range all {
		group.Go(func() error {
			_, err := b.PutObject(ctx, b.Bucket, o.key, strings.NewReader(o.content), int64(len(o.content)), o.opts)
			return err
		})
	}
	require.NoError(t, group.Wait())
}

// object is what a row is put away as.
func (f *fixture) object(t *testing.T, table conformance.Table, n int, row connectors.Row) (key, content string, opts minio.PutObjectOptions) {
	t.Helper()
	key = strings.ReplaceAll(forms()[table.Name], "{#}", fmt.Sprintf("%06d", n))
	opts = minio.PutObjectOptions{UserTags: map[string]string{}, UserMetadata: map[string]string{}}
	var members []string
	for i, v := range row {
		name := table.Columns[i].Name
		at := f.places[table.Name][name]
		switch in := "{" + name + "}"; {
		case strings.Contains(key, in):
			key = strings.ReplaceAll(key, in, v.String())
		case v.Kind() == connectors.KindNull:
		case at.tag != "":
			opts.UserTags[at.tag] = v.String()
		case at.metadata != "":
			opts.UserMetadata[at.metadata] = v.String()
		default:
			members = append(members, fmt.Sprintf("%q: %s", name, written(t, v)))
		}
	}
	return key, "{" + strings.Join(members, ", ") + "}", opts
}

// written is a value as the content holds it.
func written(t *testing.T, v connectors.Value) string {
	t.Helper()
	switch v.Kind() {
	case connectors.KindDecimal, connectors.KindJSON:
		return v.Raw()
	case connectors.KindBytes:
		return `"` + base64.StdEncoding.EncodeToString([]byte(v.Raw())) + `"`
	case connectors.KindTime:
		return `"` + v.Raw() + `"`
	case connectors.KindList:
		items := make([]string, len(v.Elements()))
		for i, e := range v.Elements() {
			items[i] = written(t, e)
		}
		return "[" + strings.Join(items, ", ") + "]"
	default:
		text, err := v.AppendJSON(nil)
		require.NoError(t, err)
		return string(text)
	}
}

// Texts reads a table past the connector: of each object what columns of it stand in, several at a time.
func (f *fixture) Texts(t *testing.T, table conformance.Table) [][]*string {
	t.Helper()
	form := forms()[table.Name]
	folder, _, _ := strings.Cut(form, "/")
	var tagged, described, filled bool
	for _, c := range table.Columns {
		at := f.places[table.Name][c.Name]
		tagged, described = tagged || at.tag != "", described || at.metadata != ""
		filled = filled || at == (place{}) && !strings.Contains(form, "{"+c.Name+"}")
	}
	keys := f.keys(t, folder+"/", false)
	out := make([][]*string, len(keys))
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(8)
	for i, key := range keys {
		group.Go(func() (err error) {
			o := read{tags: map[string]string{}, metadata: map[string]string{}, content: []byte("{}")}
			if tagged {
				o.tags, err = f.tagsOf(ctx, key)
			}
			if described && err == nil {
				o.metadata, err = f.metadataOf(ctx, key)
			}
			if filled && err == nil {
				o.content, err = f.contentOf(ctx, key)
			}
			if err == nil {
				out[i], err = f.texts(table, inKey(form, key), o)
			}
			return err
		})
	}
	require.NoError(t, group.Wait())
	return out
}

// read is an object as the test reads it.
type read struct {
	tags, metadata map[string]string
	content        []byte
}

// texts are the columns of one object.
func (f *fixture) texts(table conformance.Table, of map[string]string, o read) ([]*string, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(o.content, &members); err != nil {
		return nil, err
	}
	texts := make([]*string, len(table.Columns))
	for i, c := range table.Columns {
		at := f.places[table.Name][c.Name]
		text, there := of[c.Name]
		switch {
		case at.tag != "":
			text, there = o.tags[at.tag]
		case at.metadata != "":
			text, there = o.metadata[at.metadata]
		case !there:
			var err error
			if text, there, err = memberText(members[c.Name], c.Kind); err != nil {
				return nil, err
			}
		}
		if there {
			texts[i] = &text
		}
	}
	return texts, nil
}

// inKey reads columns out of a key, by its form's slashes and dashes.
func inKey(form, key string) map[string]string {
	split := func(s string) []string {
		return strings.FieldsFunc(strings.TrimSuffix(s, ".json"), func(r rune) bool { return r == '/' || r == '-' })
	}
	out := map[string]string{}
	for i, part := range split(form) {
		if name, is := strings.CutPrefix(part, "{"); is && part != "{#}" {
			out[strings.TrimSuffix(name, "}")] = split(key)[i]
		}
	}
	return out
}

// memberText is a member of the content as the suite writes values.
func memberText(raw json.RawMessage, kind connectors.Kind) (text string, there bool, err error) {
	if len(raw) == 0 || string(raw) == "null" {
		return "", false, nil
	}
	text = string(raw)
	if raw[0] == '"' {
		if err := json.Unmarshal(raw, &text); err != nil {
			return "", false, err
		}
	}
	switch kind {
	case connectors.KindBytes:
		decoded, err := base64.StdEncoding.DecodeString(text)
		return hex.EncodeToString(decoded), true, err
	case connectors.KindTime:
		text = strings.TrimSuffix(strings.Replace(text, "T", " ", 1), "Z")
	}
	return text, true, nil
}
