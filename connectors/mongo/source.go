package mongo

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// source finds and changes documents.
type source struct{ *Connector }

var _ records.Source = source{}

const (
	// batch is how many documents the server sends at a time, if they take no more than its own bound of 16 MiB.
	batch = 100
	// mostEmpty is how many parts of an answer may have nothing in them, in a row.
	mostEmpty = 100
)

// askable reports whether the server can be asked for a field by its name: a dot in it would lead inside.
func askable(name string) bool {
	return !strings.Contains(name, ".") && !strings.HasPrefix(name, "$") && name != ""
}

// Form says what the fields of a collection hold: what the annotation says, and, where its types have no word for it, what a sample shows.
func (s source) Form(a dataset.Address) (*records.Form, error) {
	of, err := s.shapeOf(a)
	if err != nil {
		return nil, err
	}
	form := &records.Form{Key: []string{hiddenID}, Fields: map[string]records.FieldForm{}, Deletes: true, Changes: true}
	decl, _ := s.Annotated(a)
	if decl == nil {
		return form, nil
	}
	for i := range decl.Fields {
		f := &decl.Fields[i]
		seen, _ := of.field(f.Name)
		form.Fields[f.Name] = records.FieldForm{Type: typeOf(f, seen), Required: f.Name == "_id", Fixed: f.Name == "_id" || !askable(f.Name)}
	}
	return form, nil
}

// typeOf is a field's type: the annotated one, unless values are of one that annotations have no word for; where nothing is annotated, the sample's.
func typeOf(f *dataset.Field, seen typed) string {
	switch {
	case len(f.Fields) > 0:
		return kindDocument
	case seen.list && seen.kind == kindDocument:
		return kindDocument
	case seen.list && f.Type.Base == "":
		return "list"
	case seen.list, f.Type.Array:
		return ""
	case f.Type.Base == "" || slices.Contains([]string{kindMoment, kindUUID, kindBytes}, seen.kind):
		return seen.kind
	}
	return ""
}

// Finds reports whether the server can be asked for a field; all documents can be listed.
func (s source) Finds(_ dataset.Address, path []string) bool {
	return !slices.ContainsFunc(path, func(name string) bool { return !askable(name) })
}

// Find asks for the documents that may hold a value, in the order of their _id. They come whole, and what isn't annotated is let go of here: what a server makes of
// a field that stands twice is not defined, and one that picks fields out may leave the second behind. Asked for all of a collection, it sends the annotated ones.
func (s source) Find(ctx context.Context, q records.Query, take func(json.RawMessage) error) error {
	where := q.Step.Address.String()
	of, err := s.shapeOf(q.Step.Address)
	if err != nil {
		return err
	}
	filter := bson.D{}
	if q.By != nil && !sendable(q.By.Value) {
		return fault(connectors.ErrSelection, q.By.Field.Where(), "a value to find documents by holds a zero character or is no UTF-8", "give it without")
	}
	if q.By != nil {
		seen, _ := of.field(q.By.Field.Path[0])
		filter = holding(q.By, seen)
	}
	find := options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetBatchSize(batch).SetAllowDiskUse(true)
	if fields := projected(q.Decl); fields != nil && q.By == nil {
		find.SetProjection(fields)
	}
	only := annotated(q.Decl)
	return s.each(ctx, where, s.collection(q.Step.Address), filter, find, func(doc bson.Raw) error {
		row, err := s.row(q.Table, doc, only)
		if err != nil {
			return err
		}
		return take(row)
	})
}

// annotated tells the fields that are read from others.
func annotated(decl *dataset.Collection) func(name string) bool {
	known := map[string]bool{"_id": true}
	for i := range decl.Fields {
		known[decl.Fields[i].Name] = true
	}
	return func(name string) bool { return known[name] }
}

