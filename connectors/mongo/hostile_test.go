package mongo_test

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mongo"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// mail fills a collection with one document per address.
func (b *bench) mail(t *testing.T, addresses ...string) {
	t.Helper()
	for i, a := range addresses {
		_, err := b.Collection("mail").InsertOne(t.Context(), bson.D{{Key: "_id", Value: int32(i + 1)}, {Key: "id", Value: int32(i + 1)}, {Key: "email", Value: a}, {Key: "body", Value: conformance.Canary}})
		require.NoError(t, err)
	}
}

// person is a@example.org.
func person(t *testing.T) connectors.Selection {
	t.Helper()
	return conformance.Plan(t, conformance.Parse(t, conformance.Mail), conformance.Email("a@example.org"))
}

// finding is a reply to a query for documents: those, and where it goes on.
func finding(in string, id int64, docs ...any) bson.D {
	return bson.D{{Key: "cursor", Value: bson.D{{Key: in, Value: append(bson.A{}, docs...)}, {Key: "id", Value: id}, {Key: "ns", Value: "x.mail"}}}, {Key: "ok", Value: 1}}
}

// A server that never comes to an end, sends what is none, or too much of it, ends the work with an error that says so.
func TestServersThatMisbehave(t *testing.T) {
	t.Parallel()
	deep := func(levels int) bson.D {
		doc := []byte{5, 0, 0, 0, 0}
		for range levels {
			inner := doc
			doc = append([]byte{0, 0, 0, 0, 3, 'x', 0}, inner...)
			doc = append(doc, 0)
			doc[0], doc[1], doc[2], doc[3] = byte(len(doc)), byte(len(doc)>>8), byte(len(doc)>>16), byte(len(doc)>>24)
		}
		return bson.D{{Key: "_id", Value: 1}, {Key: "email", Value: "a@example.org"}, {Key: "body", Value: bson.Raw(doc)}}
	}
	mine := bson.D{{Key: "_id", Value: 1}, {Key: "id", Value: 1}, {Key: "email", Value: "a@example.org"}}
	for name, c := range map[string]struct {
		answer func(command) reply
		code   connectors.Code
		says   string
	}{
		"parts without an end": {func(c command) reply {
			switch c.name {
			case "find":
				return c.is(finding("firstBatch", 7))
			case "getMore":
				return c.is(finding("nextBatch", 7))
			}
			return nil
		}, connectors.ErrAnswer, "does not end"},
		"documents without an end": {func(c command) reply {
			switch c.name {
			case "find":
				return c.is(finding("firstBatch", 7, mine))
			case "getMore":
				return c.is(finding("nextBatch", 7, mine, mine, mine))
			}
			return nil
		}, connectors.ErrAnswer, "does not end"},
		"documents in documents": {func(c command) reply {
			if c.name == "find" {
				return c.is(finding("firstBatch", 0, deep(120)))
			}
			return nil
		}, connectors.ErrTooLarge, "deeper"},
		"documents in documents in documents": {func(c command) reply {
			if c.name == "find" {
				return c.is(finding("firstBatch", 0, deep(20_000)))
			}
			return nil
		}, "", ""},
		"a message that says it is endless": {func(c command) reply {
			if c.name == "find" {
				return func() error { return c.send(1<<31-1, nil) }
			}
			return nil
		}, connectors.ErrTooLarge, "48,000,000"},
		"a message without a length": {func(c command) reply {
			if c.name == "find" {
				return func() error { return c.send(0, nil) }
			}
			return nil
		}, connectors.ErrTooLarge, ""},
		"a batch that is a number": {func(c command) reply {
			if c.name == "find" {
				return c.is(bson.D{{Key: "cursor", Value: bson.D{{Key: "firstBatch", Value: 5}, {Key: "id", Value: int64(0)}, {Key: "ns", Value: "x.mail"}}}, {Key: "ok", Value: 1}})
			}
			return nil
		}, connectors.ErrAnswer, ""},
		"a cursor that is a text": {func(c command) reply {
			if c.name == "find" {
				return c.is(bson.D{{Key: "cursor", Value: conformance.Canary}, {Key: "ok", Value: 1}})
			}
			return nil
		}, connectors.ErrAnswer, ""},
		"documents without an id": {func(c command) reply {
			if c.name == "find" {
				return c.is(finding("firstBatch", 0, bson.D{{Key: "email", Value: "a@example.org"}}))
			}
			return nil
		}, connectors.ErrAnswer, ""},
		"collections without names": {func(c command) reply {
			if c.name == "listCollections" {
				return c.is(finding("firstBatch", 0, bson.D{{Key: "type", Value: 5}}))
			}
			return nil
		}, connectors.ErrAnswer, ""},
		"bytes that are no document": {func(c command) reply {
			if c.name == "find" {
				return func() error { return c.send(16+5+8, []byte{8, 0, 0, 0, 0xff, 0xff, 0xff, 0}) }
			}
			return nil
		}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBetween(t, c.answer)
			b.mail(t, "a@example.org")
			connector := b.connector(t, mongo.Config{Datasets: conformance.Parse(t, conformance.Mail), AnswerLimit: 1000, ConnectTimeout: 20 * time.Second})
			err := connector.Collect(t.Context(), person(t), conformance.NewRecorder())
			require.Error(t, err)
			var own *connectors.Error
			require.ErrorAs(t, err, &own)
			require.NotContains(t, fmt.Sprintf("%+v", err), conformance.Canary)
			if c.code != "" {
				require.ErrorIs(t, err, c.code, "%v", err)
				require.ErrorContains(t, err, c.says)
			}
		})
	}
}

