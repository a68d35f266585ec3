package local_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/privacy-docket/docket/deploy/local"
)

// MongoDB is started when it is asked for, comes back after a kill and after a stop with what it held, and lets nobody in without the password.
func TestMongoDBComesBack(t *testing.T) {
	t.Parallel()
	opts := light(t)
	opts.MongoDB = true
	stack, err := local.Start(t.Context(), opts)
	require.NoError(t, err)
	part, dsn := stack.Part(local.MongoDB), stack.Addresses().MongoDBAdminDSN
	require.NoError(t, insertAtMongoDB(t.Context(), dsn))
	info, err := os.Stat(filepath.Join(stack.Dir(), "mongodb", "data"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())

	first := part.PID()
	require.NoError(t, part.Kill())
	require.Error(t, insertAtMongoDB(t.Context(), dsn), "it serves after kill -9")
	require.NoError(t, part.Start(t.Context()))
	require.NotEqual(t, first, part.PID())
	require.NoError(t, insertAtMongoDB(t.Context(), dsn))
	require.NoError(t, part.Stop(t.Context()))
	require.Error(t, insertAtMongoDB(t.Context(), dsn), "it serves after a stop")
	require.NoError(t, stack.Close(t.Context()))

	opts.MongoDB = false // where there was one, there is one again
	again, err := local.Start(t.Context(), opts)
	require.NoError(t, err)
	require.Equal(t, dsn, again.Addresses().MongoDBAdminDSN, "port and credentials are remembered")
	require.Equal(t, int64(2), countAtMongoDB(t, dsn))
	require.Error(t, insertAtMongoDB(t.Context(), withPassword(t, dsn, "another")))
	require.NoError(t, again.Close(t.Context()))
}

// Nobody who did not ask for MongoDB has one.
func TestMongoDBIsLeftOutUnlessAskedFor(t *testing.T) {
	t.Parallel()
	stack, err := local.Start(t.Context(), light(t))
	require.NoError(t, err)
	require.Nil(t, stack.Part(local.MongoDB))
	require.Empty(t, stack.Addresses().MongoDBAdminDSN)
	require.NoError(t, stack.Close(t.Context()))
}

func withPassword(t *testing.T, dsn, password string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	u.User = url.UserPassword(u.User.Username(), password)
	return u.String()
}

func atMongoDB(ctx context.Context, dsn string, do func(*mongo.Collection) error) (err error) {
	client, err := mongo.Connect(options.Client().ApplyURI(dsn).SetDirect(true).SetServerSelectionTimeout(2 * time.Second))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.Disconnect(context.WithoutCancel(ctx))) }()
	return do(client.Database("kept").Collection("lines"))
}

func insertAtMongoDB(ctx context.Context, dsn string) error {
	return atMongoDB(ctx, dsn, func(c *mongo.Collection) error {
		_, err := c.InsertOne(ctx, bson.D{{Key: "line", Value: "before"}})
		return err
	})
}

func countAtMongoDB(t *testing.T, dsn string) (n int64) {
	t.Helper()
	require.NoError(t, atMongoDB(t.Context(), dsn, func(c *mongo.Collection) (err error) {
		n, err = c.CountDocuments(t.Context(), bson.D{})
		return err
	}))
	return n
}
