package local

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

const bucket = "docket"

// objects runs MinIO on one folder. Only what every S3 server has is used of it.
type objects struct {
	opts    Options
	address ObjectsAddress
	path    string // of the program; found by prepare
}

// parseObjectsURL reads http(s)://ACCESS:SECRET@host:port/bucket.
func parseObjectsURL(raw string) (ObjectsAddress, error) {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User == nil {
		return ObjectsAddress{}, errors.New("DOCKET_OBJECTS_URL must look like https://ACCESS:SECRET@host:port/bucket") // the value holds a password
	}
	name := strings.Trim(u.Path, "/")
	if name == "" {
		name = bucket
	}
	secret, _ := u.User.Password()
	return ObjectsAddress{Endpoint: u.Host, Secure: u.Scheme == "https", AccessKey: u.User.Username(), SecretKey: secret, Bucket: name}, nil
}

func (o *objects) data() string { return filepath.Join(o.opts.Dir, string(Objects)) }

func (o *objects) prepare(context.Context) error {
	var err error
	if o.path, err = o.opts.find(objectServer); err != nil {
		return err
	}
	if err := os.MkdirAll(o.data(), 0o700); err != nil {
		return fmt.Errorf("make the objects' folder: %w", err)
	}
	return nil
}

func (o *objects) command() command {
	return command{
		path: o.path,
		args: []string{"server", "--quiet", "--address", o.address.Endpoint, o.data()},
		env: []string{
			"MINIO_ROOT_USER=" + o.address.AccessKey, "MINIO_ROOT_PASSWORD=" + o.address.SecretKey,
			"MINIO_BROWSER=off", "MINIO_UPDATE=off",
		},
		dir: o.opts.Dir,
	}
}

func (o *objects) probe(ctx context.Context) error {
	client, err := o.client()
	if err != nil {
		return err
	}
	_, err = client.BucketExists(ctx, o.address.Bucket)
	return err
}

func (o *objects) furnish(ctx context.Context) error {
	client, err := o.client()
	if err != nil {
		return err
	}
	exists, err := client.BucketExists(ctx, o.address.Bucket)
	if err == nil && !exists {
		err = client.MakeBucket(ctx, o.address.Bucket, minio.MakeBucketOptions{})
	}
	if err != nil {
		return fmt.Errorf("make bucket %s: %w", o.address.Bucket, err)
	}
	return nil
}

func (o *objects) client() (*minio.Client, error) {
	return minio.New(o.address.Endpoint, &minio.Options{
		Creds:      credentials.NewStaticV4(o.address.AccessKey, o.address.SecretKey, ""),
		Secure:     o.address.Secure,
		MaxRetries: 1, // whoever asks, asks again
	})
}
