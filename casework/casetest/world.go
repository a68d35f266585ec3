// Package casetest gives tests of the processes a world to run in: a tenant with staff and a small shop, on a register, a
// bucket and the real policies, going by a clock of the test's choice.
package casetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// Day is a day of the clock.
const Day = 24 * time.Hour

// PublicURL is where letters lead to.
const PublicURL = "https://privacy.example"

// World is what the processes of one tenant run on. All of it is dropped when the test ends.
type World struct {
	T        testing.TB
	Register *storagetest.Register
	// DB goes by Clock, unlike the register's own.
	DB      *storage.DB
	Clock   clockwork.Clock
	Objects *objects.Store
	// Bucket is where Objects lie.
	Bucket objects.Config
	Desk   *casework.Desk
	Tenant uuid.UUID
	// Staff are the addresses of the staff by role.
	Staff map[string]string
	// Shop is the one system of the tenant.
	Shop *Shop
}

// Connections of the world's register: activities of several coroutines run side by side.
const connections = 8

// New makes a world. change alters the tenant before it is written.
func New(t testing.TB, clock clockwork.Clock, change ...func(*storage.NewTenant)) *World {
	t.Helper()
	w := &World{T: t, Register: storagetest.New(t), Clock: clock, Staff: map[string]string{}}
	var err error
	w.DB, err = storage.Open(t.Context(), w.Register.DSN, storage.Options{Master: w.Register.Master, Clock: clock, MaxConnections: connections})
	require.NoError(t, err)
	t.Cleanup(w.DB.Close)
	w.openObjects()
	book, err := policies.Embedded()
	require.NoError(t, err)
	w.Desk = casework.New(w.DB, w.Objects, book, casework.Links{Public: PublicURL}, clock)
	w.Tenant = storagetest.Tenant(t, w.DB, change...)
	for _, role := range []string{"agent", "lead", "dpo", "executive", "admin"} {
		w.addStaff(role)
	}
	w.Shop = w.addShop()
	return w
}

func (w *World) openObjects() {
	bucket := localtest.Bucket(w.T)
	w.Bucket = objects.Config{
		Endpoint: bucket.Endpoint, AccessKey: bucket.AccessKey, SecretKey: bucket.SecretKey, Bucket: bucket.Bucket, Secure: bucket.Secure,
	}
	var err error
	w.Objects, err = objects.Open(w.Bucket)
	require.NoError(w.T, err)
}

func (w *World) addStaff(role string) {
	address := localtest.Mailbox(w.T).Address(role)
	w.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.AddStaff(ctx, storage.Staff{Role: role, Name: "Staff " + role, Email: address})
		return err
	})
	w.Staff[role] = address
}

// Change runs do in a transaction of the tenant.
func (w *World) Change(do func(context.Context, *storage.Tx) error) {
	w.T.Helper()
	storagetest.Change(w.T, w.DB, w.Tenant, do)
}

// Read runs do in a reading transaction of the tenant.
func (w *World) Read(do func(context.Context, *storage.Tx) error) {
	w.T.Helper()
	storagetest.Read(w.T, w.DB, w.Tenant, do)
}
