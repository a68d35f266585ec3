package objects_test

import (
	"context"
	"encoding/json"
	"io"
	"net/netip"
	"strings"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/minio/minio-go/v7"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/objects"
)

// unhurried is a clock by which no wait takes any time.
type unhurried struct{ clockwork.Clock }

// After is over at once.
func (c unhurried) After(time.Duration) <-chan time.Time {
	over := make(chan time.Time, 1)
	over <- c.Now()
	return over
}

// open opens the store, through the gate where there is one.
func (s *madeStore) open(t require.TestingT, cfg objects.Config) *objects.Connector {
	endpoint := s.Endpoint
	if s.gate != nil {
		endpoint = s.gate.Listener.Addr().String()
	}
	cfg.Document = strings.NewReplacer("URL", "http://"+endpoint, "BUCKET", s.Bucket).Replace(s.document())
	cfg.Secrets = "access_key=" + s.AccessKey + "\nsecret_key=" + s.SecretKey + "\n"
	cfg.MayReachPlain = func(netip.Addr) bool { return true }
	cfg.AllowWrites, cfg.Clock = true, unhurried{clockwork.NewRealClock()}
	c, err := objects.New(cfg)
	require.NoError(t, err)
	return c
}

// mend ends the trouble.
func (s *madeStore) mend() {
	s.tried = true
	if s.gate != nil {
		s.gate.of.cancel()
		s.gate.Close()
		s.gate = nil
	}
}

// fill puts a collection's documents away, and beside them objects whose keys are alike.
func (s *madeStore) fill(t require.TestingT, collection string, docs []conformance.Document) {
	c := s.named[collection]
	for i, d := range docs {
		opts := minio.PutObjectOptions{UserTags: map[string]string{"team": "x y"}, UserMetadata: map[string]string{"other": "stays"}}
		content := conformance.Document{}
		for _, m := range d {
			name := "the-" + strings.Trim(m.Name, "_")
			switch text := texted(d, m.Name); {
			case c.at[m.Name] == "key" || m.Value == nil && c.at[m.Name] != "" && c.at[m.Name] != "content":
			case c.at[m.Name] == "tag":
				opts.UserTags[name] = strings.NewReplacer("{", "", "}", "", "$", "", `"`, "").Replace(text)
			case c.at[m.Name] == "metadata":
				opts.UserMetadata[name] = text
			default:
				content = append(content, m)
			}
		}
		raw, err := json.Marshal(content)
		require.NoError(t, err)
		s.away(t, c.rows[i].key, string(raw), opts)
	}
	for _, r := range c.rows {
		if r.marked {
			require.NoError(t, s.RemoveObject(context.Background(), s.Bucket, r.key, minio.RemoveObjectOptions{}))
		}
	}
	beside := []string{collection + "x/a@example.org/1.json", "x" + collection + "/1.json"}
	if !strings.HasSuffix(c.form, "**") {
		beside = append(beside, collection+"/a@example.org/far/too/deep/for/it.json")
	}
	for _, key := range beside {
		s.beside[s.root+key] = "a@example.org " + conformance.Canary
		s.away(t, s.root+key, s.beside[s.root+key], tagged("the-email", "a@example.org"))
	}
}

func (s *madeStore) away(t require.TestingT, key, content string, opts minio.PutObjectOptions) {
	_, err := s.PutObject(context.Background(), s.Bucket, key, strings.NewReader(content), int64(len(content)), opts)
	require.NoError(t, err)
}

// marked counts marks where all is the person's that lies under them: these are found by keys alone.
func (s *madeStore) marked(collection string, reached func(int) bool) (marks int64) {
	c := s.named[collection]
	clear(c.reached)
	for _, r := range c.rows {
		is, known := c.reached[r.key]
		c.reached[r.key] = reached(r.n) && (is || !known)
	}
	for _, r := range c.rows {
		if r.marked && strings.Contains(c.form, "{") && c.reached[r.key] {
			marks++
		}
	}
	return marks
}

// read gives a collection's documents as they lie in the bucket, every version of them, with tags and metadata in their places. It also looks whether all is there
// that is nobody's, and no mark where all is gone.
func (s *madeStore) read(t require.TestingT, collection string) (out []string) {
	c, ctx := s.named[collection], context.Background()
	for o := range s.ListObjects(ctx, s.Bucket, minio.ListObjectsOptions{Prefix: s.root + collection + "/", Recursive: true, WithVersions: s.versions}) {
		require.NoError(t, o.Err)
		require.False(t, s.tried && c.deletes && c.reached[o.Key], "something is left of an object of the person's")
		if o.IsDeleteMarker || s.beside[o.Key] != "" {
			continue
		}
		members := map[string]any{}
		d := json.NewDecoder(strings.NewReader(s.contents(t, o.Key, o.VersionID)))
		d.UseNumber() // digit for digit
		require.NoError(t, d.Decode(&members))
		tags, err := s.GetObjectTagging(ctx, s.Bucket, o.Key, minio.GetObjectTaggingOptions{VersionID: o.VersionID})
		require.NoError(t, err)
		head, err := s.StatObject(ctx, s.Bucket, o.Key, minio.StatObjectOptions{VersionID: o.VersionID})
		require.NoError(t, err)
		for name, value := range tags.ToMap() {
			members[c.member("tag", name)] = value
		}
		for name, value := range head.UserMetadata {
			members[c.member("metadata", strings.ToLower(name))] = value
		}
		text, err := json.Marshal(members)
		require.NoError(t, err)
		out = append(out, string(text))
	}
	for key, content := range s.beside {
		if strings.HasPrefix(key, s.root+collection) || strings.HasPrefix(key, s.root+"x"+collection) {
			require.Equal(t, content, s.contents(t, key, ""), "what belongs to no collection")
		}
	}
	return out
}

// member is what an entry of a kind is called where it is a member.
func (c *madeObjects) member(kind, name string) string {
	for field, at := range c.at {
		if at == kind && name == "the-"+strings.Trim(field, "_") {
			return field
		}
	}
	return kind + " " + name
}

func (s *madeStore) contents(t require.TestingT, key, version string) string {
	o, err := s.GetObject(context.Background(), s.Bucket, key, minio.GetObjectOptions{VersionID: version})
	require.NoError(t, err)
	defer func() { require.NoError(t, o.Close()) }()
	var b strings.Builder
	_, err = io.Copy(&b, o)
	require.NoError(t, err)
	return b.String()
}
