package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/vault/api"
	"github.com/tink-crypto/tink-go-awskms/v3/integration/awskms"
	"github.com/tink-crypto/tink-go-hcvault/v2/integration/hcvault"
	"github.com/tink-crypto/tink-go/v2/core/registry"

	"github.com/privacy-docket/docket/seal"
)

// openMaster opens a master key by its URI: a file, or a key in a KMS that this binary has a client for. Credentials come
// the way each KMS's own tools take them: AWS_… variables and profiles, VAULT_TOKEN and its siblings.
func openMaster(ctx context.Context, uri string, previous ...string) (*seal.Master, error) {
	for _, one := range append([]string{uri}, previous...) {
		client, err := kmsClient(ctx, one)
		if err != nil {
			return nil, fmt.Errorf("prepare the KMS client for the master key: %w", err)
		}
		if client != nil {
			registry.RegisterKMSClient(client)
		}
	}
	return seal.OpenMaster(ctx, uri, previous...)
}

// kmsClient makes the client for a KMS URI, nil for every other.
func kmsClient(ctx context.Context, uri string) (registry.KMSClient, error) {
	switch {
	case strings.HasPrefix(uri, "aws-kms://"):
		return awskms.NewClientWithOptions(ctx, uri)
	case strings.HasPrefix(uri, "hcvault://"):
		config := api.DefaultConfig()
		if config.Error != nil {
			return nil, config.Error
		}
		host, _, _ := strings.Cut(strings.TrimPrefix(uri, "hcvault://"), "/")
		config.Address = "https://" + host
		client, err := api.NewClient(config)
		if err != nil {
			return nil, err
		}
		return hcvault.NewClientWithAEADOptions("hcvault://"+host+"/", client.Logical())
	default:
		return nil, nil //nolint:nilnil // a file needs no client
	}
}