// row writes a document of a collection as a row.
func (s source) row(t *records.Table, doc bson.Raw, only func(name string) bool) ([]byte, error) {
	row, err := rowOf(doc, only)
	var twice *errTwice
	if errors.As(err, &twice) {
		return nil, twiceFault(t.Step.Address, t.Decl, twice)
	}
	return row, err
}

// each hands on what a query finds. An answer that comes to no end is ended here.
func (c *Connector) each(ctx context.Context, where string, of *mongo.Collection, filter bson.D, find *options.FindOptionsBuilder, take func(bson.Raw) error) error {
	within, cancel := c.statement(ctx)
	cursor, err := of.Find(within, filter, find)
	cancel()
	if err != nil {
		return c.fault(ctx, where, err)
	}
	defer c.letGo(ctx, cursor)
	for found, empty := 0, 0; ; {
		within, cancel := c.statement(ctx)
		more := cursor.TryNext(within)
		cancel()
		switch {
		case more:
			if found++; found > c.cfg.AnswerLimit {
				return answerFault(where, "the server's answer does not end")
			}
			empty = 0
			if err := take(cursor.Current); err != nil {
				return unreadable(where, err)
			}
		case cursor.Err() != nil:
			return c.fault(ctx, where, cursor.Err())
		case cursor.ID() == 0:
			return nil
		default:
			if empty++; empty > mostEmpty {
				return answerFault(where, "the server's answer does not end")
			}
		}
	}
}

// letGo has the server forget a query.
func (c *Connector) letGo(ctx context.Context, cursor *mongo.Cursor) {
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.cfg.ConnectTimeout)
	defer cancel()
	_ = cursor.Close(within) // the server forgets it by itself after a while
}

// unreadable explains what was wrong with a document; what whoever took it says comes through.
func unreadable(where string, err error) error {
	switch {
	case errors.Is(err, errDeep):
		return fault(connectors.ErrTooLarge, where, "a document has others in it, one in the other, deeper than a server keeps them", "ask whoever runs the server")
	case errors.Is(err, errBroken):
		return answerFault(where, "the server's answer can't be read")
	}
	return err
}

// Current reports whether a row is what anybody sees: of documents there is nothing else.
func (source) Current(json.RawMessage) bool { return true }

// Late is for fields that do not stand in a row, which documents don't have.
func (source) Late(context.Context, *records.Table, *records.Field, json.RawMessage) (connectors.Value, error) {
	return connectors.Null(), nil
}

// Able refuses what can't be done to documents.
func (s source) Able(_ context.Context, t *records.Table, o *erasure.Order) error {
	of, err := s.shapeOf(t.Step.Address)
	if err != nil {
		return err
	}
	if of.view != "" {
		return fault(connectors.ErrReadOnly, t.Step.Address.String(), "it is a "+of.view+", whose documents can't be changed", "annotate the collection behind it, or keep it with a reason")
	}
	for _, m := range slices.Concat(o.Masks, o.Trim, o.Parts) {
		switch {
		case m.Path[0] == "_id":
			return fault(connectors.ErrType, t.Step.Address.String()+"._id", "a document's _id can't be changed", "delete the documents")
		case !writable(t, m):
			return fault(connectors.ErrType, t.Step.Address.String()+"."+strings.Join(m.Path, "."), "the value to be written has a name in it that holds a zero character", "give it without: no document can have such a name")
		case !askable(m.Path[0]):
			return fault(connectors.ErrType, t.Step.Address.String()+"."+m.Path[0], "a field with a dot in its name can't be written", "delete the documents, or treat the field by hand")
		}
	}
	return nil
}

// writable reports whether the document that a mask writes can be sent; what is no document can.
func writable(t *records.Table, m erasure.Mask) bool {
	decl, known := t.Decl.At(m.Path)
	if m.Treatment != erasure.Fixed && m.Treatment != erasure.Set || !known || t.FieldOf(m.Path, decl).Type == kindText {
		return true
	}
	value := json.RawMessage(m.Value)
	return !json.Valid(value) || sendableDocument(value)
}
