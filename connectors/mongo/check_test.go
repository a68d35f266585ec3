package mongo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mongo"
)

// What can't be an address is refused with what one looks like, and no part of it is repeated.
func TestAddresses(t *testing.T) {
	t.Parallel()
	for dsn, says := range map[string]string{
		"mongodb://u:p@h/d": "",
		"mongodb://u:p@h:27018/d?authSource=admin&tls=true":        "",
		"mongodb://u:p@h/d?directConnection=true&tls=skip-verify":  "",
		"mongodb://u:p%40%3A%2F@[2001:db8::1]:1/d?authSource=a":    "",
		"mongodb+srv://u:canary@h/d":                               "looked up",
		"mongodb://u:canary@a:1,b:2/d":                             "",
		"postgres://u:canary@h/d":                                  "no mongodb://",
		"mongodb://u:canary@h":                                     "no database",
		"mongodb://u:canary@h/d/e":                                 "no database",
		"mongodb://u:canary@h/d.e":                                 "no database",
		"mongodb://h/d":                                            "no user",
		"mongodb://u@h/d":                                          "no user",
		"mongodb://u:canary@h:0/d":                                 "port",
		"mongodb://u:canary@x@h/d":                                 "two ways",
		"mongodb://u:canary@h/d#f":                                 "two ways",
		"mongodb://u:canary@h/d?replicaSet=rs":                     "setting that is not taken",
		"mongodb://u:canary@h/d?directConnection=false":            "further servers",
		"mongodb://u:canary@h/d?tls=maybe":                         "tls that is none",
		"mongodb://u:canary@h/d?tls=true&tls=false":                "twice",
		"mongodb://u:canary@h/d?tls-ca=/etc/passwd":                "checks no certificate",
		"mongodb://u:canary@h/d?tls=true&tls-ca=/etc/passwd":       "certificates",
		"mongodb://u:canary@h/d?tls=true&tls-ca=/dev/zero":         "certificates",
		"mongodb://u:canary@h/d?authMechanism=MONGODB-X509":        "authMechanism",
		"mongodb://u:canary@h/d?authMechanism=PLAIN":               "authMechanism",
		"mongodb://u:canary%0a@h/d":                                "control character",
		"mongodb:u:canary@h/d":                                     "no mongodb://",
		"mongodb://u:canary@%2Ftmp%2Fmongodb.sock/d":               "",
		"mongodb://u:canary@h/d?authMechanismProperties=SERVICE:x": "setting that is not taken",
	} {
		_, err := mongo.New(mongo.Config{DSN: dsn})
		if says == "" && (dsn[len("mongodb://u:")] == 'p') {
			require.NoError(t, err, dsn)
			continue
		}
		require.ErrorIs(t, err, connectors.ErrDSN, dsn)
		require.ErrorContains(t, err, says, dsn)
		require.NotContains(t, err.Error(), "canary", dsn)
		require.NotContains(t, err.Error(), "etc", dsn)
	}
}