// A server that doesn't answer is not waited for longer than a statement may take.
func TestAServerThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	b := newBetween(t, func(c command) reply {
		if c.name != "find" {
			return nil
		}
		return func() error { <-over; return nil }
	})
	t.Cleanup(func() { close(over) })
	b.mail(t, "a@example.org")
	c := b.connector(t, mongo.Config{Datasets: conformance.Parse(t, conformance.Mail), StatementTimeout: 500 * time.Millisecond})
	err := c.Collect(t.Context(), person(t), conformance.NewRecorder())
	require.ErrorIs(t, err, connectors.ErrTimeout)
	require.True(t, connectors.Temporary(err))
}

// What the server says of further servers leads nowhere: the one host that the DSN names is connected to, as the annotation's data lies there.
func TestFurtherServersAreNotConnectedTo(t *testing.T) {
	t.Parallel()
	elsewhere := "10.1.2.3:27017"
	b := newBetween(t, func(c command) reply {
		if c.name == "hello" || c.name == "isMaster" || c.name == "ismaster" {
			return c.is(bson.D{{Key: "ok", Value: 1}, {Key: "isWritablePrimary", Value: false}, {Key: "secondary", Value: true}, {Key: "setName", Value: "rs"}, {Key: "hosts", Value: bson.A{elsewhere, "10.1.2.4:27017"}},
				{Key: "primary", Value: elsewhere}, {Key: "me", Value: elsewhere}, {Key: "maxWireVersion", Value: 21}, {Key: "minWireVersion", Value: 0}, {Key: "maxBsonObjectSize", Value: 16777216},
				{Key: "maxMessageSizeBytes", Value: 2147483647}, {Key: "maxWriteBatchSize", Value: 100000}, {Key: "helloOk", Value: true}})
		}
		return nil
	})
	b.mail(t, "a@example.org")
	var mu sync.Mutex
	asked := map[string]bool{}
	c := b.connector(t, mongo.Config{Datasets: conformance.Parse(t, conformance.Mail), MayReach: func(a netip.Addr) bool {
		mu.Lock()
		defer mu.Unlock()
		asked[a.String()] = true
		return true
	}})
	r := conformance.NewRecorder()
	require.NoError(t, c.Collect(t.Context(), person(t), r))
	require.Equal(t, int64(1), r.Totals[conformance.AddressOf("mail")])
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, map[string]bool{"127.0.0.1": true}, asked)
}

// An address that may not be connected to is refused when it is connected to.
func TestWhereMayBeConnectedTo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := b.connector(t, mongo.Config{Datasets: conformance.Parse(t, conformance.Mail), MayReach: func(netip.Addr) bool { return false }})
	err := c.Test(t.Context())
	require.ErrorIs(t, err, connectors.ErrUnreachable)
	require.ErrorContains(t, err, "may not be connected to")
}

// Without encryption nothing goes to addresses of the open network; with it the server has to speak it.
func TestWhereEncryptionIsOwed(t *testing.T) {
	t.Parallel()
	b := newBetween(t, func(command) reply { return nil })
	for settings, says := range map[string]string{"": "not encrypted", "tls=false": "not encrypted", "tls=skip-verify": "does not speak TLS"} {
		c := b.with(settings).connector(t, mongo.Config{Datasets: conformance.Parse(t, conformance.Mail), MayReachPlain: func(netip.Addr) bool { return false }})
		require.ErrorContains(t, c.Test(t.Context()), says, settings)
	}
}

