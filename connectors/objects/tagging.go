package objects

import (
	"bytes"
	"context"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// tagging is the document of an object's tags. The library's own refuses letters beyond ASCII, which stores take.
type tagging struct {
	XMLName xml.Name `xml:"Tagging"`
	Tags    []tag    `xml:"TagSet>Tag"`
}

type tag struct {
	Key   string `xml:"Key"`
	Value string `xml:"Value"`
}

// tags reads an object's tags.
func (c *Connector) tags(ctx context.Context, bucket, key, version string) (map[string]string, error) {
	body, err := c.tagRequest(ctx, http.MethodGet, bucket, key, version, nil)
	if err != nil {
		return nil, err
	}
	var said tagging
	if err := xml.Unmarshal(body, &said); err != nil {
		return nil, answerFault("", "the tags of an object can't be read")
	}
	out := map[string]string{}
	for _, t := range said.Tags {
		out[t.Key] = t.Value
	}
	return out, nil
}

// setTags writes an object's tags, in place of those that it has.
func (c *Connector) setTags(ctx context.Context, bucket, key, version string, tags map[string]string) error {
	if len(tags) == 0 {
		_, err := c.tagRequest(ctx, http.MethodDelete, bucket, key, version, nil)
		return err
	}
	var said tagging
	for name, value := range tags {
		said.Tags = append(said.Tags, tag{Key: name, Value: value})
	}
	slices.SortFunc(said.Tags, func(a, b tag) int { return bytes.Compare([]byte(a.Key), []byte(b.Key)) })
	body, err := xml.Marshal(said)
	if err != nil {
		return answerFault("", "the tags of an object can't be written")
	}
	_, err = c.tagRequest(ctx, http.MethodPut, bucket, key, version, body)
	return err
}

func (c *Connector) tagRequest(ctx context.Context, method, bucket, key, version string, body []byte) ([]byte, error) {
	header := http.Header{}
	if len(body) > 0 {
		header.Set("Content-Type", "application/xml")
	}
	query := "tagging="
	if version != "" {
		query += "&versionId=" + url.QueryEscape(version)
	}
	_, out, err := c.send(ctx, method, c.objectURL(bucket, key)+"?"+query, header, body)
	return out, err
}

// tagHeader is how tags are sent along with an object.
func tagHeader(tags map[string]string) string {
	query := url.Values{}
	for name, value := range tags {
		query.Set(name, value)
	}
	return strings.ReplaceAll(query.Encode(), "+", "%20")
}