// Test names all that is wrong: nobody there, a wrong password, a collection or a field that isn't there.
func TestFindings(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mail(t, "a@example.org")
	datasets := conformance.Parse(t, conformance.Mail)
	require.NoError(t, b.connector(t, mongo.Config{Datasets: datasets}).Test(t.Context()))
	require.NoError(t, b.connector(t, mongo.Config{Datasets: datasets, AllowWrites: true}).Test(t.Context()))

	nobody := *b.url
	nobody.Host = "127.0.0.1:1"
	err := (&bench{b.Database, &nobody}).connector(t, mongo.Config{Datasets: datasets}).Test(t.Context())
	require.ErrorIs(t, err, connectors.ErrUnreachable)
	require.ErrorContains(t, err, "see whether it runs")
	wrong := *b.url
	wrong.User = nil
	wrong.Host = b.url.User.Username() + ":canary@" + b.url.Host
	c, err := mongo.New(mongo.Config{DSN: "mongodb://" + wrong.Host + wrong.Path + "?authSource=admin", Datasets: datasets, ConnectTimeout: 20 * time.Second})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	err = c.Test(t.Context())
	require.ErrorIs(t, err, connectors.ErrCredentials)
	require.NotContains(t, err.Error(), "canary")

	missing := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: Email, fides_meta: {identity: email}}]}, {name: post, fields: [{name: email, fides_meta: {identity: email}}]}]}]`)
	err = b.connector(t, mongo.Config{Datasets: missing}).Test(t.Context())
	require.ErrorIs(t, err, connectors.ErrTable)
	require.ErrorContains(t, err, "d.post: the database")
	require.ErrorIs(t, err, connectors.ErrColumn)
	require.ErrorContains(t, err, "d.mail.Email: none of the documents")
	elsewhere := conformance.Parse(t, `dataset: [{fides_key: d, meta: {schema: nowhere}, collections: [{name: mail, fields: [{name: email, fides_meta: {identity: email}}]}]}]`)
	require.ErrorContains(t, b.connector(t, mongo.Config{Datasets: elsewhere}).Test(t.Context()), "the database nowhere has no such collection")
	require.ErrorIs(t, b.connector(t, mongo.Config{Datasets: elsewhere}).Collect(t.Context(), conformance.Plan(t, elsewhere, conformance.Email("a@example.org")), conformance.NewRecorder()), connectors.ErrTable)
}

// privileged is a server whose user may do these things, as MongoDB tells it (which FerretDB, that knows no rights, does not).
func privileged(t *testing.T, privileges ...bson.D) *between {
	t.Helper()
	list := bson.A{}
	for _, p := range privileges {
		list = append(list, p)
	}
	return newBetween(t, func(c command) reply {
		if c.name != "connectionStatus" {
			return nil
		}
		return c.is(bson.D{{Key: "ok", Value: 1}, {Key: "authInfo", Value: bson.D{{Key: "authenticatedUsers", Value: bson.A{}}, {Key: "authenticatedUserPrivileges", Value: list}}}})
	})
}

// granted is one privilege.
func granted(resource bson.D, actions ...any) bson.D {
	return bson.D{{Key: "resource", Value: resource}, {Key: "actions", Value: bson.A(actions)}}
}

func in(database, collection string) bson.D {
	return bson.D{{Key: "db", Value: database}, {Key: "collection", Value: collection}}
}

// A user that may not read, one for reading that may change, and one for erasing that may not: each is found.
func TestRights(t *testing.T) {
	t.Parallel()
	const personal = `dataset: [{fides_key: d, collections: [{name: mail, fields: [{name: id, fides_meta: {primary_key: true}}, {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}]}]}]`
	any := bson.D{{Key: "anyResource", Value: true}}
	for name, c := range map[string]struct {
		privileges   []bson.D
		read, change connectors.Code
	}{
		"read on all of the server":   {[]bson.D{granted(in("", ""), "find", "listCollections")}, "", connectors.ErrReadOnly},
		"read on the collection":      {[]bson.D{granted(in("DB", "mail"), "find")}, "", connectors.ErrReadOnly},
		"read and write in the base":  {[]bson.D{granted(in("DB", ""), "find", "insert", "update", "remove")}, connectors.ErrWritable, ""},
		"to change and not to delete": {[]bson.D{granted(in("DB", "mail"), "find", "update")}, connectors.ErrWritable, connectors.ErrReadOnly},
		"everything":                  {[]bson.D{granted(any, "find", "update", "remove", "shutdown")}, connectors.ErrWritable, ""},
		"nothing":                     {nil, connectors.ErrPrivilege, connectors.ErrPrivilege},
		"another collection's":        {[]bson.D{granted(in("DB", "post"), "find", "update"), granted(bson.D{{Key: "cluster", Value: true}}, "hello")}, connectors.ErrPrivilege, connectors.ErrPrivilege},
		"another base's":              {[]bson.D{granted(in("other", ""), "find", "update")}, connectors.ErrPrivilege, connectors.ErrPrivilege},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := privileged(t, c.privileges...)
			for _, p := range c.privileges {
				if at, is := p[0].Value.(bson.D); is && at[0].Value == "DB" {
					at[0].Value = b.Name()
				}
			}
			b.mail(t, "a@example.org")
			for write, code := range map[bool]connectors.Code{false: c.read, true: c.change} {
				err := b.connector(t, mongo.Config{Datasets: conformance.Parse(t, personal), AllowWrites: write}).Test(t.Context())
				if code == "" {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, code, "%v", err)
				}
			}
		})
	}
}

// A member of a replica set that takes no writes is none to erase at.
func TestAMemberThatTakesNoWrites(t *testing.T) {
	t.Parallel()
	b := newBetween(t, func(c command) reply {
		if _, err := c.LookupErr("client"); c.name == "hello" && err != nil && c.Lookup("$db").StringValue() == "admin" {
			return c.is(bson.D{{Key: "ok", Value: 1}, {Key: "isWritablePrimary", Value: false}, {Key: "maxWireVersion", Value: 21}, {Key: "minWireVersion", Value: 0}})
		}
		return nil
	})
	b.mail(t, "a@example.org")
	datasets := conformance.Parse(t, conformance.Mail)
	require.NoError(t, b.connector(t, mongo.Config{Datasets: datasets}).Test(t.Context()))
	err := b.connector(t, mongo.Config{Datasets: datasets, AllowWrites: true}).Test(t.Context())
	require.ErrorIs(t, err, connectors.ErrReadOnly)
	require.ErrorContains(t, err, "name the primary")
}

// A user without a right to list collections is shown those that it has rights on.
func TestCollectionsThatMayBeSeen(t *testing.T) {
	t.Parallel()
	b := newBetween(t, func(c command) reply {
		if authorized, _ := c.Lookup("authorizedCollections").BooleanOK(); c.name == "listCollections" && !authorized {
			return c.fails(13)
		}
		return nil
	})
	b.mail(t, "a@example.org")
	require.NoError(t, b.connector(t, mongo.Config{Datasets: conformance.Parse(t, conformance.Mail)}).Test(t.Context()))
}
