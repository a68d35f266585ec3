package objects

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

const (
	// mostSeen is how many objects of a bucket are looked at for their shapes; mostShapes how many of these are told.
	mostSeen   = 10_000
	mostShapes = 20
	// fewFolders is how many beginnings a bucket may have for them to be the names of folders, and not of people.
	fewFolders = 12
)

var _ connectors.Scout = (*Connector)(nil)

// Unknown tells which shapes keys have that belong to no collection of the store document, by the objects that a bucket names first. A shape holds no
// value: of a key's parts only folders that many objects share are written out, and the end behind the last dot.
func (c *Connector) Unknown(ctx context.Context) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	for i := range c.doc.Collections {
		bucket := c.doc.Collections[i].Bucket
		if seen[bucket] {
			continue
		}
		seen[bucket] = true
		notes, err := c.unknownIn(ctx, bucket)
		if err != nil {
			return nil, err
		}
		out = append(out, notes...)
	}
	return out, nil
}

func (c *Connector) unknownIn(ctx context.Context, bucket string) ([]string, error) {
	look := &search{Connector: c, how: &dataset.StoreCollection{Bucket: bucket}, where: "the bucket " + bucket}
	var keys []string
	folders := map[string]int{}
	looked := 0
	err := look.list(ctx, "", false, func(o minio.ObjectInfo) error {
		if looked++; looked > mostSeen {
			return errSeen
		}
		if c.belongs(bucket, o.Key) {
			return nil
		}
		keys = append(keys, o.Key)
		if folder, _, inside := strings.Cut(o.Key, "/"); inside {
			folders[folder]++
		}
		return nil
	})
	switch {
	case errors.Is(err, connectors.ErrPrivilege):
		return []string{bucket + ": the secrets may not list all of the bucket, so what else lies there is not known"}, nil
	case err != nil && !errors.Is(err, errSeen):
		return nil, err
	}
	counts := map[string]int{}
	for _, key := range keys {
		counts[shape(key, folders)]++
	}
	shapes := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	notes := []string{}
	for _, s := range shapes[:min(len(shapes), mostShapes)] {
		notes = append(notes, fmt.Sprintf("%s: objects of the form %s belong to no collection of the store document (%d among the first %d)", bucket, s, counts[s], min(looked, mostSeen)))
	}
	return notes, nil
}

// belongs reports whether a key has the form of one of the bucket's collections.
func (c *Connector) belongs(bucket, key string) bool {
	return slices.ContainsFunc(c.doc.Collections, func(how dataset.StoreCollection) bool {
		_, matches := how.Objects.Match(key)
		return matches && how.Bucket == bucket
	})
}

// Parts of keys that say what they are without saying whose.
var (
	plainFolder = regexp.MustCompile(`^[a-z_-]{2,40}$`)
	digits      = regexp.MustCompile(`^[0-9]+$`)
	dashed      = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	dayLike     = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	ending      = regexp.MustCompile(`^\.[a-z0-9]{1,5}$`)
)

// shape writes a key's form without its values.
func shape(key string, folders map[string]int) string {
	parts := strings.Split(key, "/")
	for i, part := range parts {
		end := ""
		if i == len(parts)-1 {
			if end = path.Ext(part); !ending.MatchString(end) || end == part {
				end = ""
			}
		}
		switch name := strings.TrimSuffix(part, end); {
		case i == 0 && i < len(parts)-1 && len(folders) <= fewFolders && folders[part] >= fewFolders && plainFolder.MatchString(part):
		case digits.MatchString(name):
			parts[i] = "{integer}" + end
		case dashed.MatchString(name):
			parts[i] = "{uuid}" + end
		case dayLike.MatchString(name):
			parts[i] = "{date}" + end
		default:
			parts[i] = "*" + end
		}
	}
	return strings.Join(parts, "/")
}
