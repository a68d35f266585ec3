package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// ErrDocument says that a file is no document we take.
var ErrDocument = errors.New("the document must be a PDF, JPEG or PNG file of at most 10 MiB")

// MaxDocument is the largest document taken, in bytes: a scan of an identity card has one or two million.
const MaxDocument = 10 << 20

// sniffLength is how many bytes tell what a file is, by the rules of http.DetectContentType.
const sniffLength = 512

// ReceiveDocument stores a document that proves identity: encrypted on its way, under a key of its own, for as long as
// nobody has decided on it. A task asks staff to decide. What a file is, its first bytes say, not its name.
func (d *Desk) ReceiveDocument(ctx context.Context, ref contract.Ref, actor audit.Actor, file io.Reader) (uuid.UUID, error) {
	if err := d.db.Read(ctx, ref.Tenant, func(ctx context.Context, tx *storage.Tx) error { return mayShow(ctx, tx, ref) }); err != nil {
		return uuid.Nil, err
	}
	document, err := d.sealFile(ctx, ref, "documents", file)
	if err != nil {
		return uuid.Nil, err
	}
	document.Kind = storage.DocumentIdentity
	if err := d.recordDocument(ctx, ref, actor, document); err != nil {
		return uuid.Nil, errors.Join(err, d.objects.Delete(context.WithoutCancel(ctx), document.ObjectKey))
	}
	return document.ID, nil
}

// sealFile puts an encrypted file into a folder of the object store, when it is one that we take. Nobody can read it until its
// key is recorded.
func (d *Desk) sealFile(ctx context.Context, ref contract.Ref, folder string, file io.Reader) (storage.NewDocument, error) {
	media, file, err := sniff(file)
	if err != nil {
		return storage.NewDocument{}, err
	}
	return d.sealAs(ctx, ref, fmt.Sprintf("%s/%s/%s", folder, ref.Tenant, ref.Case), media, file)
}

// sealAs puts an encrypted file of at most MaxDocument under a prefix of the object store; ErrDocument when it is longer.
func (d *Desk) sealAs(ctx context.Context, ref contract.Ref, prefix, media string, file io.Reader) (storage.NewDocument, error) {
	tenant, err := d.db.Tenant(ctx, ref.Tenant)
	if err != nil {
		return storage.NewDocument{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return storage.NewDocument{}, fmt.Errorf("make the document's id: %w", err)
	}
	wrapped, err := tenant.Keys.NewStreamKey(storage.DocumentKeyID(id))
	if err != nil {
		return storage.NewDocument{}, fmt.Errorf("make the document's key: %w", err)
	}
	key, err := tenant.Keys.StreamKey(wrapped, storage.DocumentKeyID(id))
	if err != nil {
		return storage.NewDocument{}, fmt.Errorf("open the document's key: %w", err)
	}
	document := storage.NewDocument{
		ID: id, CaseID: ref.Case, WrappedKey: wrapped, MediaType: media, ObjectKey: prefix + "/" + id.String(),
	}
	err = d.storeSealed(ctx, &document, key, file)
	return document, err
}

// sniff says what a file is by its first bytes, and gives it back whole.
func sniff(file io.Reader) (media string, whole io.Reader, err error) {
	head := make([]byte, sniffLength)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", nil, fmt.Errorf("%w: it is empty or broke off", ErrDocument)
	}
	media = http.DetectContentType(head[:n])
	if media != "application/pdf" && media != "image/jpeg" && media != "image/png" {
		return "", nil, fmt.Errorf("%w: its content is something else", ErrDocument)
	}
	return media, io.MultiReader(bytes.NewReader(head[:n]), file), nil
}

// storeSealed streams the file through its key into the store, counting what it holds and hashing what is stored.
func (d *Desk) storeSealed(ctx context.Context, document *storage.NewDocument, key *seal.StreamKey, file io.Reader) error {
	reader, writer := io.Pipe()
	sum := sha256.New()
	sealed := make(chan error, 1)
	go func() {
		var err error
		document.Bytes, err = encryptDocument(io.MultiWriter(writer, sum), key, file)
		sealed <- errors.Join(err, writer.CloseWithError(err))
	}()
	stored := d.objects.Put(ctx, document.ObjectKey, reader, -1)
	err := errors.Join(reader.CloseWithError(stored), <-sealed)
	if errors.Is(err, ErrDocument) {
		return err
	}
	if err := errors.Join(stored, err); err != nil {
		return fmt.Errorf("store the document: %w", err)
	}
	document.SHA256 = sum.Sum(nil)
	return nil
}

