package objects

import (
	"bytes"
	"context"
	"crypto/md5" //nolint:gosec // S3 wants one of a body that changes something, against mistakes on the way
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/s3utils"
	"github.com/minio/minio-go/v7/pkg/signer"

	"github.com/privacy-docket/docket/privacy/dataset"
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

// tagRequest asks for tags, again where that can help: each of the requests may be sent twice.
func (c *Connector) tagRequest(ctx context.Context, method, bucket, key, version string, body []byte) (out []byte, err error) {
	for try := range tries {
		var again bool
		if out, again, err = c.tagTry(ctx, method, bucket, key, version, body); err == nil || !again || ctx.Err() != nil {
			return out, err
		}
		if wait := c.Limits().Wait(ctx, firstWait<<try); wait != nil {
			return nil, err
		}
	}
	return out, err
}

// firstWait is the first pause before a request is sent again.
const firstWait = 200 * time.Millisecond

func (c *Connector) tagTry(ctx context.Context, method, bucket, key, version string, body []byte) (out []byte, again bool, err error) {
	req, err := http.NewRequestWithContext(ctx, method, c.objectURL(bucket, key, version), bytes.NewReader(body))
	if err != nil {
		return nil, false, answerFault("", "an object has a key that can't be asked for")
	}
	sum := sha256.Sum256(body)
	req.Header.Set("X-Amz-Content-Sha256", hex.EncodeToString(sum[:]))
	req.Header.Set("User-Agent", "Docket")
	if len(body) > 0 {
		check := md5.Sum(body) //nolint:gosec // see the import
		req.Header.Set("Content-Md5", base64.StdEncoding.EncodeToString(check[:]))
		req.Header.Set("Content-Type", "application/xml")
	}
	signed := signer.SignV4(*req, c.secrets[dataset.SecretAccessKey], c.secrets[dataset.SecretSecretKey], c.secrets[dataset.SecretSessionToken], c.doc.Region)
	res, err := c.net.RoundTrip(signed)
	if err != nil {
		return nil, true, err
	}
	defer res.Body.Close()
	if out, err = io.ReadAll(res.Body); err != nil {
		return nil, true, err
	}
	if res.StatusCode >= 200 && res.StatusCode < 300 {
		return out, false, nil
	}
	said := minio.ErrorResponse{}
	_ = xml.Unmarshal(out, &said) // the status says enough where nothing else does
	said.StatusCode = res.StatusCode
	return nil, res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 500, said
}

// objectURL is the address of an object's tags.
func (c *Connector) objectURL(bucket, key, version string) string {
	address := c.base.Scheme + "://" + bucket + "." + c.base.Host + "/"
	if c.doc.PathStyle {
		address = c.base.Scheme + "://" + c.base.Host + "/" + bucket + "/"
	}
	query := "?tagging="
	if version != "" {
		query += "&versionId=" + url.QueryEscape(version)
	}
	return address + s3utils.EncodePath(key) + query
}
