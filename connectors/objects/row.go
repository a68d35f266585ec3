package objects

import (
	"context"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// row is an object as the walk looks at it.
type row struct {
	// ID tells it from others: the key, and the version where there are some.
	ID          string            `json:"id"`
	Key         string            `json:"key"`
	Size        int64             `json:"size"`
	Modified    string            `json:"modified,omitempty"`
	ContentType string            `json:"content_type,omitempty"`
	Of          map[string]string `json:"of"`
	// Tags and Metadata are missing where nothing of them is annotated.
	Tags     map[string]json.RawMessage `json:"tags,omitempty"`
	Metadata map[string]json.RawMessage `json:"metadata,omitempty"`
	// Content is JSON; Filled says of other content that there is some.
	Content json.RawMessage `json:"-"` // it is put beside the others as it is, digit for digit
	Filled  bool            `json:"filled,omitempty"`

	ETag    string `json:"etag,omitempty"`
	Version string `json:"version,omitempty"`
	// Latest versions are those that are seen; Marker ones say that the object was deleted. Upload is one that nobody ended.
	Latest bool   `json:"latest,omitempty"`
	Marker bool   `json:"marker,omitempty"`
	Upload string `json:"upload,omitempty"`
}

// written is the row as JSON.
func (r *row) written() (json.RawMessage, error) {
	raw, err := json.Marshal(r)
	if err != nil || r.Content == nil {
		return raw, err
	}
	return document.With(raw, []string{dataset.StoreContent}, r.Content)
}

// readRow reads one back.
func readRow(raw json.RawMessage) (*row, error) {
	r := &row{}
	err := json.Unmarshal(raw, r)
	if content := document.At(raw, []string{dataset.StoreContent}); document.Kind(content) == '{' {
		r.Content = content
	}
	return r, err
}

// needs are what has to be asked for of each object beside what a listing says.
type needs struct {
	tags, head, content bool
	// numbers and truths are typed entries, which are written as such.
	typed map[string]string
}

// needsOf goes by what is annotated.
func (c *Connector) needsOf(t *records.Table) needs {
	n := needs{typed: map[string]string{}}
	for i := range t.Decl.Fields {
		f := t.FieldOf([]string{t.Decl.Fields[i].Name}, &t.Decl.Fields[i])
		switch f.At[0] {
		case dataset.StoreTags:
			n.tags = true
		case dataset.StoreMetadata, dataset.StoreContentType:
			n.head = true
		case dataset.StoreContent:
			n.content = true
		}
		if len(f.At) == 2 && (f.Type == "integer" || f.Type == "number" || f.Type == "boolean") {
			n.typed[strings.Join(f.At, ".")] = f.Type
		}
	}
	return n
}

// chunk is how many objects are asked for more before they are handed on, times the requests that may be under way.
const chunk = 8

// rows hands on objects with all that is needed of them, in the order of the listing.
type rows struct {
	*search
	needs needs
	take  func(json.RawMessage) error
	held  []object
}

func (r *rows) add(ctx context.Context, o object) error {
	r.held = append(r.held, o)
	if len(r.held) < chunk*r.limits.Concurrency {
		return nil
	}
	return r.flush(ctx)
}

func (r *rows) flush(ctx context.Context) error {
	out := make([]*row, len(r.held))
	group, inGroup := errgroup.WithContext(ctx)
	group.SetLimit(r.limits.Concurrency)
	for i, o := range r.held {
		group.Go(func() (err error) {
			out[i], err = r.row(inGroup, o)
			return err
		})
	}
	r.held = nil
	if err := group.Wait(); err != nil {
		return r.fault(ctx, r.where, err)
	}
	for _, one := range out {
		if one == nil {
			continue // it went meanwhile
		}
		raw, err := one.written()
		if err != nil {
			return answerFault(r.where, "an object can't be read")
		}
		if err := r.take(raw); err != nil {
			return err
		}
	}
	return nil
}

// row asks for the rest of an object; nil when it is gone.
func (r *rows) row(ctx context.Context, o object) (*row, error) {
	out := &row{ID: o.Key, Key: o.Key, Size: o.Size, Of: o.of, ETag: o.ETag, Version: o.VersionID, Latest: o.IsLatest || !r.versions, Marker: o.IsDeleteMarker, Upload: o.upload,
		Modified: o.LastModified.UTC().Format(time.RFC3339Nano), Filled: o.Size > 0 || o.upload != ""}
	if o.VersionID != "" || o.upload != "" {
		out.ID += "\x00" + o.VersionID + "\x00" + o.upload
	}
	if out.Marker || out.Upload != "" {
		return out, nil
	}
	err := r.attributes(ctx, out)
	if gone(err) {
		return nil, nil //nolint:nilnil // an object that is gone is none, and no error
	}
	return out, err
}

func (r *rows) attributes(ctx context.Context, out *row) error {
	if r.needs.tags {
		tags, err := r.tags(ctx, r.how.Bucket, out.Key, out.Version)
		if err != nil {
			return err
		}
		out.Tags = r.needs.entries(dataset.StoreTags, tags)
	}
	if r.needs.head {
		head, err := r.client.StatObject(ctx, r.how.Bucket, out.Key, minio.StatObjectOptions{VersionID: out.Version})
		if err != nil {
			return err
		}
		out.ContentType = head.ContentType
		out.Metadata = r.needs.entries(dataset.StoreMetadata, lowered(head.UserMetadata))
	}
	if !r.needs.content || out.Size == 0 {
		return nil
	}
	content, err := r.content(ctx, r.how.Bucket, out)
	if err != nil {
		return err
	}
	if !json.Valid(content) || document.Kind(content) != '{' {
		return &connectors.Error{Code: connectors.ErrAnswer, Where: r.where, What: "the content of an object is no JSON object, and the annotation says that there are fields in it", Do: "have objects in the store document name those that are JSON alone"}
	}
	out.Content = content
	return nil
}

// entries are tags or metadata as members.
func (n needs) entries(of string, texts map[string]string) map[string]json.RawMessage {
	out := make(map[string]json.RawMessage, len(texts))
	for name, text := range texts {
		out[name] = document.Quoted(text)
		switch n.typed[of+"."+name] {
		case "boolean":
			if text == "true" || text == "false" {
				out[name] = json.RawMessage(text)
			}
		case "integer", "number":
			if k := document.Kind(json.RawMessage(text)); json.Valid([]byte(text)) && k == '0' {
				out[name] = json.RawMessage(text)
			}
		}
	}
	return out
}

// lowered are entries by their names in small letters: stores don't tell these by case.
func lowered(entries map[string]string) map[string]string {
	out := make(map[string]string, len(entries))
	for name, value := range entries {
		out[strings.ToLower(name)] = value
	}
	return out
}

// contentLimit is the longest content that is looked into for fields.
const contentLimit = 16 << 20

// content reads what an object holds that is looked into.
func (c *Connector) content(ctx context.Context, bucket string, r *row) ([]byte, error) {
	if limit := int64(contentLimit); r.Size > limit {
		return nil, &connectors.Error{Code: connectors.ErrTooLarge, What: "the content of an object has more than " + strconv.FormatInt(limit, 10) + " bytes, and the annotation says that there are fields in it", Do: "look at it by hand"}
	}
	return c.whole(ctx, bucket, r)
}

// whole reads all that an object holds.
func (c *Connector) whole(ctx context.Context, bucket string, r *row) ([]byte, error) {
	body, err := c.read(ctx, bucket, r, r.Size)
	if err == nil && int64(len(body)) != r.Size {
		return nil, changedFault("")
	}
	return body, err
}

// read reads the first bytes of the object that was listed, and of no other that came in its place.
func (c *Connector) read(ctx context.Context, bucket string, r *row, most int64) ([]byte, error) {
	opts := minio.GetObjectOptions{VersionID: r.Version}
	if r.Version == "" && r.ETag != "" {
		if err := opts.SetMatchETag(r.ETag); err != nil {
			return nil, changedFault("")
		}
	}
	if most < r.Size {
		if err := opts.SetRange(0, most-1); err != nil {
			return nil, changedFault("")
		}
	}
	core := minio.Core{Client: c.client}
	body, _, _, err := core.GetObject(context.WithValue(ctx, contentKey{}, most), bucket, r.Key, opts)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(body)
}
