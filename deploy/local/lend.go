package local

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"
)

// lentFor is how long keys that were lent are good: as long as MinIO gives any.
const lentFor = 365 * 24 * time.Hour

// LendObjects asks the store for keys of their own that may do so much in one bucket, as s3:GetObject, and nothing else. They are written as a system's
// secrets are, each on a line of its own, and end after a year.
func LendObjects(a ObjectsAddress, actions ...string) (string, error) {
	policy, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
		"Effect": "Allow", "Action": actions, "Resource": []string{"arn:aws:s3:::" + a.Bucket, "arn:aws:s3:::" + a.Bucket + "/*"},
	}}})
	if err != nil {
		return "", fmt.Errorf("write what lent keys may do: %w", err)
	}
	scheme := "http://"
	if a.Secure {
		scheme = "https://"
	}
	lender, err := credentials.NewSTSAssumeRole(scheme+a.Endpoint, credentials.STSAssumeRoleOptions{AccessKey: a.AccessKey, SecretKey: a.SecretKey, Policy: string(policy), DurationSeconds: int(lentFor.Seconds())})
	if err != nil {
		return "", fmt.Errorf("ask the object store for keys: %w", err)
	}
	keys, err := lender.GetWithContext(nil)
	if err != nil {
		return "", fmt.Errorf("ask the object store for keys: %w", err)
	}
	return "access_key=" + keys.AccessKeyID + "\nsecret_key=" + keys.SecretAccessKey + "\nsession_token=" + keys.SessionToken + "\n", nil
}
