package sample

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Files is the key of the customers' files, which lie in an object store.
const Files = "sample_files"

var (
	//go:embed annotation/files.yml
	filesDataset []byte
	//go:embed annotation/files_store.yml
	filesStore []byte
	//go:embed annotation/files_declaration.yml
	filesDeclaration []byte
)

// The store's address and bucket in its document, until it is known where it is.
const (
	noStore  = "http://127.0.0.1:1"
	noBucket = "sample-files"
)

// ErrNoKeys says that a store gives no keys of their own for the sample.
var ErrNoKeys = errors.New("the object store gives no keys of their own")

// fileOwners is how many customers have files.
const fileOwners = 40

// LoadFiles makes a bucket with invoices, uploads and forms of the first of the same customers, replacing what was in it, with keys that may read
// there, and others that may change it. ErrNoKeys when the store gives none.
func LoadFiles(ctx context.Context, store local.ObjectsAddress, prefix string, seed uint64, people int) (System, error) {
	store.Bucket = strings.ReplaceAll(prefix, "_", "-") + "-files"
	system, err := FilesAnnotation(store)
	if err != nil {
		return System{}, err
	}
	if err := fillBucket(ctx, store, files(seed, people)); err != nil {
		return System{}, fmt.Errorf("load the sample files: %w", err)
	}
	reads := []string{"s3:ListBucket", "s3:GetObject", "s3:GetObjectTagging", "s3:GetBucketVersioning"}
	if system.ReadDSN, err = local.LendObjects(store, reads...); err != nil {
		return System{}, errors.Join(ErrNoKeys, err)
	}
	system.ChangeDSN, err = local.LendObjects(store, append(reads, "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject", "s3:PutObjectTagging", "s3:ListBucketVersions",
		"s3:GetObjectVersion", "s3:GetObjectVersionTagging", "s3:ListBucketMultipartUploads", "s3:AbortMultipartUpload")...)
	return system, err
}

// FilesAnnotation reads the files' dataset, declaration and store document, without any store.
func FilesAnnotation(store local.ObjectsAddress) (System, error) {
	at := "http://" + store.Endpoint
	if store.Secure {
		at = "https://" + store.Endpoint
	}
	document := strings.NewReplacer(noStore, at, noBucket, store.Bucket).Replace(string(filesStore))
	system := System{Key: Files, DatasetYAML: filesDataset, DeclarationYAML: filesDeclaration, ServiceYAML: []byte(document)}
	var err error
	if system.Datasets, err = dataset.Parse("files.yml", filesDataset); err != nil {
		return System{}, fmt.Errorf("read the files' dataset: %w", err)
	}
	if _, err := dataset.ParseStore("files_store.yml", system.ServiceYAML); err != nil {
		return System{}, fmt.Errorf("read the files' store document: %w", err)
	}
	declared, err := dataset.ParseDeclarations("files_declaration.yml", filesDeclaration)
	if err != nil {
		return System{}, fmt.Errorf("read the files' declaration: %w", err)
	}
	system.Declaration = declared[0]
	return system, nil
}

// file is an object to be.
type file struct {
	key, content, contentType string
	tags                      map[string]string
}

// files invents what customers uploaded and were billed: the demo person, and some of the others.
func files(seed uint64, people int) (out []file) {
	g := &generator{Rand: seeded(seed + 3), serial: map[string]int{}, people: makePeople(seeded(seed), max(1, people))}
	for i, p := range g.people[:min(len(g.people), fileOwners)] {
		if i > 0 && !p.inShop {
			continue
		}
		id := customerID(p)
		for n := range 1 + g.IntN(3) {
			number := fmt.Sprintf("%d-%04d", epoch.Year()-n, 100+i*7+n)
			out = append(out, file{key: fmt.Sprintf("invoices/%d/%s.pdf", id, number), contentType: "application/pdf",
				content: pdf("Rechnung "+number, p.full(), p.street, p.postal+" "+p.city, fmt.Sprintf("Betrag: %d,90 EUR", 20+g.IntN(300)))})
		}
		if i == 0 || g.IntN(2) == 0 {
			out = append(out, file{key: fmt.Sprintf("uploads/%d/Rücksendung/Begleitschreiben.pdf", id), contentType: "application/pdf", content: pdf("Begleitschreiben", "Das Gestänge ist beim ersten Aufbau gebrochen.", p.full())},
				file{key: fmt.Sprintf("uploads/%d/notes.txt", id), contentType: "text/plain; charset=utf-8", content: "Bitte nach 17 Uhr anrufen: " + p.phone + "\n"})
		}
		if i == 0 || g.IntN(3) == 0 {
			out = append(out, file{key: fmt.Sprintf("forms/%04d.pdf", 1000+i), contentType: "application/pdf", content: pdf("Anmeldung zum Hüttentreffen", p.full(), p.phone), tags: map[string]string{"contact": p.email, "event": "hut meeting"}})
		}
	}
	return out
}

// fillBucket replaces what is in a bucket.
func fillBucket(ctx context.Context, store local.ObjectsAddress, list []file) error {
	client, err := minio.New(store.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(store.AccessKey, store.SecretKey, ""), Secure: store.Secure})
	if err != nil {
		return err
	}
	there, err := client.BucketExists(ctx, store.Bucket)
	if err == nil && !there {
		err = client.MakeBucket(ctx, store.Bucket, minio.MakeBucketOptions{})
	}
	if err != nil {
		return fmt.Errorf("make the bucket: %w", err)
	}
	for failed := range client.RemoveObjects(ctx, store.Bucket, client.ListObjects(ctx, store.Bucket, minio.ListObjectsOptions{Recursive: true}), minio.RemoveObjectsOptions{}) {
		return fmt.Errorf("empty the bucket: %w", failed.Err)
	}
	for _, f := range list {
		_, err := client.PutObject(ctx, store.Bucket, f.key, bytes.NewReader([]byte(f.content)), int64(len(f.content)), minio.PutObjectOptions{ContentType: f.contentType, UserTags: f.tags})
		if err != nil {
			return fmt.Errorf("store a file: %w", err)
		}
	}
	return nil
}
