package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jonboulle/clockwork"

	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/storage"
)

// register is the part of the product that makes tenants: the database, the master key and the rules.
type register struct {
	*storage.DB
	book *policies.Book
	// local is the folder of the local stack that the register belongs to; empty for any other.
	local string
	// public is where people find the pages, for the links of invitations.
	public string
	clock  clockwork.Clock
}

// openRegister opens the register by the environment, and without it that of the local stack.
func (v *verbs) openRegister(ctx context.Context, errs io.Writer) (*register, error) {
	s, err := v.settings()
	if err != nil {
		return nil, err
	}
	r := &register{clock: v.clock}
	if s.Register == "" && s.Master == "" {
		if s, err = v.localRegister(s); err != nil {
			return nil, err
		}
		r.local = v.stateFolder()
		_, _ = fmt.Fprintf(errs, "Using the register of the local stack in %s.\n", r.local)
	}
	if s.Register == "" || s.Master == "" {
		return nil, errors.New("both DOCKET_REGISTER_URL and DOCKET_MASTER_KEY are needed: this command opens the register itself (docs/configuration.md)")
	}
	r.public = s.PublicURL
	if r.book, err = readPolicies(s.Policies); err != nil {
		return nil, err
	}
	master, err := openMaster(ctx, s.Master)
	if err != nil {
		return nil, err
	}
	r.DB, err = storage.Open(ctx, s.Register, storage.Options{Master: master, Clock: v.clock, MaxConnections: 2})
	if err != nil {
		return nil, fmt.Errorf("open the register: %w", err)
	}
	return r, nil
}

// localRegister fills in how to reach the register of the local stack.
func (v *verbs) localRegister(s settings) (settings, error) {
	dir := v.stateFolder()
	if _, err := os.Stat(productFile(dir)); errors.Is(err, fs.ErrNotExist) {
		return s, fmt.Errorf("DOCKET_REGISTER_URL and DOCKET_MASTER_KEY are not set and there is no local stack in %s: set them, or start one with docket up", dir)
	}
	p, err := readLocalProduct(dir)
	if err != nil {
		return s, err
	}
	addresses, err := local.ReadAddresses(dir)
	if err != nil {
		return s, err
	}
	master, err := filepath.Abs(filepath.Join(dir, "master.key"))
	if err != nil {
		return s, fmt.Errorf("find the master key: %w", err)
	}
	s.Master, s.PublicURL = "file://"+master, p.address()
	_, s.Register, err = registerURLs(addresses.PostgresAdminDSN, p.Password)
	return s, err
}

// keepKey remembers an administrator's key for the commands on the local stack, which has none yet.
func (r *register) keepKey(secret string) (kept bool, err error) {
	if r.local == "" {
		return false, nil
	}
	p, err := readLocalProduct(r.local)
	if err != nil || p.AdminKey != "" {
		return false, err
	}
	p.AdminKey = secret
	return true, p.save(r.local)
}
