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
	if err := w.delete(ctx, batch, func(key, version string) {
		if i, ours := place[key+"\x00"+version]; ours {
			done[i] = true
		}
	}); err != nil {
		return err
	}
	if !w.how.SearchAll {
		return nil
	}
	return w.marks(ctx, list)
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

// marks takes away what says that objects were deleted, where nothing else is left of them. By tags or content such marks are not found.
func (w *writer) marks(ctx context.Context, list []*row) error {
	for i, r := range list {
		if r.Version == "" || slices.ContainsFunc(list[:i], func(o *row) bool { return o.Key == r.Key }) {
			continue
		}
		look := &search{Connector: w.Connector, how: w.how, where: w.where, versions: true}
		var marks []minio.ObjectInfo
		held := false
		err := look.list(ctx, r.Key, false, func(o minio.ObjectInfo) error {
			switch {
			case o.Key != r.Key:
			case o.IsDeleteMarker:
				marks = append(marks, o)
			default:
				held = true
			}
			return nil
		})
		if err != nil {
			return err
		}
		if held {
			continue
		}
		if err := w.delete(ctx, marks, func(string, string) {}); err != nil {
			return err
		}
	}
	return nil
}
