package casework

import (
	"context"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// KeepClarification keeps what the person answered to a question, sealed, with a task for staff to go on from it. The
// answer is safe from here on, whether or not the workflow hears of it at once: the command clarified ends the task.
func (d *Desk) KeepClarification(ctx context.Context, ref contract.Ref, answer string) (note uuid.UUID, err error) {
	err = d.change(ctx, ref, subjectActor(ref), func(ctx context.Context, f *file) error {
		if _, err := privacy.RequestState(f.row.State).Next(privacy.EventClarified); err != nil {
			return err
		}
		if note, err = f.tx.AddNote(ctx, f.row, f.subject, storage.NoteClarification, answer); err != nil {
			return err
		}
		_, err = f.tx.AddTask(ctx, storage.NewTask{
			CaseID: f.row.ID, Key: "clarification/" + note.String(), Kind: storage.TaskClarification, Role: roleAgent,
		})
		return err
	})
	return note, err
}
