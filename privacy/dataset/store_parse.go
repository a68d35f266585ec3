package dataset

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// ParseStore reads the document that says where personal data lies in an object store. It is as strict as Parse, and its error is a Problems value too.
func ParseStore(name string, text []byte) (*Store, error) {
	r := reader{source: &source{file: name}, taxonomy: NewTaxonomy()}
	root := r.load(text)
	if root == nil {
		return nil, r.problems.err()
	}
	top := r.object(root, "", "store")
	n := top.get("store")
	if n == nil {
		if len(r.problems) == 0 {
			r.add(root.Line, "", "there is no store in the file", "write store: and its name, url, bucket and collections below it")
		}
		return nil, r.problems.err()
	}
	s := r.store(n)
	if len(r.problems) > 0 {
		return nil, r.problems.err()
	}
	return s, nil
}

var (
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	regionName = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)
)

// maxStoreObjects is the most that Objects may be set to.
const maxStoreObjects = 100_000_000

func (r reader) store(n *yaml.Node) *Store {
	o := r.object(n, "store", "name", "url", "region", "addressing", "bucket", "limits", "collections")
	s := &Store{Name: o.required("name"), URL: strings.TrimRight(o.required("url"), "/"), Region: o.str("region")}
	if why := badStore(s.URL); s.URL != "" && why != "" {
		o.problem("url", "url "+why, "write the store's address without a bucket, as https://s3.eu-central-1.amazonaws.com")
	}
	if s.Region != "" && !regionName.MatchString(s.Region) {
		o.problem("region", "region is no name of a region", "write it as eu-central-1, or leave it away where the store has none")
	}
	addressing := o.str("addressing")
	o.oneOf("addressing", addressing, "path", "host")
	s.PathStyle = addressing == "path" || addressing == "" && !strings.HasSuffix(strings.ToLower(s.URL), ".amazonaws.com")
	if l := o.get("limits"); l != nil {
		q := r.object(l, "store.limits", "timeout", "objects", "concurrency")
		s.Limits = StoreLimits{Timeout: q.within("timeout", time.Second, 10*time.Minute), Objects: q.atMost("objects", maxStoreObjects), Concurrency: q.atMost("concurrency", 64)}
	}
	bucket := r.bucket(o)
	seen := map[string]int{}
	for _, c := range r.some(o, "collections", "nothing says which objects there are") {
		sc := r.storeCollection(c, bucket)
		r.once(seen, sc.Address.String(), sc.Line, "store", "collection")
		s.Collections = append(s.Collections, sc)
	}
	return s
}

// badStore says what keeps an address from being a store's.
func badStore(address string) string {
	if why := badBase(address); why != "" {
		return why
	}
	if u, err := url.Parse(address); err != nil || strings.Trim(u.Path, "/") != "" {
		return "has a path; buckets are named under bucket"
	}
	return ""
}

func (r reader) bucket(o object) string {
	name := o.str("bucket")
	if name != "" && (!bucketName.MatchString(name) || strings.Contains(name, "..")) {
		o.problem("bucket", "bucket is no name of a bucket", "write 3 to 63 small letters, digits, - and .")
	}
	return name
}

func (r reader) storeCollection(n *yaml.Node, bucket string) StoreCollection {
	o := r.object(n, "store", "collection", "objects", "bucket", "search", "fields")
	c := StoreCollection{Line: n.Line, Fields: map[string]StoreField{}, Bucket: bucket}
	name := o.required("collection")
	o.path = name
	var whole bool
	if c.Dataset, c.Collection, whole = strings.Cut(name, "."); name != "" && (!whole || c.Dataset == "" || c.Collection == "") {
		o.problem("collection", "collection is no name of the form dataset.collection", "write it as files.uploads")
	}
	if own := r.bucket(o); own != "" {
		c.Bucket = own
	}
	if c.Bucket == "" {
		o.problem("bucket", "nothing says in which bucket its objects are", "write bucket: under store, or here")
	}
	search := o.str("search")
	o.oneOf("search", search, "all")
	c.SearchAll = search == "all"
	r.storeFields(o, &c)
	types := map[string]string{}
	for name, f := range c.Fields {
		types[name] = f.Type
	}
	var err error
	if c.Objects, err = NewStorePattern(o.required("objects"), types); err != nil && o.str("objects") != "" {
		what, do, _ := strings.Cut(err.Error(), "; ")
		o.problem("objects", what, do)
		return c
	}
	r.storePlaces(o, &c)
	return c
}

func (r reader) storeFields(o object, c *StoreCollection) {
	n := o.get("fields")
	if n == nil {
		return
	}
	if n.Kind != yaml.MappingNode {
		o.problem("fields", "fields has to be a mapping of names to what is said of them", "write it as owner: {tag: owner}")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i].Value
		q := r.object(n.Content[i+1], o.path+"."+name, "tag", "metadata", "content", "type")
		f := StoreField{Tag: q.str("tag"), Metadata: strings.ToLower(q.str("metadata")), Content: q.dotted("content"), Type: q.str("type"), Line: n.Content[i].Line}
		said := 0
		for _, is := range []bool{f.Tag != "", f.Metadata != "", f.Content != nil} {
			if is {
				said++
			}
		}
		if said > 1 {
			q.problem("tag", "a field is at one place", "keep one of tag, metadata and content")
		}
		if f.Metadata != "" && !headerName.MatchString(f.Metadata) {
			q.problem("metadata", "metadata is no name of an entry", "write it as uploaded-by, without x-amz-meta-")
		}
		if _, twice := c.Fields[name]; twice {
			r.add(f.Line, o.path, fmt.Sprintf("the field %q stands twice", name), "keep one of them")
		}
		c.Fields[name] = f
	}
}

// storePlaces compares what is said of fields with the places in the form of the keys.
func (r reader) storePlaces(o object, c *StoreCollection) {
	places := c.Objects.Places()
	for name, f := range c.Fields {
		at := object{src: r.source, path: o.path + "." + name, line: f.Line}
		placed := f.Tag != "" || f.Metadata != "" || f.Content != nil
		switch {
		case slices.Contains(places, name) && placed:
			at.problem("", "it is a place in the form of the keys, and said to be elsewhere too", "call one of them otherwise")
		case slices.Contains(places, name):
			at.oneOf("type", f.Type, StorePlaceTypes()...)
		case placed:
			at.oneOf("type", f.Type, ServiceTypes()...)
		case name == StoreContent && !slices.Contains([]string{"", "text", "bytes", "document"}, f.Type):
			at.problem("", "content is text, bytes or a document", "write type: text, bytes or document")
		case slices.Contains(StoreFields(), name):
			if name != StoreContent {
				at.problem("", "every object has this field, and nothing has to be said of it", "remove it")
			}
		default:
			at.problem("", "nothing says where it is", "write tag:, metadata: or content:, or put {"+name+"} into objects")
		}
	}
}
