package objects

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// object is what a listing says of one: of a version, of a mark that it was deleted, or of an upload that nobody ended.
type object struct {
	minio.ObjectInfo
	upload string
	// of are the values of the places in its key.
	of map[string]string
}

// search looks for objects of one collection.
type search struct {
	*Connector
	how   *dataset.StoreCollection
	where string
	// versions lists what is not seen any more, too.
	versions bool
	// uploading lists uploads that nobody ended, too.
	uploading bool
	// looked counts what listings named.
	looked int
}

// each lists what a form of keys has below a step, as far as a value goes.
func (s *search) each(ctx context.Context, step dataset.StoreStep, place, value string, take func(object) error) error {
	if !step.Folders {
		return s.below(ctx, step.Prefix, take)
	}
	return s.list(ctx, step.Prefix, true, func(o minio.ObjectInfo) error {
		next, ok := s.how.Objects.Behind(step, o.Key, place, value)
		if !ok {
			return nil
		}
		return s.each(ctx, next, place, value, take)
	})
}

// below lists the collection's objects whose keys begin with a prefix.
func (s *search) below(ctx context.Context, prefix string, take func(object) error) error {
	err := s.list(ctx, prefix, false, func(o minio.ObjectInfo) error {
		of, ok := s.how.Objects.Match(o.Key)
		if !ok {
			return nil
		}
		if segments := strings.Split(o.Key, "/"); slices.Contains(segments, ".") || slices.Contains(segments, "..") {
			return answerFault(s.where, "an object has . or .. in its key, by which it can't be asked for safely")
		}
		return take(object{ObjectInfo: o, of: of})
	})
	if err != nil || !s.uploading {
		return err
	}
	return s.uploads(ctx, prefix, take)
}

// list goes through what a store has below a prefix: objects, or with folders what follows up to the next slash.
func (s *search) list(ctx context.Context, prefix string, folders bool, take func(minio.ObjectInfo) error) error {
	empty := 0
	ctx, cancel := context.WithCancel(context.WithValue(ctx, pagesKey{}, &empty))
	defer cancel()
	opts := minio.ListObjectsOptions{Prefix: prefix, Recursive: !folders, WithVersions: s.versions}
	for o := range s.client.ListObjectsIter(ctx, s.how.Bucket, opts) {
		if o.Err != nil {
			return s.fault(ctx, s.where, o.Err)
		}
		empty = 0
		if err := s.count(); err != nil {
			return err
		}
		if !strings.HasPrefix(o.Key, prefix) {
			return answerFault(s.where, "asked for keys with a certain beginning, the store names others")
		}
		if folders && !strings.HasSuffix(o.Key, "/") {
			continue // an object beside the folders
		}
		if err := take(o); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return s.fault(ctx, s.where, err)
	}
	return nil
}

// count bounds what is looked at.
func (s *search) count() error {
	if s.looked++; s.looked > s.limits.Objects {
		return &connectors.Error{Code: connectors.ErrTooLarge, Where: s.where, What: fmt.Sprintf("to find one person's objects more than %d have to be looked at", s.limits.Objects),
			Do: "have a person look at objects in the store document: what tells whose an object is should stand at the beginning of its key; or raise limits.objects"}
	}
	return nil
}

// uploads lists uploads that nobody ended: a store keeps what was sent.
func (s *search) uploads(ctx context.Context, prefix string, take func(object) error) error {
	core := minio.Core{Client: s.client}
	key, id := "", ""
	for {
		page, err := core.ListMultipartUploads(ctx, s.how.Bucket, prefix, key, id, "", mostDeleted)
		if s.unlisted(err) {
			return nil
		}
		if err != nil {
			return s.fault(ctx, s.where, err)
		}
		for _, u := range page.Uploads {
			if err := s.count(); err != nil {
				return err
			}
			if !strings.HasPrefix(u.Key, prefix) {
				return answerFault(s.where, "asked for keys with a certain beginning, the store names others")
			}
			of, ok := s.how.Objects.Match(u.Key)
			if !ok {
				continue
			}
			o := object{ObjectInfo: minio.ObjectInfo{Key: u.Key, LastModified: u.Initiated}, upload: u.UploadID, of: of}
			if err := take(o); err != nil {
				return err
			}
		}
		if !page.IsTruncated {
			return nil
		}
		if page.NextKeyMarker < key || page.NextKeyMarker == key && page.NextUploadIDMarker == id {
			return answerFault(s.where, "a listing of uploads leads back to where it was")
		}
		key, id = page.NextKeyMarker, page.NextUploadIDMarker
	}
}

// unlisted reports whether a store lists no uploads: it doesn't know the request, or the secrets for reading may not ask.
func (s *search) unlisted(err error) bool {
	var said minio.ErrorResponse
	return errors.As(err, &said) && (said.Code == "NotImplemented" || said.Code == "AccessDenied" && !s.cfg.AllowWrites)
}
