package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/seal"
)

// rewrapBatch is how many keys are rewrapped in one transaction: enough to be quick, few enough to hold locks briefly.
const rewrapBatch = 500

// rotation is one run of a rotating command.
type rotation struct {
	ctx    context.Context
	store  KeyStore
	master *seal.Master
	out    io.Writer
}

// withRotation opens what a rotating command needs: the master key first, since without it nothing may be touched.
func withRotation(cmd *cobra.Command, open openKeyStore, master string, previous []string, run func(*rotation) error) error {
	ctx := cmd.Context()
	opened, err := openMaster(ctx, master, previous...)
	if err != nil {
		return err
	}
	store, done, err := open(ctx)
	if err != nil {
		return err
	}
	defer done()
	return run(&rotation{ctx: ctx, store: store, master: opened, out: cmd.OutOrStdout()})
}

// rewrapMaster rewraps everything that lies directly under the master key.
func (r *rotation) rewrapMaster() error {
	tenants, err := r.store.TenantIDs(r.ctx)
	if err != nil {
		return fmt.Errorf("listing tenants: %w", err)
	}
	changed := 0
	for _, id := range tenants {
		err := r.store.ReplaceTenantKeys(r.ctx, id, func(wrapped []byte) ([]byte, error) {
			return count(&changed)(r.master.RewrapTenant(wrapped, id))
		})
		if err != nil {
			return fmt.Errorf("rewrapping the keys of tenant %s: %w", id, err)
		}
	}
	names, err := r.store.InstallationKeys(r.ctx)
	if err != nil {
		return fmt.Errorf("listing the installation's keys: %w", err)
	}
	for _, name := range names {
		err := r.store.ReplaceInstallationKey(r.ctx, name, func(wrapped []byte) ([]byte, error) {
			return count(&changed)(r.master.RewrapInstallation(wrapped, name))
		})
		if err != nil {
			return fmt.Errorf("rewrapping the key %s: %w", name, err)
		}
	}
	fmt.Fprintf(r.out, "%d tenants and %d installation keys are under the new master key, %d of them changed now.\n", len(tenants), len(names), changed)
	return nil
}

func count(changed *int) func([]byte, bool, error) ([]byte, error) {
	return func(out []byte, did bool, err error) ([]byte, error) {
		if did {
			*changed++
		}
		return out, err
	}
}

func (r *rotation) codec() error {
	if err := r.store.ReplaceInstallationKey(r.ctx, seal.CodecKeyName, r.master.RotateCodecKey); err != nil {
		return fmt.Errorf("rotating the payload codec's key: %w", err)
	}
	fmt.Fprintln(r.out, "Workflow payloads get a new key. Restart workers and servers to use it.")
	return nil
}

func (r *rotation) eachTenant(ids []string, do func(id string) error) error {
	if len(ids) == 0 {
		var err error
		if ids, err = r.store.TenantIDs(r.ctx); err != nil {
			return fmt.Errorf("listing tenants: %w", err)
		}
	}
	for _, id := range ids {
		if err := do(id); err != nil {
			return fmt.Errorf("tenant %s: %w", id, err)
		}
	}
	return nil
}

func (r *rotation) tenant(id string) error {
	var rotated []byte
	err := r.store.ReplaceTenantKeys(r.ctx, id, func(wrapped []byte) (out []byte, err error) {
		rotated, err = r.master.RotateTenant(wrapped, id)
		return rotated, err
	})
	if err != nil {
		return err
	}
	n, err := r.rewrapBelow(rotated, id)
	if err != nil {
		return err
	}
	fmt.Fprintf(r.out, "Tenant %s has a new wrapping key; %d keys were rewrapped.\n", id, n)
	return nil
}

// prune rewraps once more, for keys made by processes that had not seen the rotation, makes sure that nothing needs the
// older keys, and only then drops them.
func (r *rotation) prune(id string) error {
	var current []byte
	read := func(wrapped []byte) ([]byte, error) { current = wrapped; return wrapped, nil }
	if err := r.store.ReplaceTenantKeys(r.ctx, id, read); err != nil {
		return err
	}
	if _, err := r.rewrapBelow(current, id); err != nil {
		return err
	}
	pruned, err := r.master.PruneTenant(current, id)
	if err != nil {
		return err
	}
	n, err := r.rewrapBelow(pruned, id)
	if err != nil {
		return fmt.Errorf("a key still needs the older wrapping key, so nothing was dropped: %w", err)
	}
	prune := func(wrapped []byte) ([]byte, error) { return r.master.PruneTenant(wrapped, id) }
	if err := r.store.ReplaceTenantKeys(r.ctx, id, prune); err != nil {
		return err
	}
	fmt.Fprintf(r.out, "Tenant %s has one wrapping key; the %d keys below it need no other.\n", id, n)
	return nil
}

func (r *rotation) rewrapBelow(wrappedTenant []byte, id string) (n int, err error) {
	keys, err := r.master.TenantKeys(wrappedTenant, id)
	if err != nil {
		return 0, err
	}
	rewrap := func(kind seal.KeyKind, keyID string, wrapped []byte) ([]byte, error) {
		n++
		return keys.Rewrap(wrapped, kind, keyID)
	}
	for after, more := "", true; more; more = after != "" {
		if after, err = r.store.ReplaceKeys(r.ctx, id, after, rewrapBatch, rewrap); err != nil {
			return n, fmt.Errorf("rewrapping the keys below the tenant's: %w", err)
		}
	}
	return n, nil
}
