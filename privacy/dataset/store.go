package dataset

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Store says where personal data lies in an object store: which objects belong to a collection, and where the annotated fields stand in their
// keys, tags, metadata and content. It holds no secret: what opens the store is kept beside it.
type Store struct {
	Name string
	// URL is the store's address, without a bucket.
	URL string
	// Region is what requests are signed for.
	Region string
	// PathStyle has the bucket in the path of addresses, and not in the host's name.
	PathStyle   bool
	Limits      StoreLimits
	Collections []StoreCollection
}

// StoreLimits bound what is asked of the store. Zero values mean the connector's defaults.
type StoreLimits struct {
	// Timeout is how long a request may take, beside the time that content needs.
	Timeout time.Duration
	// Objects is how many may be looked at to find one person's in a collection.
	Objects int
	// Concurrency is how many requests may be under way at a time.
	Concurrency int
}

// StoreCollection is one collection of objects.
type StoreCollection struct {
	Address
	Bucket string
	// Objects is the form of the keys.
	Objects StorePattern
	// SearchAll lets all objects of the collection be looked at to find one person's: a store can't be asked for tags, metadata or content.
	SearchAll bool
	Fields    map[string]StoreField
	Line      int
}

// StoreField says where a field is, or what its values look like.
type StoreField struct {
	// Tag and Metadata name an entry; Content is a member of the content, which is JSON then. At most one is set; a place in the key's form has none.
	Tag      string
	Metadata string
	Content  []string
	// Type is one of ServiceTypes or, for places in keys, of StorePlaceTypes.
	Type string
	Line int
}

// The fields that every object has. Tags and metadata are documents of all their entries.
const (
	StoreKey         = "key"
	StoreSize        = "size"
	StoreModified    = "modified"
	StoreContentType = "content_type"
	StoreTags        = "tags"
	StoreMetadata    = "metadata"
	StoreContent     = "content"
)

// StoreFields lists them.
func StoreFields() []string {
	return []string{StoreKey, StoreSize, StoreModified, StoreContentType, StoreTags, StoreMetadata, StoreContent}
}

// StoreSecrets are the names of what opens a store; the token belongs to keys that were given for a time.
const (
	SecretAccessKey    = "access_key"
	SecretSecretKey    = "secret_key"
	SecretSessionToken = "session_token"
)

// StoreSecretsForm says how the secrets are written, for people.
const StoreSecretsForm = "write access_key=… and secret_key=…, each on a line of its own"

// ReadStoreSecrets reads what opens a store: name=value, one per line. The error holds no value.
func ReadStoreSecrets(text string) (map[string]string, error) {
	return readSecrets(text, []string{SecretAccessKey, SecretSecretKey}, []string{SecretSessionToken})
}

// readSecrets reads name=value lines: all that are wanted, and no other than those that may be there beside them.
func readSecrets(text string, wanted, optional []string) (map[string]string, error) {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name = strings.TrimSpace(name)
		switch _, twice := out[name]; {
		case !ok || !slices.Contains(wanted, name) && !slices.Contains(optional, name):
			return nil, errors.New("they hold something that the way of signing in does not take")
		case twice:
			return nil, errors.New(name + " stands twice")
		case value == "" || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }):
			return nil, errors.New(name + " is empty, or has signs that can't be sent")
		}
		out[name] = value
	}
	for _, name := range wanted {
		if out[name] == "" {
			return nil, errors.New(name + " is missing")
		}
	}
	return out, nil
}

// Origin is where the store's secrets are sent.
func (s *Store) Origin() string {
	u, err := url.Parse(s.URL)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
}

// Collection finds where a collection's objects are.
func (s *Store) Collection(a Address) (*StoreCollection, bool) {
	for i := range s.Collections {
		if s.Collections[i].Address == a {
			return &s.Collections[i], true
		}
	}
	return nil, false
}
