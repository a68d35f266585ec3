package mongo

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// The types of fields, which are those of dataset.ServiceTypes.
const (
	kindText     = "text"
	kindInteger  = "integer"
	kindNumber   = "number"
	kindBoolean  = "boolean"
	kindDate     = "date"
	kindMoment   = "moment"
	kindUUID     = "uuid"
	kindBytes    = "bytes"
	kindDocument = "document"
)

// A sample is this many documents, half of them the first and half the last by their _id, and no more than these bytes.
const (
	sampleDocuments = 200
	sampleBytes     = 16 << 20
)

// typed is what a field's values are, by a sample of them: kind is empty where they differ or there are none.
type typed struct {
	kind string
	// list says that it holds arrays; number is the type of its numbers.
	list   bool
	number bson.Type
	// decimal says that there are decimal numbers among them.
	decimal bool
}

// member is a field of documents as a sample shows it.
type member struct {
	name string
	typed
	// of are the names of the server's types that were seen.
	of []string
	// differ says that there were values of several kinds; twice that it stood in a document more than once.
	differ, twice bool
	inside        []*member

	seen bool
}

// shape is what is known of a collection.
type shape struct {
	uuid bson.RawValue
	// view is the word for a collection that documents can't be changed in; empty for others.
	view    string
	members []*member
}

func (s *shape) field(name string) (typed, bool) {
	i := slices.IndexFunc(s.members, func(m *member) bool { return m.name == name })
	if i < 0 {
		return typed{}, false
	}
	return s.members[i].typed, true
}

// ready connects and looks at the annotated collections: whether they are there, and what their fields hold.
func (c *Connector) ready(ctx context.Context) error {
	if c.catalog != nil {
		return nil
	}
	if err := c.connect(ctx); err != nil {
		return err
	}
	catalog := map[dataset.Address]*shape{}
	for i := range c.cfg.Datasets {
		d := &c.cfg.Datasets[i]
		there, err := c.listed(ctx, c.database(d.Key))
		if err != nil {
			return err
		}
		for j := range d.Collections {
			one := &d.Collections[j]
			s := there[one.Name]
			if one.Skip || s == nil {
				continue // what is not there is said when it is asked for
			}
			a := dataset.Address{Dataset: d.Key, Collection: one.Name}
			if s.members, err = c.sample(ctx, a.String(), c.collection(a), projected(one)); err != nil {
				return err
			}
			catalog[a] = s
		}
	}
	c.catalog = catalog
	return nil
}

// listed are the collections of a database, by name. A user that may not list them all sees those that it has a right on.
func (c *Connector) listed(ctx context.Context, database string) (map[string]*shape, error) {
	ctx, cancel := c.statement(ctx)
	defer cancel()
	db := c.client.Database(database)
	cursor, err := db.ListCollections(ctx, bson.D{})
	var said mongo.ServerError
	if errors.As(err, &said) && slices.ContainsFunc(unauthorized, said.HasErrorCode) {
		cursor, err = db.ListCollections(ctx, bson.D{}, options.ListCollections().SetNameOnly(true).SetAuthorizedCollections(true))
	}
	if err != nil {
		return nil, c.fault(ctx, "", err)
	}
	defer cursor.Close(ctx) //nolint:errcheck // it was read, or is broken
	out := map[string]*shape{}
	for cursor.Next(ctx) {
		name, is := cursor.Current.Lookup("name").StringValueOK()
		if !is || len(out) == mostCollections {
			return nil, answerFault("", "the list of the collections can't be read")
		}
		s := &shape{}
		if kind, is := cursor.Current.Lookup("type").StringValueOK(); is && kind != "collection" {
			s.view = kind
		}
		if id, err := cursor.Current.LookupErr("info", "uuid"); err == nil {
			s.uuid = bson.RawValue{Type: id.Type, Value: slices.Clone(id.Value)}
		}
		out[name] = s
	}
	return out, c.fault(ctx, "", cursor.Err())
}

// mostCollections bounds the list of a database's collections.
const mostCollections = 100_000

// shapeOf finds a collection.
func (c *Connector) shapeOf(a dataset.Address) (*shape, error) {
	if s := c.catalog[a]; s != nil {
		return s, nil
	}
	return nil, fault(connectors.ErrTable, a.String(), "the database "+c.database(a.Dataset)+" has no such collection, or the user has no right to it", "correct its name or meta.schema in the annotation, mark it skip_processing, or give the user the right")
}

// still wants a collection to be the one that it was when the work began: a server answers for one that is gone as if it were empty.
func (c *Connector) still(ctx context.Context, a dataset.Address) error {
	was, err := c.shapeOf(a)
	if err != nil {
		return err
	}
	now, err := c.listed(ctx, c.database(a.Dataset))
	if err != nil {
		return err
	}
	if is := now[a.Collection]; is == nil || is.uuid.Type != was.uuid.Type || !is.uuid.Equal(was.uuid) {
		return fault(connectors.ErrVanished, a.String(), "it was there when the work began and is gone", "restore it or change the dataset, then try again; the parts already stored are kept")
	}
	return nil
}

