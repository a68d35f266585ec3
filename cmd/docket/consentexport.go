package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

func (v *verbs) consentExport() *cobra.Command {
	var sale client.NewConsentTransfer
	var since string
	cmd := v.online("export FILE --buyer COMPANY --reference CONTRACT --day DAY", "Write the ledger of consents out for the buyer of the business", cobra.ExactArgs(1),
		func(ctx context.Context, s *session, args []string) (err error) {
			if since != "" {
				if sale.Since, err = time.Parse(time.RFC3339, since); err != nil {
					return fmt.Errorf("--since is a moment such as 2026-05-03T12:00:00Z: %w", err)
				}
			}
			return s.exportConsents(ctx, args[0], sale)
		})
	cmd.Long = cmd.Short + `.

FILE has every line of the ledger with its evidence, in clear, for everybody whose address is known, and whoever has withdrawn, objected or was suppressed as somebody who has
withdrawn. It is signed with the key of the audit log; give the buyer the verifier key another way (docket audit checkpoint --json has it). What happens after it was written goes over with another file
(--since, with made_at of the first line of this one). That it was written is on record. Encrypt it on its way, and delete it.`
	flags := cmd.Flags()
	flags.StringVar(&sale.Buyer, "buyer", "", "the company to which the business goes")
	flags.StringVar(&sale.Reference, "reference", "", "of the contract: it stands in the buyer's ledger")
	flags.StringVar(&sale.Day, "day", "", "on which the business goes over, as 2026-05-03")
	flags.StringVar(&since, "since", "", "only what was recorded after this moment")
	for _, name := range []string{"buyer", "reference", "day"} {
		_ = cmd.MarkFlagRequired(name) // it is there
	}
	return cmd
}

// exportConsents writes to a file beside the one that is wanted, which is there only when it is whole.
func (s *session) exportConsents(ctx context.Context, name string, sale client.NewConsentTransfer) (err error) {
	if _, err := os.Stat(name); err == nil {
		return fmt.Errorf("%s is there already: name another file", name)
	}
	file, err := os.CreateTemp(filepath.Dir(name), ".consents-*")
	if err != nil {
		return fmt.Errorf("make the file: %w", err)
	}
	err = errors.Join(s.TransferConsents(ctx, sale, file), file.Sync(), file.Close())
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	if err := os.Rename(file.Name(), name); err != nil {
		return fmt.Errorf("name the file: %w", err)
	}
	return nil
}
