package objects

import (
	"context"
	"slices"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/privacy-docket/docket/connectors"
)

// remove deletes what was found: objects with one request, with all that is left of them, and uploads one after the other. Done is set for each
// that the store says is gone.
func (w *writer) remove(ctx context.Context, list []*row, done []bool) error {
	place := map[string]int{}
	var batch []minio.ObjectInfo
	for i, r := range list {
		if r.Upload != "" {
			if err := w.abort(ctx, r); err != nil && !gone(err) {
				return w.fault(ctx, w.where, err)
			}
			done[i] = true
			continue
		}
		place[r.Key+"\x00"+r.Version] = i
		batch = append(batch, minio.ObjectInfo{Key: r.Key, VersionID: r.Version})
	}
	if w.how.SearchAll {
		marks, err := w.marks(ctx, list)
		if err != nil {
			return err
		}
		batch = append(batch, marks...)
		slices.SortStableFunc(batch, func(a, b minio.ObjectInfo) int { return strings.Compare(a.Key, b.Key) })
	}
	for len(batch) > 0 {
		n := together(batch)
		err := w.delete(ctx, batch[:n], func(key, version string) {
			if i, ours := place[key+"\x00"+version]; ours {
				done[i] = true
			}
		})
		if err != nil {
			return err
		}
		batch = batch[n:]
	}
	return nil
}

// together is how much of a batch goes into one request: all of a key at once, where that fits.
func together(batch []minio.ObjectInfo) int {
	if len(batch) <= mostDeleted {
		return len(batch)
	}
	for n := mostDeleted; n > 0; n-- {
		if batch[n-1].Key != batch[n].Key {
			return n
		}
	}
	return mostDeleted
}

// delete has the store delete, and tells what it says is gone. The first refusal is the error.
func (w *writer) delete(ctx context.Context, batch []minio.ObjectInfo, told func(key, version string)) error {
	if len(batch) == 0 {
		return nil
	}
	results, err := w.client.RemoveObjectsWithIter(ctx, w.how.Bucket, slices.Values(batch), minio.RemoveObjectsOptions{})
	if err != nil {
		return w.fault(ctx, w.where, err)
	}
	var first error
	for r := range results {
		switch {
		case r.Err == nil:
			told(r.ObjectName, r.ObjectVersionID)
		case first == nil:
			first = w.kept(ctx, r.ObjectName, r.ObjectVersionID, r.Err)
		}
	}
	return first
}

// drop deletes one version.
func (w *writer) drop(ctx context.Context, r *row) (done bool, err error) {
	err = w.delete(ctx, []minio.ObjectInfo{{Key: r.Key, VersionID: r.Version}}, func(string, string) { done = true })
	return done, err
}

// kept explains why an object stays: a lock is told from rights that are missing, for no right helps against it.
func (w *writer) kept(ctx context.Context, key, version string, refusal error) error {
	if locked, err := w.locked(ctx, key, version); err == nil && locked {
		return &connectors.Error{Code: connectors.ErrConstraint, Where: w.where, What: "the store keeps objects that are to be deleted: a retention period or a legal hold lies on them",
			Do: "lift the hold where that is lawful, wait until the period has passed, or keep the collection with a reason"}
	}
	return w.fault(ctx, w.where, refusal)
}

// locked reports whether a lock lies on a version.
func (w *writer) locked(ctx context.Context, key, version string) (bool, error) {
	head, err := w.client.StatObject(ctx, w.how.Bucket, key, minio.StatObjectOptions{VersionID: version})
	if err != nil {
		return false, err
	}
	until := head.Metadata.Get("X-Amz-Object-Lock-Retain-Until-Date")
	return until != "" || strings.EqualFold(head.Metadata.Get("X-Amz-Object-Lock-Legal-Hold"), "ON"), nil
}

// abort ends an upload that nobody ended.
func (w *writer) abort(ctx context.Context, r *row) error {
	core := minio.Core{Client: w.client}
	return core.AbortMultipartUpload(ctx, w.how.Bucket, r.Key, r.Upload)
}

// marks are what says that objects were deleted, where nothing else will be left of them than that. By tags or content such marks are not found: they go with the
// same request as the last version, or whoever is stopped in between never finds them again.
func (w *writer) marks(ctx context.Context, list []*row) (marks []minio.ObjectInfo, err error) {
	goes := map[string]bool{}
	for _, r := range list {
		goes[r.Key+"\x00"+r.Version] = true
	}
	for i, r := range list {
		if r.Version == "" || slices.ContainsFunc(list[:i], func(o *row) bool { return o.Key == r.Key }) {
			continue
		}
		look := &search{Connector: w.Connector, how: w.how, where: w.where, versions: true}
		var of []minio.ObjectInfo
		held := false
		err := look.list(ctx, r.Key, false, func(o minio.ObjectInfo) error {
			switch {
			case o.Key != r.Key || goes[o.Key+"\x00"+o.VersionID]:
			case o.IsDeleteMarker:
				of = append(of, o)
			default:
				held = true
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if !held {
			marks = append(marks, of...)
		}
	}
	return marks, nil
}
