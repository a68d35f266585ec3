package objects

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/minio/minio-go/v7"
)

// versionings remembers which buckets keep versions. A connector lives as long as one piece of work.
type versionings struct {
	mu    sync.Mutex
	known map[string]bool
}

func newVersionings() *versionings { return &versionings{known: map[string]bool{}} }

// versioned reports whether a bucket keeps versions, or has kept some. A store that doesn't know the question has none.
func (c *Connector) versioned(ctx context.Context, where, bucket string) (bool, error) {
	c.states.mu.Lock()
	defer c.states.mu.Unlock()
	if is, asked := c.states.known[bucket]; asked {
		return is, nil
	}
	said, err := c.client.GetBucketVersioning(ctx, bucket)
	var answer minio.ErrorResponse
	switch {
	case err != nil && errors.As(err, &answer) && (answer.Code == "NotImplemented" || answer.StatusCode == http.StatusNotImplemented):
	case err != nil:
		return false, c.fault(ctx, where, err)
	}
	c.states.known[bucket] = err == nil && said.Status != ""
	return c.states.known[bucket], nil
}