// What the server refuses is explained by its code; what it says, which quotes values, is not passed on.
func TestRefusalsQuoteNothing(t *testing.T) {
	t.Parallel()
	var code atomic.Int32
	b := newBetween(t, func(c command) reply {
		if c.name == "find" && code.Load() != 0 {
			return c.fails(code.Load())
		}
		return nil
	})
	b.mail(t, "a@example.org")
	c := b.connector(t, mongo.Config{Datasets: conformance.Parse(t, conformance.Mail)})
	_, err := c.Preview(t.Context(), person(t))
	require.NoError(t, err)
	for is, want := range map[int32]connectors.Code{13: connectors.ErrPrivilege, 18: connectors.ErrCredentials, 26: connectors.ErrTable, 50: connectors.ErrTimeout, 43: connectors.ErrBusy, 112: connectors.ErrBusy,
		10107: connectors.ErrBusy, 59: connectors.ErrAnswer, 4711: connectors.ErrServer, 91: connectors.ErrUnreachable} {
		code.Store(is)
		_, err := c.Preview(t.Context(), person(t))
		require.ErrorIs(t, err, want, "%d", is)
		require.NotContains(t, fmt.Sprintf("%+v", err), "example.org", "%d", is)
	}
}

// A write that the server refuses is explained, and what else was done counts.
func TestRefusedWrites(t *testing.T) {
	t.Parallel()
	for is, want := range map[int32]connectors.Code{11000: connectors.ErrConstraint, 121: connectors.ErrConstraint, 13: connectors.ErrPrivilege, 10334: connectors.ErrTooLarge} {
		b := newBetween(t, func(c command) reply {
			if c.name == "update" {
				return c.is(bson.D{{Key: "ok", Value: 1}, {Key: "n", Value: 0}, {Key: "nModified", Value: 0}, {Key: "writeErrors", Value: bson.A{bson.D{{Key: "index", Value: 0}, {Key: "code", Value: is}, {Key: "errmsg", Value: conformance.Canary}}}}})
			}
			return nil
		})
		b.mail(t, "a@example.org")
		datasets := conformance.Parse(t, conformance.Mail)
		c := b.connector(t, mongo.Config{Datasets: datasets, AllowWrites: true})
		err := c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(erasure.Null, "body"))), conformance.NewLedger())
		require.ErrorIs(t, err, want, "%d: %v", is, err)
		require.NotContains(t, fmt.Sprintf("%+v", err), conformance.Canary)
	}
}

// Documents that nobody asked for are left out, and said to have been there.
func TestDocumentsThatWereNotAskedFor(t *testing.T) {
	t.Parallel()
	b := newBetween(t, func(c command) reply {
		if c.name == "find" {
			return c.is(finding("firstBatch", 0, bson.D{{Key: "_id", Value: 1}, {Key: "id", Value: 1}, {Key: "email", Value: "b@example.org"}}, bson.D{{Key: "_id", Value: 2}, {Key: "id", Value: 2}, {Key: "email", Value: "A@EXAMPLE.ORG"}},
				bson.D{{Key: "_id", Value: 2}, {Key: "id", Value: 2}, {Key: "email", Value: "a@example.org"}}))
		}
		return nil
	})
	b.mail(t, "a@example.org")
	var told []mongo.Notice
	c := b.connector(t, mongo.Config{Datasets: conformance.Parse(t, conformance.Mail), Report: reporting(&told)})
	r := conformance.NewRecorder()
	require.NoError(t, c.Collect(t.Context(), person(t), r))
	require.Equal(t, int64(1), r.Totals[conformance.AddressOf("mail")])
	require.NotEmpty(t, told)
	require.Equal(t, int64(1), told[0].Foreign)
	require.Equal(t, int64(1), told[0].Twice)
}

// TLS is checked by the authority that the DSN names, and a server without is told from one whose certificate is wrong.
func TestTLS(t *testing.T) {
	t.Parallel()
	secure := httptest.NewUnstartedServer(nil)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	authority := filepath.Join(t.TempDir(), "authority.pem")
	require.NoError(t, os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}), 0o600))
	plain := newBetween(t, nil)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: secure.TLS.Certificates, MinVersion: tls.VersionTLS12})
	require.NoError(t, err)
	b := behind(t, listener, nil)
	b.mail(t, "a@example.org")
	for settings, says := range map[string]string{"tls=true&tls-ca=" + authority: "", "tls=skip-verify": "", "tls=true": "certificate"} {
		err := b.with(settings).connector(t, mongo.Config{Datasets: conformance.Parse(t, conformance.Mail)}).Test(t.Context())
		if says == "" {
			require.NoError(t, err, settings)
			continue
		}
		require.ErrorIs(t, err, connectors.ErrUnreachable)
		require.ErrorContains(t, err, says)
	}
	err = plain.with("tls=skip-verify").connector(t, mongo.Config{Datasets: conformance.Parse(t, conformance.Mail)}).Test(t.Context())
	require.ErrorIs(t, err, connectors.ErrUnreachable)
	require.ErrorContains(t, err, "TLS")
	require.False(t, strings.Contains(err.Error(), "certificate"))
}

// reporting keeps what is reported.
func reporting(told *[]mongo.Notice) func(context.Context, mongo.Notice) {
	return func(_ context.Context, n mongo.Notice) { *told = append(*told, n) }
}
