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
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/s3utils"
	"github.com/minio/minio-go/v7/pkg/signer"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// firstWait is the first pause before a request is sent again.
const firstWait = 200 * time.Millisecond

// send sends a request that the library has no way to, again where that can help: each may be sent twice.
func (c *Connector) send(ctx context.Context, method, url string, header http.Header, body []byte) (said http.Header, out []byte, err error) {
	for try := range tries {
		var again bool
		if said, out, again, err = c.sendOnce(ctx, method, url, header, body); err == nil || !again || ctx.Err() != nil {
			return said, out, err
		}
		if wait := c.Limits().Wait(ctx, firstWait<<try); wait != nil {
			return nil, nil, err
		}
	}
	return said, out, err
}

func (c *Connector) sendOnce(ctx context.Context, method, url string, header http.Header, body []byte) (said http.Header, out []byte, again bool, err error) {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return nil, nil, false, answerFault("", "an object has a key that can't be asked for")
	}
	req.Header = header.Clone()
	sum := sha256.Sum256(body)
	req.Header.Set("X-Amz-Content-Sha256", hex.EncodeToString(sum[:]))
	req.Header.Set("User-Agent", "Docket")
	if method == http.MethodPut {
		check := md5.Sum(body) //nolint:gosec // see the import
		req.Header.Set("Content-Md5", base64.StdEncoding.EncodeToString(check[:]))
	}
	signed := signer.SignV4(*req, c.secrets[dataset.SecretAccessKey], c.secrets[dataset.SecretSecretKey], c.secrets[dataset.SecretSessionToken], c.doc.Region)
	res, err := c.net.RoundTrip(signed)
	if err != nil {
		return nil, nil, true, err
	}
	defer res.Body.Close()
	if out, err = io.ReadAll(res.Body); err != nil {
		return nil, nil, true, err
	}
	if res.StatusCode >= 200 && res.StatusCode < 300 {
		return res.Header, out, false, nil
	}
	refusal := minio.ErrorResponse{}
	_ = xml.Unmarshal(out, &refusal) // the status says enough where nothing else does
	refusal.StatusCode = res.StatusCode
	return nil, nil, res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 500, refusal
}

// objectURL is the address of an object.
func (c *Connector) objectURL(bucket, key string) string {
	address := c.base.Scheme + "://" + bucket + "." + c.base.Host + "/"
	if c.doc.PathStyle {
		address = c.base.Scheme + "://" + c.base.Host + "/" + bucket + "/"
	}
	return address + s3utils.EncodePath(key)
}
