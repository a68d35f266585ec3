package casework

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// MaxSentDocuments is how many documents a person can send with one request.
const MaxSentDocuments = 20

// Why a document that a person sends is not taken.
const (
	refusedNotOpen = "documents_closed"
	refusedFull    = "documents_full"
)

// SentDocument is a document that the person sent, with the name their file had.
type SentDocument struct {
	storage.SentDocument
	Name string
}

// MaySend says whether the person of a case can send documents that show what they say (Art. 16 GDPR: the data is to be accurate). Whoever asks is
// known by then, and somebody still decides: on the request, or on an appeal against its answer.
func MaySend(ctx context.Context, tx *storage.Tx, row storage.Case) (bool, error) {
	if row.Identity != identityProven || row.ForgottenAt != nil || row.Channel == channelSignal {
		return false, nil
	}
	if row.State != string(privacy.RequestClosed) {
		return true, nil
	}
	subject, err := tx.Subject(ctx, row.SubjectID)
	if err != nil {
		return false, err
	}
	return appealed(ctx, tx, row, subject)
}

// TakeDocument stores a document that the person sent, once per key: encrypted on its way, under a key of its own, for as long as the case is kept.
// Staff get the task to look at it. Where the case waited for an answer the document is one, and the signal that it returns is to be delivered to the
// case's workflow. The caller has made sure who sends it.
func (d *Desk) TakeDocument(ctx context.Context, ref contract.Ref, key, name string, content io.Reader) (signal storage.Signal, err error) {
	taken := false
	err = d.change(ctx, ref, subjectActor(ref), func(ctx context.Context, f *file) (err error) {
		if taken, err = f.tx.StepTaken(ctx, f.row.ID, key); err != nil || taken {
			return err
		}
		return f.takesDocuments(ctx)
	})
	if err != nil || taken {
		return signal, err
	}
	stored, err := d.sealFile(ctx, ref, "documents", content)
	if err != nil {
		return signal, err
	}
	err = d.change(ctx, ref, subjectActor(ref), func(ctx context.Context, f *file) (err error) {
		if taken, err = f.tx.StepTaken(ctx, f.row.ID, key); err != nil || taken { // sent twice at once
			return err
		}
		signal, err = f.takeDocument(ctx, key, stored, fileName(name))
		return err
	})
	if err != nil || taken {
		return signal, errors.Join(err, d.objects.Delete(context.WithoutCancel(ctx), stored.ObjectKey))
	}
	return signal, nil
}

func (f *file) takeDocument(ctx context.Context, key string, stored storage.NewDocument, name string) (signal storage.Signal, err error) {
	if err := f.takesDocuments(ctx); err != nil {
		return signal, err
	}
	if err := f.tx.AddSentDocument(ctx, f.subject, stored, name); err != nil {
		return signal, err
	}
	if err := f.askToLook(ctx, stored); err != nil {
		return signal, err
	}
	asked, err := f.waitsForAnswer(ctx)
	if err != nil {
		return signal, err
	}
	if !asked {
		return signal, f.step(ctx, contract.Command{Key: key, Kind: "document_sent"})
	}
	if err := f.goOn(ctx, contract.Command{Key: key, Kind: contract.Clarified}); err != nil {
		return signal, err
	}
	return f.tx.SignalWorkflowOurselves(ctx, f.row.ID, contract.RequestID(f.row.ID), contract.SignalFacts)
}

// takesDocuments lets documents in while somebody decides, and not more than can be looked at.
func (f *file) takesDocuments(ctx context.Context) error {
	may, err := MaySend(ctx, f.tx, f.row)
	if err != nil {
		return err
	}
	if !may {
		return &privacy.RuleError{Code: refusedNotOpen, Message: "documents can be sent while the request is open, once it is known who asks"}
	}
	sent, err := f.tx.SentDocuments(ctx, f.row.ID)
	if err != nil {
		return err
	}
	if len(sent) >= MaxSentDocuments {
		return &privacy.RuleError{Code: refusedFull, Message: "20 documents have been sent, which is the most that one request takes"}
	}
	return nil
}

// askToLook makes a task of what the person sent. One is enough for all that nobody has looked at yet.
func (f *file) askToLook(ctx context.Context, stored storage.NewDocument) error {
	tasks, err := f.tx.CaseTasks(ctx, f.row.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(tasks, func(t storage.CaseTask) bool { return t.Kind == storage.TaskSentDocument && t.State == "open" }) {
		return nil
	}
	return f.giveTask(ctx, storage.NewTask{Key: "sent_document/" + stored.ID.String(), Kind: storage.TaskSentDocument, Role: roleAgent},
		"Look at the document that the person sent")
}

// SentDocuments are what the person of a case sent, for themselves: with the names that their files had.
func SentDocuments(ctx context.Context, tx *storage.Tx, row storage.Case) ([]SentDocument, error) {
	sent, err := tx.SentDocuments(ctx, row.ID)
	if err != nil || len(sent) == 0 {
		return nil, err
	}
	subject, err := tx.Subject(ctx, row.SubjectID)
	if err != nil {
		return nil, err
	}
	out := make([]SentDocument, len(sent))
	for i, one := range sent {
		out[i].SentDocument = one
		if out[i].Name, err = tx.SentName(one, subject); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// seeSent keeps that somebody of the staff looked at a document, and ends the task once there is nothing left that nobody has looked at.
func seeSent(ctx context.Context, tx *storage.Tx, found storage.SentDocument) error {
	if found.SeenAt != nil {
		return nil
	}
	if _, err := tx.LockCase(ctx, found.CaseID); err != nil { // two who look at the last two at once end the task together
		return err
	}
	if err := tx.SeeSentDocument(ctx, found.ID); err != nil {
		return err
	}
	sent, err := tx.SentDocuments(ctx, found.CaseID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(sent, func(s storage.SentDocument) bool { return s.SeenAt == nil && s.ID != found.ID }) {
		return nil
	}
	return tx.EndTasks(ctx, found.CaseID, storage.TaskSentDocument, "seen")
}

// sentDocument opens the name of a document that the person sent, for somebody of the staff who looks at it.
func sentDocument(ctx context.Context, tx *storage.Tx, found storage.SentDocument) (storedDocument, error) {
	row, err := tx.Case(ctx, found.CaseID)
	if err != nil {
		return storedDocument{}, err
	}
	subject, err := tx.Subject(ctx, row.SubjectID)
	if err != nil {
		return storedDocument{}, err
	}
	name, err := tx.SentName(found, subject)
	if err != nil {
		return storedDocument{}, err
	}
	return storedDocument{object: found.ObjectKey, media: found.MediaType, name: name, wrapped: found.WrappedKey, sent: &found}, nil
}
