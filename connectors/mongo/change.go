package mongo

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"slices"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/connectors/records"
)

// longestCompared is how long a field may be, in bytes, for a change to be made only if it still says what was read. What somebody writes into a longer one
// between the last look and the change is overwritten.
const longestCompared = 64 << 10

// Change deletes documents, or writes what becomes of their fields. They are read again before: one that somebody changed meanwhile is left, and looked at anew.
func (s source) Change(ctx context.Context, t *records.Table, p records.Pass, changes []records.Change) ([]bool, error) {
	done := make([]bool, len(changes)) // each is written by one goroutine alone
	now, err := s.again(ctx, t, changes)
	if err != nil {
		return done, err
	}
	var group errgroup.Group // one that fails breaks no other off: what the server has begun to do is told
	var failed atomic.Bool
	group.SetLimit(writers)
	for i, c := range changes {
		doc := now[i]
		if doc == nil {
			continue
		}
		group.Go(func() (err error) {
			if failed.Load() {
				return nil
			}
			done[i], err = s.write(ctx, t, p, c, doc)
			failed.CompareAndSwap(false, err != nil)
			return err
		})
	}
	return done, group.Wait()
}

// DeleteBy is not how documents are deleted.
func (source) DeleteBy(context.Context, *records.Table, records.Asked) (bool, error) {
	return false, nil
}

// again reads documents anew; nil stands for those that are not any more what they were.
func (s source) again(ctx context.Context, t *records.Table, changes []records.Change) ([]bson.Raw, error) {
	where := t.Step.Address.String()
	place := map[string]int{}
	ids := bson.A{}
	for i, c := range changes {
		id, err := idOf(c.Raw)
		if err != nil {
			return nil, answerFault(where, "a document can't be read")
		}
		place[string(append([]byte{byte(id.Type)}, id.Value...))] = i
		ids = append(ids, id)
	}
	out, only := make([]bson.Raw, len(changes)), annotated(t.Decl)
	filter := bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}
	err := s.each(ctx, where, s.collection(t.Step.Address), filter, options.Find().SetBatchSize(batch), func(doc bson.Raw) error {
		id, err := doc.LookupErr("_id")
		if err != nil {
			return errBroken
		}
		i, asked := place[string(append([]byte{byte(id.Type)}, id.Value...))]
		if !asked {
			return nil
		}
		row, err := s.row(t, doc, only)
		if err == nil && bytes.Equal(row, changes[i].Raw) {
			out[i] = trimmed(doc, only)
		}
		return err
	})
	return out, err
}

// trimmed is a copy of a document with some of its fields: what isn't annotated may be long, and is not held.
func trimmed(doc bson.Raw, only func(name string) bool) bson.Raw {
	elements, _ := doc.Elements() // it was a row before
	out := make([]byte, 4)
	for _, e := range elements {
		if only(e.Key()) {
			out = append(out, e...)
		}
	}
	out = append(out, 0)
	binary.LittleEndian.PutUint32(out, uint32(len(out)))
	return out
}

// write deletes a document or sets its fields, provided that it still is what was read.
func (s source) write(ctx context.Context, t *records.Table, p records.Pass, c records.Change, doc bson.Raw) (bool, error) {
	where := t.Step.Address.String()
	of := s.collection(t.Step.Address)
	within, cancel := s.statement(ctx)
	defer cancel()
	if p.Delete {
		result, err := of.DeleteOne(within, unchanged(t, doc, nil))
		if err != nil {
			return false, s.fault(ctx, where, err)
		}
		return result.DeletedCount > 0, nil
	}
	set, err := s.columns(t, c, doc)
	if err != nil {
		return false, answerFault(where, "a document can't be read")
	}
	result, err := of.UpdateOne(within, unchanged(t, doc, c.Columns), bson.D{{Key: "$set", Value: set}})
	if err != nil {
		return false, s.fault(ctx, where, err)
	}
	return result.MatchedCount > 0, nil
}

// columns are the fields' new values, in the types that they had.
func (s source) columns(t *records.Table, c records.Change, doc bson.Raw) (bson.D, error) {
	shape, err := s.shapeOf(t.Step.Address)
	if err != nil {
		return nil, err
	}
	var set bson.D
	for _, name := range sorted(c.Columns) {
		was, _ := doc.LookupErr(name) // nothing where there was nothing
		decl, _ := t.Decl.At([]string{name})
		of, _ := shape.field(name)
		if f := t.FieldOf([]string{name}, decl); f.Type != "" {
			of.kind = f.Type
		}
		value, err := merged(was, c.Columns[name], of)
		if err != nil {
			return nil, err
		}
		set = append(set, bson.E{Key: name, Value: value})
	}
	return set, nil
}

func sorted(columns map[string]json.RawMessage) []string {
	names := make([]string, 0, len(columns))
	for name := range columns {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// unchanged asks for a document as long as the fields that are changed, and those that say whose it is, are what they were.
func unchanged(t *records.Table, doc bson.Raw, columns map[string]json.RawMessage) bson.D {
	id, _ := doc.LookupErr("_id") // it was found by that
	filter := bson.D{{Key: "_id", Value: bson.D{{Key: "$eq", Value: id}}}}
	names := sorted(columns)
	for i := range t.Step.FoundBy {
		names = append(names, t.Step.FoundBy[i].Path[0])
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if name == "_id" || !askable(name) {
			continue
		}
		was, err := doc.LookupErr(name)
		switch {
		case err != nil:
			filter = append(filter, bson.E{Key: name, Value: bson.D{{Key: "$exists", Value: false}}})
		case len(was.Value) <= longestCompared && comparable(was):
			filter = append(filter, bson.E{Key: name, Value: bson.D{{Key: "$eq", Value: was}}})
		}
	}
	return filter
}

// comparable reports whether a server compares a value with itself and finds that it is the same: not so one of the types that were given up.
func comparable(v bson.RawValue) bool {
	switch v.Type {
	case bson.TypeUndefined, bson.TypeDBPointer, bson.TypeSymbol, bson.TypeCodeWithScope, bson.TypeRegex:
		return false
	}
	return true
}
