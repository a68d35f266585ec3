package localtest

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// MongoDB makes a database of the test's own on the stack's MongoDB (FerretDB) and returns it open, for a user that may do everything, with its
// URL. It is dropped when the test ends.
func MongoDB(t testing.TB) (*mongo.Database, *url.URL) {
	t.Helper()
	admin := Stack(t).MongoDBAdminDSN
	require.NotEmpty(t, admin, "the test stack has no MongoDB: start it with --mongodb, or with a command")
	u, err := url.Parse(admin)
	require.NoError(t, err)
	u.Path, u.RawQuery = "/test_"+strings.ToLower(rand.Text()[:16]), "authSource=admin"
	database := openMongoDB(t, u)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), cleanupTime)
		defer cancel()
		require.NoError(t, database.Drop(ctx), "drop the test's database")
		require.NoError(t, database.Client().Disconnect(ctx))
	})
	return database, u
}

// openMongoDB opens the database that a URL names.
func openMongoDB(t testing.TB, u *url.URL) *mongo.Database {
	t.Helper()
	password, _ := u.User.Password()
	client, err := mongo.Connect(options.Client().SetHosts([]string{u.Host}).SetDirect(true).
		SetAuth(options.Credential{Username: u.User.Username(), Password: password, AuthSource: "admin"}))
	require.NoError(t, err)
	return client.Database(strings.Trim(u.Path, "/"))
}