// encryptDocument gives how many bytes the file has; one byte too many makes it too long, whatever was said of its length.
func encryptDocument(w io.Writer, key *seal.StreamKey, file io.Reader) (int64, error) {
	encrypted, err := key.Encrypt(w, documentContext)
	if err != nil {
		return 0, fmt.Errorf("encrypt the document: %w", err)
	}
	n, err := io.Copy(encrypted, io.LimitReader(file, MaxDocument+1))
	if err != nil {
		return n, fmt.Errorf("read the document: %w", err)
	}
	if n > MaxDocument {
		return n, fmt.Errorf("%w: it is longer", ErrDocument)
	}
	return n, encrypted.Close()
}

// recordDocument makes the stored document part of the case, with the task to decide on it.
func (d *Desk) recordDocument(ctx context.Context, ref contract.Ref, actor audit.Actor, document storage.NewDocument) error {
	return d.change(ctx, ref, actor, func(ctx context.Context, f *file) error {
		if err := mayShow(ctx, f.tx, ref); err != nil {
			return err
		}
		if err := f.tx.AddDocument(ctx, document); err != nil {
			return err
		}
		return f.giveTask(ctx, storage.NewTask{
			Key: "document/" + document.ID.String(), Kind: storage.TaskIdentityCheck, Role: roleAgent,
		}, "Look at the document and decide whether it proves who asks")
	})
}

// mayShow lets documents in only while identity is the question.
func mayShow(ctx context.Context, tx *storage.Tx, ref contract.Ref) error {
	row, err := tx.Case(ctx, ref.Case)
	if err != nil {
		return err
	}
	if row.State != string(privacy.RequestVerifying) {
		return &privacy.TransitionError{From: privacy.RequestState(row.State), Event: privacy.EventIdentityProven}
	}
	return nil
}

// OpenedDocument is a document of a case that somebody looks at. Name is what the person's file was called, "" where no name is kept.
type OpenedDocument struct {
	io.ReadCloser
	Media, Name string
}

// ViewDocument opens a document of a case, one that the person sent or one to decide on that is not decided yet, and records who looked at it.
func (d *Desk) ViewDocument(ctx context.Context, ref contract.Ref, actor audit.Actor, id uuid.UUID) (OpenedDocument, error) {
	var found storedDocument
	var key *seal.StreamKey
	err := d.db.Change(ctx, ref.Tenant, actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		if found, err = caseDocument(ctx, tx, ref, id); err != nil {
			return err
		}
		if key, err = tx.Tenant().Keys.StreamKey(found.wrapped, storage.DocumentKeyID(id)); err != nil {
			return fmt.Errorf("open the document's key: %w", err)
		}
		return tx.Audit(ctx, audit.Event{
			Action: audit.RequestViewed, CaseID: ref.Case.String(), Object: audit.Object{Kind: "document", ID: id.String()},
		})
	})
	if err != nil {
		return OpenedDocument{}, err
	}
	body, err := d.openSealed(ctx, found.object, key)
	if err != nil {
		return OpenedDocument{}, err
	}
	if found.sent != nil { // seen is what could be opened
		err := d.db.Change(ctx, ref.Tenant, actor, func(ctx context.Context, tx *storage.Tx) error { return seeSent(ctx, tx, *found.sent) })
		if err != nil {
			return OpenedDocument{}, errors.Join(err, body.Close())
		}
	}
	return OpenedDocument{ReadCloser: body, Media: found.media, Name: found.name}, nil
}

// openSealed opens a file of the object store.
func (d *Desk) openSealed(ctx context.Context, objectKey string, key *seal.StreamKey) (io.ReadCloser, error) {
	object, err := d.objects.Get(ctx, objectKey)
	if err != nil {
		return nil, fmt.Errorf("fetch the document: %w", err)
	}
	clear, err := key.Decrypt(object, documentContext)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("decrypt the document: %w", err), object.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{clear, object}, nil
}

// documentContext is what the bytes of a document are bound to, beside their key.
const documentContext = "identity-document"

// storedDocument is where a document of a case lies, and what opens it.
type storedDocument struct {
	object, media, name string
	wrapped             []byte
	// sent is what it is where the person sent it.
	sent *storage.SentDocument
}

// caseDocument finds a document of a case. Whoever asks looks at it: what the person sent has been seen then.
func caseDocument(ctx context.Context, tx *storage.Tx, ref contract.Ref, id uuid.UUID) (storedDocument, error) {
	documents, err := tx.Documents(ctx, ref.Case)
	if err != nil {
		return storedDocument{}, fmt.Errorf("read the documents: %w", err)
	}
	for _, d := range documents {
		if d.ID == id {
			return storedDocument{object: d.ObjectKey, media: d.MediaType, wrapped: d.WrappedKey}, nil
		}
	}
	sent, err := tx.SentDocuments(ctx, ref.Case)
	if err != nil {
		return storedDocument{}, err
	}
	at := slices.IndexFunc(sent, func(s storage.SentDocument) bool { return s.ID == id })
	if at < 0 {
		return storedDocument{}, fmt.Errorf("document: %w", storage.ErrNotFound)
	}
	return sentDocument(ctx, tx, sent[at])
}
