package storagetest

import (
	"context"
	"crypto/rand"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

func (f *filler) relay(ctx context.Context, tx *storage.Tx) error {
	if err := tx.SignalWorkflow(ctx, f.Case, "request/"+f.Case.String(), "facts"); err != nil {
		return err
	}
	principal, key := "key/"+rand.Text(), hash()
	if _, err := tx.Once(ctx, principal, key, hash()); err != nil {
		return err
	}
	letters := []storage.NewMessage{
		{CaseID: f.Case, Subject: &f.subject, Key: rand.Text(), Kind: "acknowledgement", Channel: "email", Language: "en", Content: []byte(f.canary())},
		{CaseID: f.Case, Key: rand.Text(), Kind: "due_soon", Channel: "email", Language: "en", Content: []byte(f.canary())},
	}
	for _, letter := range letters {
		if err := tx.QueueMessage(ctx, letter, uuid.Must(uuid.NewV7())); err != nil {
			return err
		}
	}
	return f.hook(ctx, tx)
}

// reach says how the member of staff is reached.
func (f *filler) reach(ctx context.Context, tx *storage.Tx) error {
	member, err := tx.Member(ctx, f.Staff)
	if err != nil {
		return err
	}
	member.Slack = "U" + strings.ToUpper(rand.Text()[:9])
	if err := tx.SetReach(ctx, member); err != nil {
		return err
	}
	if _, err = tx.AddFeed(ctx, f.Staff, hash(), storage.FeedAll); err != nil {
		return err
	}
	return tx.BeginRotation(ctx)
}

// hook has a program hear of events.
func (f *filler) hook(ctx context.Context, tx *storage.Tx) error {
	id, err := tx.AddWebhook(ctx, storage.Webhook{Name: "hook", URL: "https://hooks.example", Actions: []string{"*"}, Secret: f.canary()})
	if err != nil {
		return err
	}
	if err := tx.ReplaceWebhookSecret(ctx, id, f.canary(), tx.Now().AddDate(1, 0, 0)); err != nil {
		return err
	}
	if _, err := tx.AddSendingDomain(ctx, "hook.example", rand.Text()); err != nil {
		return err
	}
	if err := tx.BeginTrial(ctx, f.subject); err != nil {
		return err
	}
	return tx.Deliver(ctx, storage.News{Webhook: id, Event: uuid.Must(uuid.NewV7()), Action: "webhook.test", Body: []byte("{}")})
}

// log gives the events so far a place in a log, whose hashes prove nothing: the real ones are package audit's.
func (f *filler) log(log *storage.LogTx) error {
	ctx, id := f.t.Context(), f.Tenant.String()
	if _, err := log.LockHead(ctx, id); err != nil {
		return err
	}
	pending, err := log.Pending(ctx, id, 1000)
	if err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(pending))
	for i, event := range pending {
		ids[i] = event.ID
	}
	if err := log.SetLeafIndexes(ctx, id, 0, ids); err != nil {
		return err
	}
	if err := log.WriteHashes(ctx, id, 0, []tlog.Hash{{1}, {2}}); err != nil {
		return err
	}
	head := audit.Head{Size: int64(len(ids)), Root: tlog.Hash{3}}
	if err := log.SetHead(ctx, id, head); err != nil {
		return err
	}
	return log.SaveCheckpoint(ctx, id, head, []byte("note"))
}

// late makes one event that waits for its place.
// partners has two companies file requests: one that may still, and what it filed is told to two addresses.
func (f *filler) partners(ctx context.Context, tx *storage.Tx) error {
	_, err := tx.ReplaceProcessorKey(ctx, storage.ProcessorKey{Domain: "docket.example", Certificate: "PEM", Private: []byte(f.canary()), ExpiresAt: tx.Now().AddDate(2, 0, 0)})
	if err != nil {
		return err
	}
	id, err := tx.AddRequester(ctx, storage.NewRequester{
		Protocol: storage.ProtocolOpenDSR, Handle: "shop", Name: "Shop", Domain: "shop.example", SecretHash: hash(), Vouches: []string{storage.VouchEmail}, Results: true,
	})
	if err != nil {
		return err
	}
	said := storage.FiledWords{Callbacks: []string{"https://shop.example/" + f.canary()}, Name: f.canary()}
	row, _, err := tx.ClaimFiledRequest(ctx, storage.NewFiledRequest{
		Requester: id, RequestID: uuid.New(), Case: f.Case, Version: "requests", Unique: f.canary(), Content: f.canary(), Said: said,
	})
	if err != nil {
		return err
	}
	return tx.KeepFiledWords(ctx, row, f.subject, said)
}
