package objects

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"

	"github.com/minio/minio-go/v7"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Change deletes objects, many with one request, or writes what becomes of them, each by itself.
func (s source) Change(ctx context.Context, t *records.Table, p records.Pass, changes []records.Change) ([]bool, error) {
	done := make([]bool, len(changes)) // each is written by one goroutine alone
	how, _ := s.doc.Collection(t.Step.Address)
	w := &writer{Connector: s.Connector, how: how, where: t.Step.Address.String(), keeps: p.Sets()}
	list := make([]*row, len(changes))
	for i, c := range changes {
		var err error
		if list[i], err = readRow(c.Raw); err != nil {
			return done, answerFault(w.where, "an object can't be read")
		}
	}
	if p.Delete {
		return done, w.remove(ctx, list, done)
	}
	group, inGroup := errgroup.WithContext(ctx)
	group.SetLimit(s.limits.Concurrency)
	for i, c := range changes {
		group.Go(func() (err error) {
			done[i], err = w.write(inGroup, edited(t, c, list[i]))
			return err
		})
	}
	return done, group.Wait()
}

// DeleteBy is not how objects are deleted.
func (source) DeleteBy(context.Context, *records.Table, records.Asked) (bool, error) {
	return false, nil
}

// edit is what is to become of an object.
type edit struct {
	*row
	tags, metadata map[string]string
	content        []byte
	// retagged, renamed and refilled say what of these is to be written.
	retagged, renamed, refilled bool
}

// edited works out what is to be written. A whole document of tags or metadata comes before single entries.
func edited(t *records.Table, c records.Change, r *row) *edit {
	e := &edit{row: r, tags: texts(r.Tags), metadata: texts(r.Metadata), content: r.Content}
	for _, name := range []string{dataset.StoreTags, dataset.StoreMetadata} {
		value, changed := c.Columns[name]
		if !changed {
			continue
		}
		var entries map[string]json.RawMessage
		_ = json.Unmarshal(value, &entries) // null leaves nothing
		if name == dataset.StoreTags {
			e.tags, e.retagged = texts(entries), true
		} else {
			e.metadata, e.renamed = texts(entries), true
		}
	}
	for name, value := range c.Columns {
		decl, _ := t.Decl.At([]string{name})
		at := t.FieldOf([]string{name}, decl).At
		switch {
		case at[0] == dataset.StoreTags && len(at) == 2:
			put(e.tags, at[1], value)
			e.retagged = true
		case at[0] == dataset.StoreMetadata && len(at) == 2:
			put(e.metadata, at[1], value)
			e.renamed = true
		case at[0] == dataset.StoreContent && len(at) > 1:
			e.content, _ = document.With(e.content, at[1:], value)
			e.refilled = true
		case name == dataset.StoreContent: // one that is JSON as a whole; any other can only be emptied
			e.refilled = true
			if e.content = value; document.Kind(value) != '{' {
				e.content = nil
			}
		}
	}
	return e
}

// put writes an entry; no value takes it away.
func put(entries map[string]string, name string, value json.RawMessage) {
	if text, is := member(value); is {
		entries[name] = text
	} else {
		delete(entries, name)
	}
}

// texts are entries as a store holds them.
func texts(entries map[string]json.RawMessage) map[string]string {
	out := map[string]string{}
	for name, value := range entries {
		put(out, name, value)
	}
	return out
}

// writer changes the objects of one collection.
type writer struct {
	*Connector
	how   *dataset.StoreCollection
	where string
	// keeps says that fields are only set: what was there before stays among the versions.
	keeps bool
}

// write writes an object anew; done is false when it went or changed meanwhile.
func (w *writer) write(ctx context.Context, e *edit) (done bool, err error) {
	switch {
	case e.Upload != "":
		err = w.abort(ctx, e.row)
	case !e.refilled && !e.renamed:
		err = w.setTags(ctx, w.how.Bucket, e.Key, e.Version, e.tags)
	case !e.Latest:
		// What was put away can't be written over: it can only go.
		return w.drop(ctx, e.row)
	default:
		err = w.replace(ctx, e)
	}
	if gone(err) {
		return false, nil
	}
	if err != nil {
		return false, w.fault(ctx, w.where, err)
	}
	return true, nil
}

// replace writes a new object in place of the latest, and takes the one away that it was.
func (w *writer) replace(ctx context.Context, e *edit) error {
	head, err := w.client.StatObject(ctx, w.how.Bucket, e.Key, minio.StatObjectOptions{VersionID: e.Version})
	if err != nil {
		return err
	}
	if head.ETag != e.ETag {
		return minio.ErrorResponse{Code: "PreconditionFailed"} // it is looked at again
	}
	if !e.renamed {
		e.metadata = lowered(head.UserMetadata)
	}
	if !e.retagged {
		if e.tags, err = w.tags(ctx, w.how.Bucket, e.Key, e.Version); err != nil {
			return err
		}
	}
	var version string
	if e.refilled {
		version, err = w.put(ctx, e, &head)
	} else {
		version, err = w.copy(ctx, e, &head)
	}
	if err != nil {
		return err
	}
	if e.retagged || len(e.tags) > 0 {
		if err := w.setTags(ctx, w.how.Bucket, e.Key, version, e.tags); err != nil {
			return err
		}
	}
	if version == "" {
		version = "null"
	}
	if e.Version == "" || e.Version == version || w.keeps {
		return nil
	}
	_, err = w.drop(ctx, e.row)
	return err
}

// put writes other content, and with the same request the tags: whoever is stopped behind it has lost none.
func (w *writer) put(ctx context.Context, e *edit, head *minio.ObjectInfo) (version string, err error) {
	opts := minio.PutObjectOptions{UserMetadata: e.metadata, ContentType: head.ContentType, ContentDisposition: head.Metadata.Get("Content-Disposition"),
		ContentLanguage: head.Metadata.Get("Content-Language"), CacheControl: head.Metadata.Get("Cache-Control"), StorageClass: head.StorageClass}
	opts.SetMatchETag(e.ETag)
	header := opts.Header()
	if len(e.tags) > 0 {
		header.Set("X-Amz-Tagging", tagHeader(e.tags))
	}
	said, _, err := w.send(ctx, http.MethodPut, w.objectURL(w.how.Bucket, e.Key), header, e.content)
	return said.Get("X-Amz-Version-Id"), err
}

// copy writes an object onto itself, with other metadata.
func (w *writer) copy(ctx context.Context, e *edit, head *minio.ObjectInfo) (version string, err error) {
	metadata := maps.Clone(e.metadata)
	dst := minio.CopyDestOptions{Bucket: w.how.Bucket, Object: e.Key, UserMetadata: metadata, ReplaceMetadata: true, ContentType: head.ContentType, ContentEncoding: head.ContentEncoding,
		ContentDisposition: head.Metadata.Get("Content-Disposition"), ContentLanguage: head.Metadata.Get("Content-Language"), CacheControl: head.Metadata.Get("Cache-Control")}
	info, err := w.client.CopyObject(ctx, dst, minio.CopySrcOptions{Bucket: w.how.Bucket, Object: e.Key, VersionID: e.Version, MatchETag: e.ETag})
	return info.VersionID, err
}