// projected names the fields that are read: those that are annotated. None where a name can't be asked for.
func projected(decl *dataset.Collection) bson.D {
	out := bson.D{{Key: "_id", Value: 1}}
	for i := range decl.Fields {
		switch name := decl.Fields[i].Name; {
		case !askable(name):
			return nil
		case name != "_id":
			out = append(out, bson.E{Key: name, Value: 1})
		}
	}
	return out
}

// sample looks at some documents, and keeps of them what types their fields have.
func (c *Connector) sample(ctx context.Context, where string, of *mongo.Collection, fields bson.D) ([]*member, error) {
	var all []*member
	for _, order := range []int{1, -1} {
		find := options.Find().SetSort(bson.D{{Key: "_id", Value: order}}).SetLimit(sampleDocuments / 2).SetBatchSize(batch)
		if fields != nil {
			find.SetProjection(fields)
		}
		size := 0
		err := c.each(ctx, where, of, bson.D{}, find, func(doc bson.Raw) error {
			var err error
			if size += len(doc); size <= sampleBytes/2 {
				all, err = noted(all, doc, 1)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// noted adds what a document shows to what is known of the fields.
func noted(all []*member, doc bson.Raw, depth int) ([]*member, error) {
	if depth > deepest {
		return nil, errDeep
	}
	elements, err := doc.Elements()
	if err != nil {
		return nil, errBroken
	}
	var seen names
	for _, e := range elements {
		name := e.Key()
		again := seen.again(name)
		i := slices.IndexFunc(all, func(m *member) bool { return m.name == name })
		if i < 0 {
			if len(all) == mostMembers {
				continue // names that are values: no annotation has them all
			}
			i = len(all)
			all = append(all, &member{name: name})
		}
		all[i].twice = all[i].twice || again
		if err := all[i].note(e.Value(), depth); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// mostMembers is how many fields of one document are told apart.
const mostMembers = 1000

// note adds a value.
func (m *member) note(v bson.RawValue, depth int) (err error) {
	if v.Type != bson.TypeEmbeddedDocument && v.Type != bson.TypeArray && v.Validate() != nil {
		return errBroken
	}
	switch v.Type {
	case bson.TypeNull, bson.TypeUndefined:
		return nil
	case bson.TypeArray:
		values, err := v.Array().Values()
		if err != nil || depth > deepest {
			return errBroken
		}
		m.list = true
		for _, one := range values {
			if one.Type != bson.TypeArray {
				if err := m.note(one, depth); err != nil {
					return err
				}
			}
		}
		return nil
	case bson.TypeEmbeddedDocument:
		m.inside, err = noted(m.inside, v.Document(), depth+1)
		if err != nil {
			return err
		}
	}
	if name := alias(v.Type); !slices.Contains(m.of, name) {
		m.of = append(m.of, name)
	}
	m.join(v)
	return nil
}

// alias is what MongoDB calls a type ($type takes these names).
func alias(t bson.Type) string {
	names := map[bson.Type]string{bson.TypeDouble: "double", bson.TypeString: "string", bson.TypeEmbeddedDocument: "object", bson.TypeBinary: "binData", bson.TypeObjectID: "objectId", bson.TypeBoolean: "bool",
		bson.TypeDateTime: "date", bson.TypeRegex: "regex", bson.TypeJavaScript: "javascript", bson.TypeInt32: "int", bson.TypeTimestamp: "timestamp", bson.TypeInt64: "long", bson.TypeDecimal128: "decimal"}
	if name, ok := names[t]; ok {
		return name
	}
	return "other"
}

// join keeps the kind of a value, unless there were others of another kind.
func (m *member) join(v bson.RawValue) {
	kind := kindOf(v)
	switch v.Type {
	case bson.TypeInt32, bson.TypeInt64, bson.TypeDouble, bson.TypeDecimal128:
		m.decimal = m.decimal || v.Type == bson.TypeDecimal128
		m.number = v.Type
	}
	switch {
	case !m.seen:
		m.kind = kind
	case m.kind == kind:
	case (m.kind == kindInteger || m.kind == kindNumber) && (kind == kindInteger || kind == kindNumber) && !m.differ:
		m.kind = kindNumber
	case (m.kind == kindText || m.kind == kindDate) && (kind == kindText || kind == kindDate) && !m.differ:
		m.kind = kindText
	default:
		m.kind, m.differ = "", true
	}
	m.seen = true
}

var day = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// kindOf is the kind of a single value. A text that is a day is one: databases without a type for days keep them so.
func kindOf(v bson.RawValue) string {
	switch v.Type {
	case bson.TypeInt32, bson.TypeInt64:
		return kindInteger
	case bson.TypeDouble:
		if f := v.Double(); f == float64(int64(f)) {
			return kindInteger
		}
		return kindNumber
	case bson.TypeDecimal128:
		return kindNumber
	case bson.TypeBoolean:
		return kindBoolean
	case bson.TypeDateTime:
		return kindMoment
	case bson.TypeEmbeddedDocument:
		return kindDocument
	case bson.TypeBinary:
		if subtype, data := v.Binary(); subtype == bson.TypeBinaryUUID && len(data) == 16 {
			return kindUUID
		}
		return kindBytes
	case bson.TypeString:
		if text := v.StringValue(); day.MatchString(text) {
			if _, err := time.Parse(time.DateOnly, text); err == nil {
				return kindDate
			}
		}
	}
	return kindText
}
