package local

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/types/known/durationpb"
)

// namespaceRetention is how long closed histories are kept. Their record is complete in the register by then.
const namespaceRetention = 7 * 24 * time.Hour

const namespacePoll = 50 * time.Millisecond

// RegisterNamespace makes a Temporal namespace unless it is there, and returns when the services know it.
func RegisterNamespace(ctx context.Context, address, name string) error {
	namespaces, err := client.NewNamespaceClient(client.Options{HostPort: address, Logger: silent{}})
	if err != nil {
		return fmt.Errorf("connect to Temporal: %w", err)
	}
	defer namespaces.Close()
	err = namespaces.Register(ctx, &workflowservice.RegisterNamespaceRequest{
		Namespace:                        name,
		Description:                      "Docket",
		WorkflowExecutionRetentionPeriod: durationpb.New(namespaceRetention),
	})
	var exists *serviceerror.NamespaceAlreadyExists
	if err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("register namespace %s: %w", name, err)
	}
	return awaitNamespace(ctx, address, name)
}

// awaitNamespace asks for a workflow nobody started until the answer is that there is none: then frontend and history
// both know the namespace and the shards are taken.
func awaitNamespace(ctx context.Context, address, name string) error {
	c, err := client.DialContext(ctx, client.Options{HostPort: address, Namespace: name, Logger: silent{}})
	if err != nil {
		return fmt.Errorf("connect to Temporal: %w", err)
	}
	defer c.Close()
	ticker := time.NewTicker(namespacePoll)
	defer ticker.Stop()
	for {
		_, err := c.DescribeWorkflowExecution(ctx, "is-the-namespace-known", "")
		var absent *serviceerror.NotFound
		if errors.As(err, &absent) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("namespace %s is not usable in time: %w", name, err)
		case <-ticker.C:
		}
	}
}

// checkTemporal asks the frontend for its health.
func checkTemporal(ctx context.Context, address string) error {
	c, err := client.DialContext(ctx, client.Options{HostPort: address, Logger: silent{}})
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.CheckHealth(ctx, &client.CheckHealthRequest{})
	return err
}

// silent keeps the SDK from writing to standard output; what goes wrong comes back as an error.
type silent struct{}

func (silent) Debug(string, ...any) {}
func (silent) Info(string, ...any)  {}
func (silent) Warn(string, ...any)  {}
func (silent) Error(string, ...any) {}
